"""What is said about safety and support, in every language, read whole from one file."""

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import Field

from advocacy.language import Language, Wording
from advocacy.toml_source import Frozen, Path, read

FILE = "safety_copy.toml"
_PLACEHOLDER = re.compile(r"\[[^\]\n]*\]")


class Status(StrEnum):
    """How far the words can be relied on; the file's head says what each means."""

    VERIFIED = "verified"
    OURS = "ours"
    UNVERIFIED = "unverified"


class Passage(Frozen):
    """One thing said, in every language."""

    words: Wording
    status: Status
    title: Wording | None = None
    note: str = ""

    def spoken(self, language: Language) -> str:
        """Give the words in `language`."""
        return self.words.spoken(language)

    @property
    def told(self) -> tuple[Wording, ...]:
        """All that is to be read, the title first where there is one."""
        return (self.title, self.words) if self.title else (self.words,)


class SupportLine(Frozen):
    """Someone to turn to: the service's name, what it does and how to reach it."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
    name: Wording
    what: Wording | None = None
    contact: Wording | None = None
    status: Status
    note: str = ""


class SafetyCopy(Frozen):
    """Everything said about safety. What a citizen reads when a text is refused is here too."""

    content_notice: Passage
    field_hint: Passage
    no_attachments: Passage
    blocked_link: Passage
    missing_space: Passage
    found_material: Passage
    image_of_you: Passage
    quick_exit: Passage
    age_confirm: Passage
    support: Annotated[tuple[SupportLine, ...], Field(min_length=1)]


def load(text: str, *, file: str = FILE) -> SafetyCopy:
    """Read the safety copy; raise TomlProblems for a gap, an unknown key or a [placeholder] not filled in."""
    return read(text, SafetyCopy, file=file, also=_placeholders)


@cache
def shipped() -> SafetyCopy:
    """Give the safety copy that comes with the package."""
    return load((files("advocacy.letters") / FILE).read_text(encoding="utf-8"))


def _placeholders(copy: SafetyCopy) -> Iterator[tuple[Path, str]]:
    for path, wording in _wordings(copy):
        for language in Language:
            if _PLACEHOLDER.search(wording.spoken(language)):
                yield (*path, language.value), "citizens would read a [placeholder]; write what belongs there"


def _wordings(copy: SafetyCopy) -> Iterator[tuple[Path, Wording]]:
    for name, value in copy:
        if isinstance(value, Passage):
            yield (name, "words"), value.words
            if value.title:
                yield (name, "title"), value.title
    for place, line in enumerate(copy.support):
        parts = (("name", line.name), ("what", line.what), ("contact", line.contact))
        yield from ((("support", place, part), wording) for part, wording in parts if wording)
