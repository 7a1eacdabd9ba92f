"""A letter that its citizen edited is a letter again: what stands as composed keeps its nature, the rest is theirs."""

import re
from collections.abc import Iterator
from dataclasses import replace

from advocacy.campaigns.program import Piece
from advocacy.letters.entry import clean
from advocacy.letters.forms import too_long
from advocacy.letters.letter import Kind, Letter, Spoken
from advocacy.messages import Words, message

MOST_OF_BODY = 12_000
MOST_OF_SUBJECT = 200
_BLANK_LINE = re.compile(r"\n[ \t]*\n+")
_BULLET = re.compile(r"[•\-*][ \u00a0]+(?=\S)")


def body_of(letter: Letter) -> str:
    """Give the body as it is edited: a blank line between paragraphs, a mark before the items of a list."""
    return "\n\n".join(_written(paragraph) for paragraph in letter.paragraphs)


def with_edits(composed: Letter, subject: str | None, body: str | None) -> Letter:
    """Give the letter with the subject and the body that came, the composed one where they are the same or missing."""
    letter = composed
    if subject is not None and (line := clean(subject, lines=False)) != composed.subject:
        letter = replace(letter, subject=line)
    if body is not None and not is_same(composed, body):
        letter = replace(letter, paragraphs=tuple(_paragraphs(body, composed)))
    return letter


def is_same(composed: Letter, body: str) -> bool:
    """Tell whether a body that came back is the composed one."""
    return clean(body, lines=True) == clean(body_of(composed), lines=True)


EMPTY = {"subject": message("Enter a subject."), "body": message("Enter the text of the letter.")}
LABELS = {"subject": message("Subject"), "body": message("Letter")}


def problems(subject: str | None, body: str | None) -> Iterator[tuple[str, Words]]:
    """Say what keeps an edited subject or body from being a letter's, by field."""
    for name, text, most in (("subject", subject, MOST_OF_SUBJECT), ("body", body, MOST_OF_BODY)):
        if text is None:
            continue
        cleaned = clean(text, lines=name == "body")
        if not cleaned:
            yield name, EMPTY[name]
        elif len(cleaned) > most:
            yield name, too_long(LABELS[name], most)


def _written(paragraph: Spoken) -> str:
    return f"• {paragraph.text}" if paragraph.kind is Kind.BULLET else paragraph.text


def _paragraphs(body: str, composed: Letter) -> Iterator[Spoken]:
    known = {clean(_written(one), lines=True): one for one in composed.paragraphs}
    for text in _BLANK_LINE.split(clean(body, lines=True)):
        text = text.strip()
        if text in known:
            yield known[text]
        elif text:
            yield from _own(text)


def _own(text: str) -> Iterator[Spoken]:
    """Read a paragraph, or the items of a list that stand a line each."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if all(_BULLET.match(line) for line in lines):
        for line in lines:
            yield Spoken(Kind.BULLET, (Piece(_BULLET.sub("", line, count=1), ""),))
    else:
        yield Spoken(Kind.PARAGRAPH, (Piece(" ".join(lines), ""),))
