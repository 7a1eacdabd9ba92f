"""Moments as the staff pages write them, by Ottawa's clock."""

from datetime import datetime

from advocacy.language import Language, day_of, format_date
from advocacy.letters.eastern_time import format_time
from advocacy.messages import message


def format_moment(moment: datetime, language: Language) -> str:
    """Write a moment for a table: "25 novembre 2026, 14 h 32"."""
    return f"{format_date(day_of(moment), language)}, {format_time(moment, language)}"


def format_short(moment: datetime, now: datetime, language: Language) -> str:
    """Write the hour alone for today: "14 h 32", "27 novembre 2026, 14 h 32" on another day."""
    return format_time(moment, language) if day_of(moment) == day_of(now) else format_moment(moment, language)


def format_in_sentence(moment: datetime, now: datetime, language: Language) -> str:
    """Write a moment for a sentence: "à 14 h 32" today, "le 27 novembre 2026, 14 h 32" on another day."""
    if day_of(moment) != day_of(now):
        return message("on %(date)s", date=format_moment(moment, language)).in_language(language)
    return message("at %(time)s", time=format_time(moment, language)).in_language(language)
