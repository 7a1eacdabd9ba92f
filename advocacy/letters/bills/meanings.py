"""At which stages what a sentence states of a bill is true."""

import re

from advocacy.campaigns.bill import Bill
from advocacy.language import Language
from advocacy.letters.bills import progress
from advocacy.letters.bills.lexicon import lexicon
from advocacy.letters.bills.progress import House, Place, Stages, Step
from advocacy.letters.bills.statements import Statement

_PREPOSITION = re.compile(
    r"(?:^|[ '])(?:in|at|by|before|on|through|to|from|after|into|en|au|a|par|devant|la|aux|du|de|le|l'|d'|des|un|les|a la|its|their|the|of|for|pour|dans) ?"
    r"(?:the |its |a |la |le |les )?$"
)
_YET = re.compile(r"(?<!\w)(?:yet|encore)\b")
_PROGRESS = frozenset("at reached through waiting pass vote voted study through-all studied".split())


def stages_of(statement: Statement, bill: Bill) -> Stages | None:
    """Return the stages at which a statement holds, None when it says nothing of them."""
    act = statement.means.partition(":")[2]
    means = (act or statement.means).removeprefix("!")
    flags = statement.flags
    place = _place(statement, bill, with_agent=bool(act))
    is_future = "future" in flags or statement.frame in ("future", "acts-future")
    meant = _future(means, place) if is_future else _meant(means, place, statement)
    if meant is None or not statement.is_denied:
        return meant
    if is_future and means != "introduced":
        return None
    not_yet = "yet" in flags or {"still", "not"} <= flags or _YET.search(statement.tail[:14]) is not None
    return meant.denied(not_yet=not_yet, no_longer="no longer" in flags)


def _future(means: str, place: Place) -> Stages | None:
    if means == "introduced":
        return progress.NEVER
    if means in ("pass", "through", "voted") and place != Place() and place.house is not House.BOTH:
        done = progress.through(place)
        return Stages(progress.LIVE - done.true - done.possible)
    if means in ("at", "reached", "waiting", "study", "studied"):
        return progress.still_to_come(place)
    return progress.BEFORE_PARLIAMENT


def _meant(means: str, place: Place, statement: Statement) -> Stages | None:
    flags = statement.flags
    fixed = {
        "law": progress.LAW,
        "force": progress.IN_FORCE,
        "dead": progress.DEAD,
        "killed": progress.DEFEATED,
        "introduced": progress.INTRODUCED,
        "through-all": progress.LAW,
        "assent": progress.AWAITING_ASSENT,
        "alive": progress.ALIVE,
        "live": None if "past" in flags else progress.BEFORE_PARLIAMENT,
        "vote": progress.VOTED_ON if place == Place() else progress.through(place),
        "voted": progress.through(place) if place.step else progress.VOTED_FOR,
    }
    if means in fixed:
        return None if means == "killed" and _lets_live(statement) else fixed[means]
    return _placed(means, place, statement)


def _placed(means: str, place: Place, statement: Statement) -> Stages | None:
    is_past = "past" in statement.flags
    match means:
        case "at":
            return progress.reached(place) if is_past else progress.at(place)
        case "reached":
            is_perfect = statement.frame == "done" and statement.flags & {"have", "be"} and not is_past
            return progress.has_come(place) if is_perfect and not statement.is_denied else progress.reached(place)
        case "through" | "pass":
            return progress.through(place)
        case "studied":
            return progress.studied(place) if place != Place() else None
        case "waiting":
            return progress.on_the_way(place)
        case "study":
            return progress.at(place) if place != Place() else None
        case "has":
            in_hand = place.house is House.OTHER or place.step is Step.COMMITTEE
            return progress.at(place) if in_hand else None
    return None


def _lets_live(statement: Statement) -> bool:
    """Whether "let C-34 …" goes on with anything but dying."""
    lets = statement.frame == "acts" and re.match(r"(?:let|allowed|left)\b", statement.words)
    return bool(lets) and not re.match(r" (?:die|lapse|expire|fall|to die|to lapse)\b", statement.tail)


def _place(statement: Statement, bill: Bill, *, with_agent: bool) -> Place:
    """Return the step and the chamber that a statement names: in its words, after them, and by who acts."""
    step: Step | None = None
    house: House | None = None
    texts = ["" if statement.means == "law" else statement.words, statement.tail, statement.agent if with_agent else ""]
    for language in Language:
        for number, text in enumerate(texts):
            for found in lexicon(language).place.finditer(text):
                if number == 1 and not _PREPOSITION.search(text[: found.start()]):
                    continue
                found_step, found_house = _read_place(found[0], bill)
                step, house = step or found_step, house or found_house
    return Place(step, house)


def _read_place(words: str, bill: Bill) -> tuple[Step | None, House | None]:
    step: Step | None = None
    house: House | None = None
    of_senate = bill.number.startswith("S-")
    for language in Language:
        steps = lexicon(language).steps
        if steps["committee"].search(words):
            step = step or Step.COMMITTEE
        if re.search(r"report[ -]stage|rapport", words):
            step = step or Step.REPORT
        if reading := steps["reading"].search(words):
            step = _reading_step(reading[0])
        if re.search(r"(?<![\w'])(?:both|two|deux) (?:houses|chambers|chambres)|parlement|parliament|legislat|lawmakers|elus", words):
            house = house or House.BOTH
        elif steps["senate"].search(words) or "senat" in words:
            house = house or (House.FIRST if of_senate else House.OTHER)
        elif steps["house"].search(words) or re.search(r"(?<!\w)house\b|commons|communes|chambre", words):
            house = house or (House.OTHER if of_senate else House.FIRST)
    return step, house


def _reading_step(words: str) -> Step:
    if re.search(r"first|1st|premiere|1re|1ere", words):
        return Step.FIRST
    if re.search(r"second|2nd|deuxieme|2e|2de", words):
        return Step.SECOND
    return Step.THIRD
