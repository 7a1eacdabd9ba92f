"""Claims about people at large, or of the world, that no finding of the survey carries: they are to be confirmed.

1. A number that is not the survey's, said of people: "60% of parents", "300 calls a day".
2. People, experts or firms with what they are said to do or think: "Canadians want this", "experts agree".
3. What respondents are made to say without a figure, and quotes that the survey does not have.
4. A sentence that states how the world is, by a share, a habit, a trend or a proof in it, and is not the writer's own.
"""

import re
from collections.abc import Container, Iterator, Sequence

from advocacy.letters.figures.claim import FigureFault, Judgement, Verdict
from advocacy.letters.figures.survey_text import ParsedText, Span
from advocacy.letters.figures.survey_words import expression, pattern
from advocacy.letters.sentences import Sentence
from advocacy.numerals import Measure, Numeral, plain

_MIN_PEOPLE, _MIN_VICTIMS = 10, 1000
_WORDS_AFTER = re.compile(r"(?:[ -](?!(?:to|for|in|at|on|from|a|aux|pour|dans|chez|et|and)\b)[a-z'-]+){0,4}")
_SHARE_OF = re.compile(r"(?:[ -](?!(?:for|in|at|on|from|pour|dans|chez|and|et)\b)[a-z0-9'-]+){0,5}")
_OF_WRITERS = re.compile(r"\b(?:of|sur|parmi|among) (?:my|our|mes|nos) [a-z0-9 ]{1,30}, ?$")
_LETTER = re.compile(r"[a-z0-9]")
_CLAUSE_STARTS = (",", ";", ":", " that ", " que ", " qu'")
_CLAUSE_END = re.compile(r"[;:.!?]|, ")
_STOP = re.compile(r"[,;:.!?]")
_CHARACTERS_NEAR, _CHARACTERS_TO_AGE = 40, 12
_QUOTED = re.compile(r'"([^"]{1,600})"')
_LETTERS = re.compile(r"[a-z0-9]+")
_MIN_QUOTED = 12
_PART = re.compile(r"(?:(?!, |[;:] | (?:because|while|whereas|car|parce que|puisque|alors que)\b).)+")
_JOINED = re.compile(r"(?:but|so|yet|mais|donc) ")
_HEADING = re.compile(r"(?:objet|sujet|subject|re) ?:|(?=.*(?:\b[a-z]\d[a-z] ?\d[a-z]\d\b|@))(?!.*[.!?]$)", re.DOTALL)
"""A line of a letter that is no sentence: what it is about, or an address."""
_MIN_SPACES = 2


# --- numbers


def unverified(parsed: ParsedText, index: int, judgement: Judgement) -> Judgement:
    """Return the judgement of a number that is not the survey's: UNCLEAR where it claims a thing of people at large."""
    number = next(one for one in parsed.numbers[index] if judgement.start <= one.start < judgement.end)
    is_claim = _is_share_of_people if number.measure is Measure.SHARE else _counts_people
    if is_claim(parsed.plain, parsed.span(index), number):
        return Judgement(judgement.start, judgement.end, Verdict.UNCLEAR, fault=FigureFault.UNVERIFIED)
    return judgement


def _is_share_of_people(text: str, sentence: Span, number: Numeral) -> bool:
    """Whether a share is of people, or of anything that is not the writer's own affair in money or contents."""
    begin, end = sentence
    start = max(begin, *(text.rfind(mark, begin, number.outer[0]) + 1 for mark in _CLAUSE_STARTS))
    stop = _CLAUSE_END.search(text, number.outer[1], end)
    end = stop.start() if stop else end
    after = _SHARE_OF.match(text, number.end)
    shared = number.start, min(after.end() if after else number.end, end)
    near = max(begin, number.start - _CHARACTERS_NEAR), min(end, number.end + _CHARACTERS_NEAR)
    if _is_of_writer(text, number, near) or pattern("numbers.counted").search(text, begin, number.start):
        return False
    if pattern("numbers.contents").search(text, *shared):
        return False
    crowd = pattern("numbers.crowd").search(text, *shared)
    is_proposed = pattern("numbers.proposed").search(text, start, end)
    if crowd and not (is_proposed and pattern("numbers.firms").match(text, crowd.start())):
        return True
    if is_proposed or pattern("numbers.contents").search(text, start, end):
        return False
    if " for " in text[number.start : number.end]:
        return False
    if number.in_words and pattern("numbers.things").match(text, number.end):
        return False
    if pattern("people.places").search(text, *shared):
        return True
    word = _LETTER.search(text, start)
    is_writers = pattern("numbers.subject").match(text, word.start() if word else start, number.start)
    return is_writers is None or pattern("numbers.crowd").search(text, start, number.start) is not None


def _is_of_writer(text: str, number: Numeral, near: Span) -> bool:
    """Whether a share is the writer's own by its nearest words: of one's family or class, or « sûre à 100 % »."""
    return bool(
        (number.low == 100 and text.endswith(" a ", 0, number.start))
        or pattern("numbers.idiom").match(text, number.outer[0])
        or pattern("numbers.kin").search(text, number.start, near[1])
        or _OF_WRITERS.search(text, near[0], number.outer[0])
        or pattern("numbers.among").search(text, near[0], number.start)
    )


