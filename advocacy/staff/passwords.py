"""What a password may be: long, and not one of those that everybody tries; any characters will do.

The list is Django's, of 20,000 passwords that were met most often (`common/`, whose licence lies beside it).
"""

import gzip
import re
import unicodedata
from collections.abc import Collection
from functools import cache
from importlib.resources import files
from itertools import pairwise

from advocacy.messages import Message, message

MIN_LENGTH, MAX_LENGTH = 12, 128
"""Characters, after normalization (NFKC)."""
MAX_SIGNS_AROUND = 6
"""Signs put around a word that everybody tries do not make it another."""
AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")
SIGNS = re.compile(r"[\W_]+")

TOO_SHORT = message("Make the password at least %(num)s characters long: four or five words work well.", num=MIN_LENGTH)
TOO_LONG = message("Make the password at most %(num)s characters long.", num=MAX_LENGTH)
COMMON = message("Choose another password: this one is too common.")
PERSONAL = message("Choose a password that is not your name, your e-mail address or the name of this site.")


def normalized(password: str) -> str:
    """Return what every keyboard's way of typing a password has in common (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def problem(password: str, *, personal: Collection[str]) -> Message | None:
    """Return what is wrong with a new password; `personal` is what anybody knows of its person: address, name, site."""
    typed = normalized(password)
    if len(typed) < MIN_LENGTH:
        return TOO_SHORT
    if len(typed) > MAX_LENGTH:
        return TOO_LONG
    if _is_common(typed.casefold()):
        return COMMON
    words = [*personal, *(address.partition("@")[0] for address in personal if "@" in address)]
    return PERSONAL if _plain(typed) in {_plain(word) for word in words if word} else None


@cache
def common() -> frozenset[str]:
    """Return the passwords that everybody tries, in small letters."""
    packed = files("advocacy.staff").joinpath("common", "passwords.txt.gz").read_bytes()
    return frozenset(gzip.decompress(packed).decode().split())


def _is_common(typed: str) -> bool:
    word = AROUND.sub("", typed)
    rest = typed.replace(word, "", 1) if word else typed
    is_decorated = word in common() and (len(rest) <= MAX_SIGNS_AROUND or rest in common())
    # One sign, or one word that everybody tries, again and again.
    unit = typed[: (typed + typed).index(typed, 1)]
    is_repetition = len(unit) < len(typed) and (len(unit) < MIN_LENGTH // 2 or unit in common())
    # It only counts up or down, as 123456789012 or abcdefghijkl do.
    steps = {ord(after) - ord(before) for before, after in pairwise(typed)}
    is_sequence = steps <= {1, -9} or steps <= {-1, 9}
    return typed in common() or is_decorated or is_repetition or is_sequence


def _plain(text: str) -> str:
    return SIGNS.sub("", normalized(AROUND.sub("", text)).casefold())
