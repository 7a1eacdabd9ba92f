"""No link or address in a citizen's text is stored or logged: it is found first, and told by its place."""

from advocacy.letters.screening.blocked import BlockedKind, BlockedSpan
from advocacy.letters.screening.screen import (
    TextRefused,
    advice,
    refuse_links,
    screen,
    screen_letter,
    wants_safety_copy,
)

__all__ = [
    "BlockedKind",
    "BlockedSpan",
    "TextRefused",
    "advice",
    "refuse_links",
    "screen",
    "screen_letter",
    "wants_safety_copy",
]
