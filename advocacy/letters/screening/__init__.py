"""Screen a citizen's text for links, addresses, accounts and telephone numbers, before anything stores or logs it.

`screen` finds them, however disguised; `domains` judges words that are joined by a point alone. What is found has a
kind and a place, never the words.
"""

from advocacy.letters.screening.domains import BlockedKind, BlockedSpan
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
