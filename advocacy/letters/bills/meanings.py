"""At which stages what a sentence states of a bill is true."""

import re

from advocacy.campaigns.bill import Bill, Stage
from advocacy.language import Language
from advocacy.letters.bills import progress
from advocacy.letters.bills.lexicon import Flag, Frame, Meaning, lexicon
from advocacy.letters.bills.progress import House, Place, Stages, Step
from advocacy.letters.bills.statements import Statement

_PREPOSITION = re.compile(
    r"^ (?:its |a |sa |the )?$|(?:^|[ '])"
    r"(?:in|at|by|before|on|through|to|from|after|into|en|au|a|par|devant|la|aux|du|de|le|l'|d'|des|un|les|"
    r"its|their|the|of|for|pour|dans) ?(?:the |its |a |la |le |les )?$"
)
_READ_A_TIME = re.compile(r"(?:read|lue?) (?:for |pour )?(?:a |the |une |la )?\w+ (?:time|fois)")
_FRONTED = re.compile(r"(?:^|[,;:(] )(?:at|in|on|en|au|a la|lors de la) ?(?:the |la |le )?$")
_YET = re.compile(r".{0,12}?(?<!\w)(?:yet|encore)\b")
_BY_THEN = re.compile(
    r"(?<!\w)(?:before|by|in time|this (?:week|month|session|year|summer|fall|spring)|so far|until|avant|cette|d'ici)"
    r"(?!\w)"
)
_LETS = re.compile(r"(?:let|allowed|left)(?!\w)")
_DIE = re.compile(r" (?:die|lapse|expire|fall|to die|to lapse)(?!\w)")
_BOTH = re.compile(
    r"(?<![\w'])(?:both|two|deux) (?:houses|chambers|chambre\w)|parlement|(?<!members of )parliament|legislat|"
    r"lawmakers|(?<!\w)elu"
)
_HOUSE = re.compile(r"(?<!\w)house(?!\w)|commons|members of parliament|communes|chambre")
_REPORT = re.compile(r"report[ -]stage|rapport")
_READINGS = (
    (re.compile(r"(?:and|then) .*third"), Step.THIRD),
    (re.compile(r"first|1st|premiere|1re|1ere"), Step.FIRST),
    (re.compile(r"second|2nd|deuxieme|2e|2de"), Step.SECOND),
    (re.compile(""), Step.THIRD),
)
_FIXED = {
    Meaning.LAW: progress.LAW,
    Meaning.IN_FORCE: progress.IN_FORCE,
    Meaning.DEAD: progress.DEAD,
    Meaning.DEFEATED: progress.DEFEATED,
    Meaning.INTRODUCED: progress.INTRODUCED,
    Meaning.AWAITS_ASSENT: progress.AWAITING_ASSENT,
    Meaning.ALIVE: progress.ALIVE,
    Meaning.BACK: progress.BACK,
    Meaning.DRAFT: progress.DRAFT,
    Meaning.WON: progress.LAW,
}
_NOWHERE = Place()
_FURTHER = re.compile(r"(?<!\w)(?:further|farther|plus (?:loin|avant))(?!\w)")
_SO_FAR = re.compile(
    r"[ .,)\"]*(?:(?:so far|yet|for now|until now|to date|at this point|(?:and )?nothing (?:more|else)|"
    r"as of (?:now|today)|in the (?:house|commons|house of commons)|a ce jour|jusqu'ici|jusqu'a (?:present|maintenant)|"
    r"pour (?:l'instant|le moment)|rien (?:de plus|d'autre)|sans plus|en chambre|"
    r"a la chambre(?: des communes)?)[ .,)\"]*)*"
)
_IN_SENATE = re.compile(
    r"^[^,;:]{0,40}?(?<!\w)(?:in|into|at|from|au|dans|par|devant|du) (?:the |le )?"
    r"(?:senate(?!')|senat(?!e)|upper (?:house|chamber)|red chamber)|"
    r"(?<!\w)(?:a la|dans la|de la) chambre (?:haute|rouge)|^(?:a |the )?senat|origine senatoriale|"
    r"d(?:u|'une?|es) senat"
)
_BEGAN = re.compile(
    r"(?!.*\bbegun)(?:start|began|originat|debuted|came|come|stem|hail|got|was born|from|a |the |senat|pris|vu|nee?|"
    r"issue?|fait|vient|provient|emane|origine|un projet|d'origine)"
)
_CLEFT = re.compile(r"^\W*(?:it (?:was|is)|it's|c'est|c'etait|ce fut|ce sont)(?!\w)")
_CLEFT_THERE = re.compile(
    r"(?:it was|it is|c'est|c'etait) (?:first |d'abord )?(?:in the |au |a la |dans la )"
    r"(?:senate?|upper house|chambre haute) (?:that|que|qu') ?$"
)
_FIRST_THERE = re.compile(
    r"(?<![\w'])(?:first|originally|initially|d'abord|en premier|initialement|a l'origine|"
    r"avant (?:la chambre|d'arriver|de passer)|before (?:the house|coming|going|moving|it))(?! reading)(?!\w)"
)
_BY_SENATOR = re.compile(
    r"^[^,;:]{0,40}?(?<!\w)(?:by|par) (?:[\w-]+ ){0,3}?(?:senators?|senatrices?|senateurs?|senate|senat)(?![\w'])"
)
_SENATOR = re.compile(r"(?<!\w)(?:senators?|senatrices?|senateurs?|senate|senat)(?![\w'])")
_NO_SENATOR = re.compile(
    r"(?<![\w'])(?:ministers?|ministres?|miller|government|gouvernement|he|she|it|they|il|elle|ils|on|mps?|deput\w+|liberals?|ottawa|"
    r"house|commons|chambre|i|we|you|je|vous|nous|marc|carney)(?!\w)"
)


