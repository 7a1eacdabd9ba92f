"""Claims about people at large ("Canadians want this", "experts agree") that no finding of a survey carries."""

import re
import tomllib
from collections.abc import Container, Iterator, Sequence
from pathlib import Path
from typing import Any

from advocacy.letters.figures.claim import FigureFault, Judgement, Verdict
from advocacy.letters.figures.survey_text import Reading
from advocacy.letters.figures.survey_words import LOCAL, NUMBERS, PLACES
from advocacy.letters.sentences import Sentence
from advocacy.numerals import Measure, Numeral, any_of, plain

_FEWEST, _MANY = 10, 1000
_WORDS_ON = re.compile(r"(?:[ -](?!(?:to|for|in|at|on|from|a|aux|pour|dans|chez|et|and)\b)[a-z'-]+){0,4}")
_SHARED = re.compile(r"(?:[ -](?!(?:for|in|at|on|from|pour|dans|chez|and|et)\b)[a-z0-9'-]+){0,5}")
_OF_MINE = re.compile(r"\b(?:of|sur|parmi|among) (?:my|our|mes|nos) [a-z0-9 ]{1,30}, ?$")
_LETTER = re.compile(r"[a-z0-9]")
_NEAR = 40
_CLAUSE_STARTS = (",", ";", ":", " that ", " que ", " qu'")
_CLAUSE_END = re.compile(r"[;:.!?]|, ")


def unverified(reading: Reading, place: int, judgement: Judgement) -> Judgement:
    """Return the judgement of a number that is not the survey's: UNCLEAR where it claims a thing of people at large."""
    number = next(one for one in reading.numbers[place] if judgement.start <= one.start < judgement.end)
    claims = _is_share_of_people if number.measure is Measure.SHARE else _counts_people
    if claims(reading, place, number):
        return Judgement(judgement.start, judgement.end, Verdict.UNCLEAR, fault=FigureFault.UNVERIFIED)
    return judgement


def _is_share_of_people(reading: Reading, place: int, number: Numeral) -> bool:
    """Whether a share is of people, or of anything that is not the writer's own affair in money or contents."""
    text, (start, end) = reading.plain, _clause(reading, place, number)
    begin = reading.sentences[place].start
    on = _SHARED.match(text, number.end)
    shared = number.start, min(on.end() if on else number.end, end)
    near = max(begin, number.start - _NEAR), min(end, number.end + _NEAR)
    if _is_said_of_oneself(text, number, near) or NUMBERS["counted"].search(text, begin, number.start):
        return False
    if NUMBERS["contents"].search(text, *shared):
        return False
    crowd = NUMBERS["crowd"].search(text, *shared)
    proposed = NUMBERS["proposed"].search(text, start, end)
    if crowd and not (proposed and NUMBERS["firms"].match(text, crowd.start())):
        return True
    if proposed or NUMBERS["contents"].search(text, start, end) or " for " in text[number.start : number.end]:
        return False
    if number.in_words and NUMBERS["things"].match(text, number.end):
        return False
    if PLACES.search(text, *shared):
        return True
    mine = NUMBERS["subject"].match(text, _first_word(text, start), number.start)
    return mine is None or NUMBERS["crowd"].search(text, start, number.start) is not None


def _is_said_of_oneself(text: str, number: Numeral, near: tuple[int, int]) -> bool:
    """Whether a share is the writer's own by its nearest words: of one's family or class, or « sûre à 100 % »."""
    if number.low == 100 and text.endswith(" a ", 0, number.start):
        return True
    if NUMBERS["idiom"].match(text, number.outer[0]) or NUMBERS["kin"].search(text, number.start, near[1]):
        return True
    if _OF_MINE.search(text, near[0], number.outer[0]):
        return True
    return NUMBERS["among"].search(text, near[0], number.start) is not None


def _first_word(text: str, start: int) -> int:
    """Return where the first word from a place on begins."""
    word = _LETTER.search(text, start)
    return word.start() if word else start


