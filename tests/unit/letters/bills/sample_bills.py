"""Bill C-34 as tests know it, at any stage, and the sentences about it that are kept as data."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from advocacy.campaigns.legislation import Bill, Stage
from advocacy.language import Language
from advocacy.letters.bills import BillClaim, check_bill
from tests.builders import TODAY

DATA = Path(__file__).parents[3] / "data" / "bills"
CONFIRMED = date(2026, 11, 20)
NAMES = {
    "live": (Stage.INTRODUCED, Stage.COMMITTEE, Stage.THIRD_READING, Stage.OTHER_HOUSE),
    "all": tuple(stage for stage in Stage if stage is not Stage.UNKNOWN),
}
"""Words for several stages in the data."""


@cache
def a_bill(stage: Stage, confirmed: date | None = CONFIRMED, number: str = "C-34") -> Bill:
    """The bill at a stage that was confirmed on a day."""
    return Bill.model_validate(
        {
            "number": number,
            "title": {"en": "Safe Social Media Act"},
            "introduced": date(2026, 6, 10),
            "stage": stage,
            "confirmed": confirmed,
            "covers": {
                "en": "Operators of social media services would have to take down content that sexually victimizes a child.",
                "fr": "Les exploitants de services de médias sociaux devraient retirer le contenu qui victimise un enfant.",
            },
            "source": "a test",
        }
    )


@cache
def claims(text: str, stage: Stage, language: Language = Language.EN) -> tuple[BillClaim, ...]:
    """What a text claims of the bill while its stage is known, or unknown."""
    confirmed = None if stage is Stage.UNKNOWN else CONFIRMED
    return check_bill(text, [a_bill(stage, confirmed)], language, today=TODAY)


class Sentence(NamedTuple):
    """A line of the data: what stands before its last bar, and the sentence."""

    labels: tuple[str, ...]
    text: str
    language: Language


def sentences(name: str) -> list[Sentence]:
    """Read the sentences of a file in each language; lines that begin with # are comments."""
    found = []
    for language in Language:
        for line in (DATA / f"{name}.{language.value}.txt").read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("# "):
                *labels, text = line.split(" | ")
                found.append(Sentence(tuple(labels), text, language))
    return found


def stages(names: str) -> frozenset[Stage]:
    """Read the names of stages."""
    return frozenset(
        stage for name in names.replace("never", "").split() for stage in NAMES.get(name, ()) or (Stage(name),)
    )
