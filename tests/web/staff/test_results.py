"""Writers see letters together, the same figures as page, map and file, and never fewer than five."""

import csv
import io
from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.library import import_folder
from advocacy.delivery.models import Message
from advocacy.delivery.provider import NothingToSend
from advocacy.dispatch import make_kinds
from advocacy.language import Language
from advocacy.legislators.legislatures import COMMONS, SENATE
from advocacy.legislators.models import Legislator, Riding, Status
from advocacy.legislators.riding_map import hexagons
from advocacy.letters import answer_counts
from advocacy.letters.encrypted_columns import load_keys
from advocacy.letters.models import AnswerKind, AnswerTally, FeatureTally, LetterTally
from advocacy.runtime import Runtime
from advocacy.staff import emails
from advocacy.staff.audit_log import Act
from advocacy.staff.models import AuditEntry, Role, StaffEmail
from tests.builders import the_campaign
from tests.web.shared_site import NOW
from tests.web.staff.conftest import NewBrowser

TODAY = date(2026, 11, 25)
LETTER = "child-protection/takedown-and-standards"
PATH = "/staff/campaigns/child-protection/results"
Counted = tuple[int, str, int]
"""Days ago, riding, letters."""


def tally(runtime: Runtime, counted: Iterable[Counted], *, template: str = LETTER) -> None:
    with runtime.sessions.begin() as session:
        for ago, riding, letters in counted:
            session.add(
                LetterTally(
                    day=TODAY - timedelta(days=ago),
                    campaign="child-protection",
                    template=template,
                    language=Language.FR,
                    riding_code=riding,
                    letters=letters,
                )
            )


def numbers(page: BeautifulSoup, rows: str) -> dict[str, str]:
    """Return the last cell of each row by its first."""
    cells = [row.select("th, td") for row in page.select(rows)]
    return {row[0].text.strip(): row[-1].text.strip() for row in cells}


def rows_of(content: bytes) -> dict[tuple[str, str], str]:
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    return {(table, group): letters for table, group, _, letters in rows}


def test_nothing_is_shown_of_four_letters_or_of_today(runtime: Runtime, browser: NewBrowser) -> None:
    tally(runtime, [(1, "35079", 4), (0, "35079", 400)])
    page = browser(Role.WRITER).page(PATH)
    assert "There is nothing to show yet" in page.text
    assert not page.select("table")


def test_figures_map_and_tables_say_the_same(runtime: Runtime, browser: NewBrowser) -> None:
    tally(runtime, [(3, "35079", 120), (3, "24037", 7), (3, "24054", 30), (2, "", 9), (1, "35100", 2), (1, "60001", 1)])
    page = browser(Role.WRITER).page(PATH)
    assert "166 letters confirmed up to November 23, 2026." in page.text
    by_province = numbers(page, "#provinces + table tbody tr")
    assert (by_province["Ontario"], by_province["Quebec"], by_province["Yukon"]) == ("120", "37", "not shown")
    drawn = {part.get_text(): part["class"] for part in page.select(".scroll .hexmap path")}
    assert len(drawn) == len(hexagons()) == 343
    assert drawn["Ottawa Centre: 120"] == ["h3"]
    assert drawn["Papineau: 30"] == ["h2"]
    assert drawn["Yukon: not shown"] == ["h0"]
    assert [one.text.strip() for one in page.select(".legend li")] == ["not shown", "7", "30", "120"]


def test_the_map_leads_to_the_row_of_a_riding(runtime: Runtime, browser: NewBrowser) -> None:
    tally(runtime, [(3, "35079", 12)])
    writer = browser(Role.WRITER)
    (link,) = [one["href"] for one in writer.page(PATH).select(".hexmap a") if one.text.strip() == "Ottawa Centre: 12"]
    address, _, row = str(link).partition("#")
    assert [cell.text for cell in writer.page(address).select(f"#{row} > *")] == ["Ottawa Centre", "12"]


def test_the_table_of_provinces_leads_wherever_the_map_does(runtime: Runtime, browser: NewBrowser) -> None:
    """So a riding on the map may be smaller than a finger (WCAG 2.5.8: Equivalent)."""
    tally(runtime, [(3, "35079", 12)])
    page = browser(Role.WRITER).page(PATH)
    on_map = {str(one["href"]).partition("#")[0] for one in page.select(".hexmap a")}
    in_table = {str(one["href"]).partition("#")[0] for one in page.select("#provinces + table a")}
    assert len(on_map) == 13
    assert {PATH + address for address in in_table} == on_map


def test_recipients_the_funnel_and_the_goal_add_up(runtime: Runtime, browser: NewBrowser) -> None:
    whole = the_campaign()
    goal = whole.text("campaign.toml") + "\n[goal]\nletters = 1000\nby = 2027-03-01\n"
    with runtime.sessions.begin() as session:
        import_folder(
            session, CampaignFolder.of(whole.name, {**dict(whole.files), "campaign.toml": goal.encode()}), now=NOW
        )
    tally(runtime, [(9, "35079", 20), (9, "sen", 6), (9, "min", 8)])
    with runtime.sessions.begin() as session:
        for feature, cell, letters in (
            ("outcome", "delivered", 25),
            ("outcome", "came_back", 9),
            ("unconfirmed", "", 6),
        ):
            day = TODAY - timedelta(days=9)
            session.add(FeatureTally(campaign="child-protection", day=day, feature=feature, cell=cell, letters=letters))
    page = browser(Role.WRITER).page(PATH)
    assert numbers(page, "[aria-labelledby=funnel] tbody tr") == {
        "Submitted": "40",
        "Confirmed by e-mail": "34",
        "Sent to the mail service": "34",
        "Reported as delivered": "25",
    }
    assert numbers(page, "[aria-labelledby=audiences] tbody tr") == {
        "One’s own member of the House of Commons": "20",
        "Ministers": "8",
        "Senators": "6",
    }
    assert "34 of 1,000 letters by March 1, 2027" in page.text


