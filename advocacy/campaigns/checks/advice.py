"""What would make a letter better. Advice never keeps a letter from being published."""

from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from itertools import product

from advocacy.campaigns.campaign_folder import CAMPAIGN, TEXTS, CampaignFolder
from advocacy.campaigns.checks.letter_readability import LetterReadability, Sentence, measure_readability
from advocacy.campaigns.checks.readability import MAX_SENTENCE_WORDS, split_words
from advocacy.campaigns.grammar.tokens import Refused
from advocacy.campaigns.letter_template import compile_act
from advocacy.language import Language
from advocacy.problems import Place, Problem, complaint
from advocacy.sentences import split_sentences
from advocacy.toml_source import TomlPlaces, line_and_column, offset, read_or_report


def check_advice(folder: CampaignFolder) -> list[Problem]:
    """Return the advice on a campaign's acts, and for every letter of it that can be composed."""
    letters = [advice for letter in folder.letters() for advice in letter_advice(folder.only(letter), letter)]
    return sorted([*act_advice(folder), *letters])


def act_advice(folder: CampaignFolder) -> Iterator[Problem]:
    """Return the advice on the acts, which are sentences of every letter."""
    campaign = folder.readable_campaign()
    if campaign is None:
        return
    places = TomlPlaces(folder.text(CAMPAIGN))
    for number, act in enumerate(campaign.acts):
        for (name, wording), language in product(act.wordings(), Language):
            source = wording.in_language(language)
            try:
                texts = compile_act(source, campaign.bill.names(language) if campaign.bill else {})
            except Refused:
                continue
            sentences = [sentence for text in texts.values() for sentence in split_sentences(text)]
            words = max((len(split_words(sentence)) for sentence in sentences), default=0)
            if words > MAX_SENTENCE_WORDS:
                path = ("act", number, name, language)
                place = Place(folder.path(CAMPAIGN), *places.words(path, source), path=path)
                yield complaint("long-sentence", words=words, most=MAX_SENTENCE_WORDS).at(place)


@lru_cache(maxsize=64)
def letter_advice(folder: CampaignFolder, letter: str) -> Sequence[Problem]:
    """Return the advice on one letter; nothing while it cannot be composed."""
    template = read_or_report(partial(folder.template, letter))
    if template is None:
        return ()
    found: list[Problem] = []
    for language, name in TEXTS.items():
        readability = measure_readability(template, language)
        if readability is None:
            continue
        path, scale = folder.path(f"{letter}/{name}"), readability.scale
        found += _long_sentences(readability, folder.text(f"{letter}/{name}"), path)
        for hard in readability.letters:
            if scale.is_too_hard(hard.figure):
                advice = complaint(
                    scale.formula.advice, figure=hard.figure, scale=scale.formula.name, target=scale.target
                )
                found.append(advice.at(Place(path, hard.line)))
    return tuple(sorted(found))


def _long_sentences(readability: LetterReadability, text: str, path: str) -> Iterator[Problem]:
    """Advise on long sentences; of those that begin at one place, under different conditions, on the longest."""
    advised: set[int] = set()
    for sentence in sorted(readability.sentences, key=lambda one: one.words, reverse=True):
        if sentence.words <= MAX_SENTENCE_WORDS:
            return
        start, length = _find(sentence, text)
        if start not in advised:
            advised.add(start)
            place = Place(path, *line_and_column(text, start), length)
            yield complaint("long-sentence", words=sentence.words, most=MAX_SENTENCE_WORDS).at(place)


def _find(sentence: Sentence, text: str) -> tuple[int, int]:
    """Return where a sentence begins in its source, and how many characters of it are found there.

    A blank or a condition in it is written otherwise in the source: then the first run of words is found that is there.
    """
    start = offset(text, sentence.line, 1)
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