def _counts_people(reading: Reading, place: int, number: Numeral) -> bool:
    text, (start, end) = reading.plain, reading.place_of(place)
    if _is_of_a_kind(text, (start, end), number) or _is_a_rate(text, (start, end), number):
        return True
    if number.measure is not Measure.PLAIN or number.low < _FEWEST:
        return False
    on = _WORDS_ON.match(text, number.outer[1])
    after = (number.outer[1], on.end() if on else number.outer[1])
    if NUMBERS["people"].search(text, *after) is None and not (
        number.low >= _MANY and NUMBERS["victims"].search(text, *after)
    ):
        return False
    if NUMBERS["aged"].search(text, max(start, number.outer[0] - 12), number.outer[0]):
        return False
    return not (OWN.search(text, start, end) or NUMBERS["mine"].search(text, start, end))


def _is_a_rate(text: str, sentence: tuple[int, int], number: Numeral) -> bool:
    """Whether a number is told of each day or year, or on average, of what is reported or done everywhere."""
    if number.low <= 1 or number.measure is Measure.MONEY or NUMBERS["rate"].search(text, *sentence) is None:
        return False
    if not any(NUMBERS[name].search(text, *sentence) for name in ("victims", "firms")):
        return False
    return not any(words.search(text, *sentence) for words in (OWN, NUMBERS["mine"], NUMBERS["proposed"]))


def _is_of_a_kind(text: str, sentence: tuple[int, int], number: Numeral) -> bool:
    """Whether a sentence that begins with people in general gives them a number: "Children spend 7 hours a day"."""
    start, end = sentence
    if number.low <= 1 or NUMBERS["kinds"].match(text, start, number.start) is None:
        return False
    if NUMBERS["aged"].search(text, max(start, number.outer[0] - 12), number.outer[0]):
        return False
    others = (OWN, NUMBERS["mine"], NUMBERS["proposed"], NUMBERS["ages"])
    return not any(words.search(text, start, end) for words in others)


def _clause(reading: Reading, place: int, number: Numeral) -> tuple[int, int]:
    """Return where the words around a number begin and end."""
    begin, end = reading.place_of(place)
    start = max(begin, *(reading.plain.rfind(stop, begin, number.outer[0]) + 1 for stop in _CLAUSE_STARTS))
    stop = _CLAUSE_END.search(reading.plain, number.outer[1], end)
    return start, stop.start() if stop else end


_TABLES: dict[str, Any] = tomllib.loads((Path(__file__).parent / "general_claims.toml").read_text(encoding="utf-8"))


