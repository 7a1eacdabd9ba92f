"""A moment is told as the clock of Ottawa shows it, and a day is that clock's day."""

from datetime import datetime

from advocacy.language import Language, Wording, day_of, format_date, format_time
from advocacy.messages import message


def format_moment(moment: datetime, language: Language) -> str:
    """Write a moment: "27 novembre 2026 à 22 h 16 (heure de l’Est)" (U+00A0 beside the h)."""
    time = format_time(moment, language)
    text = message("%(day)s at %(time)s (Eastern time)", day=format_date(day_of(moment), language), time=time)
    return text.in_language(language)


def moment_in_words(moment: datetime) -> Wording:
    """Return a moment in every language, for a message that stands in none yet."""
    return Wording({language: format_moment(moment, language) for language in Language})
