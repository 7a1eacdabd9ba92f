"""What SendGrid answers, and how a call may break, each become the word that says what to do next."""

import json
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

import pytest
from urllib3 import HTTPHeaderDict

from advocacy.delivery.provider import Accepted, Mailbox, NotAllowed, Refused, TryLater, Unknown
from advocacy.providers.sendgrid import MAX_IDLE, Sendgrid, request_body, retry_after
from tests.fakes.relay import Relay
from tests.fakes.sendgrid import FakeSendgrid
from tests.fakes.sendgrid_answers import LOST_202, RESET_BEFORE, TAKEN, Answer, busy, refusing
from tests.providers.benches import an_envelope

DATE = "Wed, 25 Nov 2026 17:00:00 GMT"
NOON_FIVE = "1795626005"
"""Five seconds after DATE, in seconds since 1970."""


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"retry-after": " 7 "}, 7),
        ({"Retry-After": "0"}, 1),
        ({"Retry-After": "86400"}, 3600),
        ({"Retry-After": "9" * 19}, 3600),
        ({"Retry-After": "Wed, 25 Nov 2026 17:02:00 GMT", "Date": DATE}, 120),
        ({"Retry-After": "Wed, 25 Nov 2026 16:00:00 GMT", "Date": DATE}, 1),
        ({"X-RateLimit-Reset": NOON_FIVE, "Date": DATE}, 5),
        ({"X-RateLimit-Reset": "1", "Date": DATE}, 1),
        ({"Retry-After": "7", "X-RateLimit-Reset": NOON_FIVE, "Date": DATE}, 7),
        ({"Retry-After": "soon", "X-RateLimit-Reset": NOON_FIVE, "Date": DATE}, 5),
    ],
)
def test_the_time_asked_for_is_waited(headers: dict[str, str], seconds: int) -> None:
    assert retry_after(HTTPHeaderDict(headers)) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Retry-After": ""},
        {"Retry-After": "soon"},
        {"Retry-After": "-5"},
        {"Retry-After": "1.5"},
        {"Retry-After": "٧"},
        {"Retry-After": "9" * 400},
        {"Retry-After": "Wed, 25 Nov 2026 17:02:00 GMT"},
        {"Retry-After": "Wed, 99 Nov 2026 17:02:00 GMT", "Date": DATE},
        {"Retry-After": "Wed, 25 Nov 99999 17:02:00 GMT", "Date": DATE},
        {"X-RateLimit-Reset": NOON_FIVE},
        {"X-RateLimit-Reset": NOON_FIVE, "Date": "today"},
        {"X-RateLimit-Reset": "never", "Date": DATE},
    ],
)
def test_what_says_nothing_asks_for_no_time(headers: dict[str, str]) -> None:
    assert retry_after(HTTPHeaderDict(headers)) is None


pytestmark = pytest.mark.loopback


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[FakeSendgrid]:
    with FakeSendgrid(tmp_path) as fake:
        yield fake


@pytest.fixture
def sendgrid(fake: FakeSendgrid) -> Iterator[Sendgrid]:
    sendgrid = Sendgrid(fake.api_key, fake.url, ca_certs=fake.ca_certs)
    yield sendgrid
    sendgrid.close()


def test_what_is_taken_is_accepted_under_the_name_sendgrid_gives_it(fake: FakeSendgrid, sendgrid: Sendgrid) -> None:
    fake.script.append(Answer(headers={"X-Message-Id": "14c5d75ce93.dfd"}))
    assert sendgrid.send(an_envelope()) == Accepted("14c5d75ce93.dfd")
    assert fake.taken == [an_envelope().id]


@pytest.mark.parametrize("named", ["", "x" * 201, "a b", "é"])
def test_a_name_that_cannot_be_kept_is_not(fake: FakeSendgrid, sendgrid: Sendgrid, named: str) -> None:
    fake.script.append(Answer(headers={"X-Message-Id": named}))
    assert sendgrid.send(an_envelope()) == Accepted("")


def test_a_message_that_is_only_tried_out_is_accepted_too(fake: FakeSendgrid, sendgrid: Sendgrid) -> None:
    fake.script.append(Answer(status=200))
    assert isinstance(sendgrid.send(an_envelope()), Accepted)


def test_nothing_tells_sendgrid_more_than_a_message_needs() -> None:
    body = request_body(an_envelope())
    assert set(body) == {
        "from", "subject", "personalizations", "content", "headers", "custom_args", "tracking_settings", "reply_to",
    }  # fmt: skip
    assert body["custom_args"] == {"message_id": an_envelope().id}
    assert body["headers"] == {"Content-Language": "fr"}
    assert body["tracking_settings"] == {
        "click_tracking": {"enable": False, "enable_text": False},
        "open_tracking": {"enable": False},
        "subscription_tracking": {"enable": False},
        "ganalytics": {"enable": False},
    }
    assert body["personalizations"] == [{"to": [{"email": "yasir.naqvi@parl.example", "name": "Yasir Naqvi"}]}]


