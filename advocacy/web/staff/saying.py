"""Moments as a letter's pages tell them: the hour alone for what happened today."""

from datetime import datetime

from babel.dates import format_time

from advocacy.language import EASTERN, LOCALES, Language, Wording, day_of
from advocacy.letters.moments import TIME_PATTERNS
from advocacy.web.staff.speaking import speak_when

AT, ON = Wording.of(en="at {}", fr="à {}"), Wording.of(en="on {}", fr="le {}")


def when(moment: datetime, now: datetime, language: Language) -> str:
    """Say when it was by Ottawa's clock: "à 14 h 32" today, "le 27 novembre 2026, 14 h 32" on another day."""
    if day_of(moment) != day_of(now):
        return ON.spoken(language).format(speak_when(moment, language))
    time = format_time(moment, TIME_PATTERNS[language], tzinfo=EASTERN, locale=LOCALES[language])
    return AT.spoken(language).format(time)
