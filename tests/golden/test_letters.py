"""Every shipped letter reads as somebody has approved: in each language, to each kind of reader, at each stage."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, islice
from types import MappingProxyType
from typing import NamedTuple

import pytest

from advocacy.campaigns.legislation import Stage
from advocacy.campaigns.letter_template import LetterTemplate
from advocacy.language import Language, Wording
from advocacy.legislators.recipient import Office, Recipient
from advocacy.letters.compose import Answers, compose
from advocacy.letters.letter import Letter
from advocacy.letters.sentence_wordings import wordings_at
from tests.bills import at_stage
from tests.builders import (
    OWN_WORDS,
    TODAY,
    a_member,
    a_minister,
    a_senator,
    a_vacant_seat,
    answered,
    nth_choice,
    some_answers,
    the_campaign,
)
from tests.golden.approval import FOLDER, approved

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
# Each kind is written to by another citizen, so that whatever can be left out is left out somewhere.
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
    "speaker": (
        a_member(office=Office.SPEAKER_COMMONS, first_name="Anne", last_name="Roy", name="Anne Roy"),
        {"relationship": "parent", "reason": ""},
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
STAGES = {"unknown": the_campaign(), "committee": at_stage(Stage.COMMITTEE), "passed": at_stage(Stage.PASSED)}
"""The campaign as it ships, and with a stage that somebody confirmed on the letter's day."""


class Case(NamedTuple):
    """A letter in one language, of which somebody has read what each kind of reader gets at each stage."""

    letter: str
    language: Language

    @property
    def file(self) -> str:
        return f"{self.letter}.{self.language}.txt"


CASES = [Case(letter, language) for letter in the_campaign().letters() for language in Language]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.file)
def test_letter_reads_as_approved(case: Case) -> None:
    text = "".join(readings(case))
    assert text == approved(text, f"letters/{case.file}")


def test_nothing_else_is_approved() -> None:
    assert {path.name for path in (FOLDER / "letters").iterdir()} == {case.file for case in CASES}


def test_a_letter_on_the_bill_as_introduced_is_not_offered_once_it_has_passed() -> None:
    passed = at_stage(Stage.PASSED)
    offered = {letter for letter in passed.letters() if passed.letter(letter).is_offered_at(Stage.PASSED)}
    assert offered == {"corporate-accountability", "follow-up", "thanks"}
    texts = " ".join(readings(Case("corporate-accountability", Language.EN)))
    afterwards = texts[texts.index(", passed\n") :]
    assert not re.search(r"\bas introduced", afterwards)


def readings(case: Case) -> Iterator[str]:
    """Yield what each kind of reader gets at each stage, its subject and body, other alternatives for each."""
    turn = 0
    for stage, folder in STAGES.items():
        template = folder.template(case.letter)
        if not template.letter.is_offered_at(template.campaign.stage_on(TODAY)):
            continue
        for kind in KINDS:
            letter = composed(template, case, kind, turn=turn)
            yield f"=== {kind}, {stage}\n{letter.subject}\n{letter.appel}\n\n{letter.body}\n\n{letter.source_note}\n\n"
            turn += 1


def some_letters() -> dict[str, Letter]:
    """Return one letter of each, and one to each kind of reader; languages and stages in turn."""
    letters, stages, languages = cycle(the_campaign().letters()), cycle(["unknown", "committee"]), cycle(Language)
    found = {}
    for turn, (letter, kind) in enumerate(
        islice(zip(letters, cycle(KINDS), strict=False), len(the_campaign().letters()))
    ):
        stage, case = next(stages), Case(letter, next(languages))
        found[f"{letter}, {kind}"] = composed(STAGES[stage].template(letter), case, kind, turn=turn)
    return found


def composed(template: LetterTemplate, case: Case, kind: str, *, turn: int) -> Letter:
    recipient, different = KINDS[kind]
    answers = citizen(case.language, case.letter, **different)
    choice = nth_choice(template, answers, recipient, turn=turn)
    wordings = wordings_at(template, case.language, turn=turn)
    return compose(template, answers, recipient, language=case.language, today=TODAY, choice=choice, wordings=wordings)


def citizen(language: Language, letter: str, **different: object) -> Answers:
    fields = {
        "relationship": str(different.pop("relationship", "parent")),
        "reason": str(different.pop("reason", OWN_WORDS[language])),
        "statements": str(different.pop("statements", "")),
    }
    answers = some_answers(language=language, fields=MappingProxyType(answered(letter) | fields))
    return replace(answers, **different)  # type: ignore[arg-type]  # the table above names fields of Answers
