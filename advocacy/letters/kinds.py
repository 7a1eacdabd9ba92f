"""What the outbox carries for letters: three kinds of message, each with what its reference names."""

from enum import StrEnum


class Carried(StrEnum):
    """A message's kind; its `ref` is a confirmation's id, but a stored letter's for LETTER."""

    CONFIRMATION = "confirmation"
    LETTER = "letter"
    OUTCOME = "outcome"
