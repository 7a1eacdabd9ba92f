"""What would make a letter better, and never keeps it from being published."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import product

from advocacy.campaigns.campaign_files import CampaignFile, compile_act
from advocacy.campaigns.campaign_folder import CAMPAIGN, TEXTS, CampaignFolder
from advocacy.campaigns.checks.letter_readability import LetterReadability, Sentence, measure
from advocacy.campaigns.checks.readability import MAX_SENTENCE_WORDS, split_sentences, split_words
from advocacy.campaigns.grammar.tokens import Refused
from advocacy.language import Language
from advocacy.problems import Place, Problem, complaint
from advocacy.toml_source import TomlPlaces, TomlProblems, line_and_column

GRADE_CODES = {Language.EN: "high-grade", Language.FR: "low-ease"}
"""What is said of a letter that is too hard to read on the scale of its language."""


def check_advice(folder: CampaignFolder) -> list[Problem]:
    """Return what is advised for a campaign's acts, and for every letter of it that can be composed."""
    letters = [advice for letter in folder.letters() for advice in letter_advice(folder.only(letter), letter)]
    return sorted([*act_advice(folder), *letters])


def act_advice(folder: CampaignFolder) -> Iterator[Problem]:
    """Return what is advised for the acts, which are sentences of every letter."""
    try:
        campaign = folder.campaign()
    except TomlProblems:
        return
    places = TomlPlaces(folder.text(CAMPAIGN))
    for number, act in enumerate(campaign.acts):
        for (name, wording), language in product(act.wordings(), Language):
            words = _longest_sentence(wording.in_language(language), campaign, language)
            if words > MAX_SENTENCE_WORDS:
                place = places.words(("act", number, name, language), wording.in_language(language))
                path = ("act", number, name, language)
                said = complaint("long-sentence", words=words, most=MAX_SENTENCE_WORDS)
                yield said.at(Place(folder.path(CAMPAIGN), *place, path=path))


def _longest_sentence(act: str, campaign: CampaignFile, language: Language) -> int:
    """Count the words of the longest sentence of an act, 0 while it cannot be compiled."""
    try:
        texts = compile_act(act, campaign.bill.names(language) if campaign.bill else {})
    except Refused:
        return 0
    sentences = [sentence for text in texts.values() for sentence in split_sentences(text, language)]
    return max((len(split_words(sentence)) for sentence in sentences), default=0)


@lru_cache(maxsize=64)
def letter_advice(folder: CampaignFolder, letter: str) -> Sequence[Problem]:
    """Return what is advised for one letter; nothing while it cannot be composed."""
    try:
        template = folder.template(letter)
    except TomlProblems:
        return ()
    found: list[Problem] = []
    for language, name in TEXTS.items():
        measured = measure(template, language)
        if measured is not None:
            text = folder.text(f"{letter}/{name}")
            path = folder.path(f"{letter}/{name}")
            found += _long_sentences(measured, text, path)
            found += _hard_letters(measured, path, GRADE_CODES[language])
    return tuple(sorted(found))


def _long_sentences(measured: LetterReadability, text: str, path: str) -> Iterator[Problem]:
    """Advise on long sentences; of those that begin at one place, under different conditions, on the longest."""
    advised: set[int] = set()
    for sentence in sorted(measured.sentences, key=lambda one: one.words, reverse=True):
        if sentence.words <= MAX_SENTENCE_WORDS:
            return
        start, length = _find(sentence, text)
        if start not in advised:
            advised.add(start)
            line, column = line_and_column(text, start)
            said = complaint("long-sentence", words=sentence.words, most=MAX_SENTENCE_WORDS)
            yield said.at(Place(path, line, column, length))


def _hard_letters(measured: LetterReadability, path: str, code: str) -> Iterator[Problem]:
    scale = measured.scale
    for letter in measured.letters:
        if scale.is_too_hard(letter.figure):
            said = complaint(code, figure=letter.figure, scale=scale.name, target=scale.target)
            yield said.at(Place(path, letter.line))


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
