"""The page on which a citizen writes: who represents them, what they ask, who they are, their own words."""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from advocacy.campaigns.fields import split_keys
from advocacy.campaigns.letter_template import LetterTemplate
from advocacy.language import Language
from advocacy.legislators.forms_of_address import place_of, role_of
from advocacy.legislators.models import to_recipient
from advocacy.legislators.postal_codes import RIDING_FINDER
from advocacy.web.public import bp
from advocacy.web.public.recipients import VACANT_SEAT, find_recipients
from advocacy.web.public.request import ABOUT, WHAT, WHO, WORDS, LetterRequest, letters_offered, short_letter
from advocacy.web.public.sheet import sheet_paragraphs
from advocacy.web.rate_limits import costs
from advocacy.web.security import form_page, takes_postal_code_alone

MAX_CARDS = 5
"""Letters that a citizen chooses among at first sight."""


@dataclass(frozen=True, slots=True)
class LetterChoice:
    """A letter one can choose: its ask in one sentence and the figures behind it."""

    name: str
    title: str
    ask: str
    figures: tuple[str, ...]
    selected: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One of the four steps: unfolded or not, done with a summary, or with what is still wrong in it.

    Nobody has chosen what `is_proposed`: the first of several letters. `wrong` are the fields that cannot be used.
    """

    name: str
    is_open: bool
    is_done: bool
    is_proposed: bool
    summary: str
    wrong: Sequence[str]


@bp.route("/<campaign>/write", methods=["GET", "POST"])
@costs(2)
@takes_postal_code_alone
@form_page
def write(language: Language, **_view: object) -> ResponseReturnValue:
    """Show the form, with everything typed so far."""
    if request.method == "GET":
        return _blank_form(language)
    letter_request = LetterRequest.read(language)
    form, go = letter_request.form, request.form.get("go", "")
    from_campaign = set(request.form) <= {"postal_code", "template"}
    if from_campaign and not form.postal_code.typed:
        form.show_errors(())
        return _write_page(letter_request, opened={WHO}, fresh=True)
    if go == "enter":  # the Enter key, without a script: to look someone up, else to go on
        is_looking = letter_request.has_moved or form.search.data or form.wrong_in(WHO)
        go = "find" if is_looking else ABOUT
    if from_campaign or go in {"find", "help"}:
        go = "find"
        letter_request.fill_province(anew=letter_request.has_moved)
    form.show_errors(_errors_asked_for(letter_request, go))
    page = _write_page(
        letter_request,
        opened=_opened_steps(letter_request, go),
        fresh=from_campaign,
        named=["postal_code"] if from_campaign else [],
    )
    return (page, 422) if form.errors else page


def _blank_form(language: Language) -> str:
    """Show the form that nobody has typed into; its address may name a letter and a recipient."""
    letter_request = LetterRequest.read(language)
    letter_request.form.show_errors(())
    return _write_page(letter_request, opened={WHO}, fresh=True, named=sorted({"to", "template"} & set(request.args)))


def follow_up_form(letter_request: LetterRequest, context: Mapping[str, Any]) -> str:
    """Show the form of a letter that follows another, what is known filled in; `context` is the campaign's page."""
    letter_request.form.show_errors(())
    return _write_page(letter_request, opened=_opened_steps(letter_request, "resume"), context=context)


def form_again(letter_request: LetterRequest) -> ResponseReturnValue:
    """Show the form with all that keeps it from being letters."""
    form = letter_request.form
    return _write_page(letter_request, opened={form.step_of(name) for name in form.errors}), 422


@bp.post("/<campaign>/legislators")
@costs(1)
@form_page
def legislators(language: Language, **_view: object) -> ResponseReturnValue:
    """Show whom one can write to, for the form as it stands: a fragment of it."""
    letter_request = LetterRequest.read(language)
    letter_request.fill_province(anew=letter_request.has_moved)
    letter_request.form.show_errors({"postal_code"} if request.form.get("go") == "find" else ())
    page = render_template("parts/recipients.html", **_recipients(letter_request), is_fragment=True)
    return page, 422 if letter_request.form.forged else 200


@bp.post("/<campaign>/preview")
@costs(2)
@form_page
def preview(language: Language, **_view: object) -> ResponseReturnValue:
    """Show the letters as far as they go: a fragment of the form."""
    letter_request = LetterRequest.read(language)
    page = render_template("parts/previews.html", form=letter_request.form, **_previews(letter_request))
    return page, 422 if letter_request.form.forged else 200


def _errors_asked_for(letter_request: LetterRequest, go: str) -> Container[str]:
    """Return the fields whose errors the button pressed asks about."""
    form = letter_request.form
    if go in form.steps:
        return {*form.forged, *form.wrong_in(go)}
    if go in {"switch", "search", "back", "resume"}:
        return form.forged
    if go == "find" or (letter_request.has_moved and form.riding.data):  # a riding has a button where it was searched
        return {*form.forged, "postal_code"}
    return set(form.all_errors)


def _opened_steps(letter_request: LetterRequest, go: str) -> set[str]:
    """Return the steps that are unfolded: those with errors, or the next that is not done."""
    form = letter_request.form
    if form.errors:
        return {form.step_of(name) for name in form.errors}
    steps = form.steps
    if go == "back":
        return set(steps)
    if go not in {*steps, "switch", "resume"}:
        return {steps[0]}
    following = steps[steps.index(go) + 1 :] if go in steps else steps
    return {next((step for step in following if not _is_done(letter_request, step)), WORDS)}


def _is_done(letter_request: LetterRequest, step: str) -> bool:
    form = letter_request.form
    if form.wrong_in(step):
        return False
    if step == WHAT:
        return bool(form.text("template"))
    return step == WHO or any(field.data for field in form.fields_of(step))


