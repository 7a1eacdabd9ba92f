"""Every number in a text, in digits or in words of any language, and those of a survey that were typed by hand."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from operator import attrgetter
from typing import NamedTuple

from advocacy.numerals.number_words import ARTICLES, Approach, hedge, number_words, numbers_in_words, vague_shares
from advocacy.numerals.plain_text import PlainText, plain_text


class Measure(Enum):
    """What a number counts. Shares are in points of 100, however they were written ("nine in ten" is 90)."""

    PLAIN = "plain"
    SHARE = "share"
    MONEY = "money"
    MONTHS = "months"
    YEARS = "years"


class Numeral(NamedTuple):
    """One number, or one range. Places count in the plain text; `outer` holds its hedges too."""

    start: int
    end: int
    low: Fraction
    high: Fraction
    measure: Measure = Measure.PLAIN
    approach: Approach = Approach.EXACT
    outer: tuple[int, int] = (0, 0)
    in_words: bool = False
    vague: bool = False

    @property
    def value(self) -> Fraction:
        """The number itself; of a range, its lower end."""
        return self.low


def numerals(text: PlainText) -> list[Numeral]:
    """Find the numbers of a text, in order. Telephone numbers, codes, times and ordinals are none."""
    plain = text.plain
    found = _read(plain)
    found = _pairwise(plain, found, _repeated)
    found = _percentages(plain, found)
    found = _fractions(plain, found)
    found = _pairwise(plain, found, _ratio)
    found = _pairwise(plain, found, _range)
    found = _shared_measures(plain, found)
    found = [number._replace(measure=Measure.SHARE) if _is_bare(plain, number) else number for number in found]
    found = [one for one in found if one.measure is not Measure.PLAIN or plain[one.start : one.end] not in ARTICLES]
    exact = _pairwise(plain, [_hedged(plain, _measured(plain, number)) for number in found], _restated)
    return sorted([*exact, *_vague(plain, found)], key=_START)


_START = attrgetter("start")


def _vague(plain: str, found: Sequence[Numeral]) -> Iterator[Numeral]:
    """Return the shares that are said without a number, where no number was found."""
    taken = bytearray(len(plain))
    for number in found:
        taken[number.start : number.end] = bytes([1]) * (number.end - number.start)
    for start, end, least, most in vague_shares(plain):
        if taken.find(1, start, end) < 0:
            yield Numeral(start, end, least, most, Measure.SHARE, outer=(start, end), in_words=True, vague=True)


@cache
def _with_words(pattern: str) -> re.Pattern[str]:
    """Compile a pattern in which `%(name)s` stands for the words that are listed under a name beside numbers."""
    return re.compile(pattern % number_words().beside)


# --- reading

_JOINED = re.compile(r"\d[ )]?[-./:h ] ?\d")
"""Every one of these has two digits so joined."""
_MASKS = re.compile(
    r"(?=[\d+(])(?:"
    r"(?:\+?1[ .-]?)?\(?\b\d{3}\)?[ .-]\d{3}[ .-]\d{4}\b"  # telephone
    r"|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b"  # day
    r"|\b\d{1,2}(?::| ?h ?)\d{2}\b"  # time
    r"|\b\d+-\d+-\d+(?:-\d+)*\b"  # 9-1-1
    r")"
)
_YEAR_AND_A_HALF = re.compile(r"\b(?:a|one|un) (?:year and a half|an et demi)\b|\bone and a half years\b")
_DIGITS = re.compile(
    r"(?=\d)(?<![a-z0-9])(?<![a-z]-)(?<!\d[.,:])"
    r"(?P<whole>[1-9]\d{0,2}(?:[ ,.']\d{3}){1,4}(?!\d)|\d{1,15}(?!\d))(?P<part>[.,]\d{1,9}(?!\d))?"
    r"(?: ?(?P<k>k)\b| (?P<times>thousand|mille|milliers|millions?)\b)?"
    r"(?![a-z0-9])"
)


def _read(plain: str) -> list[Numeral]:
    found = [_from_digits(digits) for digits in _DIGITS.finditer(plain)]
    masks = [mask.span() for mask in _MASKS.finditer(plain)] if _JOINED.search(plain) else []
    halves = [
        Numeral(half.start(), half.end(), Fraction(18), Fraction(18), Measure.MONTHS, in_words=True)
        for half in _YEAR_AND_A_HALF.finditer(plain)
    ]
    taken = [*masks, *((number.start, number.end) for number in (*found, *halves))]
    words = [
        Numeral(word.start, word.end, Fraction(word.value), Fraction(word.value), in_words=True)
        for word in numbers_in_words(plain)
        if not _inside(word.start, taken)
    ]
    found = [number for number in found if not _inside(number.start, masks)]
    return sorted([*found, *words, *halves], key=_START)


def _inside(place: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


def _from_digits(digits: re.Match[str]) -> Numeral:
    value = Fraction(int("".join(filter(str.isdecimal, digits["whole"]))))
    if part := digits["part"]:
        value += Fraction(int(part[1:]), 10 ** len(part[1:]))
    if times := digits["k"] or digits["times"]:
        value *= number_words().multipliers[times]
    return Numeral(digits.start(), digits.end(), value, value)


# --- joining

_PERCENT = re.compile(
    r"[ -]?(?:%|per[ -]?cents?\b|pct\b|pour[ -]?cents?\b|p\. ?c\.|p\. ?(?:100\b|cent\b)|(?:pour|per)[ -]100\b"
    r"|percentage points?\b|points? de pourcentage\b|pour mille\b|points?(?=,? (?:up|down|more|higher|lower) )\b)"
)
_DENOMINATORS = {
    2: "half|halves|moities?", 3: "thirds?|tiers", 4: "quarters?|fourths?|quarts?", 5: "fifths?|cinquiemes?",
    6: "sixths?|sixiemes?", 7: "sevenths?|septiemes?", 8: "eighths?|huitiemes?", 9: "ninths?|neuviemes?",
    10: "tenths?|dixiemes?", 20: "twentieths?|vingtiemes?", 100: "hundredths?|centiemes?",
}  # fmt: skip
_LEAD = re.compile(r"\b(?:a|an|one|un|une|le|la|the)[ -]$")
_FRACTION = re.compile(
    r"\b(?=[hmtqfcsnde])(?P<part>"
    + "|".join(f"(?P<d{size}>{words})" for size, words in _DENOMINATORS.items())
    + r")\b(?! d'heure|-heure)(?P<of> of\b| the\b| des\b| de\b| d')?"
)
_HALF = re.compile(
    r"(?<!and a )half\b(?!-)(?! (?:an?|hours?|days?|past|way|hearted|the (?:time|battle|day))\b)|(?<=la )moitie\b"
)
_OUT_OF = re.compile(
    r"(?:/| ?(?P<nouns>(?:(?!h |hours?|heures?|days?|jours?)[a-z']+[ -]){0,4}?)"
    r"(?:out of|in|of|for|sur|parmi|on|per)"
    r"(?: (?:every|each|the|a|these|those|her|his|my|our|their|chaque|les|ses|mes|nos|leurs))? )"
)
_NOT_A_WHOLE = re.compile(r"[ -](?:months?|mois|years?|ans?|annees?|days?|jours?|hours?|heures?|weeks?|semaines?)\b")
_THINGS = re.compile(
    r" (?!(?:des|les|ces|ses|nous|vous)\b)"
    r"(?!(?:thinks|feels|wants|says|believes|was|has|is|supports|pas|plus|dans|sans|sous)\b)[a-z]+s\b"
)
_OF_THESE = re.compile(r" of (?:the|these|those) ")
_PEOPLE = r" (?:%(crowd)s)"
_IN_BRACKETS = re.compile(r" ?\((?P<inside>[^()]*)\)")
_BARE = r" (?:%(bare)s)"
_NOT_A_SHARE = re.compile(r"\b(?:all|the|these|those|my|our|his|her|les|ces|mes|nos|ses|leurs|tous|toutes)(?: les)? $")
_OF_RESPONDENTS = r"(?: of(?: the)?| des| de) (?:%(respondents)s)"
_MIN_BARE, _MIN_OF_RESPONDENTS = 10, 20
_BETWEEN = re.compile(r"(?:between|from|entre|de)(?: les?)? $")
_TO = re.compile(r" ?- ?| (?:to|a|through|jusqu'a) ")
_MAX_LINK = 12
_AND = re.compile(r" (?:and|et) (?:les? )?")
_WITH = re.compile(r",? (?:and|et|or|ou) |, ")


def _repeated(plain: str, number: Numeral, again: Numeral) -> Numeral | None:
    """Read "95 (ninety-five)" as one number."""
    brackets = _IN_BRACKETS.match(plain, number.end)
    if brackets is None or number.value != again.value or brackets.span("inside") != (again.start, again.end):
        return None
    return number._replace(end=brackets.end())


def _restated(plain: str, rough: Numeral, exact: Numeral) -> Numeral | None:
    """Read "nearly nine in ten respondents (89%)" as the exact share that it gives, where the two agree."""
    shares = rough.measure is exact.measure is Measure.SHARE and exact.approach is Approach.EXACT
    link = _GIVEN.fullmatch(plain, rough.outer[1], exact.start) if shares else None
    closed = _CLOSED.match(plain, exact.end)
    if link is None or closed is None or ("(" in link[0]) != (closed[0] == ")"):
        return None
    over = exact.value - rough.value
    least, most = _ROUNDED[rough.approach]
    if not (rough.low == rough.high and exact.low == exact.high and least <= over <= most):
        return None
    end = closed.end() if closed[0] == ")" else exact.end
    return exact._replace(start=rough.outer[0], end=end, outer=(rough.outer[0], end))


def _percentages(plain: str, found: list[Numeral]) -> list[Numeral]:
    """Read "95 %" and "95 per cent" as shares."""
    signed = []
    for number in found:
        sign = _PERCENT.match(plain, number.end)
        signed.append(number._replace(end=sign.end(), measure=Measure.SHARE) if sign else number)
    ends = [0, *(number.end for number in signed)]
    # The 100 of "95 p. 100" is the sign of the number before.
    return [number for number, end in zip(signed, ends, strict=False) if number.start >= end]


def _fractions(plain: str, found: list[Numeral]) -> list[Numeral]:
    """Read "three quarters" and "a third of"; "un tiers" or "the third" alone are no fractions."""
    ends = {number.end: number for number in found if number.measure is Measure.PLAIN}
    fractions = []
    for fraction in _FRACTION.finditer(plain):
        size = next(size for size in _DENOMINATORS if fraction[f"d{size}"])
        over = ends.get(fraction.start("part") - 1)
        start = fraction.start("part")
        lead = _LEAD.search(plain, max(0, start - 5), start)
        whole = (fraction["of"] and lead) or (size == 2 and _HALF.match(plain, fraction.start("part")))
        if over is not None and over.value < size and (over.value > 1 or fraction["of"]):
            fractions.append(_portion(over.start, fraction.end("part"), over.value / size))
        elif over is None and whole:
            fractions.append(_portion(lead.start() if lead else start, fraction.end("part"), Fraction(1, size)))
    if not fractions:
        return found
    spans = [(number.start, number.end) for number in fractions]
    return sorted([*(n for n in found if not _inside(n.start, spans)), *fractions], key=_START)


def _portion(start: int, end: int, of_one: Fraction) -> Numeral:
    return Numeral(start, end, of_one * 100, of_one * 100, Measure.SHARE, in_words=True)


_GIVEN = re.compile(
    r"(?: (?:of|des|de|all|the|les|respondents?|repondante?s?|people|personnes|gens|those|who|answered|surveyed"
    r"|participants|ayant|qui|ont|repondu|sondees))*"
    r"(?:,? ?\(|,? (?:soit|or|ou|that is|to be exact) |, (?:soit |or |that is,? |to be exact,? )?)(?:soit |or )?"
)
_CLOSED = re.compile(r"\)|[,.:;]|$|(?= (?:of|des|want|wish|would|veul|voul))")
# By how much an exact share may be above the rough one.
_ROUNDED = {
    Approach.EXACT: (0, 0), Approach.ABOUT: (-3, 3), Approach.LESS: (-3, -1), Approach.MORE: (1, 6),
    Approach.AT_LEAST: (0, 6),
}  # fmt: skip
Join = Callable[[str, Numeral, Numeral], Numeral | None]


def _pairwise(plain: str, found: list[Numeral], join: Join) -> list[Numeral]:
    """Replace two neighbours by what `join` makes of them, from left to right."""
    result: list[Numeral] = []
    for number in found:
        joined = join(plain, result[-1], number) if result else None
        if joined is not None:
            result[-1] = joined
        else:
            result.append(number)
    return result


def _ratio(plain: str, part: Numeral, whole: Numeral) -> Numeral | None:
    """Read "nine in ten", "3 personnes sur 4", "95 out of 100"."""
    plausible = part.measure is whole.measure is Measure.PLAIN and 2 <= whole.value <= 1000
    if not plausible or part.value > whole.value or _NOT_A_WHOLE.match(plain, whole.end):
        return None
    link = _OUT_OF.fullmatch(plain, part.end, whole.start)
    if link is None or (link["nouns"] and _THINGS.match(plain, whole.end)):
        return None
    # "One of the ten provinces" counts provinces.
    if _OF_THESE.fullmatch(link[0]) and whole.value != 100 and not _with_words(_PEOPLE).match(plain, whole.end):
        return None
    share = part.value * 100 / whole.value
    words = part.in_words and whole.in_words
    return Numeral(part.start, whole.end, share, share, Measure.SHARE, in_words=words)


def _range(plain: str, low: Numeral, high: Numeral) -> Numeral | None:
    """Read "85 to 95 %" and "entre 85 et 95 %"."""
    near = high.start - low.end <= _MAX_LINK and low.measure in {high.measure, Measure.PLAIN}
    if not near or low.value >= high.value:
        return None
    between = _BETWEEN.search(plain, max(0, low.start - 12), low.start) is not None
    link = _TO.fullmatch(plain, low.end, high.start) or (between and _AND.fullmatch(plain, low.end, high.start))
    if not link:
        return None
    return low._replace(end=high.end, high=high.high, measure=high.measure)


def _shared_measures(plain: str, found: list[Numeral]) -> list[Numeral]:
    """Read "95 and 89 per cent" as two shares: the sign is written once, after the last."""
    result = list(found)
    for place in range(len(result) - 2, -1, -1):
        number, following = result[place], result[place + 1]
        measures = (number.measure, following.measure)
        shared = measures == (Measure.PLAIN, Measure.SHARE) and number.value <= 100
        if shared and _WITH.fullmatch(plain, number.end, following.start):
            result[place] = number._replace(measure=Measure.SHARE)
    return result


def _is_bare(plain: str, number: Numeral) -> bool:
    """Whether a number is a share without a sign, as in "95 des répondants" and "eighty-five felt"."""
    if number.measure is not Measure.PLAIN or number.low != number.high or number.value > 100:
        return False
    if number.value >= _MIN_OF_RESPONDENTS and _with_words(_OF_RESPONDENTS).match(plain, number.end):
        return True
    apart = _NOT_A_SHARE.search(plain, max(0, number.start - 12), number.start)
    return number.value >= _MIN_BARE and apart is None and _with_words(_BARE).match(plain, number.end) is not None


# --- measures and hedges

_MEASURES = (
    (Measure.MONEY, re.compile(r" ?(?:m|k)? ?[$€]| ?(?:dollars?|euros?|cents)\b")),
    (Measure.MONTHS, re.compile(r"[ -](?:full |long )?(?:months?|mois)\b")),
    (Measure.YEARS, re.compile(r"[ -](?:years?|ans?|annees?)\b")),
)


def _measured(plain: str, number: Numeral) -> Numeral:
    if number.measure is not Measure.PLAIN:
        return number
    if plain[number.start - 1 : number.start] == "$":
        return number._replace(measure=Measure.MONEY)
    for measure, unit in _MEASURES:
        if unit.match(plain, number.end):
            return number._replace(measure=measure)
    return number


def _hedged(plain: str, number: Numeral) -> Numeral:
    start = number.start
    is_range = number.low != number.high
    if is_range and (between := _BETWEEN.search(plain, max(0, start - 12), start)):
        start = between.start()
    approach, start, end = hedge(plain, start, number.end)
    return number._replace(approach=approach, outer=(start, end))


_THOUSAND = 1_000
_YEARS = range(1900, 2101)
_PEOPLE_AFTER = r"(?:[ -](?![^ ]*[.,;:])[^ .,;:]+){0,3}[ -](?:%(crowd)s|%(answering)s)"
_PEOPLE_BEFORE = r"\b(?:%(crowd)s|%(answering)s)[^ .,;:]*(?: [^ .,;:]+){0,3} $"
_ALONE = re.compile(r"(?! (?:of|de|d') ?)(?! [^ .,;:]*[sx]\b)")
_MAX_BEFORE = 60


def typed_figures(text: str, numbers: Collection[int | Decimal] = ()) -> list[tuple[int, int, Numeral]]:
    """Find figures typed by hand: every share, every number among `numbers`, and every number of thousands of people.

    Each is given by its place in the text as typed, and the number it is.
    A number under 100 in `numbers` is one only in months ("18 mois"): smaller numbers are ordinary words.
    """
    read = plain_text(text)
    figures = [number for number in numerals(read) if _is_figure(read.plain, number, numbers)]
    return [(*read.span(number.start, number.end), number) for number in figures]


def _is_figure(plain: str, number: Numeral, numbers: Collection[int | Decimal]) -> bool:
    if number.measure is Measure.SHARE:
        return not number.vague
    large = number.low >= 100 or number.measure is Measure.MONTHS
    in_survey = large and (number.low in numbers or number.high in numbers)
    return in_survey or _counts_people(plain, number) or _rounds(plain, number, numbers)


def _counts_people(plain: str, number: Numeral) -> bool:
    """Return whether thousands stand beside people, or beside those who answer: "plus de 23 000 personnes"."""
    year = number.approach is Approach.EXACT and number.low in _YEARS
    if number.measure is not Measure.PLAIN or number.high < _THOUSAND or year:
        return False
    start = number.outer[0]
    before = _with_words(_PEOPLE_BEFORE).search(plain, max(0, start - _MAX_BEFORE), start)
    return bool(before or _with_words(_PEOPLE_AFTER).match(plain, number.end))


def _rounds(plain: str, number: Numeral, numbers: Collection[int | Decimal]) -> bool:
    """Return whether a number that counts nothing said is one of `numbers` made round: "more than 23 thousand"."""
    if number.measure is not Measure.PLAIN or number.low < 10 * _THOUSAND or number.low % _THOUSAND:
        return False
    near = any(abs(number.low - Fraction(one)) < _THOUSAND for one in numbers)
    return near and _ALONE.match(plain, number.end) is not None
