"""Sentences to check read as somebody has approved: every wording among others, and in each letter that offers them."""

from collections.abc import Iterator
from types import MappingProxyType
from typing import NamedTuple

import pytest

from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.checks.campaign_check import check_folder
from advocacy.campaigns.fields import SEPARATOR, Field
from advocacy.campaigns.letter_template import SentenceTexts
from advocacy.exports.text import to_text
from advocacy.language import Language
from advocacy.letters.compose import compose
from advocacy.letters.sentence_wordings import as_prose, wording_at, wordings_at
from tests.builders import TODAY, a_member, answered, nth_choice, some_answers, the_campaign, the_second_campaign
from tests.golden.approval import FOLDER, approved

CAMPAIGNS = {folder.name: folder for folder in (the_campaign(), the_second_campaign())}


class Case(NamedTuple):
    """A list of a campaign, or a letter that offers statements."""

    campaign: str
    name: str
    language: Language

    @property
    def file(self) -> str:
        return f"{self.campaign}/{self.name}.{self.language}.txt"


def lists() -> Iterator[Case]:
    for folder in CAMPAIGNS.values():
        for name in folder.sentences().statements:
            yield from (Case(folder.name, name, language) for language in Language)


def letters() -> Iterator[Case]:
    for folder in CAMPAIGNS.values():
        for name, letter in folder.readable_letters().items():
            if any(field.statements for field in letter.fields):
                yield from (Case(folder.name, name, language) for language in Language)


def paragraphs(case: Case) -> Iterator[str]:
    """Write what an office gets of those who check three neighbours of the list: every wording, in other company."""
    statements = CAMPAIGNS[case.campaign].sentences().statements[case.name]
    texts = [SentenceTexts.of_statement(one, case.language) for one in statements]
    for first in range(len(texts)):
        ticked = [texts[(first + place) % len(texts)] for place in range(min(3, len(texts)))]
        for turn in range(max(len(one.wordings) for one in ticked)):
            yield as_prose(ticked, {one.fingerprint: wording_at(one, turn) for one in ticked})


def letter_text(case: Case) -> str:
    """Write the letter of somebody who checks as many sentences as they may, and answers nothing else of their own."""
    folder: CampaignFolder = CAMPAIGNS[case.campaign]
    template = folder.template(case.name)
    turn = folder.letters().index(case.name)
    lines = answered(case.name) if folder is the_campaign() else {}
    fields = {field.key: _ticked(field) if field.statements else lines.get(field.key, "") for field in template.fields}
    answers = some_answers(fields=MappingProxyType(fields), language=case.language)
    letter = compose(
        template,
        answers,
        a_member(),
        language=case.language,
        today=TODAY,
        choice=nth_choice(template, answers, a_member(), turn=turn),
        wordings=wordings_at(template, case.language, turn),
    )
    return to_text(letter)


def _ticked(field: Field) -> str:
    return SEPARATOR.join(one.key for one in field.offered[: field.max_ticks])


@pytest.mark.parametrize("case", [*lists()], ids=lambda case: case.file)
def test_every_wording_reads_as_approved_among_others(case: Case) -> None:
    text = "".join(f"{paragraph}\n\n" for paragraph in paragraphs(case))
    statements = CAMPAIGNS[case.campaign].sentences().statements[case.name]
    assert all(one.in_language(case.language) in text for statement in statements for one in statement.wordings)
    assert text == approved(text, f"statements/{case.file}")


@pytest.mark.parametrize("case", [*letters()], ids=lambda case: case.file)
def test_a_letter_with_sentences_reads_as_approved(case: Case) -> None:
    text = letter_text(case)
    assert text == approved(text, f"statements/{case.file}")


def test_nothing_else_is_approved() -> None:
    folder = FOLDER / "statements"
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*.txt")} == {
        case.file for case in (*lists(), *letters())
    }


def test_the_sample_campaign_raises_nothing() -> None:
    assert check_folder(the_second_campaign()) == []
