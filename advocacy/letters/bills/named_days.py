"""Days, months, seasons and years named in a text, in either language, as the days they may stand for."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from advocacy.language import Language, speak_date, speak_month
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
    """The first and the last day that the words at `start`–`end` can stand for; in any year for a bare month or day."""

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
                return speak_date(day, language)
            case Precision.MONTH_OF_YEAR:
                return speak_month(day.year, day.month, language)
            case Precision.YEAR:
                return str(day.year)
            case Precision.MONTH:
                return speak_month(day.year, day.month, language).rsplit(" ", 1)[0]
            case Precision.DAY_OF_MONTH:
                return speak_date(day, language).rsplit(" ", 1)[0].rstrip(",")
            case Precision.RELATIVE:
                return {Language.EN: "on {}", Language.FR: "le {}"}[language].format(speak_date(day, language))


def _month_names() -> dict[str, int]:
    names: dict[str, int] = {}
    for month in range(1, 13):
        for language in Language:
            name = plain(speak_month(2026, month, language)).split(" ")[0]
            names[name] = month
            if len(name) > 4:
                names.setdefault(name[:3] + ("l" if name == "juillet" else "n" if name == "juin" else ""), month)
    return names | {"sept": 9, "juil": 7, "fevr": 2, "janv": 1, "avr": 4, "nov": 11, "oct": 10, "dec": 12, "aug": 8}


_MONTHS = {name: month for name, month in _month_names().items() if name not in ("mar", "mai", "jui")} | {"mai": 5}
_NUMBERS = {
    word: number
    for words in (
        "one two three four five six seven eight nine ten eleven twelve",
        "un deux trois quatre cinq six sept huit neuf dix onze douze",
    )
    for number, word in enumerate(words.split(), 1)
} | {"a": 1, "an": 1, "une": 1, "couple": 2, "a couple of": 2}
_FEW = {"few", "a few", "several", "some", "quelques", "plusieurs"}
_SEASONS = {
    "spring": (3, 6), "printemps": (3, 6), "summer": (6, 9), "ete": (6, 9), "fall": (9, 12), "autumn": (9, 12),
    "automne": (9, 12), "winter": (12, 3), "hiver": (12, 3),
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_SEASON = "|".join(_SEASONS)
_COUNT = "|".join(sorted([*_NUMBERS, *_FEW], key=len, reverse=True))
_YEAR = r"(?:19|20)\d\d"
_PART = r"(?:(?:early|mid|late|debut|mi|fin|the (?:beginning|middle|end) of|beginning of|end of)[ -])?"
_UNIT = r"(?:days?|weeks?|months?|years?|jours?|semaines?|mois|ans?|annees?)"
_FORMS = re.compile(
    rf"(?<![\w-])(?:(?P<iso>\d{{4}}-\d\d-\d\d)"
    rf"|(?P<month1>{_MONTH})\.? (?:the )?(?P<day1>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?:of )?(?P<year1>{_YEAR}))?"
    rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th|er|e)?(?: day)?(?: of)? (?P<month2>{_MONTH})(?:,? (?:de |of )?(?P<year2>{_YEAR}))?"
    rf"|(?:(?P<recent>last|this|this past|cet|ce) )?{_PART}(?P<month3>{_MONTH})\b(?:,? (?:of |de |in )?(?:(?P<year3>{_YEAR})|(?P<later>dernier|passe|this year|cette annee|last year|l'an dernier|l'annee derniere)))?"
    rf"|(?:(?P<which>last|this|this past|early|late|cet|ce|in the|the|au|a l'|l') ?)(?:early |late )?(?P<season>{_SEASON})(?: (?:of |de )?(?:(?P<year4>{_YEAR})|(?P<past>dernier|derniere|passe|passee|last year|l'an dernier)))?"
    rf"|(?P<before>last year|l'an dernier|l'an passe|l'annee derniere|l'annee passee)"
    rf"|(?P<now>this year|cette annee|earlier this year|plus tot cette annee)"
    rf"|(?P<ago>(?:(?P<more>more than|over|plus d[e']|at least|au moins|il y a (?:plus|au moins) d[e']) ?)?(?:il y a )?(?P<count>\d+|{_COUNT}) (?P<unit>{_UNIT})(?P<en_ago> ago)?|(?P<lasting>(?:for|depuis) (?:(?P<longer>more than|over|plus d[e']|at least|almost|nearly|pres d[e']|presque) ?)?(?P<count2>\d+|{_COUNT}) (?:long )?(?P<unit2>{_UNIT})(?: now)?))"
    rf"|(?P<near>yesterday|today|hier|aujourd'hui|last night|last week|this week|last month|this month|la semaine derniere|la semaine passee|cette semaine|le mois dernier|le mois passe|ce mois-ci|this morning|ce matin|the other day|avant-hier)"
    rf"|(?P<year5>{_YEAR}))(?![\w-])"
)
_NEAR_DAYS = {
    "yesterday": (2, 0), "hier": (2, 0), "today": (0, 0), "aujourd'hui": (0, 0), "last night": (2, 0), "this morning": (0, 0),
    "ce matin": (0, 0), "the other day": (20, 0), "avant-hier": (3, 1), "last week": (14, 1), "la semaine derniere": (14, 1),
    "la semaine passee": (14, 1), "this week": (7, 0), "cette semaine": (7, 0), "last month": (62, 0), "le mois dernier": (62, 0),
    "le mois passe": (62, 0), "this month": (31, 0), "ce mois-ci": (31, 0),
}  # fmt: skip
_LONG_AGO = date(1800, 1, 1)
_ALSO_VERBS = {"may", "march", "sept"}
_PREPOSITION = re.compile(
    r"(?:\b(?:in|since|by|of|past|until|during|late|early|last|every|before|after|en|depuis|back in)) ?$"
)


def named_days(text: str, today: date, start: int = 0, end: int | None = None) -> Iterator[NamedDay]:
    """Find the days that a plain text names, in order."""
    for found in _FORMS.finditer(text, start, len(text) if end is None else end):
        for reader in _READERS:
            if named := reader(found, today):
                yield named
                break


def _day(found: re.Match[str], _today: date) -> NamedDay | None:
    words = found.groupdict()
    number = words["day1"] or words["day2"]
    if words["iso"]:
        year, month, number = words["iso"].split("-")
    elif number:
        year, month = words["year1"] or words["year2"] or "", str(_MONTHS[words["month1"] or words["month2"]])
    else:
        return None
    try:
        day = date(int(year or 2024), int(month), int(number))
    except ValueError:
        return None
    return NamedDay(*found.span(), Precision.DAY if year else Precision.DAY_OF_MONTH, day, day)


def _month(found: re.Match[str], today: date) -> NamedDay | None:
    words = found.groupdict()
    if words["month3"] is None:
        return None
    month, later = _MONTHS[words["month3"]], words["later"]
    before = found.string[max(0, found.start() - 9) : found.start()]
    if words["month3"] in _ALSO_VERBS and not (words["year3"] or later or _PREPOSITION.search(before)):
        return None
    if words["year3"]:
        return NamedDay(*found.span(), Precision.MONTH_OF_YEAR, *_whole_months(int(words["year3"]), month, month))
    if later in ("last year", "l'an dernier", "l'annee derniere"):
        return NamedDay(*found.span(), Precision.RELATIVE, *_whole_months(today.year - 1, month, month))
    if later in ("this year", "cette annee"):
        return NamedDay(*found.span(), Precision.RELATIVE, *_whole_months(today.year, month, month))
    if later or words["recent"] in ("last", "this past"):
        year = today.year if month < today.month else today.year - 1
        return NamedDay(*found.span(), Precision.RELATIVE, *_whole_months(year, month, month))
    return NamedDay(*found.span(), Precision.MONTH, *_whole_months(2024, month, month))


def _season(found: re.Match[str], today: date) -> NamedDay | None:
    words = found.groupdict()
    if words["season"] is None:
        return None
    first, last = _SEASONS[words["season"]]
    if words["year4"]:
        year = int(words["year4"])
    elif words["past"] or words["which"] == "last":
        year = today.year if last < today.month and first < last else today.year - 1
    else:
        year = today.year
    if words["past"] in ("last year", "l'an dernier"):
        year = today.year - 1
    return NamedDay(*found.span(), Precision.RELATIVE, *_whole_months(year, first, last))


def _year(found: re.Match[str], today: date) -> NamedDay | None:
    words = found.groupdict()
    if words["year5"]:
        return NamedDay(*found.span(), Precision.YEAR, *_whole_months(int(words["year5"]), 1, 12))
    if words["before"] or words["now"]:
        year = today.year - 1 if words["before"] else today.year
        return NamedDay(*found.span(), Precision.RELATIVE, *_whole_months(year, 1, 12))
    return None


def _ago(found: re.Match[str], today: date) -> NamedDay | None:
    words = found.groupdict()
    if words["near"]:
        most, least = _NEAR_DAYS[words["near"]]
        return NamedDay(*found.span(), Precision.RELATIVE, today - timedelta(most), today - timedelta(least))
    if words["lasting"]:
        words |= {
            "count": words["count2"],
            "unit": words["unit2"],
            "more": words["longer"] if words["longer"] in ("more than", "over") else None,
        }
    elif not words["ago"] or not (words["en_ago"] or "il y a" in words["ago"]):
        return None
    unit = next(days for letters, days in _UNIT_DAYS if words["unit"].startswith(letters))
    if words["count"] in _FEW:
        least, most = 1.2 * unit, 11 * unit
    else:
        count = _NUMBERS.get(words["count"]) or (int(words["count"]) if words["count"].isdecimal() else 1)
        count = min(count, 1000)
        least, most = max(0, count - 1) * unit, (count + 1) * unit
        if unit == _YEAR_DAYS:
            least, most = (count - 0.4) * unit, (count + 0.5) * unit
    last = today - timedelta(least)
    first = _LONG_AGO if words["more"] else max(_LONG_AGO, today - timedelta(min(most, 70_000)))
    return NamedDay(*found.span(), Precision.RELATIVE, first, last)


_YEAR_DAYS = 365
_UNIT_DAYS = (
    ("day", 1),
    ("jour", 1),
    ("week", 7),
    ("semaine", 7),
    ("month", 30.5),
    ("mois", 30.5),
    ("year", _YEAR_DAYS),
    ("an", _YEAR_DAYS),
)
_READERS: tuple[Callable[[re.Match[str], date], NamedDay | None], ...] = (_day, _month, _season, _year, _ago)


def _whole_months(year: int, first: int, last: int) -> tuple[date, date]:
    after = date(year + (last == 12 or last < first), last % 12 + 1, 1)
    return date(year, first, 1), after - timedelta(1)
