"""What a campaign asks its readers to do: one act for each kind of recipient and each stage of the bill."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import product
from typing import Annotated

from pydantic import Field as Limit

from advocacy.campaigns.bill import Stage
from advocacy.language import Wording
from advocacy.problems import Complaint, Path, complaint
from advocacy.toml_source import Frozen


class Role(StrEnum):
    """What a recipient can do about a bill, which decides what is asked of them.

    A minister is written to as a minister even by their own constituents; Speakers and everyone outside the federal
    Parliament are `other`.
    """

    OWN_MEMBER = "own_member"
    OTHER_MEMBER = "other_member"
    VACANT_SEAT = "vacant_seat"
    SENATOR = "senator"
    RESPONSIBLE_MINISTER = "responsible_minister"
    MINISTER = "minister"
    PRIME_MINISTER = "prime_minister"
    OTHER = "other"


WORDINGS = ("first", "second", "third")
"""The wordings of an act, `act.first` to `act.third` in a letter: one for each alternative."""


class Act(Frozen):
    """One `[[act]]` of `campaign.toml`: what is asked of some recipients at some stages, in three wordings."""

    to: Annotated[tuple[Role, ...], Limit(min_length=1)]
    stages: Annotated[tuple[Stage, ...], Limit(min_length=1)] = tuple(Stage)
    first: Wording
    second: Wording
    third: Wording

    def wordings(self) -> Sequence[tuple[str, Wording]]:
        """Return the three wordings, each with its name."""
        return [(name, getattr(self, name)) for name in WORDINGS]


def check_acts(acts: Sequence[Act]) -> Iterator[tuple[Path, Complaint]]:
    """Find the roles and stages that no act is for, or that two acts are for."""
    if not acts:
        return
    asked = {}
    for place, act in enumerate(acts):
        for role, stage in product(act.to, act.stages):
            if (role, stage) in asked:
                yield ("act", place), complaint("act-twice", role=str(role), stage=str(stage))
            asked[role, stage] = place
    for role in Role:
        missing = [stage for stage in Stage if (role, stage) not in asked]
        if missing:
            yield ("act",), complaint("act-missing", role=str(role), stages=tuple(map(str, missing)))
