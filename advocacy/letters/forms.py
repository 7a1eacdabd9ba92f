"""The form a letter asks its citizen to fill in, made from what citizen.toml and the letter.toml declare.

The site, the command line and the merge of a sheet read answers through it: a field added to a letter.toml is in all.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from wtforms.fields import Field as FormField
from wtforms.fields import SelectFieldBase
from wtforms.fields.choices import Choice
from wtforms.form import BaseForm
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, DateInput, EmailInput, ListWidget, Select, TextArea, TextInput

from advocacy.campaigns.fields import SEPARATOR, Field, FieldKind, citizen_fields, split_keys
from advocacy.campaigns.letter_template import LetterTemplate
from advocacy.language import Language, Wording, fold, format_number, printable
from advocacy.legislators.legislatures import Province, read_province
from advocacy.legislators.postal_codes import InvalidPostalCode, read_postal_code
from advocacy.letters.compose import Answers
from advocacy.letters.screening import TextRefused, advice, refuse_links, wants_safety_copy
from advocacy.letters.text_cleaning import clean
from advocacy.messages import Message, Words, message, nmessage

Errors = Mapping[str, Sequence[Words]]

NOT_AN_EMAIL = message("That e-mail address doesn’t look right. Example: name@example.ca.")
NOT_A_PROVINCE = message("Enter a province or territory, such as ON or Ontario.")
NOT_A_DATE = message("Enter a day of the calendar as year-month-day, such as 2026-11-28.")
DATE_OUT_OF_RANGE = message("Enter a day in a year from 1900 to 2100.")
MIN_DATE, MAX_DATE = date(1900, 1, 1), date(2100, 12, 31)


class AnswersRefused(ValueError):
    """Some answers cannot be used; `reasons` says which and what to do, never repeating what was typed.

    `links` are the fields with a link or an address in them: the campaign's help for found material belongs beside.
    """

    def __init__(self, reasons: Mapping[str, Words], links: frozenset[str] = frozenset()) -> None:
        self.reasons = reasons
        self.links = links
        super().__init__(f"answers refused: {', '.join(reasons)}")


class UnknownFields(ValueError):
    """The letter asks for no such fields; `unknown` and `known` name them."""

    def __init__(self, unknown: Iterable[str], known: Iterable[str]) -> None:
        self.unknown, self.known = tuple(unknown), tuple(known)
        super().__init__(f"this letter has no field {', '.join(self.unknown)}; its fields are {', '.join(self.known)}")


class Required:
    """Refuse a field that was left empty, naming it."""

    def __init__(self, error: Words) -> None:
        self.error = error

    def __call__(self, _form: BaseForm, field: FormField) -> None:
        """Raise StopValidation for an empty field; what cannot be read has its own error."""
        if not field.data and not field.process_errors:
            raise StopValidation(self.error)


class MaxLength:
    """Refuse a text longer than its field."""

    def __init__(self, label: Words, longest: int) -> None:
        self.error = too_long(label, longest)
        self.longest = longest
        self.field_flags = {"maxlength": longest}

    def __call__(self, _form: BaseForm, field: FormField) -> None:
        if len(field.data) > self.longest:
            raise StopValidation(self.error)


def no_links(_form: BaseForm, field: FormField) -> None:
    """Refuse a link or an address, and note in `field.has_link` whether it leads somewhere."""
    try:
        refuse_links(field.data)
    except TextRefused as refused:
        field.has_link = wants_safety_copy(refused.found)
        raise StopValidation(advice(refused.found)[0]) from None


def last_typed(posted: Sequence[str]) -> str:
    """Return the last text that is not empty, as it can be shown."""
    return next((text for text in map(printable, reversed(posted)) if text), "")


def join_ticked(posted: Sequence[str]) -> str:
    """Return the statements that were ticked, of fields that hold one each or several, as one answer."""
    return SEPARATOR.join(split_keys(map(printable, posted)))


class TextField(FormField):  # type: ignore[misc]
    """A text: `data` is cleaned, and what a page shows is what was typed.

    Where a form posts a field several times, the last that is not empty counts.
    """

    widget = TextInput()
    lines = False
    has_link = False

    def __init__(self, *args: Any, **options: Any) -> None:
        self.typed = ""
        super().__init__(*args, default="", **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was posted; raise ValueError for what cannot be read as this field."""
        self.typed = last_typed(valuelist)
        self.data = clean(self.typed, lines=self.lines)
        if self.data:
            self.data = self.read(self.data)

    def read(self, text: str) -> str:
        """Return the text as the letter has it; raise ValueError where it cannot be."""
        return text

    def clear(self) -> None:
        self.typed = self.data = ""
        self.process_errors: Sequence[Words] = ()

    def _value(self) -> str:
        return self.typed


