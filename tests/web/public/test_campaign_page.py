"""The campaign's page shows each figure of the survey once, with its base and date, and leads into the form."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from struct import unpack

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient

from advocacy.campaigns.campaign_files import Length
from advocacy.campaigns.open_campaigns import OpenCampaign
from advocacy.findings import NO_SURVEY, Poll, Survey
from advocacy.language import Language, Wording
from advocacy.web.cache import cache
from advocacy.web.services import Services
from tests.builders import the_campaign
from tests.web.public.visitor import CAMPAIGN

SURVEY = the_campaign().survey()
POLL = SURVEY.polls[0]
LETTERS = {name: the_campaign().template(name) for name in the_campaign().letters()}
FIGURE = re.compile(r"(\d+)[\u00a0 ]?%")


BOTH = pytest.mark.parametrize("language", Language, indirect=True)
"""Where words are asked for that a language may say in another way."""


@pytest.fixture
def language(request: pytest.FixtureRequest) -> Language:
    return Language(getattr(request, "param", Language.FR))


@pytest.fixture
def page(client: FlaskClient, language: Language) -> BeautifulSoup:
    return BeautifulSoup(client.get(f"/{language}/{CAMPAIGN}/").data, "lxml")


def texts(elements: Iterable[Tag]) -> list[str]:
    return [" ".join(one.get_text().split()) for one in elements]


@BOTH
def test_the_page_holds_every_answer_with_its_whole_wording(page: BeautifulSoup, language: Language) -> None:
    rows = {
        (" ".join(row.select_one("th").get_text().split()), row.select_one("td").get_text(strip=True))  # type: ignore[union-attr]
        for row in page.select(".answers tbody tr")
    }
    findings = SURVEY.findings.values()
    assert rows == {(finding.wording.in_language(language), finding.in_language(language)) for finding in findings}
    assert len(page.select(".answers .top")) == len(SURVEY.questions)


def test_bars_fall_and_are_as_wide_as_their_figures(page: BeautifulSoup) -> None:
    for chart in page.select(".chart"):
        widths = [int(str(bar["width"]).removesuffix("%")) for bar in chart.select("rect.share")]
        assert widths == sorted(widths, reverse=True)
        assert widths == [int(FIGURE.findall(cell.get_text())[0]) for cell in chart.select("td.n")]
        assert sum(widths) == 100


def test_each_figure_is_seen_once_before_anything_is_unfolded(page: BeautifulSoup) -> None:
    for element in page.select("script, style, details"):
        element.decompose()
    seen = [Decimal(number) for number in FIGURE.findall(page.get_text())]
    main = [option.percent for option in POLL.main_question.options]
    assert Counter(seen) == Counter([*main, Decimal(89), Decimal(85)])


def test_the_page_says_no_percentage_that_the_survey_does_not(page: BeautifulSoup) -> None:
    known = {finding.percent for finding in SURVEY.findings.values()}
    for element in page.select("script, style"):
        element.decompose()
    shown = {int(number) for number in FIGURE.findall(page.get_text())}
    assert shown == known


@BOTH
def test_base_and_date_stand_with_the_figures(page: BeautifulSoup, language: Language) -> None:
    [method] = texts(page.select(".method"))
    words = {
        Language.EN: ("November 2019", "18 months", "more than 23,700 people"),
        Language.FR: ("novembre 2019", "18 mois", "plus de 23 700 personnes"),
    }
    assert [one for one in words[language] if one not in method] == []


@BOTH
def test_translations_are_marked_where_they_are_ours(page: BeautifulSoup, language: Language) -> None:
    marks = page.select(".translated")
    assert bool(marks) is (language is Language.EN)
    if marks:
        assert len(page.select(".quotes .translated")) == len(SURVEY.quotes)


def test_the_first_screen_asks_for_a_postal_code_and_nothing_else(page: BeautifulSoup, language: Language) -> None:
    [form] = page.select("main form")
    assert (form["method"], form["action"]) == ("post", f"/{language}/{CAMPAIGN}/write")
    [field] = form.select("input, select, textarea")
    wanted = {"name": "postal_code", "autocomplete": "postal-code", "autocapitalize": "characters"}
    assert wanted | {"enterkeyhint": "go"} == {key: field.get(key) for key in (*wanted, "enterkeyhint")}
    assert page.select(f'label[for="{field["id"]}"]')


def test_each_letter_is_a_link_that_preselects_it(client: FlaskClient, page: BeautifulSoup, language: Language) -> None:
    links = page.select(".letter-list a")
    full = [
        one for one in LETTERS.values() if one.letter.title.in_language(language) in {link.get_text() for link in links}
    ]
    assert len(links) == len(full) > 4
    for link in links:
        name = str(link["href"]).partition("template=")[2]
        assert link.get_text() == LETTERS[name].letter.title.in_language(language)
        if LETTERS[name].letter.length is Length.FULL:
            form = BeautifulSoup(client.get(str(link["href"])).data, "lxml")
            assert [one["value"] for one in form.select("[name=template][checked]")] == [name]


def test_the_way_to_write_is_always_there_and_takes_the_postal_code_along(
    page: BeautifulSoup, language: Language
) -> None:
    [form] = page.select(f'form[action="/{language}/{CAMPAIGN}/write"]:has([name=postal_code])')
    for place in (".mast", ".callbar"):
        assert page.select(f'{place} button[type=submit][form="{form["id"]}"]')


def test_the_picture_for_networks_is_the_campaigns_own(client: FlaskClient, page: BeautifulSoup) -> None:
    [named] = [str(one["content"]) for one in page.select('meta[property="og:image"]')]
    path = named.removeprefix("http://localhost:8000")
    assert "?v=" in path
    answer = client.get(path)
    assert answer.mimetype == "image/png"
    assert unpack(">II", answer.data[16:24]) == (1200, 630), "the size that a PNG begins with"
    again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_site_with_one_campaign_leads_straight_to_it(client: FlaskClient, language: Language) -> None:
    assert client.get(f"/{language}/").location == f"/{language}/{CAMPAIGN}/"


@pytest.mark.parametrize("page_name", ["help", "nowhere"])
def test_plain_pages_and_errors_keep_the_masthead_and_write(
    client: FlaskClient, language: Language, page_name: str
) -> None:
    answer = client.get(f"/{language}/{page_name}", follow_redirects=True)
    assert answer.status_code == (404 if page_name == "nowhere" else 200)
    page = BeautifulSoup(answer.data, "lxml")
    assert page.html is not None
    assert page.html["lang"] == language
    assert [one["href"] for one in page.select(".mast .name")] == [f"/{language}/{CAMPAIGN}/"]
    assert [one["href"] for one in page.select(".mast .write")] == [f"/{language}/{CAMPAIGN}/write"]


@pytest.fixture
def look_anew(app: Flask) -> Iterator[Callable[[], None]]:
    """Have the site make its pages again."""

    def forget() -> None:
        with app.app_context():
            cache.clear()

    yield forget
    forget()


@pytest.fixture
def dated(look_anew: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return every campaign of the site its days."""
    one, every = Services.campaign, Services.campaigns

    def start(**days: date) -> None:
        def with_days(campaign: OpenCampaign) -> OpenCampaign:
            return replace(campaign, file=campaign.file.model_copy(update=days))

        def named(site: Services, name: str) -> OpenCampaign | None:
            found = one(site, name)
            return with_days(found) if found else None

        monkeypatch.setattr(Services, "campaign", named)
        monkeypatch.setattr(Services, "campaigns", lambda site: [with_days(each) for each in every(site)])
        look_anew()

    return start


