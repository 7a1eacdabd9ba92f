"""A letter of a campaign as a template: its compiled texts with the campaign, the survey and the acts."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from hashlib import sha256
from itertools import product
from typing import NamedTuple, TypeAlias

from advocacy.campaigns.campaign_files import QUOTED_FIELDS, CampaignFile, LetterFile
from advocacy.campaigns.fields import Field, FieldKind, Statement, citizen_fields
from advocacy.campaigns.grammar.allowed_names import BILL, SURVEY, AllowedNames
from advocacy.campaigns.grammar.compiler import compile_text
from advocacy.campaigns.grammar.program import Program
from advocacy.campaigns.grammar.recovery import LEFT_OUT
from advocacy.campaigns.legislation import WORDINGS, Act, Role, Stage
from advocacy.findings import Poll, Survey
from advocacy.language import Language

NOTE_NAMES = AllowedNames(frozenset(f"survey.{name}" for name in SURVEY), frozenset({"survey.is_translated"}))
ACT_NAMES = AllowedNames(frozenset(f"bill.{name}" for name in BILL), frozenset({"citizen.is_reachable"}))
_SURVEY_TAG = re.compile(r"\{[{%][^}]*\bsurvey\.")
MAY_BE_EMPTY = frozenset({"bill.title", *(f"survey.{name}" for name in SURVEY)})


class ActKey(NamedTuple):
    """What decides which act a letter asks for, and in which words."""

    role: Role
    stage: Stage
    is_reachable: bool


Acts: TypeAlias = Mapping[ActKey, Mapping[str, str]]
"""The acts of a campaign in one language: for each key the texts of `act.first`, `act.second` and `act.third`."""


Sentences: TypeAlias = Mapping[str, Mapping[str, str]]
"""The sentences of the options of each choice in one language, by the keys of the field and the option."""


class StatementTexts(NamedTuple):
    """A statement in one language: its wordings, and the fingerprint under which they are counted.

    Those of an `is_sensitive` one are not counted.
    """

    fingerprint: str
    wordings: tuple[str, ...]
    is_sensitive: bool

    @classmethod
    def of(cls, statement: Statement, language: Language) -> "StatementTexts":
        wordings = tuple(one.in_language(language) for one in statement.wordings)
        return cls(sha256("\n".join(wordings).encode()).hexdigest()[:16], wordings, statement.sensitive)


@dataclass(frozen=True, slots=True)
class LetterTemplate:
    """One letter of one campaign, ready to compose: `path` is `campaign/letter`."""

    path: str
    campaign: CampaignFile
    survey: Survey
    letter: LetterFile
    fields: tuple[Field, ...]
    texts: Mapping[Language, Program]
    notes: Mapping[Language, str]
    constants: Mapping[Language, Mapping[str, str]]
    acts: Mapping[Language, Acts]
    sentences: Mapping[Language, Sentences] = dataclass_field(init=False, repr=False, compare=False)
    statements: Mapping[Language, Mapping[str, Mapping[str, StatementTexts]]] = dataclass_field(
        init=False, repr=False, compare=False
    )
    """By language, and by the keys of the field and the statement."""
    dates: frozenset[str] = dataclass_field(init=False, repr=False, compare=False)
    """The keys of the fields whose answer is a date."""

    def __post_init__(self) -> None:
        """Prepare once for all letters what is looked up for each."""
        sentences = {
            language: {
                field.key: {one.key: one.sentence.in_language(language) for one in field.options if one.sentence}
                for field in self.fields
                if field.choices
            }
            for language in Language
        }
        object.__setattr__(self, "sentences", sentences)
        statements = {
            language: {
                field.key: {one.key: StatementTexts.of(one, language) for one in field.offered}
                for field in self.fields
                if field.statements
            }
            for language in Language
        }
        object.__setattr__(self, "statements", statements)
        dates = frozenset(field.key for field in self.fields if field.kind is FieldKind.DATE)
        object.__setattr__(self, "dates", dates)

    @property
    def typed_fields(self) -> frozenset[str]:
        return frozenset(field.key for field in self.fields if field.kind is FieldKind.WORDS)

    @property
    def free_fields(self) -> frozenset[str]:
        """The fields in which its citizen types what they like, a line or more; what the site quotes is none."""
        kinds = {FieldKind.WORDS, FieldKind.LINE}
        return frozenset(field.key for field in self.fields if field.kind in kinds and field.key not in QUOTED_FIELDS)

    @property
    def is_uneven(self) -> bool:
        """Whether the languages offer other variants, so that no one choice fits both."""
        return len({program.groups for program in self.texts.values()}) > 1

    def field(self, key: str) -> Field | None:
        """Find a field of the letter or of every letter, None when it asks for no such thing."""
        return next((field for field in (*citizen_fields(), *self.fields) if field.key == key), None)


def resolve_options(letter: LetterFile, campaign: CampaignFile) -> tuple[Field, ...]:
    """Return the letter's fields, each with the options or statements of the campaign's list it names."""
    fields = []
    for field in letter.fields:
        if field.choices:
            field = field.with_options(campaign.choices.get(field.choices, ()))
        elif field.statements:
            field = field.with_statements(campaign.statements.get(field.statements, ()))
        fields.append(field)
    return tuple(fields)


def allowed_names(letter: LetterFile, campaign: CampaignFile, *, fixed: Mapping[str, str]) -> AllowedNames:
    """Return the names that a letter's text may use: its findings only where the survey has them."""
    fields = resolve_options(letter, campaign)
    return AllowedNames.offered(
        fields=[field.key for field in fields],
        findings=[key for key in letter.findings if f"finding.{key}" in fixed],
        choices={field.key: frozenset(option.key for option in field.options) for field in fields if field.choices},
        has_bill=bool(campaign.bills),
        has_acts=bool(campaign.acts),
    )


