"""The day that a sentence gives for what it states: among its words, right after them, or before its clause."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum

from advocacy.language import Language, format_date, format_month
from advocacy.letters.bills.bill_sentence import LONGEST_CLAUSE
from advocacy.letters.bills.lexicon import asides
from advocacy.letters.bills.statements import Statement
from advocacy.numerals import plain


class Precision(Enum):
    """How a day was named."""

    DAY = "a day of a year"
    DAY_OF_MONTH = "a day"
    MONTH_OF_YEAR = "a month of a year"
    MONTH = "a month"
    YEAR = "a year"
    RELATIVE = "seen from today"


@dataclass(frozen=True, slots=True)
class NamedDay:
    """The first and the last day that the words at `start`–`end` can stand for; in any year for a bare month or day.

    `is_counted` tells that the words are a span of time up to today, or a holiday: no other date can take their place.
    """

    start: int
    end: int
    precision: Precision
    first: date
    last: date
    is_counted: bool = False

    @property
    def has_year(self) -> bool:
        """Whether the words tell the year."""
        return self.precision not in (Precision.MONTH, Precision.DAY_OF_MONTH)

    def may_be(self, day: date) -> bool:
        """Whether the words can stand for `day`."""
        if self.has_year:
            return self.first <= day <= self.last
        same_month = day.month == self.first.month
        return same_month and (self.precision is Precision.MONTH or day.day == self.first.day)

    def as_precise(self, day: date, language: Language) -> str:
        """Return `day` as precisely as these words name theirs."""
        match self.precision:
            case Precision.DAY:
                return format_date(day, language)
            case Precision.MONTH_OF_YEAR:
                return format_month(day.year, day.month, language)
            case Precision.YEAR:
                return str(day.year)
            case Precision.MONTH:
                return format_month(day.year, day.month, language).rpartition(" ")[0]
            case Precision.DAY_OF_MONTH:
                return format_date(day, language).rpartition(" ")[0].rstrip(",")
            case Precision.RELATIVE:
                return {Language.EN: "on {}", Language.FR: "le {}"}[language].format(format_date(day, language))


_MONTHS = {
    plain(format_month(2026, month, language)).split(" ")[0]: month for language in Language for month in range(1, 13)
} | {
    "jan": 1, "janv": 1, "feb": 2, "fev": 2, "fevr": 2, "apr": 4, "avr": 4, "jun": 6, "jul": 7, "juil": 7, "aug": 8,
    "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_ALSO_OTHER_WORDS = {"may", "march", "sept"}
_NUMBERS = {
    word: number
    for words in (
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty",
        "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit "
        "dix-neuf vingt",
    )
    for number, word in enumerate(words.split(), 1)
} | {"a": 1, "an": 1, "une": 1, "a couple of": 2}
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "premier": 1,
}  # fmt: skip
_FEW = {"few", "a few", "several", "some", "quelques", "plusieurs"}
_SEASONS = {
    "spring": (3, 6), "printemps": (3, 6), "summer": (6, 9), "ete": (6, 9), "fall": (9, 12), "autumn": (9, 12),
    "automne": (9, 12), "winter": (12, 3), "hiver": (12, 3),
}  # fmt: skip
"""The months that people count to a season, widely: June is of spring and of summer."""
_NEAR_DAYS = {
    "yesterday": (2, 0), "hier": (2, 0), "avant-hier": (3, 1), "today": (0, 0), "aujourd'hui": (0, 0),
    "last night": (2, 0), "this morning": (0, 0), "ce matin": (0, 0), "the other day": (20, 0), "last week": (14, 1),
    "la semaine derniere": (14, 1), "la semaine passee": (14, 1), "this week": (7, 0), "cette semaine": (7, 0),
    "last month": (62, 0), "le mois dernier": (62, 0), "le mois passe": (62, 0), "this month": (31, 0),
    "ce mois-ci": (31, 0),
}  # fmt: skip
"""How many days ago, at most and at least."""
_YEAR_DAYS = 365
_UNIT_DAYS = {
    "day": 1, "jour": 1, "week": 7, "semaine": 7, "month": 30.5, "mois": 30.5, "year": _YEAR_DAYS, "an": _YEAR_DAYS,
}  # fmt: skip
_HOLIDAYS = {
    "canada day": (7, 1), "la fete du canada": (7, 1), "the saint-jean": (6, 24), "la saint-jean": (6, 24),
    "la saint-jean-baptiste": (6, 24), "saint-jean-baptiste day": (6, 24), "new year's day": (1, 1),
    "le jour de l'an": (1, 1), "valentine's day": (2, 14), "la saint-valentin": (2, 14), "st. patrick's day": (3, 17),
    "halloween": (10, 31), "l'halloween": (10, 31), "remembrance day": (11, 11), "le jour du souvenir": (11, 11),
    "christmas eve": (12, 24), "christmas day": (12, 25), "boxing day": (12, 26),
}  # fmt: skip
_LONG_AGO = date(1800, 1, 1)
_MOST_COUNTED = 1_000
_ANY_YEAR = 2024
"""A leap year, for days that are named without one."""


def _either(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_YEAR, MONTH, _SEASON = r"(?:19|20)\d\d", _either(_MONTHS), _either(_SEASONS)
COUNT = rf"(?:\d+|{_either([*_NUMBERS, *_FEW])})"
UNIT = r"(?:days?|weeks?|months?|years?|jours?|semaines?|mois|ans?|annees?)"
"""Patterns of a month's name, of a number of days, weeks, months or years, and of such a unit, in either language."""
_MORE = r"(?:more than|over|plus d[e']|at least|au moins|il y a (?:plus|au moins) d[e'])"
_ABOUT = r"(?:almost|nearly|about|pres d[e']|presque|environ)"
_LAST_YEAR = "last year|l'an dernier|l'an passe|l'annee derniere|l'annee passee"
_THIS_YEAR = "this year|earlier this year|cette annee|plus tot cette annee"
_FORMS = re.compile(
    r"(?<![\w-])(?:"
    + "|".join(
        [
            r"(?P<iso>\d{4}-\d\d-\d\d)",
            rf"(?P<month1>{MONTH})\.? (?:the )?(?P<day1>\d{{1,2}})(?:st|[nr]d|th)?(?:,? (?:of )?(?P<year1>{_YEAR}))?",
            rf"(?P<day2>\d{{1,2}}|{_either(_ORDINALS)})(?:st|[nr]d|th|er|e)?(?: day)?(?: of)? (?P<month2>{MONTH})"
            rf"(?:,? (?:de |of )?(?P<year2>{_YEAR}))?",
            r"(?:(?P<recent>last|this past|this|cet|ce) )?"
            r"(?:(?:early|mid|late|debut|mi|fin|the (?:beginning|middle|end) of)[ -])?"
            rf"(?P<month3>{MONTH})\b(?:,? (?:of |de |in )?(?:(?P<year3>{_YEAR})|(?P<past>dernier|passe)|"
            rf"(?P<last_year>{_LAST_YEAR})|(?P<this_year>{_THIS_YEAR})))?",
            rf"(?:(?P<which>last|this past|this|early|late|cet|ce|in the|the|au|a l'|l') ?)(?:early |late )?"
            rf"(?P<season>{_SEASON})(?: (?:of |de )?(?:(?P<year4>{_YEAR})|(?P<past_season>derniere?|passee?)|"
            rf"(?P<season_last_year>{_LAST_YEAR})))?",
            rf"(?P<before>{_LAST_YEAR})",
            rf"(?P<now>{_THIS_YEAR})",
            rf"(?:(?P<more>{_MORE}) ?)?(?:il y a |voila )?(?P<count>{COUNT}) (?P<unit>{UNIT})(?P<ago> ago)?",
            rf"(?:for|depuis) (?:(?P<longer>{_MORE}) ?|{_ABOUT} ?)?(?P<count2>{COUNT}) (?:long )?(?P<unit2>{UNIT})",
            rf"(?P<holiday>{_either(map(re.escape, _HOLIDAYS))})(?:,? (?:of |de )?(?P<year6>{_YEAR}))?",
            rf"(?P<near>{_either(_NEAR_DAYS)})",
            rf"(?P<year5>{_YEAR})",
        ]
    )
    + r")(?![\w-])"
)
_BEFORE_MONTH = re.compile(
    r"\b(?:in|since|by|of|past|until|during|late|early|last|every|before|after|en|depuis|back in) ?$"
)
_LONGEST_PREPOSITION = 9


