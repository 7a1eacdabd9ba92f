"""A challenge is solved by trying, says nothing of anybody, and nothing of it can be changed."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import altcha
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.abuse.challenges import (
    COST,
    LIFETIME,
    MAX_LENGTH,
    MAX_TRIES,
    MIN_TRIES,
    ChallengeKeys,
    Proof,
    make_challenge,
    read_proof,
)
from tests.proofs import solve, written

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
KEYS = ChallengeKeys.derive("a key of the tests' own")
Change = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def solved() -> dict[str, Any]:
    """A challenge with its solution, as the browser sends it."""
    return solve(make_challenge(KEYS, now=NOW))


def read(payload: object, *, now: datetime = NOW) -> Proof | None:
    return read_proof(written(payload), KEYS, now=now)


def test_a_solution_proves_its_challenge_until_that_expires(solved: dict[str, Any]) -> None:
    proof = read(solved)
    assert proof is not None
    assert proof.challenge
    assert proof.expires_at == NOW + LIFETIME
    assert read(solved, now=NOW + LIFETIME - timedelta(seconds=1)) == proof
    assert read(solved, now=NOW + LIFETIME) is None, "another one is asked for"


def test_it_takes_as_many_tries_as_are_said_and_the_library_solves_it_too(solved: dict[str, Any]) -> None:
    assert MIN_TRIES <= solved["solution"]["counter"] < MAX_TRIES
    challenge = altcha.Challenge.from_dict(solved["challenge"])
    found = altcha.solve_challenge(challenge, counter_start=MIN_TRIES)
    assert found is not None
    assert found.counter == solved["solution"]["counter"]


def test_a_challenge_is_bound_to_nobody_and_never_comes_twice() -> None:
    one, other = (make_challenge(KEYS, now=NOW) for _ in range(2))
    assert set(one) == {"parameters", "signature"}
    assert one["parameters"]["data"] == {"expires": (NOW + LIFETIME).timestamp()}
    same = {name for name, value in one["parameters"].items() if value == other["parameters"][name]}
    assert same == {"algorithm", "cost", "keyLength", "data"}


CHANGES: dict[str, Change] = {
    "it expires later": lambda p: p["data"].update(expires=p["data"]["expires"] + 3600),
    "it expires never": lambda p: p.pop("data"),
    "it expires also elsewhere": lambda p: p.update(expiresAt=p["data"]["expires"] + 3600),
    "its data say more": lambda p: p["data"].update(note="x"),
    "it costs less": lambda p: p.update(cost=1),
    "it is another sum": lambda p: p.update(algorithm="SHA-256"),
    "any key will do": lambda p: p.update(keyPrefix=""),
    "a shorter key will do": lambda p: p.update(keyLength=1, keyPrefix="00"),
    "its key is signed by nobody": lambda p: p.pop("keySignature"),
    "its key is signed as null": lambda p: p.update(keySignature=None),
    "a digit moves from nonce to salt": lambda p: p.update(nonce=p["nonce"][:-2], salt=p["nonce"][-2:] + p["salt"]),
    "a digit moves from salt to expiry": lambda p: p.update(
        salt=p["salt"][:-1], data={"expires": int(str(p["data"]["expires"]) + "9")}
    ),
    "salt and nonce change places": lambda p: p.update(nonce=p["salt"], salt=p["nonce"]),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_no_part_of_a_challenge_can_be_changed(solved: dict[str, Any], change: Change) -> None:
    forged = json.loads(json.dumps(solved))
    change(forged["challenge"]["parameters"])
    assert read(forged) == Proof()


def test_a_challenge_of_ones_own_proves_nothing() -> None:
    theirs = ChallengeKeys.derive("a key of somebody else")
    assert read(solve(make_challenge(theirs, now=NOW))) == Proof()


def test_another_challenges_signature_or_solution_proves_nothing(solved: dict[str, Any]) -> None:
    fresh = make_challenge(KEYS, now=NOW)
    assert read({"challenge": fresh, "solution": solved["solution"]}) == Proof()
    swapped = {**fresh, "signature": solved["challenge"]["signature"]}
    assert read({"challenge": swapped, "solution": solved["solution"]}) == Proof()
    assert read({**solved, "solution": {"counter": 1, "derivedKey": "00" * 32}}) == Proof()
    assert read({**solved, "challenge": {"parameters": solved["challenge"]["parameters"]}}) == Proof()


def test_the_same_solution_written_in_another_way_is_the_same_proof(solved: dict[str, Any]) -> None:
    proof = read(solved)
    key = solved["solution"]["derivedKey"]
    assert read({**solved, "solution": {"counter": -7, "derivedKey": key.upper()}}) == proof
    parameters = {**dict(reversed(solved["challenge"]["parameters"].items())), "cost": float(COST)}
    other = {"solution": solved["solution"], "more": 1, "challenge": {**solved["challenge"], "parameters": parameters}}
    assert read(other) == proof
    upper = {**solved["challenge"], "signature": solved["challenge"]["signature"].upper()}
    assert read({**solved, "challenge": upper}) == Proof(), "its signature is what it is known by"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)


@given(st.text(max_size=60) | json_values.map(lambda value: written(value)))
def test_what_is_no_solution_proves_nothing(text: str) -> None:
    assert read_proof(text, KEYS, now=NOW) == Proof()


@given(
    st.sampled_from(["challenge", "solution", "parameters", "signature", "derivedKey", "nonce", "data"]), json_values
)
def test_a_solution_with_something_odd_in_it_proves_nothing(solved: dict[str, Any], name: str, value: object) -> None:
    odd = json.loads(json.dumps(solved))
    holders = [odd, odd["challenge"], odd["challenge"]["parameters"], odd["solution"]]
    next(one for one in holders if name in one)[name] = value
    assert read(odd) == Proof()


def test_what_is_longer_than_any_solution_is_not_even_read(solved: dict[str, Any]) -> None:
    assert len(written(solved)) < MAX_LENGTH / 3
    assert read({**solved, "more": "x" * MAX_LENGTH}) == Proof()
    assert read_proof(base64.b64encode(b"[" * 3000).decode(), KEYS, now=NOW) == Proof()
