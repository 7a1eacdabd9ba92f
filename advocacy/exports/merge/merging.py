"""A letter for each row of a sheet, or the reasons why it is none: the same sheet, directory and day, the same letters.

Nothing is written: rows come in and letters come out one at a time, on the command line and on the site alike.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import prod

from advocacy.campaigns.campaign_files import LetterTemplate
from advocacy.campaigns.grammar.program import Choice, Program
from advocacy.exports.merge.addressees import Addressee, Addressees, Unaddressed
from advocacy.exports.merge.answering import Reader, read_language
from advocacy.exports.merge.doubts import doubts
from advocacy.exports.merge.rare import rare_cells
from advocacy.exports.merge.rows import Fault, People, Row
from advocacy.exports.merge.titles import ADDRESSING, LANGUAGE_COLUMN, POSTAL_CODE, WORDS_LANGUAGE
from advocacy.language import Language
from advocacy.legislators.forms_of_address import NoFormOfAddress, form_of_address
from advocacy.letters.alternatives import sequence
from advocacy.letters.compose import Answers, compose
from advocacy.letters.letter import Letter
from advocacy.messages import Words, message

NO_LANGUAGE = message("Write en or fr.")
NO_FORM = message("This seat is vacant, and its office has no form of address without a holder; choose someone else.")


@dataclass(frozen=True, slots=True)
class Merged:
    """A row's letter, and what should be known of it before it leaves; `row` counts from 1, the header.

    `rare` are the cells that stand in it and that a form may not show, by the titles of their columns.
    """

    row: int
    letter: Letter
    notes: tuple[Words, ...]
    rare: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row left out, and every reason; nothing of what it holds."""

    row: int
    faults: tuple[Fault, ...]


class Merge:
    """One letter's template, merged with people."""

    def __init__(
        self, template: LetterTemplate, addressees: Addressees, *, today: date, language: Language | None
    ) -> None:
        """Take what every row shares; `language` is that of the rows that name none."""
        self._template, self._addressees = template, addressees
        self._today, self._language = today, language
        self._reader = Reader(template)
        self._turns = {spoken: _Turns(program) for spoken, program in template.texts.items()}

    def letters(self, people: People, *, noted: bool = True) -> Iterator[Merged | Rejection]:
        """Yield a letter or a rejection for each row, in order; raise SheetRefused if the file breaks off.

        Alternatives are allotted by that order: an office's first letter here speaks its first, and so on. Without
        `noted` the notes are left out, which take longer than the letters.
        """
        sent: Counter[tuple[str, Language]] = Counter()
        for row in people.rows():
            read = self._read(row)
            if isinstance(read, _Ready):
                office = (read.addressee.recipient.id, read.language)
                letter = self._letter(read, turn=sent[office])
                sent[office] += 1
                notes = self._notes(row, read, letter) if noted else ()
                rare = rare_cells(self._reader.typed(row.cells))
                titled = {people.columns.title(key): cell for key, cell in rare.items()}
                yield Merged(row.number, letter, notes, titled)
            else:
                found = [Fault(people.columns.title(key), reason) for key, reason in read.items()]
                blamed = {fault.column for fault in row.faults}
                yield Rejection(row.number, (*row.faults, *(fault for fault in found if fault.column not in blamed)))

    def _letter(self, ready: "_Ready", *, turn: int) -> Letter:
        return compose(
            self._template,
            ready.answers.of_ridings(ready.addressee.ridings),
            ready.addressee.recipient,
            language=ready.language,
            today=self._today,
            choice=self._turns[ready.language].choice(turn),
        )

    def _notes(self, row: Row, ready: "_Ready", letter: Letter) -> tuple[Words, ...]:
        return (*row.notes, *ready.addressee.notes, *doubts(letter, self._template, today=self._today))

    def _read(self, row: Row) -> "_Ready | Mapping[str, Words]":
        """Read all that a letter is made of, or give what is amiss in each column, all of it at once."""
        language = self._spoken(row, LANGUAGE_COLUMN, self._language)
        words = self._spoken(row, WORDS_LANGUAGE, language or Language.EN)
        answers = self._reader.read(row.cells, words or Language.EN)
        addressee = self._addressee(row, {} if isinstance(answers, Answers) else answers)
        if language and words and isinstance(answers, Answers) and isinstance(addressee, Addressee):
            if not _has_form(addressee, language):
                return {_decisive(row): NO_FORM}
            return {} if row.faults else _Ready(language, answers, addressee)
        amiss = {} if isinstance(answers, Answers) else dict(answers)
        amiss |= {
            key: NO_LANGUAGE for key, spoken in ((LANGUAGE_COLUMN, language), (WORDS_LANGUAGE, words)) if spoken is None
        }
        if isinstance(addressee, Unaddressed):
            amiss.setdefault(addressee.key, addressee.reason)
        return amiss

    def _addressee(self, row: Row, refused: Mapping[str, Words]) -> Addressee | Unaddressed:
        if POSTAL_CODE in refused:
            return Unaddressed(POSTAL_CODE, refused[POSTAL_CODE])
        try:
            return self._addressees.find(row.cells)
        except Unaddressed as error:
            return error

    @staticmethod
    def _spoken(row: Row, key: str, otherwise: Language | None) -> Language | None:
        cell = row.cells.get(key, "")
        return read_language(cell) if cell.strip() else otherwise


@dataclass(frozen=True, slots=True)
class _Ready:
    language: Language
    answers: Answers
    addressee: Addressee


class _Turns:
    """The alternatives of an office's first letter, its second, … in one language: the same for every office."""

    def __init__(self, program: Program) -> None:
        # Every combination comes once before any comes twice, and in the same order again.
        self._round = prod(program.groups)
        self._following = sequence(program)
        self._known: list[Choice] = []

    def choice(self, turn: int) -> Choice:
        """Return the alternatives of a turn, counted from 0."""
        place = turn % self._round
        while place >= len(self._known):
            self._known.append(next(self._following))
        return self._known[place]


def _decisive(row: Row) -> str:
    """Name the column that says whom the letter goes to."""
    return next(key for key in ADDRESSING if row.cells.get(key, "").strip())


def _has_form(addressee: Addressee, language: Language) -> bool:
    try:
        form_of_address(addressee.recipient, language)
    except NoFormOfAddress:
        return False
    return True
