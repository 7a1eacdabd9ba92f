"""The editor of a letter: both languages side by side, a draft that is saved as it is typed, revisions of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, ValidationError

from advocacy.campaigns.checks.declarations import names_in
from advocacy.campaigns.checks.letter_check import MAX_WORDS
from advocacy.campaigns.editor import editor_letter as names
from advocacy.campaigns.editor import manuscript as manuscripts
from advocacy.campaigns.editor import manuscript_source, notation
from advocacy.campaigns.editor.editor_letter import DraftContent, EditorLetter, find_fix, letter_lengths, open_letter
from advocacy.campaigns.editor.fixes import apply_in_manuscript
from advocacy.campaigns.editor.labels import Label, LabelKind, Labels, case_title, in_brackets, offered_conditions
from advocacy.campaigns.editor.manuscript import Manuscript, map_texts
from advocacy.campaigns.editor.notation import TextPart
from advocacy.campaigns.library import lock_campaigns
from advocacy.campaigns.models import Revision
from advocacy.database import immediate
from advocacy.language import SIDE_BY_SIDE, Language
from advocacy.staff import drafts, publication, reviews, revisions
from advocacy.staff.drafts import SavedMeanwhile
from advocacy.staff.models import Draft, ReviewEntry, Role
from advocacy.staff.publication_status import Status, campaign_statuses
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff import sample_letters, working_copy
from advocacy.web.staff.access import bp, current_account, requires
from advocacy.web.staff.forms import StaffForm
from advocacy.web.staff.problem_notes import TOO_LONG, Note, cell_id, letter_advice_notes, letter_notes, sentence
from advocacy.web.staff.texts import format_in_sentence
from advocacy.web.staff.working_copy import WorkingCopy, letter_form, open_working_copy, save_draft, whole_number

PAGE = "/campaigns/<campaign>/letters/<letter>"
MAX_ROWS, CHARACTERS = 30, 62
"""Lines of a text area, and about how many characters one holds on a wide screen."""
OTHER_PAGES = {"source": "staff.letter_source", "fields": "staff.letter_settings", "preview": "staff.letter_preview"}
"""Other pages of a letter, which the editor leads to once what was typed is saved."""
"""French stands left."""
GROUPS = (
    (_l("Fields"), {LabelKind.FIELD, LabelKind.OPTIONAL}),
    (_l("Findings"), {LabelKind.FINDING}),
    (_l("Survey"), {LabelKind.FACT}),
    (_l("Conditions"), {LabelKind.CONDITION}),
)
ACT_MESSAGES = {
    "remove-section": _l("Paragraph removed from the draft, in both languages."),
    "remove-variant": _l("Variant removed from the draft, in both languages."),
    "add-section": _l("Paragraph added, in both languages."),
    "add-variant": _l("Variant added, in both languages."),
    "add-case": _l("The paragraph now has separate text for them, in both languages."),
    "change-case": _l("The condition is changed, in both languages."),
    "remove-case": _l("The separate text for them is removed."),
    "move": _l("The paragraph was moved, in both languages."),
    "mend": _l("Fixed."),
    "theirs": _l("Their text replaced yours."),
    "insert": _l("Label added at the end of the text."),
    "take": _l("Your text was replaced by theirs."),
    "join": _l("Combined: both texts are in your draft."),
    "discard": _l("Draft discarded."),
    "settings": _l("Settings of the letter changed."),
    "source": _l("Source of the letter changed."),
}
"""What each act did: shown once it is done, and beside “Undo” as long as it can be undone."""
MOVING_ACTS = frozenset(
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
        """Refuse a shape that is not a manuscript."""
        try:
            manuscripts.from_json(field.data)
        except ValueError:
            raise ValidationError from None

    @property
    def verb(self) -> str:
        """The button that was pressed."""
        return str(self.act.data).partition(":")[0]

    @property
    def target(self) -> str:
        """What it is done to."""
        return str(self.act.data).partition(":")[2]

    @property
    def numbers(self) -> tuple[int, ...]:
        """The section, the variant, the case, or the way, that it is done to."""
        parts = [part for part in self.target.split(":") if part.lstrip("-").isascii() and part.lstrip("-").isdigit()]
        return tuple(int(part) for part in parts[:4])

    def manuscript(self, labels: Labels) -> Manuscript:
        """Return the paragraphs as typed."""

        def typed(key: str, language: Language, _text: str) -> str:
            text = "".join(request.form.getlist(f"{key}.{language.value}"))
            return notation.remove_boxes(text.replace("\r\n", "\n").replace("\r", "\n"), labels, language)

        return map_texts(manuscripts.from_json(self.shape.data), typed)


class DraftForm(StaffForm):
    """A decision on a draft as a whole."""

    version = whole_number(1)
    act = StringField(validators=[InputRequired()])


@bp.get(PAGE, endpoint="letter")
@requires(Role.WRITER)
def letter_page(campaign: str, letter: str) -> ResponseReturnValue:
    with services().sessions() as session:
        copy = open_working_copy(session, campaign, letter)
        editor_letter = copy.editor_letter()
        if editor_letter is None:
            return redirect(url_for("staff.letter_source", campaign=campaign, letter=letter), 303)
        newer = working_copy.newer(session, copy)
        [preview] = sample_letters.previews(
            session, editor_letter, [sample_letters.wished(request.args, editor_letter)]
        )
        return _page(copy, editor_letter, newer=newer, preview=preview, **_review_status(session, copy))


@bp.get(f"{PAGE}/meanwhile")
@requires(Role.WRITER)
def meanwhile(campaign: str, letter: str) -> Response:
    """Return to an open page what others do at the letter."""
    with services().sessions() as session:
        copy = open_working_copy(session, campaign, letter)
        return jsonify(_colleague_news(copy, request.args.get("over", default=copy.newest.id, type=int)))


@bp.post(PAGE, endpoint="letter_saved")
@letter_form
@requires(Role.WRITER)
def write(campaign: str, letter: str) -> ResponseReturnValue:
    """Save what was typed in the draft, and do what was pressed."""
    form = LetterForm()
    if not form.validate_on_submit():
        abort(400)
    with immediate(services().sessions) as session:
        if form.verb == "save":
            lock_campaigns(session)  # before the newest revision is read: of two who save at once, the second is told
        copy = open_working_copy(session, campaign, letter)
        stored = copy.editor_letter()
        if stored is None:
            abort(409)
        typed = stored.with_manuscript(form.manuscript(stored.labels))
        editor_letter = _apply_act(copy, typed, form)
        if editor_letter.is_too_long:
            if form.verb == "auto":
                return jsonify(refused=sentence(TOO_LONG)), 422
            at = {"version": form.version.data, "over": form.over.data}  # everything typed is still on the page
            return _page(copy, editor_letter, form=at, errors=[("s0", sentence(TOO_LONG))]), 422
        try:
            draft = _save_draft(session, copy, typed, letter=editor_letter, form=form)
        except SavedMeanwhile as saved:
            return _conflict(session, copy, editor_letter, form=form, saved=saved.draft)
        return _respond(session, copy, editor_letter, form=form, draft=draft)


@bp.post(f"{PAGE}/draft", endpoint="settle")
@requires(Role.WRITER)
def decide_draft(campaign: str, letter: str) -> Response:
    """Discard a draft, keep it, or replace or combine it with the revision that somebody saved meanwhile."""
    form, here = DraftForm(), redirect(url_for("staff.letter", campaign=campaign, letter=letter), 303)
    if not form.validate_on_submit():
        abort(400)
    with immediate(services().sessions) as session:
        copy = open_working_copy(session, campaign, letter)
        draft, newest = copy.draft, copy.newest
        if draft is None or draft.version != form.version.data:
            flash(_("The draft was saved in the meantime: check it again."))
            return here
        match form.act.data:
            case "discard":
                drafts.discard(draft, newest.id, drafts.files_of(session, newest.id))
                flash(_("Draft discarded. The page shows revision %(number)d.", number=newest.number))
            case "take":
                drafts.replace(draft, DraftContent(drafts.files_of(session, newest.id)), "take")
                drafts.rebase(draft, newest.id)
                flash(_("The page shows revision %(number)d. “Undo” brings your text back.", number=newest.number))
            case "keep":
                drafts.rebase(draft, newest.id)
                flash(_("Your text hasn’t changed."))
            case "compared":
                draft.comparison = None
                flash(_("Your text hasn’t changed."))
            case "join":
                flash(_combine(session, copy, draft))
            case _unknown:
                abort(400)
    return here


def _combine(session: Session, copy: WorkingCopy, draft: Draft) -> str:
    """Combine a draft with the newest revision where that is possible, and return what was done."""
    combined = working_copy.combine(session, copy)
    if combined is None:
        return str(_("The two texts can’t be combined paragraph by paragraph. Nothing was changed."))
    letter, theirs = combined
    comparison = working_copy.stored_comparison(theirs, letter, copy.newest)
    drafts.replace(draft, letter.draft_content, "join", comparison=comparison)
    drafts.rebase(draft, copy.newest.id)
    if theirs:
        return str(_("Combined. Where you both changed the same text, yours was kept; theirs is listed below."))
    return str(ACT_MESSAGES["join"])


def _apply_act(copy: WorkingCopy, letter: EditorLetter, form: LetterForm) -> EditorLetter:
    """Apply the pressed button to what was typed; an unknown act answers 400."""
    if form.verb in {"auto", "draft", "save", "go", "undo", "redo"}:
        return letter
    if form.verb == "mend":
        fix = find_fix(letter, form.target)
        changed = apply_in_manuscript(fix, letter.manuscript, letter.labels) if fix else letter.manuscript
    elif form.verb == "insert":
        changed = _insert_label(letter) or letter.manuscript
    elif form.verb == "theirs":
        changed = working_copy.with_theirs(copy.draft, letter, form.target) or abort(400)
    else:
        changed = _change_structure(letter.manuscript, form) or abort(400)
    return letter.with_manuscript(changed)


def _change_structure(manuscript: Manuscript, form: LetterForm) -> Manuscript | None:
    """Add, remove or move a paragraph, a variant or a condition; None for an act that is none."""
    match form.verb, form.numbers:
        case "add-section", (section,):
            return manuscripts.add_section(manuscript, after=section)
        case "remove-section", (section,):
            return manuscripts.remove_section(manuscript, section)
        case "move", (section, way):
            return manuscripts.move_section(manuscript, section, by=1 if way > 0 else -1)
        case "add-variant", (section,):
            return manuscripts.add_variant(manuscript, section)
        case "remove-variant", (section, variant):
            return manuscripts.remove_variant(manuscript, section, variant)
        case "add-case", (section,):
            return manuscripts.add_case(manuscript, section, request.form.get(f"case.{section}", ""))
        case ("change-case" | "remove-case") as verb, (section, variant, number):
            case = manuscripts.cell(manuscript, manuscripts.cell_key(max(section, 0), max(variant, 0), max(number, 0)))
            if case is None:
                return None
            if verb == "remove-case":
                return manuscripts.remove_case(manuscript, section, case.test)
            return manuscripts.change_case(manuscript, section, case.test, to=request.form.get(f"case.{section}", ""))
    return None


def _insert_label(letter: EditorLetter) -> Manuscript | None:
    """Add a label at the end of a text, for the page without script; None for an unknown label or text."""
    key, _dot, language = request.form.get("insert_cell", "").rpartition(".")
    label = letter.labels.by_name.get(request.form.get("insert_label", ""))
    cell = manuscripts.cell(letter.manuscript, key)
    if label is None or cell is None or language not in set(Language):
        return None
    side = Language(language)
    is_condition = label.kind is LabelKind.CONDITION
    put = notation.empty_box(label, letter.labels, side) if is_condition else in_brackets(label, side)
    text = cell.text(side)
    space = " " if text and not text[-1].isspace() else ""
    return manuscripts.with_text(letter.manuscript, key, language=side, text=f"{text}{space}{put}")


def _save_draft(
    session: Session, copy: WorkingCopy, typed: EditorLetter, *, letter: EditorLetter, form: LetterForm
) -> Draft | None:
    """Save the draft; None where there is none and nothing was changed in what the page showed."""
    over = form.over.data
    if copy.row is None and not form.version.data:
        before = working_copy.read_revision(session, copy, over)
        if before and before.manuscript == letter.manuscript:
            return None
    before_typed, compared = (
        (DraftContent(copy.row.files, copy.row.typed), copy.row.comparison) if copy.row else (None, None)
    )
    draft = save_draft(session, copy, letter.draft_content, version=form.version.data, over=over)
    if form.verb == "undo":
        drafts.undo(draft)
    elif form.verb == "redo":
        drafts.redo(draft)
    elif form.verb in ACT_MESSAGES:
        drafts.add_undo_step(draft, typed.draft_content, form.verb, comparison=compared)
        _update_comparison(draft, form)
    elif before_typed is not None and before_typed.files != draft.files:
        draft.redo_steps = []
    return draft


def _update_comparison(draft: Draft, form: LetterForm) -> None:
    """Move the passages to be compared along with their texts; remove one that was taken."""
    if draft.comparison is None:
        return
    words = manuscripts.from_json(draft.comparison["words"])
    if form.verb in MOVING_ACTS:
        words = _change_structure(words, form) or words
    elif form.verb == "theirs":
        key, _dot, language = form.target.rpartition(".")
        words = manuscripts.with_text(words, key, language=Language(language), text="")
    draft.comparison = {**draft.comparison, "words": manuscripts.to_json(words)}


def _respond(
    session: Session, copy: WorkingCopy, letter: EditorLetter, *, form: LetterForm, draft: Draft | None
) -> ResponseReturnValue:
    here: dict[str, Any] = {"campaign": copy.campaign, "letter": copy.letter}
    if form.verb == "auto":
        saved_at = format_in_sentence(draft.saved_at) if draft else ""
        return jsonify(
            version=draft.version if draft else 0,
            saved=_("Draft saved %(time)s", time=saved_at) if draft else "",
            found=render_template("staff/editor_found.html", **_context(copy, letter)),
            meanwhile=_colleague_news(copy, draft.over_revision_id if draft else form.over.data),
        )
    if form.verb == "go":
        return redirect(url_for(OTHER_PAGES.get(form.target, "staff.letter"), **here), 303)
    if form.verb == "save":
        _save_revision(session, copy, letter, draft=draft)
        return redirect(url_for("staff.letter", **here), 303)
    if form.verb in {"undo", "redo"}:
        flash(_("Undone.") if form.verb == "undo" else _("Redone."))
        return redirect(url_for("staff.letter", **here), 303)
    flash(str(ACT_MESSAGES.get(form.verb, "")) or _("Draft saved."))
    return redirect(url_for("staff.letter", **here, _anchor=_anchor(form, letter)), 303)


def _anchor(form: LetterForm, letter: EditorLetter) -> str | None:
    if form.verb == "theirs" or not form.numbers:
        return None  # what is still to be compared stands at the top
    sections = letter.manuscript.sections
    if form.verb == "add-variant" and form.numbers[0] < len(sections):
        last = len(sections[form.numbers[0]].variants) - 1
        return cell_id(manuscripts.cell_key(form.numbers[0], last, 0), SIDE_BY_SIDE[0])
    moved = form.numbers[1] if form.verb == "move" and len(form.numbers) > 1 else 0
    place = form.numbers[0] + (1 if form.verb == "add-section" else moved)
    return f"s{min(max(place, 0), len(sections) - 1)}"


def _save_revision(session: Session, copy: WorkingCopy, letter: EditorLetter, *, draft: Draft | None) -> None:
    """Make a revision of the draft; what a revision cannot hold, empty paragraphs, stays in the draft."""
    if draft is not None and draft.over_revision_id != copy.newest.id:
        flash(_("Not saved yet: someone saved a revision in the meantime. First choose which text to keep."), "refused")
        return
    if working_copy.passages_to_compare(draft, letter):
        flash(
            _("Not saved yet: first compare the texts that you both changed, then press “I have compared them”."),
            "refused",
        )
        return
    files = letter.draft_content.files
    if draft is None or dict(files) == dict(drafts.files_of(session, copy.newest.id)):
        flash(_("Nothing has changed since revision %(number)d.", number=copy.newest.number))
    else:
        content: Mapping[str, bytes] = {name: text.encode() for name, text in files.items()}
        now = services().now()
        try:
            made = revisions.save(session, copy.campaign, copy.letter, files=content, by=current_account(), now=now)
        except revisions.IsArchived:
            flash(_("Not saved: this letter is archived. Restore it first."), "refused")
            return
        flash(_("Saved as revision %(number)d. The public won’t see it until you publish.", number=made.number))
        draft.over_revision_id = made.id
    if draft is not None and manuscript_source.read(letter.texts, letter.labels) == letter.manuscript:
        session.delete(draft)


def _conflict(
    session: Session, copy: WorkingCopy, letter: EditorLetter, *, form: LetterForm, saved: Draft | None
) -> ResponseReturnValue:
    """Show another tab's words beside these; nothing is written over."""
    if form.verb == "auto":
        return jsonify(conflict=True), 409
    if saved is None:
        there, over, version = working_copy.read_revision(session, copy, copy.newest.id), copy.newest.id, 0
    else:
        there = open_letter(copy.folder(saved.files), copy.letter, saved.typed)
        over, version = saved.over_revision_id, saved.version
    other = {"at": saved.saved_at if saved else copy.newest.at, "changes": working_copy.compared(letter, there)}
    return _page(copy, letter, form={"version": version, "over": over}, meanwhile=other), 409


