"""The editor of a letter: both languages face to face, saved as they are typed, a revision when asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, ValidationError

from advocacy.campaigns.checks.declarations import names_in
from advocacy.campaigns.checks.letter_check import MAX_WORDS
from advocacy.campaigns.editor import editor_letter as names
from advocacy.campaigns.editor import manuscript as writing
from advocacy.campaigns.editor import manuscript_source, notation
from advocacy.campaigns.editor.editor_letter import DraftContent, EditorLetter, find_fix, letter_lengths, open_letter
from advocacy.campaigns.editor.fixes import apply_in_manuscript
from advocacy.campaigns.editor.labels import Label, LabelKind, Labels, case_title, in_brackets, offered_conditions
from advocacy.campaigns.editor.manuscript import Manuscript, map_texts
from advocacy.campaigns.editor.notation import Part
from advocacy.campaigns.library import lock_campaigns
from advocacy.campaigns.models import Revision
from advocacy.database import immediate
from advocacy.language import Language
from advocacy.staff import drafts, publication, reviews, revisions
from advocacy.staff.drafts import SavedMeanwhile
from advocacy.staff.models import Draft, ReviewEntry, Role
from advocacy.staff.publication_status import Status, campaign_statuses
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff import letter_work, sample_letters
from advocacy.web.staff.access import bp, current_account, requires
from advocacy.web.staff.forms import StaffForm
from advocacy.web.staff.letter_work import LETTER_LIMIT, MAX_FIELDS, Work, keep, opened, whole_number
from advocacy.web.staff.problem_notes import TOO_LONG, Note, cell_id, letter_advice_notes, letter_notes, sentence
from advocacy.web.staff.texts import format_in_sentence

PAGE = "/campaigns/<campaign>/letters/<letter>"
MAX_ROWS, CHARACTERS = 30, 62
"""Lines of a text area, and about how many characters one holds on a wide screen."""
GO = {"source": "staff.letter_source", "fields": "staff.letter_settings", "preview": "staff.letter_preview"}
"""Other pages of a letter, which the editor leads to once what was typed is saved."""
SIDES = (Language.FR, Language.EN)
"""French stands left."""
GROUPS = (
    (lazy_gettext("Fields"), {LabelKind.FIELD, LabelKind.OPTIONAL}),
    (lazy_gettext("Findings"), {LabelKind.FINDING}),
    (lazy_gettext("Survey"), {LabelKind.FACT}),
    (lazy_gettext("Conditions"), {LabelKind.CONDITION}),
)
DONE = {
    "remove-section": lazy_gettext("Paragraph removed from the draft, in both languages."),
    "remove-variant": lazy_gettext("Variant removed from the draft, in both languages."),
    "add-section": lazy_gettext("Paragraph added, in both languages."),
    "add-variant": lazy_gettext("Variant added, in both languages."),
    "add-case": lazy_gettext("The paragraph now has separate text for them, in both languages."),
    "change-case": lazy_gettext("The condition is changed, in both languages."),
    "remove-case": lazy_gettext("The separate text for them is removed."),
    "move": lazy_gettext("The paragraph was moved, in both languages."),
    "mend": lazy_gettext("Fixed."),
    "theirs": lazy_gettext("Their text replaced yours."),
    "insert": lazy_gettext("Label added at the end of the text."),
    "take": lazy_gettext("Your text was replaced by theirs."),
    "join": lazy_gettext("Combined: both texts are in your draft."),
    "discard": lazy_gettext("Draft discarded."),
    "settings": lazy_gettext("Settings of the letter changed."),
    "source": lazy_gettext("Source of the letter changed."),
}
"""What each act did: said once it is done, and beside “Undo” as long as it can be undone."""
MOVING = frozenset(
    {"add-section", "remove-section", "move", "add-variant", "remove-variant", "add-case", "remove-case"}
)
"""Acts that move texts to other places."""


class LetterForm(StaffForm):
    """What the editor sends besides the texts, which are named by their cells ("s2.v1.c0.fr").

    `act` is what was pressed and what it is done to: "move:3:-1". A text whose conditions are boxes comes in pieces,
    which joined in their order are the text.
    """

    version = whole_number()
    over = whole_number(1)
    shape = HiddenField(validators=[InputRequired()])
    act = StringField(default="draft")

    def validate_shape(self, field: HiddenField) -> None:
        """Refuse what is no manuscript."""
        try:
            writing.from_json(field.data)
        except ValueError:
            raise ValidationError from None

    @property
    def verb(self) -> str:
        """What was pressed."""
        return str(self.act.data).partition(":")[0]

    @property
    def rest(self) -> str:
        """What it is done to."""
        return str(self.act.data).partition(":")[2]

    @property
    def numbers(self) -> tuple[int, ...]:
        """The section, the variant, the case, or the way, that it is done to."""
        parts = [part for part in self.rest.split(":") if part.lstrip("-").isascii() and part.lstrip("-").isdigit()]
        return tuple(int(part) for part in parts[:4])

    def manuscript(self, labels: Labels) -> Manuscript:
        """Return the paragraphs as typed."""

        def typed(key: str, language: Language, _text: str) -> str:
            text = "".join(request.form.getlist(f"{key}.{language.value}"))
            return notation.remove_boxes(text.replace("\r\n", "\n").replace("\r", "\n"), labels, language)

        return map_texts(writing.from_json(self.shape.data), typed)


class DraftForm(StaffForm):
    """A decision on a draft as a whole."""

    version = whole_number(1)
    act = StringField(validators=[InputRequired()])


@bp.get(PAGE, endpoint="letter")
@requires(Role.WRITER)
def letter_page(campaign: str, letter: str) -> ResponseReturnValue:
    """Show a letter to be written."""
    with services().sessions() as session:
        work = opened(session, campaign, letter)
        read = work.reading()
        if read is None:
            return redirect(url_for("staff.letter_source", campaign=campaign, letter=letter), 303)
        newer = letter_work.newer(session, work)
        [preview] = sample_letters.previews(session, read, [sample_letters.wished(request.args, read)])
        return _page(work, read, newer=newer, preview=preview, **_reviewed(session, work))


@bp.get(f"{PAGE}/meanwhile")
@requires(Role.WRITER)
def meanwhile(campaign: str, letter: str) -> Response:
    """Tell a page that is open what others do at the letter."""
    with services().sessions() as session:
        work = opened(session, campaign, letter)
        return jsonify(_news(work, request.args.get("over", default=work.newest.id, type=int)))


@bp.post(PAGE, endpoint="letter_saved")
@requires(Role.WRITER)
def write(campaign: str, letter: str) -> ResponseReturnValue:
    """Save what was typed in the draft, and do what was pressed."""
    form = LetterForm()
    if not form.validate_on_submit():
        abort(400)
    with immediate(services().sessions) as session:
        if form.verb == "save":
            lock_campaigns(session)  # before the newest revision is read: of two who save at once, the second is told
        work = opened(session, campaign, letter)
        stored = work.reading()
        if stored is None:
            abort(409)
        typed = stored.with_manuscript(form.manuscript(stored.labels))
        read = _done(work, typed, form)
        if read.is_too_long:
            return _refused(work, read, form)
        try:
            draft = _keep(session, work, typed, read=read, form=form)
        except SavedMeanwhile as saved:
            return _conflict(session, work, read, form=form, saved=saved.draft)
        return _answer(session, work, read, form=form, draft=draft)


write.body_limit = LETTER_LIMIT  # type: ignore[attr-defined]
write.parts_limit = MAX_FIELDS  # type: ignore[attr-defined]


@bp.post(f"{PAGE}/draft")
@requires(Role.WRITER)
def settle(campaign: str, letter: str) -> Response:
    """Decide on a draft as a whole: discard it, combine it with somebody's revision, or keep it over that."""
    form = DraftForm()
    if not form.validate_on_submit():
        abort(400)
    with immediate(services().sessions) as session:
        work = opened(session, campaign, letter)
        if work.draft is None or work.draft.version != form.version.data:
            flash(_("The draft was saved in the meantime: check it again."))
        elif not _settled(session, work, work.draft, act=str(form.act.data)):
            abort(400)
    return redirect(url_for("staff.letter", campaign=campaign, letter=letter), 303)


