"""A text is held against every shape of link and address, whole or taken apart, and each place is told once."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from ipaddress import AddressValueError, IPv6Address

from advocacy.letters.screening import domains
from advocacy.letters.screening.blocked import BlockedKind, BlockedSpan
from advocacy.letters.screening.domains import shipped
from advocacy.letters.text_cleaning import Seen, see
from advocacy.messages import Message

_CONTACTS = shipped().contacts


def _any_of(words: frozenset[str]) -> str:
    """Match any of the words; "_" in a list stands for the space between two."""
    return "|".join(re.escape(word).replace("_", r"[\s_-]{1,2}") for word in sorted(words, key=len, reverse=True))


_APP = rf"(?:{_any_of(_CONTACTS.apps)})"
_HANDLE = rf"(?:{_any_of(_CONTACTS.handles)})"
_ACCOUNT = rf"(?:{_any_of(_CONTACTS.accounts)})"
_MEET = rf"(?:{_any_of(_CONTACTS.invitations)})"
_ON = r"(?:(?:on|over|via|sur|par|through|at|in|for|de|d['’])\s{0,2})"
_IS = r"\s{0,2}(?:is|[:=]|est|c['’]est)\s{0,2}"
_NAME = rf"[\"'“«\s]{{0,3}}(?!(?:{_any_of(_CONTACTS.no_names)})(?!\w))[^\W_][\w.-]{{2,40}}"
_LIKE_A_NAME = r"[\"'“«\s]{0,3}(?=[\w.-]{0,40}[\d_])(?=[\w.-]{0,40}[a-z])[\w.-]{4,40}"
_PLAIN_APP = rf"(?:{_any_of(_CONTACTS.plain_apps)})"
_CHAT_APP = rf"(?:{_any_of(_CONTACTS.chat_apps)})"
# A name with a figure, "_" or "#" in it; "24h" is an amount.
_MARKED_NAME = r"[\"'“«@\s]{0,3}(?!\d+[^\W\d_]{0,8}(?!\w))(?=[\w.#-]{0,40}[\d_#])(?=[\w.#-]{0,40}[a-z])[\w.#-]{3,40}"
_CLOSED = r"(?=\s{0,2}(?:$|[.,;!)\n]))"
_NO_ADJECTIVE = rf"(?!\w{{0,40}}(?:{_any_of(_CONTACTS.adjectives)})(?!\w))"
_NAMES = tuple(
    re.compile(shape, re.I)
    for shape in (
        # "my telegram handle is marie", « mon pseudo Discord : marie »
        rf"(?<!\w){_APP}\s{{1,2}}{_HANDLE}{_IS}{_NAME}",
        rf"(?<!\w){_HANDLE}\s{{1,2}}{_ON}?{_APP}{_IS}{_NAME}",
        # where any word may follow, only what looks like an account is one
        rf"(?<!\w){_APP}\s{{1,2}}{_ACCOUNT}{_IS}{_LIKE_A_NAME}",
        rf"(?<!\w){_ACCOUNT}\s{{1,2}}{_ON}?{_APP}{_IS}{_LIKE_A_NAME}",
        rf"(?<!\w)(?:my|mon|ma|our|notre)\s{{1,2}}{_APP}\s{{1,2}}(?:is|est|c['’]est)\s{{1,2}}{_LIKE_A_NAME}",
        # "insta ann_t", "discord: ann#1234", "telegram: annt", "my telegram is annt", "Kik annt."
        rf"(?<!\w){_PLAIN_APP}(?:\s{{0,2}}[:=]\s{{0,2}}|\s{{1,2}}(?:is|est|c['’]est|as)\s{{1,2}}|\s{{1,2}}){_MARKED_NAME}",
        rf"(?<!\w){_CHAT_APP}\s{{0,2}}[:=]\s{{0,2}}{_NAME}{_CLOSED}",
        rf"(?<!\w)(?:my|mon|ma)\s{{1,2}}{_CHAT_APP}\s{{1,2}}(?:is|est|c['’]est)\s{{1,2}}{_NO_ADJECTIVE}{_NAME}{_CLOSED}",
        rf"(?<!\w){_MEET}\s{{1,2}}{_ON}?{_PLAIN_APP}\s{{1,2}}{_NAME}{_CLOSED}",
        rf"(?:^|(?<=[.!?\n]\s)|(?<=\n)){_CHAT_APP}\s{{1,2}}(?!\w{{1,40}}s(?!\w)){_NO_ADJECTIVE}{_NAME}(?=\s{{0,2}}(?:$|[.!\n]))",
        # "find me on insta as marie", « ajoutez-moi sur Snap : marie »
        rf"(?<!\w){_MEET}\s{{1,2}}{_ON}?{_APP}(?:\s{{1,2}}(?:as|under|at|sous|comme|avec|by|with)|\s{{0,2}}[:,=])"
        rf"(?:\s{{1,2}}(?:the|my|le|mon|{_HANDLE}|{_ACCOUNT})){{0,3}}\s{{0,2}}:?\s{{0,2}}{_NAME}",
        # "I am on Telegram as marie", "I'm marie_12 on Telegram"
        rf"(?<!\w)(?:i\s?am|i['’]?m|je\s?suis)\s{{1,2}}{_ON}{_APP}\s{{1,2}}(?:as|under|sous)\s{{1,2}}{_NAME}",
        rf"(?<!\w)(?:i\s?am|i['’]?m|je\s?suis|c['’]est)\s{{1,2}}{_LIKE_A_NAME}\s{{1,2}}{_ON}{_APP}(?!\w)",
    )
)
_ANY_APP = re.compile(rf"(?<!\w){_ON}?(?:{_any_of(_CONTACTS.apps | _CONTACTS.plain_apps | _CONTACTS.chat_apps)})", re.I)
"""A service's name where a word begins, or behind "on": none of `_NAMES` matches a text without one, as most are."""
_NUMBER = re.compile(r"(?<![\w.])\+?\(?\d(?:[ .()-]{0,2}\d){6,14}(?!\w)")
_MEETING = re.compile(
    rf"(?<!\w)(?:{_any_of(_CONTACTS.telephone_apps)}|{_any_of(_CONTACTS.telephone_invitations)}"
    r"|(?:on|via|sur|par|by|my|using)\s{1,2}signal|signal\s{0,2}[:=])(?!\w)",
    re.I,
)
_SIGNAL = re.compile(r"(?<!\w)signal(?:\s{1,2}(?:me|moi|at|au|is|est)){0,2}\s{0,2}[:=]?\s{0,2}$", re.I)
_DIGIT = rf"(?:{_any_of(_CONTACTS.digits)})"
_SPELLED = re.compile(rf"(?<!\w){_DIGIT}(?:[\s,.-]{{1,3}}{_DIGIT}){{6,14}}(?!\w)", re.I)
_COUNTED = re.compile(r"(?:zero|one|un)\W+(?:two|deux|one|un)\W+(?:three|trois|two|deux)\W", re.I)
_NEAR = 90
_SENTENCE_END = re.compile(r"[.!?\n](?=\s|$)")


