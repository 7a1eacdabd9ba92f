"""The fields of a letter, by form: what citizens are asked, and what becomes of a field that the texts use."""

import re
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from advocacy.campaigns import manuscript as writing
from advocacy.campaigns.declarations import names_in
from advocacy.campaigns.fields import Option
from advocacy.campaigns.folder import LETTER
from advocacy.campaigns.letter_toml import loses_comments, rewritten
from advocacy.database import immediate
from advocacy.language import Language, Wording
from advocacy.staff import drafts
from advocacy.staff.drafts import SavedMeanwhile, Typed
from advocacy.staff.settings_compared import KINDS
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff import fields_form
from advocacy.web.staff.access import staff, writer
from advocacy.web.staff.editor import LETTER_LIMIT, MAX_FIELDS
from advocacy.web.staff.fields_form import TypedLetter
from advocacy.web.staff.letter_names import cell_id, cell_name
from advocacy.web.staff.letter_work import Reading, Work, opened, reading

IN_FIELD = re.compile(r"f(\d+)-")
PLACED = Wording.of(en="{field}: {error}", fr="{field}\u00a0: {error}")
PAGE = "/campaigns/<campaign>/letters/<letter>/fields"


def add_fields(routes: Blueprint) -> None:
    """Make the routes."""
    routes.get(PAGE, endpoint="letter_settings")(fields)
    routes.post(PAGE, endpoint="letter_settings_saved")(write_fields)


@writer
def fields(campaign: str, letter: str) -> str | Response:
    """Show the fields."""
    with services().sessions() as session:
        work = opened(session, campaign, letter, account_id=staff().id)
    read = reading(work)
    if read is None:
        return redirect(url_for("staff.letter_source", campaign=campaign, letter=letter), 303)
    return _page(work, read, fields_form.of_letter(read.file))


@writer
def write_fields(campaign: str, letter: str) -> Response | str | tuple[str, int]:
    """Change the form's shape, or keep what it says in the draft."""
    version, over = _number("version"), _number("over")
    act, _colon, rest = request.form.get("act", "").partition(":")
    with immediate(services().sessions) as session:
        work = opened(session, campaign, letter, account_id=staff().id)
        read = reading(work)
        if read is None:
            return redirect(url_for("staff.letter_source", campaign=campaign, letter=letter), 303)
        typed = fields_form.read(request.form, read.file)
        form = {"version": version, "over": over}
        if act in {"add", "remove", "up", "down"}:
            return _reshaped(work, read, typed, act=act, rest=rest, form=form)
        return _keep(session, work, read, typed=typed, form=form)


write_fields.body_limit = LETTER_LIMIT  # type: ignore[attr-defined]
write_fields.parts_limit = MAX_FIELDS  # type: ignore[attr-defined]


def _reshaped(
    work: Work, read: Reading, typed: TypedLetter, *, act: str, rest: str, form: dict[str, int]
) -> str | tuple[str, int]:
    """Give the form back with a field more, or elsewhere; one in use goes at the second asking only."""
    number, _colon, sure = rest.partition(":")
    place = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else -1
    if act == "remove" and not sure and 0 <= place < len(typed.fields):
        used = uses(read, typed.fields[place].key)
        if used:
            return _page(work, read, typed, form=form, asked=place, used=used), 422
    changed = fields_form.changed(typed, act, place)
    shown = len(changed.fields) - 1 if act == "add" else None
    return _page(work, read, changed, form=form, unsaved=True, added=shown)


def _keep(
    session: Session, work: Work, read: Reading, *, typed: TypedLetter, form: dict[str, int]
) -> Response | tuple[str, int]:
    letter, errors = fields_form.made(typed, read.file, read.campaign)
    language = current_language()
    if letter is None:
        return _page(work, read, typed, form=form, errors=[(at, said.spoken(language)) for at, said in errors]), 422
    toml = rewritten(work.text(LETTER), letter)
    if loses_comments(work.text(LETTER), toml) and "lose" not in request.form:
        return _page(work, read, typed, form=form, comments=True), 422
    if letter == read.file:
        flash(_("Nothing was changed."))
        return redirect(url_for("staff.letter_settings", campaign=work.campaign, letter=work.letter), 303)
    over = form["over"] if drafts.is_of(session, work.document, form["over"]) else work.over.id
    kept = Typed({**read.typed.files, f"{work.letter}/{LETTER}": toml}, read.typed.paragraphs)
    try:
        drafts.keep(
            session, work.document, staff().id, typed=kept, version=form["version"], over=over, now=services().now()
        )
    except SavedMeanwhile as meanwhile:
        at = {"version": meanwhile.draft.version if meanwhile.draft else 0, "over": over}
        return _page(work, read, typed, form=at, meanwhile=True), 409
    flash(_("Draft saved."))
    return redirect(url_for("staff.letter_settings", campaign=work.campaign, letter=work.letter), 303)


def uses(read: Reading, key: str) -> list[tuple[str, str]]:
    """Name the cells that print a field or ask for it, each with its id."""
    found: dict[str, str] = {}
    for of, text in read.texts.items():
        for number, line in enumerate(text.split("\n"), start=1):
            place = writing.locate(read.manuscript, read.labels, of, line=number) if key in names_in(line) else None
            if place is not None:
                found[cell_id(place.key, of)] = cell_name(read, place.key, of, language=current_language())
    return list(found.items())


def _placed(at: str, sentence: str, typed: TypedLetter) -> str:
    """Say of an error which field of the letter it is in: by its label, else by its place."""
    found = IN_FIELD.match(at)
    if found is None:
        return sentence
    number, language = int(found[1]), current_language()
    label = typed.fields[number].label
    name = label[language].strip() or next((text.strip() for text in label.values() if text.strip()), "")
    name = name or _("Field %(number)d", number=number + 1)
    return PLACED.spoken(language).format(field=name, error=sentence)


def _page(work: Work, read: Reading, typed: TypedLetter, **more: Any) -> str:
    language = current_language()
    given: dict[str, Any] = {
        "form": {"version": work.version, "over": work.over.id},
        "errors": [],
        "asked": None,
        "used": [],
        "comments": False,
        "unsaved": False,
        "added": None,
        "meanwhile": False,
    }
    return render_template(
        "staff/letter_fields.html",
        work=work,
        summary=[(at, _placed(at, sentence, typed)) for at, sentence in more.get("errors", ())],
        typed=typed,
        title=read.file.title.spoken(language),
        kinds=[(kind.value, name.spoken(language)) for kind, name in KINDS.items()],
        lists=[(name, _answers(options, language)) for name, options in sorted(read.campaign.choices.items())],
        sides=(Language.FR, Language.EN),
        **{**given, **more},
    )


def _answers(options: Sequence[Option], language: Language) -> str:
    """Call a list of answers by its first ones, as citizens read them."""
    return ", ".join(option.label.spoken(language) for option in options[:3]) + ("…" if len(options) > 3 else "")


def _number(name: str) -> int:
    typed = request.form.get(name, "")
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 9):
        abort(400)
    return int(typed)
