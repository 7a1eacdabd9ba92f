"""Challenges: a sum that takes a browser about a second and the site no time, of the altcha protocol.

A challenge is bound to nobody: it holds random numbers, when it expires and a signature. Its solution counts once.
"""

import base64
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import altcha
from sqlalchemy import delete
from sqlalchemy.orm import Session

from advocacy.abuse.models import SpentChallenge
from advocacy.database import insert_into
from advocacy.encryption import hashed

LIFETIME = timedelta(minutes=20)
ALGORITHM = "PBKDF2/SHA-256"
"""What every browser computes by itself (SubtleCrypto), and not on the thread that keeps its page alive."""
COST, MIN_TRIES, MAX_TRIES = 5000, 200, 400
"""Rounds for each number that is tried, and how many numbers that takes: 300 on average, and never twice as many.

A challenge whose number is drawn costs us one try. Where any number with a lucky result would do, as in the protocol's
other mode, one phone in twenty would take three times as long as the average.
"""
MAX_LENGTH = 4096
"""The most characters a solution may have; ours have about 800."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a form brought in answer to a challenge: the `challenge` it solves, "" where it solves none."""

    challenge: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChallengeKeys:
    """The keys that sign challenges and their solutions, derived from the site's own."""

    of_challenges: bytes
    of_solutions: bytes

    @classmethod
    def derive(cls, signing_key: str) -> "ChallengeKeys":
        key = signing_key.encode()
        return cls(
            hmac.digest(key, b"advocacy.challenges", "sha256"), hmac.digest(key, b"advocacy.solutions", "sha256")
        )


def make_challenge(keys: ChallengeKeys, *, now: datetime) -> Mapping[str, Any]:
    """Return a new challenge as JSON: its parameters, and the signature of them all.

    When it expires is among its data and not in the protocol's own field, which the library compares with the clock of
    the computer: the clock of a site is given to it.
    """
    challenge = altcha.create_challenge(
        ALGORITHM,
        COST,
        counter=MIN_TRIES + secrets.randbelow(MAX_TRIES - MIN_TRIES),
        data={"expires": int((now + LIFETIME).timestamp())},
        hmac_secret=keys.of_challenges,
        hmac_key_secret=keys.of_solutions,
    )
    made: Mapping[str, Any] = challenge.to_dict()
    return made


def read_proof(text: str, keys: ChallengeKeys, *, now: datetime) -> Proof | None:
    """Read what a form brought; None for the solution of a challenge that has expired: another is to be asked for."""
    if not text or len(text) > MAX_LENGTH:
        return Proof()
    try:
        payload = altcha.Payload.from_dict(json.loads(base64.b64decode(text, validate=True)))
        result = altcha.verify_solution(payload, keys.of_challenges, hmac_key_secret=keys.of_solutions)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Proof()
    if not result.verified:
        return Proof()
    # Signed by us, so it is what `make_challenge` made. The signature is compared to the letter: whoever writes the
    # same parameters in another way has the same one.
    expires_at = datetime.fromtimestamp((payload.challenge.parameters.data or {})["expires"], UTC)
    if expires_at <= now:
        return None
    return Proof(hashed(str(payload.challenge.signature)), expires_at)


def spend(session: Session, proof: Proof) -> bool:
    """Have a proof count for this transaction; False where it proves nothing, or counted for another one.

    Of two at once, the second waits for the first.
    """
    if not proof.challenge:
        return False
    row = insert_into(session, SpentChallenge).values(key=proof.challenge, expires_at=proof.expires_at)
    spent = row.on_conflict_do_nothing(index_elements=["key"]).returning(SpentChallenge.key)
    return session.scalar(spent) is not None


def forget(session: Session, *, now: datetime) -> None:
    """Delete those that have expired, which prove nothing any longer."""
    session.execute(delete(SpentChallenge).where(SpentChallenge.expires_at <= now))
