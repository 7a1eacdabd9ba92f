"""The contents of `campaign.toml` and `letter.toml`, and a letter's template, which joins both with compiled texts."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from datetime import date
from enum import StrEnum
from itertools import product
from typing import Annotated, Literal, NamedTuple, Self, TypeAlias

from pydantic import AfterValidator, model_validator
from pydantic import Field as Limit

from advocacy.campaigns.fields import Field, FieldKind, Option, citizen_fields
from advocacy.campaigns.grammar.allowed_names import BILL, SURVEY, AllowedNames
from advocacy.campaigns.grammar.compiler import compile_text
from advocacy.campaigns.grammar.program import Program
from advocacy.campaigns.grammar.recovery import LEFT_OUT
from advocacy.campaigns.legislation import WORDINGS, Act, Bill, Day, Role, Stage, check_acts
from advocacy.findings import Poll, Survey
from advocacy.language import Language, Wording
from advocacy.legislators.legislatures import MINISTERS, SENATE, legislatures
from advocacy.problems import Complaint, KeyPath, complaint, invalid
from advocacy.toml_source import Frozen


def _check_distinct(options: tuple[Option, ...]) -> tuple[Option, ...]:
    key, times = Counter(option.key for option in options).most_common(1)[0] if options else ("", 0)
    if times > 1:
        raise invalid("answer-twice", answer=key)
    return options


def _check_https(addresses: Wording) -> Wording:
    if not all(address.startswith("https://") for address in addresses.values()):
        raise invalid("address-not-https")
    return addresses


def _check_audience(name: str) -> str:
    names = (*legislatures().by_slug, MINISTERS)
    if name not in names:
        raise invalid("value-choice", expected=", ".join(f"'{one}'" for one in names))
    return name


class NamedMinister(Frozen):
    """One `[[minister]]` of `campaign.toml`: a minister whom the campaign writes to.

    `portfolio` is the office, as its English title has it ("Minister of Health"), whoever holds it; `legislator` is an
    id of the directory.
    """

    portfolio: Annotated[str, Limit(min_length=1, max_length=200)] | None = None
    legislator: Annotated[str, Limit(min_length=1, max_length=100)] | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if bool(self.portfolio) == bool(self.legislator):
            raise invalid("minister-twice")
        return self


class AlsoWriteTo(Frozen):
    """One `[[also]]` of `campaign.toml`: whom to write to after the first letter, and why.

    Whom is one of four: `minister` is a portfolio as the English titles of the ministers' list write it ("Minister of
    Health"), `bill` the number of a bill whose minister it is, `legislator` an id of the directory, and
    `senators_of_province` the senators of the citizen's province.
    """

    minister: Annotated[str, Limit(min_length=1)] | None = None
    bill: str | None = None
    legislator: Annotated[str, Limit(min_length=1)] | None = None
    senators_of_province: bool = False
    reason: Wording
    source: Annotated[str, Limit(min_length=1)]

    @model_validator(mode="after")
    def _one_of_four(self) -> Self:
        if sum(map(bool, (self.minister, self.bill, self.legislator, self.senators_of_province))) != 1:
            raise invalid("also-not-one")
        return self


class Goal(Frozen):
    """How many letters a campaign hopes for, and by which day, if any."""

    letters: Annotated[int, Limit(gt=0, le=10_000_000)]
    by: Day | None = None


class Season(StrEnum):
    """Whether letters can be written on a day."""

    NOT_YET = "not-yet"
    OPEN = "open"
    CLOSED = "closed"


class CampaignFile(Frozen):
    """`campaign.toml`: the campaign's name and ask, whom it writes to, who answers for it, shared words.

    Letters go to the members of its `chambers`, named as in legislatures.toml, to its named `ministers`, and with
    `own_list` to the people of a list that the campaign keeps itself. A minister is a member too: a campaign that does
    not name them writes to them only as the citizen's own member.

    `headline` are the asks in a few words each and `deck` introduces the letters, both for the campaign's page. `leave`
    is the ordinary page that “Leave this site” leads to. Mails of a `discreet` campaign name the site alone. `share` is
    what somebody who shares the campaign says of it, the ask where it is left out. Letters are written from the day it
    `opens` to the day it `closes`, both included, at any time where they are left out. Letters speak of the first of
    its `bills`, and print the one of its `acts` that is for their recipient and the bill's stage. `samples` are what
    somebody might write in a field for own words, by its key, or by `own_words` for every such field: staff try letters
    out with them. `pictures` say what the campaign's pictures show. `goal` is how many letters are hoped for.
    """

    name: Wording
    ask: Wording
    headline: tuple[Wording, ...] = ()
    deck: Wording | None = None
    chambers: tuple[Annotated[str, AfterValidator(_check_audience)], ...] = ()
    ministers: Annotated[tuple[NamedMinister, ...], Limit(alias="minister")] = ()
    own_list: bool = False
    opens: Day | None = None
    closes: Day | None = None
    organiser: Wording | None = None
    privacy_contact: str | None = None
    leave: Annotated[Wording, AfterValidator(_check_https)] | None = None
    discreet: bool = False
    share: Wording | None = None
    also: tuple[AlsoWriteTo, ...] = ()
    source_note: Wording | None = None
    bills: Annotated[tuple[Bill, ...], Limit(alias="bill")] = ()
    acts: Annotated[tuple[Act, ...], Limit(alias="act")] = ()
    choices: Mapping[str, Annotated[tuple[Option, ...], AfterValidator(_check_distinct)]] = {}
    samples: Mapping[str, Wording] = {}
    pictures: Mapping[Literal["logo", "sharing"], Wording] = {}
    goal: Goal | None = None

    @property
    def bill(self) -> Bill | None:
        """The bill that letters speak of, None for a campaign without one."""
        return self.bills[0] if self.bills else None

    def season_on(self, day: date) -> Season:
        """Return whether the campaign is open on a day of Ottawa's."""
        if self.opens and day < self.opens:
            return Season.NOT_YET
        return Season.CLOSED if self.closes and day > self.closes else Season.OPEN


