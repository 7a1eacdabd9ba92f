"""How hard a letter is to read: a figure on its language's own scale, and its sentences with their length.

What is measured is the letter's own text in one language: the sentences of its paragraphs and list items, under every
condition, each sentence once. Its subject, the citizen's own words, quotations (a quotation paragraph, or a cited
`finding.quote_…`) and what is added around it (address, greeting, closing, source note) are left out. Blanks are filled
as in a letter where that is known, and with plain samples where the citizen or the recipient decides.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice, product

from advocacy.campaigns.campaign import LetterTemplate
from advocacy.campaigns.conditions import always
from advocacy.campaigns.fields import Field, FieldKind
from advocacy.campaigns.program import Blocks, Branch, Choice, Choose, Inline, Kind, Paragraph, Slot, When
from advocacy.campaigns.syllables import count_syllables
from advocacy.language import Language, Wording

MAX_SENTENCE_WORDS = 30
"""The most words a sentence should have."""
MAX_READINGS = 64
"""How many of the ways in which a paragraph with conditions can come out are measured."""


@dataclass(frozen=True, slots=True)
class TextCounts:
    """What the scales are calculated from."""

    sentences: int
    words: int
    syllables: int


@dataclass(frozen=True, slots=True)
class Scale:
    """A language's scale of readability: its name, its formula, and the figure that a letter aims at."""

    name: str
    formula: Callable[[TextCounts], float]
    target: float
    higher_is_easier: bool

    def figure(self, counts: TextCounts) -> float:
        """Return the figure of a text as it is shown, to one decimal."""
        return round(self.formula(counts), 1)

    def is_too_hard(self, figure: float) -> bool:
        """Whether a text of this figure is harder to read than a letter should be."""
        return figure < self.target if self.higher_is_easier else figure > self.target


def flesch_kincaid(counts: TextCounts) -> float:
    """Return the school grade at which an English text can be read.

    Source: J. P. Kincaid, R. P. Fishburne, R. L. Rogers and B. S. Chissom, "Derivation of New Readability Formulas for
    Navy Enlisted Personnel", Research Branch Report 8-75, Naval Technical Training Command, 1975.
    """
    return 0.39 * counts.words / counts.sentences + 11.8 * counts.syllables / counts.words - 15.59


def kandel_moles(counts: TextCounts) -> float:
    """Return how easily a French text is read: 100 for a very easy one, 0 for a very hard one.

    Source: L. Kandel and A. Moles, « Application de l’indice de Flesch à la langue française », Cahiers d’études de
    radio-télévision, no 19, 1958, p. 253-274.
    """
    return 207 - 1.015 * counts.words / counts.sentences - 73.6 * counts.syllables / counts.words


