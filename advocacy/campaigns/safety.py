"""A campaign's `safety.toml`: what it warns of, where it sends people for help, what it asks of their own words."""

import re
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from advocacy.language import Language, Wording
from advocacy.problems import Complaint, KeyPath, complaint
from advocacy.toml_source import Frozen

_PLACEHOLDER = re.compile(r"\[[^\]\n]*\]")


class Status(StrEnum):
    """How far the words can be relied on."""

    VERIFIED = "verified"
    """Names and numbers were read on the services' own pages."""
    OURS = "ours"
    """The campaign's own words, with no name or number to verify."""
    UNVERIFIED = "unverified"
    """Staff must verify something before launch; `note` is what."""


class Passage(Frozen):
    """One text in every language, with a title where it needs one."""

    words: Wording
    status: Status
    title: Wording | None = None
    note: str = ""


class SupportLine(Frozen):
    """Someone to turn to: the service's name, what it does and how to reach it."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
    name: Wording
    what: Wording | None = None
    contact: Wording | None = None
    status: Status
    note: str = ""


class Safety(Frozen):
    """`safety.toml`. A campaign without the file, or without one of its parts, shows nothing in that place.

    `content_notice` opens the form. `own_words` is the hint of every field for own words that has no hint of its own.
    `found_material` is shown where a link or an address was refused, `image_of_you` beside sensitive answers, and
    `privacy` on the page about privacy.
    """

    content_notice: Passage | None = None
    own_words: Passage | None = None
    found_material: Passage | None = None
    image_of_you: Passage | None = None
    privacy: Passage | None = None
    support: tuple[SupportLine, ...] = ()


def check_safety(safety: Safety) -> Iterator[tuple[KeyPath, Complaint]]:
    """Find a key used twice, a [placeholder] left in, and something to settle that no note names."""
    keys = Counter(line.key for line in safety.support)
    for place, line in enumerate(safety.support):
        if keys[line.key] > 1:
            yield ("support", place, "key"), complaint("support-twice", text=line.key)
    for path, wording in _wordings(safety):
        for language in Language:
            if _PLACEHOLDER.search(wording.in_language(language)):
                yield (*path, language.value), complaint("placeholder")
    for path, entry in _entries(safety):
        if entry.status is Status.UNVERIFIED and not entry.note.strip():
            yield (*path, "status"), complaint("note-missing")


def _entries(safety: Safety) -> Iterator[tuple[KeyPath, Passage | SupportLine]]:
    for name, value in safety:
        if isinstance(value, Passage):
            yield (name,), value
    for place, line in enumerate(safety.support):
        yield ("support", place), line


def _wordings(safety: Safety) -> Iterator[tuple[KeyPath, Wording]]:
    for path, entry in _entries(safety):
        for name, value in entry:
            if isinstance(value, Wording):
                yield (*path, name), value