def test_a_closed_campaign_keeps_its_findings_and_asks_for_nothing(
    client: FlaskClient, dated: Callable[..., None]
) -> None:
    dated(closes=date(2026, 11, 1))
    answer = client.get(f"/fr/{CAMPAIGN}/")
    assert answer.status_code == 200
    page = BeautifulSoup(answer.data, "lxml")
    assert "On ne peut plus envoyer de lettres, mais les constats restent en ligne." in page.get_text()
    assert page.select(".answers")
    assert page.select('form, .callbar, .mast .write, .letter-list a, a[href*="/write"]') == []
    assert client.get(f"/fr/{CAMPAIGN}/social.png").status_code == 200
    closed = client.get(f"/en/{CAMPAIGN}/write")
    assert closed.status_code == 410
    assert "Letters can no longer be sent. You can still read the findings." in closed.text


def test_a_campaign_that_has_not_opened_says_when_it_does(client: FlaskClient, dated: Callable[..., None]) -> None:
    dated(opens=date(2027, 2, 1))
    for place in ("", "write", "social.png"):
        answer = client.get(f"/en/{CAMPAIGN}/{place}")
        assert (answer.status_code, answer.mimetype) == (404, "text/html")
        assert "opens on February 1, 2027" in answer.text
    assert BeautifulSoup(client.get("/en/help").data, "lxml").select(".mast .write")[0]["href"] == "/en/"