def named_days(text: str, today: date, *, start: int = 0, end: int | None = None) -> Iterator[NamedDay]:
    """Find the days that a plain text names, in order."""
    for found in _FORMS.finditer(text, start, len(text) if end is None else end):
        named = (reader(found, today) for reader in _READERS)
        yield from [day for day in named if day is not None][:1]


def _day(found: re.Match[str], _today: date) -> NamedDay | None:
    words = found.groupdict()
    number = words["day1"] or words["day2"]
    number = str(_ORDINALS.get(number, number)) if number else None
    if words["iso"]:
        year, month, number = words["iso"].split("-")
    elif number:
        year, month = words["year1"] or words["year2"] or "", str(_MONTHS[words["month1"] or words["month2"]])
    else:
        return None
    try:
        day = date(int(year or _ANY_YEAR), int(month), int(number))
    except ValueError:
        return None
    return NamedDay(*found.span(), Precision.DAY if year else Precision.DAY_OF_MONTH, day, day)


def _holiday(found: re.Match[str], _today: date) -> NamedDay | None:
    if found["holiday"] is None:
        return None
    day = date(int(found["year6"] or _ANY_YEAR), *_HOLIDAYS[found["holiday"]])
    precision = Precision.DAY if found["year6"] else Precision.DAY_OF_MONTH
    return NamedDay(*found.span(), precision, day, day, is_counted=True)


