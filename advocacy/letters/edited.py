"""A letter that its citizen edited is a letter again: what is unchanged keeps its nature, the rest is theirs."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from advocacy.campaigns.letter_template import LetterTemplate
from advocacy.language import Wording, format_number
from advocacy.letters.letter import Kind, Letter, RenderedParagraph
from advocacy.letters.provenance import is_of_survey, mark_sentences
from advocacy.letters.text_cleaning import clean
from advocacy.messages import Message, message

WINDOW = 32
"""Bytes. WriteToThem's similarity test compares windows of this size."""


def share_from(body: str, source: str) -> float:
    """Return the share (0 to 1) of a body's windows that come from `source`: what was added to it counts, cuts do not.

    Where both begin or end alike, only what differs is looked at: a window that stands in a body twice counts twice.
    """
    text, known = body.encode(), source.encode()
    count = max(1, len(text) - WINDOW + 1)
    begins = _common(len(text), len(known), lambda length: text[:length] == known[:length])
    ends = _common(len(text), len(known), lambda length: text[-length:] == known[-length:])
    differing = range(max(0, begins - WINDOW + 1), min(count, len(text) - ends))
    own = sum(text[start : start + WINDOW] not in known for start in differing)
    return 1 - own / count


def _common(one: int, other: int, is_same: Callable[[int], bool]) -> int:
    """Return the greatest length, in bytes, that two texts have in common."""
    return bisect_left(range(1, min(one, other) + 1), True, key=lambda length: not is_same(length))


MAX_BODY = 12_000
MAX_SUBJECT = 200
"""Characters."""
_BLANK_LINE = re.compile(r"\n[ \t]*\n+")
_BULLET = re.compile(r"[•\-*][ \u00a0]+(?=\S)")
NAMES_THE_SURVEY = frozenset({"survey.source", "survey.title", "survey.respondents"})


def editable_body(letter: Letter) -> str:
    """Return the body as it is edited: a blank line between paragraphs, a mark before the items of a list."""
    return "\n\n".join(_editable(paragraph) for paragraph in letter.paragraphs)


def with_edits(composed: Letter, subject: str | None, body: str | None) -> Letter:
    """Return the letter with this subject and body, the composed one where they are the same or None."""
    letter = composed
    if subject is not None and (line := clean(subject, lines=False)) != composed.subject:
        letter = replace(letter, subject=line)
    if body is not None and clean(body, lines=True) != clean(editable_body(composed), lines=True):
        letter = replace(letter, paragraphs=tuple(_paragraphs(body, composed)))
    return letter


def subject_problem(subject: str) -> Message | None:
    """Return what keeps an edited subject from being a letter's."""
    line = clean(subject, lines=False)
    if not line:
        return message("The letter has no subject: write one.")
    return _too_long(line, MAX_SUBJECT)


def body_problem(body: str) -> Message | None:
    """Return what keeps an edited body from being a letter's."""
    text = clean(body, lines=True)
    if not text:
        return message("The letter has no text: write it, or go back to the original.")
    return _too_long(text, MAX_BODY)


def without_idle_source(letter: Letter, composed: Letter, template: LetterTemplate) -> Letter:
    """Return an edited letter without its source note where nothing in it comes from the survey any longer.

    That is: no figure, quotation or fact of the survey's as composed, and no name of who made it.
    """
    pieces = [piece for paragraph in letter.paragraphs for piece in paragraph.pieces]
    if letter.paragraphs == composed.paragraphs or any(is_of_survey(piece) for piece in pieces):
        return letter
    cited = [text for name, text in template.constants[letter.language].items() if name in NAMES_THE_SURVEY]
    cited += [quote.in_language(letter.language) for quote in template.survey.every_quote]
    return letter if any(text and text in letter.body for text in cited) else replace(letter, source_note="")


def _too_long(text: str, most: int) -> Message | None:
    if len(text) <= most:
        return None
    number = Wording.for_each(partial(format_number, most))
    return message("This is too long: shorten it to %(most)s characters.", most=number)


def _editable(paragraph: RenderedParagraph) -> str:
    return f"• {paragraph.text}" if paragraph.kind is Kind.BULLET else paragraph.text


def _paragraphs(body: str, composed: Letter) -> Iterator[RenderedParagraph]:
    as_composed = {clean(_editable(one), lines=True): one for one in composed.paragraphs}
    for text in _BLANK_LINE.split(clean(body, lines=True)):
        text = text.strip()
        if text in as_composed:
            yield as_composed[text]
        elif text:
            yield from _changed(text, composed)


def _changed(text: str, composed: Letter) -> Iterator[RenderedParagraph]:
    """Read a paragraph, or the items of a list that stand a line each."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if all(_BULLET.match(line) for line in lines):
        for line in lines:
            yield RenderedParagraph(Kind.BULLET, mark_sentences(_BULLET.sub("", line, count=1), composed))
    else:
        yield RenderedParagraph(Kind.PARAGRAPH, mark_sentences(" ".join(lines), composed))
