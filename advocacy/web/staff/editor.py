"""The editor of a letter: both languages face to face, kept as they are typed, saved as a revision when asked."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from advocacy.campaigns import manuscript as writing
from advocacy.campaigns import mending
from advocacy.campaigns.manuscript import Manuscript
from advocacy.campaigns.models import Revision
from advocacy.database import immediate
from advocacy.staff import drafts, publishing, standing
from advocacy.staff.drafts import SavedMeanwhile
from advocacy.staff.models import Draft
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff import beside, colleagues, conflicts, editor_form, previewing
from advocacy.web.staff.access import staff, writer
from advocacy.web.staff.editor_form import AUTOMATIC, DRAFT, SAVE, Posted
from advocacy.web.staff.editor_page import SIDES, looks, shown
from advocacy.web.staff.letter_names import cell_id
from advocacy.web.staff.letter_notes import TOO_LONG, find_mending
from advocacy.web.staff.letter_work import Reading, Work, opened, reading
from advocacy.web.staff.saying import when
from advocacy.web.staff.settling import add_settling

PAGE = "/campaigns/<campaign>/letters/<letter>"
GO = {"source": "staff.letter_source", "fields": "staff.letter_settings", "preview": "staff.letter_preview"}
"""Other pages of a letter, which the editor leads to once it has kept what was typed."""
Answer = Response | str | tuple[str | Response, int]


def add_editor(routes: Blueprint) -> None:
    """Make the routes."""
    routes.get(PAGE, endpoint="letter")(editor)
    routes.post(PAGE, endpoint="letter_saved")(write)
    routes.get(f"{PAGE}/meanwhile", endpoint="meanwhile")(meanwhile)
    add_settling(routes)


@writer
def editor(campaign: str, letter: str) -> Answer:
    """Show a letter to be written."""
    with services().sessions() as session:
        work = opened(session, campaign, letter, account_id=staff().id)
        read = reading(work)
        if read is None:
            return redirect(url_for("staff.letter_source", campaign=campaign, letter=letter), 303)
        newer = conflicts.newer(session, work)
        [preview] = previewing.previews(session, read, [previewing.wished(request.args, read)])
        asks = _may_ask(session, work)
    return _page(work, read, newer=newer, preview=preview, asks=asks)


def _may_ask(session: Session, work: Work) -> bool:
    """Tell whether whoever writes may ask for the publication of the newest revision."""
    newest = session.get(Revision, work.newest.id)
    return newest is not None and standing.may_ask(session, newest, staff().account)


@writer
def meanwhile(campaign: str, letter: str) -> Response:
    """Tell a page that stands open what others do at the letter."""
    with services().sessions() as session:
        work = opened(session, campaign, letter, account_id=staff().id)
        over = request.args.get("over", default=work.newest.id, type=int)
        return jsonify(colleagues.told(work, over))


@writer
def write(campaign: str, letter: str) -> Answer:
    """Keep what was typed, and do what was asked with it."""
    posted = editor_form.read(request.form)
    with immediate(services().sessions) as session:
        work = opened(session, campaign, letter, account_id=staff().id)
        read = _after(work, posted)
        if read.is_too_long:
            return _refused(work, read, posted)
        try:
            draft = _kept(session, work, read, posted=posted)
        except SavedMeanwhile as meanwhile:
            return _conflict(session, work, read, posted=posted, saved=meanwhile.draft)
        return _answer(session, work, read, posted=posted, draft=draft)


write.body_limit = editor_form.LETTER_LIMIT  # type: ignore[attr-defined]
write.parts_limit = editor_form.PARTS  # type: ignore[attr-defined]


def _after(work: Work, posted: Posted) -> Reading:
    """Read what was typed, with the act done to it."""
    read = reading(work, posted.manuscript)
    if read is None:
        abort(409)
    if posted.act in {AUTOMATIC, DRAFT, SAVE, "go"}:
        return read
    return reading(work, _changed(work, read, posted)) or read


def _changed(work: Work, read: Reading, posted: Posted) -> Manuscript:
    """Carry out the act; one that is none answers 400."""
    if posted.act == "mend":
        found = find_mending(read, posted.rest)
        return mending.mended(read.manuscript, found) if found else read.manuscript
    if posted.act == "insert":
        return editor_form.inserted(read.manuscript, read.labels, request.form) or read.manuscript
    if posted.act == "theirs":
        return beside.with_theirs(work, read, posted.rest) or abort(400)
    if posted.act in {"add-case", "remove-case"}:
        return editor_form.with_case(posted, request.form) or abort(400)
    return editor_form.changed(posted) or abort(400)


def _kept(session: Session, work: Work, read: Reading, *, posted: Posted) -> Draft | None:
    """Keep the draft; None where there is none and nothing was changed in what the page showed."""
    over = posted.over if posted.over == work.newest.id else _older(session, work, posted.over)
    if work.draft is None and not posted.version:
        before = reading(work) if over == work.newest.id else conflicts.read_revision(session, work, over)
        if before and before.manuscript == read.manuscript:
            return None
    typed, now = read.typed, services().now()
    draft = drafts.keep(session, work.document, staff().id, typed=typed, version=posted.version, over=over, now=now)
    beside.follow(draft, posted, request.form)
    return draft


def _older(session: Session, work: Work, revision_id: int) -> int:
    """Hold a revision's id from the form against the document's own."""
    if not drafts.is_of(session, work.document, revision_id):
        abort(400)
    return revision_id


def _answer(session: Session, work: Work, read: Reading, *, posted: Posted, draft: Draft | None) -> Answer:
    if posted.act == AUTOMATIC:
        return _following(work, read, draft, over=posted.over)
    here: dict[str, Any] = {"campaign": work.campaign, "letter": work.letter}
    if posted.act == "go":
        return redirect(url_for(GO.get(posted.rest, "staff.letter"), **here), 303)
    if posted.act == SAVE:
        _save(session, work, read, draft=draft)
        return redirect(url_for("staff.letter", **here), 303)
    flash(SAID.get(posted.act, _)(posted) if posted.act in SAID else _("Draft saved."))
    return redirect(url_for("staff.letter", **here, _anchor=_anchor(posted, read)), 303)


SAID = {
    "remove-section": lambda _posted: _("Paragraph removed from the draft, in both languages."),
    "remove-variant": lambda _posted: _("Variant removed from the draft, in both languages."),
    "add-section": lambda _posted: _("Paragraph added, in both languages."),
    "add-variant": lambda _posted: _("Variant added, in both languages."),
    "add-case": lambda _posted: _("The paragraph now has separate text for them, in both languages."),
    "remove-case": lambda _posted: _("The separate text for them is removed."),
    "move": lambda _posted: _("The paragraph was moved, in both languages."),
    "mend": lambda _posted: _("Fixed."),
    "theirs": lambda _posted: _("Their text replaced yours."),
    "insert": lambda _posted: _("Label added at the end of the text."),
}


def _anchor(posted: Posted, read: Reading) -> str | None:
    if posted.act == "theirs":
        return None  # what is still to be compared stands at the top
    if not posted.numbers:
        return None
    moved = posted.numbers[1] if posted.act == "move" and len(posted.numbers) > 1 else 0
    if posted.act == "add-variant" and posted.numbers[0] < len(read.manuscript.sections):
        last = len(read.manuscript.sections[posted.numbers[0]].variants) - 1
        return cell_id(writing.key_of(posted.numbers[0], last, 0), SIDES[0])
    place = posted.numbers[0] + (1 if posted.act == "add-section" else moved)
    return f"s{min(max(place, 0), len(read.manuscript.sections) - 1)}"


def _save(session: Session, work: Work, read: Reading, *, draft: Draft | None) -> None:
    """Make a revision of the draft; what a revision cannot hold, empty paragraphs, stays in the draft."""
    if draft is not None and draft.over_revision_id != work.newest.id:
        flash(_("Not saved yet: someone saved a revision in the meantime. First choose which text to keep."))
        return
    if beside.beside(replace(work, draft=draft), read):
        flash(_("Not saved yet: first compare the texts that you both changed, then press “I have compared them”."))
        return
    files = read.typed.files
    if draft is None or dict(files) == dict(drafts.files_of(session, work.newest.id)):
        flash(_("Nothing has changed since revision %(number)d.", number=work.newest.number))
    else:
        content: Mapping[str, bytes] = {name: text.encode() for name, text in files.items()}
        made = publishing.save(
            session, work.campaign, work.letter, files=content, by=staff().account, now=services().now()
        )
        flash(_("Saved as revision %(number)d. The public won’t see it until you publish.", number=made.number))
        if draft is not None:
            draft.over_revision_id = made.id
    again = writing.read(read.texts, read.labels)
    if draft is not None and again == read.manuscript:
        drafts.put_away(session, draft)


def _following(work: Work, read: Reading, draft: Draft | None, *, over: int) -> Response:
    """Answer the script: the draft is kept; what is wrong with it now; what others do meanwhile."""
    at = draft.saved_at if draft else services().now()
    found = render_template("staff/editor_found.html", **shown(work, read))
    said = _("Draft saved %(time)s", time=when(at, services().now(), current_language())) if draft else ""
    others = colleagues.told(work, draft.over_revision_id if draft else over)
    return jsonify(version=draft.version if draft else 0, saved=said, found=found, meanwhile=others)


def _refused(work: Work, read: Reading, posted: Posted) -> Answer:
    """Refuse what is too long; everything typed is still on the page."""
    sentence = TOO_LONG.spoken(current_language())
    if posted.act == AUTOMATIC:
        return jsonify(refused=sentence), 422
    return _page(work, read, posted=posted, errors=[("s0", sentence)]), 422


def _conflict(session: Session, work: Work, read: Reading, *, posted: Posted, saved: Draft | None) -> Answer:
    """Tell of another tab's words and show them beside these; nothing is written over."""
    if posted.act == AUTOMATIC:
        return jsonify(conflict=True), 409
    if saved is None:
        there, over, version = conflicts.read_revision(session, work, work.newest.id), work.newest.id, 0
    else:
        there, over, version = conflicts.read_draft(work, saved), saved.over_revision_id, saved.version
    meanwhile = {"at": saved.saved_at if saved else work.newest.at, "changes": conflicts.compared(read, there)}
    form = {"version": version, "over": over}
    return _page(work, read, posted=None, form=form, meanwhile=meanwhile), 409


def _page(work: Work, read: Reading, *, posted: Posted | None = None, **more: Any) -> str:
    form = (
        {"version": posted.version, "over": posted.over} if posted else {"version": work.version, "over": work.over.id}
    )
    given: dict[str, Any] = {"newer": None, "preview": None, "meanwhile": None, "form": form, "asks": False}
    told = when(work.draft.saved_at, services().now(), current_language()) if work.draft else ""
    extra = {
        "saved": told,
        "others": colleagues.others(work),
        "known": colleagues.known(work),
        "beside": beside.beside(work, read),
        "more_labels": looks(read.labels),
    }
    return render_template("staff/editor.html", **{**shown(work, read), **given, **extra, **more})