def _counts_people(text: str, sentence: Span, number: Numeral) -> bool:
    """Whether a number counts people or what happens to them, and not the writer's own."""
    start, end = sentence

    def has(*lists: str) -> bool:
        return any(pattern(words).search(text, start, end) for words in lists)

    is_age = pattern("numbers.aged").search(text, max(start, number.outer[0] - _CHARACTERS_TO_AGE), number.outer[0])
    is_writers = has("context.own", "numbers.mine")
    if number.low > 1 and not is_writers and not has("numbers.proposed"):
        # "Children spend 7 hours a day"
        of_a_kind = pattern("numbers.kinds").match(text, start, number.start)
        if of_a_kind and not is_age and not has("numbers.ages"):
            return True
        # "300 reports are made every day"
        if number.measure is not Measure.MONEY and has("numbers.rate") and has("numbers.victims", "numbers.firms"):
            return True
    if number.measure is not Measure.PLAIN or number.low < _MIN_PEOPLE or is_age or is_writers:
        return False
    found = _WORDS_AFTER.match(text, number.outer[1])
    after = (number.outer[1], found.end() if found else number.outer[1])
    is_of_victims = number.low >= _MIN_VICTIMS and pattern("numbers.victims").search(text, *after)
    return bool(is_of_victims or pattern("numbers.people").search(text, *after))


# --- people at large


def general_claims(text: str, sentences: Sequence[Sentence]) -> Iterator[tuple[int, int, int]]:
    """Find the claims in a plain text: the index of the sentence, and where the claim starts and ends."""
    cached: dict[str, list[Span]] = {}
    for index, sentence in enumerate(sentences):
        begin = sentence.start
        words = text[begin : sentence.end]
        if words not in cached:
            spans = _in_sentence(text, _stated_part(text, sentence))
            cached[words] = [(start - begin, end - begin) for start, end in spans]
        yield from ((index, begin + start, begin + end) for start, end in cached[words])


def _stated_part(text: str, sentence: Sentence) -> Sentence:
    """Return what a sentence states: of a question, what is before the asking ("Most MPs agree, so why wait?")."""
    if not text.endswith("?", sentence.start, sentence.end):
        return sentence
    asks = expression("asking_after").search(text, sentence.start, sentence.end)
    return sentence._replace(end=asks.start() if asks else sentence.start)


def _in_sentence(text: str, sentence: Sentence) -> Iterator[Span]:
    last = sentence.start
    for start, end in sorted(_of_people(text, sentence)):
        if start < last:
            continue
        limit = min(sentence.end, end + _CHARACTERS_NEAR)
        stop = _STOP.search(text, end, limit)
        around = start, stop.start() if stop else limit
        # "Everyone in my family thinks …" is the writer's own; "everyone in my riding" is not.
        if not pattern("context.own").search(text, *around) or pattern("people.local").search(text, *around):
            yield start, end
            last = end


def _of_people(text: str, sentence: Sentence) -> Iterator[Span]:
    for name in ("places", "anyone", "kinds", "experts"):
        predicate_of = expression("thinks" if name == "anyone" else "does")
        for subject in pattern(f"crowds.{name}").finditer(text, sentence.start, sentence.end):
            predicate = predicate_of.match(text, subject.end(), sentence.end)
            if predicate is None or (name != "places" and expression("private_after").match(text, predicate.end())):
                continue
            start = _with_quantifier(text, sentence.start, subject.start())
            before = text[max(sentence.start, start - _CHARACTERS_NEAR) : start]
            if not expression("subject_begins").search(before) or expression("wish_before").search(before):
                continue
            if name != "kinds" or not _is_value(text, sentence, subject):
                yield start, predicate.end()


def _is_value(text: str, sentence: Sentence, subject: re.Match[str]) -> bool:
    """Whether what is said of a kind is a possibility, a value or a wish, or comes after "when" or "what"."""
    if expression("time_before").search(
        text[max(sentence.start, subject.start() - _CHARACTERS_NEAR) : subject.start()]
    ):
        return True
    stop = _STOP.search(text, subject.end(), sentence.end)
    end = stop.start() if stop else sentence.end
    return any(pattern(f"statement.{name}").search(text, subject.end(), end) for name in ("value", "wished"))


def _with_quantifier(text: str, begin: int, start: int) -> int:
    """Return where the words that tell how many begin: "almost all Canadians"."""
    first = max(begin, start - _CHARACTERS_NEAR)
    for before in (expression("quantifier_before"), expression("stress_before")):
        if found := before.search(text[first:start]):
            start = first + found.start()
    return start


# --- the survey


def survey_claims(parsed: ParsedText, judged: Container[int]) -> Iterator[tuple[int, int, int]]:
    """Find what respondents are made to say without a figure, in sentences that have none that was `judged`."""
    text = parsed.plain
    for index in sorted(parsed.naming_survey | parsed.naming_respondents | parsed.sentences_with("survey.replied")):
        stated = _stated_part(text, parsed.sentences[index])
        if parsed.finds("survey_claims.quoted", index):
            continue
        found = expression("of_respondents").search(text, stated.start, stated.end) if index not in judged else None
        if found is None and index in parsed.naming_survey:
            found = pattern("survey_claims.compared").search(text, stated.start, stated.end)
        if found:
            yield index, *found.span()