SCALES = {
    Language.EN: Scale("Flesch–Kincaid", flesch_kincaid, 8.5, higher_is_easier=False),
    Language.FR: Scale("Kandel–Moles", kandel_moles, 65, higher_is_easier=True),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a letter, and the line of its text on which the paragraph begins."""

    text: str
    line: int
    words: int


@dataclass(frozen=True, slots=True)
class Measurement:
    """How hard one language's text of a letter is to read.

    `figure` is that of all sentences together. `letters` are those of the letter that takes the first alternative of
    everything, of the one that takes the second, and so on: one of them for a text without alternatives.
    """

    scale: Scale
    counts: TextCounts
    figure: float
    letters: Sequence[float]
    sentences: Sequence[Sentence]

    @property
    def hardest(self) -> int:
        """The place in `letters` of the one that is the hardest to read."""
        pick = min if self.scale.higher_is_easier else max
        return self.letters.index(pick(self.letters))

    @property
    def longest(self) -> Sentence:
        """The sentence with the most words."""
        return max(self.sentences, key=lambda sentence: sentence.words)


# --- sentences and words

# A figure with its spaces, commas and points is one word, as are a word with its hyphens (`e-mail`), its apostrophes
# (`parents’`, `l’image`) and its points (`M.P.`). Word processors and textstat count French elisions so.
_ATOM = r"(?:\d+(?:[\u00a0\u202f.,]\d+)*[^\W_]*|[^\W_]+)"
WORD = re.compile(rf"{_ATOM}(?:[-‑’'.]{_ATOM})*")
# A sentence ends with a full stop, a question mark, an exclamation mark or an ellipsis, and the quotation marks and
# brackets that close with it, where the next word does not begin with a small letter.
_END = re.compile(r"[.?!…]+(?:\s?[”»’)\]])*(?=\s+(?:[“«‘(\[]\s?)*[^\W_a-zà-öø-ÿœ])")
_INITIALS = re.compile(r"(?:^|[\s(\[“«’'.])[^\W\d_]\.$")
ABBREVIATIONS = {
    Language.EN: ("Mr.", "Mrs.", "Ms.", "Dr.", "Hon.", "Rt.", "St.", "No.", "Sen.", "Prof.", "e.g.", "i.e.", "vs."),
    Language.FR: ("MM.", "Dr.", "Dre.", "Mgr.", "art.", "p.", "par.", "c.-à-d.", "cf."),
}


def split_sentences(text: str, language: Language) -> list[str]:
    """Split a paragraph into its sentences; what has no word in it is none."""
    sentences: list[str] = []
    start = 0
    for end in _END.finditer(text):
        before = text[start : end.start() + 1]
        if end[0][0] == "." and (_INITIALS.search(before) or before.endswith(ABBREVIATIONS[language])):
            continue
        sentences.append(text[start : end.end()].strip())
        start = end.end()
    return [sentence for sentence in (*sentences, text[start:].strip()) if WORD.search(sentence)]


def count_text(sentences: Sequence[Sentence], language: Language) -> TextCounts:
    """Count the sentences, their words and the syllables of these.

    A figure counts as one syllable, as in textstat: Flesch (The Art of Readable Writing, 1949) advises to leave figures
    out of the count of syllables where there are several, or long ones.
    """
    words = [word for sentence in sentences for word in WORD.findall(sentence.text)]
    return TextCounts(len(sentences), len(words), sum(count_syllables(word, language) for word in words))


# --- what a letter says

SAMPLES = {
    "citizen.name": Wording.same("Camille Roy"),
    "citizen.city": Wording.same("Ottawa"),
    "citizen.province": Wording.same("Ontario"),
    "citizen.postal_code": Wording.same("K1A\u00a00A6"),
    "citizen.street": Wording.of(en="12 Main Street", fr="12, rue Principale"),
    "citizen.email": Wording.same("camille@example.ca"),
    "citizen.riding": Wording.of(en="Ottawa Centre", fr="Ottawa-Centre"),
    "recipient.name": Wording.same("Camille Roy"),
    "bill.number": Wording.same("C-34"),
    "bill.title": Wording.of(en="An Act to protect children", fr="Loi visant à protéger les enfants"),
    "bill.introduced": Wording.of(en="June 10, 2026", fr="10 juin 2026"),
    "today": Wording.of(en="November 25, 2026", fr="25 novembre 2026"),
}
OTHER = Wording.of(en="sample", fr="exemple")
"""What stands for any other blank."""
QUOTED = "“.”"
"""What stands for a quotation: no word, but the end of a sentence where the next one begins."""


def sample_values(template: LetterTemplate, language: Language) -> Mapping[str, str]:
    """Return what the blanks of a letter are filled with; the citizen's own words are left out."""
    samples = {name: wording.spoken(language) for name, wording in SAMPLES.items()}
    fields = {field.key: _sample_answer(field, language) for field in template.fields}
    return {**samples, **fields, **template.constants[language]}


def _sample_answer(field: Field, language: Language) -> str:
    if field.kind is FieldKind.WORDS:
        return ""
    sentences = [option.sentence.spoken(language) for option in field.options if option.sentence]
    return sentences[0] if sentences else OTHER.spoken(language)


def measure(template: LetterTemplate, language: Language) -> Measurement | None:
    """Measure one language's text of a letter; None where no word of it is the letter's own."""
    program = template.texts[language]
    text = _LetterText(
        language,
        program.paragraph_lines(),
        sample_values(template, language),
        frozenset(quote.spoken(language) for quote in template.survey.quotes),
    )
    sentences = text.sentences(program.blocks, None)
    if not sentences:
        return None
    scale = SCALES[language]
    choices = [tuple(number % size for size in program.groups) for number in range(max(program.groups, default=1))]
    letters = [found for choice in choices if (found := text.sentences(program.blocks, choice))]
    counts = count_text(sentences, language)
    figures = tuple(scale.figure(count_text(found, language)) for found in letters)
    return Measurement(scale, counts, scale.figure(counts), figures, sentences)


@dataclass(frozen=True, slots=True)
class _LetterText:
    language: Language
    lines: Mapping[int, int]
    values: Mapping[str, str]
    quotations: AbstractSet[str]

    def sentences(self, blocks: Blocks, choice: Choice | None) -> Sequence[Sentence]:
        """Return the sentences of the alternatives that `choice` names (of all for None), each once."""
        found: dict[str, Sentence] = {}
        for paragraph in _own_paragraphs(blocks, choice):
            for reading in islice(self.readings(paragraph.inline), MAX_READINGS):
                for text in split_sentences(reading, self.language):
                    found.setdefault(text, Sentence(text, self.lines[id(paragraph)], len(WORD.findall(text))))
        return tuple(found.values())

    def readings(self, inline: Inline) -> Iterator[str]:
        """Return the ways in which a paragraph can come out, under all of its conditions."""
        for pieces in product(*(self._readings_of_part(part) for part in inline)):
            yield "".join(pieces)

    def _readings_of_part(self, part: str | Slot | Branch) -> Sequence[str]:
        if isinstance(part, str):
            return [QUOTED if part in self.quotations else part]
        if isinstance(part, Slot):
            return ["" if part.typed else self.values.get(part.name, OTHER.spoken(self.language))]
        readings = [text for _, inline in part.cases for text in islice(self.readings(inline), MAX_READINGS)]
        return readings if part.cases[-1][0] is always else [*readings, ""]


def _own_paragraphs(blocks: Blocks, choice: Choice | None) -> Iterator[Paragraph]:
    """Return the paragraphs and list items that come out under any condition."""
    for block in blocks:
        if isinstance(block, Paragraph):
            if block.kind in {Kind.PARAGRAPH, Kind.BULLET}:
                yield block
        elif isinstance(block, Choose):
            for alternative in block.alternatives if choice is None else [block.alternatives[choice[block.number]]]:
                yield from _own_paragraphs(alternative, choice)
        elif isinstance(block, When):
            for _, held in block.cases:
                yield from _own_paragraphs(held, choice)