_QUANTIFIER = rf"(?:(?:{any_of(_TABLES['quantifiers']['any'])}) ?)"
_BETWEEN = rf"(?:,? ?(?:{any_of(_TABLES['verbs']['between'])})(?:(?<=')|(?![a-z])))"
_WHERE = rf"(?:,? (?:{any_of(_TABLES['verbs']['where'])})[a-z'-]+(?: [a-z'-]+){{0,4}}?,?)"
_OPINION = rf"(?:,? ?(?:{any_of(_TABLES['verbs']['opinion'])}))"
_VERB = rf"(?: (?!(?:{any_of(_TABLES['verbs']['not_verbs'])}))[a-z]+)"
_SUBJECTS = {name: re.compile(rf"\b(?:{any_of(words)})") for name, words in _TABLES["people"].items()}
_QUANTIFIED_BEFORE = re.compile(rf"\b{_QUANTIFIER}{{1,2}}(?:the |les |[a-z]+ )?$")
_SAYS = re.compile(rf"{_WHERE}?{_BETWEEN}{{0,5}}{_OPINION}")
_DOES = re.compile(rf"{_WHERE}?{_BETWEEN}{{0,5}}(?:{_OPINION}|{_VERB})")
_PREDICATES = {"places": _DOES, "anyone": _SAYS, "kinds": _DOES, "experts": _DOES}
_WORLD, _SURVEYED = _TABLES["world"], _TABLES["survey"]
_STRESS_BEFORE = re.compile(rf"\b(?:(?:{any_of(_WORLD['stress'])}) ?){{1,2}}$")
_ASKS_AFTER = re.compile(rf", (?:{any_of(_WORLD['asks_after'])})|, [a-z']+(?:[ -][a-z'-]+){{0,2}} ?\?$")
RESPONDENTS = rf"(?:{any_of(_SURVEYED['respondents'])})"
_SHOWS = rf"(?:{any_of(_SURVEYED['shows'])})"
_OF_SURVEY = re.compile(rf"\b(?:{RESPONDENTS}[a-z]*(?:,? [a-z0-9'-]+){{0,6}}?,?(?:{_OPINION}|{_VERB})|{_SHOWS})")
_REPLIED = re.compile(r"\b(?:replied|completed|responded)\b")
_QUOTED = re.compile(rf"\b(?:{any_of(_SURVEYED['quoted'])})")
_MARKED = re.compile(r'"([^"]{1,600})"')
_LETTERS = re.compile(r"[a-z0-9]+")
_LEAST_QUOTED = 12
_COMPARED = re.compile(rf"\b(?:{any_of(_SURVEYED['compared'])})")
_SUBJECT_AFTER = re.compile(rf"(?:^|[.,;:!?\"()\n-] ?|\b(?:{any_of(_TABLES['around']['subject_after'])}) ?)$")
_WISH = re.compile(rf"\b(?:{any_of(_TABLES['around']['wish'])}) ?$")
OWN = re.compile(rf"\b(?:{any_of(_TABLES['around']['own'])})")
_PRIVATE = re.compile(rf" (?:{any_of(_TABLES['around']['private'])})")
_TIME_BEFORE = re.compile(r"\b(?:when|what|where|how|until|if|quand|lorsque|ce que|si|comment) $")
_STOP = re.compile(r"[,;:.!?]")
_STATEMENT = {name: re.compile(rf"\b(?:{any_of(words)})") for name, words in _TABLES["statement"].items()}
_NOT_BEFORE_SUBJECT = (
    r"(?:is|are|was|were|what|how|being|have|has|had|avons|etre|elever|pour|for|est|sont|c'est|dont|que)\b"
)
_WHOM = rf"(?:[a-z]+['-])?(?:{any_of(_TABLES['statement']['whom'])})"
_PLURAL = rf"(?:{any_of(_TABLES['statement']['plural'])})"
_SUBJECT = re.compile(rf"(?:(?!{_NOT_BEFORE_SUBJECT})[^ ]+ ){{0,3}}?{_WHOM}|{_PLURAL}")
_PART = re.compile(r"(?:(?!, |[;:] | (?:because|while|whereas|car|parce que|puisque|alors que)\b).)+")
_JOINED = re.compile(r"(?:but|so|yet|mais|donc) ")
_WORD = re.compile(r"[a-z0-9]")
_HEADING = re.compile(r"(?:objet|sujet|subject|re) ?:|(?=.*(?:\b[a-z]\d[a-z] ?\d[a-z]\d\b|@))(?!.*[.!?]$)", re.DOTALL)
"""A line of a letter that is no sentence: what it is about, or an address."""
_FEWEST_SPACES = 2
_LOOKED_BACK, _LOOKED_ON = 40, 40


def general_claims(text: str, sentences: Sequence[Sentence]) -> Iterator[tuple[int, int, int]]:
    """Find the claims in a plain text: the place of the sentence, and where the claim starts and ends."""
    known: dict[str, list[tuple[int, int]]] = {}
    for place, sentence in enumerate(sentences):
        begin = sentence.start
        said = text[begin : sentence.end]
        if said not in known:
            known[said] = [(start - begin, end - begin) for start, end in _in_sentence(text, _stated(text, sentence))]
        yield from ((place, begin + start, begin + end) for start, end in known[said])


def _stated(text: str, sentence: Sentence) -> Sentence:
    """Return what a sentence states: of a question, what stands before the asking ("Most MPs agree, so why wait?")."""
    if not text.endswith("?", sentence.start, sentence.end):
        return sentence
    asks = _ASKS_AFTER.search(text, sentence.start, sentence.end)
    return sentence._replace(end=asks.start() if asks else sentence.start)


