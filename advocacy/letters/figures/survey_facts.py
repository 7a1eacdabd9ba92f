"""Numbers that are no shares: how many answered the survey, for how long it was open, and when it began.

A number is a claim of one of these facts by the words around it; it is then compared with the survey's own fact.
"""

import re
from dataclasses import dataclass
from functools import cache

from advocacy.findings import Poll
from advocacy.language import Language, format_month
from advocacy.letters.figures.claim import FigureFault, Judgement, Verdict
from advocacy.letters.figures.survey_text import ParsedText
from advocacy.letters.figures.survey_words import expression, pattern
from advocacy.numerals import Approach, Measure, Numeral, plain

RESPONDENTS_KEY, DURATION_KEY, STARTED_KEY = "respondents", "duration", "started"
_MIN_COUNT, _MIN_FAR_COUNT = 10, 1000
"""The least number of people that can be the respondents: near the survey, and without it."""
_MONTHS_IN_UNIT = {Measure.MONTHS: 1, Measure.YEARS: 12}
_UNIT = re.compile(r"[ -](?:full |long )?(?:months?|mois|years?|ans?|annees?)\b")
_SHORT_UNIT = re.compile(r"[ -](?:full |long |short )?(?:days?|weeks?|hours?|jours?|semaines?|heures?)\b")
_PERIOD = re.compile(r"[ -]\w+[ -](?:period|span)\b")
_AGO = re.compile(r"[ -]\w+ (?:ago|old|later|after|before|plus tard|apres|avant)\b")
_OF = re.compile(r"(?:^|[ \n\"(])(?:of|among|sur|parmi|chez|out of|with) (?:the |les )?$")
_CLAUSE_END = re.compile(r"[.,;:]")
_WORDS_AFTER, _CHARACTERS_AFTER, _CHARACTERS_BEFORE, _CLOSE = 4, 150, 40, 16


@cache
def month_numbers() -> dict[str, int]:
    """Return the months by their plain names, in every language."""
    months = [(format_month(2019, month, language), month) for language in Language for month in range(1, 13)]
    return {plain(name).split(" ")[0]: month for name, month in months}


@cache
def _month_before() -> re.Pattern[str]:
    return re.compile(rf"\b(?P<month>{'|'.join(month_numbers())})(?: \d{{1,2}})?,? (?:of |de )?$")


@dataclass(frozen=True, slots=True)
class _Number:
    """One number that is no share, in its sentence."""

    parsed: ParsedText
    index: int
    number: Numeral

    @property
    def text(self) -> str:
        return self.parsed.plain

    @property
    def polls(self) -> tuple[Poll, ...]:
        return tuple(self.parsed.survey.polls)

    @property
    def is_year(self) -> bool:
        number = self.number
        return 1950 <= number.low <= 2100 and number.approach is Approach.EXACT and number.measure is Measure.PLAIN

    @property
    def month_named(self) -> re.Match[str] | None:
        """The month, and day, that stand before the number."""
        start = self.number.outer[0]
        return _month_before().search(self.text, max(0, start - _CHARACTERS_BEFORE), start)

    @property
    def poll_of_date(self) -> Poll | None:
        """The survey that began at the date, or in the year where no month is named."""
        named = self.month_named
        for poll in self.polls:
            year, month = (int(part) for part in poll.started.split("-"))
            is_month = named is None or month_numbers()[named["month"]] == month
            if is_month and self.number.low == self.number.high == year:
                return poll
        return None

    def finds(self, words: str) -> bool:
        return self.parsed.finds(words, self.index)

    def follows(self, words: str) -> re.Match[str] | None:
        """Find the words of a list just after the number, before any stop."""
        start = self.number.outer[1]
        stop = _CLAUSE_END.search(self.text, start, start + _CHARACTERS_AFTER)
        after = self.text[start : stop.start() if stop else start + _CHARACTERS_AFTER].split(" ")[: _WORDS_AFTER + 1]
        return pattern(words).search(self.text, start, start + len(" ".join(after)))

    def is_writers(self) -> bool:
        """Whether the number is in a clause of the writer's own."""
        begin = self.parsed.sentences[self.index].start
        start = max(begin, *(self.text.rfind(stop, begin, self.number.start) for stop in ",;:"))
        lists = (pattern("people.me"), pattern("people.writers"))
        return any(words.search(self.text, start, self.number.start) for words in lists)

    def counts_others(self) -> bool:
        """Whether those counted did something else than answering: "23,700 people signed the petition"."""
        acting, answering = self.follows("survey.acting"), self.follows("survey.answering")
        return acting is not None and (answering is None or acting.start() < answering.start())


def judge_fact(parsed: ParsedText, index: int, number: Numeral) -> Judgement:
    """Judge one number that is no share."""
    one = _Number(parsed, index, number)
    if one.polls:
        for is_claim, judge in ((_tells_when, _judge_date), (_tells_how_long, _judge_duration)):
            if is_claim(one):
                return judge(one)
        if _counts_respondents(one):
            return _judge_respondents(one)
    return Judgement(*number.outer, Verdict.NOT_FROM_SURVEY)


def judge_as(parsed: ParsedText, index: int, number: Numeral, *, key: str) -> Judgement:
    """Return the judgement of a number that is known to be said of the fact `key`."""
    judges = {STARTED_KEY: _judge_date, DURATION_KEY: _judge_duration, RESPONDENTS_KEY: _judge_respondents}
    return judges[key](_Number(parsed, index, number))


# --- how many


