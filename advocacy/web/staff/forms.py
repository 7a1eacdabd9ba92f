"""What the forms of the staff pages share: their base, and a text in both languages."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from flask import abort, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.i18n import translations
from werkzeug.datastructures import MultiDict
from wtforms import FileField, Form, HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import Field, FieldList, FormField
from wtforms.fields.choices import SelectChoice
from wtforms.form import BaseForm
from wtforms.meta import DefaultMeta
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from advocacy.campaigns.checks.typography import correct_typography
from advocacy.campaigns.only_for import PENDING, OnlyFor
from advocacy.campaigns.skeletons import KEY
from advocacy.campaigns.terms import GIVEN, ROLES, STAGES, UNDECIDED
from advocacy.language import SIDE_BY_SIDE, SOURCE, Language, Wording
from advocacy.messages import Words
from advocacy.web.files import uploaded_file
from advocacy.web.locale import current_language, language_name

LANGUAGE_NAMES = {language: language_name(language) for language in Language}


MAX_ID = 2**31 - 1
"""The largest id that PostgreSQL can be asked for: an INTEGER, as all ids are but those of messages."""


class StaffForm(FlaskForm):  # type: ignore[misc]
    """The base of every form of the staff pages: WTForms, with the form's token."""


def check_token() -> None:
    """Refuse a press of a button without fields whose form has not the right token."""
    if not StaffForm().validate_on_submit():
        abort(400)


def one_line(text: str | None) -> str:
    """Return what was typed into a field of one line, with single spaces."""
    return " ".join((text or "").split())


def query_number(name: str) -> int | None:
    """Return a number of the address's query; None where it is missing or no id reaches it."""
    number = request.args.get(name, type=int)
    return number if number is not None and abs(number) <= MAX_ID else None


class UploadField(FileField):  # type: ignore[misc]
    """A file that has to be chosen; once it is validated, `content` is what stands in it."""

    content = b""

    def pre_validate(self, _form: BaseForm) -> None:
        self.content = uploaded_file(request, self.name)
        if not self.content:
            raise StopValidation(_("Choose a file."))


class FileForm(StaffForm):
    """A file that is looked over before it counts."""

    archive = UploadField(_l("File"))


class SeenForm(StaffForm):
    """A press after something was looked over; `seen` is the number of what was."""

    seen = HiddenField(validators=[Length(max=64)])


def form_errors(form: BaseForm) -> list[tuple[str, str]]:
    """Return the errors of a form and of the forms in it, in their order: each with the id of its field."""
    found = [("errors", str(error)) for error in form.form_errors]
    for field in form:
        if field.type != "CSRFTokenField":
            found += _field_errors(field, (field.label.text,))
    return list(dict.fromkeys(found))


def _field_errors(field: Field, labels: tuple[object, ...]) -> Iterator[tuple[str, str]]:
    """Find the errors of a field; the labels that lead to it are joined only for an error, as large forms have many."""
    if isinstance(field, FormField):
        for box in field.form:
            yield from _field_errors(box, (*labels, box.label.text))
        return
    for error in field.errors:
        if not isinstance(field, FieldList) or isinstance(error, str):
            label = " – ".join(filter(None, map(str, labels)))
            yield field.id, _("%(label)s: %(error)s", label=label, error=error)
    for number, row in enumerate(field if isinstance(field, FieldList) else (), 1):
        yield from _field_errors(row, (*labels[:-1], _Numbered(labels[-1], number)))


class _Numbered(NamedTuple):
    label: object
    number: int

    def __str__(self) -> str:
        return f"{self.label} {self.number}"


def apply_row_button(typed: MultiDict[str, str]) -> MultiDict[str, str] | None:
    """Return what was typed with a row of a list added, removed or moved; None where no such button was pressed.

    The button is named `row`, as `field_list` of staff/macros.html makes it: `answers:add`, `answers-2:remove`,
    `questions-0-answers-1:up`, `answers-1:down`; `:as-typed`, which unsaved.js sends, leaves all as it was. Rows are
    numbered anew in their order; nothing else typed is lost.
    """
    which, _colon, act = typed.get("row", "").rpartition(":")
    name, _dash, number = (which, "", "") if act == "add" else which.rpartition("-")
    row = re.compile(rf"{re.escape(name)}-([0-9]{{1,4}})(-.+)?")
    order = sorted({found[1] for key in typed if (found := row.fullmatch(key))}, key=int)
    if act == "add":
        order.append("new")
    elif act == "remove" and number in order:
        order.remove(number)
    elif act in {"up", "down"} and number in order:
        at = order.index(number)
        order.remove(number)
        order.insert(max(0, at + (1 if act == "down" else -1)), number)
    elif act != "as-typed":
        return None
    changed: MultiDict[str, str] = MultiDict({f"{name}-{order.index('new')}": ""} if "new" in order else {})
    for key, value in typed.items(multi=True):
        found = row.fullmatch(key)
        if found is None and key != "row":
            changed.add(key, value)
        elif found and found[1] in order:
            changed.add(f"{name}-{order.index(found[1])}{found[2] or ''}", value)
    return changed


class _Translated(DefaultMeta):  # type: ignore[misc]
    def get_translations(self, _form: Form) -> Any:
        return translations


class PartForm(Form):  # type: ignore[misc]
    """The base of the rows and parts of a form."""

    Meta = _Translated


REQUIRED = InputRequired(_l("Fill in this field."))
CONTACT = Regexp(r"$|.*[@\d]", message=_l("Write an e-mail address, a postal address or a telephone number."))


