"""A manager sees where letters stand, decides what only a person can, once, and learns nothing of who wrote."""

import csv
import io
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select, update

from advocacy.delivery import holds, outbox
from advocacy.delivery.models import Actor, Message
from advocacy.delivery.states import State
from advocacy.letters.models import Digest, DigestLetter, MessageKind, StoredLetter
from advocacy.runtime import Runtime
from advocacy.staff import audit_log
from advocacy.staff.audit_log import Act
from advocacy.staff.models import AuditEntry, Role
from tests.databases import statements_of
from tests.web.shared_site import NOW
from tests.web.staff.browser import Browser
from tests.web.staff.conftest import NewBrowser
from tests.web.staff.outbox_filled import OFFICE, a_letter

Put = Callable[[State], int]
OF_THE_CITIZEN = ("Camille", "Essai", "camille.essai", "K1A", "tablet")


@pytest.fixture
def put(runtime: Runtime, app: Flask) -> Put:
    """Puts one letter into the outbox."""
    return lambda state: a_letter(runtime, app, state)


@pytest.fixture
def manager(browser: NewBrowser) -> Browser:
    """A manager."""
    return browser(Role.MANAGER)


def state_of(runtime: Runtime, number: int) -> State:
    with runtime.sessions() as session:
        return session.get_one(Message, number).state


def acts(runtime: Runtime) -> list[tuple[str, str, str | None]]:
    """What the journal says."""
    with runtime.sessions() as session:
        assert not list(audit_log.find_breaks(session))
        return [(entry.act, entry.subject, entry.reason) for entry in session.scalars(select(AuditEntry))]


def seen(page: BeautifulSoup) -> str:
    return str(page.select_one("input[name=seen]")["value"])  # type: ignore[index]


def test_counts_and_what_waits_are_listed_without_the_citizen(manager: Browser, put: Put) -> None:
    put(State.DELIVERED)
    put(State.DELIVERED)
    number = put(State.NEEDS_STAFF)
    page = manager.page("/staff/deliveries")
    counts = dict(
        zip(
            (name.text for name in page.select(".tally dt")),
            (many.text for many in page.select(".tally dd")),
            strict=True,
        )
    )
    assert (counts["Delivered"], counts["Needs a decision"], counts["Waiting"]) == ("2", "1", "0")
    row = page.select_one("table.data tbody tr")
    assert row
    assert [cell.text.strip() for cell in row.select("th, td")][:3] == [
        f"L-{number}",
        "Ottawa Centre, House of Commons",
        "Sent twice, and nothing proves that it arrived.",
    ]
    assert not [word for word in OF_THE_CITIZEN if word in page.text]


def test_a_letters_way_is_told_without_its_words(manager: Browser, put: Put) -> None:
    number = put(State.NEEDS_STAFF)
    page = manager.page(f"/staff/deliveries/{number}")
    told = [first.text for first in page.select(".story li > b")]
    assert told[0] == "Confirmed by its writer."
    assert told[-1] == "Waits for a decision."
    assert not [word for word in OF_THE_CITIZEN if word in page.text]


OFFERED: dict[State, list[str]] = {
    State.NEEDS_STAFF: ["mark-sent", "retry", "cancel"],
    State.READY: ["cancel"],
    State.DELIVERED: [],
    State.FAILED: [],
}


def test_only_what_is_possible_is_offered(manager: Browser, put: Put) -> None:
    pages = {state: manager.page(f"/staff/deliveries/{put(state)}") for state in OFFERED}
    assert {
        state: [one["value"] for one in page.select("button[name=act]")] for state, page in pages.items()
    } == OFFERED


@pytest.mark.parametrize(
    ("act", "comes_to", "written"),
    [
        ("mark-sent", State.ACCEPTED, Act.LETTER_MARKED_SENT),
        ("retry", State.READY, Act.LETTER_SENT_AGAIN),
        ("cancel", State.CANCELLED, Act.LETTER_CANCELLED),
    ],
)
def test_a_decision_is_carried_out_once(
    manager: Browser, put: Put, runtime: Runtime, *, act: str, comes_to: State, written: Act
) -> None:
    number = put(State.NEEDS_STAFF)
    path = f"/staff/deliveries/{number}"
    form = {"act": act, "seen": seen(manager.page(path))}
    assert [manager.post(path, form).status_code for _ in range(2)] == [303, 303]
    assert state_of(runtime, number) is comes_to
    assert acts(runtime) == [(written, f"letter:{number}", None)]
    assert "Not done: its status changed" in manager.page(path).text


