"""Staff see how old a bill's stage is, confirm it by one press, and are asked again by mail after 30 days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from advocacy.campaigns.documents import newest_revision
from advocacy.campaigns.legislation import Stage
from advocacy.campaigns.library import newest_folder, stored_folder
from advocacy.campaigns.models import Revision
from advocacy.language import Language, day_of
from advocacy.runtime import Runtime
from advocacy.staff import publication, revisions
from advocacy.staff.audit_log import Act
from advocacy.staff.models import Account, AuditEntry, Proposal, Role
from advocacy.staff.publication import NotAllowed, Refusal, refuse_stale
from tests.web.shared_site import NOW
from tests.web.staff.browser import Browser, sign_in
from tests.web.staff.conftest import Clock, NewBrowser

CAMPAIGN = "child-protection"
PAGE = f"/staff/campaigns/{CAMPAIGN}/bill"
TODAY = day_of(NOW)


@dataclass
class Site:
    """A site whose clock moves, and browsers in which its people sign in at that time."""

    app: Flask
    runtime: Runtime
    clock: Clock

    def browser(self, role: Role) -> Browser:
        return sign_in(self.app, self.runtime, role, self.clock.now)


@pytest.fixture
def site(app: Flask, runtime: Runtime, clock: Clock) -> Site:
    return Site(app, runtime, clock)


def confirm(by: Browser, **different: str) -> object:
    typed = {
        "number": "C-34",
        "stage": "committee",
        "source": "LEGISinfo, C-34",
        "back": "/staff/campaigns/child-protection",
    }
    return by.post(PAGE, typed | different)


def live_bill(runtime: Runtime) -> tuple[Stage, date | None]:
    with runtime.sessions() as session:
        bill = stored_folder(session, CAMPAIGN).campaign().bill
    assert bill is not None
    return bill.stage, bill.confirmed


def status(by: Browser, page: str = "/staff/campaigns/child-protection") -> str:
    (notice,) = by.page(page).select(".bill-status")
    return " ".join(notice.get_text().split())


def saved(runtime: Runtime, by: Browser, *, old: str, new: str) -> int:
    """Save a change of the campaign's file, which waits for publication."""
    with runtime.sessions.begin() as session:
        content = newest_folder(session, CAMPAIGN).content("campaign.toml") or b""
        assert old.encode() in content
        files: Mapping[str, bytes] = {"campaign.toml": content.replace(old.encode(), new.encode())}
        account = session.get_one(Account, by.account_id)
        return revisions.save(session, CAMPAIGN, "campaign", files=files, by=account, now=NOW).id


def test_staff_begin_with_a_stage_that_nobody_confirmed(browser: NewBrowser) -> None:
    assert "Nobody has confirmed the stage of this bill." in status(browser(Role.PUBLISHER))
    writer = browser(Role.WRITER)
    assert "Nobody has confirmed" in status(writer)
    assert writer.page("/staff/campaigns/child-protection").select(".bill-status form") == []


def test_one_press_confirms_the_stage_and_it_is_live_at_once(browser: NewBrowser, runtime: Runtime) -> None:
    publisher = browser(Role.PUBLISHER)
    answer = confirm(publisher)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/campaigns/child-protection")  # type: ignore[attr-defined]
    assert live_bill(runtime) == (Stage.COMMITTEE, TODAY)
    said = status(publisher)
    assert "Bill C-34 · in committee Confirmed today. By Publisher, from: LEGISinfo, C-34" in said
    assert "for 45 more days" in said
    with runtime.sessions() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == Act.BILL_CONFIRMED.value)).one()
    assert (entry.account_id, entry.subject) == (publisher.account_id, f"campaign:{CAMPAIGN}")
    assert entry.before == {"bill": "C-34", "stage": "introduced", "confirmed": ""}
    assert entry.after == {
        "bill": "C-34",
        "stage": "committee",
        "confirmed": TODAY.isoformat(),
        "source": "LEGISinfo, C-34",
    }