def told_of(runtime: Runtime, told: Iterable[tuple[str, AnswerKind, int, int]]) -> None:
    """Let offices have answered letters that are erased since, and record what may be shown."""
    with runtime.sessions.begin() as session:
        for office, kind, period, letters in told:
            key = {"legislator_id": office, "kind": kind, "within_days": period}
            session.add(AnswerTally(campaign="child-protection", letters=letters, **key))
        session.flush()
        answer_counts.record(session, now=NOW)


def offices(runtime: Runtime, chamber: str, number: int) -> list[tuple[str, str, str]]:
    """Return the ids, names and ridings of some offices."""
    sits = (Legislator.chamber == chamber, Legislator.status == Status.SITTING)
    with runtime.sessions() as session:
        found = select(Legislator, Riding.name).outerjoin(Riding, Riding.fed_code == Legislator.riding_code)
        rows = session.execute(found.where(*sits).order_by(Legislator.name).limit(number))
        return [(one.id, one.name, riding.in_language(Language.EN) if riding else "") for one, riding in rows]


def test_answers_are_shown_by_chamber_and_by_office_and_small_ones_by_neither(
    runtime: Runtime, browser: NewBrowser
) -> None:
    tally(runtime, [(3, "35079", 12)])
    (first, second), (third, _) = offices(runtime, COMMONS, 2), offices(runtime, SENATE, 2)
    told_of(
        runtime,
        [
            (first[0], AnswerKind.ANSWERED, 14, 12),
            (first[0], AnswerKind.NOTHING_YET, 0, 11),
            (second[0], AnswerKind.ANSWERED, 30, 5),
            (third[0], AnswerKind.ANSWERED, 14, 4),
            (third[0], AnswerKind.NOTHING_YET, 0, 2),
        ],
    )
    writer = browser(Role.WRITER)
    page = writer.page(PATH)
    by_chamber, by_office = page.select("section[aria-labelledby=answers] table")
    cells = [[cell.text.strip() for cell in row.select("th, td")] for row in by_chamber.select("tbody tr")]
    assert cells == [["House of Commons", "28", "12", "17", "17"]]
    cells = [[cell.text.strip() for cell in row.select("th, td")] for row in by_office.select("tbody tr")]
    assert cells == [[f"{first[1]} ({first[2]})", "50%", "50%", "50%"]]
    assert "writers reported on the answers to 34 letters" in page.text
    rows = rows_of(writer.post(f"{PATH}/csv").data)
    assert rows["reported by writers", "House of Commons"] == "28"
    assert rows["answered within 30 days", "House of Commons"] == "17"
    assert rows["answered within 30 days, percent", first[1]] == "50"
    assert second[1] not in {group for _, group in rows}


def test_results_come_by_mail_on_monday_once_to_who_asked(runtime: Runtime, browser: NewBrowser) -> None:
    tally(runtime, [(9, "35079", 30), (2, "35079", 12)])
    told_of(runtime, [(offices(runtime, COMMONS, 1)[0][0], AnswerKind.ANSWERED, 14, 8)])
    writer = browser(Role.WRITER, language=Language.FR)
    assert writer.post(PATH, {"weekly": "y"}).status_code == 303
    assert writer.page(PATH).select("#weekly[checked]")
    browser(Role.MANAGER)
    monday = NOW.replace(day=30, hour=13, minute=0)  # 8:00 in Ottawa
    with runtime.sessions.begin() as session:
        for minutes in (-1, 0, 61, 3 * 24 * 60):
            emails.send_results_emails(session, now=monday + timedelta(minutes=minutes))
    kinds = make_kinds(runtime.settings, load_keys(runtime.settings, runtime.sessions), now=lambda: monday)
    with runtime.sessions() as session:
        (ref,) = session.scalars(select(Message.ref).where(Message.kind == StaffEmail.RESULTS)).all()
        mail = kinds[StaffEmail.RESULTS].content(session, ref, "public")
    assert (mail.to.address, mail.language) == ("writer@example.ca", Language.FR)
    assert "Lettres confirmées jusqu’ici\u00a0: 42" in mail.text
    assert "Ces 7 derniers jours\u00a0: 12" in mail.text
    assert "Lettres dont on nous a dit la suite\u00a0: 8" in mail.text
    writer.post(PATH, {})
    with runtime.sessions() as session, pytest.raises(NothingToSend):
        kinds[StaffEmail.RESULTS].content(session, ref, "public")


def test_the_file_has_the_figures_of_the_page_and_is_in_the_journal(runtime: Runtime, browser: NewBrowser) -> None:
    tally(runtime, [(3, "35079", 12), (3, "24037", 7), (2, "60001", 6), (1, "35079", 3)])
    tally(runtime, [(3, "35079", 8)], template="child-protection/=cmd")
    writer = browser(Role.WRITER)
    answer = writer.post(f"{PATH}/csv")
    rows = rows_of(answer.data)
    assert answer.mimetype == "text/csv"
    assert rows["all", ""] == "33"
    assert rows["days", "2026-11-22/2026-11-22"] == "27"
    assert rows["riding", "Ottawa Centre (35079)"] == "20"
    assert rows["province", "Yukon"] == "6"
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    with runtime.sessions() as session:
        (entry,) = session.scalars(select(AuditEntry)).all()
    assert (entry.act, entry.subject) == (Act.INSIGHT_EXPORTED, "campaign:child-protection")
