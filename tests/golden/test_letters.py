"""Every shipped letter, in each language and to each kind of recipient, reads as someone has read and approved.

ADVOCACY_TEST_APPROVE=1 writes what comes out; read every changed file as prose before it is committed.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from types import MappingProxyType

import pytest

from advocacy.exports.text import to_text
from advocacy.language import Language, Wording
from advocacy.legislators.recipient import Office, Recipient
from advocacy.letters.alternatives import sequence
from advocacy.letters.answers import Answers
from advocacy.letters.compose import compose
from advocacy.letters.letter import Letter
from tests.builders import (
    OWN_WORDS,
    TODAY,
    a_member,
    a_minister,
    a_senator,
    a_template,
    a_vacant_seat,
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
    "own-vacant-seat": (a_vacant_seat(), {"street": "25 Bank Street", "email": "", "relationship": "citizen"}),
    "own-minister": (a_minister(), PAPINEAU | {"relationship": "survivor", "reason": ""}),
    "senator": (a_senator(), {"street": "25 Bank Street", "email": "", "relationship": "educator"}),
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


def letters() -> Iterator[tuple[str, Language, str]]:
    for letter in the_campaign().letters():
        for language in Language:
            for kind in KINDS:
                yield letter, language, kind


@pytest.mark.parametrize(("letter", "language", "kind"), list(letters()))
def test_letter_reads_as_approved(letter: str, language: Language, kind: str) -> None:
    text = spoken(letter, language, kind)
    path = APPROVED / letter / f"{kind}.{language}.txt"
    if os.environ.get("ADVOCACY_TEST_APPROVE") == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    assert text == path.read_text(encoding="utf-8")


def test_nothing_else_is_approved() -> None:
    wanted = {f"{letter}/{kind}.{language}.txt" for letter, language, kind in letters()}
    assert {path.relative_to(APPROVED).as_posix() for path in APPROVED.rglob("*.txt")} == wanted


def spoken(letter: str, language: Language, kind: str) -> str:
    return to_text(composed(letter, language, kind))


def composed(letter: str, language: Language, kind: str) -> Letter:
    """Compose the letter with other alternatives for each kind, so that all of them are read somewhere."""
    recipient, different = KINDS[kind]
    template = a_template(letter)
    turn = list(KINDS).index(kind)
    choice = next(islice(sequence(template.texts[language]), turn, None))
    answers = citizen(language, **different)
    return compose(template, answers, recipient, language=language, today=TODAY, choice=choice)


def citizen(language: Language, **different: object) -> Answers:
    fields = {
        "relationship": str(different.pop("relationship", "parent")),
        "reason": str(different.pop("reason", OWN_WORDS[language])),
    }
    answers = some_answers(language=language, fields=MappingProxyType(fields))
    return replace(answers, **different)  # type: ignore[arg-type]  # the table above names fields of Answers
