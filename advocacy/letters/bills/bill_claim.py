"""What can be said of a sentence on a bill: true, false with what is known, or unclear."""

from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from advocacy.campaigns.legislation import Bill, Stage
from advocacy.language import Language, Wording, format_date
from advocacy.letters.figures.claim import Verdict

_SENATE = Wording.of(en="the Senate", fr="le Sénat")
_HOUSE = Wording.of(en="the House of Commons", fr="la Chambre des communes")
_STAGES = {
    Stage.INTRODUCED: Wording.of(en="at first or second reading", fr="en première ou en deuxième lecture"),
    Stage.COMMITTEE: Wording.of(en="in committee", fr="en comité"),
    Stage.THIRD_READING: Wording.of(en="at third reading", fr="en troisième lecture"),
    Stage.OTHER_HOUSE: Wording.of(en="before {chamber}", fr="devant {chamber}"),
    Stage.PASSED: Wording.of(en="passed", fr="adopté"),
    Stage.DIED: Wording.of(en="died before it was passed", fr="mort avant d’être adopté"),
}
_PREDICATES = {
    Stage.INTRODUCED: Wording.of(en="has been introduced", fr="a été déposé"),
    Stage.COMMITTEE: Wording.of(en="is in committee", fr="est en comité"),
    Stage.THIRD_READING: Wording.of(en="is at third reading", fr="en est à la troisième lecture"),
    Stage.OTHER_HOUSE: Wording.of(en="is before {chamber}", fr="est devant {chamber}"),
    Stage.PASSED: Wording.of(en="has passed", fr="a été adopté"),
    Stage.DIED: Wording.of(en="died before it was passed", fr="est mort avant d’être adopté"),
}
_KNOWN = Wording.of(
    en="introduced on {introduced}; {stage}, confirmed on {confirmed}",
    fr="déposé le {introduced}; {stage}, étape confirmée le {confirmed}",
)
_UNKNOWN = Wording.of(
    en="introduced on {introduced}; nobody has confirmed its stage",
    fr="déposé le {introduced}; personne n’a confirmé à quelle étape il en est",
)
_OLD = Wording.of(
    en="introduced on {introduced}; its stage was last confirmed on {confirmed}",
    fr="déposé le {introduced}; l’étape où il en est a été confirmée pour la dernière fois le {confirmed}",
)


def known(bill: Bill, day: date) -> Wording:
    """Return what is known of a bill on `day`, and since when its stage is confirmed."""
    stage = bill.stage_on(day)
    form = _KNOWN if stage is not Stage.UNKNOWN else _OLD if bill.confirmed else _UNKNOWN
    return Wording({language: _filled(form, bill, stage, language=language) for language in Language})


def predicate(bill: Bill, stage: Stage, language: Language) -> str:
    """Return the words that tell, after a bill's name, that it is at a stage."""
    return _PREDICATES[stage].in_language(language).format(chamber=_other_chamber(bill).in_language(language))


def _filled(form: Wording, bill: Bill, stage: Stage, *, language: Language) -> str:
    place = _STAGES[stage].in_language(language) if stage in _STAGES else ""
    return form.in_language(language).format(
        introduced=format_date(bill.introduced, language),
        stage=place.format(chamber=_other_chamber(bill).in_language(language)),
        confirmed=format_date(bill.confirmed, language) if bill.confirmed else "",
    )


def _other_chamber(bill: Bill) -> Wording:
    return _HOUSE if bill.number.startswith("S-") else _SENATE


class BillFault(Enum):
    """What of a bill is false, or unclear."""

    STAGE = "the bill is at another stage, or nobody has confirmed its stage lately"
    INTRODUCED = "the bill was introduced on another day"
    NUMBER = "the bill has another number"
    TITLE = "the bill has another title"


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict on the words at `start`–`end` of a plain text, and what may be put there instead."""

    start: int
    end: int
    bill: Bill
    fault: BillFault
    verdict: Verdict
    mend: str | None = None


@dataclass(frozen=True, slots=True)
class BillClaim:
    """Something a letter says of a bill, and its verdict.

    `span` is its place in the letter, `mend` what may be put there instead, None where no few words make the sentence
    true. `right` is what is known of the bill `number`, in the letter's language; `known` is the same in every one.
    """

    span: tuple[int, int]
    as_typed: str
    sentence: str
    verdict: Verdict
    fault: BillFault
    number: str
    known: Wording
    right: str
    mend: str | None = None

    def moved(self, offset: int) -> "BillClaim":
        """Return the claim of a text that stands so many characters further on."""
        return replace(self, span=(self.span[0] + offset, self.span[1] + offset))