def _settled(session: Session, work: Work, draft: Draft, *, act: str) -> bool:
    """Carry out one decision; whether it is one."""
    newest = work.newest
    if act == "discard":
        drafts.discard(draft, newest.id, drafts.files_of(session, newest.id))
        flash(_("Draft discarded. The page shows revision %(number)d.", number=newest.number))
    elif act == "take":
        drafts.replace(draft, DraftContent(drafts.files_of(session, newest.id)), "take")
        drafts.rebase(draft, newest.id)
        flash(_("The page shows revision %(number)d. “Undo” brings your text back.", number=newest.number))
    elif act == "keep":
        drafts.rebase(draft, newest.id)
        flash(_("Your text hasn’t changed."))
    elif act == "compared":
        draft.comparison = None
        flash(_("Your text hasn’t changed."))
    elif act == "join":
        _join(session, work, draft)
    else:
        return False
    return True


def _join(session: Session, work: Work, draft: Draft) -> None:
    combined = letter_work.combine(session, work)
    if combined is None:
        flash(_("The two texts can’t be combined paragraph by paragraph. Nothing was changed."))
        return
    read, theirs = combined
    comparison = letter_work.noted(theirs, read, work.newest)
    drafts.replace(draft, read.draft_content, "join", comparison=comparison)
    drafts.rebase(draft, work.newest.id)
    if theirs:
        flash(_("Combined. Where you both changed the same text, yours was kept; theirs is listed below."))
    else:
        flash(str(DONE["join"]))


