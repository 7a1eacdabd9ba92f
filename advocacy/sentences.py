"""A text divided into sentences: the one way in which the project does it."""

import re

LONGEST = 800
"""Characters. Longer than any sentence that is one: what goes on is cut at a space, so that no text takes long."""
_END = re.compile(
    r"(?<![.!?…])[.!?…]++(?:[ \u00a0\u202f]?[»”]|[\"'’)\]])*+\s++(?=(?:[“«‘\"'(\[]\s?)*+[^\W_a-zà-öø-ÿœ])"
)
"""A point, what closes behind it, and a space before a capital or a digit, which quotation marks may open."""
_GOES_ON = re.compile(
    r"(?:\b(?:[A-ZÀ-Þ]|MM|Mr|Mrs|Ms|Mmes?|Mlles?|Drs?|Dre|Mgr|Prof|Hon|Rt|Sen|St|Ste|cf|etc|ex|env|approx|vs)"
    r"|\.[A-Za-z]|-à-d)\.$"
)
"""An abbreviation, an initial or the end of "e.g.": the sentence goes on after it."""
_BEFORE_NUMBER = re.compile(r"\b(?:nos?|pp?|art|par)\.$", re.IGNORECASE)
"""These only before a number: "No." is a sentence, "no. 5" is none."""
_ABBREVIATION_LENGTH = 12


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return where each sentence starts and ends; a line break ends one, spaces around it are outside."""
    spans: list[tuple[int, int]] = []
    for line in re.finditer(r"[^\n]+", text):
        begin = line.start()
        for end in _END.finditer(text, *line.span()):
            point = end.start() + 1
            before = max(begin, point - _ABBREVIATION_LENGTH)
            numbered = text[end.end()].isdecimal() and _BEFORE_NUMBER.search(text, before, point)
            if not numbered and not _GOES_ON.search(text, before, point):
                spans += _cut(text, begin, end.end())
                begin = end.end()
        spans += _cut(text, begin, line.end())
    return spans


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a text, without the spaces around them."""
    return [text[start:end] for start, end in sentence_spans(text)]


def _cut(text: str, begin: int, end: int) -> list[tuple[int, int]]:
    """Return the span in pieces of at most LONGEST, without spaces around them."""
    pieces = []
    while begin < end:
        space = text.rfind(" ", begin + 1, begin + LONGEST) if end - begin > LONGEST else end
        close = space if space > 0 else begin + LONGEST
        piece = text[begin:close]
        if words := piece.strip():
            start = begin + piece.index(words)
            pieces.append((start, start + len(words)))
        begin = close
    return pieces
