"""The sentences that screening is held to, read from `tests/data`."""

import re
from collections.abc import Iterator
from pathlib import Path

DATA = Path(__file__).parents[2] / "data"
_ESCAPE = re.compile(r"\\u([0-9a-f]{4})|\\n")
_MARKS = re.compile("[⟦⟧]")


def sentences(name: str) -> Iterator[str]:
    """Return the sentences of a file, its escapes resolved, its comments left out."""
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("# "):
            yield _ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else "\n", line)


def unmarked(sentence: str) -> tuple[str, list[tuple[int, int]]]:
    """Take the marks out of a sentence; give it and the spans that stood between them."""
    text, spans = "", []
    for place, part in enumerate(_MARKS.split(sentence)):
        if place % 2:
            spans.append((len(text), len(text) + len(part)))
        text += part
    return text, spans
