"""Numbers that say how many answered the survey, for how long, and since when."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from advocacy.language import Language, speak_month
from advocacy.letters.figure_words import ANSWERING, ANYONE, NEARBY, OPENING, OTHERS, OWN, PLACES, RESPONDENTS, SURVEY
from advocacy.letters.reading import Reading
from advocacy.letters.verdicts import Fault, Judgement, Verdict
from advocacy.numerals import Approach, Measure, Numeral
from advocacy.plain_text import plain

_MANY = 1000
_ENOUGH = {Approach.MORE, Approach.AT_LEAST}
_LASTING = re.compile(
    r"\b(?:over|during|for|in|within|across|throughout|of|lasted|ran|pendant|durant|sur|en|de|duree|dure)"
    r"(?: (?:a|an|the|une|la|les|cette|its|full|whole))*(?: (?:period|periode|span|course)(?: of| de| d')?)? ?$"
)
_AGO = re.compile(r"[ -]\w+ (?:ago|old|later|after|before|plus tard|apres|avant)\b")
_AFTER_UNIT = re.compile(r"[ -](?:full |long )?\w+")
_FIRST_PERSON = re.compile(r"\b(?:i|je|my|mon|ma|mes|we|our|notre|nos)\b|\bj'")
_MONTHS = {
    plain(speak_month(2019, month, language)).split(" ")[0]: month for language in Language for month in range(1, 13)
}
_MONTH_BEFORE = re.compile(rf"\b(?:{'|'.join(_MONTHS)})(?: \d{{1,2}})?,? (?:of |de )?$")
_COUNTED = 4


@dataclass(frozen=True, slots=True)
class _Said:
    """One number in its sentence."""

    reading: Reading
    place: int
    number: Numeral

    def finds(self, words: re.Pattern[str]) -> bool:
        return self.reading.finds(words, self.place)

    @property
    def near_survey(self) -> bool:
        return self.place in self.reading.of_survey or self.reading.near_survey(self.place)


def judge_fact(reading: Reading, place: int, number: Numeral) -> Judgement:
    """Judge one number that is no share."""
    said = _Said(reading, place, number)
    for claims, judge in _KINDS:
        if claims(said):
            return judge(said)
    return Judgement(*number.outer, Verdict.NOT_SURVEYS)


# --- how many


def _counts_respondents(said: _Said) -> bool:
    number, survey = said.number, said.reading.survey
    if number.measure is not Measure.PLAIN or number.low < 10 or _is_year(number):
        return False
    if _follows(said, OWN) or said.finds(NEARBY) or not said.finds(ANSWERING):
        return False
    if not (said.near_survey or number.low >= _MANY):
        return False
    base = survey.respondents_at_least
    likely = base / 2 <= number.high <= base * 2
    return likely or any(_follows(said, words) for words in (ANYONE, RESPONDENTS, PLACES, OTHERS))


def _follows(said: _Said, words: re.Pattern[str]) -> re.Match[str] | None:
    text, start = said.reading.plain, said.number.outer[1]
    stop = re.compile(r"[.,;:]").search(text, start)
    after = text[start : stop.start() if stop else len(text)].split(" ")[: _COUNTED + 1]
    return words.search(text, start, start + len(" ".join(after)))


def _judge_respondents(said: _Said) -> Judgement:
    number, reading = said.number, said.reading
    spoken = reading.survey.facts(reading.language)["respondents"]
    start, end = number.outer
    if not number.low == number.high == reading.survey.respondents_at_least:
        return _false(said, "respondents", Fault.FIGURE, spoken)
    if number.approach not in _ENOUGH:
        return _false(said, "respondents", Fault.HEDGE, spoken)
    people = _follows(said, PLACES) or _follows(said, OTHERS)
    if people and people.start() - end < _COUNTED * 4:
        return Judgement(start, people.end(), Verdict.FALSE, "respondents", Fault.PEOPLE, spoken, spoken)
    return Judgement(start, end, Verdict.TRUE, "respondents", right=spoken)


# --- how long


def _says_how_long(said: _Said) -> bool:
    number, text = said.number, said.reading.plain
    if number.measure not in {Measure.MONTHS, Measure.YEARS} or _AGO.match(text, number.end):
        return False
    lasting = _LASTING.search(text, 0, number.outer[0]) or number.approach is Approach.MORE
    period = re.compile(r"[ -]\w+[ -](?:period|span)\b").match(text, number.end)
    alone = said.finds(SURVEY) or (said.near_survey and said.finds(ANSWERING))
    return bool(lasting or period) and alone and not _is_mine(said)


def _judge_duration(said: _Said) -> Judgement:
    number, reading = said.number, said.reading
    months = number.low * (12 if number.measure is Measure.YEARS else 1)
    spoken = reading.survey.facts(reading.language)["duration"]
    unit = _AFTER_UNIT.match(reading.plain, number.end)
    end = max(number.outer[1], unit.end() if unit and not reading.plain[number.end - 1 : number.end].isspace() else 0)
    over = reading.plain.startswith("over ", number.outer[0])
    if number.low == number.high and months == reading.survey.months and (over or number.approach is Approach.EXACT):
        return Judgement(number.start, end, Verdict.TRUE, "duration", right=spoken)
    fault = Fault.FIGURE if months != reading.survey.months else Fault.HEDGE
    start = number.start if over else number.outer[0]
    return Judgement(start, end, Verdict.FALSE, "duration", fault, spoken, spoken)


def _is_mine(said: _Said) -> bool:
    """Tell whether the number stands in a clause of the writer's own."""
    text, sentence = said.reading.plain, said.reading.sentences[said.place]
    start = max(text.rfind(stop, sentence.start, said.number.start) for stop in (",", ";", ":"))
    return _FIRST_PERSON.search(text, max(sentence.start, start), said.number.start) is not None


