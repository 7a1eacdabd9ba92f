"""Claims about people at large ("Canadians want this", "experts agree") that no finding of a survey carries."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from advocacy.letters.figures.sentences import Sentence
from advocacy.letters.figures.words import LOCAL
from advocacy.numerals import alternatives, plain

_TABLES: dict[str, Any] = tomllib.loads((Path(__file__).parent / "general.toml").read_text(encoding="utf-8"))


def _either(entries: Iterable[str]) -> str:
    return alternatives(entries)


_QUANTIFIER = rf"(?:(?:{_either(_TABLES['quantifiers']['any'])}) ?)"
_BETWEEN = rf"(?:,? ?(?:{_either(_TABLES['verbs']['between'])})(?![a-z]))"
_WHERE = rf"(?:,? (?:{_either(_TABLES['verbs']['where'])})[a-z'-]+(?: [a-z'-]+){{0,4}}?,?)"
_OPINION = rf"(?:,? ?(?:{_either(_TABLES['verbs']['opinion'])}))"
_VERB = rf"(?: (?!(?:{_either(_TABLES['verbs']['not_verbs'])}))[a-z]+)"
_SUBJECTS = {name: re.compile(rf"\b(?:{_either(words)})") for name, words in _TABLES["people"].items()}
_QUANTIFIED_BEFORE = re.compile(rf"\b{_QUANTIFIER}{{1,2}}(?:the |les |[a-z]+ )?$")
_SAYS = re.compile(rf"{_WHERE}?{_BETWEEN}{{0,5}}{_OPINION}")
_DOES = re.compile(rf"{_WHERE}?{_BETWEEN}{{0,5}}(?:{_OPINION}|{_VERB})")
_PREDICATES = {"places": _DOES, "anyone": _SAYS, "experts": _DOES}
_QUANTIFIED = re.compile(
    r"\b(?:most|la plupart des|the (?:vast |great |overwhelming )*majority of"
    r"|la (?:grande |vaste |forte )*majorite des)"
    rf" (?:of )?(?:the |these |those )?(?!{_either(_TABLES['verbs']['not_quantified'])})"
    r"(?:[a-z-]+ ){0,2}?(?:[a-z-]{3,}s|people|children|women|men|enfants)\b(?! of my| de mes)"
    rf"{_WHERE}?{_BETWEEN}{{0,4}}{_VERB}"
)
_PERSON = rf"(?!(?:{'|'.join(map(plain, _TABLES['verbs']['not_people']))})\b)[a-z-]"
_PLURAL = re.compile(rf"(?:{_PERSON}+ ){{0,3}}?{_PERSON}{{4,}}s(?= ){_BETWEEN}{{0,3}}{_OPINION}")
_PHRASES = re.compile(rf"\b(?:{_either(_TABLES['phrases']['said'])})")
_SUBJECT_AFTER = re.compile(rf"(?:^|[.,;:!?\"()\n-] ?|\b(?:{_either(_TABLES['around']['subject_after'])}) ?)$")
_WISH = re.compile(rf"\b(?:{_either(_TABLES['around']['wish'])}) ?$")
OWN = re.compile(rf"\b(?:{_either(_TABLES['around']['own'])})")
_PRIVATE = re.compile(rf" (?:{_either(_TABLES['around']['private'])})")
_STOP = re.compile(r"[,;:.!?]")
_LOOKED_BACK, _LOOKED_ON = 40, 40


def general_claims(text: str, sentences: Sequence[Sentence]) -> Iterator[tuple[int, int, int]]:
    """Find the claims in a plain text: the place of the sentence, and where the claim starts and ends."""
    known: dict[str, list[tuple[int, int]]] = {}
    for place, sentence in enumerate(sentences):
        begin = sentence.start
        said = text[begin : sentence.end]
        if said not in known:
            asks = said.endswith("?")
            known[said] = [] if asks else [(start - begin, end - begin) for start, end in _in_sentence(text, sentence)]
        for start, end in known[said]:
            yield place, begin + start, begin + end


def _in_sentence(text: str, sentence: Sentence) -> Iterator[tuple[int, int]]:
    end = sentence.start
    spans = sorted([*_phrases(text, sentence), *_of_people(text, sentence), *_of_plural(text, sentence)])
    for start, stop in spans:
        if start >= end and not _is_own(text, (start, stop), sentence):
            yield start, stop
            end = stop


def _phrases(text: str, sentence: Sentence) -> Iterator[tuple[int, int]]:
    for words in (_PHRASES, _QUANTIFIED):
        yield from (said.span() for said in words.finditer(text, sentence.start, sentence.end))


def _of_plural(text: str, sentence: Sentence) -> Iterator[tuple[int, int]]:
    """Find a plural at the beginning of a sentence that thinks or wants something: "Youth workers report that …"."""
    plural = _PLURAL.match(text, sentence.start, sentence.end)
    if plural and not _PRIVATE.match(text, plural.end()):
        yield plural.span()


def _of_people(text: str, sentence: Sentence) -> Iterator[tuple[int, int]]:
    for name, words in _SUBJECTS.items():
        for subject in words.finditer(text, sentence.start, sentence.end):
            predicate = _PREDICATES[name].match(text, subject.end(), sentence.end)
            if predicate is None or (name == "anyone" and _PRIVATE.match(text, predicate.end())):
                continue
            start = _with_quantifier(text, sentence.start, subject.start())
            if _is_subject(text, sentence.start, start):
                yield start, predicate.end()


def _with_quantifier(text: str, begin: int, start: int) -> int:
    first = max(begin, start - _LOOKED_BACK)
    quantifier = _QUANTIFIED_BEFORE.search(text[first:start])
    return first + quantifier.start() if quantifier else start


def _is_subject(text: str, begin: int, start: int) -> bool:
    before = text[max(begin, start - _LOOKED_BACK) : start]
    return _SUBJECT_AFTER.search(before) is not None and _WISH.search(before) is None


def _is_own(text: str, claim: tuple[int, int], sentence: Sentence) -> bool:
    """Whether a claim is of the writer's own surroundings: "everyone in my family thinks …"."""
    start, end = claim
    stop = _STOP.search(text, end, min(sentence.end, end + _LOOKED_ON))
    last = stop.start() if stop else min(sentence.end, end + _LOOKED_ON)
    return OWN.search(text, start, last) is not None and LOCAL.search(text, start, last) is None
