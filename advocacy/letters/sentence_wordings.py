"""The wording of each shared sentence, and of each statement that was ticked, in the next letter to an office.

The wordings of a sentence take turns in rounds, each once before any comes twice. Every round has an order of its own,
drawn from a hash of the sentence: two that always come together do not keep pairs of wordings.
"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import chain

from advocacy.campaigns.fields import split_keys
from advocacy.campaigns.letter_template import LetterTemplate, SentenceTexts
from advocacy.campaigns.letter_text import Choice
from advocacy.campaigns.only_for import Reader
from advocacy.language import Language

Wordings = Mapping[str, int]
"""Which wording a letter has of each sentence, by the sentence's fingerprint."""
NO_WORDINGS: Wordings = {}


def sentences_of(
    template: LetterTemplate, reader: Reader, fields: Mapping[str, str], *, language: Language
) -> Iterator[SentenceTexts]:
    """Yield the sentences of a letter whose wordings take turns."""
    yield from template.shared_for(reader, language).values()
    yield from chain.from_iterable(ticked_statements(template, fields, language).values())


def ticked_statements(
    template: LetterTemplate, fields: Mapping[str, str], language: Language
) -> Mapping[str, Sequence[SentenceTexts]]:
    """Return what was ticked in each field of statements; nothing where own words were written, which win."""
    offered = template.statements[language]
    if not offered or any(fields.get(key) for key in template.typed_fields):
        return {}
    ticked = {}
    for field, statements in offered.items():
        keys = split_keys([fields.get(field, "")])
        ticked[field] = [texts for key, texts in statements.items() if key in keys]
    return ticked


def allot_wording(sentence: SentenceTexts, sent: Mapping[Choice, int]) -> int:
    """Choose the wording of a sentence for the next letter to an office, given how often it got each."""
    used = [sent.get((wording,), 0) for wording in range(len(sentence.wordings))]
    fewest = min(used)
    order = _order(sentence, sum(used) // len(used))
    return next(wording for wording in order if used[wording] == fewest)


def wording_at(sentence: SentenceTexts, turn: int) -> int:
    """Return the wording of an office's letter number `turn`, from 0, where nothing else was sent."""
    size = len(sentence.wordings)
    return _order(sentence, turn // size)[turn % size]


def wordings_at(template: LetterTemplate, language: Language, turn: int) -> Wordings:
    """Return the wording of each sentence in an office's letter number `turn`, from 0, where all ticked the same."""
    shared = chain.from_iterable(template.shared[language].values())
    offered = (one for statements in template.statements[language].values() for one in statements.values())
    return {sentence.fingerprint: wording_at(sentence, turn) for sentence in chain(shared, offered)}


def as_prose(statements: Sequence[SentenceTexts], wordings: Wordings) -> str:
    """Return the statements as one piece of prose, in the order of their list."""
    return " ".join(one.wordings[wordings.get(one.fingerprint, 0)] for one in statements)


def _order(sentence: SentenceTexts, number: int) -> Sequence[int]:
    """Return the order in which the wordings come in one round."""
    return sorted(
        range(len(sentence.wordings)),
        key=lambda wording: sha256(f"{sentence.fingerprint} {number} {wording}".encode()).digest(),
    )
