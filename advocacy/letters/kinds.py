"""What the outbox carries for letters, each kind of message with what its reference names."""

from enum import StrEnum


class Carried(StrEnum):
    """A message's kind; its `ref` is a confirmation's id, but a stored letter's for LETTER."""

    CONFIRMATION = "confirmation"
    LETTER = "letter"
    UNDERWAY = "underway"
    OUTCOME = "outcome"
    CAME_BACK = "came_back"


TO_CITIZEN = frozenset({Carried.CONFIRMATION, Carried.UNDERWAY, Carried.OUTCOME, Carried.CAME_BACK})
"""The mails of the site's own: what is erased takes them along."""