def survey_claims(reading: Reading, weighed: Container[int]) -> Iterator[tuple[int, int, int]]:
    """Find what respondents are made to say without a figure, in sentences with none that was `weighed`."""
    text = reading.plain
    for place in sorted(reading.of_survey | reading.of_respondents | reading.places_with(_REPLIED)):
        stated = _stated(text, reading.sentences[place])
        if _names_quote(reading, place):
            continue
        told = _OF_SURVEY.search(text, stated.start, stated.end) if place not in weighed else None
        compared = place in reading.of_survey and _COMPARED.search(text, stated.start, stated.end)
        if said := told or compared:
            yield place, *said.span()


def _names_quote(reading: Reading, place: int) -> bool:
    """Whether a sentence tells what one respondent said."""
    return _QUOTED.search(reading.plain, *reading.place_of(place)) is not None


def false_quotes(reading: Reading) -> Iterator[tuple[int, int, int]]:
    """Find what one respondent is made to say and the survey does not quote, with or without quotation marks."""
    text = reading.plain
    known = [plain(said) for quote in reading.survey.every_quote for said in quote.statement.wording.values()]
    for place in sorted(reading.of_survey):
        start, end = reading.place_of(place)
        if not _names_quote(reading, place):
            continue
        near = reading.paragraphs[reading.sentences[place].paragraph]
        first, last = max(near.start, place - 2), min(near.stop - 1, place + 2)
        around = text[reading.sentences[first].start : reading.sentences[last].end]
        words = [said for said in _MARKED.findall(around) if _quoted_by(said, known)]
        if not words:
            yield place, start, end


def _quoted_by(said: str, known: Sequence[str]) -> bool:
    """Whether what stands between quotation marks stands so in one of the survey's quotes."""
    sought = " ".join(_LETTERS.findall(said))
    return len(sought) >= _LEAST_QUOTED and any(sought in " ".join(_LETTERS.findall(one)) for one in known)


def _in_sentence(text: str, sentence: Sentence) -> Iterator[tuple[int, int]]:
    end = sentence.start
    for start, stop in sorted(_of_people(text, sentence)):
        if start >= end and not _is_own(text, (start, stop), sentence):
            yield start, stop
            end = stop


def world_claims(reading: Reading, weighed: Container[int], found: Container[int]) -> Iterator[tuple[int, int, int]]:
    """Find the sentences that state how the world is, with no claim `found` and no figure that was `weighed` in them.

    What is said of the survey beside one of its figures leads to that figure, or away from it.
    """
    known: dict[str, tuple[int, int] | None] = {}
    for place, sentence in enumerate(reading.sentences):
        beside = (*reading.before(place)[:1], *reading.after(place)[:1]) if place in reading.of_survey else ()
        if place in found or any(near in weighed for near in (place, *beside)):
            continue
        said, begin = reading.plain[sentence.start : sentence.end], sentence.start
        if said not in known:
            span = _of_world(reading.plain, _stated(reading.plain, sentence))
            known[said] = (span[0] - begin, span[1] - begin) if span else None
        if claim := known[said]:
            yield place, begin + claim[0], begin + claim[1]


def makes_a_claim(words: str) -> bool:
    """Whether words that were put into a sentence may make a claim of it, or another one."""
    return any(_STATEMENT[name].search(words) for name in ("alone", "mark", "whom"))


def _of_world(text: str, sentence: Sentence) -> tuple[int, int] | None:
    """Find the part of a sentence that states how the world is; a first person excuses its own part alone."""
    if _HEADING.match(text, sentence.start, sentence.end):
        return None
    opens = True
    for part in _PART.finditer(text, sentence.start, sentence.end):
        word = _WORD.search(text, *part.span())
        if word is None:
            continue
        start, end = word.start(), part.end()
        proved = _STATEMENT["alone"].search(text, start, end)
        if not proved and text.startswith(",", end) and _STATEMENT["opening"].fullmatch(text, start, end):
            opens = opens and _STATEMENT["own"].search(text, start, end) is None
            continue
        opens = opens or not text.endswith(", ", 0, start) or _JOINED.match(text, start) is not None
        if any(_states(text, told, end, opens=opens or told > start) for told in _told(text, start, end, opens=opens)):
            return start, end
        opens = False
    return None