def stages_of(statement: Statement, bill: Bill) -> Stages | None:
    """Return the stages at which a statement holds, None when it says nothing of them."""
    place = _place(statement, bill)
    if statement.is_future:
        if statement.is_denied and statement.meaning is not Meaning.INTRODUCED:
            return None
        return _future(statement.meaning, place)
    if statement.is_denied:
        return _denied(statement, place, bill)
    if statement.meaning is Meaning.DEFEATED and _lets_live(statement):
        return None
    if statement.meaning is Meaning.INTRODUCED:
        return _introduced(statement, bill)
    return _FIXED.get(statement.meaning) or _placed(statement, place)


def _denied(statement: Statement, place: Place, bill: Bill) -> Stages | None:
    meaning, flags = statement.meaning, statement.flags
    if meaning is Meaning.INTRODUCED and _introduced(statement, bill) is not progress.INTRODUCED:
        return None
    not_yet = bool(flags & {Flag.YET}) or {Flag.STILL, Flag.NOT} <= flags or _YET.match(statement.tail) is not None
    if meaning is Meaning.INTRODUCED and not_yet and Flag.PAST in flags:
        # "In 2019 C-34 was not yet introduced" speaks of another day.
        return None
    if meaning is Meaning.STUDIED and not not_yet:
        return Stages(frozenset({Stage.INTRODUCED}), frozenset({Stage.OTHER_HOUSE, Stage.DIED}))
    has_failed = Flag.FAILED in flags
    did_not = statement.frame is Frame.INFINITIVE and Flag.DO in flags and not not_yet
    if _FURTHER.search(statement.words) and meaning in (Meaning.THROUGH, Meaning.REACHED):
        return progress.at(place)
    if meaning is Meaning.THROUGH and place.step is Step.FIRST:
        return progress.ONLY_INTRODUCED
    if has_failed or meaning is Meaning.WON or (did_not and meaning in (Meaning.PASSED, Meaning.THROUGH)):
        return progress.DEAD if has_failed and not _BY_THEN.search(statement.tail) else progress.lost(place)
    if meaning is Meaning.REACHED:
        meant: Stages | None = progress.reached(place)
    else:
        meant = _FIXED.get(meaning) or _placed(statement, place)
    return meant and meant.denied(not_yet=not_yet, no_longer=Flag.NO_LONGER in flags)


def _introduced(statement: Statement, bill: Bill) -> Stages:
    """Return the stages of a bill that was introduced: where, and with "only", whether it came no further."""
    has_come = bool(statement.flags & {Flag.HAVE, Flag.BE}) and not {Flag.HAVE, Flag.PAST} <= statement.flags
    if Flag.ONLY in statement.flags and has_come and _SO_FAR.fullmatch(statement.tail):
        return progress.ONLY_INTRODUCED
    if bill.number.startswith("S-"):
        return progress.INTRODUCED
    if _is_senators(statement):
        return progress.NEVER
    is_cleft = _CLEFT_THERE.search(statement.head) is not None
    if not is_cleft and not _IN_SENATE.search(f"{statement.words}{statement.tail}"):
        return progress.INTRODUCED
    is_first = is_cleft or Flag.FIRST in statement.flags or _FIRST_THERE.search(f"{statement.words}{statement.tail}")
    began = statement.frame in (Frame.ACTIVE, Frame.PRESENT, Frame.STATE) and _BEGAN.match(statement.words)
    # Once the other chamber has received it, a bill is introduced there too.
    return progress.NEVER if is_first or began else progress.INTRODUCED_THERE


