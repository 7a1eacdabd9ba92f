"""A letter of a campaign as a template: its text with the campaign, the shared sentences and the survey."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple

from advocacy.campaigns.campaign_files import FINDING, QUOTED_FIELDS, CampaignFile, LetterFile
from advocacy.campaigns.fields import Field, FieldKind, Statement, citizen_fields
from advocacy.campaigns.only_for import OnlyFor, Reader
from advocacy.campaigns.sentences_file import SHARED, SentencesFile, SharedSentence
from advocacy.findings import FACTS, Poll, Survey
from advocacy.language import Language, Wording
from advocacy.messages import message

ABOUT_CITIZEN = ("riding", "city")
"""The blanks that say where somebody lives; the riding is empty for whoever does not live in the recipient's."""
ABOUT_BILL = ("bill.number", "bill.title", "bill.introduced")
MAY_BE_EMPTY = frozenset({"bill.title", "riding", "survey.duration", "survey.method", "reply", "why_you"})
"""The blanks that can be empty in a letter, besides those of its fields."""
SOURCE_NOTE = message("Source: %(source)s, “%(title)s.” %(facts)s.")
BASE = message("%(respondents)s over %(duration)s")
QUOTATION_TRANSLATED = message("Quotation translated from %(language)s.")


class SentenceTexts(NamedTuple):
    """A sentence in one language: its wordings, and the fingerprint under which they are counted.

    Those of an `is_sensitive` one are not counted.
    """

    fingerprint: str
    wordings: tuple[str, ...]
    is_sensitive: bool = False
    only_for: OnlyFor | None = None

    @classmethod
    def of_statement(cls, statement: Statement, language: Language) -> "SentenceTexts":
        wordings = _in_language(statement.wordings, language)
        return cls(_fingerprint(wordings), wordings, statement.sensitive)

    @classmethod
    def of_shared(cls, sentence: SharedSentence, language: Language) -> "SentenceTexts":
        wordings = _in_language(sentence.wordings, language)
        return cls(_fingerprint(wordings), wordings, only_for=sentence.only_for)


