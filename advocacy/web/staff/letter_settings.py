"""The settings of a letter: its title and ask, when it is offered, and the questions it asks the citizen."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import BooleanField, FieldList, Form, FormField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from advocacy.campaigns.campaign_files import Length as LetterLength
from advocacy.campaigns.campaign_files import Offer
from advocacy.campaigns.campaign_folder import LETTER
from advocacy.campaigns.checks.declarations import names_in
from advocacy.campaigns.editor import manuscript_source
from advocacy.campaigns.editor.editor_letter import DraftContent, EditorLetter, cell_name
from advocacy.campaigns.fields import MAX_TICKS, Field, FieldKind, Option, Statement, WordCount, citizen_fields
from advocacy.campaigns.grammar.allowed_names import FORM_FIELDS, RESERVED_WORDS
from advocacy.campaigns.letter_toml import update_letter_toml
from advocacy.campaigns.setting_differences import FIELD_KINDS
from advocacy.database import immediate
from advocacy.language import SOURCE, Language, Wording
from advocacy.staff import drafts
from advocacy.staff.drafts import SavedMeanwhile
from advocacy.staff.models import Role
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import bp, requires
from advocacy.web.staff.forms import BilingualField, StaffForm, apply_row_button
from advocacy.web.staff.problem_notes import cell_id
from advocacy.web.staff.working_copy import WorkingCopy, letter_form, open_working_copy, save_draft, whole_number

PAGE = "/campaigns/<campaign>/letters/<letter>/fields"
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
MAX_QUESTIONS, MAX_STARTERS = 30, 12
OFFERS = (
    SelectChoice(Offer.ALWAYS.value, _l("Always")),
    SelectChoice(Offer.STAGE_KNOWN.value, _l("While the stage of the bill is known")),
    SelectChoice(Offer.FOLLOW_UP.value, _l("On the receipt, after 21 days without an answer")),
    SelectChoice(Offer.THANKS.value, _l("On the receipt, after an answer")),
    SelectChoice(Offer.NEVER.value, _l("Never")),
)
LENGTHS = (
    SelectChoice(LetterLength.FULL.value, _l("A full letter")),
    SelectChoice(LetterLength.SHORT.value, _l("A short letter")),
)


def _short(most: int) -> list[Length]:
    return [Length(max=most, message=_l("%(max)d characters at most."))]


class QuestionForm(Form):  # type: ignore[misc]
    label_ = BilingualField(_l("Question"), [InputRequired(_l("Fill in both languages.")), *_short(200)])
    hint = BilingualField(_l("Hint"), _short(1000), field=TextAreaField)
    kind = SelectField(_l("Kind of answer"))
    required = BooleanField(_l("Must be answered"))
    choices = SelectField(_l("List of answers, for a choice"))
    statements = SelectField(_l("List of sentences, for sentences to check"), validate_choice=False)
    max_ticks = IntegerField(
        _l("Sentences at most"),
        [Optional(), NumberRange(1, 5, _l("Write a whole number from 1 to %(max)s."))],
        default=MAX_TICKS,
    )
    max_characters = IntegerField(
        _l("Characters at most"),
        [InputRequired(), NumberRange(1, 4000, _l("Write a whole number from 1 to %(max)s."))],
        default=254,
    )
    least = IntegerField(_l("Suggested length: from (words)"), [Optional(), NumberRange(1, 500)])
    most = IntegerField(_l("to (words)"), [Optional(), NumberRange(1, 500)])
    starters = FieldList(
        BilingualField("", _short(300)), _l("Sentence starters, for own words"), max_entries=MAX_STARTERS
    )
    key = StringField(_l("Name in the source"), [Length(max=40)])

    def check(self, taken: set[str], lists: Sequence[str], statement_lists: Sequence[str]) -> bool:
        """Check what concerns several boxes, and give the question a key where it has none."""
        self.key.data = (self.key.data or "").strip() or made_key(self.label_.form[SOURCE.value].data or "")
        wrong = {}
        if self.key.data and not KEY.fullmatch(self.key.data):
            wrong[self.key] = _("Use lowercase letters without accents, digits and _, and begin with a letter.")
        elif self.key.data in taken:
            wrong[self.key] = _("This name is taken: choose another.")
        wrong |= self._wrong_lists(lists, statement_lists)
        counts = [self.least.data, self.most.data]
        if self.kind.data == FieldKind.WORDS:
            if any(counts) and (None in counts or counts[0] > counts[1]):
                wrong[self.least] = _("A word count goes from fewer to more; fill in both numbers or neither.")
        elif any(counts) or any(starter.wording for starter in self.starters):
            wrong[self.kind] = _("Only a question for own words has sentence starters and a word count.")
        for box, sentence in wrong.items():
            box.errors = [*box.errors, sentence]
        return not wrong

    def _wrong_lists(self, lists: Sequence[str], statement_lists: Sequence[str]) -> dict[FormField, str]:
        """Return what is wrong with the list that the question takes its answers or sentences from."""
        if self.kind.data == FieldKind.CHOICE and self.choices.data not in lists:
            return {self.choices: _("Choose one of the campaign’s lists of answers.")}
        if self.kind.data != FieldKind.STATEMENTS:
            return {}
        if not statement_lists:
            return {self.kind: _("First write a list of sentences, in the campaign’s settings.")}
        if self.statements.data not in statement_lists:
            return {self.statements: _("Choose one of the campaign’s lists of sentences.")}
        return {self.required: _("Nobody has to check a sentence.")} if self.required.data else {}

    def made(self) -> Field:
        """Return the question as the letter's file declares it."""
        words, has_statements = (self.kind.data == kind for kind in (FieldKind.WORDS, FieldKind.STATEMENTS))
        has_count = words and self.least.data and self.most.data
        return Field(
            key=self.key.data,
            kind=FieldKind(self.kind.data),
            label=self.label_.wording or Wording.same(""),
            hint=self.hint.wording,
            required=self.required.data,
            max_characters=self.max_characters.data,
            word_count=WordCount(least=self.least.data, most=self.most.data) if has_count else None,
            prompts=tuple(one.wording for one in self.starters if one.wording) if words else (),
            choices=self.choices.data if self.kind.data == FieldKind.CHOICE else "",
            statements=self.statements.data if has_statements else "",
            max_ticks=(self.max_ticks.data or MAX_TICKS) if has_statements else MAX_TICKS,
        )


