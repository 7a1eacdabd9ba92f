"""What differs between two states of a document, passage by passage and word by word, in every language."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial
from itertools import zip_longest
from typing import NamedTuple, TypeVar

from advocacy.campaigns.editor import labels as labelling
from advocacy.campaigns.editor import manuscript_source
from advocacy.campaigns.editor.condition_phrases import in_every_language
from advocacy.campaigns.editor.editor_letter import (
    PARAGRAPH,
    SUBJECT,
    VARIANT,
    letter_labels,
    letter_texts,
    note_labels,
    shared_file_problems,
)
from advocacy.campaigns.editor.labels import Labels
from advocacy.campaigns.editor.manuscript import Section, Variant
from advocacy.campaigns.folder import CAMPAIGN, LETTER, OWN_DOCUMENTS, CampaignFolder, cached_by_content
from advocacy.campaigns.setting_differences import compare_settings
from advocacy.campaigns.word_differences import Piece, StepBudget, compare_texts
from advocacy.language import Language, Wording
from advocacy.messages import Message, message
from advocacy.toml_source import TomlProblems

Thing = TypeVar("Thing")
SOURCE = message("Source")


@dataclass(frozen=True, slots=True)
class Row:
    """One passage in every language: its title, and its words with what became of them ("" for kept, "del", "ins").

    `ours` where they are words for a sign of a file, which are the same in any language. `section` is where a letter's
    passage stands in its new text, for comments: 0 is the subject.
    """

    title: Wording
    sides: Mapping[Language, tuple[Piece, ...]]
    ours: bool = False
    section: int | None = None

    @property
    def changed(self) -> bool:
        """Return whether anything is gone or new in it."""
        return any(bit.change for bits in self.sides.values() for bit in bits)

    @property
    def is_new(self) -> bool:
        """Return whether all of it is new."""
        return all(bit.change == "ins" for bits in self.sides.values() for bit in bits)

    @property
    def is_gone(self) -> bool:
        """Return whether all of it is gone."""
        return all(bit.change == "del" for bits in self.sides.values() for bit in bits)


class _Cell(NamedTuple):
    title: Wording
    texts: Mapping[Language, str]
    section: int | None = None


class _Passage(NamedTuple):
    """One passage as it was and as it is, with the labels that may stand in it."""

    before: _Cell | None
    after: _Cell | None
    known: Sequence[Labels] = ()
    ours: bool = False

    @property
    def title(self) -> Wording:
        shown = self.after or self.before
        return shown.title if shown else in_every_language(SOURCE.in_language)

    def texts(self, language: Language) -> tuple[str, str]:
        before, after = (cell.texts.get(language, "") if cell else "" for cell in (self.before, self.after))
        return before, after

    def row(self, patience: StepBudget) -> Row:
        known = {language: [labels.by_words.get(language, {}) for labels in self.known] for language in Language}
        sides = {
            language: tuple(compare_texts(*self.texts(language), known[language], patience=patience))
            for language in Language
        }
        return Row(self.title, sides, self.ours, self.after.section if self.after else None)


@cached_by_content(32)
def compare_documents(old: CampaignFolder, new: CampaignFolder, document: str) -> tuple[Row, ...]:
    """Compare one document of two states of a campaign: a letter with its settings, or a file of the campaign's own."""
    patience = StepBudget()
    return tuple(passage.row(patience) for passage in _passages(old, new, document))


@cached_by_content(256)
def changed_passages(old: CampaignFolder, new: CampaignFolder, document: str) -> tuple[Wording, ...]:
    """Name the passages that differ, each once, without comparing their words."""
    passages = _passages(old, new, document)
    differing = (one for one in passages if any(len({*one.texts(language)}) > 1 for language in Language))
    return tuple(dict.fromkeys(passage.title for passage in differing))


def paragraph_words(folder: CampaignFolder, letter: str, *, section: int, language: Language) -> str | None:
    """Return the words of one paragraph of a letter as its editor shows them; None where there is no such paragraph."""
    labels = _labels(folder, letter)
    sections = manuscript_source.read(letter_texts(folder, letter), labels).sections if labels else ()
    if not 0 <= section < len(sections):
        return None
    cases = [case.texts.get(language, "") for one in sections[section].variants for case in one.cases]
    return " ".join(" ".join(cases).split())


