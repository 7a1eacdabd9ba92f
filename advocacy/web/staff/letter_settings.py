"""The form of a letter: how citizens choose it, and what it asks them; answers are edited where they are used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import BooleanField, FieldList, FormField, IntegerField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length as MaxLength
from wtforms.validators import NumberRange, Optional

from advocacy.campaigns.campaign_files import Length as LetterLength
from advocacy.campaigns.campaign_files import LetterFile, Offer
from advocacy.campaigns.campaign_folder import OWN_DOCUMENTS, SENTENCES
from advocacy.campaigns.checks.letter_check import FORM_FIELDS, RESERVED_WORDS
from advocacy.campaigns.differences import compare_documents
from advocacy.campaigns.documents import find_document
from advocacy.campaigns.editor.letter_edits import alternatives
from advocacy.campaigns.fields import Field, FieldKind, WordCount, citizen_fields
from advocacy.campaigns.letter_text import blank_names
from advocacy.campaigns.library import lock_campaigns
from advocacy.campaigns.skeletons import add_missing_keys, new_key
from advocacy.campaigns.terms import section_title
from advocacy.campaigns.toml_text import edit_toml
from advocacy.language import SOURCE, Wording
from advocacy.staff import revisions
from advocacy.staff.models import Role
from advocacy.toml_source import TomlProblems
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import account_in, bp, requires
from advocacy.web.staff.forms import (
    BilingualField,
    KeyField,
    PartForm,
    StaffForm,
    apply_row_button,
    check_lines,
    check_token,
    form_errors,
    lines_of,
    text,
    text_of_lines,
)
from advocacy.web.staff.problem_notes import sentence
from advocacy.web.staff.saved_meanwhile import VersionField, document_saved, is_outdated
from advocacy.web.staff.working_copy import (
    WorkingCopy,
    compare_saved,
    letter_form,
    open_working_copy,
    progress_of,
    save_copy,
)

PAGE = "/campaigns/<campaign>/letters/<letter>/fields"
MAIN, NEW = "main", "new"
KINDS = {
    FieldKind.CHOICE: _l("One answer from a list"),
    FieldKind.LINE: _l("A short line"),
    FieldKind.DATE: _l("A date"),
    FieldKind.WORDS: _l("Own words"),
    FieldKind.STATEMENTS: _l("Sentences to check"),
    FieldKind.EMAIL: _l("An e-mail address"),
    FieldKind.POSTAL_CODE: _l("A postal code"),
    FieldKind.PROVINCE: _l("A province"),
}
OFFERED = (
    SelectChoice(Offer.ALWAYS.value, _l("Always")),
    SelectChoice(Offer.STAGE_KNOWN.value, _l("While the stage of the bill is known")),
    SelectChoice(Offer.NEVER.value, _l("Not now")),
)
LENGTHS = (
    SelectChoice(LetterLength.FULL.value, _l("A full letter")),
    SelectChoice(LetterLength.SHORT.value, _l("A short letter")),
)
PARTS: Mapping[FieldKind, frozenset[str]] = {
    FieldKind.LINE: frozenset({"required", "max_characters"}),
    FieldKind.WORDS: frozenset({"required", "starters", "least", "most", "max_characters"}),
    FieldKind.CHOICE: frozenset({"required", "answers"}),
    FieldKind.STATEMENTS: frozenset({"max_ticks", "statements"}),
}
"""What a question has besides its words, by its kind; every other one can be made to be answered."""


class OfferForm(StaffForm):
    """How citizens choose the letter."""

    version = VersionField()
    title = text(_l("Name"), required=True, max_length=200)
    ask = text(_l("What it asks, in one sentence"), required=True, max_length=500, lines=2)
    kind = RadioField(
        _l("When it is offered"),
        choices=[
            SelectChoice(MAIN, _l("Main letter: to choose from")),
            SelectChoice(Offer.FOLLOW_UP.value, _l("Follow-up: on the receipt, after 21 days without an answer")),
            SelectChoice(Offer.THANKS.value, _l("Thank-you: on the receipt, after an answer")),
        ],
    )
    offer = RadioField(_l("A main letter is offered"), choices=OFFERED, default=Offer.ALWAYS.value)
    length = RadioField(_l("Length"), choices=LENGTHS)


class AnswerForm(PartForm):
    """One answer of a list, and the sentence that it becomes."""

    key = KeyField()
    label_ = text(_l("Answer"), required=True, max_length=120)
    sentence = text(_l("Sentence"), max_length=300, lines=1)
    sensitive = BooleanField(_l("Private: it is counted nowhere"))


class StatementForm(PartForm):
    """One sentence to check, and the ways in which letters say it."""

    key = KeyField()
    label_ = text(_l("Sentence to check"), required=True, max_length=120)
    wordings = text(_l("Ways letters say it, one a line"), required=True, max_length=4000, lines=5)
    sensitive = BooleanField(_l("Private: it is counted nowhere"))


class QuestionForm(StaffForm):
    """One question; `fit` leaves it what its kind has."""

    version = VersionField()
    label_ = text(_l("Question"), required=True, max_length=200)
    hint = text(_l("Hint under it"), max_length=1000, lines=2)
    answers = FieldList(FormField(AnswerForm, ""), _l("Answers, and the sentence each becomes"), max_entries=40)
    statements = FieldList(FormField(StatementForm, ""), _l("Sentences to check"), max_entries=12)
    starters = BilingualField(
        _l("Half sentences to begin with, one a line"),
        [MaxLength(max=2000)],
        field=TextAreaField,
        render_kw={"rows": 4},
    )
    least = IntegerField(_l("At least, in words"), [Optional(), NumberRange(1, 500)])
    most = IntegerField(_l("At most, in words"), [Optional(), NumberRange(1, 500)])
    max_ticks = IntegerField(_l("Sentences at most"), [NumberRange(1, 5)], default=3)
    max_characters = IntegerField(_l("Characters at most"), [NumberRange(1, 4000)], default=254)
    required = BooleanField(_l("It must be answered"))

    def fit(self, kind: FieldKind) -> "QuestionForm":
        """Leave the form what a question of this kind has."""
        for name in frozenset().union(*PARTS.values()) - PARTS.get(kind, frozenset({"required"})):
            delattr(self, name)
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what concerns several boxes."""
        valid = super().validate(extra_validators)
        if "least" in self and not self.least.errors and not self.most.errors:
            counts = [self.least.data, self.most.data]
            if any(counts) and (None in counts or counts[0] > counts[1]):
                self.least.errors = [_("A word count goes from fewer to more; fill in both numbers or neither.")]
        if "starters" in self and self.starters.wording:
            check_lines(self.starters)
        for row in self.statements if "statements" in self else ():
            if row.form.wordings.wording:
                check_lines(row.form.wordings)
        return valid and not form_errors(self)