def _colleague_news(copy: WorkingCopy, over: int) -> Mapping[str, Any]:
    """Return what others do, for a page whose words go on from the revision `over`: its notices, and what is new."""
    news = []
    if over != copy.newest.id:
        name, number = copy.newest.by, copy.newest.number
        if name and name != current_account().name:
            message = _(
                "%(name)s saved revision %(number)d meanwhile. Your text is all here.", name=name, number=number
            )
        else:
            message = _("Revision %(number)d was saved meanwhile. Your text is all here.", number=number)
        news.append({"key": f"revision:{copy.newest.id}", "said": message})
    for draft in copy.others:
        message = _(
            "%(name)s is writing a draft of this letter too. Each of you keeps your own text.", name=draft.account.name
        )
        news.append({"key": f"draft:{draft.id}", "said": message})
    return {"notices": render_template("staff/editor_colleagues.html", others=_other_writers(copy)), "news": news}


def _other_writers(copy: WorkingCopy) -> Sequence[tuple[str, str]]:
    return [(draft.account.name, format_in_sentence(draft.saved_at)) for draft in copy.others]


@dataclass(frozen=True, slots=True)
class Cell:
    """One text: `name` in the form, `id` on the page, its words and boxes, and what is wrong in it."""

    section: int
    id: str
    name: str
    language: Language
    label: str
    parts: Sequence[TextPart]
    rows: int
    notes: Sequence[Note]


