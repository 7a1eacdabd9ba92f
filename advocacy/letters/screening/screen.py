"""A text is held against every shape of link and address, whole or taken apart, and each place is told once."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from ipaddress import AddressValueError, IPv6Address

from advocacy.letters.entry import Seen, see
from advocacy.letters.screening import hosts, worded
from advocacy.letters.screening.blocked import Blocked, Kind
from advocacy.letters.screening.vocabulary import shipped
from advocacy.messages import Message

_SHARING = shipped().sharing


def _any_of(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words)))


_BARE_SCHEMES = "javascript|vbscript|mailto|ed2k|ipfs|ipns|thunder|view-source|blob|ftps?|sftp|smb|tg|irc"
# Each shape with what a text must hold, in lower case, for it to be looked for at all.
_SHAPES: tuple[tuple[Kind, str, str], ...] = (
    (Kind.LINK, ":", r"(?<![a-z0-9+.-])[a-z][a-z0-9+.-]*+\s{0,2}:\s{0,2}(?:[/\\]\s?|%2f){2}\S*+"),
    (Kind.LINK, "%2f", r"(?<!\w)\w++(?:%3a|&colon;|:)(?:%2f){2}\S*+"),
    (Kind.LINK, "://", r"://\S*+"),
    (Kind.LINK, ":", r"(?<!\w)h\s{0,2}[tx*]\s{0,2}[tx*]\s{0,2}p\s{0,2}s?\s{0,2}:\s{0,2}[/\\]\S*+"),
    (Kind.LINK, "hxxp", r"(?<!\w)hxxps?(?!\w)\S*+"),
    (Kind.LINK, "w", r"(?<!\w)w\s?w\s?w\d?\s{0,2}(?:[.·,]|\[\.\]|\(\.\)|\b(?:dot|point)\b)\s{0,2}\w\S*+"),
    (Kind.LINK, "www", r"(?<!\w)www\s{1,2}\w[\w-]{0,62}+\s{1,2}(?:com|org|net|ca|info|ru|onion)(?!\w)"),
    (Kind.LINK, ":", rf"(?<![\w-])(?:{_BARE_SCHEMES}):[^\s:]\S*+"),
    (Kind.LINK, "script", r"(?<!\w)(?:java|vb)script\s{0,3}:\s{0,3}\w[\w.]{0,60}+\([^)\n]{0,200}\)?"),
    (Kind.LINK, "data", r"(?<!\w)data\s{0,2}:\s{0,2}(?:[a-z]++/[a-z0-9.+-]++|[;,])\S*+"),
    (Kind.LINK, "magnet", r"(?<!\w)magnet\s{0,2}:\s{0,2}\?\S*+"),
    (Kind.LINK, "file", r"(?<!\w)file\s{0,2}:\s{0,2}[/\\]\S*+"),
    (Kind.LINK, "0x", r"(?<!\w)0x[0-9a-f]{8}(?!\w)"),
    (Kind.LINK, "localhost", r"(?<!\w)localhost[:/]\w\S*+"),
    (Kind.LINK, "\\\\", r"(?<![\w\\])\\\\\w[\w.-]*+\\\S*+"),
    (Kind.LINK, "=", r"(?<!\w)(?:href|src)\s{0,2}=\s{0,2}[\"']?\w\S*+"),
    (Kind.LINK, "xn--", r"(?<![\w-])xn--[a-z0-9-]++"),
    (Kind.ADDRESS, "@", r"(?<![\w.+-])[\w.+-]++@[^\W\d_][\w.-]*+"),
    (Kind.CONTACT, "@", r"(?<![\w.+-])@[^\W\d][\w.-]++"),
    (Kind.FILE, ":\\", r"(?<!\w)[a-z]:\\\w\S*+"),
    (Kind.CODE, "ahr0", r"(?<!\w)aHR0c[a-z0-9+/=]++"),  # how "http" begins in base64
    (Kind.LINK, "/", rf"(?<![\w/.])(?:{_any_of(shipped().sharing.shorteners)})/\w{{2,40}}"),
    (Kind.LINK, "/", r"(?<![\w/.])[a-z]{4,20}/(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{6,40}(?![\w/])"),
    (Kind.CODE, "", r"(?<!\w)(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9_]{20,}+(?!\w)"),
)
_COMPILED = tuple((kind, needed, re.compile(shape, re.I)) for kind, needed, shape in _SHAPES)
_SIX = re.compile(r"(?<![\w:.])[0-9a-f:]{3,39}(?:\.\d{1,3}){0,3}(?![\w:])", re.I)
_CODE = re.compile(
    rf"(?<!\w)(?:{_any_of(_SHARING.services)})(?!\w)"
    rf"(?:\s{{0,2}}[:#=|>]+\s{{0,2}}|\s{{1,2}}(?=(?:{_any_of(_SHARING.keywords)})(?!\w)))"
    rf"(?:(?:{_any_of(_SHARING.keywords)})(?!\w)[^\w\n]{{1,3}}){{0,2}}(?P<code>[\w!#]{{5,}})",
    re.I,
)
_AMOUNT = re.compile(rf"\d++(?:{_any_of(_SHARING.units)})", re.I)


class TextRefused(ValueError):
    """The text holds what may not be kept; `found` says what and where. Neither holds the text."""

    def __init__(self, found: tuple[Blocked, ...]) -> None:
        self.found = found
        super().__init__(", ".join(f"{one.kind} at {one.start}" for one in found))


def screen(text: str) -> tuple[Blocked, ...]:
    """Find links, addresses and the points that make two words look like one, in the order of the text.

    In time that grows with the length of the text alone, whatever it holds.
    """
    seen = see(text)
    return _joined([blocked for find in FINDERS for blocked in find(seen)])


def refuse_links(text: str) -> None:
    """Raise TextRefused unless `text` may be kept."""
    if found := screen(text):
        raise TextRefused(found)


def screen_letter(lines: Sequence[str], *, ours: frozenset[str]) -> tuple[Blocked, ...]:
    """Screen an edited letter, the lines in `ours` excepted: those that came out of composing it, unchanged.

    Places count in the lines joined by "\\n". A line is exempt when it equals one of `ours` sign for sign.
    """
    return screen("\n".join(" " * len(line) if line in ours else line for line in lines))


def advice(found: Iterable[Blocked]) -> tuple[Message, ...]:
    """Return what to tell the citizen, each thing once, addresses first."""
    addresses_first = sorted(found, key=lambda blocked: not blocked.is_address)
    return tuple(dict.fromkeys(blocked.message for blocked in addresses_first))


def wants_safety_copy(found: Iterable[Blocked]) -> bool:
    """Whether the campaign's help for found material belongs beside the advice: where something may lead to it."""
    return any(one.kind in {Kind.LINK, Kind.CODE, Kind.FILE} for one in found)


