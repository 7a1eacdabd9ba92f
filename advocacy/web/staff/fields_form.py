"""The form of a letter's fields: what was typed, what is wrong with it, and the letter it makes."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from advocacy.campaigns.campaign import CampaignFile, LetterFile
from advocacy.campaigns.fields import Field, FieldKind, WordCount, citizen_fields
from advocacy.campaigns.names import OF_THE_FORM, RESERVED
from advocacy.language import Language, Wording

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
LONGEST, MOST_WORDS, MOST_FIELDS, MOST_PROMPTS = 4000, 500, 30, 12
DEFAULT = 254
FILL = Wording.of(en="Fill in both languages.", fr="Remplissez les deux langues.")
BOTH = Wording.of(en="Fill in both languages, or neither.", fr="Remplissez les deux langues, ou aucune.")
BAD_KEY = Wording.of(
    en="A field’s key is made of lowercase letters without accents, digits and _, and begins with a letter.",
    fr="La clé d’un champ se compose de minuscules sans accent, de chiffres et de _, et commence par une lettre.",
)
TAKEN = Wording.of(
    en="“{key}” is taken: give the field another key.",
    fr="«\u00a0{key}\u00a0» est déjà pris\u00a0: donnez au champ une autre clé.",
)
NOT_A_NUMBER = Wording.of(en="Write a whole number from 1 to {most}.", fr="Écrivez un nombre entier de 1 à {most}.")
IN_ORDER = Wording.of(
    en="A word count goes from fewer to more; fill in both numbers or neither.",
    fr="Le nombre de mots va du plus petit au plus grand; remplissez les deux nombres, ou aucun.",
)
NO_LIST = Wording.of(
    en="Choose one of the campaign’s lists of answers.", fr="Choisissez l’une des listes de réponses de la campagne."
)
ONLY_WORDS = Wording.of(
    en="Only a field of own words has sentence starters and a word count.",
    fr="Seul un champ «\u00a0propres mots\u00a0» a des amorces et un nombre de mots.",
)
EMPTY: Mapping[str, str] = MappingProxyType({language.value: "" for language in Language})
Errors = list[tuple[str, Wording]]


@dataclass(frozen=True, slots=True)
class TypedField:
    """One field as typed; `known` where the letter has it already, so that its key stays."""

    key: str = ""
    known: bool = False
    kind: str = FieldKind.LINE.value
    label: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    hint: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    required: bool = False
    most: str = str(DEFAULT)
    least_words: str = ""
    most_words: str = ""
    choices: str = ""
    prompts: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TypedLetter:
    """The whole form as typed."""

    title: Mapping[str, str]
    ask: Mapping[str, str]
    fields: tuple[TypedField, ...]


def of_letter(letter: LetterFile) -> TypedLetter:
    """Give the form as a letter fills it."""
    return TypedLetter(_texts(letter.title), _texts(letter.ask), tuple(map(_of_field, letter.fields)))


def read(form: Mapping[str, str], letter: LetterFile) -> TypedLetter:
    """Read the form; `letter` is the letter as it is, whose fields keep their keys."""
    count = form.get("count", "")
    number = min(int(count), MOST_FIELDS) if count.isascii() and count.isdigit() and len(count) < 4 else 0
    known = {field.key for field in letter.fields}
    fields = tuple(_field(form, f"f{place}", known) for place in range(number))
    return TypedLetter(_pair(form, "title"), _pair(form, "ask"), fields)


def changed(typed: TypedLetter, act: str, place: int) -> TypedLetter:
    """Add, remove or move a field; what cannot be changes nothing."""
    fields = list(typed.fields)
    if act == "add" and len(fields) < MOST_FIELDS:
        fields.append(TypedField())
    elif act == "remove" and 0 <= place < len(fields):
        del fields[place]
    elif act in {"up", "down"} and 0 <= place < len(fields):
        other = place + (-1 if act == "up" else 1)
        if 0 <= other < len(fields):
            fields[place], fields[other] = fields[other], fields[place]
    return replace(typed, fields=tuple(fields))


def made(typed: TypedLetter, letter: LetterFile, campaign: CampaignFile) -> tuple[LetterFile | None, Errors]:
    """Make the letter's file of what was typed; None with what is wrong, each with the id of its field."""
    errors: Errors = []
    for name, words in (("title", typed.title), ("ask", typed.ask)):
        errors += [(f"{name}-{language}", FILL) for language in Language if not words[language].strip()]
    taken = {asked.key for asked in citizen_fields()} | RESERVED | OF_THE_FORM
    fields = []
    for place, one in enumerate(typed.fields):
        wrong = [*_wrong(one, f"f{place}", taken=taken, campaign=campaign)]
        taken |= {one.key}
        errors += wrong
        if not wrong:
            fields.append(_made(one))
    if errors:
        return None, errors
    said = {"title": _wording(typed.title), "ask": _wording(typed.ask)}
    return letter.model_copy(update={**said, "fields": tuple(fields)}), []


