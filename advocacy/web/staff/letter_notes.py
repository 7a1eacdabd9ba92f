"""What the checks say of a letter, as a writer meets it: at its paragraph, in their language, with its mending."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from advocacy.campaigns import manuscript as writing
from advocacy.campaigns import mending as mendings
from advocacy.campaigns.folder import LETTER, TEXTS
from advocacy.campaigns.length import longest_words
from advocacy.campaigns.letter_check import AROUND
from advocacy.campaigns.mending import Mending
from advocacy.language import Language, Wording
from advocacy.toml_source import Problem
from advocacy.web.staff import note_words as words
from advocacy.web.staff.letter_names import cell_id, cell_name
from advocacy.web.staff.letter_work import Reading
from advocacy.web.staff.problem_words import OF_THE_CHECKS, in_english, is_spoken, spoken

LANGUAGES = {f"/{name}": language for language, name in TEXTS.items()}
UNKNOWN = Wording.of(en="No label is called “{words}”.", fr="Aucune étiquette ne s’appelle «\u00a0{words}\u00a0».")
NEAREST = Wording.of(en="Is it “{words}”?", fr="Est-ce «\u00a0{words}\u00a0»?")
TOO_LONG = Wording.of(
    en="A text is longer than 20,000 characters: shorten it. It is not checked any further.",
    fr="Un texte dépasse 20\u00a0000 caractères\u00a0: raccourcissez-le. Il n’est pas vérifié davantage.",
)
NO_SUCH_LABEL = re.compile(r"^“\[.*\]” is still to be filled in$", re.S)
DECLARED = re.compile(r"“(?P<key>\w+)” is declared but (?P<file>\S+) does not cite it")
UNLIKE = re.compile(r"this \w+ (?P<what>lacks|has) “(?P<name>[^”]+)”, which line \d+ of \S+ (?:has|lacks)")
PIECE = re.compile(r"^(?:the sign )?“(?P<piece>[^”]+)”")
FORBIDDEN = " is not allowed in a letter's text; "
UNCLOSED = Wording.of(
    en="This bracket is not closed: write “]” after the label, or remove “[”.",
    fr="Ce crochet n’est pas fermé\u00a0: écrivez «\u00a0]\u00a0» après l’étiquette, ou enlevez «\u00a0[\u00a0».",
)
EMPTY_VARIANT = re.compile(r"the alternative after “.*” is empty;")
TOO_MANY_WORDS = re.compile(r"with its longest alternatives and own words the letter has ")


Mended: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to mend: its sentence; the cell it is in ("" for none) with the words it is about; its file and place.

    `mended` names its mending for the form, and what that puts, as it is typed; both are "" where it has none.
    `adds` tells that the mending takes nothing away: what it puts comes after the words of the cell.
    """

    sentence: str
    where: str = ""
    cell: str = ""
    start: int = 0
    end: int = 0
    file: str = ""
    line: int = 0
    column: int = 0
    mended: Mended = ("", "")
    adds: bool = False


def notes(read: Reading, language: Language) -> Sequence[Note]:
    """Give all that is to be mended in a letter, what no label is called first."""
    if read.is_too_long:
        return [Note(TOO_LONG.spoken(language))]
    return [*_unknown(read, language), *_found(read, language)]


def find_mending(read: Reading, name: str) -> Mending | None:
    """Give the mending of this name, None where it does not belong to the text any more."""
    return next((mending for mending in _mendings(read) if mending_name(mending) == name), None)


def mending_name(mending: Mending) -> str:
    """Name a mending by what it does, so that one of another text is never carried out."""
    said = "\0".join([mending.key, mending.language, str(mending.start), str(mending.end), mending.replacement])
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def lengths(read: Reading) -> dict[Language, int]:
    """Count the words of the longest letter in each language; nothing while it cannot be composed."""
    template = read.template()
    if template is None:
        return {}
    return {
        language: longest_words(program.blocks, {field.key: field.longest(language) for field in template.fields})
        + len(template.notes[language].split())
        + AROUND
        for language, program in template.texts.items()
    }


def _mendings(read: Reading) -> Iterator[Mending]:
    for unknown in read.unknown:
        found = mendings.of_unknown(unknown, read.manuscript)
        if found is not None:
            yield found
    yield from _of_problems(read).values()


def _of_problems(read: Reading) -> Mapping[Problem, Mending]:
    return mendings.of_problems(read.problems(), read.manuscript, read.labels, survey=read.survey)


def _unknown(read: Reading, language: Language) -> Iterator[Note]:
    for unknown in read.unknown:
        sentence = UNKNOWN.spoken(language).format(words=unknown.words)
        if unknown.nearest:
            sentence += f" {NEAREST.spoken(language).format(words=unknown.nearest)}"
        cell = writing.cell(read.manuscript, unknown.key)
        start = max(cell.texts[unknown.language].find(f"[{unknown.words}]"), 0) if cell else 0
        yield Note(
            sentence,
            cell_name(read, unknown.key, unknown.language, language=language),
            cell_id(unknown.key, unknown.language),
            start,
            start + len(unknown.words) + 2,
            mended=_mend(mendings.of_unknown(unknown, read.manuscript)),
        )


