"""What would make a letter better, and never keeps it from being published."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from itertools import product
from typing import TypeAlias

from advocacy.campaigns.campaign import CampaignFile, compile_act
from advocacy.campaigns.folder import CAMPAIGN, TEXTS, CampaignFolder
from advocacy.campaigns.letter_readability import LetterReadability, Sentence, measure
from advocacy.campaigns.places import TomlPlaces, line_and_column
from advocacy.campaigns.readability import MAX_SENTENCE_WORDS, split_sentences, split_words
from advocacy.campaigns.tokens import Refused
from advocacy.language import Language
from advocacy.toml_source import TomlProblems

N_ = str
"""Marks a text that pages translate."""


class AdviceCode(StrEnum):
    """What is advised."""

    LONG_SENTENCE = "long-sentence"
    HIGH_GRADE = "high-grade"
    LOW_EASE = "low-ease"


MESSAGES = {
    AdviceCode.LONG_SENTENCE: N_(
        "This sentence has %(words)s words. Cut it in two: sentences of up to %(most)s words are easier to read."
    ),
    AdviceCode.HIGH_GRADE: N_(
        "Letters with this paragraph are hard to read: grade %(figure)s (%(scale)s); aim for %(target)s or less. "
        "Begin here: it is their hardest paragraph."
    ),
    AdviceCode.LOW_EASE: N_(
        "Letters with this paragraph are hard to read: %(figure)s out of 100 (%(scale)s); aim for %(target)s or more. "
        "Begin here: it is their hardest paragraph."
    ),
}
GRADE_CODES = {Language.EN: AdviceCode.HIGH_GRADE, Language.FR: AdviceCode.LOW_EASE}
"""What is said of a letter that is too hard to read on the scale of its language."""


Params: TypeAlias = Mapping[str, int | float | str]


@dataclass(frozen=True, slots=True, order=True)
class Advice:
    """One thing to consider: its file, the place in it (lines and columns count from 1), and what is advised.

    `length` are the characters from there on that it is about, 0 where that is not known.
    """

    file: str
    line: int
    column: int
    length: int
    code: AdviceCode
    params: Params = field(compare=False)

    @property
    def message(self) -> str:
        """What is advised, in English, with places for `params`; a text of the pages' translations."""
        return MESSAGES[self.code]

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: advice: {self.message % self.params}"


def check_advice(folder: CampaignFolder) -> list[Advice]:
    """Return what is advised for a campaign's acts, and for every letter of it that can be composed."""
    letters = [advice for letter in folder.letters() for advice in letter_advice(folder.only(letter), letter)]
    return sorted([*act_advice(folder), *letters])


def act_advice(folder: CampaignFolder) -> Iterator[Advice]:
    """Return what is advised for the acts, which are sentences of every letter."""
    try:
        campaign = folder.campaign()
    except TomlProblems:
        return
    places = TomlPlaces(folder.text(CAMPAIGN))
    for number, act in enumerate(campaign.acts):
        for (name, wording), language in product(act.wordings(), Language):
            words = _longest_sentence(wording.spoken(language), campaign, language)
            if words > MAX_SENTENCE_WORDS:
                place = places.words(("act", number, name, language), wording.spoken(language))
                params: Params = {"words": words, "most": MAX_SENTENCE_WORDS}
                yield Advice(folder.path(CAMPAIGN), *place, 0, AdviceCode.LONG_SENTENCE, params)


def _longest_sentence(act: str, campaign: CampaignFile, language: Language) -> int:
    """Count the words of the longest sentence of an act, 0 while it cannot be compiled."""
    try:
        texts = compile_act(act, campaign.bill.names(language) if campaign.bill else {})
    except Refused:
        return 0
    sentences = [sentence for text in texts.values() for sentence in split_sentences(text, language)]
    return max((len(split_words(sentence)) for sentence in sentences), default=0)


@lru_cache(maxsize=64)
def letter_advice(folder: CampaignFolder, letter: str) -> Sequence[Advice]:
    """Return what is advised for one letter; nothing while it cannot be composed."""
    try:
        template = folder.template(letter)
    except TomlProblems:
        return ()
    found: list[Advice] = []
    for language, name in TEXTS.items():
        measured = measure(template, language)
        if measured is not None:
            text = folder.text(f"{letter}/{name}")
            path = folder.path(f"{letter}/{name}")
            found += _long_sentences(measured, text, path)
            found += _hard_letters(measured, path, GRADE_CODES[language])
    return tuple(sorted(found))


def _long_sentences(measured: LetterReadability, text: str, path: str) -> Iterator[Advice]:
    """Advise on long sentences; of those that begin at one place, under different conditions, on the longest."""
    advised: set[int] = set()
    for sentence in sorted(measured.sentences, key=lambda one: one.words, reverse=True):
        if sentence.words <= MAX_SENTENCE_WORDS:
            return
        start, length = _find(sentence, text)
        if start not in advised:
            advised.add(start)
            line, column = line_and_column(text, start)
            params: Params = {"words": sentence.words, "most": MAX_SENTENCE_WORDS}
            yield Advice(path, line, column, length, AdviceCode.LONG_SENTENCE, params)


def _hard_letters(measured: LetterReadability, path: str, code: AdviceCode) -> Iterator[Advice]:
    scale = measured.scale
    for letter in measured.letters:
        if scale.is_too_hard(letter.figure):
            params: Params = {"figure": letter.figure, "scale": scale.name, "target": scale.target}
            yield Advice(path, letter.line, 1, 0, code, params)


def _find(sentence: Sentence, text: str) -> tuple[int, int]:
    """Return where a sentence begins in its source and how many characters of it stand there as they are read.

    A blank or a condition in it is written otherwise there: then the first run of words that is there is found.
    """
    start = sum(len(line) + 1 for line in text.split("\n")[: sentence.line - 1])
    end = text.find("\n\n", start)
    paragraph = text[start : end if end > 0 else len(text)].replace("\n", " ")
    words = sentence.text.split(" ")
    for first in range(min(len(words), MAX_SENTENCE_WORDS)):
        for size in (len(words) - first, 16, 8, 4):
            run = " ".join(words[first : first + size])
            place = paragraph.find(run)
            if place >= 0:
                return start + place, len(run)
    return start, 0
