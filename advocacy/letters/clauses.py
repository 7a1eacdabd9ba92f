"""What each share of a sentence is said of: the words after it, and those before it that are not another's."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from advocacy.letters.sentences import Sentence
from advocacy.letters.subjects import Spoken
from advocacy.numerals import Numeral

_BOUNDARY = re.compile(
    r"[;:,](?: (?:and|et|but|mais|while|tandis que|alors que|whereas|or|ou)\b)?"
    r"| (?:and|et|while|whereas|tandis que|alors que|but|mais|versus|contre|against|compared with|contrairement aux)\b"
)
_OF_WHOM = re.compile(r"(?: (?:of|des|de|d'|les|the|personnes|people|ayant|repondu|repondant\w*|respondents|entre|elles|et|them))*")


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


def clauses(text: str, sentence: Sentence, shares: Sequence[Numeral], spoken: Sequence[Spoken]) -> list[Clause]:
    """Give every share of a sentence its own words."""
    if not shares:
        return []
    cuts = [_opening(text, sentence, shares[0])]
    for number, following in zip(shares, shares[1:], strict=False):
        head_says = any(cuts[-1] <= said.start < number.start for said in spoken)
        cuts.append(_cut(text, number, following, head_says=head_says))
    cuts.append(_ending(text, sentence, shares[-1]))
    return [
        Clause(number, (start, number.outer[0]), (number.outer[1], max(end, number.outer[1])))
        for number, start, end in zip(shares, cuts, cuts[1:], strict=False)
    ]


def _cut(text: str, number: Numeral, following: Numeral, *, head_says: bool) -> int:
    """Find where the words between two shares stop being the first one's."""
    start, end = number.outer[1], following.outer[0]
    boundaries = list(_BOUNDARY.finditer(text, start, end))
    if not boundaries:
        return end
    of_whom = _OF_WHOM.match(text, start, end)
    said_before = head_says and of_whom is not None and of_whom.end() == boundaries[0].start()
    return boundaries[0].start() if said_before else boundaries[-1].start()


def _opening(text: str, sentence: Sentence, first: Numeral) -> int:
    return max(sentence.start, text.rfind(";", sentence.start, first.outer[0]) + 1)


def _ending(text: str, sentence: Sentence, last: Numeral) -> int:
    stop = text.find(";", last.outer[1], sentence.end)
    return sentence.end if stop < 0 else stop