class SettingsForm(StaffForm):
    """Title, ask, offer and questions of a letter, over which revision and at which version of the draft."""

    version = whole_number()
    over = whole_number(1)
    title = BilingualField(_l("Title"), [InputRequired(_l("Fill in both languages.")), *_short(200)])
    ask = BilingualField(
        _l("What it asks, in one sentence"),
        [InputRequired(_l("Fill in both languages.")), *_short(500)],
        field=TextAreaField,
    )
    offer = SelectField(_l("Citizens can choose it"), choices=OFFERS)
    length = SelectField(_l("Length"), choices=LENGTHS)
    questions = FieldList(FormField(QuestionForm, ""), _l("Questions to the citizen"), max_entries=MAX_QUESTIONS)

    def offer_lists(self, letter: EditorLetter, language: Language) -> "SettingsForm":
        """Return the selects their choices: kinds of answers, and the campaign's lists of answers."""

        def lists_of(entries: Mapping[str, Sequence[Option] | Sequence[Statement]]) -> list[SelectChoice]:
            found = [SelectChoice("", _("None"))]
            for name, listed in sorted(entries.items()):
                labels = ", ".join(entry.label.in_language(language) for entry in listed[:3])
                found.append(SelectChoice(name, labels + ("…" if len(listed) > 3 else "")))
            return found

        lists, statement_lists = lists_of(letter.campaign.choices), lists_of(letter.campaign.statements)
        for question in self.questions:
            question.form.kind.choices = [
                SelectChoice(kind.value, name.in_language(language)) for kind, name in FIELD_KINDS.items()
            ]
            question.form.choices.choices = lists
            question.form.statements.choices = statement_lists
        return self

    def check(self, letter: EditorLetter) -> bool:
        """Check every question against the others and the campaign's lists."""
        taken = {field.key for field in citizen_fields()} | RESERVED_WORDS | FORM_FIELDS
        rows = []
        for question in self.questions:
            rows.append(question.form.check(taken, [*letter.campaign.choices], [*letter.campaign.statements]))
            taken |= {question.form.key.data}
        return all(rows)


@bp.get(PAGE, endpoint="letter_settings")
@requires(Role.WRITER)
def settings_page(campaign: str, letter: str) -> Response | str:
    with services().sessions() as session:
        copy = open_working_copy(session, campaign, letter)
    editor_letter = copy.editor_letter()
    if editor_letter is None:
        return redirect(url_for("staff.letter_source", campaign=campaign, letter=letter), 303)
    file = editor_letter.file
    questions = [
        {**dict(field), "label_": field.label, "starters": list(field.prompts), **dict(field.word_count or ())}
        for field in file.fields
    ]
    data = {**dict(file), "version": copy.version, "over": copy.over.id, "questions": questions}
    return _page(copy, editor_letter, SettingsForm(formdata=None, data=data))


