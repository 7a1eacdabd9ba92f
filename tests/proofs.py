"""Solutions of challenges, as a browser finds and writes them."""

import base64
import hashlib
import json
from collections.abc import Mapping
from itertools import count
from typing import Any


def solve(challenge: Mapping[str, Any]) -> dict[str, Any]:
    """Try one number after another."""
    parameters = challenge["parameters"]
    assert parameters["algorithm"] == "PBKDF2/SHA-256"
    nonce, salt = bytes.fromhex(parameters["nonce"]), bytes.fromhex(parameters["salt"])
    for number in count():
        password = nonce + number.to_bytes(4, "big")
        key = hashlib.pbkdf2_hmac("sha256", password, salt, parameters["cost"], parameters["keyLength"]).hex()
        if key.startswith(parameters["keyPrefix"]):
            return {"challenge": challenge, "solution": {"counter": number, "derivedKey": key}}
    raise AssertionError


def written(payload: object) -> str:
    """Write a payload into the form's field."""
    return base64.b64encode(json.dumps(payload).encode()).decode()


def solution(challenge: Mapping[str, Any]) -> str:
    """Solve a challenge, and write it into the form's field."""
    return written(solve(challenge))