def _review_status(session: Session, copy: WorkingCopy) -> dict[str, Any]:
    """Return where the newest revision is on its way, what this person can do next, and what was said of it."""
    account, newest = current_account(), session.get_one(Revision, copy.newest.id)
    status = campaign_statuses(session, copy.campaign)[copy.campaign].documents[copy.letter]
    alone = publication.publication_refusal(session, [newest], account) is None and account.role.may(Role.PUBLISHER)
    comments: dict[int | None, list[ReviewEntry]] = {}
    for entry in reviews.comments_of(session, newest.id):
        if entry.resolved_at is None:
            comments.setdefault(entry.paragraph, []).append(entry)
    return {
        "pending": None if copy.draft else status.pending,
        "asks": bool(publication.requestable(session, [newest], account)),
        "alone": alone and status.pending is Status.DRAFT,
        "answer": reviews.open_change_request(session, copy.document, account),
        "comments": comments,
    }


def _page(copy: WorkingCopy, letter: EditorLetter, **more: Any) -> str:
    saved = format_in_sentence(copy.draft.saved_at) if copy.draft else ""
    return render_template(
        "staff/editor.html",
        **{
            **_context(copy, letter),
            "newer": None,
            "preview": None,
            "meanwhile": None,
            "pending": None,
            "asks": False,
            "alone": False,
            "answer": None,
            "comments": {},
            "form": {"version": copy.version, "over": copy.over.id},
            "saved": saved,
            "others": _other_writers(copy),
            "known": " ".join([f"revision:{copy.newest.id}", *(f"draft:{draft.id}" for draft in copy.others)]),
            "to_compare": working_copy.passages_to_compare(copy.draft, letter),
            "undo": str(ACT_MESSAGES[copy.row.undo_steps[-1]["act"]]) if copy.row and copy.row.undo_steps else "",
            "redo": str(ACT_MESSAGES[copy.row.redo_steps[-1]["act"]]) if copy.row and copy.row.redo_steps else "",
            **more,
        },
    )


