"""Every shipped letter, in each language and while the bill's stage is known or not, reads as somebody has approved.

Two letters are read to every kind of recipient as well. ADVOCACY_TEST_APPROVE=1 writes what comes out; read every
changed file as prose before it is committed.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, islice, product
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pytest

from advocacy.campaigns.legislation import Stage
from advocacy.exports.text import to_text
from advocacy.language import Language, Wording
from advocacy.legislators.recipient import Office, Recipient
from advocacy.letters.alternatives import sequence
from advocacy.letters.compose import Answers, compose
from advocacy.letters.letter import Letter
from advocacy.letters.statement_wordings import wordings_at
from tests.bills import at_stage
from tests.builders import (
    OWN_WORDS,
    TODAY,
    a_member,
    a_minister,
    a_senator,
    a_vacant_seat,
    answered,
    some_answers,
    the_campaign,
)

APPROVED = Path(__file__).parent / "letters"
MAYOR = a_member(
    office=Office.MAYOR,
    riding_code=None,
    riding=None,
    title=Wording.of(en="Mayor of Ottawa", fr="Maire d’Ottawa"),
    city=Wording.same("Ottawa"),
)
PAPINEAU: dict[str, object] = {
    "city": "Montréal",
    "province": "QC",
    "postal_code": "H2R 2B2",
    "ridings": frozenset({"24054"}),
}
# Each kind is written to by another citizen, so that all branches of a letter are read somewhere.
KINDS: dict[str, tuple[Recipient, dict[str, object]]] = {
    "own-member": (a_member(), {}),
    "other-member": (a_member(riding_code="24054", riding=Wording.same("Papineau")), {"relationship": "none"}),
    "own-vacant-seat": (a_vacant_seat(), {"street": "25 Bank Street", "email": "", "relationship": "citizen"}),
    "own-minister": (
        a_minister(),
        PAPINEAU | {"relationship": "survivor", "reason": "", "statements": "near;help;follow"},
    ),
    "senator": (a_senator(), {"street": "25 Bank Street", "email": "", "relationship": "educator"}),
    "responsible-minister": (
        a_minister(
            first_name="Marc",
            last_name="Miller",
            name="Marc Miller",
            riding_code="24077",
            title=Wording.of(
                en="Minister of Canadian Identity and Culture", fr="Ministre de l’Identité et de la Culture canadiennes"
            ),
            responsible_for=frozenset({"C-34"}),
        ),
        {"relationship": "youth"},
    ),
    "minister": (a_minister(), {"relationship": "none"}),
    "prime-minister": (
        a_minister(
            office=Office.PRIME_MINISTER,
            first_name="Mark",
            last_name="Carney",
            name="Mark Carney",
            title=Wording.of(en="Prime Minister of Canada", fr="Premier ministre du Canada"),
        ),
        {"email": "", "relationship": "survivor_supporter"},
    ),
    "anyone-else": (
        MAYOR,
        {
            "email": "",
            "postal_code": "",
            "relationship": "grandparent",
            "reason": "",
            "statements": "pictures;companies",
        },
    ),
}
READ_TO_EVERYBODY = ("takedown-and-standards", "bill")
STAGES = {"unknown": the_campaign(), "committee": at_stage(Stage.COMMITTEE)}
"""The campaign as it ships, and with a stage that somebody confirmed on the letter's day."""


class Case(NamedTuple):
    """One letter that somebody has read."""

    letter: str
    language: Language
    kind: str
    stage: str

    @property
    def name(self) -> str:
        """The file in which it is approved."""
        return f"{self.letter}/{self.kind}.{self.stage}.{self.language}.txt"


def cases() -> Iterator[Case]:
    for letter in the_campaign().letters():
        for kind in KINDS if letter in READ_TO_EVERYBODY else ("own-member",):
            for stage in STAGES:
                yield from (Case(letter, language, kind, stage) for language in Language)


def some_cases() -> Iterator[Case]:
    """Return one case for each letter, and of the two read to everybody one for each kind; languages and stages in turn."""
    turns = cycle(product(STAGES, Language))
    for letter in the_campaign().letters():
        for kind in KINDS if letter in READ_TO_EVERYBODY else ("own-member",):
            stage, language = next(turns)
            yield Case(letter, language, kind, stage)


@pytest.mark.parametrize("letter", the_campaign().letters())
def test_letter_reads_as_approved(letter: str) -> None:
    for case in (case for case in cases() if case.letter == letter):
        text, path = to_text(composed(case)), APPROVED / case.name
        if os.environ.get("ADVOCACY_TEST_APPROVE") == "1":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        assert text == path.read_text(encoding="utf-8"), case.name


def test_nothing_else_is_approved() -> None:
    approved = {path.relative_to(APPROVED).as_posix() for path in APPROVED.rglob("*.txt")}
    assert approved == {case.name for case in cases()}


def composed(case: Case) -> Letter:
    """Compose the letter with other alternatives for each kind and stage, so that all of them are read somewhere."""
    recipient, different = KINDS[case.kind]
    template = STAGES[case.stage].template(case.letter)
    turn = list(KINDS).index(case.kind) + 4 * list(STAGES).index(case.stage)
    choice = next(islice(sequence(template.texts[case.language]), turn, None))
    wordings = wordings_at(template, case.language, turn)
    answers = citizen(case.language, case.letter, **different)
    return compose(template, answers, recipient, language=case.language, today=TODAY, choice=choice, wordings=wordings)


def citizen(language: Language, letter: str, **different: object) -> Answers:
    fields = {
        "relationship": str(different.pop("relationship", "parent")),
        "reason": str(different.pop("reason", OWN_WORDS[language])),
        "statements": str(different.pop("statements", "")),
    }
    answers = some_answers(language=language, fields=MappingProxyType(answered(letter) | fields))
    return replace(answers, **different)  # type: ignore[arg-type]  # the table above names fields of Answers
