"""A share in its sentence: of whom it is said, and which answers its words may speak of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from advocacy.letters.figures.clauses import Clause
from advocacy.letters.figures.people import Whom, of_whom
from advocacy.letters.figures.reading import Reading
from advocacy.letters.figures.subjects import Meant, Spoken
from advocacy.letters.figures.words import MINORITY
from advocacy.numerals import Numeral

_BEFORE = 30


@dataclass(frozen=True, slots=True)
class Share:
    """A share, of whom it is said, and the words from `start` to `end` that say what it is about."""

    reading: Reading
    place: int
    clause: Clause
    whom: Whom
    start: int
    end: int
    spoken: Sequence[Spoken] = field(default=())
    meant: Sequence[Meant] = field(default=())

    @property
    def number(self) -> Numeral:
        return self.clause.number

    @property
    def text(self) -> str:
        return self.reading.plain

    @property
    def strength(self) -> float:
        return max((meant.score for meant in self.meant), default=0)

    def says(self, words: re.Pattern[str], piece: tuple[int, int] | None = None) -> bool:
        """Return whether the clause, or a piece of it, has any of the words."""
        return self.reading.finds_in(words, *(piece or self.clause.whole))


def read(reading: Reading, place: int, clause: Clause) -> Share:
    """Find the subject in the words after the share, or before it, or in both together."""
    whom = of_whom(reading, place, clause)
    around = reading.concepts(place, *reading.before(place))
    for start, end in (clause.tail, clause.head, clause.whole):
        said = tuple(one for one in reading.spoken(place) if start <= one.start < end)
        meant = reading.subjects.meant((one.concept for one in said), around)
        if any(one.named for one in meant):
            return Share(reading, place, clause, whom, start=start, end=end, spoken=said, meant=meant)
    return Share(
        reading, place, clause, whom, start=start, end=end, spoken=said, meant=lesser_answers(reading, clause, meant)
    )


def lesser_answers(reading: Reading, clause: Clause, meant: Sequence[Meant]) -> list[Meant]:
    """Add the lesser answers of a question where the words say that few chose them."""
    start = max(clause.head[0], clause.head[1] - _BEFORE)
    if MINORITY.search(reading.plain, start, clause.tail[1]) is None:
        return list(meant)
    questions = {reading.subjects.question[one.finding.key].key: one for one in meant}
    options = [
        Meant(option, one.score, named=False)
        for one in questions.values()
        for option in reading.subjects.question[one.finding.key].options
    ]
    known = [one.finding for one in meant]
    return [*meant, *(option for option in options if option.finding not in known)]
