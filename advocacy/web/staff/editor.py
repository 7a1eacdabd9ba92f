"""The text of a letter: both languages side by side, saved for the team as it is typed."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from flask import abort, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from pydantic import ValidationError
from sqlalchemy.orm import Session
from wtforms import HiddenField, StringField
from wtforms.validators import Regexp
from wtforms.validators import ValidationError as FormError

from advocacy.campaigns.campaign_files import LetterFile
from advocacy.campaigns.checks.typography import correct_typography
from advocacy.campaigns.editor import letter_edits
from advocacy.campaigns.editor.labels import LabelKind
from advocacy.campaigns.editor.letter_edits import (
    AlternativeKey,
    alternatives,
    usual_first,
    with_blank_at_end,
    with_typed,
)
from advocacy.campaigns.fields import FieldKind
from advocacy.campaigns.legislation import Role as Reader
from advocacy.campaigns.letter_text import (
    MAX_ALTERNATIVES,
    MAX_CELL,
    MAX_SECTIONS,
    SUBJECT,
    Alternative,
    Section,
    blank_names,
)
from advocacy.campaigns.library import lock_campaigns
from advocacy.campaigns.models import Revision
from advocacy.campaigns.only_for import OnlyFor
from advocacy.campaigns.terms import describe_only_for, section_title
from advocacy.campaigns.word_differences import Piece, compare_texts
from advocacy.language import SIDE_BY_SIDE, Language
from advocacy.messages import Words, message
from advocacy.staff import drafts, reviews, revisions
from advocacy.staff.models import ReviewEntry, Role
from advocacy.toml_source import Frozen
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import account_in, bp, requires
from advocacy.web.staff.forms import OnlyForForm, StaffForm
from advocacy.web.staff.problem_notes import Note, letter_notes
from advocacy.web.staff.saved_meanwhile import DROP, VersionField, document_saved, is_outdated
from advocacy.web.staff.working_copy import (
    WorkingCopy,
    cell_name,
    compare_saved,
    letter_form,
    open_working_copy,
    progress_of,
    save_copy,
)

PAGE = "/campaigns/<campaign>/letters/<letter>"
TABS = {"text": "staff.letter", "form": "staff.letter_settings", "preview": "staff.letter_preview"}
CHARACTERS = 50
"""About how many characters a line of a text area holds on a wide screen."""
NEAR = 24
"""Characters shown on either side of changed words."""
HELP = {
    "subject": _l("What the office sees first"),
    "opening": _l("Who writes, and what for"),
    "own_words": _l("Asked in the form"),
    "survey": _l("Why it is worth asking"),
    "bill": _l("What the law would do"),
    "ask": _l("One thing that the reader can do"),
    "reasons": _l("One reason that stays in mind"),
    "closing": _l("A last thought, and how to answer"),
}
GROUPS = (
    (LabelKind.MINE, _l("From the person")),
    (LabelKind.SHARED, _l("Sentences of the campaign")),
    (LabelKind.FIGURE, _l("Figures")),
    (LabelKind.FACT, _l("Facts")),
)
USUAL_READERS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "own_member": {"roles": (Reader.OWN_MEMBER,)},
    "senator": {"roles": (Reader.SENATOR,)},
    "minister": {"roles": (Reader.RESPONSIBLE_MINISTER, Reader.MINISTER)},
    "riding": {"given": ("riding",)},
}
"""The readers that one press chooses."""
OTHERS = message("For everyone else")
ONE_OF = message("%(number)d of %(count)d")
DONE = {
    "copy": _l("Another way to say it: a copy to change."),
    "for": _l("It is only for them now."),
    "everybody": _l("It is for everybody now."),
    "remove": _l("Removed."),
    "remove-section": _l("Section removed."),
    "add-section": _l("Section added."),
    "fix": _l("Inserted."),
}
"""What is said once an act is done that moves the page."""
ON_ANY_PAGE = {"save", "auto", "go", "ask", "publish", "comment", "done", "only"}
"""What may be pressed on a page that is older than what was saved: it changes no section and no alternative."""
ON_THE_SAME_TEXT = {"for", "everybody", "same"}
"""What may be pressed there too, while the texts that it is done to are those that the page shows."""


class Shown(Frozen):
    """The texts that a page shows as they were saved last, and which of them were not written anew when it was opened.

    `began` has the texts that changed since then, as they were.
    """

    texts: Mapping[str, str]
    began: Mapping[str, str] = {}
    stale: tuple[str, ...] = ()

    def before(self, name: str) -> str:
        """Return a text as it was when the page was opened."""
        return self.began.get(name, self.texts.get(name, ""))


class LetterForm(StaffForm):
    """What the page sends besides the texts, which are named by their cells: "opening-0-fr".

    `act` is what was pressed and what it is done to: "copy:opening", "fix:opening-0-fr:riding".
    """

    version = VersionField(validators=[Regexp(r"[0-9]+\.[0-9]+$")])
    shown = HiddenField()
    act = StringField(default="save")

    def validate_shown(self, field: HiddenField) -> None:
        """Refuse what no page of ours sends."""
        try:
            self.page = Shown.model_validate_json(field.data or "")
        except ValidationError:
            raise FormError from None

    @property
    def verb(self) -> str:
        return str(self.act.data).partition(":")[0]

    @property
    def target(self) -> str:
        return str(self.act.data).partition(":")[2]

    def typed(self, name: str) -> str:
        """Return what was typed into a text; what the page showed where the text is not among its fields."""
        text = request.form.get(name)
        return self.page.texts.get(name, "") if text is None else text.replace("\r\n", "\n").replace("\r", "\n")

    def is_typed(self, name: str) -> bool:
        """Whether something was typed into a text of the page."""
        return name in self.page.texts and self.typed(name) != self.page.texts[name]

    def is_as_shown(self, copy: WorkingCopy, name: str) -> bool:
        """Whether nobody else saved a text since the page showed it; what it showed may be as it was typed."""
        if name not in self.page.texts or name not in copy.texts:
            return False
        shown, language = self.page.texts[name], _cell(name)[1]
        corrected = copy.labels.read(correct_typography(shown, language).strip(), language)
        return copy.texts[name] in {shown, copy.labels.show(corrected, language)}


@bp.get(PAGE, endpoint="letter")
@requires(Role.WRITER)
def letter_page(campaign: str, letter: str) -> str:
    return _page(open_working_copy(g.session, campaign, letter))


@bp.post(PAGE, endpoint="letter_saved")
@letter_form
@requires(Role.WRITER)
def save_letter(campaign: str, letter: str) -> ResponseReturnValue:
    """Save what was typed for the team, and do what was pressed."""
    form = LetterForm()
    if not form.validate_on_submit():
        abort(400)
    lock_campaigns(g.session)  # before it is read: nothing that somebody else saves meanwhile is written over
    copy = open_working_copy(g.session, campaign, letter)
    too_long = [name for name in copy.texts if len(form.typed(name)) > MAX_CELL]
    if too_long:
        return _refuse(copy, form, names=too_long)
    file = _apply(copy.with_file(_with_typed(copy, form)), form)
    if is_outdated(form.version, copy.version if form.verb == DROP else copy.saved_version):
        _check_places(copy, file, form=form)
    copy = save_copy(g.session, copy, file)
    if form.verb == "auto":
        found = render_template("staff/editor_found.html", copy=copy, page=LetterView(g.session, copy))
        return jsonify(version=str(copy.version), saved=copy.saved, found=found)
    return _respond(copy, form)


def _check_places(copy: WorkingCopy, file: LetterFile, *, form: LetterForm) -> None:
    """Raise SavedMeanwhile where a text that was typed into was saved by somebody else too, or its place is gone.

    So does what changes a section or an alternative: it may be another one by now. And so does whatever is written over
    a revision that the draft hides.
    """
    typed = [name for name in sorted(form.page.texts) if form.is_typed(name)]
    lost = [form.typed(name) for name in typed if name not in copy.texts]
    both = [
        name
        for name in typed
        if name in copy.texts and copy.texts[name] != form.typed(name) and not form.is_as_shown(copy, name)
    ]
    is_allowed = form.verb in ON_ANY_PAGE or (form.verb in ON_THE_SAME_TEXT and _is_target_as_shown(copy, form))
    if copy.hides_revision:
        is_allowed = file == copy.file and form.verb not in {"ask", "publish"}
    if lost or both or not is_allowed:
        rows = compare_saved(g.session, copy, copy.with_file(file).folder)
        raise document_saved(form.version, copy.saved_version, copy.document, rows=rows, lost=lost)


def _is_target_as_shown(copy: WorkingCopy, form: LetterForm) -> bool:
    """Whether the section or alternative that something is done to has the texts that the page shows of it."""
    names = [name for name in {**form.page.texts, **copy.texts} if name.startswith(form.target)]
    return all(form.is_as_shown(copy, name) for name in names)


def _with_typed(copy: WorkingCopy, form: LetterForm) -> LetterFile:
    """Return the letter with what was typed, its signs set as each language sets them.

    A text that was not typed into stays as it was saved last, by whomever. What somebody else wrote there is no change
    of this page's, and where nothing was typed nothing is marked.
    """
    file = copy.file
    for key, stored in alternatives(copy.file):
        names = {language: cell_name(key, language) for language in Language}
        if not any(form.is_typed(name) for name in names.values()):
            continue
        typed, shown = {}, {}
        for language, name in names.items():
            text, before = form.typed(name), form.page.before(name)
            if not form.is_typed(name):
                text = copy.texts[name]
                before = before if form.is_as_shown(copy, name) else text
            words = text if text == before else correct_typography(text, language)
            typed[language] = copy.labels.read(words.strip(), language)
            shown[language] = copy.labels.read(before.strip(), language)
        stale = [language for language in Language if cell_name(key, language) in form.page.stale]
        written = with_typed(stored, typed, shown=shown, stale=stale)
        file = letter_edits.with_alternative(file, key, partial(_replaced, by=written))
    return file


def _replaced(_stored: Alternative, *, by: Alternative) -> Alternative:
    return by


def _apply(copy: WorkingCopy, form: LetterForm) -> LetterFile:
    """Return the letter once the button that was pressed has done its work."""
    file, target = copy.file, form.target
    match form.verb:
        case "copy":
            return letter_edits.add_alternative(file, target)
        case "for":
            return _set_only_for(copy, target)
        case "everybody":
            return letter_edits.set_only_for(file, _key(target), None)
        case "remove":
            return letter_edits.remove_alternative(file, _key(target))
        case "add-section":
            return letter_edits.add_section(file)
        case "remove-section":
            return letter_edits.remove_section(file, target)
        case "up" | "down":
            return letter_edits.move_section(file, target, by=-1 if form.verb == "up" else 1)
        case "same":
            return letter_edits.says_the_same(file, *_cell(target))
        case "fix":
            return _fix(copy, *target.partition(":")[::2])
    return file


def _key(text: str) -> AlternativeKey:
    try:
        return AlternativeKey.read(text)
    except ValueError:
        abort(400)


def _cell(name: str) -> tuple[AlternativeKey, Language]:
    """Read the name of a text: "opening-0-fr"."""
    key, _dash, language = name.rpartition("-")
    return (_key(key), Language(language)) if language in set(Language) else abort(400)


def _set_only_for(copy: WorkingCopy, target: str) -> LetterFile:
    """Set for whom an alternative is; add one for them where the target is a section."""
    whom, typed = request.form.get("for", ""), OnlyForForm(request.form)
    words = next((field.key for field in copy.file.fields if field.kind is FieldKind.WORDS), "")
    chosen: Mapping[str, Sequence[str]] | None = {
        **USUAL_READERS,
        "own_words": {"given": (words,) if words else ()},
        "answered": {"given": tuple(filter(None, [request.form.get("question")]))},
    }.get(whom)
    only = typed.only_for if chosen is None else {**typed.only_for, "roles": (), "given": (), **chosen}
    try:
        only_for = OnlyFor.model_validate(only)
    except ValidationError:
        flash(_("Choose for whom it is."), "refused")
        return copy.file
    if "-" in target:
        return letter_edits.set_only_for(copy.file, _key(target), only_for)
    return letter_edits.add_alternative(copy.file, target, only_for)


def _fix(copy: WorkingCopy, name: str, blank: str) -> LetterFile:
    """Put a blank in the place of the figure that was typed for it, or at the end of each language that lacks it."""
    key, language = _cell(name)
    if blank not in copy.labels.by_name:
        abort(400)
    citable = [
        (start, length)
        for note in letter_notes(copy)
        for cited, start, length in note.problem.params.get("citable", ())
        if note.cell == name and cited == blank
    ]

    def fixed(alternative: Alternative) -> Alternative:
        texts = dict(alternative.texts)
        if citable:
            start, length = citable[0]
            texts[language] = f"{texts[language][:start]}{{{{ {blank} }}}}{texts[language][start + length :]}"
        else:
            lacking = {one: text for one, text in texts.items() if blank not in blank_names(text)}
            texts |= {one: with_blank_at_end(text, blank) for one, text in lacking.items()}
        return alternative.model_copy(update={"texts": texts})

    return letter_edits.with_alternative(copy.file, key, fixed)


def _respond(copy: WorkingCopy, form: LetterForm) -> ResponseReturnValue:
    """Do what is no change of the text, and lead to where the work goes on."""
    match form.verb:
        case "go":
            return redirect(url_for(TABS.get(form.target, "staff.letter"), **copy.place), 303)
        case "only":
            return redirect(url_for("staff.letter", **copy.place, only=form.target, _anchor="only"), 303)
        case "ask" | "publish":
            return _ask(copy)
        case "drop":
            if copy.draft is not None:
                drafts.drop(g.session, copy.draft)
            flash(_("The changes are dropped."))
        case "comment":
            _comment(copy, form)
        case "done":
            _resolve(copy, form.target)
        case "save":
            flash(_("Saved. Your team sees it, the public does not yet."))
        case verb if verb in DONE:
            flash(str(DONE[verb]))
    return redirect(url_for("staff.letter", **copy.place, _anchor=_anchor(copy, form)), 303)


def _anchor(copy: WorkingCopy, form: LetterForm) -> str | None:
    """Return the part of the page that an act was done to."""
    if form.verb == "add-section":
        return copy.file.sections[-1].key
    if form.verb == "copy":
        counts = {section.key: len(section.alternatives) for section in copy.file.sections}
        return f"{form.target}-{counts.get(form.target, 1) - 1}"
    return form.target.split(":")[0] or None


def _ask(copy: WorkingCopy) -> ResponseReturnValue:
    """Make a revision of the draft, and lead to the page on which it is sent for review or published."""
    revision = copy.newest
    if copy.draft is not None:
        try:
            revision = drafts.make_revision(g.session, copy.draft, by=account_in(g.session), now=services().now()).id
        except revisions.IsArchived:
            g.session.rollback()
            flash(_("This letter is archived. Restore it first."), "refused")
            return redirect(url_for("staff.letter", **copy.place), 303)
    return redirect(url_for("staff.review", revision=revision), 303)


def _comment(copy: WorkingCopy, form: LetterForm) -> None:
    """Add what was written beside an alternative, or about the whole letter, as a comment on what the page shows."""
    text, target = request.form.get(f"comment-{form.target}", "").strip(), form.target
    keys = {str(key): key for key, _alternative in alternatives(copy.file)}
    if not text:
        flash(_("Write a comment."), "refused")
        return
    place: dict[str, Any] = {}
    if target in keys:
        language = current_language()
        quote = form.typed(cell_name(keys[target], language))
        place = {"cell": target, "language": language, "quote": " ".join(quote.split())}
    revision = g.session.get_one(Revision, copy.newest)
    reviews.comment(g.session, revision, text=text, by=account_in(g.session), now=services().now(), **place)
    flash(_("Comment added."))


def _resolve(copy: WorkingCopy, target: str) -> None:
    is_number = target.isascii() and target.isdecimal() and len(target) < 10
    entry = g.session.get(ReviewEntry, int(target)) if is_number else None
    if entry is None or entry.document_id != copy.document.id or entry.kind != reviews.Event.COMMENT:
        abort(404)
    reviews.resolve(g.session, entry, by=account_in(g.session), now=services().now())
    flash(_("Comment resolved."))


def _refuse(copy: WorkingCopy, form: LetterForm, *, names: Sequence[str]) -> ResponseReturnValue:
    """Show which texts are too long; all that was typed stays on the page."""
    words = _("A text has at most %(most)d characters: shorten this one.", most=MAX_CELL)
    if form.verb == "auto":
        return jsonify(refused=words), 422
    typed = {name: form.typed(name) for name in copy.texts}
    return _page(copy, typed=typed, errors=dict.fromkeys(names, words)), 422


def _marked(copy: WorkingCopy, before: str, after: str, *, language: Language) -> Sequence[Piece]:
    return tuple(compare_texts(before, after, [copy.labels.by_words[language]]))


class LetterView:
    """A letter as its page shows it; `typed` are texts that stand there instead of those that were saved."""

    def __init__(self, session: Session, copy: WorkingCopy, *, typed: Mapping[str, str] | None = None) -> None:
        self.copy, self.typed = copy, {**copy.texts, **(typed or {})}
        self.progress, self.notes = progress_of(session, copy), letter_notes(copy)
        self.comments: dict[str | None, list[ReviewEntry]] = {}
        keys = {str(key) for key, _alternative in alternatives(copy.file)}
        for entry in reviews.comments_of(session, copy.newest):
            if entry.resolved_at is None:
                self.comments.setdefault(entry.cell if entry.cell in keys else None, []).append(entry)

    @property
    def to_fix(self) -> Sequence[Note]:
        return [note for note in self.notes if not note.problem.is_advice]

    @property
    def elsewhere(self) -> Sequence[Note]:
        """The problems that are about no text."""
        return [note for note in self.notes if not note.cell]

    def sections(self) -> Iterator[Mapping[str, Any]]:
        """Yield each section with what the page says of it."""
        for number, section in enumerate(self.copy.file.sections, start=1):
            yield {
                "key": section.key,
                "title": section_title(section.key, number).in_language(current_language()),
                "help": HELP.get(section.key, ""),
                "is_subject": section.key == SUBJECT,
                "is_own_words": letter_edits.is_what_the_person_writes(section, self.copy.file.fields),
                "is_full": len(section.alternatives) >= MAX_ALTERNATIVES,
                "alternatives": [*self._alternatives(section)],
            }

    def _alternatives(self, section: Section) -> Iterator[Mapping[str, Any]]:
        """Yield each way to say a section: for whom it is, its texts, and what stands beside them."""
        for key, alternative in usual_first(section):
            names = {cell_name(key, language): language for language in SIDE_BY_SIDE}
            wrong = {note.cell for note in self.to_fix}
            yield {
                "key": str(key),
                "title": self._title(section, alternative, number=key.number),
                "is_for_some": alternative.only_for is not None,
                "cells": [
                    {
                        "name": name,
                        "language": language,
                        "text": self.typed[name],
                        "rows": sum(1 + len(line) // CHARACTERS for line in self.typed[name].split("\n")),
                        "is_wrong": name in wrong,
                    }
                    for name, language in names.items()
                ],
                "notes": [note for note in self.notes if note.cell in names],
                "stale": [*self._stale(key, alternative)],
                "comments": self.comments.get(str(key), ()),
            }

    def _title(self, section: Section, alternative: Alternative, *, number: int) -> str:
        """Return for whom an alternative is, and the how manieth for them."""
        same = [place for place, one in enumerate(section.alternatives) if one.only_for == alternative.only_for]
        parts: list[Words] = []
        if alternative.only_for is not None:
            parts.append(describe_only_for(alternative.only_for, self.copy.file.fields))
        elif len(same) < len(section.alternatives):
            parts.append(OTHERS)
        if len(same) > 1:
            parts.append(ONE_OF.with_params(number=same.index(number) + 1, count=len(same)))
        return " · ".join(part.in_language(current_language()) for part in parts)

    def _stale(self, key: AlternativeKey, alternative: Alternative) -> Iterator[Mapping[str, Any]]:
        """Yield each language that was not written anew, with the changed words of the other one."""
        for language, before in alternative.stale.items():
            other = next(one for one in Language if one is not language)
            shown = self.copy.labels.show(before, other)
            words = _marked(self.copy, shown, self.copy.texts[cell_name(key, other)], language=other)
            yield {
                "name": cell_name(key, language),
                "language": language,
                "other": other,
                "words": [*_around_changes(words)],
            }


def _around_changes(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Yield changed words with a few of those around them."""
    for place, piece in enumerate(pieces):
        text = piece.text
        if not piece.change and len(text) > 2 * NEAR:
            before, after = text[:NEAR] if place else "", text[-NEAR:] if place < len(pieces) - 1 else ""
            text = f"{before}…{after}"
        yield piece._replace(text=text)


