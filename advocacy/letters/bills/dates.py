"""The days that a sentence names, and which of them it gives for what it states.

Days, months, seasons and years, in either language, are read as the first and the last day that they can stand for. The
day of a statement is among its words, right after them, or before its clause.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum

from advocacy.language import Language, format_date, format_month
from advocacy.letters.bills.bill_sentence import MAX_CLAUSE
from advocacy.letters.bills.lexicon import aside_pattern, date_words, months, regex
from advocacy.letters.bills.statements import Statement
from advocacy.messages import message


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
                return message("on %(date)s", date=format_date(day, language)).in_language(language)


_MIN_DAY = date(1800, 1, 1)
_MAX_COUNT = 1_000
_LEAP_YEAR = 2024
"""The year of days that are named without one."""
_DAYS_IN_YEAR = 365
_MAX_PREPOSITION = 9


def named_days(text: str, today: date, *, start: int = 0, end: int | None = None) -> Iterator[NamedDay]:
    """Find the days that a plain text names, in order."""
    for found in regex("dates.day").finditer(text, start, len(text) if end is None else end):
        named = (reader(found, today) for reader in _READERS)
        yield from [day for day in named if day is not None][:1]


def _day(found: re.Match[str], _today: date) -> NamedDay | None:
    words = found.groupdict()
    number = words["day1"] or words["day2"]
    number = str(date_words("ordinals").get(number, number)) if number else None
    if words["iso"]:
        year, month, number = words["iso"].split("-")
    elif number:
        year, month = words["year1"] or words["year2"] or "", str(months()[words["month1"] or words["month2"]])
    else:
        return None
    try:
        day = date(int(year or _LEAP_YEAR), int(month), int(number))
    except ValueError:
        return None
    return NamedDay(*found.span(), Precision.DAY if year else Precision.DAY_OF_MONTH, day, day)


def _holiday(found: re.Match[str], _today: date) -> NamedDay | None:
    if found["holiday"] is None:
        return None
    day = date(int(found["year6"] or _LEAP_YEAR), *date_words("holidays")[found["holiday"]])
    precision = Precision.DAY if found["year6"] else Precision.DAY_OF_MONTH
    return NamedDay(*found.span(), precision, day, day, is_counted=True)


def _month(found: re.Match[str], today: date) -> NamedDay | None:
    words = found.groupdict()
    name = words["month3"]
    if name is None:
        return None
    month = months()[name]
    year, precision = today.year, Precision.RELATIVE
    if words["year3"]:
        year, precision = int(words["year3"]), Precision.MONTH_OF_YEAR
    elif words["past"] or words["recent"] in ("last", "this past"):
        year -= month >= today.month
    elif words["last_year"]:
        year -= 1
    elif not words["this_year"]:
        before = found.string[: found.start("month3")][-_MAX_PREPOSITION:]
        if name in date_words("ambiguous_months") and not regex("dates.before_month").search(before):
            return None
        year, precision = _LEAP_YEAR, Precision.MONTH
    return NamedDay(*found.span(), precision, *_whole_months(year, month, month))


def _season(found: re.Match[str], today: date) -> NamedDay | None:
    words = found.groupdict()
    if words["season"] is None:
        return None
    first, last = date_words("seasons")[words["season"]]
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
    most, least = date_words("near")[found["near"]]
    return NamedDay(*found.span(), Precision.RELATIVE, today - timedelta(most), today - timedelta(least))


def _counted(found: re.Match[str], today: date) -> NamedDay | None:
    """Read "five months ago", « il y a cinq mois », "for five months": a month more or less counts as the same."""
    words = found.groupdict()
    is_ago = words["ago"] or (words["count"] and re.match(r"(?:.{0,12}\b)?(?:il y a|voila)\b", found[0]))
    if not is_ago and words["count2"] is None:
        return None
    count, unit_name = (words["count"], words["unit"]) if is_ago else (words["count2"], words["unit2"])
    unit = next(days for name, days in date_words("unit_days").items() if unit_name.startswith(name))
    number = date_words("numbers").get(count) or min(_MAX_COUNT, int(count) if count.isdecimal() else 1)
    most, least = number + 1.0, number - 1.0
    if count in date_words("few"):
        most, least = 11.0, 1.2
    elif unit == _DAYS_IN_YEAR:
        most, least = number + 0.5, number - 0.4
    last = today - timedelta(min(max(0, least * unit), (today - _MIN_DAY).days))
    first = today - timedelta(min(most * unit, (today - _MIN_DAY).days))
    is_more = words["more"] if is_ago else words["longer"]
    return NamedDay(*found.span(), Precision.RELATIVE, _MIN_DAY if is_more else first, last)


_READERS: tuple[Callable[[re.Match[str], date], NamedDay | None], ...] = (
    _day, _holiday, _month, _season, _year, _near, _counted,
)  # fmt: skip


def _whole_months(year: int, first: int, last: int) -> tuple[date, date]:
    after = date(year + (last == 12 or last < first), last % 12 + 1, 1)
    return date(year, first, 1), after - timedelta(1)


# --- the day of a statement

_NEXT_CLAUSE = re.compile(r",\s*\w")
_MAX_DISTANCE, _MAX_DAY_LENGTH = 70, 30


def day_of(statement: Statement, text: str, today: date) -> NamedDay | None:
    """Return the day that is given for a statement of the sentence `text`, None where there is none."""
    since = regex("dates.since_when").search(text, max(0, statement.start - _MAX_DISTANCE), statement.start)
    if since:
        counted = next(named_days(f"{since['count']} {since['unit']} ago", today))
        return replace(counted, start=since.start("count"), end=since.end("unit"), is_counted=True)
    within = next(named_days(text, today, start=statement.group_start, end=statement.end), None)
    return within or _after(statement, text, today) or _before(statement, text, today)


def day_before_which(statement: Statement, text: str, today: date) -> NamedDay | None:
    """Return the day before which it is stated to have come about: "tabled before the 2025 election"."""
    day = _following(statement, text, today)
    return day if day and regex("dates.before").fullmatch(text, statement.end, day.start) else None


def day_until_which_not(statement: Statement, text: str, today: date) -> NamedDay | None:
    """Return the day until which it is stated not to have come about: "not introduced until June 2026"."""
    day = _following(statement, text, today)
    return day if day and regex("dates.until").fullmatch(text, statement.end, day.start) else None


def _following(statement: Statement, text: str, today: date) -> NamedDay | None:
    end = statement.end + min(len(statement.tail), _MAX_DISTANCE + _MAX_DAY_LENGTH)
    return next(named_days(text, today, start=statement.end, end=end), None)


def _after(statement: Statement, text: str, today: date) -> NamedDay | None:
    day = _following(statement, text, today)
    if day is None:
        return None
    between = regex("dates.preposition").sub("", aside_pattern().sub("", text[statement.end : day.start]))
    is_elsewhere = regex("dates.elsewhere").search(between) or _NEXT_CLAUSE.search(between)
    return None if is_elsewhere or len(between) > _MAX_DISTANCE else day


def _before(statement: Statement, text: str, today: date) -> NamedDay | None:
    """Read "in May 2026, the minister introduced C-34", and "it was in May that C-34 was introduced"."""
    if "," in text[statement.start : statement.group_start]:
        return None
    for day in named_days(
        text, today, start=max(0, statement.group_start - MAX_CLAUSE // 2), end=statement.group_start
    ):
        before, after = text[: day.start], aside_pattern().sub(",", text[day.end : statement.group_start])
        if regex("dates.cleft").search(before) and re.match(r",? (?:that|when|que|qu')", after):
            return day
        when = regex("dates.when").match(after)
        if when and not regex("dates.elsewhere").search(after, when.end()) and "," not in after[when.end() :]:
            return day
        if (
            regex("dates.fronted").search(before)
            and not regex("dates.elsewhere").search(after)
            and "," not in after.strip(" ,")
        ):
            return day
    return None
