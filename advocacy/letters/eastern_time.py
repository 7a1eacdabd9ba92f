"""A moment is told as the clock of Ottawa shows it, and a day is that clock's day."""

from datetime import datetime

from babel import dates

from advocacy.language import EASTERN, LOCALES, Language, Wording, day_of, format_date
from advocacy.messages import message

TIME_PATTERNS = {Language.EN: "h:mm\u00a0a", Language.FR: "H\u00a0'h'\u00a0mm"}
FULL_HOUR_PATTERNS = {Language.EN: "h\u00a0a", Language.FR: "H\u00a0'h'"}


def format_time(moment: datetime, language: Language) -> str:
    """Write the time of day: "22 h 16", and on the full hour "22 h" (OQLF); "10 p.m." (The Canadian Style)."""
    patterns = TIME_PATTERNS if moment.minute else FULL_HOUR_PATTERNS
    return str(dates.format_time(moment, patterns[language], tzinfo=EASTERN, locale=LOCALES[language]))


def format_moment(moment: datetime, language: Language) -> str:
    """Write a moment: "27 novembre 2026 à 22 h 16 (heure de l’Est)" (U+00A0 beside the h)."""
    time = format_time(moment, language)
    text = message("%(day)s at %(time)s (Eastern time)", day=format_date(day_of(moment), language), time=time)
    return text.in_language(language)


def moment_in_words(moment: datetime) -> Wording:
    """Return a moment in every language, for a message that stands in none yet."""
    return Wording({language: format_moment(moment, language) for language in Language})