def _counts_respondents(one: _Number) -> bool:
    number, parsed = one.number, one.parsed
    if number.measure is not Measure.PLAIN or number.low < _MIN_COUNT or one.is_year:
        return False
    bases = {poll.base for poll in one.polls}
    # A share of this number of people: "Of more than 23,700 people, 95% …".
    shares = any(other.measure is Measure.SHARE and not other.vague for other in parsed.numbers[one.index])
    start = number.outer[0]
    is_base = shares and _OF.search(one.text, max(0, start - _CLOSE), start) is not None
    is_near = parsed.is_near_survey(one.index)
    if not (one.finds("survey.answering") or is_base or (is_near and one.finds("survey.asking"))):
        return False
    # Without the survey near, a count is of those who answered only where they do so at once: "24,000 people answered".
    is_stated = is_near or (
        number.low >= _MIN_FAR_COUNT and (is_base or one.follows("survey.answering") or number.low in bases)
    )
    if not is_stated or one.follows("people.own") or one.finds("people.nearby"):
        return False
    if number.low not in bases and one.counts_others():
        return False
    people = ("people.anyone", "people.respondents", "people.places", "people.others")
    return any(base / 2 <= number.high <= base * 2 for base in bases) or any(one.follows(words) for words in people)


def _judge_respondents(one: _Number) -> Judgement:
    number = one.number
    poll = next((poll for poll in one.polls if number.low == number.high == poll.base), None)
    fact = one.parsed.facts(poll or one.polls[0])[RESPONDENTS_KEY]
    # What is suggested ends with the number, as the words that follow it stay.
    count = fact[: max(place for place, char in enumerate(fact) if char.isdecimal()) + 1]
    if poll is None:
        return Judgement(*number.outer, Verdict.FALSE, RESPONDENTS_KEY, FigureFault.FIGURE, fact, count)
    is_exact = number.approach is Approach.EXACT
    if not (is_exact if poll.respondents else number.approach in {Approach.MORE, Approach.AT_LEAST}):
        return Judgement(*number.outer, Verdict.FALSE, RESPONDENTS_KEY, FigureFault.HEDGE, fact, count)
    if one.counts_others():
        return Judgement(*number.outer, Verdict.FALSE, RESPONDENTS_KEY, FigureFault.SUBJECT, fact)
    start, end = number.outer
    people = one.follows("people.places") or one.follows("people.others") or one.follows("people.chosen")
    if people and people.start() - end < _CLOSE:
        return Judgement(start, people.end(), Verdict.FALSE, RESPONDENTS_KEY, FigureFault.PEOPLE, fact, fact)
    return Judgement(start, end, Verdict.TRUE, RESPONDENTS_KEY, evidence=fact)


# --- how long


def _tells_how_long(one: _Number) -> bool:
    number, start = one.number, one.number.outer[0]
    is_short = number.measure is Measure.PLAIN and _SHORT_UNIT.match(one.text, number.end) is not None
    if not any(poll.months for poll in one.polls):
        return False
    if not (is_short or number.measure in _MONTHS_IN_UNIT) or _AGO.match(one.text, number.end) or one.is_writers():
        return False
    if is_short and not one.finds("survey.itself"):
        return False  # "Platforms should answer within 24 hours" beside the survey is not of it
    is_named = one.finds("survey.words")
    if not is_named and not (one.parsed.is_near_survey(one.index) and one.finds("survey.answering")):
        return False
    return bool(
        expression("lasting_before").search(one.text, max(0, start - _CHARACTERS_BEFORE), start)
        or _PERIOD.match(one.text, number.end)
        or (is_short and one.finds("survey.open_for"))
        or number.approach is Approach.MORE
        or (is_named and number.measure is Measure.MONTHS)
    )


def _judge_duration(one: _Number) -> Judgement:
    number, polls = one.number, [poll for poll in one.polls if poll.months]
    unit = _UNIT.match(one.text, number.end) or _SHORT_UNIT.match(one.text, number.end)
    end = max(number.outer[1], unit.end() if unit else number.end)
    # "Over 18 months" is not more than 18.
    is_over = one.text.startswith("over ", number.outer[0])
    months = number.low * _MONTHS_IN_UNIT.get(number.measure, 0) if number.low == number.high else None
    poll = next((poll for poll in polls if poll.months == months), None)
    fact = one.parsed.facts(poll or polls[0])[DURATION_KEY]
    if poll and (is_over or number.approach is Approach.EXACT):
        return Judgement(number.start, end, Verdict.TRUE, DURATION_KEY, evidence=fact)
    start = number.start if is_over else number.outer[0]
    fault = FigureFault.HEDGE if poll else FigureFault.FIGURE
    return Judgement(start, end, Verdict.FALSE, DURATION_KEY, fault, fact, fact)


# --- since when


def _tells_when(one: _Number) -> bool:
    if not one.is_year or one.is_writers():
        return False
    others = [_Number(one.parsed, one.index, other) for other in one.parsed.numbers[one.index]]
    bases = {poll.base for poll in one.polls}
    # "It opened in November 2019": the survey is named in the sentence before.
    goes_on = (
        one.parsed.is_near_survey(one.index)
        and one.finds("survey.answering")
        and (one.month_named is not None or any(other.number.low in bases for other in others))
    )
    if not (one.finds("survey.words") or goes_on):
        return False
    start = _date_start(one)
    if not (one.finds("survey.opening") or one.text[start - 1 : start] == "("):
        return False
    return one.poll_of_date is not None or not any(other.poll_of_date for other in others)


def _judge_date(one: _Number) -> Judgement:
    start, end, poll = _date_start(one), one.number.end, one.poll_of_date
    fact = one.parsed.facts(poll or one.polls[0])[STARTED_KEY]
    if poll:
        return Judgement(start, end, Verdict.TRUE, STARTED_KEY, evidence=fact)
    return Judgement(start, end, Verdict.FALSE, STARTED_KEY, FigureFault.FIGURE, fact, fact)


def _date_start(one: _Number) -> int:
    named = one.month_named
    return named.start() if named else one.number.start
