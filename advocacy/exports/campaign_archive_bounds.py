"""What can be no campaign is refused by its size and shape, before anything that takes long reads it."""

import re
from collections.abc import Iterable

from advocacy.campaigns.folder import CAMPAIGN, FINDINGS, LETTER, SAFETY, TEXTS
from advocacy.campaigns.tokens import MAX_CHARACTERS
from advocacy.exports.campaign_archive_words import NO_LETTER, TOO_DEEP, TOO_LONG, TOO_LONG_IN_ALL, BadArchive

MOST_CHARACTERS = {
    **dict.fromkeys(TEXTS.values(), MAX_CHARACTERS),
    LETTER: 15_000,
    CAMPAIGN: 60_000,
    FINDINGS: 60_000,
    SAFETY: 20_000,
}
"""The most characters of each file: twice those of the shipped campaign, or what the letters' language allows."""
MOST_IN_ALL = 500_000
"""The most characters of all files together: two such campaigns and more, and some seconds of checks."""
MOST_LINES, MOST_FIGURES = 500, 300
"""The most lines of a letter's text, and the most numbers of any file but the findings."""
_FIGURE = re.compile(r"\d+")
_NAMES = re.compile(r"""(?<![\w-])(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){10}""")
"""Names inside names, as in `a.b.c = 1`, deeper than any file here; the time TOML takes grows with their square."""


def refuse_what_no_campaign_holds(name: str, text: str) -> None:
    """Raise BadArchive for a file that is longer, has more numbers or goes deeper than any of its kind."""
    file = name.rsplit("/", 1)[-1]
    most = MOST_CHARACTERS.get(file, MOST_IN_ALL)
    if len(text) > most:
        raise BadArchive(TOO_LONG, name, most=most)
    if file in TEXTS.values() and len(text.splitlines()) > MOST_LINES:
        raise BadArchive(NO_LETTER, name, lines=MOST_LINES, figures=MOST_FIGURES)
    if file in MOST_CHARACTERS and file != FINDINGS and len(_FIGURE.findall(text)) > MOST_FIGURES:
        raise BadArchive(NO_LETTER, name, lines=MOST_LINES, figures=MOST_FIGURES)
    if file.endswith(".toml") and _NAMES.search(text):
        raise BadArchive(TOO_DEEP, name)


def refuse_what_is_too_long(contents: Iterable[bytes]) -> None:
    """Raise BadArchive for files that are more together than can be checked while somebody waits."""
    if sum(len(content.decode("utf-8")) for content in contents) > MOST_IN_ALL:
        raise BadArchive(TOO_LONG_IN_ALL, most=MOST_IN_ALL)
