"""Figures are held against surveys with decimals, several answers, an exact base, or none at all."""

import pytest

from advocacy.findings import NO_SURVEY, Survey, read_survey
from advocacy.language import Language
from advocacy.letters.figures import Verdict, check_figures

SURVEY = read_survey(
    """\
source = { en = "Breathe Easy", fr = "Respirer mieux" }
title = { en = "Air at school", fr = "L’air à l’école" }
started = "2026-02"
respondents = 1204

[[question]]
key = "wanted"
number = 1
several_answers = true
question = { en = "What should schools buy?", fr = "Que devraient acheter les écoles?" }

[[question.option]]
key = "wanted_filters"
percent = 61.5
wording = { en = "Filters for the classrooms", fr = "Des filtres pour les classes" }

[[question.option]]
key = "wanted_windows"
percent = 48
wording = { en = "Windows that open", fr = "Des fenêtres qui ouvrent" }
""",
    file="findings.toml",
)


def judged(text: str, survey: Survey = SURVEY) -> list[tuple[str, Verdict]]:
    return [(claim.as_typed, claim.verdict) for claim in check_figures(text, survey, Language.EN)]


@pytest.mark.parametrize(
    ("text", "typed", "verdict"),
    [
        ("In the survey, 61.5% of respondents chose filters.", "61.5%", Verdict.UNCLEAR),
        ("In the survey, 62% of respondents chose filters.", "62%", Verdict.FALSE),
        ("Dans le sondage, 71,5 % des répondants veulent des filtres.", "71,5 %", Verdict.FALSE),
        ("In the survey, 1,204 people answered.", "1,204", Verdict.TRUE),
        ("In the survey, more than 1,204 people answered.", "more than 1,204", Verdict.FALSE),
        ("In the survey, 1,300 people answered.", "1,300", Verdict.FALSE),
    ],
)
def test_a_figure_is_compared_with_the_survey_to_its_decimal(text: str, typed: str, verdict: Verdict) -> None:
    assert judged(text) == [(typed, verdict)]


def test_without_a_survey_a_figure_is_to_be_confirmed_and_none_is_false() -> None:
    text = "The survey says that 95% of respondents want a law. More than 23,700 people answered the survey."
    assert {verdict for _, verdict in judged(text)} == {Verdict.FALSE}
    assert {verdict for _, verdict in judged(text, NO_SURVEY)} == {Verdict.UNCLEAR}
