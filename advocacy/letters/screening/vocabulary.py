"""The words by which an address is told from an ordinary sentence, read once from one file."""

from functools import cache
from importlib.resources import files
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator

from advocacy.letters.entry import see
from advocacy.toml_source import Frozen, read

FILE = "words.toml"


def _parted(value: Any) -> Any:
    return frozenset(value.split()) if isinstance(value, str) else value


def _folded(value: Any) -> Any:
    """Fold the words as texts are folded before they are compared."""
    return _parted(see(value.casefold()).text) if isinstance(value, str) else value


AsWritten: TypeAlias = Annotated[frozenset[str], BeforeValidator(_parted)]
Words: TypeAlias = Annotated[frozenset[str], BeforeValidator(_folded)]


class Endings(Frozen):
    """Ends of addresses and of file names."""

    never_words: Words
    also_words: Words
    no_words_after_dot: Words
    countries: Words
    others: Words
    other_scripts: Words
    files: Words

    def top_level(self) -> frozenset[str]:
        """Return every end of an address that is known."""
        return self.never_words | self.also_words | self.countries | self.others | self.other_scripts


class Names(Frozen):
    """Names and abbreviations that hold a point of their own."""

    as_written: AsWritten
    companies: AsWritten
    to_visit: Words
    in_any_case: Words
    abbreviations: Words
    sentence_enders: Words


class Inclusive(Frozen):
    """French that names women and men together with a point."""

    endings: Words
    words_too: Words
    stems: Words


class Spoken(Frozen):
    """What turns "dot com" into a thing spoken of."""

    articles: Words


class Sharing(Frozen):
    """Services where files are left and strangers are met, and what stands before a code."""

    services: Words
    keywords: Words
    units: Words
    shorteners: Words


class Contacts(Frozen):
    """What names an account, or invites to write somewhere else."""

    apps: Words
    handles: Words
    accounts: Words
    invitations: Words
    telephone_apps: Words
    telephone_invitations: Words
    no_names: Words
    plain_apps: Words
    chat_apps: Words
    adjectives: Words
    slashes: Words
    digits: Words


class Vocabulary(Frozen):
    """All the lists together."""

    endings: Endings
    names: Names
    inclusive: Inclusive
    spoken: Spoken
    sharing: Sharing
    contacts: Contacts


@cache
def shipped() -> Vocabulary:
    """Return the lists that come with the package."""
    return read((files("advocacy.letters.screening") / FILE).read_text(encoding="utf-8"), Vocabulary, file=FILE)