def find_contacts(seen: Seen) -> Iterator[BlockedSpan]:
    """Find every account named with its service, and every telephone number with an app or an invitation to write."""
    for shape in _NAMES if _ANY_APP.search(seen.text) else ():
        for match in shape.finditer(seen.text):
            yield BlockedSpan(BlockedKind.CONTACT, *seen.span(match.start(), seen.trimmed(*match.span())))
    for number in _NUMBER.finditer(seen.text):
        if _MEETING.search(_beside(seen.text, number)) or _SIGNAL.search(
            seen.text, max(0, number.start() - 20), number.start()
        ):
            yield BlockedSpan(BlockedKind.CONTACT, *seen.span(*number.span()))
    # "One, two, three …" is counting.
    spelled = (number for number in _SPELLED.finditer(seen.text) if _COUNTED.match(number[0]) is None)
    yield from (BlockedSpan(BlockedKind.CONTACT, *seen.span(*number.span())) for number in spelled)


def _beside(text: str, number: re.Match[str]) -> str:
    """Return the words around a number in its sentence."""
    before = _SENTENCE_END.split(text[max(0, number.start() - _NEAR) : number.start()])[-1]
    after = _SENTENCE_END.split(text[number.end() : number.end() + _NEAR])[0]
    return f"{before} {after}"


_WORDS = shipped()
_UNMISTAKABLE = _WORDS.endings.never_words
_AFTER_DOT = _WORDS.endings.never_words | _WORDS.endings.no_words_after_dot
_ARTICLES = _WORDS.spoken.articles
_ENDS = "|".join(sorted(_WORDS.endings.never_words | _WORDS.endings.also_words))
_SURE_ENDS = "|".join(sorted(_AFTER_DOT))
_END = rf"(?P<end>{_ENDS})(?![\w'’-])"
_CLOSING = re.compile(r"\s*(?:$|[.,;:!?)\]}>»”\"/\n])")

