"""How hard a text is to read: its sentences and words counted, and a figure on its language's own scale."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from advocacy.campaigns.syllables import count_syllables
from advocacy.language import Language

MAX_SENTENCE_WORDS = 30
"""The most words a sentence should have."""


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
        """Return the figure of a text, to one decimal."""
        return round(self.formula(counts), 1)

    def is_too_hard(self, figure: float) -> bool:
        """Whether a text of this figure is harder to read than a letter should be."""
        return figure < self.target if self.higher_is_easier else figure > self.target

    def difficulty(self, figure: float) -> float:
        """Return a number that is the greater, the harder a text of this figure is to read."""
        return -figure if self.higher_is_easier else figure


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

# One word is: a figure with its spaces, commas and points (23 700; 18.5), a word with its hyphens (e-mail), with its
# apostrophes (parents’, l’image) and with its points (M.P.). Word processors and textstat count French elisions so too.
_ATOM = r"(?:\d+(?:[\u00a0\u202f.,]\d+)*[^\W_]*|[^\W_]+)"
WORD = re.compile(rf"{_ATOM}(?:[-‑’'.]{_ATOM})*")

# A sentence ends with a full stop, a question or exclamation mark or an ellipsis, and with the quotation marks and
# brackets that follow it, unless the next word begins with a small letter.
_END = re.compile(r"(?<![.?!…])[.?!…]++(?:\s?[”»’)\]])*+(?=\s++(?:[“«‘(\[]\s?)*+[^\W_a-zà-öø-ÿœ])")
_INITIAL = re.compile(r"(?:^|[\s(\[“«’'.])[^\W\d_a-zà-öø-ÿœ]\.$")
_MAX_ABBREVIATION = 12
"""Characters before a full stop in which an abbreviation is looked for."""
ABBREVIATIONS = {
    Language.EN: ("Mr.", "Mrs.", "Ms.", "Dr.", "Hon.", "Rt.", "St.", "No.", "Sen.", "Prof.", "e.g.", "i.e.", "vs."),
    Language.FR: ("MM.", "Dr.", "Dre.", "Mgr.", "art.", "par.", "c.-à-d.", "cf."),
}


def split_sentences(text: str, language: Language) -> list[str]:
    """Split a paragraph into its sentences; what has no word in it is none."""
    sentences: list[str] = []
    start = 0
    for end in _END.finditer(text):
        before = text[max(start, end.start() - _MAX_ABBREVIATION) : end.start() + 1]
        if before.endswith(ABBREVIATIONS[language]) or _INITIAL.search(before):
            continue
        sentences.append(text[start : end.end()].strip())
        start = end.end()
    return [sentence for sentence in (*sentences, text[start:].strip()) if WORD.search(sentence)]


def split_words(text: str) -> list[str]:
    """Split a text into its words."""
    return WORD.findall(text)


def count_sentences(sentences: Iterable[str], language: Language) -> TextCounts:
    """Count sentences, their words and the syllables of these.

    A figure counts as one syllable, as in textstat: R. Flesch (The Art of Readable Writing, 1949) advises to leave
    figures out of the count of syllables where there are several of them, or long ones.
    """
    counts = [_count_sentence(sentence, language) for sentence in sentences]
    return TextCounts(len(counts), sum(words for words, _ in counts), sum(syllables for _, syllables in counts))


def total(counts: Iterable[TextCounts]) -> TextCounts:
    """Return the counts of several texts together."""
    sentences = words = syllables = 0
    for one in counts:
        sentences += one.sentences
        words += one.words
        syllables += one.syllables
    return TextCounts(sentences, words, syllables)


@lru_cache(maxsize=2048)
def _count_sentence(sentence: str, language: Language) -> tuple[int, int]:
    words = split_words(sentence)
    return len(words), sum(count_syllables(word, language) for word in words)
