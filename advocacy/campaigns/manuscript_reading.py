"""From the sources of a letter to its manuscript: whatever they hold, it opens."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from advocacy.campaigns.labels import Labels
from advocacy.campaigns.manuscript_parts import Case, Manuscript, Section, Variant
from advocacy.campaigns.notation import labelled
from advocacy.campaigns.pairing import paired
from advocacy.campaigns.source_parts import Cases, Part, PartKind, heading, is_tight, parts
from advocacy.language import Language

FIRST, OTHER = Language
"""The two languages a letter is written in; a third would need another way to pair them."""
EMPTY = Case("", dict.fromkeys(Language, ""))


def read(texts: Mapping[Language, str], labels: Labels) -> Manuscript:
    """Read both languages' sources side by side. A letter has a subject, so that there is a cell to write it in.

    Nothing is refused: what is too intricate for cells is a section of source, at worst a whole text.
    """
    sources = {language: texts.get(language, "") for language in Language}
    found = {language: parts(source) for language, source in sources.items()}
    sections = tuple(_section(pair, labels) for pair in paired(found[FIRST], found[OTHER]))
    if not any(section.is_subject or _holds_subject(section) for section in sections):
        sections = (Section((Variant((EMPTY,)),), is_subject=True), *sections)
    return Manuscript(sections, frozenset(language for language, source in sources.items() if is_tight(source)))


def _holds_subject(section: Section) -> bool:
    """Return whether a section of source has a heading somewhere."""
    texts = [text for variant in section.variants for case in variant.cases for text in case.texts.values()]
    return section.source and any(heading(line) is not None for text in texts for line in text.split("\n"))


def _section(pair: tuple[Part | None, Part | None], labels: Labels) -> Section:
    there = dict(zip(Language, pair, strict=True))
    kind = next(part.kind for part in pair if part is not None)
    alternatives = zip_longest(*(part.variants if part else () for part in there.values()), fillvalue=())
    variants = tuple(Variant(tuple(_cases(held, labels, raw=kind is PartKind.SOURCE))) for held in alternatives)
    return Section(variants, is_subject=kind is PartKind.SUBJECT, source=kind is PartKind.SOURCE)


def _cases(held: Sequence[Cases], labels: Labels, *, raw: bool) -> Iterator[Case]:
    """Lay the cases of both languages beside each other; a bare alternative takes the other's cases."""
    asking = max(held, key=lambda cases: (bool(cases and cases[0][0]), len(cases)))
    for place, (test, _) in enumerate(asking):
        texts = {
            language: cases[place][1] if place < len(cases) else ""
            for language, cases in zip(Language, held, strict=True)
        }
        yield Case(
            test, texts if raw else {language: labelled(text, labels, language) for language, text in texts.items()}
        )
