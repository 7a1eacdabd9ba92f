"""While the site is under pressure, browsers prove something before they send; whoever cannot is not lost, and waits."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from advocacy.abuse import pressure
from advocacy.delivery.models import Message
from advocacy.delivery.states import State
from advocacy.dispatch import make_worker
from advocacy.letters.models import SubmissionStatus
from advocacy.runtime import Runtime
from tests.citizens import put_under_pressure
from tests.proofs import solution
from tests.web.public.sender import AGREED, Sender
from tests.web.public.visitor import CAMPAIGN, FILLED, STORY, Visitor
from tests.web.shared_site import NOW

SEND = '#sendbox [formaction$="/send"]'
FLOOR = 5


def challenge_of(visitor: Visitor) -> TestResponse:
    """Ask for a challenge where the page says."""
    return visitor.client.get(str(visitor.button("[data-proof]")["data-proof"]), base_url=visitor.base_url)


def solved(visitor: Visitor) -> str:
    answer = challenge_of(visitor)
    assert answer.json is not None
    return solution(answer.json)


def states(sender: Sender) -> list[tuple[State, str]]:
    with sender.runtime.sessions() as session:
        found = session.execute(select(Message.state, Message.reason).order_by(Message.id))
        return [(state, reason) for state, reason in found]


@pytest.fixture
def pressed(sender: Sender) -> Sender:
    """A site under pressure."""
    put_under_pressure(sender.runtime.sessions, now=sender.clock[0])
    return sender


# --- the pages


def test_while_all_is_calm_nothing_is_asked_and_no_challenge_is_given(sender: Sender) -> None:
    visitor = sender.visitor.post("review")
    assert not visitor.page.select('[data-proof], [name="proof"], script[src*="proof"]')
    assert visitor.get("challenge").status == 204
    assert visitor.answer.data == b""
    assert sender.sent().status == 303
    assert states(sender) == [(State.READY, "")]


def test_under_pressure_the_review_page_asks_for_a_proof_and_says_so(pressed: Sender) -> None:
    visitor = pressed.visitor.post("review")
    status = visitor.button('[data-proof] [role="status"]')
    assert visitor.page.select('script[type="module"][src*="proof"]')
    assert visitor.button('[name="proof"]')["value"] == ""
    assert {"data-working", "data-done", "data-failed", "data-waiting"} <= status.attrs.keys()
    assert len(status.get_text()) > 40, "what is read without a script"


def test_a_challenge_is_json_that_nothing_keeps_and_that_tells_of_nobody(pressed: Sender) -> None:
    answer = challenge_of(pressed.visitor.post("review"))
    assert answer.mimetype == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert set(answer.json or {}) == {"parameters", "signature"}
    assert pressed.follow("/en/no-such-campaign/challenge").status == 404


# --- with a solution, and without


def test_a_solved_challenge_sends_the_letter_as_ever(pressed: Sender) -> None:
    visitor = pressed.visitor.post("review")
    visitor.press(SEND, **AGREED, proof=solved(visitor))
    assert visitor.status == 303
    assert visitor.answer.headers["Location"] == f"/en/{CAMPAIGN}/sent"
    assert states(pressed) == [(State.READY, "")]


def test_without_a_script_the_letter_is_kept_and_the_page_says_what_happens(pressed: Sender) -> None:
    visitor = pressed.sent()
    assert visitor.answer.headers["Location"] == f"/en/{CAMPAIGN}/sent?held=1"
    assert states(pressed) == [(State.HELD, "no_challenge")]
    [submission] = pressed.stored()
    assert submission.status is SubmissionStatus.AWAITING
    visitor.get("sent?held=1")
    assert "Your letter is kept" in visitor.button("h1").get_text()
    assert "two minutes" not in visitor.page.get_text()


def test_a_failed_solution_is_as_good_as_none(pressed: Sender) -> None:
    visitor = pressed.visitor.post("review").press(SEND, **AGREED, proof="e30=")
    assert visitor.status == 303
    assert states(pressed) == [(State.HELD, "no_challenge")]


def test_what_is_missing_is_asked_for_first_and_the_page_asks_for_a_proof_again(pressed: Sender) -> None:
    visitor = pressed.visitor.post("review")
    proof = solved(visitor)
    assert visitor.press(SEND, proof=proof).status == 422
    assert visitor.button('[name="proof"]')["value"] == ""
    assert visitor.press(SEND, **AGREED, proof=proof).status == 303, "nothing was spent"
    assert states(pressed) == [(State.READY, "")]


def test_a_form_shown_before_the_pressure_comes_back_whole_and_asks(sender: Sender) -> None:
    visitor = sender.visitor.post("review")
    put_under_pressure(sender.runtime.sessions, now=sender.clock[0])
    visitor.press(SEND, **AGREED)
    assert visitor.status == 422
    assert "press the button again" in visitor.button("#press-again").get_text()
    assert STORY in visitor.sheets()[0]
    assert {str(one["name"]) for one in visitor.page.select("#sendbox input[checked]")} >= set(AGREED)
    assert sender.stored() == []
    visitor.press(SEND, proof=solved(visitor))
    assert visitor.status == 303
    assert states(sender) == [(State.READY, "")]


# --- the attack


@pytest.fixture
def small_site(sender: Sender) -> Sender:
    """A site on which few forms in ten minutes are calm."""
    settings = sender.runtime.settings.model_copy(update={"calm_per_ten_minutes": FLOOR})
    return Sender(replace(sender.runtime, settings=settings))


def mails_sent(runtime: Runtime) -> int:
    """Deliver all that is due, and count what has left."""
    worker = make_worker(runtime, now=lambda: NOW + timedelta(minutes=1))
    while worker.deliver():
        pass
    worker.close()
    outgoing = runtime.settings.mail_folder
    return len(list(outgoing.glob("*.eml"))) if outgoing.exists() else 0


def forms(sender: Sender, many: int, numbers: Iterator[int]) -> None:
    """Send forms by a script that solves nothing, each from another network to another address."""
    for _ in range(many):
        number = next(numbers)
        client = sender.visitor.client
        client.environ_base["REMOTE_ADDR"] = f"10.{number // 256}.{number % 256}.1"
        sender.sent(email=f"victim{number}@example.ca")
    client.environ_base["REMOTE_ADDR"] = "192.0.2.1"


@pytest.mark.parametrize("many", [20, pytest.param(3000, marks=pytest.mark.thorough)])
def test_of_many_forms_by_a_script_only_those_leave_that_came_before_it_was_noticed(
    small_site: Sender, many: int
) -> None:
    numbers = count()
    forms(small_site, many, numbers)
    assert mails_sent(small_site.runtime) == FLOOR + 1

    visitor = small_site.visitor.post("review", {**FILLED, "email": "honest@example.ca"})
    visitor.press(SEND, **AGREED, proof=solved(visitor))
    assert visitor.status == 303
    assert mails_sent(small_site.runtime) == FLOOR + 2, "an honest citizen's is sent at once"

    forms(small_site, 5, numbers)
    assert mails_sent(small_site.runtime) == FLOOR + 2
    with small_site.runtime.sessions() as session:
        held = session.scalar(select(func.count()).select_from(Message).where(Message.state == State.HELD))
    assert held == many - FLOOR - 1 + 5, "every one of them waits for a person"


def test_a_script_that_leaves_the_question_out_stores_nothing_and_ends_no_pressure(small_site: Sender) -> None:
    visitor, victims = small_site.visitor, [f"victim{number}@example.ca" for number in range(3 * FLOOR)]
    pages = [visitor.post("review", {**FILLED, "email": email}).answer for email in victims]
    assert not visitor.page.select("[data-proof]")
    for page in pages:
        visitor.read(page).press(SEND, **AGREED)
        small_site.clock[0] += timedelta(seconds=30)
    assert visitor.status == 422
    assert len(small_site.stored()) == FLOOR + 1
    with small_site.runtime.sessions() as session:
        assert pressure.read(
            session, now=small_site.site.now(), calm=small_site.site.settings.calm_per_ten_minutes
        ).is_on