def _context(copy: WorkingCopy, letter: EditorLetter) -> dict[str, Any]:
    """Return what the page and its part that follows typing are made of."""
    language = current_language()
    found = letter_notes(letter)
    boxes = [
        (label, label.box_title)
        for label in letter.labels.by_name.values()
        if label.name.startswith("if ") and label.box_title
    ]
    return {
        "copy": copy,
        "editor_letter": letter,
        "title": letter.file.title.in_language(language),
        "titles": names.section_titles(letter, language),
        "cells": _cells(letter, found),
        "wrong_variants": {note.cell.rpartition("-c")[0] for note in found},
        "whom": {
            case.test: case_title(letter.labels, case.test, language)
            for _key, case in manuscripts.cells(letter.manuscript)
        },
        "notes": found,
        "advice": letter_advice_notes(letter),
        "lengths": {side: count for side, count in letter_lengths(letter).items() if count <= MAX_WORDS},
        "palette": _palette(letter),
        "shape": manuscripts.to_json(map_texts(letter.manuscript, lambda _key, _language, _text: "")),
        "sides": SIDE_BY_SIDE,
        "tests": [(test, case_title(letter.labels, test, language)) for test in offered_conditions(letter.campaign)],
        "conditions": {
            side: [(in_brackets(label, side), title.in_language(side)) for label, title in boxes] for side in Language
        },
        "always": notation.REMOVED_CONDITION,
        "errors": [],
    }


