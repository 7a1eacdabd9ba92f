"""Every shipped letter, in each language and while the bill's stage is known or not, reads as somebody has approved.

Two letters are read to every kind of recipient as well. ADVOCACY_TEST_APPROVE=1 writes what comes out; read every
changed file as prose before it is committed.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from types import MappingProxyType

import pytest

from advocacy.campaigns.bill import Stage
from advocacy.exports.text import to_text
from advocacy.language import Language, Wording
from advocacy.legislators.recipient import Office, Recipient
from advocacy.letters.alternatives import sequence
from advocacy.letters.answers import Answers
from advocacy.letters.compose import compose
from advocacy.letters.letter import Letter
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
    "own-minister": (a_minister(), PAPINEAU | {"relationship": "survivor", "reason": ""}),
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
    "anyone-else": (MAYOR, {"email": "", "postal_code": "", "relationship": "grandparent", "reason": ""}),
}
READ_TO_EVERYBODY = ("takedown-and-standards", "bill")
STAGES = {"unknown": the_campaign(), "committee": at_stage(Stage.COMMITTEE)}
"""The campaign as it ships, and with a stage that somebody confirmed on the letter's day."""


def letters() -> Iterator[tuple[str, Language, str, str]]:
    for letter in the_campaign().letters():
        for language in Language:
            for stage in STAGES:
                for kind in KINDS if letter in READ_TO_EVERYBODY else ("own-member",):
                    yield letter, language, kind, stage


@pytest.mark.parametrize(("letter", "language", "kind", "stage"), list(letters()))
def test_letter_reads_as_approved(letter: str, language: Language, kind: str, stage: str) -> None:
    text = to_text(composed(letter, language, kind, stage=stage))
    path = APPROVED / letter / f"{kind}.{stage}.{language}.txt"
    if os.environ.get("ADVOCACY_TEST_APPROVE") == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    assert text == path.read_text(encoding="utf-8")


def test_nothing_else_is_approved() -> None:
    wanted = {f"{letter}/{kind}.{stage}.{language}.txt" for letter, language, kind, stage in letters()}
    assert {path.relative_to(APPROVED).as_posix() for path in APPROVED.rglob("*.txt")} == wanted


def composed(letter: str, language: Language, kind: str, *, stage: str = "unknown") -> Letter:
    """Compose the letter with other alternatives for each kind and stage, so that all of them are read somewhere."""
    recipient, different = KINDS[kind]
    template = STAGES[stage].template(letter)
    turn = list(KINDS).index(kind) + 4 * list(STAGES).index(stage)
    choice = next(islice(sequence(template.texts[language]), turn, None))
    answers = citizen(language, letter, **different)
    return compose(template, answers, recipient, language=language, today=TODAY, choice=choice)


def citizen(language: Language, letter: str, **different: object) -> Answers:
    fields = {
        "relationship": str(different.pop("relationship", "parent")),
        "reason": str(different.pop("reason", OWN_WORDS[language])),
    }
    answers = some_answers(language=language, fields=MappingProxyType(answered(letter, language) | fields))
    return replace(answers, **different)  # type: ignore[arg-type]  # the table above names fields of Answers
