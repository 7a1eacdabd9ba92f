"""Messages leave by SendGrid, one call each; whatever it answers becomes a word that every provider speaks."""

import json
import re
from collections.abc import Mapping
from typing import Any

from sendgrid.helpers.mail import (
    ClickTracking,
    CustomArg,
    Email,
    From,
    Ganalytics,
    Header,
    Mail,
    OpenTracking,
    ReplyTo,
    SubscriptionTracking,
    To,
    TrackingSettings,
)
from sendgrid.helpers.mail.exceptions import SendGridException
from urllib3.util import parse_url

from advocacy.delivery.provider import Accepted, Envelope, Mailbox, NotAllowed, Refused, TryLater, Unknown
from advocacy.exports.mail import ascii_address, language_and_reply_headers, sender_address
from advocacy.exports.text import writable
from advocacy.providers.lines import Broken, Lines
from advocacy.providers.waiting import time_to_wait

PATIENCE = 25.0
"""Seconds that one call may last in all, however slowly the answer comes: less than the 30 a provider has."""
KEY = re.compile(r"[!-~]+")
PROVIDER_ID = re.compile(r"[!-~]{1,200}")

TAKEN = frozenset({200, 202})
REFUSED: Mapping[int, str] = {400: "http_400", 413: "too_large", 422: "http_422"}
"""What is wrong with this message alone; any other 4xx or 3xx is our key, our account or our address of the API."""
NOTHING_TAKEN = frozenset({408, 429})
"""Said of the service or of our pace, as every 5xx is, never of one message."""
UNDECIDED = 504
"""A gateway that waited in vain for the answer: the message may have been taken behind it."""


def _no_tracking() -> Mapping[str, Any]:
    off = TrackingSettings()
    off.click_tracking = ClickTracking(enable=False, enable_text=False)
    off.open_tracking = OpenTracking(enable=False)
    off.subscription_tracking = SubscriptionTracking(enable=False)
    off.ganalytics = Ganalytics(enable=False)
    settings: Mapping[str, Any] = off.get()
    return settings


NO_TRACKING = _no_tracking()


class Sendgrid:
    """SendGrid's v3 API over connections that are kept.

    Its own client builds the message and names what is wrong with one, but does not send: for each call it makes an
    opener of urllib, which takes longer than the call (docs/decisions/speed.md), and opens a connection.

    `api_url` is where it answers, `ca_certs` a file of the authorities to trust in place of the usual ones, and
    `patience` the seconds one call may last. Raises ValueError for an `api_url` that is no address.
    """

    name = "sendgrid"
    rehearses = False

    def __init__(self, api_key: str, api_url: str, *, ca_certs: str | None = None, patience: float = PATIENCE) -> None:
        url = api_url.strip().rstrip("/")
        self._key = api_key.strip()
        self._lines = Lines(url, ca_certs=ca_certs, patience=patience)
        self._path = f"{parse_url(url).path or ''}/v3/mail/send"
        self._headers = {"Authorization": f"Bearer {self._key}", "Accept": "application/json"}
        self._headers |= {"Content-Type": "application/json"}

    def send(self, envelope: Envelope) -> Accepted:
        """Hand one message over, as every provider does."""
        if not KEY.fullmatch(self._key):
            raise NotAllowed("no_key")
        body = json.dumps(request_body(envelope)).encode()
        try:
            answer = self._lines.post(self._path, body, self._headers)
        except Broken as broken:
            if broken.said:
                raise Unknown(broken.reason) from None
            raise TryLater(broken.reason, counts=False) from None
        return _accepted(answer.status, answer.headers)

    def close(self) -> None:
        """Let go of the connections."""
        self._lines.close()


def request_body(envelope: Envelope) -> dict[str, Any]:
    """Return the message in SendGrid's words; raise Refused where an address or the text cannot be sent.

    Source: https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send
    """
    mail = Mail()
    try:
        mail.from_email = _mailbox(From, envelope.sender, sender_address(envelope))
        mail.add_to(_mailbox(To, envelope.to, ascii_address(envelope.to)))
        if envelope.reply_to is not None:
            mail.reply_to = _mailbox(ReplyTo, envelope.reply_to, ascii_address(envelope.reply_to))
        mail.subject = _line(envelope.subject)
        mail.add_content(_lines(envelope.text), "text/plain")
        if envelope.html:
            mail.add_content(_lines(envelope.html), "text/html")
    except SendGridException:  # its helpers look for keys of its own in the text
        raise Refused("content") from None
    for name, value in language_and_reply_headers(envelope).items():
        mail.add_header(Header(name, value))
    mail.add_custom_arg(CustomArg("message_id", envelope.id))
    body: dict[str, Any] = mail.get()
    return body | {"tracking_settings": NO_TRACKING}


def _mailbox(kind: type[Email], mailbox: Mailbox, address: str) -> Any:
    written = kind()  # given to the constructor alone, an address would be taken apart
    written.email = address
    if name := _line(mailbox.name):
        written.name = name
    return written


def _line(text: str) -> str:
    return writable(text).strip(" ")


def _lines(text: str) -> str:
    """Leave out half characters, which no mail can hold."""
    return text.encode(errors="ignore").decode()


def _accepted(status: int, headers: Mapping[str, str]) -> Accepted:
    if status in TAKEN:
        named = headers.get("X-Message-Id", "")
        return Accepted(named if PROVIDER_ID.fullmatch(named) else "")
    reason = REFUSED.get(status, f"http_{status}")
    if status == UNDECIDED or status < 300:
        raise Unknown(reason)
    if status in NOTHING_TAKEN or status >= 500:
        raise TryLater(reason, after=time_to_wait(headers), counts=False)
    raise (Refused if status in REFUSED else NotAllowed)(reason)