@dataclass(frozen=True, slots=True)
class Question:
    """A question on the page: what it says closed, its form, where its answer is used, and who else uses its list."""

    field: Field
    digest: str
    form: QuestionForm
    uses: Sequence[str]
    also: Sequence[str]


@bp.get(PAGE, endpoint="letter_settings")
@requires(Role.WRITER)
def settings_page(campaign: str, letter: str) -> str:
    return _page(open_working_copy(g.session, campaign, letter), opened=request.args.get("open", ""))


@bp.post(PAGE, endpoint="letter_settings_saved")
@letter_form
@requires(Role.WRITER)
def save_settings(campaign: str, letter: str) -> ResponseReturnValue:
    """Save how the letter is chosen, or one question; add, move or remove a row of a list."""
    check_token()
    part = request.form.get("part", "")
    lock_campaigns(g.session)  # before it is read: nothing that somebody else saves meanwhile is written over
    copy = open_working_copy(g.session, campaign, letter)
    if part == "offer":
        offer = OfferForm(prefix="offer-")
        if not offer.validate_on_submit():
            return _page(copy, offer=offer, opened=part), 422
        return _store(copy, _with_offer(copy.file, offer), version=offer.version)
    field = _field(copy, part)
    rows = apply_row_button(request.form)
    question = _question_form(copy, field, part=part, formdata=rows if rows is not None else request.form)
    act = request.form.get("act", "save")
    if rows is not None:
        return _page(copy, question=(part, question), opened=part)
    if act == "remove" and _uses(copy, field.key) and request.form.get("sure") != field.key:
        return _page(copy, opened=part, removing=part), 422
    if act != "save":
        return _store(copy, _moved(copy.file, field.key, act), version=question.version)
    if not question.validate_on_submit():
        return _page(copy, opened=part, question=(part, question)), 422
    return _save_question(copy, field, part=part, form=question)


def _field(copy: WorkingCopy, part: str) -> Field:
    """Return the question that a form is about, its answers in it; a new one has the kind that was chosen."""
    kind = part.removeprefix(f"{NEW}-")
    if kind != part and kind in set(FieldKind):
        return Field.model_construct(key="", kind=FieldKind(kind), label=Wording.same(""))
    return next((field for field in copy.fields if field.key == part), None) or abort(400)