def _told(text: str, start: int, end: int, *, opens: bool) -> Iterator[int]:
    """Return where the statements of a part of a sentence begin: with it, and after "I know" or "that"."""
    if opens or not _STATEMENT["apposition"].fullmatch(text, start, end):
        yield start
    for name in ("reported", "that"):
        for said in _STATEMENT[name].finditer(text, start, end):
            before = text[max(start, said.end() - _LOOKED_BACK) : said.end()].rstrip()
            word = _WORD.search(text, said.end(), end)
            if word and not _WISH.search(before):
                yield word.start()


def _states(text: str, start: int, end: int, *, opens: bool) -> bool:
    """Whether a part of a sentence claims something; what does not open it may be no statement at all."""
    if _STATEMENT["asks"].match(text, start, end):
        return False
    alone = None if _STATEMENT["mine"].match(text, start, end) else _STATEMENT["alone"].search(text, start, end)
    wished = _STATEMENT["wished"].search(text, start, end)
    if alone or wished:
        return alone is not None and (wished is None or alone.start() < wished.start())
    spaces = text.count(" ", start, end)
    return spaces >= _FEWEST_SPACES and _speaks_of_others(text, start, end, opens=opens, long=spaces > _FEWEST_SPACES)


def _speaks_of_others(text: str, start: int, end: int, *, opens: bool, long: bool) -> bool:
    """Whether words without a proof or a wish are not the writer's own, and no more than a value or a picture."""
    subject = _SUBJECT.match(text, start, end) is not None
    if _STATEMENT["own"].search(text, start, end) and not (subject and LOCAL.search(text, start, end)):
        return False
    if _STATEMENT["mark"].search(text, start, end):
        return opens or subject
    if _STATEMENT["value"].search(text, start, end) or _STATEMENT["pointing"].match(text, start, end):
        return False
    return subject or (opens and long)


def _of_people(text: str, sentence: Sentence) -> Iterator[tuple[int, int]]:
    for name, words in _SUBJECTS.items():
        for subject in words.finditer(text, sentence.start, sentence.end):
            predicate = _PREDICATES[name].match(text, subject.end(), sentence.end)
            if predicate is None or (name != "places" and _PRIVATE.match(text, predicate.end())):
                continue
            start = _with_quantifier(text, sentence.start, subject.start())
            valued = name == "kinds" and _is_a_value(text, sentence, subject)
            if not valued and _is_subject(text, sentence.start, start):
                yield start, predicate.end()


def _is_a_value(text: str, sentence: Sentence, subject: re.Match[str]) -> bool:
    """Whether what is said of a kind is a possibility, a value or a wish, or stands after "when" or "what"."""
    if _TIME_BEFORE.search(text[max(sentence.start, subject.start() - _LOOKED_BACK) : subject.start()]):
        return True
    stop = _STOP.search(text, subject.end(), sentence.end)
    said = subject.end(), stop.start() if stop else sentence.end
    return any(_STATEMENT[name].search(text, *said) for name in ("value", "wished"))


def _with_quantifier(text: str, begin: int, start: int) -> int:
    first = max(begin, start - _LOOKED_BACK)
    quantifier = _QUANTIFIED_BEFORE.search(text[first:start])
    counted = first + quantifier.start() if quantifier else start
    stress = _STRESS_BEFORE.search(text[first:counted])
    return first + stress.start() if stress else counted


def _is_subject(text: str, begin: int, start: int) -> bool:
    before = text[max(begin, start - _LOOKED_BACK) : start]
    return bool(_SUBJECT_AFTER.search(before)) and not _WISH.search(before)


def _is_own(text: str, claim: tuple[int, int], sentence: Sentence) -> bool:
    """Whether a claim is of the writer's own surroundings: "everyone in my family thinks …"."""
    start, end = claim
    stop = _STOP.search(text, end, min(sentence.end, end + _LOOKED_ON))
    last = stop.start() if stop else min(sentence.end, end + _LOOKED_ON)
    return OWN.search(text, start, last) is not None and LOCAL.search(text, start, last) is None
