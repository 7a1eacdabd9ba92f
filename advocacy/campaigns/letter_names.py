"""What a letter's paragraphs and their texts are called for whoever writes them."""

from collections.abc import Sequence

from advocacy.campaigns.labels import tab
from advocacy.campaigns.letter_reading import Reading
from advocacy.campaigns.manuscript import Section
from advocacy.language import Language
from advocacy.messages import message

SUBJECT = message("Subject")
PARAGRAPH = message("Paragraph %(number)s")
VARIANT = message("variant %(number)s")
NAMES = {
    Language.EN: message("English text"),
    Language.FR: message("French text"),
}
"""The text of each language."""


def titles(read: Reading, language: Language) -> Sequence[str]:
    """Name every section: the subject, a field that stands alone, or its number."""
    return [_title(section, read, place, language=language) for place, section in enumerate(read.manuscript.sections)]


def cell_name(read: Reading, key: str, of: Language, *, language: Language) -> str:
    """Name a cell for whoever reads `language`: "Paragraph 3, variant 2, French"."""
    section, variant, case = (int(part[1:]) for part in key.split("."))
    held = read.manuscript.sections[section]
    named = [_title(held, read, section, language=language)]
    if len(held.variants) > 1:
        named.append(VARIANT.with_params(number=variant + 1).in_language(language))
    if len(held.variants[variant].cases) > 1:
        named.append(tab(read.labels, held.variants[variant].cases[case].test, language))
    return ", ".join([*named, NAMES[of].in_language(language)])


def _title(section: Section, read: Reading, place: int, *, language: Language) -> str:
    if section.is_subject:
        return SUBJECT.in_language(language)
    if len(section.variants) == 1:
        [variant] = section.variants
        words = {case.texts.get(language, "").strip() for case in variant.cases}
        for field in read.file.fields:
            label = read.labels.by_name.get(field.key)
            if label and words == {f"[{label.words.in_language(language)}]"}:
                return field.label.in_language(language)
    before = sum(1 for other in read.manuscript.sections[:place] if not other.is_subject)
    return PARAGRAPH.with_params(number=before + 1).in_language(language)
