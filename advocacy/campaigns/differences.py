"""What differs between two states of a document, passage by passage and word by word, in every language."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial
from itertools import zip_longest
from typing import NamedTuple, TypeVar

from advocacy.campaigns.campaign_folder import CAMPAIGN, LETTER, OWN_DOCUMENTS, CampaignFolder, cached_by_content
from advocacy.campaigns.editor import manuscript_source
from advocacy.campaigns.editor.editor_letter import (
    PARAGRAPH,
    SUBJECT,
    VARIANT,
    letter_labels,
    letter_texts,
    note_labels,
    shared_file_problems,
)
from advocacy.campaigns.editor.labels import Labels, case_title
from advocacy.campaigns.editor.manuscript import Section, Variant
from advocacy.campaigns.setting_differences import compare_settings
from advocacy.campaigns.word_differences import DELETED, INSERTED, Piece, StepBudget, compare_texts
from advocacy.language import Language, Wording
from advocacy.messages import Words, message
from advocacy.toml_source import read_or_report

Item = TypeVar("Item")
SOURCE = message("Source")


@dataclass(frozen=True, slots=True)
class Row:
    """One passage in every language: its title, and its words, each the same in both states, deleted or inserted.

    `ours` where they are words for a sign of a file, which are the same in any language. `section` is the place of a
    letter's passage in its new text, for comments: 0 is the subject.
    """

    title: Words
    sides: Mapping[Language, tuple[Piece, ...]]
    ours: bool = False
    section: int | None = None

    @property
    def changed(self) -> bool:
        return any(piece.change for pieces in self.sides.values() for piece in pieces)

    @property
    def is_new(self) -> bool:
        return all(piece.change == INSERTED for pieces in self.sides.values() for piece in pieces)

    @property
    def is_gone(self) -> bool:
        return all(piece.change == DELETED for pieces in self.sides.values() for piece in pieces)


class _Cell(NamedTuple):
    title: Words
    texts: Mapping[Language, str]
    section: int | None = None


class _Passage(NamedTuple):
    """One passage before and after, one of which there always is, and the labels of both states."""

    before: _Cell | None
    after: _Cell | None
    labels: Sequence[Labels] = ()
    ours: bool = False

    @property
    def title(self) -> Words:
        cell = self.after or self.before
        return cell.title if cell else SOURCE

    def texts(self, language: Language) -> tuple[str, str]:
        before, after = (cell.texts.get(language, "") if cell else "" for cell in (self.before, self.after))
        return before, after


@cached_by_content(32)
def compare_documents(old: CampaignFolder, new: CampaignFolder, document: str) -> tuple[Row, ...]:
    """Compare one document of two states of a campaign: a letter with its settings, or a file of the campaign's own."""
    budget, rows = StepBudget(), []
    for passage in _passages(old, new, document):
        sides = {}
        for language in Language:
            labels = [one.by_words[language] for one in passage.labels]
            sides[language] = tuple(compare_texts(*passage.texts(language), labels, budget=budget))
        section = passage.after.section if passage.after else None
        rows.append(Row(passage.title, sides, passage.ours, section))
    return tuple(rows)


@cached_by_content(256)
def changed_passages(old: CampaignFolder, new: CampaignFolder, document: str) -> tuple[Words, ...]:
    """Return the titles of the passages that differ, each once, without comparing their words."""
    passages = _passages(old, new, document)
    differing = (one for one in passages if any(len({*one.texts(language)}) > 1 for language in Language))
    return tuple(dict.fromkeys(passage.title for passage in differing))


def paragraph_words(folder: CampaignFolder, letter: str, *, section: int, language: Language) -> str | None:
    """Return the words of one paragraph of a letter as its editor shows them; None where there is no such paragraph."""
    labels = _labels(folder, letter)
    sections = manuscript_source.read(letter_texts(folder, letter), labels).sections if labels else ()
    if not 0 <= section < len(sections):
        return None
    cases = [case.text(language) for variant in sections[section].variants for case in variant.cases]
    return " ".join(" ".join(cases).split())