def _is_senators(statement: Statement) -> bool:
    """Whether it was one of the Senate that introduced the bill."""
    by = _BY_SENATOR.search(f"{statement.words}{statement.tail}")
    agent = _CLEFT.sub("", statement.agent)
    acts = _SENATOR.search(agent) and not _NO_SENATOR.search(agent)
    return bool(by or acts)


def _future(meaning: Meaning, place: Place) -> Stages:
    match meaning:
        case Meaning.INTRODUCED:
            return progress.NEVER
        case Meaning.PASSED | Meaning.THROUGH | Meaning.VOTED_FOR | Meaning.VOTED_ON if (
            place.house is not House.BOTH and place != _NOWHERE
        ):
            done = progress.through(place)
            return Stages(progress.LIVE - done.true - done.possible)
        case Meaning.AT | Meaning.STUDYING | Meaning.STUDIED:
            return progress.still_to_come(place, stays=True)
        case Meaning.REACHED | Meaning.AWAITS:
            return progress.still_to_come(place, stays=False)
    return progress.BEFORE_PARLIAMENT


def _placed(statement: Statement, place: Place) -> Stages | None:
    """Return the stages of what depends on the place that is named."""
    match statement.meaning:
        case Meaning.THROUGH | Meaning.PASSED:
            return progress.only_through(place) if Flag.ONLY in statement.flags else progress.through(place)
        case Meaning.AT | Meaning.LIVE:
            return _at(statement, place)
        case Meaning.REACHED:
            return _reached(statement, place)
        case Meaning.AWAITS:
            return progress.on_the_way(place)
        case Meaning.VOTED_ON:
            return progress.VOTED_ON if place == _NOWHERE else progress.through(place)
        case Meaning.VOTED_FOR:
            if place.step is None and place.house is House.OTHER:
                return progress.VOTED_FOR_THERE
            return progress.through(place) if place.step else progress.VOTED_FOR
    return _studied(statement.meaning, place)


def _studied(meaning: Meaning, place: Place) -> Stages | None:
    """Return the stages of what somebody does with a bill, where it is known who."""
    if place == _NOWHERE:
        return None
    if meaning is Meaning.STUDIED:
        return progress.studied(place)
    is_there = meaning is Meaning.STUDYING or place.house is House.OTHER or place.step is Step.COMMITTEE
    return progress.at(place) if is_there else None


def _at(statement: Statement, place: Place) -> Stages | None:
    is_past = Flag.PAST in statement.flags
    if statement.meaning is Meaning.LIVE and place.step is None and place.house in (None, House.BOTH):
        return None if is_past else progress.BEFORE_PARLIAMENT
    return progress.reached(place) if is_past else progress.at(place)


def _reached(statement: Statement, place: Place) -> Stages:
    if Flag.ONLY in statement.flags:
        return progress.at(place)
    has_come = statement.frame is Frame.ACTIVE and statement.flags & {Flag.HAVE, Flag.BE}
    is_perfect = has_come and Flag.PAST not in statement.flags
    return progress.has_come(place) if is_perfect else progress.reached(place)


def _lets_live(statement: Statement) -> bool:
    """Whether "let C-34 …" goes on with anything but dying."""
    lets = statement.frame is Frame.AGENT_PAST and _LETS.match(statement.words)
    return bool(lets) and not _DIE.match(statement.tail)


def _place(statement: Statement, bill: Bill) -> Place:
    """Return the step and the chamber that a statement names: in its words, after them, and by who acts."""
    words = "" if statement.meaning is Meaning.LAW and not statement.agent else statement.words
    time = _READ_A_TIME.match(words)
    step: Step | None = _step_in_order(time[0]) if time else None
    house: House | None = None
    for language in Language:
        pattern = lexicon(language).place
        found = [one[0] for one in pattern.finditer(words)]
        found += [
            one[0] for one in pattern.finditer(statement.tail) if _PREPOSITION.search(statement.tail[: one.start()])
        ]
        found += [one[0] for one in pattern.finditer(statement.agent)]
        found += [one[0] for one in pattern.finditer(statement.head) if _is_fronted(statement.head, one)]
        for text in found:
            step, house = step or _step(text), house or _house(text, bill)
    return Place(step, None if step and house is House.BOTH else house)


def _is_fronted(head: str, found: re.Match[str]) -> bool:
    """Whether a clause begins with a place: "at second reading, the House adopted C-34"."""
    begins = _FRONTED.search(head[: found.start()]) is not None
    return begins and not head[found.end() :].strip(" ,")


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
    if _BOTH.search(words):
        return House.BOTH
    parts = [lexicon(language).parts for language in Language]
    if "senat" in words or any(part["senate"].search(words) for part in parts):
        return other
    return first if _HOUSE.search(words) or any(part["house"].search(words) for part in parts) else None
