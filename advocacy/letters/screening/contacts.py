"""Accounts and telephone numbers by which a reader would be met elsewhere: "find me on insta as …", "WhatsApp 613…"."""

import re
from collections.abc import Iterator

from advocacy.letters.screening.blocked import Blocked, Kind
from advocacy.letters.screening.disguises import Seen
from advocacy.letters.screening.vocabulary import shipped

_WORDS = shipped().contacts


def _any_of(words: frozenset[str]) -> str:
    """Match any of the words; "_" in a list stands for the space between two."""
    return "|".join(re.escape(word).replace("_", r"[\s_-]{1,2}") for word in sorted(words, key=len, reverse=True))


_APP = rf"(?:{_any_of(_WORDS.apps)})"
_HANDLE = rf"(?:{_any_of(_WORDS.handles)})"
_ACCOUNT = rf"(?:{_any_of(_WORDS.accounts)})"
_MEET = rf"(?:{_any_of(_WORDS.invitations)})"
_ON = r"(?:(?:on|over|via|sur|par|through|at|in|for|de|d['’])\s{0,2})"
_IS = r"\s{0,2}(?:is|[:=]|est|c['’]est)\s{0,2}"
_NAME = rf"[\"'“«\s]{{0,3}}(?!(?:{_any_of(_WORDS.no_names)})(?!\w))[^\W_][\w.-]{{2,40}}"
_LIKE_A_NAME = r"[\"'“«\s]{0,3}(?=[\w.-]{0,40}[\d_])(?=[\w.-]{0,40}[a-z])[\w.-]{4,40}"
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
        # "find me on insta as marie", « ajoutez-moi sur Snap : marie »
        rf"(?<!\w){_MEET}\s{{1,2}}{_ON}?{_APP}(?:\s{{1,2}}(?:as|under|at|sous|comme|avec|by|with)|\s{{0,2}}[:,=])"
        rf"(?:\s{{1,2}}(?:the|my|le|mon|{_HANDLE}|{_ACCOUNT})){{0,3}}\s{{0,2}}:?\s{{0,2}}{_NAME}",
        # "I am on Telegram as marie", "I'm marie_12 on Telegram"
        rf"(?<!\w)(?:i\s?am|i['’]?m|je\s?suis)\s{{1,2}}{_ON}{_APP}\s{{1,2}}(?:as|under|sous)\s{{1,2}}{_NAME}",
        rf"(?<!\w)(?:i\s?am|i['’]?m|je\s?suis|c['’]est)\s{{1,2}}{_LIKE_A_NAME}\s{{1,2}}{_ON}{_APP}(?!\w)",
    )
)
_NUMBER = re.compile(r"(?<![\w.])\+?\(?\d(?:[ .()-]{0,2}\d){6,14}(?!\w)")
_MEETING = re.compile(
    rf"(?<!\w)(?:{_any_of(_WORDS.telephone_apps)}|{_any_of(_WORDS.telephone_invitations)}"
    r"|(?:on|via|sur|par|by|my|using)\s{1,2}signal|signal\s{0,2}[:=])(?!\w)",
    re.I,
)
_NEAR = 90
_SENTENCE_END = re.compile(r"[.!?\n](?=\s|$)")


def find(seen: Seen) -> Iterator[Blocked]:
    """Find every account named with its service, and every telephone number with an app or an invitation to write."""
    for shape in _NAMES:
        for match in shape.finditer(seen.text):
            yield Blocked(Kind.ADDRESS, *seen.span(match.start(), seen.trimmed(*match.span())))
    for number in _NUMBER.finditer(seen.text):
        if _MEETING.search(_beside(seen.text, number)):
            yield Blocked(Kind.ADDRESS, *seen.span(*number.span()))


def _beside(text: str, number: re.Match[str]) -> str:
    """Return the words around a number in its sentence."""
    before = _SENTENCE_END.split(text[max(0, number.start() - _NEAR) : number.start()])[-1]
    after = _SENTENCE_END.split(text[number.end() : number.end() + _NEAR])[0]
    return f"{before} {after}"
