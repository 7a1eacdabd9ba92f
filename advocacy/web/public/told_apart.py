"""Several forms under one link: what tells them apart without a word of their letters, and which leave together."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from babel.dates import format_time

from advocacy.language import LOCALES, Language, Wording, speak_date
from advocacy.letters.confirm import Waiting, WaitingSubmission
from advocacy.letters.moments import EASTERN, MOMENT, day_of, speak_moment
from advocacy.web.public.recipients import VACANT_SEAT

SECONDS = {Language.EN: "h:mm:ss\u00a0a", Language.FR: "H\u00a0'h'\u00a0mm\u00a0'min'\u00a0ss\u00a0's'"}
SIGNED = Wording.of(en="Signed “{name}”, written on {moment}.", fr="Signature «\u00a0{name}\u00a0», le {moment}.")
NUMBERED = Wording.of(
    en="Form {number}, signed “{name}”, written on {moment}.",
    fr="Formulaire {number}, signature «\u00a0{name}\u00a0», le {moment}.",
)
NOTHING_TICKED = Wording.of(
    en="Nothing is ticked, so nothing was sent: tick what you wrote yourself.",
    fr="Rien n’est coché, donc rien n’a été envoyé\u00a0: cochez ce que vous avez écrit vous-même.",
)
AT_ODDS = Wording.of(
    en="Nothing was sent: several ticked forms write to {names}, and an office gets only one letter. Keep "
    "ticked only the one you wrote yourself.",
    fr="Rien n’a été envoyé\u00a0: plusieurs formulaires cochés s’adressent à {names}, et un bureau ne reçoit "
    "qu’une lettre. Ne laissez coché que celui que vous avez rempli vous-même.",
)


def signed(submissions: Sequence[WaitingSubmission], language: Language) -> list[str]:
    """Tell under which name each form was sent in, and when; several are numbered, the oldest first."""
    words = SIGNED if len(submissions) == 1 else NUMBERED
    moments = _moments([one.created_at for one in submissions], language)
    return [
        words.spoken(language).format(number=number, name=one.name, moment=moment)
        for number, (one, moment) in enumerate(zip(submissions, moments, strict=True), 1)
    ]


def missing(waiting: Waiting, ticked: Collection[str], language: Language) -> str:
    """Say what keeps the ticked forms from leaving, "" when nothing does.

    Of two ticked forms that write to one office neither is preferred: whoever forged one would know which is taken.
    """
    if not ticked:
        return NOTHING_TICKED.spoken(language)
    names = _written_twice(waiting, ticked)
    if not names:
        return ""
    named = ", ".join(name or VACANT_SEAT.in_language(language) for name in names.values())
    return AT_ODDS.spoken(language).format(names=named)


def _written_twice(waiting: Waiting, ticked: Collection[str]) -> Mapping[str, str]:
    """Give the offices, by id with their names, that more than one of the ticked forms writes to."""
    letters = [letter for one in waiting.submissions if one.id in ticked for letter in one.letters]
    times = Counter(letter.legislator_id for letter in letters)
    return {letter.legislator_id: letter.name for letter in letters if times[letter.legislator_id] > 1}


def _moments(moments: Sequence[datetime], language: Language) -> list[str]:
    """Tell moments to the minute, or to the second where two are in the same one."""
    told = [speak_moment(moment, language) for moment in moments]
    return told if len(set(told)) == len(told) else [_to_the_second(moment, language) for moment in moments]


def _to_the_second(moment: datetime, language: Language) -> str:
    time = format_time(moment, SECONDS[language], tzinfo=EASTERN, locale=LOCALES[language])
    return MOMENT.spoken(language).format(day=speak_date(day_of(moment), language), time=time)
