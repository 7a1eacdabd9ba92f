"""The page on which a citizen writes: who represents them, what they ask, who they are, their own words."""

from collections.abc import Container
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from advocacy.campaigns.campaign import LetterTemplate
from advocacy.language import Language
from advocacy.web.public.blueprint import bp
from advocacy.web.public.forms import STEPS
from advocacy.web.public.recipients import VACANT_SEAT, find_recipients
from advocacy.web.public.request import LetterRequest, letters_offered, short_letter
from advocacy.web.public.sheet import laid_out
from advocacy.web.security import form_page, takes_postal_code_alone

MAX_CARDS = 5
"""Letters that a citizen chooses among at first sight."""


@dataclass(frozen=True, slots=True)
class LetterCard:
    """A letter one can choose: its ask in one sentence and the figures behind it."""

    name: str
    title: str
    ask: str
    figures: tuple[str, ...]
    selected: bool


@bp.route("/<campaign>/write", methods=["GET", "POST"])
@takes_postal_code_alone
@form_page
def write(language: Language, **_: object) -> ResponseReturnValue:
    """Show the form, with everything typed so far."""
    letter_request = LetterRequest.read(language)
    form, go = letter_request.form, request.form.get("go", "")
    if request.method == "GET":
        form.show_errors(())
        return _write_page(letter_request, fresh=True)
    if set(request.form) <= {"postal_code", "template"}:  # the form of the campaign's page
        go = "find"
    if go == "find":
        form.province.typed = form.province.data = find_recipients(letter_request).province
    form.show_errors(_errors_asked_for(letter_request, go))
    page = _write_page(letter_request)
    return (page, 422) if form.errors else page


def form_again(letter_request: LetterRequest) -> ResponseReturnValue:
    """Show the form with all that keeps it from being letters."""
    return _write_page(letter_request), 422


@bp.post("/<campaign>/legislators")
@form_page
def legislators(language: Language, **_: object) -> ResponseReturnValue:
    """Show whom one can write to, for the form as it stands: a fragment of it."""
    letter_request = LetterRequest.read(language)
    status = 422 if letter_request.form.forged else 200
    letter_request.form.show_errors(())
    page = render_template("parts/recipients.html", **_recipients(letter_request))
    return page, status


@bp.post("/<campaign>/preview")
@form_page
def preview(language: Language, **_: object) -> ResponseReturnValue:
    """Show the letters as far as they go: a fragment of the form."""
    letter_request = LetterRequest.read(language)
    page = render_template("parts/previews.html", **_previews(letter_request))
    return page, 422 if letter_request.form.forged else 200


def _errors_asked_for(letter_request: LetterRequest, go: str) -> Container[str]:
    """Return the fields whose errors the button pressed asks about."""
    form = letter_request.form
    names_riding = letter_request.has_moved and bool(form.riding.data)  # the button beside a riding found by search
    if go in {"switch", "search", "back", *STEPS}:
        return form.forged
    if go == "find" or names_riding:
        return {*form.forged, "postal_code"}
    return set(form.all_errors)


def _write_page(letter_request: LetterRequest, *, fresh: bool = False) -> str:
    form, language = letter_request.form, letter_request.language
    offered = letters_offered(letter_request.campaign, letter_request.today)
    short = short_letter(letter_request.campaign, letter_request.today)
    names = [name for name, _ in offered]
    named = form.text("template").removeprefix(f"{letter_request.campaign.name}/")
    chosen = next((name for name in (letter_request.template_name, named) if name in names), names[0])
    cards = [_letter_card(name, template, language, selected=name == chosen) for name, template in offered]
    recipients = _recipients(letter_request)
    shown = {"recipient", "template", "length", "search", "post", *form.declared}
    shown |= {f"language-{one.id}" for one in recipients["found"].chosen} | {"looked_up", "riding"}
    if form.text("language") not in set(Language):
        shown.add("language")  # no field of the page could change it
    return render_template(
        "public/write.html",
        **recipients,
        **_previews(letter_request),
        cards=cards[:MAX_CARDS],
        more_cards=cards[MAX_CARDS:],
        short_ask=short.letter.ask.spoken(language) if short else "",
        is_short=short is not None and letter_request.template is short,
        errors=letter_request.error_summary(),
        has_link=bool(form.links & set(form.errors)),
        hidden=letter_request.hidden(shown - {"post"}),
        fresh=fresh,
    )


def _recipients(letter_request: LetterRequest) -> dict[str, Any]:
    return {"found": find_recipients(letter_request), "form": letter_request.form}


def _previews(letter_request: LetterRequest) -> dict[str, Any]:
    letters = letter_request.preview()
    rows = {row.id: row.name or VACANT_SEAT.in_language(letter_request.language) for row in letter_request.recipients}
    previews = [
        {
            "letter": letter,
            "language": letter.language,
            "name": rows.get(letter.recipient.id, ""),
            "paragraphs": laid_out(letter, letter_request.template),
        }
        for letter in letters
    ]
    return {"previews": previews, "choice": letter_request.choices.signed()}


def _letter_card(name: str, template: LetterTemplate, language: Language, *, selected: bool) -> LetterCard:
    findings = (template.survey.findings.get(key) for key in template.letter.findings)
    return LetterCard(
        name,
        template.letter.title.spoken(language),
        template.letter.ask.spoken(language),
        tuple(one.spoken(language) for one in findings if one and one.highlight),
        selected,
    )