@dataclass(frozen=True)
class LetterTemplate:
    """One letter of one campaign, ready to compose: `path` is `campaign/letter`."""

    path: str
    campaign: CampaignFile
    sentences: SentencesFile
    survey: Survey
    letter: LetterFile
    fields: tuple[Field, ...]
    constants: Mapping[Language, Mapping[str, str]] = dataclass_field(repr=False)
    """The values that are the same in every letter, by language and blank."""

    @cached_property
    def offered(self) -> frozenset[str]:
        """The blanks that its text may print."""
        return offered_blanks(self.fields, self.survey, has_bill=self.campaign.bill is not None)

    @cached_property
    def answers(self) -> Mapping[Language, Mapping[str, Mapping[str, str]]]:
        """The sentences of the answers of each choice, by language and the keys of the field and the answer."""
        return {
            language: {
                field.key: {one.key: one.sentence.in_language(language) for one in field.options if one.sentence}
                for field in self.fields
                if field.choices
            }
            for language in Language
        }

    @cached_property
    def statements(self) -> Mapping[Language, Mapping[str, Mapping[str, SentenceTexts]]]:
        """The statements, by language and the keys of the field and the statement."""
        return {
            language: {
                field.key: {one.key: SentenceTexts.of_statement(one, language) for one in field.offered}
                for field in self.fields
                if field.statements
            }
            for language in Language
        }

    @cached_property
    def shared(self) -> Mapping[Language, Mapping[str, Sequence[SentenceTexts]]]:
        """The shared sentences that the letter prints, by language and blank; its own acts come first."""
        of_campaign = self.sentences.shared()
        entries = {blank: of_campaign[blank] for blank in SHARED if blank in self.letter.blanks}
        if "act" in entries:
            entries["act"] = (*self.letter.acts, *entries["act"])
        return {
            language: {
                blank: [SentenceTexts.of_shared(sentence, language) for sentence in sentences]
                for blank, sentences in entries.items()
            }
            for language in Language
        }

    def shared_for(self, reader: Reader, language: Language) -> Mapping[str, SentenceTexts]:
        """Return the shared sentence that fits a reader, by its blank; none where the campaign has none for them."""
        found = {}
        for blank, sentences in self.shared[language].items():
            for sentence in sentences:
                if sentence.only_for is None or sentence.only_for.fits(reader):
                    found[blank] = sentence
                    break
        return found

    @cached_property
    def notes(self) -> Mapping[Language, str]:
        """The small print that names the surveys which the letter cites, by language."""
        return {
            language: " ".join(
                dict.fromkeys(source_note(poll, language) for poll in self.survey.polls_of(self.letter.findings))
            )
            for language in Language
        }

    @cached_property
    def translated_quotes(self) -> Mapping[Language, frozenset[str]]:
        """The blanks of quotations that are a translation in a language."""
        return {
            language: frozenset(
                f"{FINDING}{quote.key}" for quote in self.survey.every_quote if quote.is_translation(language)
            )
            for language in Language
        }

    @cached_property
    def fingerprints(self) -> Mapping[Language, str]:
        """A short number of its text in each language: another one when the text or its alternatives are."""
        return {
            language: _fingerprint(
                f"{section.key} {alternative.only_for or ''} {alternative.texts[language]}"
                for section in self.letter.sections
                for alternative in section.alternatives
            )
            for language in Language
        }

    @cached_property
    def typed_fields(self) -> frozenset[str]:
        return frozenset(field.key for field in self.fields if field.kind is FieldKind.WORDS)

    @cached_property
    def dates(self) -> frozenset[str]:
        """The keys of the fields whose answer is a date."""
        return frozenset(field.key for field in self.fields if field.kind is FieldKind.DATE)

    @property
    def free_fields(self) -> frozenset[str]:
        """The fields in which its citizen types what they like, a line or more; what the site quotes is none."""
        kinds = {FieldKind.WORDS, FieldKind.LINE}
        return frozenset(field.key for field in self.fields if field.kind in kinds and field.key not in QUOTED_FIELDS)

    def options_for(self, reader: Reader) -> Sequence[Sequence[int]]:
        """Return, for each section, the alternatives between which a letter to this reader can choose."""
        return [section.fitting(reader) for section in self.letter.sections]

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many alternatives each section has."""
        return tuple(len(section.alternatives) for section in self.letter.sections)

    def field(self, key: str) -> Field | None:
        """Find a field of the letter or of every letter, None when it asks for no such thing."""
        return next((field for field in (*citizen_fields(), *self.fields) if field.key == key), None)


def resolve_options(letter: LetterFile, sentences: SentencesFile) -> tuple[Field, ...]:
    """Return the letter's fields, each with the answers or statements of the campaign's list it names."""
    fields = []
    for field in letter.fields:
        if field.choices:
            field = field.with_options(sentences.choices.get(field.choices, ()))
        elif field.statements:
            field = field.with_statements(sentences.statements.get(field.statements, ()))
        fields.append(field)
    return tuple(fields)


def offered_blanks(fields: Collection[Field], survey: Survey, *, has_bill: bool) -> frozenset[str]:
    """Return the blanks that a letter with these fields may print."""
    return frozenset(
        {
            *(field.key for field in fields),
            *SHARED,
            *ABOUT_CITIZEN,
            *(f"{FINDING}{key}" for key in survey.citable),
            *(f"survey.{name}" for name in FACTS if survey.polls),
            *(ABOUT_BILL if has_bill else ()),
        }
    )


def constants(campaign: CampaignFile, survey: Survey, *, letter: LetterFile, language: Language) -> Mapping[str, str]:
    """Return the values that are the same in every letter of this template in this language."""
    poll = next(iter(survey.polls_of(letter.findings)), survey)
    return {
        **{f"survey.{name}": text for name, text in poll.facts(language).items()},
        **{f"{FINDING}{key}": citation.in_language(language) for key, citation in survey.citable.items()},
        **(campaign.bill.names(language) if campaign.bill else {}),
    }


def source_note(poll: Poll, language: Language) -> str:
    """Return the small print that names a survey: who asked, how, how many, and for how long."""
    facts = poll.facts(language)
    base = BASE.with_params(**facts).in_language(language) if facts["duration"] else facts["respondents"]
    how = "; ".join(filter(None, [facts["method"], base]))
    return SOURCE_NOTE.with_params(**facts, facts=how[:1].upper() + how[1:]).in_language(language)


def translation_note(survey: Survey, blanks: Collection[str], language: Language) -> str:
    """Return what stands behind the source note of a letter that prints these quotations in translation."""
    quotes = [quote for quote in survey.every_quote if f"{FINDING}{quote.key}" in blanks]
    original = next(one for one in Language for quote in quotes if not quote.is_translation(one))
    return QUOTATION_TRANSLATED.with_params(language=original.names).in_language(language)


def _in_language(wordings: Sequence[Wording], language: Language) -> tuple[str, ...]:
    return tuple(wording.in_language(language) for wording in wordings)


def _fingerprint(texts: Iterable[str]) -> str:
    return sha256("\n".join(texts).encode()).hexdigest()[:16]
