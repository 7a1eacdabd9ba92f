"""The journal page: what is shown, what is asked for, and a reason that is erased."""

from sqlalchemy import select

from advocacy.campaigns.models import Document, Revision
from advocacy.language import Language
from advocacy.runtime import Runtime
from advocacy.staff import invitations, revisions
from advocacy.staff.audit_log import Act, act_text, write
from advocacy.staff.models import Account, AuditEntry, Role
from tests.builders import the_campaign
from tests.web.shared_site import NOW
from tests.web.staff.conftest import NewBrowser


def test_an_act_of_an_older_version_is_told_by_its_name() -> None:
    assert act_text(Act.PUBLISHED, Language.FR) == "a publié"
    assert act_text("of-an-older-version", Language.FR) == "of-an-older-version"


def test_the_journal_is_read_page_by_page(runtime: Runtime, browser: NewBrowser) -> None:
    manager = browser(Role.MANAGER)
    with runtime.sessions.begin() as session:
        for number in range(1, 61):
            write(session, Act.PUBLISHED, f"revision:{number}", by=manager.account_id, now=NOW)
    page = manager.page("/staff/log")
    assert len(page.select("tbody tr")) == 50
    assert "revision, 60" in page.select_one("tbody tr").text  # type: ignore[union-attr]
    older = page.find("a", string="Older entries")
    assert older
    assert len(manager.page(str(older["href"])).select("tbody tr")) == 10


def test_an_entry_leads_to_what_it_names_where_that_has_a_page(runtime: Runtime, browser: NewBrowser) -> None:
    manager = browser(Role.MANAGER)
    with runtime.sessions.begin() as session:
        first = session.scalars(select(Revision).order_by(Revision.id)).first()
        assert first
        files = {file.name: file.content + b"\n" for file in first.files}
        by, (campaign, document) = (
            session.get_one(Account, manager.account_id),
            (
                first.document.campaign.name,
                first.document.name,
            ),
        )
        second = revisions.save(session, campaign, document, files=files, by=by, now=NOW)
        invitation = invitations.invite(session, "new@example.ca", Role.WRITER, by=by.id, now=NOW)
        history = f"/staff/history/{campaign}/{document}"
        pages = {
            f"revision:{first.id}": history,
            f"revision:{second.id}": f"{history}/compare?revision=1&revision=2",
            f"account:{by.id}": f"/staff/people/{by.id}",
            f"invitation:{invitation.id}": f"/staff/people/invitations/{invitation.id}",
            f"campaign:{campaign}": f"/staff/campaigns/{campaign}/settings",
            "legislator:mp-yasir-naqvi": "/staff/directory/entry/mp-yasir-naqvi",
        }
        for subject in (
            *pages,
            "revision:999",
            "revision:x",
            "account:999",
            "legislator:nobody",
            "letter:7",
            "entry:1",
        ):
            write(session, Act.PUBLISHED, subject, by=by.id, now=NOW)
    rows = manager.page("/staff/log?act=published").select("tbody tr td:nth-of-type(2)")
    links = [cell.a["href"] if cell.a else "" for cell in rows]
    assert links == ["", "", "", "", "", "", *reversed(pages.values())]
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
    rows = manager.page("/staff/log?act=published").select("tbody tr")
    said = [[" ".join(cell.get_text(" ").split()) for cell in row.select("td")[1:3]] for row in reversed(rows)]
    title = the_campaign().letter("mandatory-takedown").title[Language.EN]
    assert said == [
        [f"Protecting children online: {title}, revision 1", "published by its author yes"],
        [title, "format text rows left out 2"],
        ["letter, 7", "state Waits for a decision. Accepted by the mail service."],
        ["Yasir Naqvi", "Gender of the form of address unknown masculine"],
        ["House of Commons, Legislative assemblies", "no longer listed 3"],
        ["sending", ""],
        ["Protecting children online", "documents campaign, findings with the rest of the campaign yes odd 95"],
        ["Protecting children online", ""],
        ["account, 999", "role Writer Publisher"],
    ]


def test_entries_are_found_by_what_is_asked(runtime: Runtime, browser: NewBrowser) -> None:
    manager = browser(Role.MANAGER)
    with runtime.sessions.begin() as session:
        for act in (Act.PUBLISHED, Act.RETURNED, Act.PUBLISHED):
            write(session, act, "revision:1", by=None, now=NOW)
    found = {"act=returned": 1, "act=published": 2, "day=2026-11-25": 3, "day=2026-11-24": 0, "person=x": 3}
    assert {asked: len(manager.page(f"/staff/log?{asked}").select("tbody tr")) for asked in found} == found


def test_a_reason_is_erased_after_a_second_question(runtime: Runtime, browser: NewBrowser) -> None:
    manager = browser(Role.MANAGER)
    with runtime.sessions.begin() as session:
        write(
            session, Act.LETTER_READ, "letter:1", by=manager.account_id, now=NOW, reason="a complaint <b>about</b> it"
        )
    page = manager.page("/staff/log/1/reason")
    assert "a complaint <b>about</b> it" in page.text
    assert manager.post("/staff/log/1/reason").status_code == 303
    assert manager.post("/staff/log/1/reason").status_code == 303
    with runtime.sessions() as session:
        assert session.get_one(AuditEntry, 1).reason is None
        assert [entry.act for entry in session.query(AuditEntry).order_by(AuditEntry.id)] == [
            Act.LETTER_READ,
            Act.REASON_ERASED,
        ]
    assert manager.get("/staff/log/1/reason").status_code == 404
    assert manager.get("/staff/log/99/reason").status_code == 404