def _done(work: Work, read: EditorLetter, form: LetterForm) -> EditorLetter:
    """Do what was pressed to what was typed; an act that is none answers 400."""
    if form.verb in {"auto", "draft", "save", "go", "undo", "redo"}:
        return read
    if form.verb == "mend":
        fix = find_fix(read, form.rest)
        changed = apply_in_manuscript(fix, read.manuscript, read.labels) if fix else read.manuscript
    elif form.verb == "insert":
        changed = _inserted(read) or read.manuscript
    elif form.verb == "theirs":
        changed = letter_work.with_theirs(work.draft, read, form.rest) or abort(400)
    else:
        changed = _reshaped(read.manuscript, form) or abort(400)
    return read.with_manuscript(changed)


def _reshaped(manuscript: Manuscript, form: LetterForm) -> Manuscript | None:
    """Add, remove or move a paragraph, a variant or a condition; None for an act that is none."""
    match form.verb, form.numbers:
        case "add-section", (section,):
            return writing.add_section(manuscript, after=section)
        case "remove-section", (section,):
            return writing.remove_section(manuscript, section)
        case "move", (section, way):
            return writing.move_section(manuscript, section, by=1 if way > 0 else -1)
        case "add-variant", (section,):
            return writing.add_variant(manuscript, section)
        case "remove-variant", (section, variant):
            return writing.remove_variant(manuscript, section, variant)
        case "add-case", (section,):
            return writing.add_case(manuscript, section, request.form.get(f"case.{section}", ""))
        case ("change-case" | "remove-case") as verb, (section, variant, number):
            case = writing.cell(manuscript, writing.cell_key(max(section, 0), max(variant, 0), max(number, 0)))
            if case is None:
                return None
            if verb == "remove-case":
                return writing.remove_case(manuscript, section, case.test)
            return writing.change_case(manuscript, section, case.test, to=request.form.get(f"case.{section}", ""))
    return None


def _inserted(read: EditorLetter) -> Manuscript | None:
    """Put a label at the end of a text, as the page without script asks for it; None where there is no such thing."""
    key, _dot, language = request.form.get("insert_cell", "").rpartition(".")
    label = read.labels.by_name.get(request.form.get("insert_label", ""))
    cell = writing.cell(read.manuscript, key)
    if label is None or cell is None or language not in set(Language):
        return None
    side = Language(language)
    is_condition = label.kind is LabelKind.CONDITION
    put = notation.empty_box(label, read.labels, side) if is_condition else in_brackets(label, side)
    text = cell.text(side)
    space = " " if text and not text[-1].isspace() else ""
    return writing.with_text(read.manuscript, key, language=side, text=f"{text}{space}{put}")


