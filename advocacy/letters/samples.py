"""A letter of each kind, in every language, as citizens would have it from a revision that nobody meets yet."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from advocacy.campaigns.campaign import CampaignFile, LetterTemplate
from advocacy.campaigns.campaign import Chamber as WrittenTo
from advocacy.campaigns.fields import Field, FieldKind
from advocacy.campaigns.program import Choice, Program
from advocacy.language import Language, Wording
from advocacy.legislators.models import Chamber, Legislator, Status, to_recipient
from advocacy.legislators.recipient import Office, Recipient
from advocacy.letters.compose import Answers, compose
from advocacy.letters.letter import Letter
from advocacy.messages import in_language, message

NAME = Wording.of(en="Camille Sample", fr="Camille Essai")
CITY = "Ottawa"
OWN_WORDS = message(
    "I have followed this question for a long time, because it touches people whom I see every week. I would like to "
    "know what you mean to do about it, and by when."
)
EMAIL, POSTAL_CODE, PROVINCE = "camille@example.ca", "K1A 0A6", "ON"
OF_KIND = {FieldKind.EMAIL: EMAIL, FieldKind.POSTAL_CODE: POSTAL_CODE, FieldKind.PROVINCE: PROVINCE}
INVENTED = Wording.of(en="{label} (sample)", fr="{label} (exemple)")


class Kind(StrEnum):
    """Whom a sample is written to."""

    MEMBER = "member"
    MINISTER = "minister"
    SENATOR = "senator"
    VACANT = "vacant"


KINDS = {
    Kind.MEMBER: message("Member"),
    Kind.MINISTER: message("Minister"),
    Kind.SENATOR: message("Senator"),
    Kind.VACANT: message("Vacant seat"),
}
"""Each kind as a page names it."""


def kinds_of(campaign: CampaignFile) -> Collection[Kind]:
    """Return the kinds of people that a campaign writes to: all of them where it writes only to a list of its own."""
    seats = {Kind.MEMBER, Kind.VACANT} if WrittenTo.HOUSE_OF_COMMONS in campaign.chambers else set()
    ministers = {Kind.MINISTER} if campaign.ministers or WrittenTo.MINISTERS in campaign.chambers else set()
    senators = {Kind.SENATOR} if WrittenTo.SENATE in campaign.chambers else set()
    return seats | ministers | senators or set(Kind)


@dataclass(frozen=True, slots=True)
class Sample:
    """One letter and its template."""

    letter: Letter
    template: LetterTemplate
    answered: Sequence[str] = ()
    """What its blanks were filled with, for a page to tell it from the letter's own words."""


def looks(template: LetterTemplate) -> int:
    """Tell how many samples show every variant of a letter once."""
    return max((size for program in template.texts.values() for size in program.groups), default=1)


def samples(template: LetterTemplate, recipient: Recipient, *, look: int, today: date) -> Sequence[Sample]:
    """Compose the letter to somebody in every language; `look` (from 0) says which variants it speaks."""
    return [_sample(template, recipient, language, look=look, today=today) for language in (Language.FR, Language.EN)]


def _sample(template: LetterTemplate, recipient: Recipient, language: Language, *, look: int, today: date) -> Sample:
    answers, choice = _answers(template, recipient, language), _choice(template.texts[language], look)
    letter = compose(template, answers, recipient, language=language, today=today, choice=choice)
    return Sample(letter, template, answered(template, answers))


def invented(field: Field, language: Language) -> str:
    """Answer a field that takes a line, in words that nobody takes for the letter's own."""
    return OF_KIND.get(field.kind) or INVENTED.spoken(language).format(label=field.label.spoken(language))


def answered(template: LetterTemplate, answers: Answers) -> Sequence[str]:
    """Give the answers that a letter prints as they are, within its own words."""
    lines = (field for field in template.fields if field.kind not in {FieldKind.WORDS, FieldKind.CHOICE})
    return [text for text in (answers.fields[field.key] for field in lines) if text]


def somebody(session: Session, kind: Kind) -> Recipient | None:
    """Give somebody real of this kind out of the directory, always the same; None where there is nobody."""
    row = session.scalar(_of_kind(kind).order_by(Legislator.id).limit(1))
    return None if row is None else to_recipient(row)


def _of_kind(kind: Kind) -> Select[Legislator]:
    everybody = select(Legislator)
    if kind is Kind.VACANT:
        return everybody.where(Legislator.status == Status.VACANT, Legislator.chamber == Chamber.COMMONS)
    offices = {Kind.MEMBER: Office.MEMBER, Kind.MINISTER: Office.MINISTER, Kind.SENATOR: Office.SENATOR}
    return everybody.where(Legislator.office == offices[kind], Legislator.status == Status.SITTING)


def _choice(program: Program, look: int) -> Choice:
    return tuple(look % size for size in program.groups)


def _answers(template: LetterTemplate, recipient: Recipient, language: Language) -> Answers:
    fields = {field.key: _answer(template, field, language) for field in template.fields}
    ridings = frozenset({recipient.riding_code} if recipient.riding_code else ())
    return Answers(
        NAME[language],
        CITY,
        PROVINCE,
        postal_code=POSTAL_CODE,
        street="",
        email=EMAIL,
        ridings=ridings,
        fields=MappingProxyType(fields),
        language=language,
    )


def own_words(template: LetterTemplate, field: Field, language: Language) -> str:
    """Return what somebody might write in a field for own words: the campaign's sample, or a general one."""
    given = template.campaign.samples
    return in_language(given.get(field.key) or given.get("own_words") or OWN_WORDS, language)


def _answer(template: LetterTemplate, field: Field, language: Language) -> str:
    if field.kind is FieldKind.WORDS:
        return own_words(template, field, language)
    if field.kind is FieldKind.CHOICE:
        said = (option.key for option in field.options if option.sentence and not option.sensitive)
        return next(said, "")
    return invented(field, language)