def test_a_message_without_html_is_text_alone() -> None:
    assert [content["type"] for content in request_body(an_envelope(html=""))["content"]] == ["text/plain"]


def test_half_a_character_is_left_out() -> None:
    body = request_body(an_envelope(text="a\ud83db", subject="c\ud83dd", sender=Mailbox("e\ud83df", "g@h.example")))
    assert "\\ud83d" not in json.dumps(body)
    assert body["content"][0]["value"] == "ab"


def test_a_text_that_the_helpers_take_for_a_key_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        request_body(an_envelope(text="SG.abc.def is what I think"))
    assert refused.value.reason == "content"


@pytest.mark.parametrize(("status", "reason"), [(400, "http_400"), (413, "too_large"), (422, "http_422")])
def test_what_is_wrong_with_one_message_is_refused(
    fake: FakeSendgrid, sendgrid: Sendgrid, *, status: int, reason: str
) -> None:
    fake.script.append(refusing(status))
    with pytest.raises(Refused) as refused:
        sendgrid.send(an_envelope())
    assert (refused.value.reason, str(refused.value)) == (reason, reason)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("status", [301, 307, 401, 403, 404, 405, 406, 415, 418, 451])
def test_what_is_wrong_with_us_costs_no_message(fake: FakeSendgrid, sendgrid: Sendgrid, status: int) -> None:
    fake.script.append(refusing(status, Location=f"{fake.url}/v3/mail/send"))
    with pytest.raises(NotAllowed) as held:
        sendgrid.send(an_envelope())
    assert held.value.reason == f"http_{status}"
    assert len(fake.bodies) == 1


@pytest.mark.parametrize("status", [408, 500, 502, 503])
def test_what_is_wrong_there_is_tried_again_and_uses_up_no_attempt(
    fake: FakeSendgrid, sendgrid: Sendgrid, status: int
) -> None:
    fake.script.append(refusing(status, Retry_After="120"))
    with pytest.raises(TryLater) as later:
        sendgrid.send(an_envelope())
    assert (later.value.reason, later.value.after, later.value.counts) == (
        f"http_{status}",
        timedelta(seconds=120),
        False,
    )


@pytest.mark.parametrize(("headers", "after"), [({"Retry_After": "7"}, timedelta(seconds=7)), ({}, None)])
def test_too_many_requests_use_up_no_attempt(
    fake: FakeSendgrid, sendgrid: Sendgrid, *, headers: dict[str, str], after: timedelta | None
) -> None:
    fake.script.append(busy(**headers))
    with pytest.raises(TryLater) as later:
        sendgrid.send(an_envelope())
    assert (later.value.after, later.value.counts) == (after, False)


@pytest.mark.parametrize("status", [101, 204, 504])
def test_an_answer_that_decides_nothing_leaves_it_unknown(fake: FakeSendgrid, sendgrid: Sendgrid, status: int) -> None:
    fake.script.append(Answer(status=status, takes=False))
    with pytest.raises(Unknown) as unknown:
        sendgrid.send(an_envelope())
    assert unknown.value.reason == f"http_{status}"


@pytest.mark.parametrize(("answer", "taken"), [(LOST_202, 1), (RESET_BEFORE, 0)], ids=["after", "before"])
def test_a_line_that_breaks_before_the_answer_leaves_it_unknown_and_nothing_is_said_twice(
    fake: FakeSendgrid, sendgrid: Sendgrid, *, answer: Answer, taken: int
) -> None:
    sendgrid.send(an_envelope(id="first"))
    fake.script.append(answer)
    with pytest.raises(Unknown):
        sendgrid.send(an_envelope(id="second"))
    assert fake.taken.count("second") == taken
    assert len(fake.bodies) == 2


def test_after_a_broken_line_the_next_message_goes_on_a_new_one(fake: FakeSendgrid, sendgrid: Sendgrid) -> None:
    fake.script.append(LOST_202)
    with pytest.raises(Unknown):
        sendgrid.send(an_envelope(id="first"))
    sendgrid.send(an_envelope(id="second"))
    assert fake.taken == ["first", "second"]
    assert fake.connections == 2


def test_one_connection_carries_many_messages(fake: FakeSendgrid, sendgrid: Sendgrid) -> None:
    fake.script.extend([TAKEN, busy(), refusing(400), refusing(500)])
    for nth in range(8):
        outcome(lambda nth=nth: sendgrid.send(an_envelope(id=f"id{nth}")))  # type: ignore[misc]
    assert fake.connections == 1
    assert fake.taken == ["id0", "id4", "id5", "id6", "id7"]


def test_a_connection_closed_meanwhile_is_made_anew(fake: FakeSendgrid, sendgrid: Sendgrid) -> None:
    fake.otherwise = Answer(closes=True)
    for nth in range(3):
        sendgrid.send(an_envelope(id=f"id{nth}"))
        assert fake.closed.wait(10)
        fake.closed.clear()
    assert fake.taken == ["id0", "id1", "id2"]
    assert fake.connections == 3


