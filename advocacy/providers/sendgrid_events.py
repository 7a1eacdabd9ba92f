"""SendGrid's event webhook: reports are accepted when signed and recent, and stored without any address."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from sendgrid.helpers.eventwebhook import EventWebhook, EventWebhookHeader

from advocacy.delivery.provider import COMPLAINT, Event, NotSigned
from advocacy.delivery.states import State

MAX_AGE = timedelta(hours=26)
"""SendGrid tries for 24 hours to hand a report over; an older one is a copy that somebody kept."""
MAX_AHEAD = timedelta(hours=2)

STATES: Mapping[str, State | None] = {
    "processed": State.ACCEPTED,
    "delivered": State.DELIVERED,
    "dropped": State.FAILED,
    "bounce": State.BOUNCED,
    "blocked": State.FAILED,  # a bounce of type "blocked": turned away this once, the address is good
    "deferred": None,
    "open": None,
    "click": None,
    "spamreport": None,
    "unsubscribe": None,
    "group_unsubscribe": None,
    "group_resubscribe": None,
}
"""Every kind of report on a message, and where it moves it; one we do not know is kept as "other".

Source: https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
"""
OTHER = "other"
DROP_REASONS: Mapping[str, str] = {
    "Bounced Address": "bounced_before",
    "Unsubscribed Address": "unsubscribed",
    "Spam Reporting Address": "reported_spam",
    "Spam Content": "content",
    "Invalid": "address",
}
"""Why SendGrid dropped a message, as codes of ours."""
STORED_FIELDS = (
    "event",
    "type",
    "status",
    "attempt",
    "timestamp",
    "bounce_classification",
    "sg_event_id",
    "sg_message_id",
)
"""What is stored of a report: nothing in which a mail server or a person writes freely."""

TIMESTAMP = re.compile(r"[0-9]{1,11}")
NO_ADDRESS = re.compile(r"[ -?A-~]{1,150}")
"""Printable, and no @: an address cannot pass."""
STATUS = re.compile(r"[245](?:[.][0-9]{1,3}){2}")
"""RFC 3463."""
PUBLIC_ID = re.compile(r"[0-9a-f]{32}")


class SendgridEvents:
    """Reports as SendGrid's signed event webhook posts them.

    `public_key` is the verification key it shows, "" where there is none: then nothing is believed. Raises ValueError
    for a key that cannot be read.
    """

    name = "sendgrid"

    def __init__(self, public_key: str) -> None:
        self._webhook = EventWebhook(
            "\n".join(line for line in public_key.split("\n") if not line.startswith("-----")).strip()
        )
        if self._webhook.public_key and not isinstance(self._webhook.public_key, EllipticCurvePublicKey):
            raise ValueError("the verification key is not one for ECDSA")

    def events(self, body: bytes, headers: Mapping[str, str], *, now: datetime) -> Sequence[Event]:
        """Verify and read what came; `headers` are found whatever their case.

        Raises NotSigned for what SendGrid did not sign, or not in time; ValueError for what is no list of reports.
        """
        found = {name.lower(): value for name, value in headers.items()}
        signed_at = found.get(EventWebhookHeader.TIMESTAMP.lower(), "")
        if not self._is_signed(body, found.get(EventWebhookHeader.SIGNATURE.lower(), ""), signed_at):
            raise NotSigned("signature")
        if not now - MAX_AGE <= _moment(int(signed_at)) <= now + MAX_AHEAD:
            raise NotSigned("time")
        return [_event(report, _moment(int(signed_at))) for report in _reports(body)]

    def _is_signed(self, body: bytes, signature: str, signed_at: str) -> bool:
        if not signature or not TIMESTAMP.fullmatch(signed_at):
            return False
        try:
            return bool(self._webhook.verify_signature(body.decode("utf-8"), signature, signed_at))
        except (ValueError, AttributeError):  # no base64, no UTF-8; no key
            return False


def _reports(body: bytes) -> list[Mapping[str, Any]]:
    try:
        reports = json.loads(body)
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(reports, list):
        raise ValueError("no list of reports")
    return [report for report in reports if isinstance(report, dict)]


def _event(report: Mapping[str, Any], signed_at: datetime) -> Event:
    value, timestamp = report.get("event"), report.get("timestamp")
    kind = value if isinstance(value, str) and value in STATES else OTHER
    if value == "bounce" and report.get("type") == "blocked":
        kind = "blocked"
    # Where it has no id that can be kept, the same report has the same one.
    own_id = _matching(NO_ADDRESS, report.get("sg_event_id"))
    at = signed_at  # also for a time that cannot be right
    if type(timestamp) is int and 0 < timestamp <= signed_at.timestamp():
        at = _moment(timestamp)
    return Event(
        provider_event_id=own_id or hashlib.sha256(json.dumps(report, sort_keys=True).encode()).hexdigest(),
        message_id=_matching(PUBLIC_ID, report.get("message_id")),
        reported=STATES.get(kind),
        at=at,
        kind=kind,
        reason=_reason(kind, report),
        raw={
            name: value
            for name in STORED_FIELDS
            if _matching(NO_ADDRESS, value := report.get(name)) or (type(value) is int and abs(value) < 2**53)
        },
    )


def _reason(kind: str, report: Mapping[str, Any]) -> str:
    """Return a code: why it was dropped, or what it is and the status that a mail server gave."""
    if kind == "dropped":
        value = report.get("reason")
        return DROP_REASONS.get(value, kind) if isinstance(value, str) else kind
    if kind == "spamreport":
        return COMPLAINT
    if STATES.get(kind) in {State.FAILED, State.BOUNCED}:
        return f"{kind} {_matching(STATUS, report.get('status'))}".strip()
    return ""


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _matching(pattern: re.Pattern[str], value: Any) -> str:
    return value if isinstance(value, str) and pattern.fullmatch(value) else ""
