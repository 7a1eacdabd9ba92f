"""The morning mail is Today by mail: on mornings when something has to be done, once, and without a word of a citizen."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from advocacy import morning_mail
from advocacy.campaigns.open_campaigns import OpenCampaigns
from advocacy.delivery.models import Message
from advocacy.delivery.provider import Envelope, NothingToSend
from advocacy.delivery.states import State
from advocacy.dispatch import make_kinds
from advocacy.language import Language
from advocacy.legislators import directory_queries
from advocacy.letters.encrypted_columns import load_keys
from advocacy.runtime import Runtime
from advocacy.staff import own_list
from advocacy.staff.models import Account, Role, StaffEmail
from advocacy.today import Urgency, newest_folders, waiting_for
from tests.citizens import written_to
from tests.web.shared_site import NOW
from tests.web.staff.conftest import NewBrowser
from tests.web.staff.outbox_filled import OFFICE, a_letter
from tests.web.staff.staged_site import CAMPAIGN

SEVEN = NOW
"""Seven in the morning in Ottawa."""


def put(runtime: Runtime, at: datetime) -> list[str]:
    """Run the task at a time; give the references of all mails there are then."""
    with runtime.sessions.begin() as session:
        morning_mail.put_mails(session, OpenCampaigns().all(session), now=at)
        mails = select(Message.ref).where(Message.kind == StaffEmail.MORNING).order_by(Message.id)
        return list(session.scalars(mails))


def written(runtime: Runtime, ref: str, at: datetime = SEVEN) -> Envelope:
    """Write the mail as it is when it is handed over."""
    kinds = make_kinds(runtime.settings, load_keys(runtime.settings, runtime.sessions), now=lambda: at)
    with runtime.sessions() as session:
        return kinds[StaffEmail.MORNING].content(session, ref, "one")


def test_a_held_letter_is_in_the_managers_mail_once_a_day_and_nothing_of_its_writer(
    browser: NewBrowser, app: Flask, runtime: Runtime
) -> None:
    manager = browser(Role.MANAGER)
    a_letter(runtime, app, State.HELD, now=NOW - timedelta(hours=1))
    mails = put(runtime, SEVEN)
    assert mails == [f"2026-11-25:{manager.account_id}"]
    assert put(runtime, SEVEN + timedelta(hours=1)) == mails
    mail = written(runtime, mails[0])
    assert mail.subject.startswith("Read 1 letter before it is sent, and ")
    assert f"{runtime.settings.base_url}/staff/held" in mail.text
    letter = written_to(OFFICE)
    for words in (letter.sender.name, *(paragraph.text for paragraph in letter.paragraphs)):
        assert words not in mail.text
        assert words not in (mail.html or "")


def test_a_decision_a_bounce_and_a_list_to_approve_are_in_it(browser: NewBrowser, app: Flask, runtime: Runtime) -> None:
    manager, colleague = browser(Role.MANAGER), browser(Role.PUBLISHER)
    a_letter(runtime, app, State.NEEDS_STAFF)
    with runtime.sessions.begin() as session:
        directory_queries.mark_bounced(session, OFFICE, now=NOW, reason="address")
        own_list.store_pending(session, CAMPAIGN, b"name\nAda Roe\n", by=colleague.account_id, now=NOW)
    mail = written(runtime, f"2026-11-25:{manager.account_id}")
    for words in ("1 message needs a decision", "Yasir Naqvi, Ottawa Centre comes back", "Approve a list of people"):
        assert words in mail.text


def test_it_is_written_in_the_language_of_whoever_gets_it(browser: NewBrowser, app: Flask, runtime: Runtime) -> None:
    manager = browser(Role.MANAGER, language=Language.FR)
    a_letter(runtime, app, State.HELD)
    assert written(runtime, f"2026-11-25:{manager.account_id}").subject.startswith("Lire 1 lettre avant l’envoi")


def test_what_is_only_to_know_writes_no_mail(runtime: Runtime, browser: NewBrowser) -> None:
    manager = browser(Role.MANAGER).account_id
    with runtime.sessions() as session:
        account, folders = session.get_one(Account, manager), newest_folders(session)
        waiting = waiting_for(session, account, campaigns=(), folders=folders, now=SEVEN)
    assert [task.urgency for task in waiting.tasks] == [Urgency.TO_KNOW] * 2
    assert not waiting.is_worth_a_mail


@pytest.mark.parametrize("hours", [-1, 5])
def test_none_leaves_at_night_or_after_noon(browser: NewBrowser, app: Flask, runtime: Runtime, *, hours: int) -> None:
    browser(Role.MANAGER)
    a_letter(runtime, app, State.HELD)
    assert put(runtime, SEVEN + timedelta(hours=hours)) == []


def test_a_mail_of_yesterday_or_of_somebody_who_left_is_not_sent(
    browser: NewBrowser, app: Flask, runtime: Runtime
) -> None:
    manager = browser(Role.MANAGER)
    a_letter(runtime, app, State.HELD)
    with pytest.raises(NothingToSend):
        written(runtime, f"2026-11-24:{manager.account_id}")
    with runtime.sessions.begin() as session:
        session.execute(update(Account).values(active=False))
    with pytest.raises(NothingToSend):
        written(runtime, f"2026-11-25:{manager.account_id}")
