"""A moment is told as the clock of Ottawa shows it, and a day is that clock's day."""

from datetime import date, datetime

from babel.dates import format_time, get_timezone

from advocacy.language import LOCALES, Language, Wording, speak_date

EASTERN = get_timezone("America/Toronto")
MOMENT = Wording.of(en="{day} at {time} (Eastern time)", fr="{day} à {time} (heure de l’Est)")
TIME_PATTERNS = {Language.EN: "h:mm\u00a0a", Language.FR: "H\u00a0'h'\u00a0mm"}


def day_of(moment: datetime) -> date:
    """Give the day it was in Ottawa."""
    return moment.astimezone(EASTERN).date()


def speak_moment(moment: datetime, language: Language) -> str:
    """Write a moment: "27 novembre 2026 à 22 h 16 (heure de l’Est)" (U+00A0 beside the h)."""
    time = format_time(moment, TIME_PATTERNS[language], tzinfo=EASTERN, locale=LOCALES[language])
    return MOMENT.spoken(language).format(day=speak_date(day_of(moment), language), time=time)
