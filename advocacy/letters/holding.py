"""What is held until a person has looked at it, for which reasons, and how that is told to citizens."""

from collections.abc import Mapping
from enum import StrEnum

from advocacy.messages import Message, message


class HoldReason(StrEnum):
    """Why a message is held: a letter by the first three, a confirmation mail by the last two."""

    OWN_TEXT = "own_text"
    ALIKE = "alike"
    RECIPIENT_LIMIT = "recipient_limit"
    NO_PROOF = "no_proof"
    BOUNCES = "bounces"


CITIZEN_REASONS: Mapping[str, Message] = {
    HoldReason.OWN_TEXT: message("You wrote most of it yourself; we read such letters before they are sent."),
    HoldReason.ALIKE: message("Many letters to this office are almost the same today; we read such letters first."),
    HoldReason.RECIPIENT_LIMIT: message("This office is receiving very many letters today; we look at the rest first."),
}
"""Why a letter waits, as its citizen is told."""