def _question_form(copy: WorkingCopy, field: Field, *, part: str, formdata: Any = None) -> QuestionForm:
    data = {
        "version": _version(copy, copy.version),
        "label_": field.label,
        "hint": field.hint,
        "answers": [
            {"key": one.key, "label_": one.label, "sentence": one.sentence, "sensitive": one.sensitive}
            for one in field.options
        ],
        "statements": [
            {"key": one.key, "label_": one.label, "wordings": text_of_lines(one.wordings), "sensitive": one.sensitive}
            for one in field.offered
        ],
        "starters": text_of_lines(field.prompts),
        "least": field.word_count.least if field.word_count else None,
        "most": field.word_count.most if field.word_count else None,
        "max_ticks": field.max_ticks,
        "max_characters": field.max_characters,
        "required": field.required,
    }
    return QuestionForm(formdata=formdata, prefix=f"{part}-", data=data).fit(field.kind)


def _with_offer(file: LetterFile, form: OfferForm) -> LetterFile:
    return file.model_copy(
        update={
            "title": form.title.required_wording,
            "ask": form.ask.required_wording,
            "offer": Offer(form.offer.data if form.kind.data == MAIN else form.kind.data),
            "length": LetterLength(form.length.data),
        }
    )


def _moved(file: LetterFile, key: str, act: str) -> LetterFile:
    """Return the letter with a question moved up or down, or removed."""
    fields = [*file.fields]
    at = next(place for place, field in enumerate(fields) if field.key == key)
    field = fields.pop(at)
    if act in {"up", "down"}:
        fields.insert(max(0, at + (1 if act == "down" else -1)), field)
    return file.model_copy(update={"fields": tuple(fields)})


def _save_question(copy: WorkingCopy, field: Field, *, part: str, form: QuestionForm) -> ResponseReturnValue:
    """Save a question in the letter's draft, and its list, where it changed, in the campaign's sentences."""
    values, sentences = _values(field, form), None
    if not field.key:
        taken = {one.key for one in (*citizen_fields(), *copy.file.fields)} | RESERVED_WORDS | FORM_FIELDS
        values["key"] = new_key(form.label_.required_wording[SOURCE], taken)
    lists = "choices" if field.kind is FieldKind.CHOICE else "statements"
    if field.kind in {FieldKind.CHOICE, FieldKind.STATEMENTS}:
        shared = copy.folder.sentences()
        name = getattr(field, lists) or new_key(values.get("key", field.key), {*shared.choices, *shared.statements})
        values[lists] = name
        try:
            sentences = _with_list(copy, form, place=(lists, name))
        except TomlProblems as refused:
            form.form_errors = [*form.form_errors, *map(sentence, refused.problems)]
            return _page(copy, opened=part, question=(part, form)), 422
    own = next((one for one in copy.file.fields if one.key == field.key), field)
    changed = own.model_copy(update=values)
    fields = [changed if one.key == field.key else one for one in copy.file.fields]
    file = copy.file.model_copy(update={"fields": tuple(fields if field.key else [*fields, changed])})
    return _store(copy, file, version=form.version, sentences=sentences, part=changed.key)


def _values(field: Field, form: QuestionForm) -> dict[str, Any]:
    """Return what a form says of a question, besides its list."""
    values: dict[str, Any] = {"label": form.label_.required_wording, "hint": form.hint.wording}
    for name in {"required", "max_characters", "max_ticks"} & {box.short_name for box in form}:
        values[name] = form[name].data
    if field.kind is FieldKind.WORDS:
        has_count = form.least.data and form.most.data
        values["word_count"] = WordCount(least=form.least.data, most=form.most.data) if has_count else None
        values["prompts"] = lines_of(form.starters)
    return values


def _with_list(copy: WorkingCopy, form: QuestionForm, *, place: tuple[str, str]) -> bytes | None:
    """Return the campaign's sentences with the answers or sentences of a question, None where they stay as they are.

    Raises TomlProblems.
    """
    rows: list[dict[str, Any]] = []
    for box in form.answers if place[0] == "choices" else form.statements:
        row = box.form
        values = {"key": row.key.data, "label": row.label_.required_wording}
        if place[0] == "choices":
            values["sentence"] = row.sentence.wording
        else:
            values["wording"] = list(lines_of(row.wordings))
        rows.append({**values, **({"sensitive": True} if row.sensitive.data else {})})
    add_missing_keys(rows, "label")
    before = copy.folder.content(SENTENCES) or b""
    content = edit_toml(before, {place: rows})
    if content == edit_toml(before, {}):
        return None
    copy.folder.with_texts({SENTENCES: content.decode()}).sentences()
    return content


