"""What a citizen typed so far, as one value: out of a form's fields and back into them, and kept nowhere else."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from advocacy.language import Language

RECIPIENT = "recipient"
SHARED = frozenset(
    {"postal_code", "template", "length", "language", "choice", "letter", "search", "go", "mend", "afresh"}
    | {"looked_up", "riding", "words_language", "post", "submission", "send_to", "age_ok", "consent", "revisions"}
)
"""The fields of every campaign's form besides what letters ask."""
PASSING = frozenset({"go", "letter", "mend", "afresh", "send_to", "age_ok", "consent"})
"""What belongs to one press of a button and is never carried on."""
OF_ONE = ("language", "subject", "body", "edited", "post")
"""Fields that exist once for each recipient, as `language-<id>`."""

_OF_ONE = re.compile(rf"(?:{'|'.join(OF_ONE)})-(?P<id>[\w.-]{{1,100}})")
# What HTML cannot hold, and no letter keeps: controls and lone surrogates.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?")


@dataclass(frozen=True, slots=True)
class Draft:
    """A form as it was filled in. `typed` holds every field once, `recipients` the ids chosen, in their order."""

    typed: Mapping[str, str]
    recipients: tuple[str, ...] = ()

    @classmethod
    def read(cls, pairs: Iterable[tuple[str, str]], fields: Container[str]) -> "Draft":
        """Read what a form posted; what is neither ours nor among the letters' own `fields` is passed over.

        Of a field that comes several times, the last that says something counts.
        """
        typed: dict[str, str] = {}
        chosen: dict[str, None] = {}
        for name, text in pairs:
            text = printable(text)
            if name == RECIPIENT and text:
                chosen[text] = None
            elif name in SHARED or name in fields or _OF_ONE.fullmatch(name):
                typed[name] = text or typed.get(name, "")
        return cls(MappingProxyType(typed), tuple(chosen))

    @property
    def language(self) -> str:
        """The language asked for every letter, as it was posted."""
        return self.text("language")

    def text(self, name: str) -> str:
        """Give one field, "" when it was not filled in."""
        return self.typed.get(name, "")

    def edited(self, recipient: str) -> tuple[str | None, str | None]:
        """Give the subject and the body that came for a recipient; None for what did not come."""
        return self.typed.get(f"subject-{recipient}"), self.typed.get(f"body-{recipient}")

    def language_of(self, recipient: str) -> str:
        """Give the language asked for one recipient's letter, as it was posted; "" when none was."""
        return self.text(f"language-{recipient}") or self.language

    def post_of(self, recipient: str) -> str:
        """Give how one recipient's letter, or with "" all of them, is to be readied for the mail; "" when not said."""
        return self.text(f"post-{recipient}" if recipient else "post")

    def words_language(self, otherwise: Language) -> Language:
        """Give the language the citizen's own words were typed in."""
        return read_language(self.text("words_language")) or otherwise

    def with_typed(self, **typed: str) -> "Draft":
        """Give the same draft with these fields changed."""
        return replace(self, typed=MappingProxyType({**self.typed, **typed}))

    def with_text(self, name: str, text: str) -> "Draft":
        """Give the same draft with one field changed, whatever its name."""
        return replace(self, typed=MappingProxyType({**self.typed, name: text}))

    def without(self, *names: str) -> "Draft":
        """Give the same draft with these fields gone."""
        return replace(
            self, typed=MappingProxyType({name: text for name, text in self.typed.items() if name not in names})
        )

    def without_edits(self) -> "Draft":
        """Give the same draft without edited letters: they are made anew from the answers."""
        return self.without(*(name for name in self.typed if name.startswith(("subject-", "body-", "edited-"))))

    def with_recipients(self, recipients: Iterable[str]) -> "Draft":
        """Give the same draft to these recipients."""
        return replace(self, recipients=tuple(dict.fromkeys(recipients)))

    def carried(self, shown: Container[str] = ()) -> list[tuple[str, str]]:
        """List what a page must carry in hidden fields: all but what it shows in fields of its own."""
        return [pair for pair in self._pairs() if pair[0] not in shown and pair[0] not in PASSING]

    def _pairs(self) -> Iterator[tuple[str, str]]:
        yield from ((RECIPIENT, one) for one in self.recipients)
        yield from ((name, text) for name, text in self.typed.items() if text or name.startswith(("subject-", "body-")))


def printable(text: str) -> str:
    """Give text as a page can hold it, its lines ended by LF: else nothing is changed."""
    return _UNPRINTABLE.sub("", _LINE_ENDS.sub("\n", text))


def read_language(code: str) -> Language | None:
    """Read "fr"; None for anything that is no language here."""
    return Language(code) if code in set(Language) else None
