"""Many letters become one file, without those that cannot take its form."""

from collections.abc import Sequence
from typing import NamedTuple

from advocacy.exports.form import CannotBeMade, Form, Wishes
from advocacy.letters.letter import Letter


class Joined(NamedTuple):
    """A file's bytes, None when no letter can be in it, and the places, from 0, of the letters left out."""

    content: bytes | None
    left_out: tuple[int, ...]


def joined(form: Form, letters: Sequence[Letter], wishes: Wishes) -> Joined:
    """Make one file of letters; those that cannot take the form alone are left out.

    Raises CannotBeMade when each can and all together cannot.
    """
    try:
        return Joined(form.make(letters, wishes), ())
    except CannotBeMade:
        left_out = tuple(place for place, letter in enumerate(letters) if not _takes(form, letter, wishes))
        if not left_out:
            raise
        rest = [letter for place, letter in enumerate(letters) if place not in left_out]
        return Joined(form.make(rest, wishes) if rest else None, left_out)


def _takes(form: Form, letter: Letter, wishes: Wishes) -> bool:
    try:
        form.make([letter], wishes)
    except CannotBeMade:
        return False
    return True