_SPACED = re.compile(rf"(?<!\w)(?P<before>\w[\w-]{{0,62}}+)(?P<gap>\s{{0,3}}[.·]{{1,4}}\s{{0,3}}){_END}", re.I)
_WORDED = re.compile(
    rf"(?<![^\W_])(?P<before>[^\W_]++)[\s_-]{{1,3}}(?P<point>dot|d0t|point|punkt|punto)[\s_-]{{1,3}}{_END}", re.I
)
_MAILED = re.compile(
    r"(?<!\w)(?P<name>\w[\w.+-]{0,63}+)\s{1,3}(?:arobase|arobas|arrobas|at)\s{1,3}"
    rf"(?P<before>\w[\w.-]{{0,62}}+)\s{{1,3}}(?:dot|point)\s{{1,3}}{_END}",
    re.I,
)
_MAILBOXES = "gmail|hotmail|outlook|yahoo|protonmail|proton|icloud|videotron|sympatico|live"
_SLASH = rf"[\s,]{{1,3}}(?:{_any_of(_CONTACTS.slashes)})(?!\w)"
_SHORTENERS = "|".join(sorted(_WORDS.sharing.shorteners))
_ALWAYS: tuple[tuple[BlockedKind, re.Pattern[str]], ...] = (
    (
        BlockedKind.ADDRESS,
        re.compile(r"\w\s{0,3}[\[({<]\s{0,3}(?:at|arobase?|arrobas|@)\s{0,3}[\])}>]\s{0,3}\w+", re.I),
    ),
    (BlockedKind.LINK, re.compile(r"(?<!\w)\w{3,60}?dot(?:com|org|net)(?!\w)", re.I)),
    (BlockedKind.LINK, re.compile(r"\w\s{0,3}[,;](?:com|org|net|onion|info|io|xyz|biz)(?!\w)", re.I)),
    (
        BlockedKind.LINK,
        re.compile(
            r"(?<!\w)(?:site|website|web|url|address|adresse|name|nom|domain|domaine|page|link|lien)\s{0,2}(?:is|est|[:=])\s{0,2}[\w-]{2,60}"
            r"[^.\n]{1,60}(?<!\w)(?:extension|ending|ends?|suffix|suffixe|tld|terminaison|finit|termine|domain|domaine)(?!\w)"
            rf"[^\w\n]{{0,4}}(?:(?:is|est|in|with|by|par|en|of|de)(?!\w)[^\w\n]{{0,4}}){{0,2}}(?:(?:dot|point)\s)?(?:{_SURE_ENDS})(?!\w)",
            re.I,
        ),
    ),
    # "bit ly slash 3xK9pQz", « monsite point ca barre oblique », "tinyurl, put j4n3 after the slash"
    (
        BlockedKind.LINK,
        re.compile(rf"(?<!\w)\w{{2,40}}{_SLASH}\s{{1,2}}(?=[a-z]{{0,40}}\d)(?=\d{{0,40}}[a-z])\w{{4,40}}", re.I),
    ),
    (BlockedKind.LINK, re.compile(rf"(?<!\w)(?:dot|point)\s{{1,3}}(?:{_ENDS}){_SLASH}", re.I)),
    (
        BlockedKind.LINK,
        re.compile(
            rf"(?<!\w)(?:{_SHORTENERS}|tiny\s?url|bit\s?ly)(?!\w)[^.\n]{{0,60}}(?<!\w)(?:slash|barre oblique)(?!\w)",
            re.I,
        ),
    ),
    (
        BlockedKind.LINK,
        re.compile(r"(?<![\w.,])[a-z][a-z-]{2,40},(?:ca|fr|qc|ly|io|gg)(?=\s{0,2}(?:[(/.;!?\n]|$))", re.I),
    ),
    (BlockedKind.LINK, re.compile(r"\w\s{0,2}[.·]\s{0,2}c(?:\s{1,2}o\s{0,2}|\s{0,2}o\s{1,2})m(?!\w)", re.I)),
    (BlockedKind.LINK, re.compile(r"\w\s{1,2}(?:com|org|onion|ly|gl)/\w{2,}+", re.I)),
    (
        BlockedKind.ADDRESS,
        re.compile(
            rf"\w\s{{1,3}}(?:arobas|arobase|at)\s{{1,3}}(?:{_MAILBOXES})\s{{1,3}}(?:com|ca|fr|me|point|dot)(?!\w)", re.I
        ),
    ),
)


# Letters told apart by the same little signs, a point among them: “e-x-a-m-p-l-e-.-c-o-m”.
_BETWEEN_LETTERS = re.compile(r"[^\w.]|_")
_LETTERED = re.compile(
    r"(?<!\w)\w(?:(?:[\s_‐‑‒–—*~+|/-]{1,2}(?:\.|dot|point|\w)|\.[\s_‐‑‒–—*~+|/-]{0,2}\w)(?![^\W_]{2})){5,80}", re.I
)
_LETTERED_ADDRESS = re.compile(rf"\w{{3,}}(?:\.|dot|point)(?:{_ENDS})$", re.I)