def check_campaign(campaign: CampaignFile) -> Iterator[tuple[KeyPath, Complaint]]:
    """Find what is wrong between the entries of a campaign's file."""
    if campaign.opens and campaign.closes and campaign.closes < campaign.opens:
        yield ("closes",), complaint("closes-before-opens", day=campaign.opens)
    if not (campaign.chambers or campaign.ministers or campaign.own_list):
        yield ("chambers",), complaint("audience-missing")
    numbers = Counter(bill.number for bill in campaign.bills)
    for place, bill in enumerate(campaign.bills):
        if numbers[bill.number] > 1:
            yield ("bill", place, "number"), complaint("bill-twice", text=bill.number)
        if bill.confirmed and bill.confirmed < bill.introduced:
            yield ("bill", place, "confirmed"), complaint("stage-before-bill", day=bill.introduced)
    for place, also in enumerate(campaign.also):
        if also.bill and also.bill not in numbers:
            yield ("also", place, "bill"), complaint("also-bill-unknown", text=also.bill)
        if also.senators_of_province and SENATE not in campaign.chambers:
            yield ("also", place), complaint("also-not-addressed", text=SENATE)
        if (also.minister or also.bill) and not (campaign.ministers or MINISTERS in campaign.chambers):
            yield ("also", place), complaint("also-no-minister")
    yield from check_acts(campaign.acts)


class Offer(StrEnum):
    """When the site's form offers a letter."""

    ALWAYS = "always"
    STAGE_KNOWN = "stage-known"
    """While the stage of the campaign's bill is known."""
    NEVER = "never"


class Length(StrEnum):
    """How long a letter is, as its readers choose it."""

    FULL = "full"
    SHORT = "short"


class LetterFile(Frozen):
    """`letter.toml`: one letter's title, its ask in one sentence, the findings it cites, the fields it asks for.

    `offer` says when the form offers it, `length` whether it is a full letter or a short one, `place` where it stands
    among the others: the smallest first.
    """

    title: Wording
    ask: Wording
    offer: Offer = Offer.ALWAYS
    length: Length = Length.FULL
    place: Annotated[int, Limit(ge=0, le=999, strict=True)] = 500
    findings: tuple[str, ...] = ()
    fields: Annotated[tuple[Field, ...], Limit(alias="field")] = ()


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

    def __post_init__(self) -> None:
        """Prepare the sentences once for all letters."""
        sentences = {
            language: {
                field.key: {one.key: one.sentence.in_language(language) for one in field.options if one.sentence}
                for field in self.fields
                if field.choices
            }
            for language in Language
        }
        object.__setattr__(self, "sentences", sentences)

    @property
    def typed_fields(self) -> frozenset[str]:
        """The fields that hold the citizen's own words."""
        return frozenset(field.key for field in self.fields if field.kind is FieldKind.WORDS)

    @property
    def is_uneven(self) -> bool:
        """Whether the languages offer other variants, so that no one choice fits both."""
        return len({program.groups for program in self.texts.values()}) > 1

    def field(self, key: str) -> Field | None:
        """Find a field of the letter or of every letter, None when it asks for no such thing."""
        return next((field for field in (*citizen_fields(), *self.fields) if field.key == key), None)


def resolve_options(letter: LetterFile, campaign: CampaignFile) -> tuple[Field, ...]:
    """Return the letter's fields, each choice with the options of the campaign's list it names."""
    return tuple(
        field.with_options(campaign.choices.get(field.choices, ())) if field.choices else field
        for field in letter.fields
    )


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
