"""What the citizen answered, cleaned, checked and refused where it must be, before anything is made of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from email_validator import EmailNotValidError, validate_email

from advocacy.campaigns.campaign import LetterTemplate
from advocacy.campaigns.fields import Field, FieldKind, citizen_fields
from advocacy.language import Language, Wording, speak_number
from advocacy.legislators.postal import PostalCodeRefused, read_postal_code
from advocacy.legislators.province import read_province
from advocacy.letters.entry import clean
from advocacy.letters.screening import TextRefused, advice, refuse_links, wants_safety_copy


@dataclass(frozen=True, slots=True)
class Answers:
    """A citizen's answers: ready to be composed. Nothing keeps them; they live as long as the letter is made.

    `province` is its two letters, `postal_code` "K1A 0A6" or "", `ridings` those the citizen is a constituent of,
    `fields` the letter's own fields (a choice by its key), `language` the one the citizen writes in.
    """

    name: str
    city: str
    province: str
    postal_code: str
    street: str
    email: str
    ridings: frozenset[str]
    fields: Mapping[str, str]
    language: Language

    def of_ridings(self, ridings: frozenset[str]) -> "Answers":
        """Give the same answers from a constituent of these ridings."""
        return replace(self, ridings=ridings)


class AnswersRefused(ValueError):
    """Some answers cannot be used; `reasons` says which and what to do, never repeating what was typed.

    `links` are the fields with a link or an address in them: the campaign's help for found material belongs beside.
    """

    def __init__(self, reasons: Mapping[str, Wording], links: frozenset[str] = frozenset()) -> None:
        self.reasons = reasons
        self.links = links
        super().__init__(f"answers refused: {', '.join(reasons)}")


class UnknownFields(ValueError):
    """The letter asks for no such fields; `unknown` and `known` name them."""

    def __init__(self, unknown: Iterable[str], known: Iterable[str]) -> None:
        self.unknown, self.known = tuple(unknown), tuple(known)
        super().__init__(f"this letter has no field {', '.join(self.unknown)}; its fields are {', '.join(self.known)}")


class _Refused(ValueError):
    def __init__(self, reason: Wording, *, is_link: bool = False) -> None:
        self.reason = reason
        self.is_link = is_link
        super().__init__(reason.spoken(Language.EN))


REQUIRED = Wording.of(en="Please fill in this field.", fr="Veuillez remplir ce champ.")
TOO_LONG = Wording.of(
    en="This is too long: at most {most} characters.",
    fr="Ce texte est trop long\u00a0: au plus {most} caractères.",
)
NOT_A_CHOICE = Wording.of(
    en="Choose one of the answers offered: {labels}.",
    fr="Choisissez l’une des réponses proposées\u00a0: {labels}.",
)
NOT_AN_EMAIL = Wording.of(
    en="This is not an e-mail address, such as name@example.ca.",
    fr="Ce n’est pas une adresse courriel, par exemple nom@exemple.ca.",
)
NOT_A_PROVINCE = Wording.of(
    en="Enter a province or territory, such as ON or Ontario.",
    fr="Indiquez une province ou un territoire, par exemple QC ou Québec.",
)


def read_answers(
    typed: Mapping[str, str],
    template: LetterTemplate,
    *,
    language: Language,
    needs_postal_code: bool = True,
) -> Answers:
    """Read what was typed into the fields of `template`.

    Raises UnknownFields for a field the letter does not have and AnswersRefused with every reason at once. A link or an
    address in the citizen's words is refused here, before anything could keep it.
    """
    fields = {field.key: field for field in (*citizen_fields(), *template.fields)}
    unknown = [key for key in typed if key not in fields]
    if unknown:
        raise UnknownFields(unknown, fields)
    read, refused = _read_all(typed, fields.values(), needs_postal_code=needs_postal_code)
    if refused:
        links = frozenset(key for key, one in refused.items() if one.is_link)
        raise AnswersRefused({key: one.reason for key, one in refused.items()}, links)
    own = {field.key: read[field.key] for field in template.fields}
    shared = {field.key: read[field.key] for field in citizen_fields()}
    return Answers(**shared, ridings=frozenset(), fields=MappingProxyType(own), language=language)


def _read_all(
    typed: Mapping[str, str], fields: Iterable[Field], *, needs_postal_code: bool
) -> tuple[dict[str, str], dict[str, _Refused]]:
    read: dict[str, str] = {}
    reasons: dict[str, _Refused] = {}
    for field in fields:
        required = field.required or (field.kind is FieldKind.POSTAL_CODE and needs_postal_code)
        try:
            read[field.key] = _read(field, typed.get(field.key, ""), required=required)
        except _Refused as refused:
            reasons[field.key] = refused
    return read, reasons


def _read(field: Field, typed: str, *, required: bool) -> str:
    text = clean(typed, lines=field.kind is FieldKind.WORDS)
    if not text:
        if required:
            raise _Refused(REQUIRED)
        return ""
    if len(text) > field.max_characters:
        most = {language: speak_number(field.max_characters, language) for language in Language}
        raise _Refused(
            Wording({language: TOO_LONG.spoken(language).format(most=most[language]) for language in Language})
        )
    return READERS[field.kind](text, field)


def _words(text: str, _field: Field) -> str:
    try:
        refuse_links(text)
    except TextRefused as refused:
        reason = advice(refused.found)[0].in_every_language()
        raise _Refused(reason, is_link=wants_safety_copy(refused.found)) from None
    return text


def _choice(text: str, field: Field) -> str:
    if field.option(text) is None:
        raise _Refused(Wording({language: _offered(field, language) for language in Language}))
    return text


def _offered(field: Field, language: Language) -> str:
    labels = "; ".join(option.label.spoken(language) for option in field.options)
    return NOT_A_CHOICE.spoken(language).format(labels=labels)


def _email(text: str, _field: Field) -> str:
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        raise _Refused(NOT_AN_EMAIL) from None


def _postal_code(text: str, _field: Field) -> str:
    try:
        return str(read_postal_code(text))
    except PostalCodeRefused as refused:
        raise _Refused(refused.wording) from None


def _province(text: str, _field: Field) -> str:
    province = read_province(text)
    if province is None:
        raise _Refused(NOT_A_PROVINCE)
    return province


READERS: Mapping[FieldKind, Callable[[str, Field], str]] = {
    FieldKind.LINE: _words,
    FieldKind.WORDS: _words,
    FieldKind.CHOICE: _choice,
    FieldKind.EMAIL: _email,
    FieldKind.POSTAL_CODE: _postal_code,
    FieldKind.PROVINCE: _province,
}