def test_a_connection_that_a_nat_forgot_while_nothing_was_said_is_not_used_again(
    fake: FakeSendgrid, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Relay(urlsplit(fake.url).port or 0) as relay:
        url = fake.url.rpartition(":")[0]
        sendgrid = Sendgrid(fake.api_key, f"{url}:{relay.port}", ca_certs=fake.ca_certs, max_seconds=2)
        sendgrid.send(an_envelope(id="first"))
        relay.forget()
        monkeypatch.setattr("advocacy.providers.sendgrid.monotonic", lambda: monotonic() + MAX_IDLE + 1)
        assert isinstance(sendgrid.send(an_envelope(id="second")), Accepted)
        sendgrid.close()
    assert fake.taken == ["first", "second"]
    assert relay.connections == 2


def test_a_long_answer_is_not_read_to_its_end_and_stands(fake: FakeSendgrid, sendgrid: Sendgrid) -> None:
    fake.script.append(Answer(body=b"x" * 100_000))
    assert isinstance(sendgrid.send(an_envelope(id="first")), Accepted)
    assert fake.closed.wait(10)
    assert isinstance(sendgrid.send(an_envelope(id="second")), Accepted)
    assert fake.connections == 2


@pytest.mark.parametrize("pause", [0.05, 60.0], ids=["byte by byte", "never"])
def test_a_call_ends_however_slowly_the_answer_comes(fake: FakeSendgrid, pause: float) -> None:
    impatient = Sendgrid(fake.api_key, fake.url, ca_certs=fake.ca_certs, max_seconds=0.4)
    fake.script.append(Answer(status=429, pause=pause, says_first=b"HTTP/1.1 4"))
    with pytest.raises(Unknown):
        impatient.send(an_envelope())
    impatient.close()


def test_an_answer_that_is_cut_off_in_its_body_stands(fake: FakeSendgrid) -> None:
    impatient = Sendgrid(fake.api_key, fake.url, ca_certs=fake.ca_certs, max_seconds=0.5)
    fake.script.append(
        Answer(body=b"x" * 1000, pause=0.05, says_first=b"HTTP/1.1 202 Said\r\nContent-Length: 9\r\n\r\n")
    )
    assert isinstance(impatient.send(an_envelope()), Accepted)
    impatient.close()


def test_nobody_there_is_no_attempt_lost(fake: FakeSendgrid, sendgrid: Sendgrid) -> None:
    fake.stop()
    with pytest.raises(TryLater) as later:
        sendgrid.send(an_envelope())
    assert (later.value.reason, later.value.after, later.value.counts) == ("no_connection", None, False)


def test_a_server_that_cannot_prove_who_it_is_hears_nothing(tmp_path: Path) -> None:
    with FakeSendgrid(tmp_path) as fake:
        wary = Sendgrid(fake.api_key, fake.url)
        with pytest.raises(TryLater) as later:
            wary.send(an_envelope())
        wary.close()
    assert later.value.reason == "no_connection"
    assert not fake.bodies


@pytest.mark.parametrize("key", ["", " ", "two words", "line\nbreak", "clé"])
def test_without_a_key_that_can_be_said_nothing_is(fake: FakeSendgrid, key: str) -> None:
    with pytest.raises(NotAllowed) as held:
        Sendgrid(key, fake.url, ca_certs=fake.ca_certs).send(an_envelope())
    assert held.value.reason == "no_key"
    assert fake.connections == 0


def test_a_wrong_key_holds_everything(fake: FakeSendgrid) -> None:
    stranger = Sendgrid("SG.another", fake.url, ca_certs=fake.ca_certs)
    with pytest.raises(NotAllowed) as held:
        stranger.send(an_envelope())
    stranger.close()
    assert held.value.reason == "http_401"


@pytest.mark.parametrize("url", ["", "api.sendgrid.com", "ftp://api.sendgrid.com", "https://", "/v3"])
def test_what_is_no_address_of_an_api_is_told_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="https://"):
        Sendgrid("SG.key", url)


def test_nothing_of_a_message_or_the_key_is_logged(
    fake: FakeSendgrid, sendgrid: Sendgrid, caplog: pytest.LogCaptureFixture
) -> None:
    fake.script.extend([TAKEN, refusing(400), LOST_202])
    with caplog.at_level(logging.DEBUG):
        for _ in range(3):
            outcome(lambda: sendgrid.send(an_envelope()))
    assert "v3/mail/send" in caplog.text
    for private in (fake.api_key, "parl.example", "Camille", "Bonjour", "citizen@example.org"):
        assert private not in caplog.text


def test_threads_speak_at_once_and_each_hears_its_own_answer(fake: FakeSendgrid, sendgrid: Sendgrid) -> None:
    ids = [f"id{nth}" for nth in range(40)]
    with ThreadPoolExecutor(8) as threads:
        accepted = list(threads.map(lambda id_: sendgrid.send(an_envelope(id=id_)), ids))
    assert len({answer.provider_id for answer in accepted}) == 40
    assert sorted(fake.taken) == sorted(ids)


def outcome(send: Callable[[], Accepted]) -> object:
    try:
        return send()
    except (TryLater, Refused, Unknown, NotAllowed) as said:
        return said
