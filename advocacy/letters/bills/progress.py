"""How far a bill has come: the stages at which a statement about it is true, and those at which it may be."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from advocacy.campaigns.bill import Stage

ORDER = (Stage.INTRODUCED, Stage.COMMITTEE, Stage.THIRD_READING, Stage.OTHER_HOUSE, Stage.PASSED)
"""The stages in the order in which a bill goes through them; it can die at any time before it has passed."""
LIVE = frozenset(ORDER[:-1])
KNOWN = frozenset((*ORDER, Stage.DIED))


class Step(StrEnum):
    """What a bill goes through in each of the two chambers."""

    FIRST = "first"
    SECOND = "second"
    COMMITTEE = "committee"
    REPORT = "report"
    THIRD = "third"


class House(StrEnum):
    """The chamber in which a bill was introduced, the other one, or both."""

    FIRST = "first house"
    OTHER = "other house"
    BOTH = "parliament"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bill is, has been or goes: a step, a chamber, or a step in a chamber."""

    step: Step | None = None
    house: House | None = None


@dataclass(frozen=True, slots=True)
class Stages:
    """The stages at which a statement is true, and those at which it may be; at any other it is false."""

    true: frozenset[Stage]
    possible: frozenset[Stage] = frozenset()

    def denied(self, *, not_yet: bool = False, no_longer: bool = False) -> "Stages":
        """Return the stages at which the contrary is true."""
        if self.is_always_true:
            return NEVER
        true, possible = KNOWN - self.true - self.possible, self.possible
        places = [place for place, stage in enumerate(ORDER) if stage in self.true]
        if not_yet and places:
            # "Not yet" of a bill that died is odd rather than false.
            true, possible = true & set(ORDER[: places[0]]), possible | {Stage.DIED}
        if no_longer and places:
            true &= {*ORDER[places[-1] :], Stage.DIED}
        return Stages(true, possible)

    @property
    def is_always_true(self) -> bool:
        """Whether the statement is true of every bill that was introduced."""
        return self.true == KNOWN

    @property
    def is_never_true(self) -> bool:
        """Whether the statement is false of every bill that was introduced."""
        return not self.true and not self.possible


def _stages(*stages: Stage, possible: Iterable[Stage] = ()) -> Stages:
    return Stages(frozenset(stages), frozenset(possible))


INTRODUCED = Stages(KNOWN)
LAW = _stages(Stage.PASSED)
IN_FORCE = _stages(possible=[Stage.PASSED])
"""A bill that has passed comes into force on a day that nothing here names."""
DEAD = _stages(Stage.DIED)
DEFEATED = _stages(possible=[Stage.DIED])
"""A bill that died may have been defeated, or withdrawn: the stage does not say how."""
BEFORE_PARLIAMENT = Stages(LIVE)
AWAITING_ASSENT = _stages(possible=[Stage.OTHER_HOUSE, Stage.PASSED])
BACK = _stages(Stage.THIRD_READING, possible=[Stage.OTHER_HOUSE, Stage.PASSED])
"""A bill comes back to its first chamber from committee, and sometimes from the other chamber."""
INTRODUCED_THERE = _stages(possible=[Stage.OTHER_HOUSE, Stage.PASSED, Stage.DIED])
"""A bill from one chamber is introduced in the other when it comes there."""
DRAFT = _stages(possible=ORDER[:-1])
VOTED_ON = _stages(*ORDER[1:], possible=[Stage.DIED])
ALIVE = Stages(KNOWN - {Stage.DIED})
VOTED_FOR = _stages(*ORDER[3:], possible=[*ORDER[1:3], Stage.DIED])
VOTED_FOR_THERE = _stages(Stage.PASSED, possible=[Stage.OTHER_HOUSE, Stage.DIED])
"""The other chamber has voted for it, at one of its readings."""
NEVER = Stages(frozenset())

_FIRST_STAGE = {Step.FIRST: 0, Step.SECOND: 0, Step.COMMITTEE: 1, Step.REPORT: 2, Step.THIRD: 2}
_STAGE_AFTER = {Step.FIRST: 0, Step.SECOND: 1, Step.COMMITTEE: 2, Step.REPORT: 2, Step.THIRD: 3}


