"""Numbers that say how many answered the survey, for how long, and since when."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from advocacy.findings import Poll
from advocacy.language import Language, format_month
from advocacy.letters.figures.claim import FigureFault, Judgement, Verdict
from advocacy.letters.figures.share_scope import near_survey
from advocacy.letters.figures.survey_text import Reading
from advocacy.letters.figures.survey_words import (
    ACTING,
    ANSWERING,
    ANYONE,
    ASKING,
    ME,
    NEARBY,
    OPENING,
    OTHERS,
    OWN,
    PLACES,
    RESPONDENTS,
    SURVEY,
)
from advocacy.numerals import Approach, Measure, Numeral, plain

RESPONDENTS_KEY, DURATION_KEY, STARTED_KEY = "respondents", "duration", "started"
_FEWEST, _MANY = 10, 1000
_ENOUGH = {Approach.MORE, Approach.AT_LEAST}
_UNITS = {Measure.MONTHS: 1, Measure.YEARS: 12}
_UNIT = re.compile(r"[ -](?:full |long )?(?:months?|mois|years?|ans?|annees?)\b")
_SHORT_UNIT = re.compile(r"[ -](?:full |long |short )?(?:days?|weeks?|hours?|jours?|semaines?|heures?)\b")
_SURVEY_ITSELF = re.compile(r"\b(?:survey|sondage)\b")
_OPEN_FOR = re.compile(r"\b(?:rest\w+ en ligne|en ligne|ouvert|online|open|live|dure)\b")
_CHOSEN = re.compile(
    r"\b(?:experts?|specialists?|doctors?|teachers|victims|survivors|police|lawyers|scientists|professionals|specialistes|medecins|victimes|survivant\w*|policiers|avocats|professionnels)\b"
)
_LASTING = re.compile(
    r"\b(?:over|during|for|in|within|across|throughout|of|lasted|ran|took|taken|only|just|pendant|durant|sur|en|de|duree|dure)"
    r"(?: (?:a|an|the|une|la|les|cette|its|full|whole))*(?: (?:perio\w+|span|course)(?: of| de| d')?)? ?$"
)
_PERIOD = re.compile(r"[ -]\w+[ -](?:period|span)\b")
_AGO = re.compile(r"[ -]\w+ (?:ago|old|later|after|before|plus tard|apres|avant)\b")
_OURS = re.compile(r"\b(?:my|mon|ma|mes|we|our|notre|nos)\b")
_MONTHS = {
    plain(format_month(2019, month, language)).split(" ")[0]: month for language in Language for month in range(1, 13)
}
_MONTH_BEFORE = re.compile(rf"\b(?:{'|'.join(_MONTHS)})(?: \d{{1,2}})?,? (?:of |de )?$")
_OF = re.compile(r"(?:^|[ \n\"(])(?:of|among|sur|parmi|chez|out of|with) (?:the |les )?$")
_CLAUSE_END = re.compile(r"[.,;:]")
_WORDS_ON, _BEFORE, _CLOSE, _FARTHEST = 4, 40, 16, 150


@dataclass(frozen=True, slots=True)
class _Said:
    """One number that is no share, in its sentence."""

    reading: Reading
    place: int
    number: Numeral

    @property
    def text(self) -> str:
        return self.reading.plain

    def finds(self, words: re.Pattern[str]) -> bool:
        """Return whether the sentence has any of the words."""
        return self.reading.finds(words, self.place)

    def follows(self, words: re.Pattern[str]) -> re.Match[str] | None:
        """Find the words just after the number, before any stop."""
        start = self.number.outer[1]
        stop = _CLAUSE_END.search(self.text, start, start + _FARTHEST)
        after = self.text[start : stop.start() if stop else start + _FARTHEST].split(" ")[: _WORDS_ON + 1]
        return words.search(self.text, start, start + len(" ".join(after)))

    @property
    def is_mine(self) -> bool:
        """Return whether the number stands in a clause of the writer's own."""
        begin = self.reading.sentences[self.place].start
        start = max(begin, *(self.text.rfind(stop, begin, self.number.start) for stop in ",;:"))
        return any(words.search(self.text, start, self.number.start) for words in (ME, _OURS))


