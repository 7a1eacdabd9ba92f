"""A letter in the forms people take away. Every form shows the same value, word for word."""

from collections.abc import Callable, Mapping

from advocacy.exports.text import to_text
from advocacy.letters.letter import Letter

FORMATS: Mapping[str, Callable[[Letter], str]] = {"txt": to_text}
"""The forms that exist, by the name used on the command line and in addresses."""
