"""A letter for each row of a sheet, or the reasons why it is none: the same sheet, directory and day, the same letters.

Nothing is written: rows come in and letters come out one at a time, on the command line and on the site alike.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import prod

from advocacy.campaigns.letter_template import LetterTemplate
from advocacy.campaigns.letter_text import Choice
from advocacy.campaigns.only_for import Reader
from advocacy.exports.merge.addressees import Addressee, Addressees, Unaddressed
from advocacy.exports.merge.columns import ADDRESSING, LANGUAGE_COLUMN, POSTAL_CODE, WORDS_LANGUAGE
from advocacy.exports.merge.sheet_rows import AnswerReader, PeopleSheet, SheetRow
from advocacy.language import SOURCE, Language, read_language
from advocacy.legislators.forms_of_address import NoFormOfAddress, form_of_address
from advocacy.letters.alternatives import Options, sequence
from advocacy.letters.compose import Answers, compose, reader_of
from advocacy.letters.letter import Letter
from advocacy.letters.provenance import own_claims
from advocacy.letters.sentence_wordings import allot_wording, sentences_of
from advocacy.messages import Words, message
from advocacy.sheets import CellError

NO_LANGUAGE = message("Write en or fr.")
NO_FORM = message("This seat is vacant, and its office has no form of address without a holder; choose someone else.")
OWN_CLAIM = message("Own words give a figure, or speak of the survey or the bill: read them.")
_UNUSUAL = re.compile("[^\t\n\r -~\u00a0-\u024f\u2010-\u2027]")


@dataclass(frozen=True, slots=True)
class MergedLetter:
    """A row's letter, and what should be known of it before it is sent; `row` counts from 1, the header.

    `unusual_cells` stand in it and may not be shown by a format, by the titles of their columns.
    """

    row: int
    letter: Letter
    notes: tuple[Words, ...]
    unusual_cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row left out, and every reason; nothing of what it holds."""

    row: int
    errors: tuple[CellError, ...]


class Merge:
    """One letter's template, merged with people."""

    def __init__(
        self,
        template: LetterTemplate,
        addressees: Addressees,
        *,
        today: date,
        language: Language | None,
    ) -> None:
        """Take what every row shares; `language` is that of the rows that name none."""
        self._template, self._addressees = template, addressees
        self._today, self._language = today, language
        self._reader = AnswerReader(template)
        self._sequences: dict[Options, _Sequence] = {}

    def letters(self, people: PeopleSheet, *, with_notes: bool = True) -> Iterator[MergedLetter | RejectedRow]:
        """Yield a letter or a rejection for each row, in order.

        Alternatives are allotted by that order: an office's first letter here speaks its first, and so on. Without
        `with_notes` the notes are left out, which take longer than the letters.
        """
        sent: Counter[tuple[str, Language]] = Counter()
        sent_wordings: defaultdict[tuple[str, str], Counter[Choice]] = defaultdict(Counter)
        for row in people.rows:
            parts = self._read(row)
            if not isinstance(parts, _LetterParts):
                reasons = {people.columns.title(key): reason for key, reason in parts.items()}
                named = {error.column for error in row.errors}
                more = (
                    CellError(row.number, column, reason) for column, reason in reasons.items() if column not in named
                )
                yield RejectedRow(row.number, (*row.errors, *more))
                continue
            addressee, language = parts.addressee, parts.language
            office = (addressee.recipient.id, language)
            answers = parts.answers.of_ridings(addressee.ridings)
            reader = reader_of(self._template, answers, addressee.recipient, today=self._today)
            letter = compose(
                self._template,
                answers,
                addressee.recipient,
                language=language,
                today=self._today,
                choice=self._choice(reader, sent[office]),
                wordings=self._allot_wordings(parts, reader, sent_wordings),
            )
            sent[office] += 1
            notes: tuple[Words, ...] = ()
            if with_notes:
                notes = addressee.notes
                if own_claims(letter, letter, self._template):
                    notes = (*notes, OWN_CLAIM)
            cells = self._reader.answer_cells(row.cells)
            unusual = {people.columns.title(key): cell for key, cell in cells.items() if _UNUSUAL.search(cell)}
            yield MergedLetter(row.number, letter, notes, unusual)

    def _choice(self, reader: Reader, turn: int) -> Choice:
        """Return the alternatives of an office's letter of this turn, counted from 0."""
        options = tuple(map(tuple, self._template.options_for(reader)))
        return self._sequences.setdefault(options, _Sequence(options)).choice(turn)

    def _allot_wordings(
        self, parts: "_LetterParts", reader: Reader, sent: Mapping[tuple[str, str], Counter[Choice]]
    ) -> Mapping[str, int]:
        """Return the wording of each sentence of a row's letter, and count it in `sent`."""
        wordings = {}
        for sentence in sentences_of(self._template, reader, parts.answers.fields, language=parts.language):
            counts = sent[parts.addressee.recipient.id, sentence.fingerprint]
            wording = wordings[sentence.fingerprint] = allot_wording(sentence, counts)
            counts[wording,] += 1
        return wordings

    def _read(self, row: SheetRow) -> "_LetterParts | Mapping[str, Words]":
        """Read all that a letter is made of, or return what is wrong in each column, all of it at once."""
        language = _language(row, LANGUAGE_COLUMN, self._language)
        words = _language(row, WORDS_LANGUAGE, language or SOURCE)
        answers = self._reader.read(row.cells, words or SOURCE)
        wrong = {} if isinstance(answers, Answers) else dict(answers)
        addressee = self._addressee(row, wrong)
        if language and words and isinstance(answers, Answers) and isinstance(addressee, Addressee):
            try:
                form_of_address(addressee.recipient, language)
            except NoFormOfAddress:
                return {next(key for key in ADDRESSING if row.cells.get(key, "").strip()): NO_FORM}
            return {} if row.errors else _LetterParts(language, answers, addressee)
        wrong |= {
            key: NO_LANGUAGE for key, one in ((LANGUAGE_COLUMN, language), (WORDS_LANGUAGE, words)) if one is None
        }
        if isinstance(addressee, Unaddressed):
            wrong.setdefault(addressee.key, addressee.reason)
        return wrong

    def _addressee(self, row: SheetRow, wrong: Mapping[str, Words]) -> Addressee | Unaddressed:
        if POSTAL_CODE in wrong:
            return Unaddressed(POSTAL_CODE, wrong[POSTAL_CODE])
        try:
            return self._addressees.find(row.cells)
        except Unaddressed as error:
            return error


