"""The contents of `campaign.toml` and `letter.toml`."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, StringConstraints, model_validator
from pydantic import Field as Limit

from advocacy.campaigns.fields import Field, FieldKind
from advocacy.campaigns.legislation import Bill, Day, Stage
from advocacy.campaigns.letter_text import MAX_SECTIONS, SUBJECT, Section, blank_names, cells
from advocacy.campaigns.only_for import OnlyFor
from advocacy.campaigns.sentences_file import SharedSentence, check_shared
from advocacy.language import Wording
from advocacy.legislators.directory_snapshot import Audience
from advocacy.legislators.legislatures import MINISTERS, SENATE, legislatures
from advocacy.problems import Complaint, KeyPath, complaint, invalid
from advocacy.toml_source import Frozen

FINDING = "finding."
"""Begins the names of the blanks that cite the survey."""

ClaimSubject = Literal["survey", "share", "bill"]
ClaimStem = Annotated[str, StringConstraints(pattern=r"^\w[\w '’-]{1,58}\*?$")]
"""A word or two, with "*" for any ending."""


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
    its `bills`. `samples` are what somebody might write in a field for
    own words, by its key, or by `own_words` for every such field: staff try letters out with them. `pictures` say what
    the campaign's pictures show. `goal` is how many letters are hoped for. With `show_answers` the campaign's page
    names offices, and what share of their letters they answered. `claim_words` are further words by which a citizen's
    sentence may speak of the survey, of a share or of the bill, beside those of languages.toml.
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
    bills: Annotated[tuple[Bill, ...], Limit(alias="bill")] = ()
    samples: Mapping[str, Wording] = {}
    pictures: Mapping[Literal["logo", "sharing"], Wording] = {}
    goal: Goal | None = None
    show_answers: bool = False
    claim_words: Mapping[ClaimSubject, tuple[ClaimStem, ...]] = {}

    @property
    def bill(self) -> Bill | None:
        """The bill that letters speak of, None for a campaign without one."""
        return self.bills[0] if self.bills else None

    def stage_on(self, day: date) -> Stage:
        """Return the stage of the bill that letters of a day may name, unknown where there is no bill."""
        return self.bill.stage_on(day) if self.bill else Stage.UNKNOWN

    def season_on(self, day: date) -> Season:
        if self.opens and day < self.opens:
            return Season.NOT_YET
        return Season.CLOSED if self.closes and day > self.closes else Season.OPEN

    def audience(self, name: str) -> Audience:
        """Return whom the campaign writes to; `name` is the one in its address."""
        return Audience(
            chambers=frozenset(map(str, self.chambers)),
            portfolios=tuple(one.portfolio for one in self.ministers if one.portfolio),
            ministers=frozenset(one.legislator for one in self.ministers if one.legislator),
            own_list=name if self.own_list else "",
        )


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


class Offer(StrEnum):
    """When the site offers a letter: on the form, or on the receipt of a letter that was sent."""

    ALWAYS = "always"
    STAGE_KNOWN = "stage-known"
    """While the stage of the campaign's bill is known."""
    FOLLOW_UP = "follow-up"
    """After a letter that was sent, once it had no answer for a while."""
    THANKS = "thanks"
    """After a letter that was answered."""
    NEVER = "never"

    @property
    def is_on_form(self) -> bool:
        return self in {Offer.ALWAYS, Offer.STAGE_KNOWN}


FIRST_DATE, FIRST_SUBJECT = "first_date", "first_subject"
QUOTED_FIELDS: Mapping[str, FieldKind] = {FIRST_DATE: FieldKind.DATE, FIRST_SUBJECT: FieldKind.LINE}
"""The fields that the site fills in from the letter that is followed, with their kinds."""


class Length(StrEnum):
    """How long a letter is, as its readers choose it."""

    FULL = "full"
    SHORT = "short"


class LetterFile(Frozen):
    """`letter.toml`: one letter's title, its ask in one sentence, the fields it asks for, and its text.

    `offer` says when the site offers it, `length` whether it is a full letter or a short one, `place` where it stands
    among the others: the smallest first. Its own `acts` are looked at before those of the campaign.
    """

    title: Wording
    ask: Wording
    offer: Offer = Offer.ALWAYS
    length: Length = Length.FULL
    place: Annotated[int, Limit(ge=0, le=999, strict=True)] = 500
    fields: Annotated[tuple[Field, ...], Limit(alias="field")] = ()
    acts: Annotated[tuple[SharedSentence, ...], Limit(alias="act")] = ()
    sections: Annotated[tuple[Section, ...], Limit(alias="section", min_length=2, max_length=MAX_SECTIONS)]

    @model_validator(mode="after")
    def _begins_with_its_subject(self) -> Self:
        keys = Counter(section.key for section in self.sections)
        if twice := next((key for key, times in keys.items() if times > 1), None):
            raise invalid("section-twice", text=twice)
        if self.sections[0].key != SUBJECT or self.sections[0].only_for:
            raise invalid("subject-missing")
        return self

    @property
    def blanks(self) -> tuple[str, ...]:
        """The blanks that its text prints in any language, in their order."""
        return tuple(dict.fromkeys(name for cell in cells(self.sections) for name in blank_names(cell.text)))

    @property
    def findings(self) -> tuple[str, ...]:
        """The keys of the figures and quotations that it cites, in their order."""
        return tuple(name.removeprefix(FINDING) for name in self.blanks if name.startswith(FINDING))

    def is_offered_at(self, stage: Stage) -> bool:
        """Whether each of its sections has something to say while the bill is at a stage."""
        return all(
            not _is_for(section.only_for, stage)
            or any(_is_for(alternative.only_for, stage) for alternative in section.alternatives)
            for section in self.sections
        )


def _is_for(only_for: OnlyFor | None, stage: Stage) -> bool:
    return only_for is None or only_for.is_for_stage(stage)


def check_letter_file(letter: LetterFile) -> Iterator[tuple[KeyPath, Complaint]]:
    """Find what is wrong in a letter's own acts."""
    yield from check_shared(letter.acts, "act")
