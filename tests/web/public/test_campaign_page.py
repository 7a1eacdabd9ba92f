"""The campaign's page shows every figure of the survey with its base and date, and nothing that is not in it."""

import re

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from advocacy.language import Language, speak_percent
from advocacy.web.public.campaign_page import asks, cards, charts, quotes
from tests.builders import the_campaign
from tests.web.public.visitor import CAMPAIGN

SURVEY = the_campaign().survey()
LETTERS = {name: the_campaign().template(name) for name in the_campaign().letters()}


@pytest.fixture(params=list(Language))
def language(request: pytest.FixtureRequest) -> Language:
    return Language(request.param)


@pytest.fixture
def page(client: FlaskClient, language: Language) -> BeautifulSoup:
    return BeautifulSoup(client.get(f"/{language}/{CAMPAIGN}/").data, "html5lib")


def test_every_answer_of_every_question_is_drawn_once(language: Language) -> None:
    drawn = [bar.key for chart in charts(SURVEY, language) for bar in chart.options]
    assert sorted(drawn) == sorted(SURVEY.findings)


def test_bars_fall_and_the_first_is_the_main_one(language: Language) -> None:
    for chart in charts(SURVEY, language):
        percents = [bar.percent for bar in chart.options]
        assert percents == sorted(percents, reverse=True)
        assert [bar.main for bar in chart.options] == [True] + [False] * (len(percents) - 1)
        assert sum(percents) == 100


def test_base_and_date_stand_with_every_chart(language: Language) -> None:
    said = {
        Language.EN: ("Base: more than 23,700 people", "November 2019, for 18 months"),
        Language.FR: ("Base\u00a0: plus de 23\u00a0700 personnes", "Novembre 2019, pendant 18 mois"),
    }
    for chart in charts(SURVEY, language):
        assert (chart.base, chart.dated) == said[language]


def test_translations_are_marked_where_they_are_ours() -> None:
    assert all(chart.translated for chart in charts(SURVEY, Language.EN))
    assert not any(chart.translated for chart in charts(SURVEY, Language.FR))
    assert [quote.translated for quote in quotes(SURVEY, Language.EN)] == [True, True]


def test_the_highlights_come_with_the_largest_figure_first(language: Language) -> None:
    assert [ask.spoken for ask in asks(SURVEY, language)] == [speak_percent(one, language) for one in (95, 89, 85)]


def test_a_card_shows_the_ask_and_the_highlights_behind_it(language: Language) -> None:
    names = ["takedown-and-standards", "safety-standards"]
    shown = cards([(name, LETTERS[name]) for name in names], "safety-standards", language)
    assert [(card.name, card.selected, len(card.figures)) for card in shown] == [
        (names[0], False, 2),
        (names[1], True, 1),
    ]
    assert [card.ask for card in shown] == [LETTERS[name].letter.ask.spoken(language) for name in names]


def test_the_page_holds_every_figure_with_its_whole_wording(page: BeautifulSoup, language: Language) -> None:
    rows = {
        (th.get_text(strip=True), td.get_text(strip=True))
        for th, td in zip(page.select("tbody th"), page.select("tbody td"), strict=True)
    }
    findings = SURVEY.findings.values()
    assert rows == {(finding.wording.spoken(language), finding.spoken(language)) for finding in findings}
    assert len(page.select("svg rect.lead-bar")) == len(SURVEY.questions)


def test_the_page_says_no_percentage_that_the_survey_does_not(page: BeautifulSoup) -> None:
    known = {finding.percent for finding in SURVEY.findings.values()}
    for element in page.select("script, style"):
        element.decompose()
    said = {int(number) for number in re.findall(r"(\d+)[\u00a0 ]?%", page.get_text())}
    assert said <= known
    assert known <= said


def test_the_way_to_write_is_always_there(page: BeautifulSoup, language: Language) -> None:
    assert page.select(f'a[href="/{language}/{CAMPAIGN}/write"]')


def test_a_site_with_one_campaign_leads_straight_to_it(client: FlaskClient, language: Language) -> None:
    assert client.get(f"/{language}/").location == f"/{language}/{CAMPAIGN}/"


@pytest.mark.parametrize("page_name", ["help", "privacy", "accessibility"])
def test_the_plain_pages_exist_in_every_language(client: FlaskClient, language: Language, page_name: str) -> None:
    answer = client.get(f"/{language}/{page_name}")
    assert answer.status_code == 200
    assert f'lang="{language}"' in answer.text
