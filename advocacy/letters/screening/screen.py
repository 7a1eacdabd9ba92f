"""Find links and addresses in a text, whole, disguised, spelled out or taken apart: none is stored, logged or sent.

Each finder looks for one way of writing them; spans that overlap are joined into one. Every expression is bounded, so
that the time grows with the length of the text alone.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from ipaddress import AddressValueError, IPv6Address

from advocacy.letters.screening.domains import (
    BlockedKind,
    BlockedSpan,
    compiled,
    expression,
    find_domains,
    tables,
    words,
)
from advocacy.letters.text_cleaning import PlainText, to_plain_text
from advocacy.messages import Message

_SENTENCE_END = re.compile(r"[.!?\n](?=\s|$)")
_CHARACTERS_NEAR, _CHARACTERS_BEFORE = 90, 20
_CLOSING = re.compile(r"\s*(?:$|[.,;:!?)\]}>»”\"/\n])")
# Letters told apart by the same little signs, a point among them: “e-x-a-m-p-l-e-.-c-o-m”.
_BETWEEN_LETTERS = re.compile(r"[^\w.]|_")


class TextRefused(ValueError):
    """The text holds what may not be kept; `found` says what and where. Neither holds the text."""

    def __init__(self, found: tuple[BlockedSpan, ...]) -> None:
        self.found = found
        super().__init__(", ".join(f"{one.kind} at {one.start}" for one in found))


def screen(text: str) -> tuple[BlockedSpan, ...]:
    """Find links, addresses and the points that make two words look like one, in the order of the text."""
    seen = to_plain_text(text)
    finders = (_shapes, _ipv6_addresses, _sharing_codes, _contacts, find_domains, _spelled_addresses)
    found = [span for find in finders for span in find(seen)]
    joined: list[BlockedSpan] = []
    for span in sorted(found, key=lambda span: (span.start, -span.end)):
        if joined and span.start < joined[-1].end:
            joined[-1] = joined[-1].joined(span)
        else:
            joined.append(span)
    return tuple(joined)


def refuse_links(text: str) -> None:
    """Raise TextRefused unless `text` may be kept."""
    if found := screen(text):
        raise TextRefused(found)


def screen_letter(lines: Sequence[str], *, composed: frozenset[str]) -> tuple[BlockedSpan, ...]:
    """Screen an edited letter, the lines in `composed` excepted: those that came out of composing it, unchanged.

    Places count in the lines joined by "\\n". A line is exempt when it equals one of `composed` sign for sign.
    """
    return screen("\n".join(" " * len(line) if line in composed else line for line in lines))


def advice(found: Iterable[BlockedSpan]) -> tuple[Message, ...]:
    """Return what to tell the citizen, each thing once, addresses first."""
    addresses_first = sorted(found, key=lambda blocked: not blocked.is_address)
    return tuple(dict.fromkeys(blocked.message for blocked in addresses_first))


def wants_safety_copy(found: Iterable[BlockedSpan]) -> bool:
    """Whether the campaign's help for found material belongs beside the advice: where something may lead to it."""
    return any(one.kind in {BlockedKind.LINK, BlockedKind.CODE, BlockedKind.FILE} for one in found)


@cache
def _compiled_shapes() -> list[tuple[BlockedKind, str, re.Pattern[str]]]:
    shapes = tables()["expressions"]["shapes"]
    return [(BlockedKind(one["kind"]), one["needed"], compiled(one["expression"])) for one in shapes]


@cache
def _spelled_out() -> list[tuple[BlockedKind, re.Pattern[str]]]:
    return [(BlockedKind(one["kind"]), compiled(one["expression"])) for one in tables()["expressions"]["spelled_out"]]


@cache
def _accounts() -> list[re.Pattern[str]]:
    return [compiled(text) for text in tables()["expressions"]["accounts"]]


def _shapes(seen: PlainText) -> Iterator[BlockedSpan]:
    lower = seen.text.lower()
    for kind, needed, shape in _compiled_shapes():
        for match in shape.finditer(seen.text) if needed in lower else ():
            yield BlockedSpan(kind, *seen.span(match.start(), seen.trimmed(*match.span())))


def _ipv6_addresses(seen: PlainText) -> Iterator[BlockedSpan]:
    """Find IPv6 addresses; 14:30:00 and 3:2:1 are none."""
    if seen.text.count(":") < 2:
        return
    for match in expression("ipv6").finditer(seen.text):
        if match[0].count(":") > 1 and any(map(str.isdigit, match[0])):
            try:
                IPv6Address(match[0])
            except AddressValueError:
                continue
            yield BlockedSpan(BlockedKind.LINK, *seen.span(*match.span()))