def _found(read: Reading, language: Language) -> Iterator[Note]:
    problems = [problem for problem in read.problems() if not (read.unknown and NO_SUCH_LABEL.match(problem.sentence))]
    parted = any(UNLIKE.match(one.sentence) or "give both languages" in one.sentence for one in problems)
    empty = [*_empty(read, language)] if any(EMPTY_VARIANT.match(one.sentence) for one in problems) else []
    yield from empty
    mends = _of_problems(read) if problems else {}
    for problem in problems:
        if parted and DECLARED.match(problem.sentence):
            continue  # the paragraph that lacks it says so
        if empty and EMPTY_VARIANT.match(problem.sentence):
            continue  # each is told at its own place
        mend = mends.get(problem)
        yield _lacking(problem, read, language, mend=mend) or _note(problem, read, language, mend=mend)


def _empty(read: Reading, language: Language) -> Iterator[Note]:
    """Tell of each variant of which nothing is written."""
    for key, case in writing.cells(read.manuscript):
        section = read.manuscript.sections[int(key.split(".")[0][1:])]
        for side in reversed(Language):
            if len(section.variants) > 1 and not case.text(side).strip():
                name = cell_name(read, key, side, language=language)
                yield Note(words.EMPTY.spoken(language), name, cell_id(key, side))


def _lacking(problem: Problem, read: Reading, language: Language, *, mend: Mending | None) -> Note | None:
    """Tell, in the text that lacks it, of a label that stands in one language only; None for any other problem."""
    unlike, declared = UNLIKE.match(problem.sentence), DECLARED.match(problem.sentence)
    if declared is not None and mend is not None:
        return _lack(f"finding.{declared['key']}", mend.key, read, lacks=mend.language, language=language, mend=mend)
    of = _language(problem)
    where = writing.locate(read.manuscript, read.labels, of, line=problem.line, column=problem.column) if of else None
    if unlike is None or of is None or where is None:
        return None
    lacks = of if unlike["what"] == "lacks" else _other(of)
    return _lack(unlike["name"], where.key, read, lacks=lacks, language=language, mend=mend)


def _lack(name: str, key: str, read: Reading, *, lacks: Language, language: Language, mend: Mending | None) -> Note:
    sentence = words.missing(name, read, has=_other(lacks), language=language)
    where = cell_name(read, key, lacks, language=language)
    return Note(sentence, where, cell_id(key, lacks), mended=_mend(mend), adds=_adds(mend))


def _other(language: Language) -> Language:
    return next(other for other in Language if other is not language)


def _language(problem: Problem) -> Language | None:
    """Tell in which of the letter's texts a problem is; None for another file."""
    return next((language for end, language in LANGUAGES.items() if problem.file.endswith(end)), None)


def _note(problem: Problem, read: Reading, language: Language, *, mend: Mending | None) -> Note:
    """Put a problem where its writer sees it."""
    file, of = problem.file.rsplit("/", 1)[-1], _language(problem)
    sentence = _said(problem.sentence, read, language)
    if of is not None and TOO_MANY_WORDS.match(problem.sentence):
        return Note(sentence, words.WHOLE[of].spoken(language))
    where = writing.locate(read.manuscript, read.labels, of, line=problem.line, column=problem.column) if of else None
    note = Note(sentence, file=file, line=problem.line, column=problem.column, mended=_mend(mend))
    if of is None or where is None:
        return replace(note, where=FIELDS.spoken(language) if file == LETTER else "")
    name = cell_name(read, where.key, of, language=language)
    placed = replace(note, where=name, cell=cell_id(where.key, of), start=where.start, end=where.end)
    if mend is not None and (mend.key, mend.language) == (where.key, of):
        placed = replace(placed, start=min(placed.start, mend.start), end=max(placed.end, mend.end))
    held = writing.cell(read.manuscript, where.key)
    return _whole(placed, problem, held.text(of) if held else "", language=language)


def _whole(note: Note, problem: Problem, text: str, *, language: Language) -> Note:
    """Mark the whole piece that a problem is about; a bracket that opens a label and no more is told as such."""
    found = PIECE.match(problem.sentence)
    if found is None or not text.startswith(found["piece"], note.start):
        return note
    whole = replace(note, end=max(note.end, note.start + len(found["piece"])))
    is_open = found["piece"].startswith("[") and FORBIDDEN in problem.sentence
    return replace(whole, sentence=UNCLOSED.spoken(language)) if is_open else whole


def _said(sentence: str, read: Reading, language: Language) -> str:
    if is_spoken(sentence, language):
        return words.labelled(spoken(sentence, language), read, language)
    return in_english(words.labelled(sentence, read, OF_THE_CHECKS))


FIELDS = Wording.of(en="Fields of the letter", fr="Champs de la lettre")


def _mend(mending: Mending | None) -> Mended:
    """Name a mending, and say what it puts; both "" where there is none."""
    return (mending_name(mending), mending.replacement.strip()) if mending else ("", "")


def _adds(mending: Mending | None) -> bool:
    """Tell whether a mending takes nothing away, but puts its words at the end of the cell."""
    return mending is not None and mending.start == mending.end
