"""How alike two letters are, by the measure that mail filters of legislators' offices use."""

from advocacy.letters.edited import WINDOW


def windows(body: str) -> frozenset[bytes]:
    """Return the distinct windows of a letter's body (UTF-8); a body shorter than one window is a window itself."""
    text = body.encode()
    return frozenset([text[start : start + WINDOW] for start in range(max(1, len(text) - WINDOW + 1))])


def alikeness(one: frozenset[bytes], other: frozenset[bytes]) -> float:
    """Return the share (0 to 1) of the smaller set's windows that the other has too."""
    smaller, larger = sorted((one, other), key=len)
    return len(smaller & larger) / len(smaller)
