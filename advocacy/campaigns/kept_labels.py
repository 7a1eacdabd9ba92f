"""A manuscript as a draft keeps it: its labels by their names, so that other words for them lose nobody's text."""

import re
from collections.abc import Callable
from dataclasses import replace

from advocacy.campaigns.labels import Labels
from advocacy.campaigns.manuscript_parts import Case, Manuscript, Section, Variant, key_of
from advocacy.language import Language

OPEN, CLOSE = "\ue000", "\ue001"
"""What a label's name stands between; in a text they would be refused."""
_WORDS = re.compile(r"\[([^\[\]\n]+)\]")
_NAME = re.compile(f"{OPEN}([^{OPEN}{CLOSE}\n]+){CLOSE}")


def by_name(manuscript: Manuscript, labels: Labels) -> Manuscript:
    """Put names for the labels that are known; what no label is called stays as typed."""

    def named(text: str, language: Language) -> str:
        known = labels.by_words[language]
        return _WORDS.sub(lambda one: f"{OPEN}{known[one[1]].name}{CLOSE}" if one[1] in known else one[0], text)

    return _in_cells(manuscript, named)


def by_words(manuscript: Manuscript, labels: Labels) -> Manuscript:
    """Put words for the names; a name that is offered no longer stands in brackets, for its writer to see."""

    def worded(text: str, language: Language) -> str:
        def words(one: re.Match[str]) -> str:
            label = labels.by_name.get(one[1])
            return f"[{label.words.in_language(language) if label else one[1]}]"

        return _NAME.sub(words, text)

    return _in_cells(manuscript, worded)


def mapped(manuscript: Manuscript, said: Callable[[str, Language, str], str]) -> Manuscript:
    """Return a manuscript of the same shape whose words are what `said` makes of a cell's key, language and words."""

    def case(held: Case, key: str) -> Case:
        return replace(held, texts={language: said(key, language, held.text(language)) for language in Language})

    def variant(held: Variant, section: int, place: int) -> Variant:
        cases = tuple(case(one, key_of(section, place, number)) for number, one in enumerate(held.cases))
        return replace(held, cases=cases)

    def section(held: Section, place: int) -> Section:
        variants = tuple(variant(one, place, number) for number, one in enumerate(held.variants))
        return replace(held, variants=variants)

    return replace(manuscript, sections=tuple(section(one, place) for place, one in enumerate(manuscript.sections)))


def _in_cells(manuscript: Manuscript, said: Callable[[str, Language], str]) -> Manuscript:
    """Change the words of every cell but those of source, which hold no labels."""
    raw = {f"s{place}." for place, section in enumerate(manuscript.sections) if section.source}
    return mapped(
        manuscript,
        lambda key, language, text: text if f"{key.split('.')[0]}." in raw else said(text, language),
    )