def _keep(session: Session, work: Work, typed: EditorLetter, *, read: EditorLetter, form: LetterForm) -> Draft | None:
    """Save the draft; None where there is none and nothing was changed in what the page showed."""
    over = form.over.data
    if work.row is None and not form.version.data:
        before = letter_work.read_revision(session, work, over)
        if before and before.manuscript == read.manuscript:
            return None
    before_typed, compared = (
        (DraftContent(work.row.files, work.row.typed), work.row.comparison) if work.row else (None, None)
    )
    draft = keep(session, work, read.draft_content, version=form.version.data, over=over)
    if form.verb == "undo":
        drafts.undo(draft)
    elif form.verb == "redo":
        drafts.redo(draft)
    elif form.verb in DONE:
        drafts.remember(draft, typed.draft_content, form.verb, comparison=compared)
        _follow(draft, form)
    elif before_typed is not None and before_typed.files != draft.files:
        draft.redo_steps = []
    return draft


def _follow(draft: Draft, form: LetterForm) -> None:
    """Let what is to be compared move with the texts it is about, and go where it was taken."""
    if draft.comparison is None:
        return
    words = writing.from_json(draft.comparison["words"])
    if form.verb in MOVING:
        words = _reshaped(words, form) or words
    elif form.verb == "theirs":
        key, _dot, language = form.rest.rpartition(".")
        words = writing.with_text(words, key, language=Language(language), text="")
    draft.comparison = {**draft.comparison, "words": writing.to_json(words)}


def _answer(
    session: Session, work: Work, read: EditorLetter, *, form: LetterForm, draft: Draft | None
) -> ResponseReturnValue:
    here: dict[str, Any] = {"campaign": work.campaign, "letter": work.letter}
    if form.verb == "auto":
        now = services().now()
        saved_at = format_in_sentence(draft.saved_at if draft else now)
        return jsonify(
            version=draft.version if draft else 0,
            saved=_("Draft saved %(time)s", time=saved_at) if draft else "",
            found=render_template("staff/editor_found.html", **_shown(work, read)),
            meanwhile=_news(work, draft.over_revision_id if draft else form.over.data),
        )
    if form.verb == "go":
        return redirect(url_for(GO.get(form.rest, "staff.letter"), **here), 303)
    if form.verb == "save":
        _save(session, work, read, draft=draft)
        return redirect(url_for("staff.letter", **here), 303)
    if form.verb in {"undo", "redo"}:
        flash(_("Undone.") if form.verb == "undo" else _("Redone."))
        return redirect(url_for("staff.letter", **here), 303)
    flash(str(DONE.get(form.verb, "")) or _("Draft saved."))
    return redirect(url_for("staff.letter", **here, _anchor=_anchor(form, read)), 303)


def _anchor(form: LetterForm, read: EditorLetter) -> str | None:
    if form.verb == "theirs" or not form.numbers:
        return None  # what is still to be compared stands at the top
    sections = read.manuscript.sections
    if form.verb == "add-variant" and form.numbers[0] < len(sections):
        last = len(sections[form.numbers[0]].variants) - 1
        return cell_id(writing.cell_key(form.numbers[0], last, 0), SIDES[0])
    moved = form.numbers[1] if form.verb == "move" and len(form.numbers) > 1 else 0
    place = form.numbers[0] + (1 if form.verb == "add-section" else moved)
    return f"s{min(max(place, 0), len(sections) - 1)}"


