"""A fix is data made from a problem; carried out, its problem is gone."""

import pytest

from advocacy.campaigns.campaign_folder import TEXTS
from advocacy.campaigns.checks.campaign_check import check_folder
from advocacy.campaigns.editor import manuscript, manuscript_source
from advocacy.campaigns.editor.fixes import Fix, apply_fix, apply_in_manuscript, fixes
from advocacy.campaigns.editor.manuscript import Manuscript
from advocacy.language import Language
from advocacy.messages import message
from advocacy.problems import Problem
from tests.campaign_files import EN, FINDINGS, FR, LETTER, campaign
from tests.unit.campaigns.editor.manuscripts import labels_for, opened

EN_, FR_ = Language.EN, Language.FR
SMALL = labels_for(EN, FR)


def problems_of(made: Manuscript) -> list[Problem]:
    """What the check says of the letter with these words."""
    written, _ = manuscript_source.write(made, SMALL)
    return check_folder(campaign({f"{LETTER}/{TEXTS[language]}": text for language, text in written.items()}))


def typed(language: Language, text: str, *, key: str = "s2.v0.c0") -> Manuscript:
    return manuscript.with_text(opened(EN, FR), key, language=language, text=text)


def all_fixes(made: Manuscript) -> list[Fix]:
    return [fix for problem in problems_of(made) for fix in fixes(problem)[:1]]


YES_EN, YES_FR = "In a survey, [62% · yes] agreed", "Dans un sondage, [62\u00a0% · oui]"


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        # A blank that may be empty.
        (EN_, f"{YES_EN}. I live in [riding].", f"{YES_EN}.[if riding given] I live in [riding].[end]"),
        (
            FR_,
            f"J’habite ici ([courriel]). {YES_FR}.",
            f"[si le champ «\u00a0courriel\u00a0» est rempli]J’habite ici ([courriel]). [fin]{YES_FR}.",
        ),
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
def test_a_problem_is_fixed_by_its_first_fix(language: Language, before: str, after: str) -> None:
    made = typed(language, before)
    for _ in range(5):
        for found in all_fixes(made)[:1]:
            made = apply_in_manuscript(found, made, SMALL)
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
        (EN_, "[62% · yes] see www.example.ca"),
    ],
)
def test_a_problem_without_a_clear_fix_has_none(language: Language, text: str) -> None:
    made = typed(language, text)
    assert problems_of(made) or "own words" in text
    assert all_fixes(made) == []


def test_a_figure_that_two_findings_give_offers_both() -> None:
    text = EN.replace("In a survey", "Say 50% in a survey")
    files = {f"{LETTER}/en.md": text, "findings.toml": FINDINGS.replace("62", "50").replace("38", "50")}
    [figure] = [one for one in check_folder(campaign(files)) if one.code == "figure-typed"]
    assert [apply_fix(fix, text).split("Say ")[1].split(" in a")[0] for fix in fixes(figure)] == [
        "{{ finding.opening_yes }}",
        "{{ finding.opening_no }}",
    ]


def test_what_is_lacking_is_added_before_a_tag_that_stands_right_below() -> None:
    lack = Fix(message("Add"), "en.md", 2, 1, 0, " more", at_end=True)
    text = "{% choose %}\nOne.\n{% or %}\nTwo.\n{% endchoose %}\n"
    assert apply_fix(lack, text) == text.replace("One.", "One more.")


def fixed(old: str, new: str, code: str) -> str:
    """The English text with a mistake put in it, after its first fix."""
    text = EN.replace(old, new, 1)
    [problem, *_] = [one for one in check_folder(campaign({f"{LETTER}/en.md": text})) if one.code == code]
    return apply_fix(fixes(problem)[0], text)


def test_a_condition_without_end_is_ended_on_its_line() -> None:
    assert fixed("{% if role %} {{ role }}{% endif %}", "{% if role %} {{ role }}", "condition-not-closed") == EN


def test_a_condition_around_paragraphs_is_ended_after_the_next_one() -> None:
    whole = "\n{% if role %}\nYes.\n{% endif %}\n"
    text = f"{EN}{whole}\nMore.\n"
    cut = text.replace("Yes.\n{% endif %}\n", "Yes.\n")
    problems = check_folder(campaign({f"{LETTER}/en.md": cut}))
    [problem] = [one for one in problems if one.code == "condition-not-closed"]
    assert problem.line == cut.split("\n").index("{% if role %}") + 1
    assert apply_fix(fixes(problem)[0], cut) == text


def test_a_misspelt_name_becomes_the_nearest_one() -> None:
    assert fixed("{{ role }}", "{{ rolle }}", "name-unknown") == EN


def test_a_word_that_a_blank_contains_goes_with_its_space() -> None:
    assert fixed("{{ finding.opening_yes }}", "{{ finding.opening_yes }} per cent", "word-doubled") == EN


def test_a_fix_of_another_text_is_not_the_same_fix() -> None:
    one, other = (all_fixes(typed(EN_, f"In a survey, [62% · yes] {words}...")) for words in ("now", "and now"))
    assert {fix.key for fix in one} & {fix.key for fix in other} == set()
