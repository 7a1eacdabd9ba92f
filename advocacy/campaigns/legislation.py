"""Bills before a legislature, how long a confirmed stage may be named, and what each reader can do about them."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Strict, StringConstraints

from advocacy.language import Language, Wording, format_date
from advocacy.toml_source import Frozen

Day = Annotated[date, Strict()]

STAGE_DAYS = 45
"""Days for which a confirmed stage may be named; after that it is unknown."""
REMINDER_DAYS = 30
"""Days after which staff are reminded to confirm the stage again."""


class Stage(StrEnum):
    """How far a bill has come: first and second reading are `introduced`, the other chamber is `other-house`."""

    INTRODUCED = "introduced"
    COMMITTEE = "committee"
    THIRD_READING = "third-reading"
    OTHER_HOUSE = "other-house"
    PASSED = "passed"
    DIED = "died"
    UNKNOWN = "unknown"


class Bill(Frozen):
    """One `[[bill]]` of `campaign.toml`.

    `number` is as the legislature writes it ("C-34"), `title` may be missing in a language, `covers` says in one
    sentence what the bill is about, `source` where all this was read. `stage` counts from the day it was `confirmed`.
    """

    number: Annotated[str, StringConstraints(pattern=r"^(?:[A-Z]-)?[1-9]\d{0,3}$")]
    title: Annotated[
        Mapping[Language, str],
        AfterValidator(lambda titles: {language: title for language, title in titles.items() if title.strip()}),
    ] = {}
    introduced: Day
    stage: Stage = Stage.UNKNOWN
    confirmed: Day | None = None
    covers: Wording
    source: Annotated[str, StringConstraints(min_length=1)]

    def stage_on(self, day: date) -> Stage:
        """Return the stage that a letter of `day` may name: `unknown` unless it was confirmed in the 45 days before."""
        age = self.confirmed_days(day)
        return Stage.UNKNOWN if age is None or age > STAGE_DAYS else self.stage

    def confirmed_days(self, day: date) -> int | None:
        """Return how many days before `day` the stage was confirmed, None when nobody has confirmed it."""
        return None if self.confirmed is None else (day - self.confirmed).days

    def stage_days_left(self, day: date) -> int:
        """Return for how many days after `day` letters will still name the stage."""
        age = self.confirmed_days(day)
        return 0 if age is None else max(0, STAGE_DAYS - age)

    def needs_confirmation(self, day: date) -> bool:
        """Whether somebody should confirm the stage on `day`."""
        age = self.confirmed_days(day)
        return age is None or age >= REMINDER_DAYS

    def names(self, language: Language) -> Mapping[str, str]:
        """Return what a letter in `language` may print of the bill; the title is "" where it has none."""
        return {
            "bill.number": self.number,
            "bill.title": self.title.get(language, ""),
            "bill.introduced": format_date(self.introduced, language),
        }


class Role(StrEnum):
    """What a recipient can do about a bill, which decides what is asked of them.

    A member of the ministry is written to as such even by their own constituents; a Speaker, of either House, takes no
    part in debates. Everyone outside the federal Parliament is `other`.
    """

    OWN_MEMBER = "own_member"
    OTHER_MEMBER = "other_member"
    VACANT_SEAT = "vacant_seat"
    SENATOR = "senator"
    RESPONSIBLE_MINISTER = "responsible_minister"
    MINISTER = "minister"
    PRIME_MINISTER = "prime_minister"
    SPEAKER = "speaker"
    OTHER = "other"