def _save(session: Session, work: Work, read: EditorLetter, *, draft: Draft | None) -> None:
    """Make a revision of the draft; what a revision cannot hold, empty paragraphs, stays in the draft."""
    if draft is not None and draft.over_revision_id != work.newest.id:
        flash(_("Not saved yet: someone saved a revision in the meantime. First choose which text to keep."), "refused")
        return
    if letter_work.passages_to_compare(draft, read):
        flash(
            _("Not saved yet: first compare the texts that you both changed, then press “I have compared them”."),
            "refused",
        )
        return
    files = read.draft_content.files
    if draft is None or dict(files) == dict(drafts.files_of(session, work.newest.id)):
        flash(_("Nothing has changed since revision %(number)d.", number=work.newest.number))
    else:
        content: Mapping[str, bytes] = {name: text.encode() for name, text in files.items()}
        now = services().now()
        try:
            made = revisions.save(session, work.campaign, work.letter, files=content, by=current_account(), now=now)
        except revisions.IsArchived:
            flash(_("Not saved: this letter is archived. Restore it first."), "refused")
            return
        flash(_("Saved as revision %(number)d. The public won’t see it until you publish.", number=made.number))
        draft.over_revision_id = made.id
    if draft is not None and manuscript_source.read(read.texts, read.labels) == read.manuscript:
        session.delete(draft)


def _refused(work: Work, read: EditorLetter, form: LetterForm) -> ResponseReturnValue:
    """Refuse what is too long; everything typed is still on the page."""
    said = sentence(TOO_LONG, current_language())
    if form.verb == "auto":
        return jsonify(refused=said), 422
    at = {"version": form.version.data, "over": form.over.data}
    return _page(work, read, form=at, errors=[("s0", said)]), 422


def _conflict(
    session: Session, work: Work, read: EditorLetter, *, form: LetterForm, saved: Draft | None
) -> ResponseReturnValue:
    """Show another tab's words beside these; nothing is written over."""
    if form.verb == "auto":
        return jsonify(conflict=True), 409
    if saved is None:
        there, over, version = letter_work.read_revision(session, work, work.newest.id), work.newest.id, 0
    else:
        there = open_letter(work.folder(saved.files), work.letter, saved.typed)
        over, version = saved.over_revision_id, saved.version
    other = {"at": saved.saved_at if saved else work.newest.at, "changes": letter_work.compared(read, there)}
    return _page(work, read, form={"version": version, "over": over}, meanwhile=other), 409


def _news(work: Work, over: int) -> Mapping[str, Any]:
    """Return what others do, for a page whose words go on from the revision `over`: its notices, and what is new."""
    news = []
    if over != work.newest.id:
        name, number = work.newest.by, work.newest.number
        if name and name != current_account().name:
            sentence = _(
                "%(name)s saved revision %(number)d meanwhile. Your text is all here.", name=name, number=number
            )
        else:
            sentence = _("Revision %(number)d was saved meanwhile. Your text is all here.", number=number)
        news.append({"key": f"revision:{work.newest.id}", "said": sentence})
    for draft in work.others:
        sentence = _(
            "%(name)s is writing a draft of this letter too. Each of you keeps your own text.", name=draft.account.name
        )
        news.append({"key": f"draft:{draft.id}", "said": sentence})
    return {"notices": render_template("staff/editor_colleagues.html", others=_others(work)), "news": news}


def _others(work: Work) -> Sequence[tuple[str, str]]:
    return [(draft.account.name, format_in_sentence(draft.saved_at)) for draft in work.others]


@dataclass(frozen=True, slots=True)
class Cell:
    """One text: `name` in the form, `id` on the page, its words and boxes, and what is wrong in it."""

    section: int
    id: str
    name: str
    language: Language
    label: str
    parts: Sequence[Part]
    rows: int
    notes: Sequence[Note]


def _reviewed(session: Session, work: Work) -> dict[str, Any]:
    """Return where the newest revision is on its way, what this person can do next, and what was said of it."""
    account, newest = current_account(), session.get_one(Revision, work.newest.id)
    status = campaign_statuses(session, work.campaign)[work.campaign].documents[work.letter]
    alone = publication.refusal(session, [newest], account) is None and account.role.may(Role.PUBLISHER)
    comments: dict[int | None, list[ReviewEntry]] = {}
    for entry in reviews.comments_of(session, newest.id):
        if entry.resolved_at is None:
            comments.setdefault(entry.paragraph, []).append(entry)
    return {
        "pending": None if work.draft else status.pending,
        "asks": bool(publication.requestable(session, [newest], account)),
        "alone": alone and status.pending is Status.DRAFT,
        "answer": reviews.open_answer(session, work.document, account),
        "comments": comments,
    }


