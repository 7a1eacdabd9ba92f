"""The routes citizens walk: read what was typed, ask the domain, answer. Only what they ask to have sent is stored."""

from functools import partial
from typing import Any

from flask import render_template, request
from flask.blueprints import BlueprintSetupState

from advocacy.campaigns.campaign import Length
from advocacy.exports import FORMATS, made
from advocacy.exports.form import CannotBeMade
from advocacy.language import Language, speak_date
from advocacy.letters.moments import speak_moment
from advocacy.web.attachments import attachment
from advocacy.web.public import pages, sheet
from advocacy.web.public.blueprint import bp
from advocacy.web.public.forms import STEPS
from advocacy.web.public.handing_over import add_sending
from advocacy.web.public.lettered import Answer, reviewed, with_letters
from advocacy.web.public.listing import Held
from advocacy.web.public.reading import Problem
from advocacy.web.public.recipients import find
from advocacy.web.public.review import ReviewedLetter
from advocacy.web.public.sitting import HELD, Sitting
from advocacy.web.security import form_page, takes_postal_code_alone
from advocacy.web.services import NAME

UNCHECKED = frozenset({"switch", "search", "back", *STEPS})
"""Buttons that bring the form back as it is; `find` asks only whether the postal code can be read."""


@bp.route("/<campaign>/write", methods=["GET", "POST"])
@takes_postal_code_alone
@form_page
def write(language: Language, **_: object) -> Answer:
    """Show the form, with everything typed so far where it was typed."""
    sitting = Sitting.open(language)
    if request.method == "GET":
        sitting.carry(sitting.draft.with_typed(**_preselected(sitting)))
        return render_template("public/write.html", **pages.write(sitting, fresh=True))
    sitting.carry(sitting.draft.without_edits())
    if set(request.form) == {"postal_code"}:  # the form of the campaign's page
        sitting.carry(sitting.draft.with_typed(go="find"))
    if sitting.draft.text("go") == "find":
        sitting.carry(sitting.draft.with_typed(province=find(sitting.draft, sitting.desk).province))
    wrong = _checked(sitting)
    page = render_template("public/write.html", **pages.write(sitting, wrong))
    return (page, 422) if wrong else page


@bp.post("/<campaign>/legislators")
@form_page
def legislators(language: Language, **_: object) -> Answer:
    """Show whom one can write to, for the form as it stands: a fragment of it."""
    sitting = Sitting.open(language)
    said = render_template("parts/recipients.html", **pages.recipients(sitting))
    return (said, 422) if _strange(sitting) else said


@bp.post("/<campaign>/preview")
@form_page
def preview(language: Language, **_: object) -> Answer:
    """Show the letters as far as they go: a fragment of the form."""
    sitting = Sitting.open(language)
    said = render_template("parts/previews.html", **pages.previews(sitting))
    return (said, 422) if _strange(sitting) else said


@bp.post("/<campaign>/review")
@form_page
def review(language: Language, **_: object) -> Answer:
    """Show every letter whole, to be read again, edited and taken away."""
    return with_letters(language, lambda sitting, letters: reviewed(sitting, letters, refusing=False))


@bp.post(f"/<campaign>/download/<any({', '.join(FORMATS)}):format>")
@form_page
def download(language: Language, **place: str) -> Answer:
    """Hand the letters out, or one of them, as a file or as a page to print."""
    return with_letters(language, partial(_handed_out, form=place["format"]))


def _handed_out(sitting: Sitting, letters: list[ReviewedLetter], *, form: str) -> Answer:
    named = sitting.draft.text("letter")
    wanted = [one for one in letters if named in {"", one.id}]
    if not wanted or not all(one.ready for one in wanted):
        return reviewed(sitting, letters, refusing=True)
    if form == "html":
        return render_template("public/print.html", **pages.print_out(sitting, wanted))
    try:
        file = made(FORMATS[form], [one.letter for one in wanted], sitting.wishes(named))
    except CannotBeMade as error:
        return reviewed(sitting, letters, refusing=True, refused=error.wording)
    return attachment(file.content, file.media_type, file.name)


def _preselected(sitting: Sitting) -> dict[str, str]:
    """Return the fields that the letter named in the address fills in."""
    name = request.args.get("template", "")
    template = sitting.desk.campaign.letters.get(name)
    if template is None:
        return {}
    return {"length": Length.SHORT.value} if template.letter.length is Length.SHORT else {"template": name}


def _checked(sitting: Sitting) -> tuple[Problem, ...]:
    """Give the problems that the button pressed asks about."""
    go = sitting.draft.text("go")
    if go in UNCHECKED:
        return _strange(sitting)
    named = sitting.moved and bool(sitting.draft.text("riding"))  # the button beside a riding that was searched for
    if go == "find" or named:
        return tuple(one for one in sitting.form.problems if one.strange or one.field == "postal_code")
    return sitting.form.problems


def _strange(sitting: Sitting) -> tuple[Problem, ...]:
    return tuple(one for one in sitting.form.problems if one.strange)


def _furnish(state: BlueprintSetupState) -> None:
    app: Any = state.app
    app.extensions[HELD] = Held(app.extensions[NAME].sessions)
    app.jinja_env.filters["blanks"] = sheet.parted
    app.jinja_env.filters.update(moment=speak_moment, day=speak_date)


bp.record_once(_furnish)
add_sending(bp)