def _passages(old: CampaignFolder, new: CampaignFolder, document: str) -> Iterator[_Passage]:
    if document in {*old.letters(), *new.letters()}:
        yield from _letter_passages(old, new, document)
        labels = [_labels(folder, document) for folder in (old, new)]
        name = f"{document}/{LETTER}"
    else:
        labels = [note_labels(folder) if document == OWN_DOCUMENTS[CAMPAIGN] else None for folder in (old, new)]
        name = f"{document}.toml"
    newest_first = [one for one in reversed(labels) if one is not None]
    for one in compare_settings(old.content(name), new.content(name), labels=labels):
        before, after = (_Cell(one.title, text) if text is not None else None for text in (one.before, one.after))
        yield _Passage(before, after, newest_first, one.ours)


def _letter_passages(old: CampaignFolder, new: CampaignFolder, letter: str) -> Iterator[_Passage]:
    """Compare the letter's cells, or its raw text where one of the two cannot be read as a letter's."""
    before, after = letter_texts(old, letter), letter_texts(new, letter)
    old_labels, new_labels = (_labels(folder, letter) for folder in (old, new))
    if new_labels is None or (old_labels is None and any(before.values())):
        yield _Passage(_Cell(SOURCE, before), _Cell(SOURCE, after))
        return
    old_labels = old_labels or new_labels
    old_sections = manuscript_source.read(before, old_labels).sections if any(before.values()) else ()
    new_sections = manuscript_source.read(after, new_labels).sections
    for cell_before, cell_after in _cells(old_sections, new_sections, new_labels):
        yield _Passage(cell_before, cell_after, (new_labels, old_labels))


def _labels(folder: CampaignFolder, letter: str) -> Labels | None:
    if read_or_report(partial(folder.letter, letter)) is None or shared_file_problems(folder):
        return None
    return letter_labels(folder.only(letter), letter)


def _cells(
    old: Sequence[Section], new: Sequence[Section], labels: Labels
) -> Iterator[tuple[_Cell | None, _Cell | None]]:
    """Pair the cells of two manuscripts; the titles count as the new one does."""
    number, section = 0, -1
    for before, after in _pairs(old, new):
        section += after is not None
        number += after is not None and not after.is_subject
        shown = after or before
        title = SUBJECT if shown and shown.is_subject else PARAGRAPH.with_params(number=max(number, 1))
        several = max(len(one.variants) for one in (before, after) if one) > 1
        variants = _pairs(before.variants if before else (), after.variants if after else ())
        for count, (old_variant, new_variant) in enumerate(variants, start=1):
            named = _joined(title, VARIANT.with_params(number=count)) if several else title
            yield from _cases(old_variant, new_variant, named, labels=labels, section=section)


def _cases(
    old: Variant | None, new: Variant | None, title: Words, *, labels: Labels, section: int
) -> Iterator[tuple[_Cell | None, _Cell | None]]:
    before = {case.test: case for case in (old.cases if old else ())}
    after = {case.test: case for case in (new.cases if new else ())}
    for test in dict.fromkeys([*after, *before]):
        named = _joined(title, Wording.for_each(partial(case_title, labels, test))) if test else title
        one, two = (_Cell(named, cases[test].texts, section) if test in cases else None for cases in (before, after))
        yield one, two


def _joined(title: Words, inner: Words) -> Wording:
    return Wording.for_each(lambda language: f"{title.in_language(language)}, {inner.in_language(language)}")


def _pairs(old: Sequence[Item], new: Sequence[Item]) -> Iterator[tuple[Item | None, Item | None]]:
    """Pair the items of two lists: those alike with each other, what was changed in its order, the rest alone."""
    matcher = SequenceMatcher(None, [repr(one) for one in old], [repr(one) for one in new], autojunk=False)
    for _, first, last, start, end in matcher.get_opcodes():
        yield from zip_longest(old[first:last], new[start:end])
