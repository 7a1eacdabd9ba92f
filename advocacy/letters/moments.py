"""A moment is told as the clock of Ottawa shows it, and a day is that clock's day."""

from datetime import datetime

from babel.dates import format_time

from advocacy.language import EASTERN, LOCALES, Language, Wording, day_of, speak_date
from advocacy.messages import message

TIME_PATTERNS = {Language.EN: "h:mm\u00a0a", Language.FR: "H\u00a0'h'\u00a0mm"}


def speak_moment(moment: datetime, language: Language) -> str:
    """Write a moment: "27 novembre 2026 à 22 h 16 (heure de l’Est)" (U+00A0 beside the h)."""
    time = format_time(moment, TIME_PATTERNS[language], tzinfo=EASTERN, locale=LOCALES[language])
    text = message("%(day)s at %(time)s (Eastern time)", day=speak_date(day_of(moment), language), time=time)
    return text.in_language(language)


def moment_in_words(moment: datetime) -> Wording:
    """Return a moment in every language, for a message that stands in none yet."""
    return Wording({language: speak_moment(moment, language) for language in Language})
