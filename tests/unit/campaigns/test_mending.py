"""A mend is offered where one is clear; carried out, its problem is gone."""

import pytest

from advocacy.campaigns import labels, manuscript, mending
from advocacy.campaigns.check import check_folder
from advocacy.campaigns.folder import TEXTS
from advocacy.campaigns.manuscript import Manuscript
from advocacy.campaigns.mending import Mending
from advocacy.language import Language
from advocacy.toml_source import Problem
from tests.campaign_files import EN, FINDINGS, FR, LETTER, campaign
from tests.campaign_files import TEXTS as FILES
from tests.unit.campaigns.manuscripts import labels_for, opened, small

EN_, FR_ = Language.EN, Language.FR
SMALL = labels_for(EN, FR)


def problems_of(made: Manuscript, *, findings: str = FINDINGS) -> list[Problem]:
    """What the check says of the letter with these words."""
    written, _ = manuscript.write(made, SMALL)
    changes = {f"{LETTER}/{TEXTS[language]}": text for language, text in written.items()}
    return check_folder(campaign({**changes, "findings.toml": findings}))


def typed(language: Language, text: str, *, key: str = "s2.v0.c0") -> Manuscript:
    return manuscript.with_text(opened(EN, FR), key, language=language, text=text)


def mends(made: Manuscript) -> list[Mending]:
    return [*mending.of_problems(problems_of(made), made, SMALL, survey=small()[1]).values()]


def mend(problem: Problem, made: Manuscript) -> Mending | None:
    return mending.of_problems([problem], made, SMALL, survey=small()[1]).get(problem)


YES_EN, YES_FR = "In a survey, [62% · yes] agreed", "Dans un sondage, [62\u00a0% · oui]"


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        # A blank that may be empty.
        (EN_, f"{YES_EN} in [riding].", f"{YES_EN} in[if riding given] [riding][end]."),
        (FR_, f"{YES_FR} ([courriel]).", f"{YES_FR} ([s’il y a courriel][courriel][fin])."),
        # A finding that the other language cites.
        (EN_, "In a survey, many agreed.", "In a survey, many agreed [62% · yes]."),
        (FR_, "Dans un sondage, oui.", "Dans un sondage, oui [62\u00a0% · oui]."),
        # A figure typed by hand.
        (EN_, "In a survey, 62% agreed.", "In a survey, [62% · yes] agreed."),
        (FR_, "Dans un sondage, 62\u00a0% sont d’accord.", "Dans un sondage, [62\u00a0% · oui] sont d’accord."),
        (FR_, f"{YES_FR} en 7 mois.", f"{YES_FR} en [7 mois]."),
        (EN_, f"{YES_EN} and more than 4,300 people answered.", f"{YES_EN} and [more than 4,300 people] answered."),
        # Typography.
        (FR_, f"{YES_FR} : d'accord!", f"{YES_FR}\u00a0: d’accord!"),
        (EN_, f"{YES_EN}  now...", f"{YES_EN} now…"),
        (FR_, f"{YES_FR}, \"oui\" ?", f"{YES_FR}, «\u00a0oui\u00a0»?"),
    ],
)  # fmt: skip
def test_a_problem_with_one_clear_mend_is_mended(language: Language, before: str, after: str) -> None:
    made = typed(language, before)
    for _ in range(5):
        for found in mends(made)[:1]:
            made = mending.mended(made, found)
    case = manuscript.cell(made, "s2.v0.c0")
    assert case is not None
    assert case.text(language) == after


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (EN_, "In a survey, 61% agreed, and [62% · yes]."),
        (EN_, "In a survey, more than 62% agreed, and [62% · yes]."),
        (EN_, "In a survey, between 38 and 62% agreed, and [62% · yes]."),
        (EN_, f"{YES_EN} and 4,300 people answered."),
        (EN_, "{{ citizen.nam }} [62% · yes]"),
        (EN_, "[62% · yes] **x**"),
        (EN_, "[62% · yes] see www.example.ca"),
        (EN_, "[62% · yes] a [if own words given] [own words][end] b. [if own words given] x[end] c"),
    ],
)
def test_a_problem_without_one_clear_mend_has_none(language: Language, text: str) -> None:
    made = typed(language, text)
    assert problems_of(made) or "own words" in text
    assert mends(made) == []


def test_a_figure_that_two_findings_give_has_no_mend() -> None:
    campaign_file, _, letter = small()
    folder = campaign({"findings.toml": FINDINGS.replace("62", "50").replace("38", "50")})
    made = typed(EN_, "In a survey, 50% agreed, and [62% · yes].")
    figure = next(problem for problem in problems_of(made) if "typed by hand" in problem.sentence)
    found = labels.make(campaign_file, folder.survey(), letter, texts={EN_: EN, FR_: FR})
    assert mending.of_problems([figure], made, found, survey=folder.survey()) == {}


def test_spaces_on_both_sides_of_a_tag_are_not_mended_over_it() -> None:
    made = typed(EN_, "[62% · yes] agreed [if own words given] and so[end] do I.")
    spaces = Problem(f"x/{TEXTS[EN_]}", line_of(made, "agreed"), 32, "one space is enough: “agreed  and”")
    assert mend(spaces, made) is None


def line_of(made: Manuscript, words: str) -> int:
    lines = manuscript.write(made, SMALL)[0][EN_].split("\n")
    return next(number for number, line in enumerate(lines, start=1) if words in line)


def test_a_problem_of_another_file_has_no_mend() -> None:
    made = opened(EN, FR)
    elsewhere = Problem("open-libraries/campaign.toml", 1, 1, "“7” is a figure typed by hand; x")
    assert mend(elsewhere, made) is None
    beyond = Problem(f"x/{TEXTS[EN_]}", 999, 1, "x")
    assert mend(beyond, made) is None


def test_an_unknown_label_is_mended_by_the_nearest_or_loses_its_brackets() -> None:
    made = typed(FR_, "Oui, [62\u00a0% · ouui] et [zzzz].")
    near, far = manuscript.write(made, SMALL)[1]
    found = mending.of_unknown(near, made)
    assert found == Mending("s2.v0.c0", FR_, 5, 18, "[62\u00a0% · oui]")
    assert mending.of_unknown(far, made) == Mending("s2.v0.c0", FR_, 22, 28, "zzzz")
    assert [unknown.words for unknown in manuscript.write(mending.mended(made, found), SMALL)[1]] == ["zzzz"]
    assert mending.of_unknown(near, opened(EN, FR)) is None
    assert mending.mended(Manuscript(()), found) == Manuscript(())


def test_the_small_campaign_needs_no_mend() -> None:
    assert problems_of(opened(EN, FR)) == []
    assert FILES["findings.toml"] == FINDINGS


def test_of_very_many_problems_the_first_are_mended() -> None:
    made = typed(EN_, "[62% · yes] " + "it's " * 40)
    assert len(mends(made)) == mending.MOST
    assert mending.of_problem(problems_of(made)[0], made, SMALL, survey=small()[1]) in mends(made)