def _version(copy: WorkingCopy, letter: str) -> str:
    """Return the version of what the page edits: the letter's, and that of the campaign's sentences."""
    sentences = find_document(g.session, copy.campaign, OWN_DOCUMENTS[SENTENCES])
    return f"{letter}.{sentences.version if sentences else 0}"


def _store(
    copy: WorkingCopy,
    file: LetterFile,
    *,
    version: VersionField,
    sentences: bytes | None = None,
    part: str | None = None,
) -> ResponseReturnValue:
    """Save the letter in its draft, and the campaign's sentences as a revision; raise SavedMeanwhile."""
    lists = OWN_DOCUMENTS[SENTENCES]
    saved_version = _version(copy, copy.saved_version)
    if is_outdated(version, saved_version):
        changed = copy.with_file(file).folder
        if sentences is not None:
            changed = changed.with_texts({SENTENCES: sentences.decode()})
        rows = [*compare_saved(g.session, copy, changed), *compare_documents(copy.folder, changed, lists)]
        document = copy.document
        if (version.data or "").startswith(f"{copy.saved_version}."):
            document = find_document(g.session, copy.campaign, lists) or document
        raise document_saved(version, saved_version, document, rows=rows)
    if sentences is not None:
        by, now, files = account_in(g.session), services().now(), {SENTENCES: sentences}
        revisions.save(g.session, copy.campaign, lists, files=files, by=by, now=now)
    save_copy(g.session, copy, file)
    flash(_("Saved. Your team sees it, the public does not yet."))
    return redirect(url_for("staff.letter_settings", **copy.place, _anchor=f"q-{part}" if part else None), 303)


def _uses(copy: WorkingCopy, key: str) -> Sequence[str]:
    """Return where in the letter an answer is used, as the page calls the places."""
    language, titles = current_language(), {}
    for number, section in enumerate(copy.file.sections, start=1):
        titles[section.key] = section_title(section.key, number).in_language(language)
    found = {
        titles[place.section]: None
        for place, alternative in alternatives(copy.file)
        if any(key in blank_names(words) for words in alternative.texts.values())
    }
    return [*found]


def _also(copy: WorkingCopy, field: Field) -> Sequence[str]:
    """Return the other letters whose questions have the same answers or sentences."""
    named = (field.choices, field.statements)
    return [
        letter.title.in_language(current_language())
        for name, letter in copy.folder.readable_letters().items()
        if name != copy.letter and any(named) and named in {(one.choices, one.statements) for one in letter.fields}
    ]


def _digest(field: Field) -> str:
    """Return in a line what a question asks for."""
    words = str(KINDS[field.kind])
    if field.kind is FieldKind.CHOICE:
        words = ngettext("One of %(num)d answer", "One of %(num)d answers", len(field.options))
    elif field.kind is FieldKind.STATEMENTS:
        words = ngettext("%(num)d sentence to check", "%(num)d sentences to check", len(field.offered))
    elif field.word_count:
        words = _("%(least)d to %(most)d words", least=field.word_count.least, most=field.word_count.most)
    return f"{words} · {_('must be answered') if field.required else _('optional')}"


def _page(
    copy: WorkingCopy,
    *,
    opened: str,
    offer: OfferForm | None = None,
    question: tuple[str, QuestionForm] | None = None,
    **more: Any,
) -> str:
    file = copy.file
    is_main = file.offer.is_on_form or file.offer is Offer.NEVER
    data = {
        "version": _version(copy, copy.version),
        "title": file.title,
        "ask": file.ask,
        "kind": MAIN if is_main else file.offer.value,
        "offer": file.offer.value if is_main else Offer.ALWAYS.value,
        "length": file.length.value,
    }
    typed = dict([question] if question else [])
    parts = [(field.key, field) for field in copy.fields]
    if opened.startswith(f"{NEW}-"):
        parts.append((opened, _field(copy, opened)))
    return render_template(
        "staff/letter_settings.html",
        **{
            "copy": copy,
            "progress": progress_of(g.session, copy),
            "offer": offer or OfferForm(formdata=None, prefix="offer-", data=data),
            "questions": [
                (
                    part,
                    Question(
                        field,
                        _digest(field),
                        typed.get(part) or _question_form(copy, field, part=part),
                        _uses(copy, field.key),
                        _also(copy, field),
                    ),
                )
                for part, field in parts
            ],
            "kinds": [*KINDS.items()],
            "opened": opened,
            "removing": "",
            **more,
        },
    )