def constants(campaign: CampaignFile, survey: Survey, *, letter: LetterFile, language: Language) -> Mapping[str, str]:
    """Return the values that are the same in every letter of this template in this language."""
    return {
        "campaign.name": campaign.name.in_language(language),
        **_survey_constants(survey, letter, next(iter(survey.polls_of(letter.findings)), survey), language=language),
        **{f"finding.{key}": citation.in_language(language) for key, citation in survey.citable.items()},
        **(campaign.bill.names(language) if campaign.bill else {}),
    }


def _survey_constants(survey: Survey, letter: LetterFile, poll: Poll, *, language: Language) -> Mapping[str, str]:
    """Return the values of one of the surveys that a letter cites."""
    cited = [survey.citable[key] for key in letter.findings if key in poll.cited_keys]
    is_translated = any(citation.is_translation(language) for citation in cited)
    return {
        "survey.is_translated": "yes" if is_translated else "",
        **{f"survey.{name}": text for name, text in poll.facts(language).items()},
    }


def compile_letter(source: str, campaign: CampaignFile, *, letter: LetterFile, fixed: Mapping[str, str]) -> Program:
    """Compile a letter's text in one language; raise Refused when it is not in the letter's language."""
    typed = frozenset(field.key for field in letter.fields if field.kind is FieldKind.WORDS)
    # A bill's title and a survey's method may be empty: they stay blanks, so that a letter which leaves a gap is found.
    filled = {name: text for name, text in fixed.items() if text or name not in MAY_BE_EMPTY}
    names = allowed_names(letter, campaign, fixed=fixed)
    if LEFT_OUT in fixed:
        names = replace(names, texts=names.texts | {LEFT_OUT})
    return compile_text(source, names, typed=typed, fixed=filled)


def compile_act(source: str, fixed: Mapping[str, str]) -> Mapping[bool, str]:
    """Return one wording of an act for a citizen who can be reached and for one who cannot; raise Refused."""
    program = compile_text(source, ACT_NAMES, fixed=fixed, has_subject=False)
    texts = {}
    for is_reachable in (False, True):
        values = {**fixed, "citizen.is_reachable": "yes" if is_reachable else ""}
        _, paragraphs = program.render(values, program.first_choice)
        texts[is_reachable] = " ".join(paragraph.text for paragraph in paragraphs)
    return texts


def acts_by_key(acts: Sequence[Act], texts: Mapping[tuple[int, str], Mapping[bool, str]]) -> Acts:
    """Return the acts by what decides between them; `texts` has each act's wordings, by its place and their name."""
    return {
        ActKey(role, stage, is_reachable): {f"act.{name}": texts[place, name][is_reachable] for name in WORDINGS}
        for place, act in enumerate(acts)
        for role, stage, is_reachable in product(act.to, act.stages, (False, True))
    }


def source_note(campaign: CampaignFile, survey: Survey, *, letter: LetterFile, language: Language) -> str:
    """Render the campaign's source note, once for each survey that the letter cites; raise Refused.

    The note may use the survey and nothing of the citizen. A note on a survey is "" for a campaign without one.
    """
    source = campaign.source_note.in_language(language) if campaign.source_note else ""
    if not source or (_SURVEY_TAG.search(source) and not survey.polls):
        return ""
    notes = []
    for poll in survey.polls_of(letter.findings) or [survey]:
        fixed = _survey_constants(survey, letter, poll, language=language)
        program = compile_text(source, NOTE_NAMES, fixed=fixed, has_subject=False)
        _, paragraphs = program.render(fixed, program.first_choice)
        notes.append(" ".join(paragraph.text for paragraph in paragraphs))
    return " ".join(dict.fromkeys(notes))
