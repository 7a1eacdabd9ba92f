"""Passkeys (Web Authentication, level 2) as a second factor: added by their person, asked for after the password.

A challenge belongs to one visit and is made from it; a visit ends, and another begins, when a passkey was given, so
that no answer is taken twice.
"""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import webauthn
from sqlalchemy import select
from sqlalchemy.orm import Session
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from advocacy.sealing import Keys, digests
from advocacy.staff import factors
from advocacy.staff.models import Account, Passkey, Visit

NAME = 64
MOST = 10
"""How many one person may have."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where passkeys are made for and given: `origin` is the site's address, `name` what a browser shows."""

    origin: str
    name: str
    keys: Keys

    @property
    def host(self) -> str:
        """The relying party's id."""
        return urlsplit(self.origin).hostname or ""

    @property
    def possible(self) -> bool:
        """Tell whether browsers give passkeys here: over https, or on this machine."""
        return self.origin.startswith("https://") or self.host == "localhost"

    def challenge(self, visit: Visit, what: str) -> bytes:
        """Give what has to be signed in this visit."""
        return bytes.fromhex(digests(self.keys, visit.token_hash, purpose=f"staff passkey {what}")[0])


def to_add(site: Site, account: Account, visit: Visit) -> str:
    """Give what a browser is asked when a passkey is added, as JSON."""
    return webauthn.options_to_json(
        webauthn.generate_registration_options(
            rp_id=site.host,
            rp_name=site.name,
            user_name=account.email,
            user_display_name=account.name,
            user_id=_handle(account),
            challenge=site.challenge(visit, "add"),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
            ),
            exclude_credentials=_theirs(account),
        )
    )


def to_give(site: Site, account: Account, visit: Visit) -> str:
    """Give what a browser is asked when a passkey is to be given, as JSON."""
    return webauthn.options_to_json(
        webauthn.generate_authentication_options(
            rp_id=site.host,
            challenge=site.challenge(visit, "give"),
            allow_credentials=_theirs(account),
            user_verification=UserVerificationRequirement.PREFERRED,
        )
    )


def add(session: Session, site: Site, account: Account, *, visit: Visit, answer: str, name: str, now: datetime) -> bool:
    """Take a passkey that answers rightly; the account has to be `locked`."""
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=site.challenge(visit, "add"),
            expected_rp_id=site.host,
            expected_origin=site.origin,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        return False
    known = select(Passkey.id).where(Passkey.credential_id == made.credential_id)  # whoever has it
    if len(account.webauthn) >= MOST or session.scalar(known) is not None:
        return False
    passkey = Passkey(
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        transports=[],
        backup_state=made.credential_backed_up,
        device_type=made.credential_device_type.value,
        create_datetime=now,
        lastuse_datetime=now,
        name=name[:NAME],
        usage="secondary",
    )
    account.webauthn.append(passkey)
    session.flush()
    factors.added(session, account, f"passkey:{passkey.id}", now=now)
    return True


def is_right(site: Site, account: Account, *, visit: Visit, answer: str, now: datetime) -> bool:
    """Tell whether one of somebody's passkeys answers rightly; the account has to be `locked`."""
    try:
        given = parse_authentication_credential_json(answer)
        passkey = next((one for one in account.webauthn if one.credential_id == given.raw_id), None)
        if passkey is None:
            return False
        verified = webauthn.verify_authentication_response(
            credential=given,
            expected_challenge=site.challenge(visit, "give"),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count or 0,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        return False
    passkey.sign_count, passkey.lastuse_datetime = verified.new_sign_count, now
    return True


def _handle(account: Account) -> bytes:
    """Give what a passkey knows its person by: it tells nothing of them (WebAuthn 14.6.1)."""
    return (account.fs_webauthn_user_handle or "").encode()


def _theirs(account: Account) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=one.credential_id) for one in account.webauthn]