def _cells(letter: EditorLetter, found: Sequence[Note]) -> Mapping[str, Sequence[Cell]]:
    """Return the texts of each case in both languages, by its key."""
    by_cell: dict[str, list[Note]] = {}
    for note in found:
        by_cell.setdefault(note.cell, []).append(note)
    cells: dict[str, list[Cell]] = {}
    for key, case in manuscripts.cells(letter.manuscript):
        place = int(key.split(".")[0][1:])
        section = letter.manuscript.sections[place]
        for side in SIDE_BY_SIDE:
            text, id_ = case.text(side), cell_id(key, side)
            lines = sum(1 + len(line) // CHARACTERS for line in text.split("\n"))
            rows = 1 if section.is_subject else min(max(lines, 2), MAX_ROWS)
            parts = [text] if section.source else notation.split_boxes(text, letter.labels, side)
            label = names.cell_name(letter, key, side, language=side)
            cell = Cell(place, id_, f"{key}.{side.value}", side, label, parts, rows, by_cell.get(id_, ()))
            cells.setdefault(key, []).append(cell)
    return cells


def _palette(letter: EditorLetter) -> Sequence[tuple[str, Sequence[Label]]]:
    """Group the labels, those in use first; what only stands within a box comes in a last group, without a name."""
    used = {name for text in letter.texts.values() for name in names_in(text)}
    known = sorted(
        letter.labels.by_name.values(), key=lambda label: label.kind is LabelKind.FINDING and label.name not in used
    )
    groups = [
        (str(name), [label for label in known if label.kind in of and label.turn != "elif"]) for name, of in GROUPS
    ]
    return [*groups, ("", [label for label in known if label.turn not in {"", "if"}])]
