"""How hard a text is to read: its sentences, words and syllables counted, and a figure on its language's own scale."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

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


HYPHENS = re.compile(r"[-‑]")


@dataclass(frozen=True, slots=True)
class SyllableRules:
    """How many syllables the words of a language have when they are read aloud.

    A word has as many syllables as groups of vowels; `fewer` finds vowels that are written but not heard, `more` finds
    vowels side by side that are heard apart. Measured against the CMU Pronouncing Dictionary in English and Lexique
    3.83 (New, Pallier, Brysbaert and Ferrand, 2004) in French: of the 10,000 most frequent words, weighted by
    frequency, 0.7 % and 0.2 % come out wrong; of the next 20,000, which had no part in the rules, 5 % and 2 %, by 0.02
    syllables a word on average at most. Points of hyphenation, by which textstat counts French, are 0.06 syllables a
    word too few: they never part the first letter off.
    """

    vowels: str
    fewer: tuple[str, ...]
    more: tuple[str, ...]
    exceptions: Mapping[str, int] = field(default_factory=dict)


RULES = {
    Language.EN: SyllableRules(
        r"[aeiouy]+",
        fewer=(
            r"(?<=[^aeiouy])e$(?<![^aeiouyrw]le)(?<![bct]re)",  # make; but peo-ple, cen-tre
            r"(?<=[^aeiouy])es$(?<![cgsxz]es)(?<![cs]hes)(?<![^aeiouyrw]les)(?<![bct]res)",  # makes; but pla-ces
            r"(?<=[^aeioudty])ed$(?<![^aeiouylrw]led)",  # asked; but nee-ded, set-tled
            r"(?<=[^aeiouyl])e(?=(?:ly|ments?|ful|fully|less|ness|ty)$)",  # safe-ty; but e-le-ment
            r"(?<=[aeiouy][^aeiouycgsxz])e(?='s$)",  # here's
            r"(?<=so)me(?=[a-z])|(?<=ev)e(?=ry)|(?<=her)e(?=[af]|by)|(?<=els)e(?=w)",  # some-thing, eve-ry, there-fore
            r"(?<=[aeiou][gq])u(?=es?$)",  # league, technique
        ),
        more=(
            r"[aeiouy](?=ings?$)",  # do-ing
            r"s(?=ms?$)|[ds](?=n't$)",  # critic-ism, did-n't
            r"(?<![cglst])i(?=a(?!ge))|[ct]i(?=at)|iu",  # medi-a, associ-ate, stadi-um; but spe-cial, mar-riage
            r"li(?=a(?!m|n(?!c)|r))",  # reli-able; but parlia-ment, civi-lian
            r"(?<![cglnst])i(?=o)",  # peri-od; but na-tion, mil-lion
            r"(?<![ct])i(?=en[ct])|^sc(?=ien)|i(?=e(?:ty|ties|ts?$))",  # audi-ence, soci-ety; but an-cient
            r"[lprs]i(?=er$|est$)",  # easi-er
            r"(?<!g)e(?=o(?![pu]))",  # vide-o; but peo-ple
            r"cr(?=eat(?!u))|^r(?=ea(?:ct|l[is]))|(?:^id|^ar)(?=eas?$)|th(?=eat)",  # cre-ate, re-act, are-a
            r"[^gq]u(?=a|ou)|fl(?=u[e])|[rs]u(?=in|ici)|n(?=uin)",  # actu-al, flu-ent, ru-in
            r"p(?=oe)|[ao]y(?=[aeo](?!d))|[a-z]y(?=one)(?<![aeo]y)|^bey",  # po-em, play-er, any-one
        ),
        exceptions=dict.fromkeys(("evening", "hundred", "maybe", "mr", "mrs", "naked", "sacred", "wednesday"), 2)
        | {"business": 2, "businesses": 3, "european": 4, "nuclear": 3},
    ),
    Language.FR: SyllableRules(
        r"[aeiouyàâäéèêëîïôöùûüÿœæ]+",
        fewer=(
            r"(?<=[^aeiouyàâäéèêëîïôöùûüÿœæ'])es?$",  # imag(e), imag(es)
            r"(?<=[gq]u)es?$|qu(?='[aeiouyéèêàâh])",  # banqu(e), qu'il
            r"(?:iss|nn|èr|[iuû]r|oiv|euv|ouv|av|is)ent$(?<!souvent)(?<!présent)",  # doiv(ent), parlèr(ent)
            r"(?:bl|ch|[èi]t|èg|gn|iv|ll|mb|nd|os|pp|pt|r[dmntv]|st|tt|ul)ent$(?<!excellent)",  # demand(ent)
        ),
        more=(
            r"[bcdfgptv][lr]i(?=[aoéè]|e(?!s?$|nt$))",  # cri-er, oubli-é
            r"é(?=[aeiouèéêâ])(?!es?$|ent$)",  # ré-el; but idée
            r"[aou]y(?=[aeéèou])(?!yes?$)|pa(?=ys)",  # voy-age, appuy-er, pa-ys
            r"o(?=[aéèëï])|a(?=ï)",  # co-alition, po-ète, ma-ïs
        ),
        exceptions={"lorsque": 2, "puisque": 2, "quoique": 2, "mme": 2, "août": 1},
    ),
}


def count_syllables(word: str, language: Language) -> int:
    """Return the syllables of a word, 1 at least; an acronym is spelled out, and a figure counts as one syllable."""
    return max(1, sum(_count(part, language) for part in HYPHENS.split(word.replace("’", "'").replace(".", ""))))


def _count(part: str, language: Language) -> int:
    """Return the syllables of a part of a word; 0 where it has no vowel, as the `t` of `a-t-il`."""
    if len(part) > 1 and part.isalpha() and part.isupper():
        return len(part)
    part, rules = part.lower(), RULES[language]
    if part in rules.exceptions:
        return rules.exceptions[part]
    vowels, fewer, more = _patterns(language)
    groups = len(vowels.findall(part))
    silent = sum(len(pattern.findall(part)) for pattern in fewer)
    apart = sum(len(pattern.findall(part)) for pattern in more)
    return max(groups - silent + apart, min(groups, 1))


@cache
def _patterns(language: Language) -> tuple[re.Pattern[str], Sequence[re.Pattern[str]], Sequence[re.Pattern[str]]]:
    rules = RULES[language]
    return re.compile(rules.vowels), [*map(re.compile, rules.fewer)], [*map(re.compile, rules.more)]