def test_a_page_from_before_decides_nothing(manager: Browser, put: Put, runtime: Runtime) -> None:
    number = put(State.NEEDS_STAFF)
    path = f"/staff/deliveries/{number}"
    old = seen(manager.page(path))
    with runtime.sessions.begin() as session:  # decided elsewhere, sent, and uncertain again
        message = outbox.locked(session, number)
        assert message
        for state in (State.READY, State.SENDING, State.UNCERTAIN, State.NEEDS_STAFF):
            outbox.make_move(session, message, state, now=NOW, by=Actor.WORKER)
    manager.post(path, {"act": "retry", "seen": old})
    assert state_of(runtime, number) is State.NEEDS_STAFF
    assert acts(runtime) == []


def test_sending_is_paused_for_a_reason_and_resumed(manager: Browser, runtime: Runtime) -> None:
    refused = manager.post("/staff/deliveries/pause", {"reason": "  "})
    assert (refused.status_code, "Give a short reason" in refused.text) == (422, True)
    for _ in range(2):
        assert manager.post("/staff/deliveries/pause", {"reason": "the office’s line is down"}).status_code == 303
    with runtime.sessions() as session:
        hold = holds.current(session)
        assert hold
        assert (hold.reason, hold.by) == ("paused", Actor.STAFF)
    assert "Sending has been paused since" in manager.page("/staff/deliveries").text
    for _ in range(2):
        assert manager.post("/staff/deliveries/resume").status_code == 303
    with runtime.sessions() as session:
        assert holds.current(session) is None
    assert acts(runtime) == [
        (Act.OUTBOX_PAUSED, "outbox", "the office’s line is down"),
        (Act.OUTBOX_RESUMED, "outbox", None),
    ]


def test_the_words_open_for_a_reason_which_the_journal_keeps(manager: Browser, put: Put, runtime: Runtime) -> None:
    number = put(State.NEEDS_STAFF)
    path = f"/staff/deliveries/{number}/text"
    refused = manager.post(path, {"reason": ""})
    assert refused.status_code == 422
    assert not [word for word in OF_THE_CITIZEN if word in refused.text]
    assert acts(runtime) == []
    opened = manager.post(path, {"reason": "asked by the office to find a doubled letter"})
    assert "Camille Essai" in opened.text
    assert "no-store" in opened.headers["Cache-Control"]
    assert acts(runtime) == [(Act.LETTER_READ, f"letter:{number}", "asked by the office to find a doubled letter")]
    assert "Camille" not in manager.get(f"/staff/deliveries/{number}").text


def test_a_corrupt_row_parks_its_letter_only(manager: Browser, put: Put, runtime: Runtime) -> None:
    broken, whole = put(State.NEEDS_STAFF), put(State.NEEDS_STAFF)
    with runtime.sessions.begin() as session:
        ref = session.get_one(Message, broken).ref
        session.execute(update(StoredLetter).where(StoredLetter.id == ref).values(letter_sealed=b"x" * 200))
    assert len(manager.page("/staff/deliveries").select("[aria-labelledby=decide-h] tbody tr")) == 2
    answer = manager.post(f"/staff/deliveries/{broken}/text", {"reason": "why"})
    assert (answer.status_code, "can’t be opened" in answer.text) == (200, True)
    assert acts(runtime) == []
    assert "Camille" in manager.post(f"/staff/deliveries/{whole}/text", {"reason": "why"}).text


def test_erased_words_are_not_offered(manager: Browser, put: Put, runtime: Runtime) -> None:
    number = put(State.DELIVERED)
    with runtime.sessions.begin() as session:
        session.execute(update(StoredLetter).values(letter_sealed=None))
    assert "erased, as promised" in manager.page(f"/staff/deliveries/{number}").text
    assert manager.post(f"/staff/deliveries/{number}/text", {"reason": "why"}).status_code == 404


def listed(manager: Browser, asked: str = "") -> list[str]:
    """The numbers of the letters in the list."""
    page = manager.page(f"/staff/deliveries{asked}")
    return [one.text.strip() for one in page.select("[aria-labelledby=all-h] tbody th")]


def test_a_letter_is_found_by_its_number(manager: Browser, put: Put) -> None:
    number = put(State.DELIVERED)
    for typed in (f"L-{number}", f" {number} ", f"l-{number}"):
        answer = manager.get("/staff/deliveries", query_string={"q": typed})
        assert answer.headers["Location"] == f"/staff/deliveries/{number}"
    assert "No letter was found here" in manager.page("/staff/deliveries?q=L-99").text