def at(place: Place) -> Stages:
    """Return the stages at which a bill is at a place."""
    if place.house is House.BOTH or place == Place():
        return BEFORE_PARLIAMENT
    if place.step is None:
        return _stages(Stage.OTHER_HOUSE) if place.house is House.OTHER else _stages(*ORDER[:3])
    if place.house is House.OTHER:
        return _stages(possible=[Stage.OTHER_HOUSE])
    # The other chamber has its own readings and its own committees.
    elsewhere = [] if place.house is House.FIRST or place.step is Step.FIRST else [Stage.OTHER_HOUSE]
    if place.step is Step.REPORT:
        return _stages(possible=[Stage.COMMITTEE, Stage.THIRD_READING, *elsewhere])
    return _stages(ORDER[_FIRST_STAGE[place.step]], possible=elsewhere)


def reached(place: Place) -> Stages:
    """Return the stages at which a bill is at a place, or was there before."""
    if place.house is House.OTHER and place.step is None:
        return _stages(*ORDER[3:], possible=[Stage.DIED])
    if place.house is House.OTHER:
        return _stages(Stage.PASSED, possible=[Stage.OTHER_HOUSE, Stage.DIED])
    if place.step is None or place.step is Step.FIRST:
        return INTRODUCED
    sooner = [Stage.COMMITTEE] if place.step is Step.REPORT else []
    return _stages(*ORDER[_FIRST_STAGE[place.step] :], possible=[*sooner, Stage.DIED])


def lost(place: Place) -> Stages:
    """Return the stages at which a bill "did not pass" a place: it has died, or had not passed by some day."""
    return Stages(frozenset({Stage.DIED}), LIVE - through(place).true)


def has_come(place: Place) -> Stages:
    """Return the stages at which a bill "has come" to a place: it is there, and may have gone on since."""
    there, later = at(place), reached(place)
    true = there.true or later.true
    return Stages(true, (there.possible | later.true | later.possible) - true)


def studied(place: Place) -> Stages:
    """Return the stages at which a bill has been studied at a place."""
    there, later = at(place), reached(place)
    return Stages(later.true - there.true, there.true | there.possible | later.possible)


def through(place: Place) -> Stages:
    """Return the stages at which a bill has got through a place."""
    if place.house is House.BOTH or place == Place():
        return LAW
    if place.house is House.OTHER:
        within = place.step in (Step.FIRST, Step.SECOND, Step.COMMITTEE, Step.REPORT)
        return _stages(Stage.PASSED, possible=[Stage.OTHER_HOUSE, Stage.DIED] if within else [])
    if place.step is Step.FIRST:
        return INTRODUCED
    after = 3 if place.step is None else _STAGE_AFTER[place.step]
    return _stages(*ORDER[after:], possible=[Stage.DIED])


def only_through(place: Place) -> Stages:
    """Return the stage at which a bill has got through a place and no further."""
    after = through(place)
    first = [stage for stage in ORDER if stage in after.true][:1]
    return Stages(frozenset(first), after.possible)


def on_the_way(place: Place) -> Stages:
    """Return the stages at which a bill is next to come to a place."""
    if place.house is House.OTHER and place.step is None:
        return _stages(Stage.THIRD_READING, possible=[Stage.OTHER_HOUSE])
    if place.house is House.BOTH or place.step is None:
        return BEFORE_PARLIAMENT
    elsewhere = [] if place.house is House.FIRST else [Stage.OTHER_HOUSE]
    if place.step in (Step.THIRD, Step.REPORT):
        return _stages(Stage.THIRD_READING, possible=[Stage.COMMITTEE, *elsewhere])
    return _stages(Stage.INTRODUCED, possible=elsewhere)


def still_to_come(place: Place, *, stays: bool) -> Stages:
    """Return the stages at which a bill will come to a place; with `stays`, when it will be there, or is already."""
    there = at(place)
    if place.house is House.BOTH or place == Place():
        return BEFORE_PARLIAMENT
    first = min(number for number, stage in enumerate(ORDER) if stage in there.true or stage in there.possible)
    possible = (there.true if stays else frozenset()) | there.possible
    return Stages(frozenset(ORDER[: max(1, first)]), possible - set(ORDER[: max(1, first)]))
