"""Every figure and word of the survey is the published page's own, and a file that cannot be trusted is refused by line."""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from advocacy.findings import Finding, Statement, Survey, read_survey
from advocacy.language import Language
from advocacy.toml_source import TomlProblems

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "letters" / "child-protection" / "findings.toml"
PAGE = (ROOT / "tests" / "data" / "survey.fr.txt").read_text(encoding="utf-8")

# What the page prints, and what we print for it: the three mistakes of the page that are corrected.
CORRECTED = {
    "En novembre de 2019,": "En novembre 2019,",
    "protection de l'enfance de protection de l'enfance": "protection de l'enfance",
    "en cas non-respect": "en cas de non-respect",
}
FIGURES = {
    "sanction_none": 2, "sanction_criminal_charges": 85, "sanction_fine": 13,
    "role_laws": 89, "role_work_with_companies": 10, "role_none": 1,
    "removal_encouraged": 4, "removal_required": 95, "removal_none": 1,
    "reaction_unsure": 7, "reaction_police": 81, "reaction_host": 11, "reaction_nothing": 1,
}  # fmt: skip


@pytest.fixture(scope="module")
def survey() -> Survey:
    return read_survey(SHIPPED.read_text(encoding="utf-8"), file="findings.toml")


def untypeset(text: str) -> str:
    """Undo typesetting: hard spaces, typographic apostrophes, and the page's marks of emphasis."""
    plain = text.replace("**", "").replace("\u00a0", " ").replace("’", "'")
    return re.sub(r"\s+", " ", plain).strip()


@pytest.fixture(scope="module")
def page() -> str:
    text = untypeset(PAGE)
    for printed, corrected in CORRECTED.items():
        assert printed in text, f"the page has no “{printed}” to correct"
        text = text.replace(printed, corrected)
    return text


def statements(survey: Survey) -> list[Statement]:
    """Everything the survey says, except options and highlights, which are tested with their figures."""
    questions = [part for question in survey.questions for part in (*question.preamble, question.question)]
    return [*survey.introduction, *questions, *(quote.statement for quote in survey.quotes)]


def test_every_french_text_is_the_pages_own(survey: Survey, page: str) -> None:
    for statement in statements(survey):
        assert untypeset(statement.in_language(Language.FR)) in page


def test_nothing_the_page_says_is_left_out(survey: Survey, page: str) -> None:
    rest = page
    said = [untypeset(statement.in_language(Language.FR)) for statement in statements(survey)]
    for finding in survey.findings.values():
        said.append(f"{untypeset(finding.wording.in_language(Language.FR))} : {finding.percent} %")
        if finding.highlight:
            said.append(f"{finding.percent} % {untypeset(highlighted(finding, Language.FR))}")
    for text in (*said, untypeset(survey.title.in_language(Language.FR)), "Commentaires des répondants:"):
        assert text in rest
        rest = rest.replace(text, "", 1)
    assert re.sub(r"- \d\.|\s", "", rest) == ""


def test_the_figures_are_the_pages(survey: Survey) -> None:
    assert {key: finding.percent for key, finding in survey.findings.items()} == FIGURES
    assert [sum(option.percent for option in question.options) for question in survey.questions] == [100] * 4
    assert [question.number for question in survey.questions] == [1, 2, 3, 4]


def highlighted(finding: Finding, language: Language) -> str:
    assert finding.highlight is not None
    return finding.highlight.in_language(language)


PERCENT = re.compile(r"(\d+)\s?%")


def test_figures_inside_highlights_are_the_surveys(survey: Survey) -> None:
    for language in Language:
        inside = [
            (key, Decimal(figure))
            for key, finding in survey.findings.items()
            if finding.highlight
            for figure in PERCENT.findall(highlighted(finding, language))
        ]
        assert inside == [("sanction_criminal_charges", survey.findings["sanction_fine"].percent)]


def test_numbers_in_the_introduction_are_the_surveys(survey: Survey) -> None:
    for language in Language:
        text = " ".join(part.in_language(language) for part in survey.introduction)
        facts = survey.facts(language)
        assert facts["respondents"] in text
        assert facts["started"].lower() in text.lower()
        numbers = re.findall(r"\d+", text.replace(",", "").replace("\u00a0", ""))
        assert sorted(numbers) == sorted([facts["started"][-4:], str(survey.months), str(survey.respondents_at_least)])


