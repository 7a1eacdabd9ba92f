"""The log: what is shown, what is asked for, and a reason that is erased."""

from sqlalchemy import select

from advocacy.campaigns.models import Document, Revision
from advocacy.language import Language
from advocacy.runtime import Runtime
from advocacy.staff.audit_log import Act, act_text, write
from advocacy.staff.models import AuditEntry, Role
from tests.builders import the_campaign
from tests.web.shared_site import NOW
from tests.web.staff.conftest import NewBrowser


def test_an_act_of_an_older_version_is_told_by_its_name() -> None:
    assert act_text(Act.PUBLISHED, Language.FR) == "a publié"
    assert act_text("of-an-older-version", Language.FR) == "of-an-older-version"


LOG = "/staff/organisation?open=log"


def test_the_log_is_read_part_by_part(runtime: Runtime, browser: NewBrowser) -> None:
    manager = browser(Role.MANAGER)
    with runtime.sessions.begin() as session:
        for number in range(1, 21):
            write(session, Act.PUBLISHED, f"revision:{number}9999", by=manager.account_id, now=NOW)
    page = manager.page(LOG)
    assert len(page.select("#log tbody tr")) == 12
    assert "revision, 209999" in page.select_one("#log tbody tr").text  # type: ignore[union-attr]
    assert "Last: Manager published, at 7" in page.select_one("#log .digest").text  # type: ignore[union-attr]
    older = page.find("a", string="Older")
    assert older
    assert len(manager.page(str(older["href"])).select("#log tbody tr")) == 8


def test_an_entry_leads_to_what_it_names_where_that_has_a_page(runtime: Runtime, browser: NewBrowser) -> None:
    manager = browser(Role.MANAGER)
    with runtime.sessions.begin() as session:
        revision = session.scalars(select(Revision).order_by(Revision.id)).first()
        assert revision
        campaign = revision.document.campaign.name
        pages = {
            f"revision:{revision.id}": f"/staff/campaigns/{campaign}",
            f"account:{manager.account_id}": f"/staff/organisation?open=people&person={manager.account_id}#people",
            f"campaign:{campaign}": f"/staff/campaigns/{campaign}",
            "legislator:mp-yasir-naqvi": "/staff/directory/entry/mp-yasir-naqvi",
        }
        gone = (
            "revision:99999",
            "revision:x",
            "account:999",
            "legislator:nobody",
            "letter:7",
            "entry:1",
            "invitation:0",
        )
        for subject in (*pages, *gone):
            write(session, Act.PUBLISHED, subject, by=manager.account_id, now=NOW)
    rows = manager.page(f"{LOG}&what=published").select("#log tbody tr td:nth-of-type(3)")
    assert [cell.a["href"] if cell.a else "" for cell in rows] == [*([""] * len(gone)), *reversed(pages.values())]
    for page in pages.values():
        manager.page(page)


def test_what_an_entry_is_about_and_what_changed_is_said_in_the_words_of_the_pages(
    runtime: Runtime, browser: NewBrowser
) -> None:
    manager = browser(Role.MANAGER)
    with runtime.sessions.begin() as session:
        which = select(Revision.id).join(Document).where(Document.name == "mandatory-takedown")
        revision = session.scalars(which.order_by(Revision.id)).first()
        entries: tuple[tuple[str, object, object], ...] = (
            (f"revision:{revision}", {}, {"document": "child-protection/mandatory-takedown", "by_its_writer": True}),
            ("letter:child-protection/mandatory-takedown", {}, {"format": "txt", "left_out": 2}),
            ("letter:7", {"state": "needs_staff"}, {"state": "accepted"}),
            ("legislator:mp-yasir-naqvi", {"gender": None}, {"gender": "m"}),
            ("list:commons,assembly-ON", {}, {"gone": 3}),
            ("outbox", {}, {}),
            ("campaign:child-protection", {"documents": ["campaign", "findings"]}, {"together": True, "odd": 95}),
            ("campaign:child-protection", {}, {"copied_from": ""}),
            ("account:999", "writer", "publisher"),
        )
        for subject, before, after in entries:
            write(session, Act.PUBLISHED, subject, by=None, now=NOW, before=before, after=after)
    rows = manager.page(f"{LOG}&what=published").select("#log tbody tr td:nth-of-type(3)")
    said = [" ".join(cell.get_text(" ").split()) for cell in reversed(rows)]
    title = the_campaign().letter("mandatory-takedown").title[Language.EN]
    assert said == [
        f"published: Protecting children online: {title} published by its author yes",
        f"published: {title} format text rows left out 2",
        "published: letter, 7 state Waits for a decision. Accepted by the mail service.",
        "published: Yasir Naqvi Gender of the form of address unknown masculine",
        "published: House of Commons, Legislative assemblies no longer listed 3",
        "published: sending",
        "published: Protecting children online documents campaign, findings with the rest of the campaign yes odd 95",
        "published: Protecting children online",
        "published: account, 999 role write write and approve others’ work",
    ]


def test_entries_are_found_by_what_is_asked(runtime: Runtime, browser: NewBrowser) -> None:
    manager = browser(Role.MANAGER)
    with runtime.sessions.begin() as session:
        for act in (Act.PUBLISHED, Act.RETURNED, Act.PUBLISHED):
            write(session, act, "revision:1", by=None, now=NOW)
    found = {"what=returned": 1, "what=published": 2, "day=2026-11-25": 3, "day=2026-11-24": 0, "who=x": 3}
    assert {asked: len(manager.page(f"{LOG}&{asked}").select("#log tbody tr")) for asked in found} == found


def test_a_reason_is_erased_and_the_log_says_so(runtime: Runtime, browser: NewBrowser) -> None:
    manager = browser(Role.MANAGER)
    with runtime.sessions.begin() as session:
        write(
            session, Act.LETTER_READ, "letter:1", by=manager.account_id, now=NOW, reason="a complaint <b>about</b> it"
        )
    assert "a complaint <b>about</b> it" in manager.page(LOG).text
    erase = "/staff/organisation/log/1/reason"
    assert manager.post(erase).status_code == 303
    assert manager.post(erase).status_code == 303
    with runtime.sessions() as session:
        assert session.get_one(AuditEntry, 1).reason is None
        assert [entry.act for entry in session.query(AuditEntry).order_by(AuditEntry.id)] == [
            Act.LETTER_READ,
            Act.REASON_ERASED,
        ]
    assert manager.post("/staff/organisation/log/99/reason").status_code == 404
