"""A letter as a link that opens the citizen's mail program."""

from urllib.parse import quote

from advocacy.exports.text import to_text
from advocacy.letters.letter import Letter

MAX_LINK = 2_000
"""Characters of a mailto link; mail programs and browsers cut longer ones."""


def mail_link(letter: Letter, *, test_recipient: str) -> tuple[str, bool]:
    """Return a link that opens the citizen's mail program, and whether the letter is in it; "" without an address.

    The letter goes into the link only while all of it stays under `MAX_LINK` characters.
    """
    if not letter.recipient.email:
        return "", False
    address = quote(test_recipient or letter.recipient.email, safe="@+.-_")
    link = f"mailto:{address}?subject={quote(letter.subject, safe='')}"
    whole = f"{link}&body={quote(to_text(letter).replace(chr(10), chr(13) + chr(10)), safe='')}"
    return (whole, True) if len(whole) < MAX_LINK else (link, False)
