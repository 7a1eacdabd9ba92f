"""How hard a text is to read: its sentences, words and syllables counted, and a figure on its language's own scale."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from advocacy.campaigns.checks.writing_rules import writing_rules
from advocacy.language import Language

MAX_SENTENCE_WORDS = 30
"""The most words a sentence should have."""


@dataclass(frozen=True, slots=True)
class TextCounts:
    """What the scales are calculated from."""

    sentences: int
    words: int
    syllables: int


class Formula(NamedTuple):
    """A formula of readability: its name, the advice on what is too hard to read by it, and its direction."""

    name: str
    calculate: Callable[[TextCounts], float]
    advice: str
    higher_is_easier: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """A language's scale of readability: its formula, and the figure that a letter aims at."""

    formula: Formula
    target: float

    def figure(self, counts: TextCounts) -> float:
        """Return the figure of a text, to one decimal."""
        return round(self.formula.calculate(counts), 1)

    def is_too_hard(self, figure: float) -> bool:
        return figure < self.target if self.formula.higher_is_easier else figure > self.target

    def difficulty(self, figure: float) -> float:
        """Return a number that is the greater, the harder a text of this figure is to read."""
        return -figure if self.formula.higher_is_easier else figure


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


FORMULAS = {
    "flesch-kincaid": Formula("Flesch–Kincaid", flesch_kincaid, "high-grade", higher_is_easier=False),
    "kandel-moles": Formula("Kandel–Moles", kandel_moles, "low-ease", higher_is_easier=True),
}


@cache
def scale_of(language: Language) -> Scale:
    """Return the scale on which texts in a language are measured."""
    rules = writing_rules(language)["readability"]
    return Scale(FORMULAS[rules["formula"]], rules["target"])


# One word is: a figure with its spaces, commas and points (12 500; 18.5), a word with its hyphens (e-mail), with its
# apostrophes (parents’, l’image) and with its points (M.P.). Word processors and textstat count French elisions so too.
_ATOM = r"(?:\d+(?:[\u00a0\u202f.,]\d+)*[^\W_]*|[^\W_]+)"
WORD = re.compile(rf"{_ATOM}(?:[-‑’'.]{_ATOM})*")


def split_words(text: str) -> list[str]:
    return WORD.findall(text)


def count_sentences(sentences: Iterable[str], language: Language) -> TextCounts:
    """Count sentences, their words and the syllables of these.

    A figure counts as one syllable, as in textstat: R. Flesch (The Art of Readable Writing, 1949) advises to leave
    figures out of the count of syllables where there are several of them, or long ones.
    """
    counts = [_count_sentence(sentence, language) for sentence in sentences]
    return TextCounts(len(counts), sum(words for words, _ in counts), sum(syllables for _, syllables in counts))


def total(counts: Iterable[TextCounts]) -> TextCounts:
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


HYPHENS = re.compile(r"[-‑]")


class SyllableRules(NamedTuple):
    """How many syllables the words of a language have when they are read aloud.

    A word has as many syllables as groups of vowels; `fewer` finds vowels that are written but not heard, `more` finds
    vowels side by side that are heard apart. Measured against the CMU Pronouncing Dictionary in English and Lexique
    3.83 (New, Pallier, Brysbaert and Ferrand, 2004) in French: of the 10,000 most frequent words, weighted by
    frequency, 0.7 % and 0.2 % come out wrong; of the next 20,000, which had no part in the rules, 5 % and 2 %, by 0.02
    syllables a word on average at most. Points of hyphenation, by which textstat counts French, are 0.06 syllables a
    word too few: they never part the first letter off.
    """

    vowels: re.Pattern[str]
    fewer: Sequence[re.Pattern[str]]
    more: Sequence[re.Pattern[str]]
    exceptions: Mapping[str, int]


@cache
def _syllable_rules(language: Language) -> SyllableRules:
    rules = writing_rules(language)["syllables"]
    fewer, more = ([*map(re.compile, rules[name])] for name in ("fewer", "more"))
    return SyllableRules(re.compile(rules["vowels"]), fewer, more, rules["exceptions"])


def count_syllables(word: str, language: Language) -> int:
    """Return the syllables of a word, 1 at least; an acronym is spelled out, and a figure counts as one syllable."""
    return max(1, sum(_count(part, language) for part in HYPHENS.split(word.replace("’", "'").replace(".", ""))))


def _count(part: str, language: Language) -> int:
    """Return the syllables of a part of a word; 0 where it has no vowel, as the `t` of `a-t-il`."""
    if len(part) > 1 and part.isalpha() and part.isupper():
        return len(part)
    part, rules = part.lower(), _syllable_rules(language)
    if part in rules.exceptions:
        return rules.exceptions[part]
    groups = len(rules.vowels.findall(part))
    silent = sum(len(pattern.findall(part)) for pattern in rules.fewer)
    apart = sum(len(pattern.findall(part)) for pattern in rules.more)
    return max(groups - silent + apart, min(groups, 1))