@bp.post(PAGE, endpoint="letter_settings_saved")
@letter_form
@requires(Role.WRITER)
def settings(campaign: str, letter: str) -> Response | str | tuple[str, int]:
    """Add, remove or move a row of a list, or save the settings in the draft."""
    with immediate(services().sessions) as session:
        copy = open_working_copy(session, campaign, letter)
        editor_letter = copy.editor_letter()
        if editor_letter is None:
            return redirect(url_for("staff.letter_source", campaign=campaign, letter=letter), 303)
        changed = apply_row_button(request.form)
        if changed is not None:
            row, texts_using = _question_in_use(editor_letter)
            if texts_using:
                return _page(copy, editor_letter, SettingsForm(), removed_row=row, texts_using=texts_using), 422
            return _page(copy, editor_letter, SettingsForm(formdata=changed), unsaved=True)
        form = SettingsForm().offer_lists(editor_letter, current_language())
        if not (form.validate_on_submit() & form.check(editor_letter)):
            return _page(copy, editor_letter, form), 422
        return _save(session, copy, editor_letter, form=form)


def made_key(label: str) -> str:
    """Make a key of an English label, for whoever leaves it to the site; "" where the label has no letter."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).lstrip("_0123456789")[:40].strip("_")


def _question_in_use(letter: EditorLetter) -> tuple[str, list[tuple[str, str]]]:
    """Return the row of a question that is to be removed while texts use it, with where; none on the second press."""
    row, _colon, act = request.form.get("row", "").rpartition(":")
    key = request.form.get(f"{row}-key", "")
    if act != "remove" or not re.fullmatch(r"questions-\d+", row) or request.form.get("sure") == key:
        return "", []
    return row, uses(letter, key)


def _save(
    session: Session, copy: WorkingCopy, editor_letter: EditorLetter, *, form: SettingsForm
) -> Response | tuple[str, int]:
    questions = [question.form.made() for question in form.questions]
    missing = {field.key: field.missing for field in editor_letter.file.fields}
    questions = [one.model_copy(update={"missing": missing.get(one.key)}) for one in questions]
    letter = editor_letter.file.model_copy(
        update={
            "title": form.title.wording,
            "ask": form.ask.wording,
            "offer": Offer(form.offer.data),
            "length": LetterLength(form.length.data),
            "fields": tuple(questions),
        }
    )
    here = url_for("staff.letter_settings", campaign=copy.campaign, letter=copy.letter)
    if letter == editor_letter.file:
        flash(_("Nothing was changed."))
        return redirect(here, 303)
    toml = update_letter_toml(copy.text(LETTER), letter)
    typed = DraftContent(
        {**editor_letter.draft_content.files, f"{copy.letter}/{LETTER}": toml}, editor_letter.draft_content.paragraphs
    )
    try:
        draft = save_draft(session, copy, typed, version=form.version.data, over=form.over.data)
    except SavedMeanwhile as meanwhile:
        form.version.data = meanwhile.draft.version if meanwhile.draft else 0
        return _page(copy, editor_letter, form, meanwhile=True), 409
    drafts.add_undo_step(draft, editor_letter.draft_content, "settings", comparison=draft.comparison)
    flash(_("Draft saved."))
    return redirect(here, 303)


def uses(letter: EditorLetter, key: str) -> list[tuple[str, str]]:
    """Return the texts that use a question's answer, each with its id in the editor."""
    found: dict[str, str] = {}
    for of, text in letter.texts.items():
        for number, line in enumerate(text.split("\n"), start=1):
            place = (
                manuscript_source.find_range(letter.manuscript, letter.labels, of, line=number)
                if key in names_in(line)
                else None
            )
            if place is not None:
                found[cell_id(place.key, of)] = cell_name(letter, place.key, of, language=current_language())
    return list(found.items())


def _page(copy: WorkingCopy, letter: EditorLetter, form: SettingsForm, **more: Any) -> str:
    language = current_language()
    form.offer_lists(letter, language)
    labels = [letter.labels.by_name.get(f"finding.{key}") for key in letter.file.findings]
    return render_template(
        "staff/letter_settings.html",
        **{
            "copy": copy,
            "form": form,
            "title": letter.file.title.in_language(language),
            "cited": [label.words.in_language(language) for label in labels if label],
            "known": [field.key for field in letter.file.fields],
            "removed_row": "",
            "texts_using": [],
            "unsaved": False,
            "meanwhile": False,
            **more,
        },
    )