def false_quotes(parsed: ParsedText) -> Iterator[tuple[int, int, int]]:
    """Find what one respondent is made to say and the survey does not quote, with or without quotation marks."""
    quotes = [
        " ".join(_LETTERS.findall(plain(text)))
        for quote in parsed.survey.every_quote
        for text in quote.statement.wording.values()
    ]
    for index in sorted(parsed.naming_survey):
        if not parsed.finds("survey_claims.quoted", index):
            continue
        near = parsed.paragraph_of(index)
        first, last = max(near.start, index - 2), min(near.stop - 1, index + 2)
        around = parsed.plain[parsed.sentences[first].start : parsed.sentences[last].end]
        quoted = (" ".join(_LETTERS.findall(words)) for words in _QUOTED.findall(around))
        if not any(len(words) >= _MIN_QUOTED and any(words in quote for quote in quotes) for words in quoted):
            yield index, *parsed.span(index)


# --- the world


def world_claims(parsed: ParsedText, judged: Container[int], found: Container[int]) -> Iterator[tuple[int, int, int]]:
    """Find the sentences that state how the world is, with no claim `found` and no figure that was `judged` in them.

    What is said of the survey beside one of its figures leads to that figure, or away from it.
    """
    cached: dict[str, Span | None] = {}
    for index, sentence in enumerate(parsed.sentences):
        is_of_survey = index in parsed.naming_survey
        beside = (*parsed.before(index)[:1], *parsed.after(index)[:1]) if is_of_survey else ()
        if index in found or any(near in judged for near in (index, *beside)):
            continue
        words, begin = parsed.plain[sentence.start : sentence.end], sentence.start
        if words not in cached:
            span = _of_world(parsed.plain, _stated_part(parsed.plain, sentence))
            cached[words] = (span[0] - begin, span[1] - begin) if span else None
        if claim := cached[words]:
            yield index, begin + claim[0], begin + claim[1]


def makes_a_claim(words: str) -> bool:
    """Whether words that were put into a sentence may make a claim of it, or another one."""
    return any(pattern(f"statement.{name}").search(words) for name in ("alone", "mark", "whom"))


def _of_world(text: str, sentence: Sentence) -> Span | None:
    """Find the part of a sentence that states how the world is; a first person excuses its own part alone."""
    if _HEADING.match(text, sentence.start, sentence.end):
        return None
    opens = True
    for part in _PART.finditer(text, sentence.start, sentence.end):
        word = _LETTER.search(text, *part.span())
        if word is None:
            continue
        start, end = word.start(), part.end()
        is_proved = pattern("statement.alone").search(text, start, end)
        is_opening = text.startswith(",", end) and pattern("statement.opening").fullmatch(text, start, end)
        if is_opening and not is_proved:
            opens = opens and pattern("statement.own").search(text, start, end) is None
            continue
        opens = opens or not text.endswith(", ", 0, start) or _JOINED.match(text, start) is not None
        statements = _statement_starts(text, start, end, opens=opens)
        if any(_states_world(text, begin, end, opens=opens or begin > start) for begin in statements):
            return start, end
        opens = False
    return None


def _statement_starts(text: str, start: int, end: int, *, opens: bool) -> Iterator[int]:
    """Return where the statements of a part of a sentence begin: with it, and after "I know" or "that"."""
    if opens or not pattern("statement.apposition").fullmatch(text, start, end):
        yield start
    for words in (pattern("statement.reported"), pattern("statement.that")):
        for found in words.finditer(text, start, end):
            before = text[max(start, found.end() - _CHARACTERS_NEAR) : found.end()].rstrip()
            word = _LETTER.search(text, found.end(), end)
            if word and not expression("wish_before").search(before):
                yield word.start()


def _states_world(text: str, start: int, end: int, *, opens: bool) -> bool:
    """Whether a part of a sentence claims something; what does not open it may be no statement at all."""
    if pattern("statement.asks").match(text, start, end):
        return False
    is_writers = pattern("statement.mine").match(text, start, end)
    alone = None if is_writers else pattern("statement.alone").search(text, start, end)
    wished = pattern("statement.wished").search(text, start, end)
    if alone or wished:
        return alone is not None and (wished is None or alone.start() < wished.start())
    # Without a proof or a wish: not the writer's own, and more than a value or a picture.
    spaces = text.count(" ", start, end)
    if spaces < _MIN_SPACES:
        return False
    has_subject = expression("world_subject").match(text, start, end) is not None
    is_local = has_subject and pattern("people.local").search(text, start, end)
    if pattern("statement.own").search(text, start, end) and not is_local:
        return False
    if pattern("statement.mark").search(text, start, end):
        return opens or has_subject
    if pattern("statement.value").search(text, start, end) or pattern("statement.pointing").match(text, start, end):
        return False
    return has_subject or (opens and spaces > _MIN_SPACES)