def _month(found: re.Match[str], today: date) -> NamedDay | None:
    words = found.groupdict()
    name = words["month3"]
    if name is None:
        return None
    month = _MONTHS[name]
    year, precision = today.year, Precision.RELATIVE
    if words["year3"]:
        year, precision = int(words["year3"]), Precision.MONTH_OF_YEAR
    elif words["past"] or words["recent"] in ("last", "this past"):
        year -= month >= today.month
    elif words["last_year"]:
        year -= 1
    elif not words["this_year"]:
        before = found.string[: found.start("month3")][-_LONGEST_PREPOSITION:]
        if name in _ALSO_OTHER_WORDS and not _BEFORE_MONTH.search(before):
            return None
        year, precision = _ANY_YEAR, Precision.MONTH
    return NamedDay(*found.span(), precision, *_whole_months(year, month, month))


def _season(found: re.Match[str], today: date) -> NamedDay | None:
    words = found.groupdict()
    if words["season"] is None:
        return None
    first, last = _SEASONS[words["season"]]
    year = today.year
    if words["year4"]:
        year = int(words["year4"])
    elif words["season_last_year"]:
        year -= 1
    elif words["past_season"] or words["which"] in ("last", "this past"):
        year -= not first < last < today.month
    return NamedDay(*found.span(), Precision.RELATIVE, *_whole_months(year, first, last))


def _year(found: re.Match[str], today: date) -> NamedDay | None:
    words = found.groupdict()
    if words["year5"]:
        return NamedDay(*found.span(), Precision.YEAR, *_whole_months(int(words["year5"]), 1, 12))
    if words["before"] or words["now"]:
        year = today.year - bool(words["before"])
        return NamedDay(*found.span(), Precision.RELATIVE, *_whole_months(year, 1, 12))
    return None


def _near(found: re.Match[str], today: date) -> NamedDay | None:
    if found["near"] is None:
        return None
    most, least = _NEAR_DAYS[found["near"]]
    return NamedDay(*found.span(), Precision.RELATIVE, today - timedelta(most), today - timedelta(least))


def _counted(found: re.Match[str], today: date) -> NamedDay | None:
    """Read "five months ago", « il y a cinq mois », "for five months": a month more or less counts as the same."""
    words = found.groupdict()
    is_ago = words["ago"] or (words["count"] and re.match(r"(?:.{0,12}\b)?(?:il y a|voila)\b", found[0]))
    if not is_ago and words["count2"] is None:
        return None
    count, unit_name = (words["count"], words["unit"]) if is_ago else (words["count2"], words["unit2"])
    unit = next(days for name, days in _UNIT_DAYS.items() if unit_name.startswith(name))
    number = _NUMBERS.get(count) or min(_MOST_COUNTED, int(count) if count.isdecimal() else 1)
    most, least = number + 1.0, number - 1.0
    if count in _FEW:
        most, least = 11.0, 1.2
    elif unit == _YEAR_DAYS:
        most, least = number + 0.5, number - 0.4
    last = today - timedelta(min(max(0, least * unit), (today - _LONG_AGO).days))
    first = today - timedelta(min(most * unit, (today - _LONG_AGO).days))
    is_more = words["more"] if is_ago else words["longer"]
    return NamedDay(*found.span(), Precision.RELATIVE, _LONG_AGO if is_more else first, last)


_READERS: tuple[Callable[[re.Match[str], date], NamedDay | None], ...] = (
    _day, _holiday, _month, _season, _year, _near, _counted,
)  # fmt: skip


def _whole_months(year: int, first: int, last: int) -> tuple[date, date]:
    after = date(year + (last == 12 or last < first), last % 12 + 1, 1)
    return date(year, first, 1), after - timedelta(1)