def judge_fact(reading: Reading, place: int, number: Numeral) -> Judgement:
    """Judge one number that is no share."""
    said = _Said(reading, place, number)
    judge = next((judge for claims, judge in _KINDS if claims(said)), None) if reading.survey.polls else None
    return judge(said) if judge else Judgement(*number.outer, Verdict.NOT_FROM_SURVEY)


def judge_as(reading: Reading, place: int, number: Numeral, *, key: str) -> Judgement:
    """Return the judgement of a number that is known to be said of the fact `key`."""
    return _BY_KEY[key](_Said(reading, place, number))


def _fact(said: _Said, poll: Poll, key: str) -> str:
    return said.reading.facts(poll)[key]


# --- how many


def _counts_respondents(said: _Said) -> bool:
    number = said.number
    if number.measure is not Measure.PLAIN or number.low < _FEWEST or _is_year(number):
        return False
    near = near_survey(said.reading, said.place)
    answering = said.finds(ANSWERING) or _is_base(said) or (near and said.finds(ASKING))
    bases = {poll.base for poll in said.reading.survey.polls}
    # Without the survey near, a count is of those who answered only where they do so at once: "24,000 people answered".
    stated = near or (number.low >= _MANY and (_is_base(said) or said.follows(ANSWERING) or number.low in bases))
    if said.follows(OWN) or said.finds(NEARBY) or not answering or not stated:
        return False
    if number.low not in bases and _acts(said):
        return False
    likely = any(base / 2 <= number.high <= base * 2 for base in bases)
    return likely or any(said.follows(words) for words in (ANYONE, RESPONDENTS, PLACES, OTHERS))


def _acts(said: _Said) -> bool:
    """Whether those counted did something other than answering: "23,700 people signed the petition"."""
    acting, answering = said.follows(ACTING), said.follows(ANSWERING)
    return acting is not None and (answering is None or acting.start() < answering.start())


def _is_base(said: _Said) -> bool:
    """Whether a share in the sentence is one of this number of people: "Of more than 23,700 people, 95% …"."""
    numbers = said.reading.numbers[said.place]
    shares = any(one.measure is Measure.SHARE and not one.vague for one in numbers)
    start = said.number.outer[0]
    return shares and _OF.search(said.text, max(0, start - _CLOSE), start) is not None


def _judge_respondents(said: _Said) -> Judgement:
    number, polls = said.number, said.reading.survey.polls
    poll = next((one for one in polls if number.low == number.high == one.base), None)
    spoken = _fact(said, poll or polls[0], RESPONDENTS_KEY)
    start, end = number.outer
    if poll is None:
        return _false_count(said, spoken, FigureFault.FIGURE)
    if not (number.approach is Approach.EXACT if poll.respondents else number.approach in _ENOUGH):
        return _false_count(said, spoken, FigureFault.HEDGE)
    if _acts(said):
        return Judgement(start, end, Verdict.FALSE, RESPONDENTS_KEY, FigureFault.SUBJECT, spoken)
    people = said.follows(PLACES) or said.follows(OTHERS) or said.follows(_CHOSEN)
    if people and people.start() - end < _CLOSE:
        return Judgement(start, people.end(), Verdict.FALSE, RESPONDENTS_KEY, FigureFault.PEOPLE, spoken, spoken)
    return Judgement(start, end, Verdict.TRUE, RESPONDENTS_KEY, evidence=spoken)


def _false_count(said: _Said, spoken: str, fault: FigureFault) -> Judgement:
    """Call a count false; the mend ends with the number, as the words that follow it stay."""
    end = max(place for place, char in enumerate(spoken) if char.isdecimal()) + 1
    return Judgement(*said.number.outer, Verdict.FALSE, RESPONDENTS_KEY, fault, spoken, spoken[:end])


# --- how long


