"""A letter as composed is never doubted, whatever the letter, the recipient and the stage; nor is a word of composed false."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from types import MappingProxyType

import pytest

from advocacy.campaigns.legislation import Stage
from advocacy.language import Language, Wording
from advocacy.legislators.recipient import Office, Recipient
from advocacy.letters.alternatives import sequence
from advocacy.letters.bills import BillClaim, check_bill
from advocacy.letters.compose import compose
from advocacy.letters.figures import Verdict
from advocacy.letters.letter import Letter
from tests.builders import (
    OWN_WORDS,
    TODAY,
    a_member,
    a_minister,
    a_senator,
    a_vacant_seat,
    some_answers,
    the_campaign_at,
)
from tests.golden.test_letters import READ_TO_EVERYBODY

RECIPIENTS: tuple[Recipient, ...] = (
    a_member(),
    a_member(riding_code="24054", riding=Wording.same("Papineau")),
    a_vacant_seat(),
    a_senator(),
    a_minister(responsible_for=frozenset({"C-34"})),
    a_minister(),
    a_member(office=Office.PRIME_MINISTER, title=Wording.of(en="Prime Minister", fr="Premier ministre")),
    a_member(office=Office.MAYOR, title=Wording.of(en="Mayor", fr="Maire"), city=Wording.same("Ottawa")),
)
ALTERNATIVES = 3
WHOLE = (Stage.UNKNOWN, Stage.COMMITTEE)
"""Stages at which all letters are read."""
DOUBTED = {Verdict.FALSE, Verdict.UNCLEAR}


def letters(stage: Stage, names: Iterable[str], *, own_words: bool) -> Iterator[Letter]:
    """Shipped letters, to each kind of recipient, in each alternative, with and without an address."""
    folder = the_campaign_at(stage)
    for name in names:
        template = folder.template(name)
        for language in Language:
            for turn, choice in enumerate(islice(sequence(template.texts[language]), ALTERNATIVES)):
                words = OWN_WORDS[language] if own_words else ""
                fields = MappingProxyType({"relationship": "parent", "reason": words})
                email = "camille.essai@example.ca" if turn % 2 == 0 else ""
                answers = replace(some_answers(language=language), email=email, fields=fields)
                for recipient in RECIPIENTS:
                    yield compose(template, answers, recipient, language=language, today=TODAY, choice=choice)


def doubted(claims: tuple[BillClaim, ...]) -> list[str]:
    return [f"{claim.verdict.name}: {claim.sentence}" for claim in claims if claim.verdict in DOUBTED]


@pytest.mark.parametrize("stage", Stage)
def test_a_letter_as_composed_is_never_doubted(stage: Stage) -> None:
    bills = the_campaign_at(stage).campaign().bills
    read = set()
    for letter in letters(stage, READ_TO_EVERYBODY, own_words=True):
        composed = ["".join(piece.text for piece in one.pieces if not piece.typed_in) for one in letter.paragraphs]
        paragraphs = (letter.subject, *(one.text for one in letter.paragraphs))
        # A paragraph that stands in several letters is read once.
        new = [one for one in paragraphs if (letter.language, one) not in read]
        read |= {(letter.language, one) for one in new}
        text = "\n\n".join(new)
        claims = check_bill(text, bills, letter.language, today=TODAY, composed=[*composed, letter.subject])
        assert doubted(claims) == []
    assert len(read) >= 50


def paragraphs(stage: Stage, names: Iterable[str]) -> set[tuple[Language, str]]:
    return {
        (letter.language, one.text) for letter in letters(stage, names, own_words=False) for one in letter.paragraphs
    }


def test_our_own_words_are_read_as_they_are_meant_even_where_they_are_not_known_as_ours() -> None:
    """All letters at two stages; at the others two letters, with what the rest say whatever the stage.

    What claims nothing of the bill at one stage claims nothing at another, and is read once.
    """
    names = the_campaign_at(Stage.UNKNOWN).letters()
    rest = [name for name in names if name not in READ_TO_EVERYBODY]
    found = {stage: (paragraphs(stage, rest), paragraphs(stage, READ_TO_EVERYBODY)) for stage in WHOLE}
    everywhere = set[tuple[Language, str]].intersection(*(of_rest for of_rest, _ in found.values()))
    silent: set[tuple[Language, str]] = set()
    for stage in Stage:
        bills = the_campaign_at(stage).campaign().bills
        of_rest, of_two = found.get(stage) or (everywhere, paragraphs(stage, READ_TO_EVERYBODY))
        for language, text in (of_rest | of_two) - silent:
            claims = check_bill(text, bills, language, today=TODAY)
            assert doubted(claims) == [], stage
            silent |= set() if claims else {(language, text)}
    assert len(silent) >= 50


def acts(stage: Stage, language: Language) -> list[str]:
    """What is asked at a stage, of every kind of recipient, in every wording."""
    folder = the_campaign_at(stage)
    template = folder.template(folder.letters()[0])
    return [text for key, said in template.acts[language].items() if key.stage is stage for text in said.values()]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("stage", Stage)
def test_an_act_is_never_doubted_at_its_own_stage(stage: Stage, language: Language) -> None:
    bills = the_campaign_at(stage).campaign().bills
    assert [
        one for text in acts(stage, language) for one in doubted(check_bill(text, bills, language, today=TODAY))
    ] == []


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("stage", [Stage.COMMITTEE, Stage.OTHER_HOUSE, Stage.PASSED, Stage.DIED])
def test_an_act_that_names_its_stage_is_false_at_another(stage: Stage, language: Language) -> None:
    bills = the_campaign_at(Stage.INTRODUCED).campaign().bills
    found = [
        claim.verdict for text in acts(stage, language) for claim in check_bill(text, bills, language, today=TODAY)
    ]
    assert Verdict.FALSE in found


BESIDE = (
    "",
    "Bill C-34 has passed, and C-35 died on the order paper.",
    "Cette loi a été adoptée. Le projet de loi C-43 est à l’étude en comité.",
    "This text was introduced on May 3, 2026. It has not been read a second time.",
)


@pytest.mark.parametrize("stage", [Stage.COMMITTEE, Stage.UNKNOWN])
def test_what_is_cached_of_the_campaigns_paragraphs_changes_no_claim(stage: Stage) -> None:
    """Read with nothing kept, then with all of them kept, twice: once as they are kept, once from memory."""
    folder = the_campaign_at(stage)
    for letter in islice(letters(stage, folder.letters(), own_words=False), 0, None, 29):
        bills = folder.campaign().bills
        for added in BESIDE:
            composed = (*letter.template_paragraphs, letter.subject)
            text = "\n\n".join([composed[0], added, *composed[1:]])
            alone = check_bill(text, bills, letter.language, today=TODAY, composed=composed)
            for _ in range(2):
                kept = check_bill(
                    text, bills, letter.language, today=TODAY, composed=composed, cacheable=frozenset(composed)
                )
                assert kept == alone
            assert all(text[slice(*claim.span)] == claim.as_typed for claim in alone)