def _joined(found: list[Blocked]) -> tuple[Blocked, ...]:
    """Return what was found in the order of the text, what overlaps joined into one."""
    rows: list[Blocked] = []
    for one in sorted(found, key=lambda place: (place.start, -place.end)):
        if rows and one.start < rows[-1].end:
            rows[-1] = rows[-1].joined(one)
        else:
            rows.append(one)
    return tuple(rows)


def _shapes(seen: Seen) -> Iterator[Blocked]:
    lower = seen.text.lower()
    wanted = ((kind, shape) for kind, needed, shape in _COMPILED if needed in lower)
    for kind, shape in wanted:
        for match in shape.finditer(seen.text):
            yield Blocked(kind, *seen.span(match.start(), seen.trimmed(*match.span())))


def _internet_six(seen: Seen) -> Iterator[Blocked]:
    """Find IPv6 addresses; 14:30:00 and 3:2:1 are none."""
    if seen.text.count(":") < 2:
        return
    for match in _SIX.finditer(seen.text):
        if match[0].count(":") > 1 and any(map(str.isdigit, match[0])) and _is_six(match[0]):
            yield Blocked(Kind.LINK, *seen.span(*match.span()))


def _is_six(text: str) -> bool:
    try:
        IPv6Address(text)
    except AddressValueError:
        return False
    return True


def _codes(seen: Seen) -> Iterator[Blocked]:
    """Find a sharing service named with a key or an account; its name alone is a word like others."""
    for match in _CODE.finditer(seen.text):
        code = match["code"]
        mixed = any(map(str.isdigit, code)) and any(map(str.isalpha, code))
        if (mixed or set(code) & set("_#!")) and not _AMOUNT.fullmatch(code):
            yield Blocked(Kind.CODE, *seen.span(*match.span()))


FINDERS: tuple[Callable[[Seen], Iterator[Blocked]], ...] = (
    _shapes,
    _internet_six,
    _codes,
    worded.find_contacts,
    hosts.find,
    worded.find_addresses,
)
