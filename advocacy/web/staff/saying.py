"""Moments as a letter's pages tell them: the hour alone for what happened today."""

from datetime import datetime

from advocacy.language import Language, Wording, day_of
from advocacy.letters.moments import speak_time
from advocacy.web.staff.speaking import speak_when

AT, ON = Wording.of(en="at {}", fr="à {}"), Wording.of(en="on {}", fr="le {}")


def when(moment: datetime, now: datetime, language: Language) -> str:
    """Say when it was by Ottawa's clock: "à 14 h 32" today, "le 27 novembre 2026, 14 h 32" on another day."""
    if day_of(moment) != day_of(now):
        return ON.spoken(language).format(speak_when(moment, language))
    return AT.spoken(language).format(speak_time(moment, language))
