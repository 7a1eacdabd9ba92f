"""Staff look at what is held: they read it, have it sent, or refuse it with a reason; a flood is one press."""

from collections.abc import Sequence

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from advocacy.delivery import outbox
from advocacy.delivery.models import Message
from advocacy.delivery.states import State
from advocacy.language import Language
from advocacy.letters.holding import REFUSALS, HoldReason, Refusal
from advocacy.letters.models import Confirmation, MessageKind, OwnText, StoredLetter, new_id
from advocacy.runtime import Runtime
from advocacy.staff.models import Role
from tests.web.public.sender import Sender
from tests.web.shared_site import NOW, SharedSite
from tests.web.staff.browser import Browser
from tests.web.staff.conftest import NewBrowser
from tests.web.staff.outbox_filled import OFFICE, a_letter
from tests.web.staff.test_deliveries import acts, state_of


@pytest.fixture
def sender(shared_site: SharedSite) -> Sender:
    """A site which letters are sent from."""
    return Sender.on(shared_site)


@pytest.fixture
def manager(browser: NewBrowser) -> Browser:
    """A manager."""
    return browser(Role.MANAGER)


def flood(runtime: Runtime, number: int, *, office: str = OFFICE) -> list[int]:
    """Have so many letters of one text be held."""
    ids = []
    with runtime.sessions.begin() as session:
        for _ in range(number):
            letter = StoredLetter(
                id=new_id(),
                place=0,
                campaign="child-protection",
                template="child-protection/takedown-and-standards",
                pins={},
                legislator_id=office,
                language=Language.FR,
                edited=True,
                created_at=NOW,
            )
            session.add(letter)
            session.flush()
            session.add(OwnText(letter_id=letter.id, legislator_id=office, group_key="flood", confirmed_at=NOW))
            message = outbox.put(
                session, MessageKind.LETTER, letter.id, now=NOW, pace_key=office, hold_reason=HoldReason.ALIKE
            )
            ids.append(message.id)
    return ids


def states(runtime: Runtime, ids: Sequence[int]) -> set[State]:
    with runtime.sessions() as session:
        return set(session.scalars(select(Message.state).where(Message.id.in_(ids))))


def test_a_letter_is_listed_with_its_reason_read_and_sent(manager: Browser, runtime: Runtime, app: Flask) -> None:
    number = a_letter(runtime, app, State.HELD)
    assert "Read 1 letter before it is sent" in manager.page("/staff/").get_text()
    [row] = manager.page("/staff/held").select("tbody tr")
    assert "Mostly own words" in row.get_text()
    assert "Ottawa Centre" in row.get_text()
    page = manager.page(f"/staff/held/{number}")
    assert page.select_one(".sheet") is None, "nothing is read by opening the page"
    assert acts(runtime) == []
    answer = manager.post(f"/staff/held/{number}/text", {})
    assert 'class="sheet' in answer.text
    assert acts(runtime) == [("letter-read", f"letter:{number}", "Mostly own words")]
    assert manager.post(f"/staff/held/{number}", {"act": "send", "last": str(number)}).status_code == 303
    assert state_of(runtime, number) is State.READY
    assert acts(runtime)[-1] == ("held-sent", f"letter:{number}", None)
    assert "Nothing needs a look" in manager.page("/staff/held").get_text()


def test_a_refusal_needs_a_reason_and_its_writer_is_told_it(sender: Sender, browser: NewBrowser) -> None:
    manager, runtime = browser(Role.MANAGER), sender.runtime
    sender.sent()
    receipt = sender.confirmed()
    with runtime.sessions.begin() as session:
        message = session.scalars(select(Message).where(Message.kind == MessageKind.LETTER)).one()
        message.state, message.reason = State.HELD, HoldReason.OWN_TEXT
        number = message.id
    answer = manager.post(f"/staff/held/{number}", {"act": "refuse", "last": str(number)})
    assert answer.status_code == 422
    assert "Choose a reason" in answer.text
    assert state_of(runtime, number) is State.HELD
    manager.post(f"/staff/held/{number}", {"act": "refuse", "last": str(number), "refusal": Refusal.THREAT})
    assert state_of(runtime, number) is State.CANCELLED
    with runtime.sessions() as session:
        assert session.scalar(select(Message.kind).where(Message.kind == MessageKind.OUTCOME))
    page = sender.follow(receipt).page
    assert page.select('.stand a[href*="/write?to="]'), "they can write again"
    said = page.get_text(" ", strip=True)
    assert "will read it" not in said
    assert REFUSALS[Refusal.THREAT].in_language(Language.EN) in said
    assert acts(runtime)[-1][0] == "held-refused"


def test_a_flood_is_one_row_and_one_press_and_what_came_since_stays(
    manager: Browser, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("advocacy.web.staff.needs_a_look.CHUNK", 10)
    ids = flood(runtime, 23)
    [row] = manager.page("/staff/held").select("tbody tr")
    assert "23" in row.get_text()
    page = manager.page(f"/staff/held/{ids[0]}")
    assert len(page.select("ul.read-list li")) == 20
    [later] = flood(runtime, 1)
    manager.post(f"/staff/held/{ids[0]}", {"act": "refuse", "last": str(ids[-1]), "refusal": Refusal.ALIKE})
    assert states(runtime, ids) == {State.CANCELLED}
    assert state_of(runtime, later) is State.HELD
    assert [act for act, *_ in acts(runtime)] == ["held-refused"] * 3, "an entry for each 10"


def test_one_letter_refused_without_a_reason_is_asked_about_again_and_not_its_group(
    manager: Browser, runtime: Runtime
) -> None:
    ids = flood(runtime, 3)
    refused = {"act": "refuse", "last": str(ids[-1]), "only": str(ids[1])}
    page = BeautifulSoup(manager.post(f"/staff/held/{ids[1]}", refused).data, "lxml")
    [opened] = page.select("details.choice[open]")
    assert [one["value"] for one in opened.select("[name=only]")] == [str(ids[1])]
    assert opened.select("#refusal .err")
    assert len(page.select("#refusal, .err")) == 2
    assert f"L-{ids[1]}" in " ".join(one.get_text() for one in page.select("section:has(#decide-h)"))
    assert len(page.select("ul.read-list li")) == 3
    assert states(runtime, ids) == {State.HELD}


@pytest.mark.parametrize("act", ["send", "delete"])
def test_a_form_nobody_confirmed_is_asked_about_or_deleted_without_a_mail(
    sender: Sender, browser: NewBrowser, act: str
) -> None:
    manager, runtime = browser(Role.MANAGER), sender.runtime
    sender.sent()
    with runtime.sessions.begin() as session:
        message = session.scalars(select(Message)).one()
        message.state, message.reason = State.HELD, HoldReason.NO_PROOF
        number = message.id
    assert manager.post(f"/staff/held/{number}/text", {}).status_code == 404, "nobody reads what is not confirmed"
    manager.post(f"/staff/held/{number}", {"act": act, "last": str(number)})
    with runtime.sessions() as session:
        [message] = session.scalars(select(Message))
        left = len(session.scalars(select(Confirmation)).all())
    assert (message.state, left) == ((State.READY, 1) if act == "send" else (State.CANCELLED, 0))
    assert acts(runtime)[-1][0] == ("held-sent" if act == "send" else "held-deleted")