def _sharing_codes(seen: PlainText) -> Iterator[BlockedSpan]:
    """Find a sharing service named with a key or an account; its name alone is a word like others."""
    for match in expression("sharing_code").finditer(seen.text):
        code = match["code"]
        is_mixed = any(map(str.isdigit, code)) and any(map(str.isalpha, code))
        if (is_mixed or set(code) & set("_#!")) and not expression("amount").fullmatch(code):
            yield BlockedSpan(BlockedKind.CODE, *seen.span(*match.span()))


def _contacts(seen: PlainText) -> Iterator[BlockedSpan]:
    """Find every account named with its service, and every telephone number with an app or an invitation to write."""
    text = seen.text
    # No account is named in a text without a service's name where a word begins, as most are.
    for shape in _accounts() if expression("any_app").search(text) else ():
        for match in shape.finditer(text):
            yield BlockedSpan(BlockedKind.CONTACT, *seen.span(match.start(), seen.trimmed(*match.span())))
    for number in expression("telephone_number").finditer(text):
        start, end = number.span()
        before = _SENTENCE_END.split(text[max(0, start - _CHARACTERS_NEAR) : start])[-1]
        after = _SENTENCE_END.split(text[end : end + _CHARACTERS_NEAR])[0]
        is_of_signal = expression("signal_before").search(text, max(0, start - _CHARACTERS_BEFORE), start)
        if is_of_signal or expression("telephone_app").search(f"{before} {after}"):
            yield BlockedSpan(BlockedKind.CONTACT, *seen.span(start, end))
    for number in expression("spelled_number").finditer(text):
        if expression("counting").match(number[0]) is None:  # "one, two, three …"
            yield BlockedSpan(BlockedKind.CONTACT, *seen.span(*number.span()))


def _spelled_addresses(seen: PlainText) -> Iterator[BlockedSpan]:
    """Find every address that is written in words or with room around its point."""
    for kind, shape in _spelled_out():
        yield from (BlockedSpan(kind, *seen.span(*match.span())) for match in shape.finditer(seen.text))
    for kind, name, is_address in (
        (BlockedKind.LINK, "spaced_point", _is_spaced_address),
        (BlockedKind.LINK, "worded_point", _is_worded_address),
        (
            BlockedKind.LINK,
            "lettered",
            lambda match: expression("lettered_address").search(_BETWEEN_LETTERS.sub("", match[0])),
        ),
        (BlockedKind.ADDRESS, "worded_at", lambda match: not _is_topic(match)),
    ):
        found = (match for match in expression(name).finditer(seen.text) if is_address(match))
        yield from (BlockedSpan(kind, *seen.span(*match.span())) for match in found)


def _is_spaced_address(match: re.Match[str]) -> bool:
    gap, end = match["gap"], match["end"]
    if gap in (".", "·") or (end[0].isupper() and not end.isupper()):
        return False  # a glued point is judged with the other domains; a capital begins a sentence
    if _is_topic(match) and gap[0].isspace() and not gap[-1].isspace():
        return False  # “the .com bubble”
    if end.casefold() in words("endings.never_words"):
        return True
    return gap[0].isspace() and len(gap.strip()) == 1 and not _is_topic(match) and _closes(match)


def _is_worded_address(match: re.Match[str]) -> bool:
    if _is_topic(match) or _is_verb(match):
        return False
    always = words("endings.never_words")
    if match["point"].casefold() != "point":
        always |= words("endings.no_words_after_dot")
    return match["end"].casefold() in always or _closes(match)


def _is_verb(match: re.Match[str]) -> bool:
    """Whether "point" is what somebody does: "a rule to point to", "nobody to point at"."""
    words_around = match["before"].casefold(), match["point"].casefold(), match["end"].casefold()
    return words_around in {("to", "point", "to"), ("to", "point", "at")}


def _is_topic(match: re.Match[str]) -> bool:
    """Whether the word before makes an ending a thing that is spoken of: "the dot com years"."""
    return match["before"].casefold() in words("spoken.articles")


def _closes(match: re.Match[str]) -> bool:
    """Whether the sentence ends here: an ending that is a word too would otherwise go on."""
    return bool(_CLOSING.match(match.string, match.end()))
