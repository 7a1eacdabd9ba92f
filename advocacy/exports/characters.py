"""What no file can hold is left out of a letter, whatever way it came in: a letter never fails for one character."""

import re

from advocacy.letters.entry import BREAKS, INVISIBLE

ONE_LINE = str.maketrans("\n\t", "  ")
# A line of none but these needs no closer look: the letters and signs of English and French.
_ODD = re.compile("[^ -~\u00a0-\u00ac\u00ae-\u024f\u2010-\u2027]")


def writable(text: str) -> str:
    """Return one line of text as XML, HTML and a mail's headers can hold it (XML 1.0, section 2.2; RFC 5322, 2.2)."""
    if not _ODD.search(text):
        return text
    return BREAKS.sub(" ", INVISIBLE.sub("", text)).translate(ONE_LINE)
