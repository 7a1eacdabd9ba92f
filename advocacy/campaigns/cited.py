"""Where letters cite the survey: each sentence that a corrected figure or word changes, before and after."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from advocacy.campaigns.campaign import LetterTemplate
from advocacy.campaigns.folder import CampaignFolder
from advocacy.campaigns.program import Branch, Inline, Paragraph, walk
from advocacy.campaigns.word_differences import Piece, compare_texts
from advocacy.language import Language, Wording
from advocacy.toml_source import TomlProblems

SENTENCE = re.compile(r"(?<=[.!?])\s+")
ELSEWHERE = "…"
"""What stands in a sentence for whatever the citizen fills in."""


@dataclass(frozen=True, slots=True)
class Cited:
    """One letter in one language, and its sentences that change."""

    letter: str
    title: Wording
    language: Language
    sentences: tuple[tuple[Piece, ...], ...]


def cited(old: CampaignFolder, new: CampaignFolder) -> list[Cited]:
    """Return every letter whose words another survey changes; none where one of the two cannot be read."""
    found = []
    for letter in old.letters():
        try:
            before, after = old.template(letter), new.template(letter)
        except TomlProblems:
            continue
        for language in Language:
            sentences = tuple(dict.fromkeys(_changed(before, after, language)))
            if sentences:
                found.append(Cited(letter, after.letter.title, language, sentences))
    return found


def _changed(before: LetterTemplate, after: LetterTemplate, language: Language) -> Iterator[tuple[Piece, ...]]:
    for one, two in zip(_sentences(before, language), _sentences(after, language), strict=False):
        if one != two:
            yield tuple(compare_texts(one, two))


def _sentences(template: LetterTemplate, language: Language) -> Iterator[str]:
    said = template.constants[language]
    for block in walk(template.texts[language].blocks):
        if isinstance(block, Paragraph):
            for text in _texts(block.inline, said):
                yield from SENTENCE.split(text)
    yield template.notes[language]


def _texts(inline: Inline, said: Mapping[str, str]) -> list[str]:
    """Speak a paragraph in as many ways as its conditions need for each of their cases to be spoken once."""
    most = max((len(part.cases) for part in inline if isinstance(part, Branch)), default=1)
    return ["".join(_spoken(inline, said, place)) for place in range(most)]


def _spoken(inline: Iterable[object], said: Mapping[str, str], place: int) -> Iterator[str]:
    for part in inline:
        if isinstance(part, str):
            yield part
        elif isinstance(part, Branch):
            _, held = part.cases[min(place, len(part.cases) - 1)]
            yield from _spoken(held, said, 0)
        else:
            yield said.get(getattr(part, "name", ""), ELSEWHERE)