# --- since when


def _is_year(number: Numeral) -> bool:
    return 1950 <= number.low <= 2100 and number.approach is Approach.EXACT


def _says_when(said: _Said) -> bool:
    if said.number.measure is not Measure.PLAIN or not _is_year(said.number):
        return False
    if not (said.finds(OPENING) and said.finds(SURVEY)) or _is_mine(said):
        return False
    others = said.reading.numbers[said.place]
    return _is_right_date(said) or not any(_is_right_date(_Said(said.reading, said.place, other)) for other in others)


def _month(said: _Said) -> re.Match[str] | None:
    start = said.number.outer[0]
    return _MONTH_BEFORE.search(said.reading.plain, max(0, start - 20), start)


def _is_right_date(said: _Said) -> bool:
    year, month = (int(part) for part in said.reading.survey.started.split("-"))
    named = _month(said)
    return said.number.low == said.number.high == year and (named is None or _MONTHS[named[0].split(" ")[0]] == month)


def _judge_date(said: _Said) -> Judgement:
    reading, named = said.reading, _month(said)
    start = named.start() if named else said.number.start
    spoken = reading.survey.facts(reading.language)["started"]
    if _is_right_date(said):
        return Judgement(start, said.number.end, Verdict.TRUE, "started", right=spoken)
    return Judgement(start, said.number.end, Verdict.FALSE, "started", Fault.FIGURE, spoken, spoken)


def _false(said: _Said, key: str, fault: Fault, spoken: str) -> Judgement:
    """Call a count false; the mend ends with the number, as the words that follow stay."""
    number = said.reading.survey.respondents_at_least
    digits = f"{number}"
    end = max(place for place, char in enumerate(spoken) if char == digits[-1]) + 1
    return Judgement(*said.number.outer, Verdict.FALSE, key, fault, spoken, spoken[:end])


_KINDS: tuple[tuple[Callable[[_Said], bool], Callable[[_Said], Judgement]], ...] = (
    (_says_when, _judge_date),
    (_says_how_long, _judge_duration),
    (_counts_respondents, _judge_respondents),
)
