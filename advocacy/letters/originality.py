"""How alike two letters are, by the measure that mail filters of legislators' offices use."""

WINDOW = 32
"""Bytes. WriteToThem's similarity test compares windows of this size."""


def windows(body: str) -> frozenset[bytes]:
    """Give the distinct windows of a letter's body (UTF-8); a body shorter than one window is a window itself."""
    text = body.encode()
    return frozenset([text[start : start + WINDOW] for start in range(max(1, len(text) - WINDOW + 1))])


def alikeness(one: frozenset[bytes], other: frozenset[bytes]) -> float:
    """Give the share (0 to 1) of the smaller set's windows that the other has too."""
    smaller, larger = sorted((one, other), key=len)
    return len(smaller & larger) / len(smaller)


def share_from(body: str, source: str) -> float:
    """Give the share (0 to 1) of a body's windows that come from `source`: what was added to it counts, cuts do not."""
    if body == source:
        return 1.0
    own = windows(body)
    return len(own & windows(source)) / len(own)