@dataclass(frozen=True, slots=True)
class _LetterParts:
    language: Language
    answers: Answers
    addressee: Addressee


class _Sequence:
    """The alternatives of an office's first letter, its second, …: the same for every office that has these options."""

    def __init__(self, options: Options) -> None:
        # Every combination comes once before any comes twice, and in the same order again.
        self._round = prod(max(1, len(places)) for places in options)
        self._following = sequence(options)
        self._choices: list[Choice] = []

    def choice(self, turn: int) -> Choice:
        """Return the alternatives of a turn, counted from 0."""
        place = turn % self._round
        while place >= len(self._choices):
            self._choices.append(next(self._following))
        return self._choices[place]


def _language(row: SheetRow, key: str, default: Language | None) -> Language | None:
    cell = row.cells.get(key, "")
    return read_language(cell) if cell.strip() else default


def is_unusual(texts: Iterable[str]) -> bool:
    """Whether any character is beyond what every font at hand shows: the letters and signs of English and French."""
    return any(_UNUSUAL.search(text) for text in texts)


@dataclass(slots=True)
class MergeSummary:
    """How many letters there are in each language, which rows were left out, what should be known of which.

    It counts while letters go by; nothing of any letter stays.
    """

    languages: Counter[Language] = field(default_factory=Counter)
    rejected: list[RejectedRow] = field(default_factory=list)
    notes: dict[Words, list[int]] = field(default_factory=dict)

    @property
    def letters(self) -> int:
        return self.languages.total()

    @property
    def rows(self) -> int:
        """How many rows there were, the blank ones and the header not counted."""
        return self.letters + len(self.rejected)

    def count(self, merged: Iterable[MergedLetter | RejectedRow]) -> Iterator[MergedLetter | RejectedRow]:
        """Pass everything on, and count it."""
        for one in merged:
            if isinstance(one, RejectedRow):
                self.rejected.append(one)
            else:
                self.languages[one.letter.language] += 1
                for note in one.notes:
                    self.notes.setdefault(note, []).append(one.row)
            yield one

    def reject_late(self, merged: MergedLetter, errors: tuple[CellError, ...]) -> None:
        """Take back a letter that was counted, as it cannot take the format that is wanted; and its notes."""
        self.languages[merged.letter.language] -= 1
        for note in merged.notes:
            rows = self.notes.get(note, [])
            if merged.row in rows:
                rows.remove(merged.row)
            if not rows:
                self.notes.pop(note, None)
        self.rejected.append(RejectedRow(merged.row, errors))
        self.rejected.sort(key=lambda rejection: rejection.row)