def find_addresses(seen: Seen) -> Iterator[BlockedSpan]:
    """Find every address that is written in words or with room around its point."""
    for kind, shape in _ALWAYS:
        yield from (BlockedSpan(kind, *seen.span(*match.span())) for match in shape.finditer(seen.text))
    for kind, shape, is_address in _JUDGED:
        found = (match for match in shape.finditer(seen.text) if is_address(match))
        yield from (BlockedSpan(kind, *seen.span(*match.span())) for match in found)


def _is_lettered_address(match: re.Match[str]) -> bool:
    return _LETTERED_ADDRESS.search(_BETWEEN_LETTERS.sub("", match[0])) is not None


def _is_spaced_address(match: re.Match[str]) -> bool:
    gap, end = match["gap"], match["end"]
    if gap in (".", "·") or _begins_sentence(end):
        return False  # a glued point is judged with the other hosts
    if _is_spoken_of(match) and gap[0].isspace() and not gap[-1].isspace():
        return False  # “the .com bubble”
    if end.casefold() in _UNMISTAKABLE:
        return True
    return gap[0].isspace() and len(gap.strip()) == 1 and not _is_spoken_of(match) and _closes(match)


def _is_worded_address(match: re.Match[str]) -> bool:
    end = match["end"].casefold()
    if _is_spoken_of(match):
        return False
    always = _UNMISTAKABLE if match["point"].casefold() == "point" else _AFTER_DOT
    return end in always or _closes(match)


def _is_spoken_of(match: re.Match[str]) -> bool:
    return match["before"].casefold() in _ARTICLES


def _closes(match: re.Match[str]) -> bool:
    """Whether the sentence ends here: an ending that is a word too would otherwise go on."""
    return bool(_CLOSING.match(match.string, match.end()))


def _begins_sentence(end: str) -> bool:
    return end[0].isupper() and not end.isupper()


_JUDGED: tuple[tuple[BlockedKind, re.Pattern[str], Callable[[re.Match[str]], bool]], ...] = (
    (BlockedKind.LINK, _SPACED, _is_spaced_address),
    (BlockedKind.LINK, _WORDED, _is_worded_address),
    (BlockedKind.LINK, _LETTERED, _is_lettered_address),
    (BlockedKind.ADDRESS, _MAILED, lambda match: match["before"].casefold() not in _ARTICLES),
)


_SHARING = shipped().sharing