@pytest.mark.parametrize(("language", "text"), [(Language.FR, "95\u00a0%"), (Language.EN, "95%")])
def test_a_finding_gives_its_figure_as_the_language_writes_it(survey: Survey, language: Language, text: str) -> None:
    assert survey.findings["removal_required"].in_language(language) == text


def test_the_facts_of_the_survey_are_given_in_both_languages(survey: Survey) -> None:
    french, english = survey.facts(Language.FR), survey.facts(Language.EN)
    assert (french["respondents"], english["respondents"]) == (
        "plus de 23\u00a0700 personnes",
        "more than 23,700 people",
    )
    assert (french["started"], english["started"]) == ("novembre 2019", "November 2019")
    assert (french["duration"], english["duration"]) == ("18\u00a0mois", "18 months")
    assert (french["source"], english["source"]) == (
        "Centre canadien de protection de l’enfance",
        "Canadian Centre for Child Protection",
    )


def test_what_the_centre_did_not_say_in_english_is_marked_a_translation(survey: Survey) -> None:
    own = {key for key, finding in survey.findings.items() if finding.highlight and not finding.highlight.translated}
    assert own == {"role_laws", "removal_required"}
    assert all(finding.wording.is_translation(Language.EN) for finding in survey.findings.values())
    assert all(quote.statement.is_translation(Language.EN) for quote in survey.quotes)
    assert not any(statement.is_translation(Language.FR) for statement in statements(survey))


# --- what loading refuses ------------------------------------------------------------------------------------------

SMALL = """\
source.fr = "Un centre"
source.en = "A centre"
title.fr = "Un titre"
title.en = "A title"
started = "2019-11"
months = 18
respondents_at_least = 23700
method.fr = "en ligne"
method.en = "online"

[[question]]
key = "role"
number = 1
question.fr = "Quel rôle?"
question.en = "What role?"

[[question.option]]
key = "role_laws"
percent = 89
wording.fr = "Des lois"
wording.en = "Laws"

[[question.option]]
key = "role_none"
percent = 11
wording.fr = "Aucun"
wording.en = "None"

[[quote]]
key = "quote_one"
statement.fr = "« Oui. »"
statement.en = "“Yes.”"
attribution.fr = "Une personne"
attribution.en = "A person"
"""


def replaced(old: str, new: str) -> Callable[[], str]:
    def change() -> str:
        assert old in SMALL
        return SMALL.replace(old, new, 1)

    return change


REFUSED = {
    "options that do not sum to 100": (replaced("percent = 11", "percent = 13"), 11, "The answers add up to 102"),
    "a missing language": (replaced('wording.en = "None"\n', ""), 26, "Write “wording” in both languages."),
    "an empty language": (
        replaced('wording.en = "None"', 'wording.en = " "'),
        26,
        "Write “wording” in both languages.",
    ),
    "a language unknown here": (replaced('wording.en = "None"', 'wording.de = "Nein"'), 26, "de"),
    "a missing language of the title": (replaced('title.en = "A title"\n', ""), 3, "Write “title” in both languages."),
    "a key used twice": (replaced('"role_none"', '"role_laws"'), 24, "twice"),
    "an option that takes the question's key": (replaced('"role_none"', '"role"'), 24, "twice"),
    "a figure over 100": (replaced("percent = 89", "percent = 101"), 19, "100"),
    "a figure below 0": (replaced("percent = 89", "percent = -1"), 19, "0"),
    "a figure with two decimals": (replaced("percent = 89", "percent = 89.25"), 19, "one decimal"),
    "a figure that is none": (replaced("percent = 89", "percent = nan"), 19, "one decimal"),
    "a figure in quotation marks": (replaced("percent = 89", 'percent = "89"'), 19, "Write a share from 0 to 100"),
    "two bases": (
        replaced("months = 18", "months = 18\nrespondents = 24000"),
        1,
        "Write once how many people answered.",
    ),
    "a link that leads nowhere": (replaced("months = 18", 'months = 18\nlink.en = "x"\nlink.fr = "x"'), 1, "https://"),
    "a TOML key unknown here": (replaced("number = 1", "number = 1\nweight = 3"), 14, "weight"),
    "a misspelt key of an option": (replaced('wording.en = "Laws"', 'wordng.en = "Laws"'), 21, "wordng"),
    "a key in capitals": (replaced('"role_laws"', '"Role-Laws"'), 18, "small letter"),
    "a quote whose key does not say so": (replaced('"quote_one"', '"one"'), 30, "quote_"),
    "a month that is none": (replaced('"2019-11"', '"2019-13"'), 5, "year and a month"),
    "a missing base": (replaced("respondents_at_least = 23700\n", ""), 1, "Write once how many people answered."),
    "a table of a name unknown here": (replaced("[[quote]]", "[[quotes]]"), 29, "quotes"),
    "broken TOML": (replaced("months = 18", "months = "), 6, "Not valid TOML"),
    "a key written twice": (replaced("months = 18", "months = 18\nmonths = 18"), 7, "Not valid TOML"),
}