class WordsField(TextField):
    """The citizen's own words, several lines of them."""

    widget = TextArea()
    lines = True


class EmailField(TextField):
    widget = EmailInput()

    def read(self, text: str) -> str:
        """Return the address with its domain as mail programs write it."""
        from email_validator import EmailNotValidError  # noqa: PLC0415  # slow, and often not needed

        from advocacy.email_addresses import read_email_address  # noqa: PLC0415  # which imports it

        try:
            return read_email_address(text).normalized
        except EmailNotValidError:
            raise ValueError(NOT_AN_EMAIL) from None


class PostalCodeField(TextField):
    """A postal code, "K1A 0A6" however it was typed."""

    def read(self, text: str) -> str:
        try:
            return str(read_postal_code(text))
        except InvalidPostalCode as refused:
            raise ValueError(refused.message) from None

    def _value(self) -> str:
        return self.typed if self.process_errors else str(self.data or self.typed)


class DateField(TextField):
    """A day, as "2026-11-28"; a letter says it in its own language."""

    widget = DateInput()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.flags.min, self.flags.max = MIN_DATE.isoformat(), MAX_DATE.isoformat()

    def read(self, text: str) -> str:
        """Return the day as ISO 8601 has it."""
        try:
            day = date.fromisoformat(text)
        except ValueError:
            self.widget = TextInput()  # the browser's date picker would drop what was typed
            raise ValueError(NOT_A_DATE) from None
        if not MIN_DATE <= day <= MAX_DATE:
            raise ValueError(DATE_OUT_OF_RANGE)
        return day.isoformat()

    def _value(self) -> str:
        return str(self.data or self.typed)


class OptionsField(TextField, SelectFieldBase):  # type: ignore[misc]
    """One of several answers, by its key; `options` are offered in the order of the list.

    The empty answer, shown first, stands for an option with the same label.
    """

    widget = Select()

    def __init__(self, *args: Any, options: Sequence[Choice], empty: str, error: Words, **more: Any) -> None:
        self.options, self.empty, self.error = options, empty, error
        super().__init__(*args, **more)

    def read(self, text: str) -> str:
        """Return the key; raise ValueError for one that is not offered."""
        if all(option.value != text for option in self.options):
            raise ValueError(self.error)
        return text

    def iter_choices(self) -> Iterator[Choice]:
        """Yield what is offered, after an empty first choice."""
        yield Choice("", self.empty, False, {})
        for option in self.options:
            if option.label == self.empty:
                continue
            yield option._replace(selected=option.value == self.data)


