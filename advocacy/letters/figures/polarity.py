"""Whether words say a thing or deny it."""

import re

from advocacy.letters.figures.words import ASIDE, CONCEPTS, CONTRAST, IDIOMS, LAPSE, NEGATION, REJECTION, REMEDY, UNTRUE

_STOP = re.compile(r"[,;:.]")


def negations(text: str, start: int, end: int) -> int:
    """Count the words that say no in a piece of a plain text; asides and contrasts ("not merely …") are none."""
    silent = [said.span() for words in (IDIOMS, ASIDE) for said in words.finditer(text, start, end)]
    silent += [(said.start(), _until(text, said.end(), end)) for said in CONTRAST.finditer(text, start, end)]
    said_no = (said.start() for said in NEGATION.finditer(text, start, end))
    return sum(not any(begin <= place < stop for begin, stop in silent) for place in said_no)


def turned_down(text: str, start: int, end: int) -> bool:
    """Tell whether a piece calls what it speaks of needless or wrong."""
    return REJECTION.search(text, start, end) is not None


def taken_back(text: str, place: int) -> bool:
    """Tell whether what begins at `place` is called untrue just before it."""
    return UNTRUE.search(text, max(0, place - 40), place) is not None


def blames_the_diligent(text: str, start: int, end: int) -> bool:
    """Tell whether a piece speaks of "companies that remove …" where companies that do not are meant."""
    remedy, lapse = CONCEPTS[REMEDY], CONCEPTS[LAPSE]
    asides = [aside.span() for aside in ASIDE.finditer(text, start, end)]
    return any(remedy.search(text, *aside) and not lapse.search(text, *aside) for aside in asides)


def _until(text: str, start: int, end: int) -> int:
    stop = _STOP.search(text, start, end)
    return stop.start() if stop else end