# --- surveys of other kinds


@pytest.fixture
def surveyed(
    look_anew: Callable[[], None], monkeypatch: pytest.MonkeyPatch, *, client: FlaskClient, language: Language
) -> Callable[..., BeautifulSoup]:
    """Show the campaign's page with another survey."""
    one = Services.campaign

    def show(survey: Survey) -> BeautifulSoup:
        monkeypatch.setattr(Services, "campaign", lambda site, name: replace(one(site, name), survey=survey))  # type: ignore[type-var]
        look_anew()
        answer = client.get(f"/{language}/{CAMPAIGN}/")
        assert answer.status_code == 200
        return BeautifulSoup(answer.data, "lxml")

    return show


def test_a_campaign_without_a_survey_has_a_page_that_speaks_of_none(surveyed: Callable[..., BeautifulSoup]) -> None:
    page = surveyed(NO_SURVEY)
    assert page.select(".results, .quotes, .opening, .method") == []
    assert page.select(".letter-list a")
    assert not re.search(r"survey|sondage|respond|répond", page.select_one("main").get_text())  # type: ignore[union-attr]


def test_charts_say_why_shares_do_not_add_up_to_100(surveyed: Callable[..., BeautifulSoup], language: Language) -> None:
    several, rounded, *rest = SURVEY.questions
    fewer = rounded.options[0].model_copy(update={"percent": rounded.options[0].percent - 1})
    questions = (
        several.model_copy(update={"several_answers": True}),
        rounded.model_copy(update={"options": (fewer, *rounded.options[1:])}),
        *rest,
    )
    page = surveyed(SURVEY.model_copy(update={"questions": questions}))
    notes = texts(page.select(".chart > .small"))
    first, second = {
        Language.EN: ("Several answers possible: the shares do not add up to 100%.", "add up to 99%."),
        Language.FR: ("Plusieurs réponses possibles : le total des parts n’est pas de 100 %.", "totalisent 99 %."),
    }[language]
    assert notes[0] == first
    assert notes[1].endswith(second)
    assert len(notes) == 2


def test_the_page_says_of_a_survey_only_what_the_survey_says_of_itself(
    surveyed: Callable[..., BeautifulSoup], language: Language
) -> None:
    page = surveyed(SURVEY.model_copy(update={"method": None, "months": None}))
    [method] = texts(page.select(".method"))
    source = SURVEY.source.in_language(language)
    assert (
        method
        == {
            Language.EN: f"Source: {source}. Started in November 2019. Base: more than 23,700 people.",
            Language.FR: f"Source : {source}. Début : novembre 2019. Base : plus de 23 700 personnes.",
        }[language]
    )


def test_each_survey_of_a_file_has_its_own_heading(surveyed: Callable[..., BeautifulSoup], language: Language) -> None:
    other = Poll.model_construct(**{**dict(SURVEY), "title": Wording.same("Wave two"), "quotes": ()})
    page = surveyed(SURVEY.model_copy(update={"others": (other,)}))
    assert texts(page.select(".results > h2")) == [
        SURVEY.title.in_language(language).replace("\u00a0", " "),
        "Wave two",
    ]