def _says_how_long(said: _Said) -> bool:
    number, start = said.number, said.number.outer[0]
    short = number.measure is Measure.PLAIN and _SHORT_UNIT.match(said.text, number.end) is not None
    if not any(poll.months for poll in said.reading.survey.polls):
        return False
    if not (short or number.measure in _UNITS) or _AGO.match(said.text, number.end) or said.is_mine:
        return False
    named = said.finds(SURVEY)
    if short and not said.finds(_SURVEY_ITSELF):
        return False  # "Platforms should answer within 24 hours" beside the survey is not of it
    if not (named or (near_survey(said.reading, said.place) and said.finds(ANSWERING))):
        return False
    cacheable = _LASTING.search(said.text, max(0, start - _BEFORE), start) or _PERIOD.match(said.text, number.end)
    kept_open = short and said.finds(_OPEN_FOR)
    return (
        bool(cacheable) or kept_open or number.approach is Approach.MORE or (named and number.measure is Measure.MONTHS)
    )


def _judge_duration(said: _Said) -> Judgement:
    number, polls = said.number, [poll for poll in said.reading.survey.polls if poll.months]
    unit = _UNIT.match(said.text, number.end) or _SHORT_UNIT.match(said.text, number.end)
    end = max(number.outer[1], unit.end() if unit else number.end)
    # "Over 18 months" is not more than 18.
    over = said.text.startswith("over ", number.outer[0])
    months = number.low * _UNITS.get(number.measure, 0) if number.low == number.high else None
    same = next((poll for poll in polls if poll.months == months), None)
    spoken = _fact(said, same or polls[0], DURATION_KEY)
    if same and (over or number.approach is Approach.EXACT):
        return Judgement(number.start, end, Verdict.TRUE, DURATION_KEY, evidence=spoken)
    start = number.start if over else number.outer[0]
    fault = FigureFault.HEDGE if same else FigureFault.FIGURE
    return Judgement(start, end, Verdict.FALSE, DURATION_KEY, fault, spoken, spoken)


# --- since when


def _is_year(number: Numeral) -> bool:
    return 1950 <= number.low <= 2100 and number.approach is Approach.EXACT and number.measure is Measure.PLAIN


def _says_when(said: _Said) -> bool:
    if not _is_year(said.number) or said.is_mine:
        return False
    start = _date_start(said)
    # "It opened in November 2019": the survey is named in the sentence before.
    bases = {poll.base for poll in said.reading.survey.polls}
    counted = any(one.low in bases for one in said.reading.numbers[said.place])
    goes_on = near_survey(said.reading, said.place) and said.finds(ANSWERING) and (counted or _month(said) is not None)
    if not (said.finds(SURVEY) or goes_on):
        return False
    if not (said.finds(OPENING) or said.text[start - 1 : start] == "("):
        return False
    others = [_Said(said.reading, said.place, other) for other in said.reading.numbers[said.place]]
    return _poll_of_date(said) is not None or not any(_poll_of_date(other) for other in others)


def _judge_date(said: _Said) -> Judgement:
    start, end, right = _date_start(said), said.number.end, _poll_of_date(said)
    spoken = _fact(said, right or said.reading.survey.polls[0], STARTED_KEY)
    if right:
        return Judgement(start, end, Verdict.TRUE, STARTED_KEY, evidence=spoken)
    return Judgement(start, end, Verdict.FALSE, STARTED_KEY, FigureFault.FIGURE, spoken, spoken)


def _poll_of_date(said: _Said) -> Poll | None:
    """Return the survey that began at the date, or in the year where no month is named."""
    named = _month(said)
    for poll in said.reading.survey.polls:
        year, month = (int(part) for part in poll.started.split("-"))
        right = named is None or _MONTHS[named[0].split(" ")[0]] == month
        if right and said.number.low == said.number.high == year:
            return poll
    return None


def _month(said: _Said) -> re.Match[str] | None:
    start = said.number.outer[0]
    return _MONTH_BEFORE.search(said.text, max(0, start - _BEFORE), start)


def _date_start(said: _Said) -> int:
    named = _month(said)
    return named.start() if named else said.number.start


_KINDS: tuple[tuple[Callable[[_Said], bool], Callable[[_Said], Judgement]], ...] = (
    (_says_when, _judge_date),
    (_says_how_long, _judge_duration),
    (_counts_respondents, _judge_respondents),
)
_BY_KEY = {STARTED_KEY: _judge_date, DURATION_KEY: _judge_duration, RESPONDENTS_KEY: _judge_respondents}
