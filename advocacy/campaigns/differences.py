"""What differs between two states of a document, passage by passage and word by word, in every language."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial
from itertools import zip_longest
from typing import NamedTuple, TypeVar

from advocacy.campaigns.campaign_files import LetterFile
from advocacy.campaigns.campaign_folder import LETTER, CampaignFolder, cached_by_content
from advocacy.campaigns.editor.labels import Labels, make_labels
from advocacy.campaigns.fields import Field
from advocacy.campaigns.letter_template import resolve_options
from advocacy.campaigns.letter_text import Alternative, Section
from advocacy.campaigns.setting_differences import compare_settings
from advocacy.campaigns.terms import describe_only_for, section_title
from advocacy.campaigns.word_differences import DELETED, INSERTED, Piece, StepBudget, compare_texts
from advocacy.language import Language, Wording
from advocacy.messages import Words, message
from advocacy.toml_source import TomlProblems, read_or_report

Item = TypeVar("Item")
WAY = message("%(section)s, %(number)s of %(count)s")
FOR_READER = message("%(section)s, %(only_for)s")
FOR_WHOM = message("%(section)s, for whom")


@dataclass(frozen=True, slots=True)
class Row:
    """One passage in every language: its title, and its words, each the same in both states, deleted or inserted.

    `ours` where they are words for a sign of a file, which are the same in any language. `cell` is the key of a
    letter's passage in its new text, for comments: "opening-0".
    """

    title: Words
    sides: Mapping[Language, tuple[Piece, ...]]
    ours: bool = False
    cell: str | None = None

    @property
    def changed(self) -> bool:
        return any(piece.change for pieces in self.sides.values() for piece in pieces)

    @property
    def is_new(self) -> bool:
        return all(piece.change == INSERTED for pieces in self.sides.values() for piece in pieces)

    @property
    def is_gone(self) -> bool:
        return all(piece.change == DELETED for pieces in self.sides.values() for piece in pieces)


class _Passage(NamedTuple):
    """One passage before and after, None where there is none, with the labels of its blanks."""

    title: Words
    before: Mapping[Language, str] | None
    after: Mapping[Language, str] | None
    labels: Labels | None = None
    ours: bool = False
    cell: str | None = None

    def texts(self, language: Language) -> tuple[str, str]:
        before, after = (texts.get(language, "") if texts else "" for texts in (self.before, self.after))
        if self.labels is None:
            return before, after
        return self.labels.show(before, language), self.labels.show(after, language)


@cached_by_content(32)
def compare_documents(old: CampaignFolder, new: CampaignFolder, document: str) -> tuple[Row, ...]:
    """Compare one document of two states of a campaign: a letter with its settings, or a file of the campaign's own."""
    budget, rows = StepBudget(), []
    for passage in _passages(old, new, document):
        sides = {}
        for language in Language:
            labels = [passage.labels.by_words[language]] if passage.labels else []
            sides[language] = tuple(compare_texts(*passage.texts(language), labels, budget=budget))
        rows.append(Row(passage.title, sides, passage.ours, passage.cell))
    return tuple(rows)


@cached_by_content(256)
def changed_passages(old: CampaignFolder, new: CampaignFolder, document: str) -> tuple[Words, ...]:
    """Return the titles of the passages that differ, each once, without comparing their words."""
    differing = (
        passage
        for passage in _passages(old, new, document)
        if any(len({*passage.texts(language)}) > 1 for language in Language)
    )
    return tuple(dict.fromkeys(passage.title for passage in differing))


def cell_words(folder: CampaignFolder, letter: str, *, cell: str, language: Language) -> str | None:
    """Return the words of one passage of a letter as its editor shows them; None where there is no such passage."""
    file = read_or_report(partial(folder.letter, letter))
    for section in file.sections if file else ():
        for place, alternative in enumerate(section.alternatives):
            if cell == cell_key(section, place):
                labels = letter_labels(folder, letter)
                text = alternative.texts[language]
                return " ".join((labels.show(text, language) if labels else text).split())
    return None


def cell_key(section: Section, place: int) -> str:
    """Return the key of an alternative in every language: "opening-0"."""
    return f"{section.key}-{place}"


@cached_by_content(64)
def letter_labels(folder: CampaignFolder, letter: str) -> Labels | None:
    """Return the labels of a letter; None while one of the files cannot be read."""
    try:
        campaign, survey, fields = folder.campaign(), folder.survey(), _fields(folder, letter)
    except TomlProblems:
        return None
    return make_labels(fields, survey, has_bill=campaign.bill is not None)


def _fields(folder: CampaignFolder, letter: str) -> Sequence[Field]:
    return resolve_options(folder.letter(letter), folder.sentences())


def _passages(old: CampaignFolder, new: CampaignFolder, document: str) -> Iterator[_Passage]:
    name, without = f"{document}.toml", ""
    if document in {*old.letters(), *new.letters()}:
        name = f"{document}/{LETTER}"
        before, after = (read_or_report(partial(folder.letter, document)) for folder in (old, new))
        if before or after:
            without = "section"
            labels = letter_labels(new, document) or letter_labels(old, document)
            fields = _fields(new if after else old, document) if labels else ()
            yield from _letter_passages(before, after, labels=labels, fields=fields)
    for one in compare_settings(old.content(name), new.content(name), without=without):
        yield _Passage(one.title, one.before, one.after, ours=one.ours)


def _letter_passages(
    before: LetterFile | None, after: LetterFile | None, *, labels: Labels | None, fields: Sequence[Field]
) -> Iterator[_Passage]:
    """Pair the sections of two letters by their keys, and the alternatives of each."""
    old, new = ({section.key: section for section in letter.sections} if letter else {} for letter in (before, after))
    for number, key in enumerate(dict.fromkeys([*new, *old]), start=1):
        title = section_title(key, number)
        alternatives = [section.alternatives if section else () for section in (old.get(key), new.get(key))]
        place = -1
        for was, now in _pairs(*alternatives):
            place += now is not None
            shown = now or was
            if shown is None:
                continue
            count = len(alternatives[1] or alternatives[0])
            named = _alternative_title(title, shown, place=max(place, 0), count=count, fields=fields)
            cell = f"{key}-{place}" if now else None
            texts = [one.texts if one else None for one in (was, now)]
            yield _Passage(named, texts[0], texts[1], labels, cell=cell)
            if was and now and was.only_for != now.only_for:
                whom = [describe_only_for(one.only_for, fields) if one.only_for else None for one in (was, now)]
                yield _Passage(FOR_WHOM.with_params(section=title), whom[0], whom[1], ours=True)


def _alternative_title(
    title: Words, alternative: Alternative, *, place: int, count: int, fields: Sequence[Field]
) -> Words:
    if alternative.only_for:
        only_for = describe_only_for(alternative.only_for, fields)
        lower = Wording.for_each(lambda language: only_for[language][:1].lower() + only_for[language][1:])
        return Wording.for_each(FOR_READER.with_params(section=title, only_for=lower).in_language)
    return WAY.with_params(section=title, number=place + 1, count=count) if count > 1 else title


def _pairs(old: Sequence[Item], new: Sequence[Item]) -> Iterator[tuple[Item | None, Item | None]]:
    """Pair the items of two lists: those alike with each other, what was changed in its order, the rest alone."""
    matcher = SequenceMatcher(None, [repr(one) for one in old], [repr(one) for one in new], autojunk=False)
    for _, first, last, start, end in matcher.get_opcodes():
        yield from zip_longest(old[first:last], new[start:end])
