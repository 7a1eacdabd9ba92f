"""What the fake SendGrid is told to answer, and what it takes for a message."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """What is done with one request: whether its message is taken, whether anything is said, and how fast.

    `says_first` is said at once, in the place of the first line and the headers; then, where there is a `pause`, so
    many seconds pass before each byte of the rest. `closes` hangs up after the answer.
    """

    status: int = 202
    headers: Mapping[str, str] = field(default_factory=dict)
    takes: bool = True
    says: bool = True
    pause: float = 0.0
    says_first: bytes = b""
    body: bytes = b""
    closes: bool = False


TAKEN = Answer()
LOST_202 = Answer(says=False)
RESET_BEFORE = Answer(takes=False, says=False)


def refusing(status: int, **headers: str) -> Answer:
    """Take nothing, and say so; `Retry_After` is the header Retry-After."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, named, takes=False, body=b'{"errors":[{"message":"citizen@example.org is refused"}]}')


def busy(**headers: str) -> Answer:
    """Say that there were too many requests."""
    return refusing(429, **headers)


def is_a_message(message: Mapping[str, Any]) -> bool:
    """Return whether SendGrid would take it: one recipient, a sender, a subject, and texts in their order."""
    try:
        (personalization,) = message["personalizations"]
        (to,) = personalization["to"]
        kinds = [content["type"] for content in message["content"] if content["value"]]
        return (
            all("@" in mailbox["email"] for mailbox in (to, message["from"]))
            and bool(message["subject"])
            and kinds in (["text/plain"], ["text/plain", "text/html"])
            and len(kinds) == len(message["content"])
            and all(isinstance(value, str) for value in message.get("custom_args", {}).values())
        )
    except (KeyError, TypeError, ValueError):
        return False
