"""Changes that writers make to a letter: its texts, the ways to say a section, the sections, for whom they are."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from advocacy.campaigns.campaign_files import FINDING, LetterFile
from advocacy.campaigns.fields import Field, FieldKind
from advocacy.campaigns.letter_text import (
    MAX_ALTERNATIVES,
    MAX_SECTIONS,
    SUBJECT,
    Alternative,
    Blank,
    Refused,
    Section,
    read_text,
)
from advocacy.campaigns.only_for import OnlyFor
from advocacy.language import Language

INLINE = (FINDING, "survey.", "bill.")
"""How the names of blanks begin that stand within a sentence; others are sentences of their own."""


class AlternativeKey(NamedTuple):
    """An alternative of a letter: the key of its section and its number there, counted from 0: "opening-0"."""

    section: str
    number: int

    @classmethod
    def read(cls, text: str) -> "AlternativeKey":
        """Read the key of an alternative; raise ValueError for another text."""
        section, _dash, number = text.partition("-")
        if not (number.isascii() and number.isdecimal() and len(number) < 4):
            raise ValueError(text)
        return cls(section, int(number))

    def __str__(self) -> str:
        return f"{self.section}-{self.number}"


def alternatives(letter: LetterFile) -> Iterator[tuple[AlternativeKey, Alternative]]:
    """Yield every alternative of a letter with its key."""
    for section in letter.sections:
        for number, alternative in enumerate(section.alternatives):
            yield AlternativeKey(section.key, number), alternative


def usual_first(section: Section) -> list[tuple[AlternativeKey, Alternative]]:
    """Return a section's alternatives in the order in which they are read: those for everybody first."""
    numbered = [(AlternativeKey(section.key, number), one) for number, one in enumerate(section.alternatives)]
    return sorted(numbered, key=lambda pair: pair[1].only_for is not None)


def with_typed(
    alternative: Alternative,
    typed: Mapping[Language, str],
    *,
    shown: Mapping[Language, str],
    stale: Collection[Language] = (),
) -> Alternative:
    """Return an alternative with what was typed into a page that showed other texts, `stale` in these languages.

    A language that was not written anew while another one was is marked, with what the other one said before. One that
    was marked catches up when it is written, and marks no other.
    """
    changed = {language for language in typed if typed[language] != shown.get(language, "")}
    texts = {**alternative.texts, **typed}
    marks = {language: before for language, before in alternative.stale.items() if language not in changed}
    for language in sorted(changed - {*stale}):
        before = shown.get(language, "")
        for other in texts.keys() - changed:
            if before.strip() and texts[other].strip():
                marks.setdefault(other, before)
    marks = {
        language: before
        for language, before in marks.items()
        if all(text != before for other, text in texts.items() if other != language)
    }
    return alternative.model_copy(update={"texts": texts, "stale": marks})


def with_alternative(
    letter: LetterFile, key: AlternativeKey, change: Callable[[Alternative], Alternative]
) -> LetterFile:
    """Return a letter with one alternative changed; the same letter where there is no such alternative."""

    def changed(section: Section) -> Section:
        return _with_alternatives(
            section, [change(one) if number == key.number else one for number, one in enumerate(section.alternatives)]
        )

    return _with_section(letter, key.section, changed)


def add_alternative(letter: LetterFile, section_key: str, only_for: OnlyFor | None = None) -> LetterFile:
    """Add another way to say a section, which begins as a copy of the last one for the usual reader.

    With `only_for` it is for these readers alone.
    """

    def longer(section: Section) -> Section:
        usual = [one for one in section.alternatives if one.only_for is None] or section.alternatives
        copy = usual[-1].model_copy(update={"stale": {}, "only_for": only_for or usual[-1].only_for})
        return _with_alternatives(section, [*section.alternatives, copy][:MAX_ALTERNATIVES])

    return _with_section(letter, section_key, longer)


def remove_alternative(letter: LetterFile, key: AlternativeKey) -> LetterFile:
    """Remove one way to say a section; the last one stays."""

    def shorter(section: Section) -> Section:
        others = [one for number, one in enumerate(section.alternatives) if number != key.number]
        return _with_alternatives(section, others or section.alternatives)

    return _with_section(letter, key.section, shorter)


def set_only_for(letter: LetterFile, key: AlternativeKey, only_for: OnlyFor | None) -> LetterFile:
    """Set for whom an alternative is, None for everybody."""
    return with_alternative(letter, key, lambda one: one.model_copy(update={"only_for": only_for}))


def says_the_same(letter: LetterFile, key: AlternativeKey, language: Language) -> LetterFile:
    """Take away the mark that a language was not written anew."""

    def ticked(alternative: Alternative) -> Alternative:
        marks = {other: before for other, before in alternative.stale.items() if other is not language}
        return alternative.model_copy(update={"stale": marks})

    return with_alternative(letter, key, ticked)


def add_section(letter: LetterFile) -> LetterFile:
    """Add an empty section at the end."""
    keys = {section.key for section in letter.sections}
    key = next(name for number in range(1, 1000) if (name := f"section_{number}") not in keys)
    section = Section(key=key, alternatives=(Alternative(texts=dict.fromkeys(Language, "")),))
    return _with_sections(letter, [*letter.sections, section][:MAX_SECTIONS])


def remove_section(letter: LetterFile, key: str) -> LetterFile:
    """Remove a section; the subject and the last section beside it stay."""
    others = [section for section in letter.sections if section.key != key or key == SUBJECT]
    return _with_sections(letter, others) if len(others) > 1 else letter


def move_section(letter: LetterFile, key: str, *, by: int) -> LetterFile:
    """Move a section up or down; the subject stays first."""
    sections = [*letter.sections]
    at = next((place for place, section in enumerate(sections) if section.key == key and key != SUBJECT), 0)
    if at:
        section = sections.pop(at)
        sections.insert(max(1, at + by), section)
    return _with_sections(letter, sections)


def with_blank_at_end(text: str, name: str) -> str:
    """Put a blank at the end of a text: within the last sentence where it is none of its own."""
    blank = f"{{{{ {name} }}}}"
    words = text.rstrip()
    if name.startswith(INLINE) and words.endswith("."):
        return f"{words[:-1]} {blank}."
    return f"{words} {blank}".strip()


def is_what_the_person_writes(section: Section, fields: Iterable[Field]) -> bool:
    """Whether a section holds nothing but the blanks of own words and of ticked sentences."""
    names = {field.key for field in fields if field.kind in {FieldKind.WORDS, FieldKind.STATEMENTS}}
    try:
        parts = [
            part
            for alternative in section.alternatives
            for text in alternative.texts.values()
            for paragraph in read_text(text)
            for part in paragraph.parts
        ]
    except Refused:
        return False
    return bool(parts) and all(part.name in names if isinstance(part, Blank) else not part.strip() for part in parts)


def _with_sections(letter: LetterFile, sections: Iterable[Section]) -> LetterFile:
    return letter.model_copy(update={"sections": tuple(sections)})


def _with_section(letter: LetterFile, key: str, change: Callable[[Section], Section]) -> LetterFile:
    return _with_sections(letter, [change(one) if one.key == key else one for one in letter.sections])


def _with_alternatives(section: Section, alternatives: Iterable[Alternative]) -> Section:
    return section.model_copy(update={"alternatives": tuple(alternatives)})
