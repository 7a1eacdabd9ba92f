"""The form, built from what letters ask: a field added to a letter.toml is here, with no code."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from advocacy.campaigns.campaign import LetterTemplate
from advocacy.campaigns.fields import Field, FieldKind, WordCount, citizen_fields
from advocacy.language import Language, Wording, fold
from advocacy.legislators.province import Province, read_province
from advocacy.web.public.draft import Draft

WHO, WHAT, ABOUT, WORDS = "who", "what", "about", "words"
STEPS = (WHO, WHAT, ABOUT, WORDS)
Errors = Mapping[str, Sequence[Wording]]

AUTOCOMPLETE = {
    "name": "name",
    "city": "address-level2",
    "province": "address-level1",
    "postal_code": "postal-code",
    "street": "address-line1",
    "email": "email",
}
STEP_OF_KIND = {FieldKind.POSTAL_CODE: WHO, FieldKind.WORDS: WORDS}


@dataclass(frozen=True, slots=True)
class FormOption:
    """One answer offered."""

    key: str
    label: str
    sensitive: bool
    selected: bool


@dataclass(frozen=True, slots=True)
class FormField:
    """One field as a page shows it: the words around it in the reader's language, and what was typed."""

    name: str
    label: str
    hint: str
    kind: FieldKind
    required: bool
    max_characters: int
    data: str
    errors: tuple[str, ...]
    prompts: tuple[str, ...]
    word_count: WordCount | None
    options: tuple[FormOption, ...]
    autocomplete: str

    @property
    def id(self) -> str:
        """What links and labels call it."""
        return self.name

    @property
    def inputmode(self) -> str:
        """The keyboard a phone opens."""
        return "email" if self.kind is FieldKind.EMAIL else "text"

    @property
    def words(self) -> int:
        """How many words were typed."""
        return len(self.data.split())


@dataclass(frozen=True, slots=True)
class Step:
    """One of the four steps, and its fields."""

    name: str
    number: int
    fields: tuple[FormField, ...]


class WriteForm:
    """Every field of the letter that was chosen, in its step."""

    def __init__(self, template: LetterTemplate, draft: Draft, errors: Errors, *, language: Language) -> None:
        asked = (*citizen_fields(), *template.fields)
        self._fields = {
            field.key: _form_field(field, draft.text(field.key), errors.get(field.key, ()), language=language)
            for field in asked
        }
        self.steps = tuple(
            Step(name, number, tuple(self._fields[field.key] for field in asked if step_of(field) == name))
            for number, name in enumerate(STEPS, start=1)
        )

    def __getitem__(self, name: str) -> FormField:
        return self._fields[name]

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def __iter__(self) -> Iterator[FormField]:
        return iter(self._fields.values())


def step_of(field: Field) -> str:
    """Give the step in which a field is asked."""
    return STEP_OF_KIND.get(field.kind, ABOUT)


def field_names(templates: Iterable[LetterTemplate]) -> frozenset[str]:
    """Name every field that any of the letters asks for."""
    own = {field.key for template in templates for field in template.fields}
    return frozenset(own | {field.key for field in citizen_fields()})


def _form_field(field: Field, typed: str, errors: Sequence[Wording], *, language: Language) -> FormField:
    return FormField(
        name=field.key,
        label=field.label.spoken(language),
        hint=field.hint.spoken(language) if field.hint else "",
        kind=field.kind,
        required=field.required or field.kind is FieldKind.POSTAL_CODE,
        max_characters=field.max_characters,
        data=typed,
        errors=tuple(error.spoken(language) for error in errors),
        prompts=tuple(prompt.spoken(language) for prompt in field.prompts),
        word_count=field.word_count,
        options=tuple(_options(field, typed, language)),
        autocomplete=AUTOCOMPLETE.get(field.key, "off"),
    )


def _options(field: Field, typed: str, language: Language) -> Iterator[FormOption]:
    if field.kind is FieldKind.PROVINCE:
        chosen = read_province(typed)
        names = sorted((fold(one.wording.spoken(language)), one) for one in Province)
        for _, province in names:
            yield FormOption(province.value, province.wording.spoken(language), False, province is chosen)
    for option in field.options:
        yield FormOption(option.key, option.label.spoken(language), option.sensitive, option.key == typed)