def _page(work: Work, read: EditorLetter, **more: Any) -> str:
    saved = format_in_sentence(work.draft.saved_at) if work.draft else ""
    return render_template(
        "staff/editor.html",
        **{
            **_shown(work, read),
            "newer": None,
            "preview": None,
            "meanwhile": None,
            "pending": None,
            "asks": False,
            "alone": False,
            "answer": None,
            "comments": {},
            "form": {"version": work.version, "over": work.over.id},
            "saved": saved,
            "others": _others(work),
            "known": " ".join([f"revision:{work.newest.id}", *(f"draft:{draft.id}" for draft in work.others)]),
            "to_compare": letter_work.passages_to_compare(work.draft, read),
            "undo": _last_act(work.row.undo_steps if work.row else ()),
            "redo": _last_act(work.row.redo_steps if work.row else ()),
            **more,
        },
    )


def _last_act(steps: Sequence[Mapping[str, Any]]) -> str:
    return str(DONE[steps[-1]["act"]]) if steps else ""


def _shown(work: Work, read: EditorLetter) -> dict[str, Any]:
    """Return what the page and its part that follows typing are made of."""
    language = current_language()
    found = letter_notes(read, language)
    tests = {side: _tests(read.labels, side) for side in Language}
    return {
        "work": work,
        "read": read,
        "title": read.file.title.in_language(language),
        "titles": names.section_titles(read, language),
        "cells": _cells(read, found),
        "wrong_variants": {note.cell.rpartition("-c")[0] for note in found},
        "whom": {
            case.test: case_title(read.labels, case.test, language) for _key, case in writing.cells(read.manuscript)
        },
        "notes": found,
        "advice": letter_advice_notes(read, language),
        "lengths": {side: count for side, count in letter_lengths(read).items() if count <= MAX_WORDS},
        "palette": _palette(read),
        "shape": writing.to_json(map_texts(read.manuscript, lambda _key, _language, _text: "")),
        "sides": SIDES,
        "tests": [(test, case_title(read.labels, test, language)) for test in offered_conditions(read.campaign)],
        "conditions": tests,
        "always": notation.REMOVED_CONDITION,
        "errors": [],
    }


def _tests(labels: Labels, language: Language) -> Sequence[tuple[str, str]]:
    """Return each condition as it stands in a text, with what stands on its box."""
    found = (label for label in labels.by_name.values() if label.name.startswith("if "))
    return [(in_brackets(label, language), label.box_title.in_language(language)) for label in found if label.box_title]


def _cells(read: EditorLetter, found: Sequence[Note]) -> Mapping[str, Sequence[Cell]]:
    """Return the texts of each case in both languages, by its key."""
    by_cell: dict[str, list[Note]] = {}
    for note in found:
        by_cell.setdefault(note.cell, []).append(note)
    cells: dict[str, list[Cell]] = {}
    for key, case in writing.cells(read.manuscript):
        place = int(key.split(".")[0][1:])
        section = read.manuscript.sections[place]
        for side in SIDES:
            text, id_ = case.text(side), cell_id(key, side)
            lines = sum(1 + len(line) // CHARACTERS for line in text.split("\n"))
            rows = 1 if section.is_subject else min(max(lines, 2), MAX_ROWS)
            parts = [text] if section.source else notation.split_boxes(text, read.labels, side)
            label = names.cell_name(read, key, side, language=side)
            cell = Cell(place, id_, f"{key}.{side.value}", side, label, parts, rows, by_cell.get(id_, ()))
            cells.setdefault(key, []).append(cell)
    return cells


def _palette(read: EditorLetter) -> Sequence[tuple[str, Sequence[Label]]]:
    """Group the labels, those in use first; what only stands within a box comes in a last group, without a name."""
    used = {name for text in read.texts.values() for name in names_in(text)}
    known = sorted(
        read.labels.by_name.values(), key=lambda label: label.kind is LabelKind.FINDING and label.name not in used
    )
    groups = [
        (str(name), [label for label in known if label.kind in of and label.turn != "elif"]) for name, of in GROUPS
    ]
    return [*groups, ("", [label for label in known if label.turn not in {"", "if"}])]