_BARE_SCHEMES = "javascript|vbscript|mailto|ed2k|ipfs|ipns|thunder|view-source|blob|ftps?|sftp|smb|tg|irc"
# Each shape with what a text must hold, in lower case, for it to be looked for at all.
_SHAPES: tuple[tuple[BlockedKind, str, str], ...] = (
    (BlockedKind.LINK, ":", r"(?<![a-z0-9+.-])[a-z][a-z0-9+.-]*+\s{0,2}:\s{0,2}(?:[/\\]\s?|%2f){2}\S*+"),
    (BlockedKind.LINK, "%2f", r"(?<!\w)\w++(?:%3a|&colon;|:)(?:%2f){2}\S*+"),
    (BlockedKind.LINK, "://", r"://\S*+"),
    (BlockedKind.LINK, ":", r"(?<!\w)h\s{0,2}[tx*]\s{0,2}[tx*]\s{0,2}p\s{0,2}s?\s{0,2}:\s{0,2}[/\\]\S*+"),
    (BlockedKind.LINK, "hxxp", r"(?<!\w)hxxps?(?!\w)\S*+"),
    (BlockedKind.LINK, "w", r"(?<!\w)w\s?w\s?w\d?\s{0,2}(?:[.·,]|\[\.\]|\(\.\)|\b(?:dot|point)\b)\s{0,2}\w\S*+"),
    (BlockedKind.LINK, "www", r"(?<!\w)www\s{1,2}\w[\w-]{0,62}+\s{1,2}(?:com|org|net|ca|info|ru|onion)(?!\w)"),
    (BlockedKind.LINK, ":", rf"(?<![\w-])(?:{_BARE_SCHEMES}):[^\s:]\S*+"),
    (BlockedKind.LINK, "script", r"(?<!\w)(?:java|vb)script\s{0,3}:\s{0,3}\w[\w.]{0,60}+\([^)\n]{0,200}\)?"),
    (BlockedKind.LINK, "data", r"(?<!\w)data\s{0,2}:\s{0,2}(?:[a-z]++/[a-z0-9.+-]++|[;,])\S*+"),
    (BlockedKind.LINK, "magnet", r"(?<!\w)magnet\s{0,2}:\s{0,2}\?\S*+"),
    (BlockedKind.LINK, "file", r"(?<!\w)file\s{0,2}:\s{0,2}[/\\]\S*+"),
    (BlockedKind.LINK, "0x", r"(?<!\w)0x[0-9a-f]{8}(?!\w)"),
    (BlockedKind.LINK, "localhost", r"(?<!\w)localhost[:/]\w\S*+"),
    (BlockedKind.LINK, "\\\\", r"(?<![\w\\])\\\\\w[\w.-]*+\\\S*+"),
    (BlockedKind.LINK, "=", r"(?<!\w)(?:href|src)\s{0,2}=\s{0,2}[\"']?\w\S*+"),
    (BlockedKind.LINK, "xn--", r"(?<![\w-])xn--[a-z0-9-]++"),
    (BlockedKind.ADDRESS, "@", r"(?<![\w.+-])[\w.+-]++@[^\W\d_][\w.-]*+"),
    (BlockedKind.CONTACT, "@", r"(?<![\w.+-])@[^\W\d][\w.-]++"),
    (BlockedKind.FILE, ":\\", r"(?<!\w)[a-z]:\\\w\S*+"),
    (BlockedKind.CODE, "ahr0", r"(?<!\w)aHR0c[a-z0-9+/=]++"),  # how "http" begins in base64
    (BlockedKind.LINK, "/", rf"(?<![\w/.])(?:{_any_of(shipped().sharing.shorteners)})/\w{{2,40}}"),
    (BlockedKind.LINK, "/", r"(?<![\w/.])[a-z]{4,20}/(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{6,40}(?![\w/])"),
    (BlockedKind.CODE, "", r"(?<!\w)(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9_]{20,}+(?!\w)"),
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

    def __init__(self, found: tuple[BlockedSpan, ...]) -> None:
        self.found = found
        super().__init__(", ".join(f"{one.kind} at {one.start}" for one in found))


def screen(text: str) -> tuple[BlockedSpan, ...]:
    """Find links, addresses and the points that make two words look like one, in the order of the text.

    In time that grows with the length of the text alone, whatever it holds.
    """
    seen = see(text)
    return _joined([blocked for find in FINDERS for blocked in find(seen)])


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


def _joined(found: list[BlockedSpan]) -> tuple[BlockedSpan, ...]:
    """Return what was found in the order of the text, what overlaps joined into one."""
    rows: list[BlockedSpan] = []
    for one in sorted(found, key=lambda place: (place.start, -place.end)):
        if rows and one.start < rows[-1].end:
            rows[-1] = rows[-1].joined(one)
        else:
            rows.append(one)
    return tuple(rows)


def _shapes(seen: Seen) -> Iterator[BlockedSpan]:
    lower = seen.text.lower()
    wanted = ((kind, shape) for kind, needed, shape in _COMPILED if needed in lower)
    for kind, shape in wanted:
        for match in shape.finditer(seen.text):
            yield BlockedSpan(kind, *seen.span(match.start(), seen.trimmed(*match.span())))


def _internet_six(seen: Seen) -> Iterator[BlockedSpan]:
    """Find IPv6 addresses; 14:30:00 and 3:2:1 are none."""
    if seen.text.count(":") < 2:
        return
    for match in _SIX.finditer(seen.text):
        if match[0].count(":") > 1 and any(map(str.isdigit, match[0])) and _is_six(match[0]):
            yield BlockedSpan(BlockedKind.LINK, *seen.span(*match.span()))


def _is_six(text: str) -> bool:
    try:
        IPv6Address(text)
    except AddressValueError:
        return False
    return True


def _codes(seen: Seen) -> Iterator[BlockedSpan]:
    """Find a sharing service named with a key or an account; its name alone is a word like others."""
    for match in _CODE.finditer(seen.text):
        code = match["code"]
        mixed = any(map(str.isdigit, code)) and any(map(str.isalpha, code))
        if (mixed or set(code) & set("_#!")) and not _AMOUNT.fullmatch(code):
            yield BlockedSpan(BlockedKind.CODE, *seen.span(*match.span()))


FINDERS: tuple[Callable[[Seen], Iterator[BlockedSpan]], ...] = (
    _shapes,
    _internet_six,
    _codes,
    find_contacts,
    domains.find,
    find_addresses,
)
