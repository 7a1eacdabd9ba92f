"""What the editor shows: sections with their variants, each case's words face to face, the labels, what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from advocacy.campaigns.declarations import names_in
from advocacy.campaigns.labels import READY, Label, Labels, Sort, tab
from advocacy.campaigns.letter_check import MOST_WORDS
from advocacy.campaigns.manuscript import Case, Section, Variant
from advocacy.language import Language, Wording
from advocacy.web.locale import current_language
from advocacy.web.staff import letter_names as names
from advocacy.web.staff.advice_notes import letter_notes
from advocacy.web.staff.editor_form import shape
from advocacy.web.staff.letter_notes import Note, lengths, notes
from advocacy.web.staff.letter_work import Reading, Work

SIDES = (Language.FR, Language.EN)
"""French stands left."""
CHIPS = {Sort.FIELD: "chip mine", Sort.OPTIONAL: "chip mine opt", Sort.FINDING: "chip", Sort.FACT: "chip"}
TURN = "chip turn"
GROUPS = (
    (Wording.of(en="Fields", fr="Champs"), {Sort.FIELD, Sort.OPTIONAL}),
    (Wording.of(en="Findings", fr="Constats"), {Sort.FINDING}),
    (Wording.of(en="Survey", fr="Sondage"), {Sort.FACT}),
    (Wording.of(en="Conditions", fr="Conditions"), {Sort.CONDITION, Sort.OTHERWISE, Sort.END}),
)
CHARACTERS = 62
"""About how many characters a line of a cell holds on a wide screen."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One text area: `name` in the form, `id` on the page, what it holds, and what is wrong in it."""

    id: str
    name: str
    language: Language
    label: str
    text: str
    rows: int
    notes: Sequence[Note]


@dataclass(frozen=True, slots=True)
class CaseShown:
    """One case of a variant: for whom it is ("" for everybody), its condition, and its cells."""

    whom: str
    test: str
    cells: Sequence[Cell]

    @property
    def is_wrong(self) -> bool:
        """Tell whether something is to be mended here."""
        return any(cell.notes for cell in self.cells)


@dataclass(frozen=True, slots=True)
class SectionShown:
    """One section; `variants` are lists of cases."""

    place: int
    title: str
    is_subject: bool
    source: bool
    variants: Sequence[Sequence[CaseShown]]


@dataclass(frozen=True, slots=True)
class Chip:
    """A label in the palette: its words in each language, its looks, the name it is inserted by, and its story."""

    name: str
    look: str
    words: Wording
    tip: str
    finding: str = ""


def shown(work: Work, read: Reading) -> dict[str, Any]:
    """Give what the editor's page and its part that follows typing are made of."""
    language = current_language()
    found = notes(read, language)
    return {
        "work": work,
        "read": read,
        "title": read.file.title.spoken(language),
        "sections": sections(read, found, language),
        "notes": found,
        "advice": letter_notes(read, language),
        "lengths": {side: count for side, count in lengths(read).items() if count <= MOST_WORDS},
        "palette": palette(read, language),
        "shape": shape(read.manuscript),
        "sides": SIDES,
        "tests": [(test, tab(read.labels, test, language)) for test in READY if f"if {test}" in read.labels.by_name],
        "errors": [],
    }


def sections(read: Reading, found: Sequence[Note], language: Language) -> Sequence[SectionShown]:
    """Lay the sections out."""
    by_cell: dict[str, list[Note]] = {}
    for note in found:
        by_cell.setdefault(note.cell, []).append(note)
    titled = zip(read.manuscript.sections, names.titles(read, language), strict=True)
    return [
        SectionShown(
            place,
            title,
            section.is_subject,
            section.source,
            [
                _cases(variant, section, read, key=f"s{place}.v{number}", by_cell=by_cell)
                for number, variant in enumerate(section.variants)
            ],
        )
        for place, (section, title) in enumerate(titled)
    ]


def _cases(
    variant: Variant, section: Section, read: Reading, *, key: str, by_cell: Mapping[str, Sequence[Note]]
) -> Sequence[CaseShown]:
    language = current_language()
    return [
        CaseShown(
            tab(read.labels, case.test, language) if case.test or len(variant.cases) > 1 else "",
            case.test,
            [_cell(case, section, read, key=f"{key}.c{place}", side=side, by_cell=by_cell) for side in SIDES],
        )
        for place, case in enumerate(variant.cases)
    ]


def _cell(
    case: Case, section: Section, read: Reading, *, key: str, side: Language, by_cell: Mapping[str, Sequence[Note]]
) -> Cell:
    text = case.texts.get(side, "")
    lines = sum(1 + len(line) // CHARACTERS for line in text.split("\n"))
    found = names.cell_id(key, side)
    label = names.cell_name(read, key, side, language=side)
    rows = 1 if section.is_subject else min(max(lines, 2), 30)
    return Cell(found, f"{key}.{side.value}", side, label, text, rows, by_cell.get(found, ()))


def palette(read: Reading, language: Language) -> Sequence[tuple[str, Sequence[Chip]]]:
    """Group the labels as the palette shows them, those in use first; an “or if” is only written where one stands."""
    used = {name for text in read.texts.values() for name in names_in(text)}
    known = [label for label in read.labels.by_name.values() if not label.name.startswith("elif ")]
    known.sort(key=lambda label: label.sort is Sort.FINDING and label.name not in used)
    return [
        (name.spoken(language), [_chip(label, language) for label in known if label.sort in of]) for name, of in GROUPS
    ]


def looks(labels: Labels) -> Sequence[Chip]:
    """Give the labels that the palette leaves out, which a text may hold all the same."""
    return [_chip(label, Language.EN) for label in labels.by_name.values() if label.name.startswith("elif ")]


def _chip(label: Label, language: Language) -> Chip:
    key = label.name.removeprefix("finding.") if label.name.startswith("finding.") else ""
    tip = label.tip.spoken(language) if label.tip else ""
    return Chip(label.name, CHIPS.get(label.sort, TURN), label.words, tip, key)