@pytest.mark.parametrize(("change", "line", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_loading_refuses_with_file_and_line(change: Callable[[], str], line: int, said: str) -> None:
    with pytest.raises(TomlProblems) as refused:
        read_survey(change(), file="findings.toml")
    found = [(problem.file, problem.line) for problem in refused.value.problems]
    assert ("findings.toml", line) in found, str(refused.value)
    assert said in str(refused.value)
    assert str(refused.value).startswith("findings.toml:")


def test_every_complaint_comes_at_once() -> None:
    text = SMALL.replace("percent = 89", "percent = 101").replace('title.en = "A title"\n', "")
    with pytest.raises(TomlProblems) as refused:
        read_survey(text, file="findings.toml")
    assert [problem.line for problem in refused.value.problems] == [3, 18]


# --- surveys of other kinds -----------------------------------------------------------------------------------------


def with_shares(*shares: str, several: str = "") -> str:
    """Write the small survey with these answers to its question."""
    begin, end = SMALL.index("[[question.option]]"), SMALL.index("[[quote]]")
    options = "".join(
        f'[[question.option]]\nkey = "o{place}"\npercent = {one}\nwording.en = "x"\nwording.fr = "x"\n'
        for place, one in enumerate(shares)
    )
    return SMALL[:begin].replace("number = 1\n", f"number = 1\n{several}") + options + SMALL[end:]


@pytest.mark.parametrize(
    ("shares", "total"), [(("33", "33", "33"), 99), (("34", "34", "33"), 101), (("33.3", "33.4", "33.4"), "100.1")]
)
def test_rounded_shares_of_one_answer_each_may_miss_100_by_half_a_unit_each(
    shares: tuple[str, ...], total: float
) -> None:
    [question] = read_survey(with_shares(*shares), file="findings.toml").questions
    assert (question.total, question.is_rounded) == (Decimal(total), True)


@pytest.mark.parametrize("shares", [("33", "33", "32"), ("34", "34", "34"), ("33.3", "33.3", "33.1"), ("60.5", "39")])
def test_shares_that_rounding_does_not_explain_are_refused(shares: tuple[str, ...]) -> None:
    with pytest.raises(TomlProblems, match="The answers add up to"):
        read_survey(with_shares(*shares), file="findings.toml")


def test_shares_of_several_answers_total_what_they_do() -> None:
    text = with_shares("61.5", "48", several="several_answers = true\n")
    [question] = read_survey(text, file="findings.toml").questions
    assert (question.total, question.is_rounded, question.has_decimals) == (Decimal("109.5"), False, True)
    assert [question.options[0].in_language(language) for language in Language] == ["61.5%", "61,5\u00a0%"]


def test_a_file_that_says_nothing_is_no_survey() -> None:
    survey = read_survey("# nothing yet\n", file="findings.toml")
    assert (survey.polls, survey.findings, survey.numbers) == ((), {}, frozenset())
    assert set(survey.facts(Language.EN).values()) == {""}


def test_a_second_survey_in_the_file_is_cited_with_its_own_facts() -> None:
    second = SMALL.replace("A centre", "Another").replace("respondents_at_least = 23700", "respondents = 1004")
    second = re.sub(r'key = "(quote_)?', r'key = "\1later_', second.replace("months = 18\n", ""))
    head, _, rest = second.partition("[[question]]")
    text = f"{SMALL}\n[[survey]]\n{head}" + f"[[question]]{rest}".replace("[[", "[[survey.")
    survey = read_survey(text, file="findings.toml")
    assert [poll.source.in_language(Language.EN) for poll in survey.polls] == ["A centre", "Another"]
    [poll] = survey.polls_of(["later_role_laws", "quote_later_one"])
    assert {"respondents": "1,004 people", "duration": ""}.items() <= poll.facts(Language.EN).items()
    assert survey.polls_of([]) == survey.polls[:1]
    with pytest.raises(TomlProblems, match="twice"):
        read_survey(text.replace("later_role_laws", "role_laws"), file="findings.toml")
