"""Reports as SendGrid writes and signs them, addresses and all; whoever is given them may delay, double or shuffle them."""

import base64
import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"


class Reports:
    """The event webhook's side of SendGrid, with a key of its own."""

    def __init__(self) -> None:
        self._signing = ec.generate_private_key(ec.SECP256R1())

    @property
    def public_key(self) -> str:
        """The verification key, as SendGrid shows it."""
        der = self._signing.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(der).decode()

    def event(self, message_id: str, kind: str, /, *, at: datetime, **more: Any) -> dict[str, Any]:
        """Make one report as SendGrid writes it, addresses and all."""
        return {
            "email": "office@example.org",
            "timestamp": int(at.timestamp()),
            "smtp-id": "<14c5d75ce93.dfd.64b469@ismtpd-555>",
            "event": kind,
            "sg_event_id": base64.urlsafe_b64encode(uuid.uuid4().bytes).decode(),
            "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0",
            "message_id": message_id,
            **more,
        }

    def events(self, *events: Mapping[str, Any], at: datetime) -> tuple[bytes, dict[str, str]]:
        """Return the body and the headers of one signed post of reports, as SendGrid sends them."""
        body = ("[" + ",\r\n".join(json.dumps(event) for event in events) + "]\r\n").encode()
        return body, self.signed(body, at=at)

    def signed(self, body: bytes, *, at: datetime) -> dict[str, str]:
        """Sign any body."""
        moment = str(int(at.timestamp()))
        signature = self._signing.sign(moment.encode() + body, ec.ECDSA(hashes.SHA256()))
        return {SIGNATURE: base64.b64encode(signature).decode(), TIMESTAMP: moment, "Content-Type": "application/json"}