def _page(copy: WorkingCopy, *, errors: Mapping[str, str] | None = None, typed: Mapping[str, str] | None = None) -> str:
    """Show the letter; `typed` are texts that stand in it instead of those that were saved."""
    stale = [cell_name(key, language) for key, alternative in alternatives(copy.file) for language in alternative.stale]
    return render_template(
        "staff/editor.html",
        copy=copy,
        page=LetterView(g.session, copy, typed=typed),
        shown=Shown(texts=dict(copy.texts), stale=tuple(stale)).model_dump_json(),
        groups=[
            (name, [label for label in copy.labels.by_name.values() if label.kind is kind]) for kind, name in GROUPS
        ],
        only=_panel(copy, request.args.get("only", "")),
        may_add_section=len(copy.file.sections) < MAX_SECTIONS,
        errors=errors or {},
    )


def _panel(copy: WorkingCopy, target: str) -> Mapping[str, Any] | None:
    """Return what the panel “Only for” shows, None where it is closed; the target is an alternative or a section."""
    by_key = {str(key): alternative.only_for for key, alternative in alternatives(copy.file)}
    if target not in by_key and target not in {section.key for section in copy.file.sections}:
        return None
    language, only_for, fields = current_language(), by_key.get(target), copy.file.fields
    questions = [
        (field.key, field.label.in_language(language)) for field in fields if field.kind is not FieldKind.WORDS
    ]
    words = [field.key for field in fields if field.kind is FieldKind.WORDS][:1]
    roles, given = (tuple(only_for.roles), only_for.given) if only_for else ((), ())
    chosen = next(
        (
            name
            for name, whom in USUAL_READERS.items()
            if (whom.get("roles", ()), whom.get("given", ())) == (roles, given)
        ),
        "own_words" if words and given == (words[0],) and not roles else "more" if only_for else "",
    )
    return {
        "target": target,
        "chosen": "answered" if chosen == "more" and not roles and set(given) & {*dict(questions)} else chosen,
        "question": given[0] if given else "",
        "has_words": bool(words),
        "questions": questions,
        "form": OnlyForForm(
            data={
                "roles": roles,
                "given": given,
                "stages": only_for.stages if only_for else (),
                "portfolios": OnlyForForm.SEPARATOR.join(only_for.portfolios if only_for else ()),
            }
        ),
        "is_for_some": only_for is not None,
    }