class KeyField(HiddenField):  # type: ignore[misc]
    """The key of a row in its file; empty for a new row."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, validators=[Optional(), Regexp(KEY.pattern + "$")], **kwargs)


class CheckboxesField(SelectMultipleField):  # type: ignore[misc]
    """A choice of several values, each with a checkbox."""

    widget, option_widget = ListWidget(prefix_label=False), CheckboxInput()


def wording_choices(words: Mapping[str, Words]) -> Callable[[], list[SelectChoice]]:
    """Return the choices of a field whose values have words, in the language of the page."""
    return lambda: [SelectChoice(value, wording.in_language(current_language())) for value, wording in words.items()]


class OnlyForForm(PartForm):
    """Whom a sentence is for; everybody, where nothing is chosen."""

    SEPARATOR = "; "
    roles = CheckboxesField(_l("Only for"), choices=wording_choices(ROLES))
    stages = CheckboxesField(_l("At the stages of the bill"), choices=wording_choices({PENDING: UNDECIDED, **STAGES}))
    given = CheckboxesField(_l("Only when it comes"), choices=wording_choices(GIVEN))
    portfolios = StringField(
        _l("Offices"),
        [Length(max=500)],
        description=_l("As “Minister of Justice”; separate several by “; ”."),
    )

    @property
    def only_for(self) -> dict[str, list[str]]:
        """What the file says of whom it is for, as far as there are such readers; empty for everybody."""
        offices = [office.strip() for office in (self.portfolios.data or "").split(";")]
        ticked = {
            field.short_name: [choice.value for choice in field.iter_choices() if choice.selected]
            for field in (self.roles, self.stages, self.given)
        }
        chosen = {**ticked, "portfolios": list(filter(None, offices))}
        return {name: chosen[name] for name in OnlyFor.model_fields if chosen[name]}


class BilingualField(FormField):  # type: ignore[misc]
    """A text in every language: one box for each, named `<name>-<language>`; both are filled in, or neither.

    `field` makes one box (StringField or TextAreaField), `validators` apply to each. Its data, when the form is made of
    an object, is a `Wording` or None.
    """

    def __init__(
        self,
        label: Any = None,
        validators: Sequence[Callable[[Form, Field], None]] = (),
        *,
        field: type[Field] = StringField,
        render_kw: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        boxes = {
            language.value: field(
                LANGUAGE_NAMES[language],
                validators=[*validators],
                filters=[lambda text, language=language: text and correct_typography(text, language)],
                render_kw=dict(render_kw or {}),
            )
            for language in SIDE_BY_SIDE
        }
        texts = type("Texts", (Form,), {"Meta": _Translated, **boxes})
        super().__init__(texts, label, **kwargs)

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Fill the boxes from the request, or else from a `Wording`."""
        if isinstance(data, Mapping):
            data = {str(language): text for language, text in data.items()}
        super().process(formdata, data or {}, extra_filters)

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        """Check each box, and that no language is missing where another is filled in."""
        valid = super().validate(form, extra_validators)
        boxes = [self.form[language.value] for language in Language]
        if any(box.data for box in boxes):
            for box in boxes:
                if not box.data and not box.errors:
                    box.errors = [*box.errors, _("Fill in this language too.")]
                    valid = False
        return bool(valid)

    def refuse(self, error: str, language: Language = SOURCE) -> None:
        """Add an error to the box of a language: a form has no `validate_…` for a field that is made of others."""
        box = self.form[language.value]
        box.errors = [*box.errors, error]

    @property
    def wording(self) -> Wording | None:
        """The text in every language, None where the boxes are empty."""
        texts = {language.value: (self.form[language.value].data or "").strip() for language in Language}
        return Wording(texts) if all(texts.values()) else None

    @property
    def required_wording(self) -> Wording:
        """The text in every language, of a field that was validated as filled in; raises ValueError for another."""
        if self.wording is None:
            raise ValueError(f"{self.name} is empty")
        return self.wording


def text(
    label: Any, *checks: Any, required: bool = False, lines: int = 1, max_length: int = 2000, hint: Any = ""
) -> BilingualField:
    """Return a field for a text of so many characters at most in both languages."""
    checks_filled = [DataRequired(_l("Fill in this field."))] if required else []
    box, render_kw = (TextAreaField, {"rows": lines}) if lines > 1 else (StringField, {"autocomplete": "off"})
    return BilingualField(
        label, [*checks_filled, *checks, Length(max=max_length)], field=box, render_kw=render_kw, description=hint
    )


def check_lines(field: BilingualField) -> None:
    """Refuse a text that has more lines in one language than in another."""
    if field.wording and len({len(lines) for lines in _columns(field.wording)}) > 1:
        field.refuse(_("Write as many lines in one language as in the other."), current_language())


def lines_of(field: BilingualField) -> tuple[Wording, ...]:
    """Return the lines of a text in every language; raise ValueError where `check_lines` refuses it."""
    if field.wording is None:
        return ()
    return tuple(Wording(dict(zip(Language, line, strict=True))) for line in zip(*_columns(field.wording), strict=True))


def text_of_lines(lines: Sequence[Mapping[Any, str]]) -> dict[str, str]:
    """Return what a field of several lines is filled in with."""
    return {language.value: "\n".join(line[language] for line in lines) for language in Language}


def _columns(wording: Wording) -> list[list[str]]:
    return [[line.strip() for line in wording[language].splitlines() if line.strip()] for language in Language]
