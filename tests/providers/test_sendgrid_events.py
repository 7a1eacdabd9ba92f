"""SendGrid's reports are believed when signed and fresh, are read whatever they hold, and keep no address."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from advocacy.delivery.provider import Event, NotSigned
from advocacy.delivery.states import State
from advocacy.providers.sendgrid_events import MAX_AGE, MAX_AHEAD, STATES, SendgridEvents
from tests.fakes.sendgrid_reports import SIGNATURE, TIMESTAMP, Reports

NOW = datetime(2026, 11, 25, 17, tzinfo=UTC)
ID = "0123456789abcdef0123456789abcdef"

# The vector that SendGrid's own library is tested with.
KEY = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6w"
    "EA3F+g=="
)
KNOWN = {
    SIGNATURE: "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM=",
    TIMESTAMP: "1600112502",
}
BODY = (
    b'[{"email":"hello@world.com","event":"dropped","reason":"Bounced Address",'
    b'"sg_event_id":"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA",'
    b'"sg_message_id":"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0",'
    b'"smtp-id":"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>","timestamp":1600112492}]\r\n'
)
THEN = datetime.fromtimestamp(1600112502, UTC)


@pytest.fixture(scope="module")
def fake() -> Reports:
    """What signs as SendGrid does."""
    return Reports()


@pytest.fixture
def source(fake: Reports) -> SendgridEvents:
    return SendgridEvents(fake.public_key)


Read = Callable[..., Event]


@pytest.fixture
def read(fake: Reports, source: SendgridEvents) -> Read:
    """Return one report, signed, as it is read."""

    def read(kind: Any, /, **more: Any) -> Event:
        body, headers = fake.events(fake.event(ID, kind, at=NOW - timedelta(minutes=1), **more), at=NOW)
        [event] = source.events(body, headers, now=NOW)
        return event

    return read


def test_a_report_that_sendgrid_signed_is_believed() -> None:
    [event] = SendgridEvents(KEY).events(BODY, KNOWN, now=THEN)
    assert event == Event(
        provider_event_id="ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA",
        message_id="",
        reported=State.FAILED,
        at=datetime.fromtimestamp(1600112492, UTC),
        kind="dropped",
        reason="bounced_before",
        raw={
            "event": "dropped",
            "timestamp": 1600112492,
            "sg_event_id": "ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA",
            "sg_message_id": "LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0",
        },
    )


def test_the_key_is_read_with_its_armour_too() -> None:
    armoured = f"-----BEGIN PUBLIC KEY-----\n{KEY[:64]}\n{KEY[64:]}\n-----END PUBLIC KEY-----\n"
    assert len(SendgridEvents(armoured).events(BODY, KNOWN, now=THEN)) == 1


@pytest.mark.parametrize("nth", [0, 1, 50, len(BODY) - 3, len(BODY) - 1])
def test_one_byte_changed_is_not_believed(nth: int) -> None:
    changed = BODY[:nth] + bytes([BODY[nth] ^ 1]) + BODY[nth + 1 :]
    with pytest.raises(NotSigned, match="signature"):
        SendgridEvents(KEY).events(changed, KNOWN, now=THEN)


@pytest.mark.parametrize(
    "different",
    [
        {SIGNATURE: ""},
        {SIGNATURE: "not base64"},
        {SIGNATURE: "é"},
        {SIGNATURE: "AAAA"},
        {SIGNATURE: KNOWN[SIGNATURE][:-1]},
        {SIGNATURE: "MEUCIQCtIHJeH93Y+qpYeWrySphQgpNGNr/U+UyUlBkU6n7RAwIgJTz2C+8a8xonZGi6BpSzoQsbVRamr2nlxFDWYNH3j/0="},
        {TIMESTAMP: ""},
        {TIMESTAMP: "1600112503"},
        {TIMESTAMP: "timestamp"},
        {TIMESTAMP: "-1600112502"},
        {TIMESTAMP: "1600112502\n"},
        {TIMESTAMP: "١٦٠٠١١٢٥٠٢"},
        {TIMESTAMP: "9" * 30},
    ],
)
def test_a_wrong_header_is_not_believed(different: Mapping[str, str]) -> None:
    with pytest.raises(NotSigned, match="signature"):
        SendgridEvents(KEY).events(BODY, {**KNOWN, **different}, now=THEN)


@pytest.mark.parametrize("written", [str.lower, str.upper])
def test_a_header_is_found_however_it_is_written(written: Callable[[str], str]) -> None:
    headers = {written(name): value for name, value in KNOWN.items()}
    assert len(SendgridEvents(KEY).events(BODY, headers, now=THEN)) == 1


@pytest.mark.parametrize("missing", [SIGNATURE, TIMESTAMP])
def test_a_missing_header_is_not_believed(missing: str) -> None:
    with pytest.raises(NotSigned):
        SendgridEvents(KEY).events(BODY, {name: KNOWN[name] for name in KNOWN if name != missing}, now=THEN)


@pytest.mark.parametrize("key", ["", " ", "\n"])
def test_without_a_key_nothing_is_believed(key: str) -> None:
    with pytest.raises(NotSigned):
        SendgridEvents(key).events(BODY, KNOWN, now=THEN)


def test_a_body_that_is_no_text_is_not_believed(fake: Reports, source: SendgridEvents) -> None:
    with pytest.raises(NotSigned):
        source.events(b"[\xff]", fake.signed(b"[\xff]", at=NOW), now=NOW)


def an_rsa_key() -> str:
    public = rsa.generate_private_key(65537, 2048).public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.mark.parametrize("key", ["nonsense", "AAAA", KEY[:-8], an_rsa_key()], ids=["words", "short", "cut", "rsa"])
def test_a_key_that_cannot_be_read_is_told_at_once(key: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words are the library's
        SendgridEvents(key)


@pytest.mark.parametrize("age", [MAX_AGE, timedelta(0), -MAX_AHEAD])
def test_a_report_in_time_is_believed(fake: Reports, source: SendgridEvents, age: timedelta) -> None:
    body, headers = fake.events(fake.event(ID, "delivered", at=NOW - age), at=NOW - age)
    assert len(source.events(body, headers, now=NOW)) == 1


@pytest.mark.parametrize("age", [MAX_AGE + timedelta(seconds=1), -MAX_AHEAD - timedelta(seconds=1)])
def test_a_report_out_of_its_time_is_not(fake: Reports, source: SendgridEvents, age: timedelta) -> None:
    body, headers = fake.events(fake.event(ID, "delivered", at=NOW - age), at=NOW - age)
    with pytest.raises(NotSigned, match="time"):
        source.events(body, headers, now=NOW)


def test_the_time_is_told_for_what_is_signed_only(source: SendgridEvents) -> None:
    with pytest.raises(NotSigned, match="signature"):
        source.events(b"[]", {SIGNATURE: "AAAA", TIMESTAMP: "1"}, now=NOW)


@pytest.mark.parametrize("kind", [*sorted(set(STATES) - {"blocked"}), "account_status_change"])
def test_each_kind_moves_a_message_as_far_as_it_tells(read: Read, kind: str) -> None:
    event = read(kind)
    assert (event.message_id, event.kind) == (ID, kind if kind in STATES else "other")
    assert event.reported is {
        "processed": State.ACCEPTED,
        "delivered": State.DELIVERED,
        "dropped": State.FAILED,
        "bounce": State.BOUNCED,
    }.get(kind)


@pytest.mark.parametrize(
    ("kind", "more", "expected"),
    [
        ("bounce", {"type": "bounce", "status": "5.1.1"}, (State.BOUNCED, "bounce", "bounce 5.1.1")),
        ("bounce", {"type": "blocked", "status": "4.7.650"}, (State.FAILED, "blocked", "blocked 4.7.650")),
        ("bounce", {"status": "no such user <office@example.org>"}, (State.BOUNCED, "bounce", "bounce")),
        ("dropped", {"reason": "Invalid"}, (State.FAILED, "dropped", "address")),
        ("dropped", {"reason": "office@example.org again"}, (State.FAILED, "dropped", "dropped")),
        ("dropped", {"reason": ["Invalid"]}, (State.FAILED, "dropped", "dropped")),
        ("delivered", {"status": "2.0.0"}, (State.DELIVERED, "delivered", "")),
        ("blocked", {}, (State.FAILED, "blocked", "blocked")),
    ],
)
def test_the_reason_is_a_code(read: Read, kind: str, *, more: Mapping[str, Any], expected: tuple[Any, ...]) -> None:
    event = read(kind, **more)
    assert (event.reported, event.kind, event.reason) == expected


def test_no_address_and_no_free_word_is_kept(read: Read) -> None:
    event = read(
        "bounce",
        type="bounce",
        status="550 office@example.org",
        attempt="5",
        response="550 office@example.org is full",
        reason="office@example.org",
        ip="203.0.113.7",
        useragent="Mozilla",
        url="https://example.org/?q=office@example.org",
        marketing={"email": "office@example.org"},
        bounce_classification="Mailbox\u0000Unavailable",
    )
    assert set(event.raw) == {"event", "type", "attempt", "timestamp", "sg_event_id", "sg_message_id"}


@pytest.mark.parametrize("given_id", [None, "", "x" * 200, "a@b.example", "nul\0", 7, ["x"]])
def test_a_report_without_an_id_to_keep_has_the_same_one_each_time(read: Read, given_id: Any) -> None:
    first, second, third = (read("open", sg_event_id=given_id, attempt=attempt) for attempt in ("1", "1", "2"))
    assert first.provider_event_id == second.provider_event_id != third.provider_event_id
    assert len(first.provider_event_id) == 64


@pytest.mark.parametrize("message_id", [None, "", 7, [], ID.upper(), ID + "0", ID + "\n", "citizen@example.org"])
def test_what_is_no_id_of_ours_is_none(read: Read, message_id: Any) -> None:
    assert read("delivered", message_id=message_id).message_id == ""


@pytest.mark.parametrize("timestamp", [None, "1513299569", -1, 0, 1.5, True, 10**400, int(NOW.timestamp()) + 1])
def test_what_cannot_have_happened_then_happened_when_it_was_signed(read: Read, timestamp: Any) -> None:
    assert read("delivered", timestamp=timestamp).at == NOW


@pytest.mark.parametrize("body", [b"", b"{}", b"7", b"[", b"null", b'"x"', b"[" * 100_000], ids=lambda body: body[:4])
def test_what_is_no_list_of_reports_cannot_be_read(fake: Reports, source: SendgridEvents, body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words are the parser's
        source.events(body, fake.signed(body, at=NOW), now=NOW)


def test_one_report_that_is_none_does_not_stop_the_others(fake: Reports, source: SendgridEvents) -> None:
    body = json.dumps([7, None, [], "x", {}, fake.event(ID, "delivered", at=NOW)]).encode()
    events = source.events(body, fake.signed(body, at=NOW), now=NOW)
    assert [(event.kind, event.reported) for event in events] == [("other", None), ("delivered", State.DELIVERED)]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner), max_leaves=5
)


@settings(max_examples=50)
@given(
    st.dictionaries(
        st.sampled_from(["event", "type", "reason", "status", "sg_event_id", "message_id", "timestamp"]), anything
    )
)
def test_whatever_a_signed_report_holds_is_read(fake: Reports, report: dict[str, Any]) -> None:
    body, headers = fake.events(report, at=NOW)
    [event] = SendgridEvents(fake.public_key).events(body, headers, now=NOW)
    assert len(event.provider_event_id) <= 200
    assert "@" not in json.dumps(event.raw)
