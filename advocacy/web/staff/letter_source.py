"""A letter's files as they are, braces and all, for those who want them: the same draft, the same checks."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField

from advocacy.campaigns.campaign_folder import LETTER, TEXTS
from advocacy.campaigns.editor.editor_letter import (
    MAX_CHARACTERS,
    DraftContent,
    letter_file,
    letter_problems,
    shared_file_problems,
    with_cited_findings,
)
from advocacy.campaigns.word_differences import compare_words
from advocacy.database import immediate
from advocacy.language import SIDE_BY_SIDE, Language
from advocacy.staff import drafts
from advocacy.staff.drafts import SavedMeanwhile
from advocacy.staff.models import Role
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import bp, requires
from advocacy.web.staff.forms import StaffForm
from advocacy.web.staff.problem_notes import TOO_LONG, campaign_notes, sentence, source_note
from advocacy.web.staff.working_copy import WorkingCopy, letter_form, open_working_copy, save_draft, whole_number

PAGE = "/campaigns/<campaign>/letters/<letter>/source"
FILES = {**{language.value: TEXTS[language] for language in SIDE_BY_SIDE}, "toml": LETTER}
"""The files by their names in the form."""
IDS = {file: name for name, file in FILES.items()}


class SourceForm(StaffForm):
    """The files, over which revision, at which version of the draft, and where to go."""

    version = whole_number()
    over = whole_number(1)
    toml = TextAreaField()
    act = StringField(default="draft")

    @property
    def files(self) -> dict[str, str]:
        """The files as typed, by their names in the letter's folder."""
        typed = {file: str(self[name].data or "") for name, file in FILES.items()}
        return {file: text.replace("\r\n", "\n").replace("\r", "\n") for file, text in typed.items()}


for _language in Language:
    setattr(SourceForm, _language.value, TextAreaField())


@bp.get(PAGE, endpoint="letter_source")
@requires(Role.WRITER)
def source(campaign: str, letter: str) -> str:
    with services().sessions() as session:
        copy = open_working_copy(session, campaign, letter)
    return _page(copy, _files(copy))


@bp.post(PAGE, endpoint="letter_source_saved")
@letter_form
@requires(Role.WRITER)
def write_source(campaign: str, letter: str) -> Response | tuple[str, int]:
    """Save the files as typed; the text pages read their paragraphs out of them."""
    form = SourceForm()
    if not form.validate_on_submit():
        abort(400)
    with immediate(services().sessions) as session:
        copy = open_working_copy(session, campaign, letter)
        if any(len(text) > MAX_CHARACTERS for text in form.files.values()):
            return _page(copy, form.files, version=form.version.data, errors=[("file-fr", sentence(TOO_LONG))]), 422
        if form.files != _files(copy):
            try:
                _save_draft(session, copy, form)
            except SavedMeanwhile as meanwhile:
                saved, typed = meanwhile.draft, form.files
                there = {name: (saved.files if saved else copy.files).get(f"{letter}/{name}", "") for name in typed}
                changes = [
                    (name, compare_words(text, there[name])) for name, text in typed.items() if text != there[name]
                ]
                conflict = {"at": saved.saved_at if saved else copy.newest.at, "changes": changes}
                return _page(copy, typed, version=saved.version if saved else 0, meanwhile=conflict), 409
            flash(_("Draft saved."))
    page = "staff.letter" if form.act.data == "text" else "staff.letter_source"
    return redirect(url_for(page, campaign=campaign, letter=letter), 303)


def _save_draft(session: Session, copy: WorkingCopy, form: SourceForm) -> None:
    typed, toml = form.files, form.files[LETTER]
    if not shared_file_problems(copy.own):
        toml = with_cited_findings(toml, {language: typed[name] for language, name in TEXTS.items()}, copy.own.survey())
    files = {f"{copy.letter}/{name}": text for name, text in {**typed, LETTER: toml}.items()}
    before = DraftContent(copy.files, copy.draft.typed if copy.draft else None)
    draft = save_draft(session, copy, DraftContent(files), version=form.version.data, over=form.over.data)
    drafts.add_undo_step(draft, before, "source", comparison=draft.comparison)


def _files(copy: WorkingCopy) -> dict[str, str]:
    """Return what is shown: the texts as the paragraphs make them, where there are paragraphs."""
    letter = copy.editor_letter() if copy.draft is not None and copy.draft.typed is not None else None
    files = {**copy.files, **letter.draft_content.files} if letter else copy.files
    return {name: files.get(f"{copy.letter}/{name}", "") for name in FILES.values()}


def _page(copy: WorkingCopy, files: dict[str, str], **more: Any) -> str:
    context: dict[str, Any] = {"version": copy.version, "errors": [], "meanwhile": None, **more}
    notes = []
    if not context["errors"]:
        for problem in letter_problems(copy.folder({f"{copy.letter}/{name}": text for name, text in files.items()})):
            file = problem.file.rsplit("/", 1)[-1]
            notes.append(source_note(problem, cell=f"file-{IDS[file]}" if file in IDS else ""))
    return render_template(
        "staff/source.html",
        copy=copy,
        files=[(IDS[name], name, text) for name, text in files.items()],
        notes=notes,
        unread=campaign_notes(shared_file_problems(copy.own), copy.own),
        title=letter_file(copy.folder(), copy.letter).title.in_language(current_language()),
        **context,
    )
