"""What each share of a sentence is said of: the words after it, and those before it that are not another's."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from advocacy.letters.figures.sentences import Sentence
from advocacy.letters.figures.subjects import Spoken
from advocacy.letters.figures.words import ANYONE, OTHERS, PLACES, RESPONDENTS
from advocacy.numerals import Numeral

_BOUNDARY = re.compile(
    r"[;:,](?: (?:and|et|but|mais|while|tandis que|alors que|whereas|or|ou)\b)?"
    r"| (?:and|et|while|whereas|tandis que|alors que|but|mais|versus|contre|against|compared with|contrairement aux)\b"
)
_PEOPLE = re.compile(
    rf" (?:and|et)(?: the| les| des| d')? ?(?:{'|'.join(p.pattern for p in (RESPONDENTS, OTHERS, PLACES, ANYONE))})"
)
_WORDS_OF_WHOM = 7


@dataclass(frozen=True, slots=True)
class Clause:
    """A share with its head (the words before it) and its tail (the words after), by their places."""

    number: Numeral
    head: tuple[int, int]
    tail: tuple[int, int]

    @property
    def whole(self) -> tuple[int, int]:
        """Where head, share and tail stand together."""
        return self.head[0], self.tail[1]


def clauses(text: str, sentence: Sentence, shares: Sequence[Numeral], *, spoken: Sequence[Spoken]) -> list[Clause]:
    """Return every share of a sentence its own words."""
    if not shares:
        return []
    cuts = [_opening(text, sentence, shares[0])]
    for number, following in pairwise(shares):
        cuts.append(_cut(text, (number, following), spoken, head=cuts[-1]))
    cuts.append(_ending(text, sentence, shares[-1]))
    return [
        Clause(number, (start, number.outer[0]), (number.outer[1], max(end, number.outer[1])))
        for number, start, end in zip(shares, cuts, cuts[1:], strict=False)
    ]


def _cut(text: str, shares: tuple[Numeral, Numeral], spoken: Sequence[Spoken], *, head: int) -> int:
    """Find where the words between two shares stop being the first one's, whose own words began at `head`."""
    number, following = shares
    start, end = number.outer[1], following.outer[0]
    boundaries = [said for said in _BOUNDARY.finditer(text, start, end) if not _PEOPLE.match(text, said.start())]
    if not boundaries:
        return end
    first = boundaries[0].start()
    only_whom = len(text[start:first].split()) <= _WORDS_OF_WHOM and not _says(spoken, start, first)
    said_before = only_whom and _says(spoken, head, number.start)
    return first if said_before else boundaries[-1].start()


def _says(spoken: Sequence[Spoken], start: int, end: int) -> bool:
    return any(start <= said.start < end for said in spoken)


def _opening(text: str, sentence: Sentence, first: Numeral) -> int:
    return max(sentence.start, text.rfind(";", sentence.start, first.outer[0]) + 1)


def _ending(text: str, sentence: Sentence, last: Numeral) -> int:
    stop = text.find(";", last.outer[1], sentence.end)
    return sentence.end if stop < 0 else stop
