"""Own words are looked at where they may lend the survey a figure, and only there."""

from types import MappingProxyType

import pytest

from advocacy.exports.merge.row_letters import BILL_NOTES, FIGURE_NOTES, doubts
from advocacy.language import Language
from advocacy.letters.compose import compose
from advocacy.letters.figures import Verdict, check_figures
from advocacy.letters.letter import Letter
from advocacy.messages import Words
from tests.builders import TODAY, a_member, some_answers
from tests.unit.exports.merge.sheets import the_template
from tests.unit.letters.sentences import sentences

SAID = [line for name in ("false.txt", "unclear.txt", "own.txt") for line in sentences(f"figures/{name}")]


def a_letter(words: str) -> Letter:
    answers = some_answers(fields=MappingProxyType({"relationship": "", "reason": words}))
    return compose(the_template(), answers, a_member(), language=Language.EN, today=TODAY)


def doubted(words: str) -> list[Words]:
    return list(doubts(a_letter(words), the_template(), today=TODAY))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("96% of respondents want removal required by law.", [FIGURE_NOTES[Verdict.FALSE]]),
        ("95% of respondents want removal required by law.", []),
        ("3 of my 4 children are online.", []),
        ("I have two children and eight cousins.", []),
        ("", []),
    ],
)
def test_a_figure_that_is_not_the_surveys_is_told(words: str, told: list[Words]) -> None:
    assert doubted(words) == told


@pytest.mark.parametrize(
    ("words", "noted"),
    [
        ("Bill C-34 was introduced in May 2025.", [BILL_NOTES[Verdict.FALSE]]),
        ("I read that Bill C-34 has passed.", [BILL_NOTES[Verdict.UNCLEAR]]),
        ("I hope that Bill C-34 passes, as my two children need it.", []),
    ],
)
def test_what_own_words_say_of_the_bill_is_noted(words: str, noted: list[Words]) -> None:
    assert doubted(words) == noted


def test_what_is_passed_over_holds_nothing_doubtful() -> None:
    told = {words: doubted(words) for words in SAID[::8]}
    assert any(FIGURE_NOTES[Verdict.UNCLEAR] in said for said in told.values())
    for words in (words for words, said in told.items() if not said):
        letter = a_letter(words)
        claims = check_figures(letter.body, the_template().survey, Language.EN, composed=letter.template_paragraphs)
        assert not {claim.verdict for claim in claims} & {Verdict.FALSE, Verdict.UNCLEAR}, words
