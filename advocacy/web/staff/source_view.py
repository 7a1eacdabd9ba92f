"""A letter's files as they are, braces and all, for those who want them: the same draft, the same checks."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from advocacy.campaigns.folder import LETTER, TEXTS, CampaignFolder
from advocacy.database import immediate
from advocacy.language import Language
from advocacy.staff import drafts
from advocacy.staff.drafts import SavedMeanwhile, Typed
from advocacy.staff.models import Draft
from advocacy.staff.word_changes import pieces
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff import editor_form
from advocacy.web.staff.access import staff, writer
from advocacy.web.staff.campaign_notes import noted
from advocacy.web.staff.editor_form import LETTER_LIMIT
from advocacy.web.staff.letter_notes import TOO_LONG, Note
from advocacy.web.staff.letter_work import (
    LONGEST,
    Work,
    checked,
    folder_with,
    in_step,
    letter_file,
    opened,
    reading,
    unreadable,
)
from advocacy.web.staff.problem_words import on_page

PAGE = "/campaigns/<campaign>/letters/<letter>/source"
FILES = {"fr": TEXTS[Language.FR], "en": TEXTS[Language.EN], "toml": LETTER}
"""The files by their names in the form."""
IDS = {file: name for name, file in FILES.items()}


def add_source(routes: Blueprint) -> None:
    """Make the routes."""
    routes.get(PAGE, endpoint="letter_source")(source)
    routes.post(PAGE, endpoint="letter_source_saved")(write_source)


@writer
def source(campaign: str, letter: str) -> str:
    """Show the files."""
    with services().sessions() as session:
        work = opened(session, campaign, letter, account_id=staff().id)
    return _page(work, _files(work))


@writer
def write_source(campaign: str, letter: str) -> Response | tuple[str, int]:
    """Keep the files as typed; the text pages read their paragraphs out of them."""
    typed = {file: _lines_ended(request.form.get(name, "")) for name, file in FILES.items()}
    version, over = editor_form.number(request.form, "version"), editor_form.number(request.form, "over")
    with immediate(services().sessions) as session:
        work = opened(session, campaign, letter, account_id=staff().id)
        if any(len(text) > LONGEST for text in typed.values()):
            sentence = TOO_LONG.spoken(current_language())
            return _page(work, typed, version=version, errors=[("file-fr", sentence)]), 422
        if typed != _files(work):
            try:
                _keep(session, work, typed, version=version, over=over)
            except SavedMeanwhile as meanwhile:
                return _conflict(work, typed, meanwhile.draft), 409
            flash(_("Draft saved."))
    page = "staff.letter" if request.form.get("act") == "text" else "staff.letter_source"
    return redirect(url_for(page, campaign=campaign, letter=letter), 303)


write_source.body_limit = LETTER_LIMIT  # type: ignore[attr-defined]


def _keep(session: Session, work: Work, typed: dict[str, str], *, version: int, over: int) -> Draft:
    over = over if drafts.is_of(session, work.document, over) else work.over.id
    toml = typed[LETTER]
    read = reading(work)
    if read is not None:
        toml = in_step(toml, {language: typed[name] for language, name in TEXTS.items()}, read.survey)
    files = {f"{work.letter}/{name}": text for name, text in {**typed, LETTER: toml}.items()}
    kept = Typed(files)
    return drafts.keep(session, work.document, staff().id, typed=kept, version=version, over=over, now=services().now())


def _files(work: Work) -> dict[str, str]:
    """Give what is shown: the texts as the paragraphs make them, where there are paragraphs."""
    read = reading(work) if work.draft is not None and work.draft.typed is not None else None
    texts = read.texts if read else work.texts()
    return {**{TEXTS[language]: texts[language] for language in (Language.FR, Language.EN)}, LETTER: work.text(LETTER)}


def _page(work: Work, files: dict[str, str], **more: Any) -> str:
    given: dict[str, Any] = {"version": work.version, "errors": [], "meanwhile": None, **more}
    own = CampaignFolder.of(work.campaign, work.shared)
    return render_template(
        "staff/source.html",
        work=work,
        files=[(IDS[name], name, text) for name, text in files.items()],
        notes=[] if given["errors"] else _notes(work, files),
        unread=noted(unreadable(work), own, current_language()),
        title=letter_file(work).title.spoken(current_language()),
        **given,
    )


def _notes(work: Work, files: dict[str, str]) -> list[Note]:
    """Say what is wrong, with line and column."""
    language = current_language()
    folder = folder_with(work, {one: files[name] for one, name in TEXTS.items()}, files[LETTER])
    found = []
    for problem in checked(folder):
        file = problem.file.rsplit("/", 1)[-1]
        cell = f"file-{IDS[file]}" if file in IDS else ""
        sentence = on_page(problem.sentence, language)
        found.append(Note(sentence, cell=cell, file=file, line=problem.line, column=problem.column))
    return found


def _conflict(work: Work, typed: dict[str, str], saved: Draft | None) -> str:
    """Show another tab's files beside these."""
    there = {name: (saved.files if saved else work.files).get(f"{work.letter}/{name}", "") for name in typed}
    changes = [(name, pieces(text, there[name])) for name, text in typed.items() if text != there[name]]
    meanwhile = {"at": saved.saved_at if saved else work.newest.at, "changes": changes}
    return _page(work, typed, version=saved.version if saved else 0, meanwhile=meanwhile)


def _lines_ended(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
