"""The stages of a bill at which a statement about it is true, and those at which it may be; at any other it is false.

A statement has a meaning, and often a place that it names: a step, a chamber, or both. The first part says at which
stages a bill is at a place, has reached it, got through it or is still to come to it. The second reads meaning and
place from the statement; a negated one is true at the stages that are left.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from advocacy.campaigns.legislation import Bill, Stage
from advocacy.language import Language
from advocacy.letters.bills.lexicon import Flag, Frame, Meaning, lexicon, regex
from advocacy.letters.bills.statements import Statement

ORDER = (Stage.INTRODUCED, Stage.COMMITTEE, Stage.THIRD_READING, Stage.OTHER_HOUSE, Stage.PASSED)
"""The stages in the order in which a bill goes through them; it can die at any time before it has passed."""
IN_PROGRESS = frozenset(ORDER[:-1])
ALL_STAGES = frozenset((*ORDER, Stage.DIED))


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

    def negated(self, *, not_yet: bool = False, no_longer: bool = False) -> "Stages":
        """Return the stages at which the contrary is true."""
        if self.is_always_true:
            return NEVER
        true, possible = ALL_STAGES - self.true - self.possible, self.possible
        places = [place for place, stage in enumerate(ORDER) if stage in self.true]
        if not_yet and places:
            # "Not yet" of a bill that died is odd rather than false.
            true, possible = true & set(ORDER[: places[0]]), possible | {Stage.DIED}
        if no_longer and places:
            true &= {*ORDER[places[-1] :], Stage.DIED}
        return Stages(true, possible)

    @property
    def is_always_true(self) -> bool:
        return self.true == ALL_STAGES

    @property
    def is_never_true(self) -> bool:
        """Whether the statement is false of every bill that was introduced."""
        return not self.true and not self.possible


def _stages(*stages: Stage, possible: Iterable[Stage] = ()) -> Stages:
    return Stages(frozenset(stages), frozenset(possible))


INTRODUCED = Stages(ALL_STAGES)
ONLY_INTRODUCED = _stages(Stage.INTRODUCED, possible=[Stage.DIED])
INTRODUCED_THERE = _stages(possible=[Stage.OTHER_HOUSE, Stage.PASSED, Stage.DIED])
"""Introduced in the other chamber, which every bill is that the first one has passed."""
LAW = _stages(Stage.PASSED)
DEAD = _stages(Stage.DIED)
BEFORE_PARLIAMENT = Stages(IN_PROGRESS)
VOTED_ON = _stages(*ORDER[1:], possible=[Stage.DIED])
VOTED_FOR = _stages(*ORDER[3:], possible=[*ORDER[1:3], Stage.DIED])
VOTED_FOR_THERE = _stages(Stage.PASSED, possible=[Stage.OTHER_HOUSE, Stage.DIED])
"""The other chamber has voted for it, at one of its readings."""
NEVER = Stages(frozenset())

_FIRST_STAGE = {Step.FIRST: 0, Step.SECOND: 0, Step.COMMITTEE: 1, Step.REPORT: 2, Step.THIRD: 2}
_STAGE_AFTER = {Step.FIRST: 0, Step.SECOND: 1, Step.COMMITTEE: 2, Step.REPORT: 2, Step.THIRD: 3}


def _when_at(place: Place) -> Stages:
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


def _when_reached(place: Place) -> Stages:
    """Return the stages at which a bill is at a place, or was there before."""
    if place.house is House.OTHER and place.step is None:
        return _stages(*ORDER[3:], possible=[Stage.DIED])
    if place.house is House.OTHER:
        return _stages(Stage.PASSED, possible=[Stage.OTHER_HOUSE, Stage.DIED])
    if place.step is None or place.step is Step.FIRST:
        return INTRODUCED
    sooner = [Stage.COMMITTEE] if place.step is Step.REPORT else []
    return _stages(*ORDER[_FIRST_STAGE[place.step] :], possible=[*sooner, Stage.DIED])


def _when_not_through(place: Place) -> Stages:
    """Return the stages at which a bill "did not pass" a place: it has died, or had not passed by some day."""
    return Stages(frozenset({Stage.DIED}), IN_PROGRESS - _when_through(place).true)


def _when_through(place: Place) -> Stages:
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


def _when_only_through(place: Place) -> Stages:
    """Return the stage at which a bill has got through a place and no further."""
    after = _when_through(place)
    first = [stage for stage in ORDER if stage in after.true][:1]
    return Stages(frozenset(first), after.possible)


def _when_next(place: Place) -> Stages:
    """Return the stages at which a bill is next to come to a place."""
    if place.house is House.OTHER and place.step is None:
        return _stages(Stage.THIRD_READING, possible=[Stage.OTHER_HOUSE])
    if place.house is House.BOTH or place.step is None:
        return BEFORE_PARLIAMENT
    elsewhere = [] if place.house is House.FIRST else [Stage.OTHER_HOUSE]
    if place.step in (Step.THIRD, Step.REPORT):
        return _stages(Stage.THIRD_READING, possible=[Stage.COMMITTEE, *elsewhere])
    return _stages(Stage.INTRODUCED, possible=elsewhere)


def _when_still_to_come(place: Place, *, stays: bool) -> Stages:
    """Return the stages at which a bill will come to a place; with `stays`, when it will be there, or is already."""
    there = _when_at(place)
    if place.house is House.BOTH or place == Place():
        return BEFORE_PARLIAMENT
    first = min(number for number, stage in enumerate(ORDER) if stage in there.true or stage in there.possible)
    possible = (there.true if stays else frozenset()) | there.possible
    return Stages(frozenset(ORDER[: max(1, first)]), possible - set(ORDER[: max(1, first)]))


_YET = re.compile(r".{0,12}?(?<!\w)(?:yet|encore)\b")
_LETS = re.compile(r"(?:let|allowed|left)(?!\w)")
_REPORT = re.compile(r"report[ -]stage|rapport")
_READINGS = (
    (re.compile(r"(?:and|then) .*third"), Step.THIRD),
    (re.compile(r"first|1st|premiere|1re|1ere"), Step.FIRST),
    (re.compile(r"second|2nd|deuxieme|2e|2de"), Step.SECOND),
    (re.compile(""), Step.THIRD),
)
_FIXED = {
    Meaning.LAW: LAW,
    # A bill that has passed comes into force on a day that nothing here names.
    Meaning.IN_FORCE: _stages(possible=[Stage.PASSED]),
    Meaning.DEAD: DEAD,
    # A bill that died may have been defeated, or withdrawn: the stage does not say how.
    Meaning.DEFEATED: _stages(possible=[Stage.DIED]),
    Meaning.INTRODUCED: INTRODUCED,
    Meaning.AWAITS_ASSENT: _stages(possible=[Stage.OTHER_HOUSE, Stage.PASSED]),
    Meaning.ALIVE: Stages(ALL_STAGES - {Stage.DIED}),
    # A bill comes back to its first chamber from committee, and sometimes from the other chamber.
    Meaning.BACK: _stages(Stage.THIRD_READING, possible=[Stage.OTHER_HOUSE, Stage.PASSED]),
    Meaning.DRAFT: _stages(possible=ORDER[:-1]),
    Meaning.WON: LAW,
}
_NOWHERE = Place()


def stages_of(statement: Statement, bill: Bill) -> Stages | None:
    """Return the stages at which a statement holds, None when it says nothing of them."""
    place = _place(statement, bill)
    if statement.is_future:
        if statement.is_negated and statement.meaning is not Meaning.INTRODUCED:
            return None
        return _future(statement.meaning, place)
    if statement.is_negated:
        return _stages_negated(statement, place, bill)
    is_let = statement.meaning is Meaning.DEFEATED and statement.frame is Frame.AGENT_PAST
    if is_let and _LETS.match(statement.words) and not regex("stages.die").match(statement.tail):
        return None  # "let C-34 …" goes on with anything but dying
    if statement.meaning is Meaning.INTRODUCED:
        return _introduced(statement, bill)
    return _FIXED.get(statement.meaning) or _placed(statement, place)


def _stages_negated(statement: Statement, place: Place, bill: Bill) -> Stages | None:
    meaning, flags = statement.meaning, statement.flags
    if meaning is Meaning.INTRODUCED and _introduced(statement, bill) is not INTRODUCED:
        return None
    not_yet = bool(flags & {Flag.YET}) or {Flag.STILL, Flag.NOT} <= flags or _YET.match(statement.tail) is not None
    if meaning is Meaning.INTRODUCED and not_yet and Flag.PAST in flags:
        # "In 2019 C-34 was not yet introduced" speaks of another day.
        return None
    if meaning is Meaning.STUDIED and not not_yet:
        return Stages(frozenset({Stage.INTRODUCED}), frozenset({Stage.OTHER_HOUSE, Stage.DIED}))
    has_failed = Flag.FAILED in flags
    did_not = statement.frame is Frame.INFINITIVE and Flag.DO in flags and not not_yet
    if regex("stages.further").search(statement.words) and meaning in (Meaning.THROUGH, Meaning.REACHED):
        return _when_at(place)
    if meaning is Meaning.THROUGH and place.step is Step.FIRST:
        return ONLY_INTRODUCED
    if has_failed or meaning is Meaning.WON or (did_not and meaning in (Meaning.PASSED, Meaning.THROUGH)):
        return DEAD if has_failed and not regex("stages.by_then").search(statement.tail) else _when_not_through(place)
    if meaning is Meaning.REACHED:
        meant: Stages | None = _when_reached(place)
    else:
        meant = _FIXED.get(meaning) or _placed(statement, place)
    return meant and meant.negated(not_yet=not_yet, no_longer=Flag.NO_LONGER in flags)


def _introduced(statement: Statement, bill: Bill) -> Stages:
    """Return the stages of a bill that was introduced: where, and with "only", whether it came no further."""
    is_perfect = bool(statement.flags & {Flag.HAVE, Flag.BE}) and not {Flag.HAVE, Flag.PAST} <= statement.flags
    if Flag.ONLY in statement.flags and is_perfect and regex("stages.so_far").fullmatch(statement.tail):
        return ONLY_INTRODUCED
    if bill.number.startswith("S-"):
        return INTRODUCED
    if _is_senators(statement):
        return NEVER
    words = f"{statement.words}{statement.tail}"
    is_cleft = regex("stages.cleft_there").search(statement.head) is not None
    if not is_cleft and not regex("stages.in_senate").search(words):
        return INTRODUCED
    is_first = is_cleft or Flag.FIRST in statement.flags or regex("stages.first_there").search(words)
    is_active = statement.frame in (Frame.ACTIVE, Frame.PRESENT, Frame.STATE)
    began = is_active and regex("stages.began").match(statement.words)
    # Once the other chamber has received it, a bill is introduced there too.
    return NEVER if is_first or began else INTRODUCED_THERE


def _is_senators(statement: Statement) -> bool:
    """Whether it was one of the Senate that introduced the bill."""
    by = regex("stages.by_senator").search(f"{statement.words}{statement.tail}")
    agent = regex("stages.cleft").sub("", statement.agent)
    acts = regex("stages.senator").search(agent) and not regex("stages.no_senator").search(agent)
    return bool(by or acts)


def _future(meaning: Meaning, place: Place) -> Stages:
    match meaning:
        case Meaning.INTRODUCED:
            return NEVER
        case Meaning.PASSED | Meaning.THROUGH | Meaning.VOTED_FOR | Meaning.VOTED_ON if (
            place.house is not House.BOTH and place != _NOWHERE
        ):
            done = _when_through(place)
            return Stages(IN_PROGRESS - done.true - done.possible)
        case Meaning.AT | Meaning.STUDYING | Meaning.STUDIED:
            return _when_still_to_come(place, stays=True)
        case Meaning.REACHED | Meaning.AWAITS:
            return _when_still_to_come(place, stays=False)
    return BEFORE_PARLIAMENT


def _placed(statement: Statement, place: Place) -> Stages | None:
    """Return the stages of what depends on the place that is named."""
    match statement.meaning:
        case Meaning.THROUGH | Meaning.PASSED:
            return _when_only_through(place) if Flag.ONLY in statement.flags else _when_through(place)
        case Meaning.AT | Meaning.LIVE:
            return _at(statement, place)
        case Meaning.REACHED:
            return _reached(statement, place)
        case Meaning.AWAITS:
            return _when_next(place)
        case Meaning.VOTED_ON:
            return VOTED_ON if place == _NOWHERE else _when_through(place)
        case Meaning.VOTED_FOR:
            if place.step is None and place.house is House.OTHER:
                return VOTED_FOR_THERE
            return _when_through(place) if place.step else VOTED_FOR
    return _studied(statement.meaning, place)


def _studied(meaning: Meaning, place: Place) -> Stages | None:
    """Return the stages of what somebody does with a bill, where it is known who."""
    if place == _NOWHERE:
        return None
    if meaning is Meaning.STUDIED:
        there, later = _when_at(place), _when_reached(place)
        return Stages(later.true - there.true, there.true | there.possible | later.possible)
    is_there = meaning is Meaning.STUDYING or place.house is House.OTHER or place.step is Step.COMMITTEE
    return _when_at(place) if is_there else None


def _at(statement: Statement, place: Place) -> Stages | None:
    is_past = Flag.PAST in statement.flags
    if statement.meaning is Meaning.LIVE and place.step is None and place.house in (None, House.BOTH):
        return None if is_past else BEFORE_PARLIAMENT
    return _when_reached(place) if is_past else _when_at(place)


def _reached(statement: Statement, place: Place) -> Stages:
    if Flag.ONLY in statement.flags:
        return _when_at(place)
    has_auxiliary = statement.frame is Frame.ACTIVE and statement.flags & {Flag.HAVE, Flag.BE}
    later = _when_reached(place)
    if not has_auxiliary or Flag.PAST in statement.flags:
        return later
    # A bill that "has come" to a place is there, and may have gone on since.
    there = _when_at(place)
    true = there.true or later.true
    return Stages(true, (there.possible | later.true | later.possible) - true)


def _place(statement: Statement, bill: Bill) -> Place:
    """Return the step and the chamber that a statement names: in its words, after them, and by who acts."""
    words = "" if statement.meaning is Meaning.LAW and not statement.agent else statement.words
    time = regex("stages.read_a_time").match(words)
    step: Step | None = _step_in_order(time[0]) if time else None
    house: House | None = None
    for language in Language:
        pattern = lexicon(language).place
        found = list(pattern.finditer(words))
        found += [one for one in pattern.finditer(statement.tail) if _follows("stages.preposition", one)]
        found += pattern.finditer(statement.agent)
        # "At second reading, the House adopted C-34"
        in_head = (one for one in pattern.finditer(statement.head) if not statement.head[one.end() :].strip(" ,"))
        found += [one for one in in_head if _follows("stages.fronted", one)]
        for one in found:
            step, house = step or _step(one[0]), house or _house(one[0], bill)
    return Place(step, None if step and house is House.BOTH else house)


def _follows(expression: str, found: re.Match[str]) -> bool:
    """Whether what is before some words of a text ends with an expression."""
    return regex(expression).search(found.string[: found.start()]) is not None


def _step(words: str) -> Step | None:
    """Return the step that words name."""
    parts = [lexicon(language).parts for language in Language]
    readings = [found[0] for part in parts if (found := part["reading"].search(words))]
    if readings:
        return _step_in_order(readings[0])
    if any(part["committee"].search(words) for part in parts):
        return Step.COMMITTEE
    return Step.REPORT if _REPORT.search(words) else None


def _step_in_order(words: str) -> Step:
    return next(step for pattern, step in _READINGS if pattern.search(words))


def _house(words: str, bill: Bill) -> House | None:
    """Return the chamber, as seen from the bill: one whose number begins with S was introduced in the Senate."""
    first, other = (House.OTHER, House.FIRST) if bill.number.startswith("S") else (House.FIRST, House.OTHER)
    if regex("stages.both").search(words):
        return House.BOTH
    parts = [lexicon(language).parts for language in Language]
    if "senat" in words or any(part["senate"].search(words) for part in parts):
        return other
    return first if regex("stages.house").search(words) or any(part["house"].search(words) for part in parts) else None