class StatementsField(TextField, SelectFieldBase):  # type: ignore[misc]
    """Some of several statements, by their keys in the order of the list; `keys` are those of their folded labels.

    Every box posts its own key; a hidden field, a command or a cell of a sheet holds several with “;” between.
    """

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(
        self, *args: Any, options: Sequence[Choice], keys: Mapping[str, str], most: int, error: Words, **more: Any
    ) -> None:
        self.options, self.keys, self.most, self.error = options, keys, most, error
        super().__init__(*args, **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was ticked; raise ValueError for too many, or for what is not offered."""
        self.typed = self.data = join_ticked(valuelist)
        offered = [option.value for option in self.options]
        ticked = {one if one in offered else self.keys.get(fold(one), "") for one in split_keys([self.typed])}
        if not ticked <= set(offered):
            raise ValueError(self.error)
        self.typed = self.data = SEPARATOR.join(one for one in offered if one in ticked)
        if len(ticked) > self.most:
            raise ValueError(nmessage("Check at most %(num)s sentence.", "Check at most %(num)s sentences.", self.most))

    def iter_choices(self) -> Iterator[Choice]:
        """Yield the statements, those checked that were ticked."""
        ticked = split_keys([self.typed])
        for option in self.options:
            yield option._replace(selected=option.value in ticked)


class ProvinceField(OptionsField):
    """A province or territory, by its letters or by its name in any language."""

    def read(self, text: str) -> str:
        province = read_province(text)
        if province is None:
            raise ValueError(NOT_A_PROVINCE)
        return province.value


class AnswerForm(BaseForm):  # type: ignore[misc]
    """The fields of one letter, labelled in `language`.

    `process(formdata)` reads what was typed, `validate()` checks it; `errors` then names the fields that cannot be
    used. A link or an address in the citizen's words is an error here, before anything could store it.
    """

    def __init__(
        self,
        template: LetterTemplate,
        language: Language,
        *,
        needs_postal_code: bool = True,
        more: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        self.reader_language = language
        fields = (*citizen_fields(), *template.fields)
        self.declared = {field.key: field for field in fields}
        super().__init__({**_form_fields(fields, language, needs_postal_code), **more})

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_") and name in self:
            return self[name]
        raise AttributeError(name)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field; `invalid` are the fields that cannot be used, whichever errors are shown."""
        valid = super().validate(extra_validators)
        self.invalid = frozenset(self.errors)
        return bool(valid)

    @property
    def links(self) -> frozenset[str]:
        """The fields in which a link or an address is."""
        return frozenset(key for key in self.declared if self[key].has_link)

    def answers(self, language: Language, blanks: Mapping[str, str] = MappingProxyType({})) -> Answers:
        """Return the answers, their writer's words in `language`; `blanks` stand in place of what cannot be used."""
        usable = {
            key: blanks.get(key, "") if key in self.invalid or not self[key].data else self[key].data
            for key in self.declared
        }
        shared = {field.key: usable.pop(field.key) for field in citizen_fields()}
        return Answers(**shared, ridings=frozenset(), fields=MappingProxyType(usable), language=language)


def option_keys(template: LetterTemplate) -> Mapping[str, Mapping[str, str]]:
    """Return, for each choice of a letter, the keys of its options by their folded labels in every language."""
    return {
        field.key: {fold(text): option.key for option in field.options for text in option.label.values()}
        for field in template.fields
        if field.kind is FieldKind.CHOICE
    }


def keyed(typed: Mapping[str, str], keys: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return what was typed with each choice by its key, where a label was typed; `keys` as `option_keys` has them."""
    return {name: keys[name].get(fold(text), text) if name in keys else text for name, text in typed.items()}


class _Typed(dict[str, str]):
    """Texts by the names of their fields, in the shape that WTForms reads."""

    def getlist(self, name: str) -> list[str]:
        return [self[name]]


def read_answers(
    typed: Mapping[str, str],
    template: LetterTemplate,
    *,
    language: Language,
    needs_postal_code: bool = True,
) -> Answers:
    """Read what was typed into the fields of `template`, the writer's words in `language`.

    Raises UnknownFields for a field the letter does not have and AnswersRefused with every reason at once.
    """
    form = AnswerForm(template, language, needs_postal_code=needs_postal_code)
    unknown = [key for key in typed if key not in form.declared]
    if unknown:
        raise UnknownFields(unknown, form.declared)
    form.process(_Typed(typed))
    if not form.validate():
        reasons = {key: errors[0] for key, errors in form.errors.items()}
        raise AnswersRefused(reasons, form.links)
    return form.answers(language)


def missing(field: Field) -> Words:
    """Return what to say of a field that was left empty."""
    return field.missing or message("Fill in “%(label)s”.", label=field.label)


def too_long(label: Words, longest: int) -> Message:
    """Return what to say of a text longer than `longest` characters."""
    number = Wording({language: format_number(longest, language) for language in Language})
    return message("“%(label)s” is too long: at most %(longest)s characters.", label=label, longest=number)


@lru_cache(maxsize=128)
def _form_fields(fields: tuple[Field, ...], language: Language, needs_postal_code: bool) -> Mapping[str, Any]:
    """Return the fields of a form before they are bound to one, made once for each letter and language."""
    return {field.key: _form_field(field, language, needs_postal_code) for field in fields}


def _form_field(field: Field, language: Language, needs_postal_code: bool) -> Any:
    required = field.required or (field.kind is FieldKind.POSTAL_CODE and needs_postal_code)
    validators: list[Callable[[BaseForm, FormField], None]] = [MaxLength(field.label, field.max_characters)]
    if required:
        validators.insert(0, Required(missing(field)))
    options: dict[str, Any] = {"validators": validators}
    options["label"] = field.label.in_language(language)
    options["description"] = field.hint.in_language(language) if field.hint else ""
    match field.kind:
        case FieldKind.LINE | FieldKind.WORDS:
            validators.append(no_links)
            return (WordsField if field.kind is FieldKind.WORDS else TextField)(**options)
        case FieldKind.EMAIL:
            return EmailField(**options)
        case FieldKind.POSTAL_CODE:
            return PostalCodeField(**options)
        case FieldKind.DATE:
            return DateField(**options)
        case FieldKind.PROVINCE:
            names = sorted((one for one in Province), key=lambda one: fold(one.wording.in_language(language)))
            offered = [Choice(one.value, one.wording.in_language(language), False, {}) for one in names]
            return ProvinceField(options=offered, empty=_empty(required, language), error=NOT_A_PROVINCE, **options)
        case FieldKind.CHOICE:
            offered = [
                Choice(
                    one.key, one.label.in_language(language), False, {"data-sensitive": True} if one.sensitive else {}
                )
                for one in field.options
            ]
            silent = [one.label.in_language(language) for one in field.options if not one.sentence]
            empty = silent[0] if len(silent) == 1 and not required else _empty(required, language)
            labels = Wording.for_each(lambda each: "; ".join(one.label.in_language(each) for one in field.options))
            error = message("Choose one of the answers offered: %(labels)s.", labels=labels)
            return OptionsField(options=offered, empty=empty, error=error, **options)
        case FieldKind.STATEMENTS:
            return _statements_field(field, {**options, "validators": []}, language)


def _statements_field(field: Field, options: Mapping[str, Any], language: Language) -> StatementsField:
    if not options["description"]:
        options = {**options, "description": statements_hint(field.max_ticks).in_language(language)}
    offered = [Choice(one.key, one.label.in_language(language), False, {}) for one in field.offered]
    keys = {fold(text): one.key for one in field.offered for text in one.label.values()}
    labels = Wording.for_each(lambda each: "; ".join(one.label.in_language(each) for one in field.offered))
    error = message("Check only sentences that are offered: %(labels)s.", labels=labels)
    return StatementsField(options=offered, keys=keys, most=field.max_ticks, error=error, **options)


def statements_hint(most: int) -> Message:
    """Return what a form says beside the statements where its letter says nothing."""
    return nmessage(
        "Can’t find the words? Check a sentence that is true for you. If you write your own, it is used instead.",
        "Can’t find the words? Check up to %(num)s sentences that are true for you. If you write your own words, they "
        "are used instead.",
        most,
    )


def _empty(required: bool, language: Language) -> str:
    return (message("Choose") if required else message("Choose, or leave as it is")).in_language(language)