def _steps(letter_request: LetterRequest, opened: Container[str], offered: Sequence[LetterTemplate]) -> list[Step]:
    """Return the steps as the page heads them: what is done, and how much of those passed over is missing."""
    form, template = letter_request.form, letter_request.template
    words = ticked = 0
    for field in form.fields_of(WORDS):
        if form.declared[field.name].statements:
            ticked += len(split_keys([field.data]))
        else:
            words += len(field.data.split())
    is_proposed = len(offered) > 1 and template is offered[0]
    letter_title = template.letter.title.in_language(letter_request.language)
    own = {row.id for row in letter_request.own_members}
    recipients = []
    for row in letter_request.recipients:
        name = row.name or VACANT_SEAT.in_language(letter_request.language)
        role = "" if row.id in own else role_of(to_recipient(row), letter_request.language)
        recipients.append(f"{name}, {role}" if role else name)
    summaries = {
        WHO: "; ".join(recipients),
        WHAT: _("%(title)s, suggested among %(num)d letters", title=letter_title, num=len(offered))
        if is_proposed
        else letter_title,
        ABOUT: ", ".join(filter(None, (form.text("name"), form.text("city")))),
        WORDS: ngettext("%(num)d sentence checked", "%(num)d sentences checked", ticked)
        if ticked and not words
        else ngettext("%(num)d word", "%(num)d words", words),
    }
    first_open = next((place for place, step in enumerate(form.steps) if step in opened), 0)
    shows_errors = {form.step_of(name) for name in form.errors}
    return [
        Step(
            step,
            is_open=step in opened,
            is_done=_is_done(letter_request, step),
            is_proposed=step == WHAT and is_proposed,
            summary=summaries[step],
            wrong=form.wrong_in(step) if place < first_open or step in shows_errors else (),
        )
        for place, step in enumerate(form.steps)
    ]


def _write_page(
    letter_request: LetterRequest,
    *,
    opened: Container[str],
    fresh: bool = False,
    named: Sequence[str] = (),
    context: Mapping[str, Any] = MappingProxyType({}),
) -> str:
    """Show the form; a `fresh` one takes what the tab stored, except for what was `named` on the way here."""
    form, language, follows = letter_request.form, letter_request.language, letter_request.follows
    offered = letters_offered(letter_request.campaign, letter_request.today)
    short = short_letter(letter_request.campaign, letter_request.today)
    if follows is not None:
        offered, short = [(letter_request.template_name, letter_request.template)], None
    names = [name for name, _template in offered]
    wanted = form.text("template").removeprefix(f"{letter_request.campaign.name}/")
    chosen = next((name for name in (letter_request.template_name, wanted) if name in names), names[0])
    cards = [_letter_choice(name, template, letter_request, selected=name == chosen) for name, template in offered]
    recipients = _recipients(letter_request)
    addressed = recipients["found"].chosen
    if addressed and not any(one.takes_email for one in addressed):
        form.email.description = _("This letter goes by mail: your address is not needed to send it.")
    shown = {"recipient", "search", "post", *form.declared}
    if follows is None:
        shown |= {"template", "length", *(f"language-{one.id}" for one in addressed), "looked_up", "riding"}
    if form.text("language") not in set(Language):
        shown.add("language")  # no field of the page could change it
    return render_template(
        "public/write.html",
        **recipients,
        **_previews(letter_request),
        follows=follows,
        steps=_steps(letter_request, opened, [template for _name, template in offered]),
        named=named,
        cards=cards[:MAX_CARDS],
        more_cards=cards[MAX_CARDS:],
        short_ask=short.letter.ask.in_language(language) if short else "",
        is_short=short is not None and letter_request.template is short,
        errors=letter_request.error_summary(),
        missing=len(form.missing & set(form.errors)),
        has_link=bool(form.links & set(form.errors)),
        hidden=letter_request.hidden(shown - {"post"}),
        fresh=fresh,
        **context,
    )


def _recipients(letter_request: LetterRequest) -> dict[str, Any]:
    return {
        "found": find_recipients(letter_request),
        "form": letter_request.form,
        "riding_finder": RIDING_FINDER,
        "takes_postal_code": letter_request.takes_postal_code,
    }


def _previews(letter_request: LetterRequest) -> dict[str, Any]:
    letters = letter_request.preview()
    vacant = VACANT_SEAT.in_language(letter_request.language)
    rows = {row.id: row.name or vacant for row in letter_request.recipients}
    previews = [
        {
            "letter": letter,
            "language": letter.language,
            "name": rows.get(letter.recipient.id, ""),
            "place": place_of(letter.recipient, letter_request.language) if letter.recipient.vacant else "",
            "paragraphs": sheet_paragraphs(letter, letter_request.template),
        }
        for letter in letters
    ]
    return {"previews": previews, "choice": letter_request.choices.signed()}


def _letter_choice(
    name: str, template: LetterTemplate, letter_request: LetterRequest, *, selected: bool
) -> LetterChoice:
    """Return a choice with the figures that the citizen's own letter would cite, of all that its alternatives may."""
    language = letter_request.language
    letter = letter_request.preview_of(template, next(iter(letter_request.recipients), None))
    words = " ".join(paragraph.text for paragraph in letter.paragraphs)
    findings = (template.survey.findings.get(key) for key in template.letter.findings)
    return LetterChoice(
        name,
        template.letter.title.in_language(language),
        template.letter.ask.in_language(language),
        tuple(
            one.in_language(language)
            for one in findings
            if one and re.search(rf"(?<![\d.,]){re.escape(one.in_language(letter.language))}", words)
        ),
        selected,
    )
