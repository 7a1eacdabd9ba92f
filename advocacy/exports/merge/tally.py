"""What a merge comes to: how many letters in each language, which rows were left out, what should be known of which."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from advocacy.exports.merge.merging import Merged, Rejection
from advocacy.exports.merge.rows import Fault
from advocacy.language import Language
from advocacy.messages import Words


@dataclass(slots=True)
class Tally:
    """Counts while letters go by; nothing of any letter stays."""

    languages: Counter[Language] = field(default_factory=Counter)
    rejections: list[Rejection] = field(default_factory=list)
    notes: dict[Words, list[int]] = field(default_factory=dict)

    @property
    def letters(self) -> int:
        """How many there are."""
        return self.languages.total()

    @property
    def rows(self) -> int:
        """How many rows there were, the blank ones and the header not counted."""
        return self.letters + len(self.rejections)

    def counted(self, made: Iterable[Merged | Rejection]) -> Iterator[Merged | Rejection]:
        """Pass everything on, and count it."""
        for one in made:
            if isinstance(one, Rejection):
                self.rejections.append(one)
            else:
                self.languages[one.letter.language] += 1
                for note in one.notes:
                    self.notes.setdefault(note, []).append(one.row)
            yield one

    def reject_late(self, merged: Merged, faults: tuple[Fault, ...]) -> None:
        """Take back a letter that was counted, as it cannot take the form that is wanted; and what was said of it."""
        self.languages[merged.letter.language] -= 1
        for note in merged.notes:
            self._take_back(note, merged.row)
        self.rejections.append(Rejection(merged.row, faults))
        self.rejections.sort(key=lambda rejection: rejection.row)

    def _take_back(self, note: Words, row: int) -> None:
        rows = self.notes.get(note, [])
        if row in rows:
            rows.remove(row)
        if not rows:
            self.notes.pop(note, None)