def _passages(old: CampaignFolder, new: CampaignFolder, document: str) -> Iterator[_Passage]:
    if document in {*old.letters(), *new.letters()}:
        yield from _of_texts(old, new, document)
        labels = [_labels(folder, document) for folder in (old, new)]
        name = f"{document}/{LETTER}"
    else:
        labels = [note_labels(folder) if document == OWN_DOCUMENTS[CAMPAIGN] else None for folder in (old, new)]
        name = f"{document}.toml"
    known = [one for one in reversed(labels) if one is not None]
    for one in compare_settings(old.content(name), new.content(name), labels=labels):
        before, after = (_Cell(one.title, said) if said is not None else None for said in (one.before, one.after))
        yield _Passage(before, after, known, one.ours)


def _of_texts(old: CampaignFolder, new: CampaignFolder, letter: str) -> Iterator[_Passage]:
    """Compare the letter's cells, or its raw text where one of the two cannot be read as a letter's."""
    before, after = letter_texts(old, letter), letter_texts(new, letter)
    known = [_labels(folder, letter) for folder in (old, new)]
    if known[1] is None or (known[0] is None and any(before.values())):
        yield _Passage(
            _Cell(in_every_language(SOURCE.in_language), before), _Cell(in_every_language(SOURCE.in_language), after)
        )
        return
    old_labels, new_labels = known[0] or known[1], known[1]
    one = manuscript_source.read(before, old_labels).sections if any(before.values()) else ()
    two = manuscript_source.read(after, new_labels).sections
    for cell_before, cell_after in _cells(one, two, new_labels):
        yield _Passage(cell_before, cell_after, (new_labels, old_labels))


def _labels(folder: CampaignFolder, letter: str) -> Labels | None:
    try:
        folder.letter(letter)
    except TomlProblems:
        return None
    return None if shared_file_problems(folder) else letter_labels(folder.only(letter), letter)


def _cells(
    old: Sequence[Section], new: Sequence[Section], labels: Labels
) -> Iterator[tuple[_Cell | None, _Cell | None]]:
    """Set the cells of two manuscripts beside each other; the titles count as the new one does."""
    number, section = 0, -1
    for before, after in pair_items(old, new):
        shown = after or before
        if shown is None:
            continue
        section += after is not None
        if not shown.is_subject and after is not None:
            number += 1
        place = max(number, 1)
        title = in_every_language(SUBJECT.in_language) if shown.is_subject else _filled(PARAGRAPH, place)
        several = max(len(one.variants) for one in (before, after) if one) > 1
        pairs = pair_items(before.variants if before else (), after.variants if after else ())
        for count, (one, two) in enumerate(pairs, start=1):
            named = _joined(title, _filled(VARIANT, count)) if several else title
            yield from _cases(one, two, named, labels=labels, section=section)


def _cases(
    old: Variant | None, new: Variant | None, title: Wording, *, labels: Labels, section: int
) -> Iterator[tuple[_Cell | None, _Cell | None]]:
    before = {case.test: case for case in (old.cases if old else ())}
    after = {case.test: case for case in (new.cases if new else ())}
    for test in dict.fromkeys([*after, *before]):
        named = _joined(title, in_every_language(partial(labelling.case_title, labels, test))) if test else title
        yield tuple(  # type: ignore[misc]
            _Cell(named, cases[test].texts, section) if test in cases else None for cases in (before, after)
        )


def _filled(words: Message, number: int) -> Wording:
    return in_every_language(words.with_params(number=number).in_language)


def _joined(one: Wording, two: Wording) -> Wording:
    return Wording({language.value: f"{one[language]}, {two[language]}" for language in Language})


def pair_items(old: Sequence[Thing], new: Sequence[Thing]) -> Iterator[tuple[Thing | None, Thing | None]]:
    """Pair the things of two lists: those alike with each other, what was changed in its order, the rest alone."""
    matcher = SequenceMatcher(None, [repr(one) for one in old], [repr(one) for one in new], autojunk=False)
    for _, first, last, start, end in matcher.get_opcodes():
        yield from zip_longest(old[first:last], new[start:end])
