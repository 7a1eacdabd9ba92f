"""A citizen's answers, ready to be composed into a letter."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from advocacy.language import Language


@dataclass(frozen=True, slots=True)
class Answers:
    """What a citizen answered, cleaned and checked. Nothing stores it; it lives as long as the letter is made.

    `province` is its two letters, `postal_code` "K1A 0A6" or "", `ridings` those the citizen is a constituent of,
    `fields` the letter's own fields (a choice by its key), `language` the one the citizen writes in.
    """

    name: str
    city: str
    province: str
    postal_code: str
    street: str
    email: str
    ridings: frozenset[str]
    fields: Mapping[str, str]
    language: Language

    def of_ridings(self, ridings: frozenset[str]) -> "Answers":
        """Return the same answers from a constituent of these ridings."""
        return replace(self, ridings=ridings)