_SINCE_WHEN = re.compile(
    rf"(?<!\w)(?P<count>{COUNT}) (?P<unit>{UNIT})"
    r"(?: (?:has|have)(?: now| already)? (?:passed|gone by|elapsed|slipped by)| ont passe| se sont ecoules| now)?"
    r" (?:since|que|qu'|depuis que|ago that|ago,? when)(?: the government| parliament| the minister)? $"
)
"""It has been two years since …, « voilà deux ans que … »."""
_ELSEWHERE = re.compile(
    rf"(?<![\w'])(?:since(?! (?:(?:{MONTH})\b|20\d\d|last|the|this|mid|early|late))|after|before|until|that|which|who|"
    r"qui|que|where|because|while|when|known|existing|and|et|but|mais|about|against|from|than|apres|avant|jusqu'|parce|"
    r"pour|afin|unlike|like|comme|i|je|we|nous)(?![\w'])|[;:]"
)
"""Words after which a day is that of something else."""
_NEXT_CLAUSE = re.compile(r",\s*\w")
_PREPOSITION = re.compile(r"(?:since|in|on|depuis|en|le|au|back in|as of|early|late)? ?(?:the )?$")
_CLEFT = re.compile(
    r"(?<![\w'])(?:it was|it is|c'est|c'etait|ce fut)(?: only| back| seulement)? ?(?:on|in|en|le|au|during)? ?"
    r"(?:the )?$"
)
_WHEN = re.compile(r",? (?:(?:when|quand|lorsque|au moment ou|date a laquelle)(?!\w) ?|lorsqu')")
"""In "last winter, when C-34 was introduced", the day before is that of the clause."""
_FRONTED = re.compile(
    r"(?:^|[,;:(] ?|(?<![\w'])(?:and|that|but|que|et|mais|since|because|puisque) )"
    r"(?:(?:on|in|back in|only in|since|early in|late in|le|en|au|a l'|des|depuis|by|during|at the beginning of|debut|"
    r"fin|just|only|already in|already) ?)*(?:the )?$"
)
_BEFORE = re.compile(
    r" (?:long |well |just |even |some time )?(?:before|prior to|bien avant|avant) (?:the |that |l[ae'] ?)?$"
)
_UNTIL = re.compile(r" (?:until|till|before|avant) (?:the )?$")
_FARTHEST, _LONGEST_DAY = 70, 30


def day_of(statement: Statement, text: str, today: date) -> NamedDay | None:
    """Return the day that is given for a statement of the sentence `text`, None where there is none."""
    since = _SINCE_WHEN.search(text, max(0, statement.start - _FARTHEST), statement.start)
    if since:
        counted = next(named_days(f"{since['count']} {since['unit']} ago", today))
        return replace(counted, start=since.start("count"), end=since.end("unit"), is_counted=True)
    within = next(named_days(text, today, start=statement.group, end=statement.end), None)
    return within or _after(statement, text, today) or _before(statement, text, today)


def day_before_which(statement: Statement, text: str, today: date) -> NamedDay | None:
    """Return the day before which it is stated to have come about: "tabled before the 2025 election"."""
    day = _following(statement, text, today)
    return day if day and _BEFORE.fullmatch(text, statement.end, day.start) else None


def day_until_which_not(statement: Statement, text: str, today: date) -> NamedDay | None:
    """Return the day until which it is stated not to have come about: "not introduced until June 2026"."""
    day = _following(statement, text, today)
    return day if day and _UNTIL.fullmatch(text, statement.end, day.start) else None


def _following(statement: Statement, text: str, today: date) -> NamedDay | None:
    end = statement.end + min(len(statement.tail), _FARTHEST + _LONGEST_DAY)
    return next(named_days(text, today, start=statement.end, end=end), None)


def _after(statement: Statement, text: str, today: date) -> NamedDay | None:
    day = _following(statement, text, today)
    if day is None:
        return None
    between = _PREPOSITION.sub("", asides().sub("", text[statement.end : day.start]))
    is_elsewhere = _ELSEWHERE.search(between) or _NEXT_CLAUSE.search(between)
    return None if is_elsewhere or len(between) > _FARTHEST else day


def _before(statement: Statement, text: str, today: date) -> NamedDay | None:
    """Read "in May 2026, the minister introduced C-34", and "it was in May that C-34 was introduced"."""
    if "," in text[statement.start : statement.group]:
        return None
    for day in named_days(text, today, start=max(0, statement.group - LONGEST_CLAUSE // 2), end=statement.group):
        before, after = text[: day.start], asides().sub(",", text[day.end : statement.group])
        if _CLEFT.search(before) and re.match(r",? (?:that|when|que|qu')", after):
            return day
        when = _WHEN.match(after)
        if when and not _ELSEWHERE.search(after, when.end()) and "," not in after[when.end() :]:
            return day
        if _FRONTED.search(before) and not _ELSEWHERE.search(after) and "," not in after.strip(" ,"):
            return day
    return None
