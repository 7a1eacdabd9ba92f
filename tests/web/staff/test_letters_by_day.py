"""Writers see a campaign's letters by day, month by month, and never fewer than five."""

from collections.abc import Iterable
from datetime import date

from bs4 import BeautifulSoup

from advocacy.language import Language
from advocacy.letters.models import FeatureTally, LetterTally
from advocacy.runtime import Runtime
from advocacy.staff.models import Role
from tests.web.staff.conftest import NewBrowser

RESULTS = "/staff/campaigns/child-protection/results"
PATH = f"{RESULTS}/letters-by-day"
LETTER = {
    "campaign": "child-protection",
    "template": "child-protection/takedown-and-standards",
    "riding_code": "35079",
}


def tally(runtime: Runtime, counted: Iterable[tuple[str, int, int]]) -> None:
    """Count letters of a day: in English, in French."""
    with runtime.sessions.begin() as session:
        for day, *letters in counted:
            for language, number in zip((Language.EN, Language.FR), letters, strict=True):
                if number:
                    row = LetterTally(day=date.fromisoformat(day), language=language, letters=number, **LETTER)
                    session.add(row)


def outcomes(runtime: Runtime, day: str, **letters: int) -> None:
    with runtime.sessions.begin() as session:
        for cell, number in letters.items():
            session.add(
                FeatureTally(
                    campaign="child-protection",
                    day=date.fromisoformat(day),
                    feature="outcome",
                    cell=cell,
                    letters=number,
                )
            )


def rows(page: BeautifulSoup, part: str = "tbody") -> list[list[str]]:
    return [[cell.text.strip() for cell in row.select("th, td")] for row in page.select(f"{part} tr")]


def test_a_month_has_a_row_for_each_day_and_its_totals(runtime: Runtime, browser: NewBrowser) -> None:
    tally(runtime, [("2026-11-02", 9, 20), ("2026-11-20", 6, 7)])
    outcomes(runtime, "2026-11-02", delivered=23, came_back=6)
    outcomes(runtime, "2026-11-20", delivered=13)
    page = browser(Role.WRITER).page(PATH)
    assert rows(page) == [
        ["November 20, 2026", "13", "6", "7", "13", "0"],
        ["November 2, 2026", "29", "9", "20", "23", "6"],
    ]
    assert rows(page, "tfoot") == [["Whole month", "42", "15", "27", "36", "6"]]


def test_few_letters_wait_for_the_next_figure(runtime: Runtime, browser: NewBrowser) -> None:
    tally(runtime, [("2026-10-30", 3, 0), ("2026-11-01", 0, 4), ("2026-11-23", 2, 9), ("2026-11-24", 4, 0)])
    page = browser(Role.WRITER).page(PATH)
    assert rows(page) == [
        ["November 23, 2026", "11", "5", "13", "not shown", "not shown"],
        ["October 30, 2026 to November 1, 2026", "7", "not shown", "not shown", "not shown", "not shown"],
    ]
    assert rows(page, "tfoot") == [["Whole month", "18", "5", "13", "not shown", "not shown"]]


def test_links_lead_from_month_to_month_and_back_to_the_results(runtime: Runtime, browser: NewBrowser) -> None:
    tally(runtime, [("2026-08-31", 9, 0), ("2026-10-01", 6, 0)])
    writer = browser(Role.WRITER, language=Language.FR)
    assert writer.page(RESULTS).find("a", string="Lettres par jour", href=PATH)
    page = writer.page(PATH)
    assert [one.text for one in page.select("nav.actions a")] == ["Septembre 2026", "Novembre 2026"]
    page = writer.page(str(page.select("nav.actions a")[0]["href"]))
    assert "Aucune lettre à montrer pour ce mois" in page.text
    page = writer.page(str(page.select("nav.actions a")[0]["href"]))
    assert [row[:2] for row in rows(page)] == [["31 août 2026", "9"]]
    assert [one.text for one in page.select("nav.actions a")] == ["Septembre 2026"]
    assert page.find("a", string="Résultats", class_="up", href=RESULTS)


def test_without_letters_this_month_is_empty_and_no_month_is_refused(browser: NewBrowser) -> None:
    writer = browser(Role.WRITER)
    for month in ("", "2026-13", "0001-01", "9999-12", "novembre"):
        assert "No letters shown for this month" in writer.page(f"{PATH}?month={month}").text