def _wrong(field: TypedField, at: str, *, taken: set[str], campaign: CampaignFile) -> Iterator[tuple[str, Wording]]:
    if not field.key and not _filled(field.label):
        pass  # the key is made of the label, which is asked for below
    elif not KEY.fullmatch(field.key):
        yield f"{at}-key", BAD_KEY
    elif field.key in taken:
        yield f"{at}-key", _with(TAKEN, key=field.key)
    yield from ((f"{at}-label-{language}", FILL) for language in Language if not field.label[language].strip())
    if len({bool(field.hint[language].strip()) for language in Language}) > 1:
        yield f"{at}-hint-{Language.EN}", BOTH
    if _number(field.most, LONGEST) is None:
        yield f"{at}-most", _with(NOT_A_NUMBER, most=LONGEST)
    if field.kind == FieldKind.CHOICE and field.choices not in campaign.choices:
        yield f"{at}-choices", NO_LIST
    yield from _wrong_words(field, at)


def _wrong_words(field: TypedField, at: str) -> Iterator[tuple[str, Wording]]:
    counted = bool(field.least_words or field.most_words)
    if field.kind != FieldKind.WORDS:
        if counted or any(_filled(prompt) for prompt in field.prompts):
            yield f"{at}-kind", ONLY_WORDS
        return
    least, most = _number(field.least_words, MOST_WORDS), _number(field.most_words, MOST_WORDS)
    if counted and (least is None or most is None or least > most):
        yield f"{at}-least", IN_ORDER
    for place, prompt in enumerate(field.prompts):
        if len({bool(prompt[language].strip()) for language in Language}) > 1:
            yield f"{at}-p{place}-{Language.EN}", BOTH


def _made(field: TypedField) -> Field:
    words = field.kind == FieldKind.WORDS
    least, most = _number(field.least_words, MOST_WORDS), _number(field.most_words, MOST_WORDS)
    return Field(
        key=field.key,
        kind=FieldKind(field.kind),
        label=_wording(field.label),
        hint=_wording(field.hint) if _filled(field.hint) else None,
        required=field.required,
        max_characters=_number(field.most, LONGEST) or DEFAULT,
        word_count=WordCount(least=least, most=most) if words and least and most else None,
        prompts=tuple(_wording(prompt) for prompt in field.prompts if _filled(prompt)) if words else (),
        choices=field.choices if field.kind == FieldKind.CHOICE else "",
    )


def _field(form: Mapping[str, str], at: str, known: set[str]) -> TypedField:
    key, kind = form.get(f"{at}.key", "").strip() or _key(form.get(f"{at}.label.en", "")), form.get(f"{at}.kind", "")
    prompts = tuple(_pair(form, f"{at}.p{place}") for place in range(MOST_PROMPTS) if f"{at}.p{place}.en" in form)
    return TypedField(
        key,
        key in known,
        kind if kind in set(FieldKind) else FieldKind.LINE.value,
        _pair(form, f"{at}.label"),
        _pair(form, f"{at}.hint"),
        f"{at}.required" in form,
        form.get(f"{at}.most", "").strip(),
        form.get(f"{at}.least", "").strip(),
        form.get(f"{at}.many", "").strip(),
        form.get(f"{at}.choices", ""),
        tuple(prompt for prompt in prompts if _filled(prompt)),
    )


def _key(label: str) -> str:
    """Make a key of an English label, for whoever leaves it to the site; "" where the label has no letter."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).lstrip("_0123456789")[:40].strip("_")


def _of_field(field: Field) -> TypedField:
    count = field.word_count
    return TypedField(
        field.key,
        True,
        field.kind.value,
        _texts(field.label),
        _texts(field.hint) if field.hint else EMPTY,
        field.required,
        str(field.max_characters),
        str(count.least) if count else "",
        str(count.most) if count else "",
        field.choices,
        tuple(map(_texts, field.prompts)),
    )


def _pair(form: Mapping[str, str], name: str) -> Mapping[str, str]:
    typed = {language.value: form.get(f"{name}.{language.value}", "") for language in Language}
    return {language: " ".join(text.splitlines()).strip() for language, text in typed.items()}


def _texts(words: Wording) -> Mapping[str, str]:
    return {language.value: words.spoken(language) for language in Language}


def _wording(words: Mapping[str, str]) -> Wording:
    return Wording({language: words[language.value] for language in Language})


def _filled(words: Mapping[str, str]) -> bool:
    return any(text.strip() for text in words.values())


def _number(typed: str, most: int) -> int | None:
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0
    return number if 1 <= number <= most else None


def _with(sentence: Wording, **values: object) -> Wording:
    return Wording({language: sentence.spoken(language).format(**values) for language in Language})