def test_letters_are_found_by_office_state_and_letter(manager: Browser, put: Put) -> None:
    delivered, failed = put(State.DELIVERED), put(State.FAILED)
    both = [f"L-{failed}", f"L-{delivered}"]
    assert listed(manager) == both
    assert listed(manager, "?q=ottawa+centre") == both
    assert listed(manager, "?q=naqvi&state=failed") == [f"L-{failed}"]
    assert listed(manager, "?letter=child-protection/takedown-and-standards") == both
    assert listed(manager, "?letter=child-protection/safety-standards") == []
    assert listed(manager, "?q=papineau") == listed(manager, "?q=nobody-at-all") == []


def test_pages_go_on_from_the_last_number_and_ask_no_more_of_many(
    manager: Browser, put: Put, runtime: Runtime, *, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [f"L-{put(State.DELIVERED)}" for _ in range(5)]
    counts = []
    listed(manager)
    for most in (1, 4):
        monkeypatch.setattr("advocacy.web.staff.deliveries.PAGE", most)
        with statements_of(runtime.engine) as asked:
            listed(manager)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    page = manager.page("/staff/deliveries?state=delivered")
    assert [one.text.strip() for one in page.select("[aria-labelledby=all-h] tbody th")] == numbers[:0:-1]
    older = page.select_one("a[rel=next]")
    assert older
    assert listed(manager, str(older["href"]).removeprefix("/staff/deliveries")) == numbers[:1]


def test_the_list_as_a_file_names_no_citizen_and_is_in_the_log(manager: Browser, put: Put, runtime: Runtime) -> None:
    put(State.DELIVERED)
    failed = put(State.FAILED)
    answer = manager.post("/staff/deliveries/csv?state=failed")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == [str(failed)]
    assert (rows[1][2], rows[1][-1]) == ("Refused", "Ottawa Centre, House of Commons")
    assert not [word for word in OF_THE_CITIZEN if word in answer.text]
    assert acts(runtime) == [(Act.DELIVERIES_EXPORTED, "outbox", None)]


def test_what_waits_for_a_daily_mail_is_named_and_can_be_cancelled(
    runtime: Runtime, put: Put, manager: Browser
) -> None:
    number = put(State.READY)
    with runtime.sessions.begin() as session:
        message = outbox.locked(session, number)
        assert message is not None
        outbox.make_move(session, message, State.DIGEST, now=NOW, by=Actor.SWEEP)
        session.add(Digest(id="day", legislator_id=OFFICE, day=NOW.date(), part=1))
        mail = outbox.put(session, MessageKind.DIGEST, "day", now=NOW, pace_key=OFFICE)
        for state in (State.SENDING, State.NEEDS_STAFF):
            outbox.make_move(session, mail, state, now=NOW, by=Actor.SWEEP, reason="no_proof")
        mail_number = mail.id
    page = manager.page("/staff/deliveries")
    assert "Waiting for a daily e-mail" in {name.get_text() for name in page.select(".by-state dt")}
    waiting = page.select_one("table td[data-label=To]")
    assert waiting is not None
    assert waiting.get_text() == "Ottawa Centre, House of Commons", "whose daily mail needs a decision"
    mail_page = manager.page(f"/staff/deliveries/{mail_number}")
    assert f"E-mail {mail_number}" in mail_page.get_text()
    assert "Ottawa Centre" in mail_page.get_text()
    letter_page = manager.page(f"/staff/deliveries/{number}")
    assert "Waits for the office’s daily e-mail." in letter_page.get_text()
    form = {"act": "cancel", "seen": seen(letter_page)}
    assert manager.post(f"/staff/deliveries/{number}", form).status_code == 303
    assert state_of(runtime, number) is State.CANCELLED


def test_a_decision_on_a_daily_mail_is_one_on_all_its_letters(runtime: Runtime, put: Put, manager: Browser) -> None:
    numbers = [put(State.READY) for _ in range(2)]
    with runtime.sessions.begin() as session:
        session.add(Digest(id="day", legislator_id=OFFICE, day=NOW.date(), part=1))
        session.flush()
        for number in numbers:
            message = outbox.locked(session, number)
            assert message is not None
            outbox.make_move(session, message, State.DIGEST, now=NOW, by=Actor.SWEEP)
            session.add(DigestLetter(letter_id=message.ref, digest_id="day"))
        mail = outbox.put(session, MessageKind.DIGEST, "day", now=NOW, pace_key=OFFICE)
        for state in (State.SENDING, State.NEEDS_STAFF):
            outbox.make_move(session, mail, state, now=NOW, by=Actor.SWEEP, reason="no_proof")
        mail_number = mail.id
    form = {"act": "mark-sent", "seen": seen(manager.page(f"/staff/deliveries/{mail_number}"))}
    assert manager.post(f"/staff/deliveries/{mail_number}", form).status_code == 303
    assert [state_of(runtime, number) for number in numbers] == [State.ACCEPTED] * 2