def test_the_next_press_needs_nothing_typed(site: Site) -> None:
    confirm(site.browser(Role.PUBLISHER))
    site.clock.set(days=10)
    publisher = site.browser(Role.PUBLISHER)
    form = publisher.page("/staff/campaigns/child-protection").select_one(".bill-form")
    assert form is not None
    typed = {str(one["name"]): str(one["value"]) for one in form.select("input")}
    chosen = form.select_one("option[selected]")
    assert chosen is not None
    assert publisher.post(PAGE, typed | {"stage": str(chosen["value"])}).status_code == 303
    assert live_bill(site.runtime) == (Stage.COMMITTEE, TODAY + timedelta(days=10))


def test_its_age_is_told(site: Site) -> None:
    confirm(site.browser(Role.PUBLISHER))
    for days, said in (
        (1, "Confirmed 1 day ago."),
        (44, "Letters name this stage for 1 more day."),
        (45, "Letters name this stage until the end of today."),
        (46, "Too long ago: letters no longer name the stage."),
    ):
        site.clock.set(days=days)
        assert said in status(site.browser(Role.WRITER))


def test_what_cannot_be_confirmed_is_told(site: Site) -> None:
    publisher = site.browser(Role.PUBLISHER)
    for different, told in (
        ({"source": "  "}, "Say where you read it, for example LEGISinfo."),
        ({"stage": "unknown"}, "Not a valid choice."),
    ):
        confirm(publisher, **different)
        assert told in publisher.page("/staff/campaigns/child-protection").get_text()
    assert live_bill(site.runtime) == (Stage.INTRODUCED, None)


def test_a_change_that_waits_keeps_its_writer_its_request_and_the_stage(browser: NewBrowser, runtime: Runtime) -> None:
    writer, publisher = browser(Role.WRITER), browser(Role.PUBLISHER)
    waiting = saved(runtime, writer, old="Write to", new="Do write to")
    with runtime.sessions.begin() as session:
        found = newest_revision(session, CAMPAIGN, "campaign")
        assert found is not None
        publication.request_review(session, [found], by=session.get_one(Account, writer.account_id), now=NOW)
    confirm(publisher)
    with runtime.sessions.begin() as session:
        again = newest_revision(session, CAMPAIGN, "campaign")
        assert again is not None
        assert again.id != waiting
        refuse_stale(session, [again])
        file = newest_folder(session, CAMPAIGN).campaign()
        assert file.deck is not None
        assert file.bill is not None
        assert "Do write to" in file.deck[Language.EN]
        assert (file.bill.stage, file.bill.confirmed) == (Stage.COMMITTEE, TODAY)
        proposal = session.scalars(select(Proposal)).one()
        assert (proposal.revision_id, proposal.answer) == (again.id, None)
        by = session.get_one(Account, publisher.account_id)
        publication.publish(session, CAMPAIGN, [again.id], by=by, now=NOW)
    assert live_bill(runtime) == (Stage.COMMITTEE, TODAY)


def test_nobody_publishes_what_they_wrote_part_of_by_confirming_a_stage(browser: NewBrowser, runtime: Runtime) -> None:
    writer, publisher = browser(Role.WRITER), browser(Role.PUBLISHER)
    saved(runtime, publisher, old="Write to", new="Do write to")
    waiting = saved(runtime, writer, old="Do write to", new="Please write to")
    with runtime.sessions.begin() as session:
        revision = session.get_one(Revision, waiting)
        publication.request_review(session, [revision], by=session.get_one(Account, writer.account_id), now=NOW)
    confirm(publisher)
    with runtime.sessions.begin() as session:
        again = newest_revision(session, CAMPAIGN, "campaign")
        assert again is not None
        with pytest.raises(NotAllowed) as refused:
            publication.publish(
                session, CAMPAIGN, [again.id], by=session.get_one(Account, publisher.account_id), now=NOW
            )
        assert refused.value.code is Refusal.OWN
