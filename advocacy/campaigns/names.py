"""The names a letter template may speak of. Whatever is not offered here does not exist for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

CITIZEN = frozenset({"name", "city", "province", "postal_code", "street", "email", "riding"})
RECIPIENT = frozenset({"name", "office"})
SURVEY = frozenset({"source", "title", "started", "duration", "respondents", "mode"})
FLAGS = frozenset({"citizen.is_constituent", "survey.is_translated"})
"""Names that answer yes or no: good in an `if`, never printed or compared."""

OFFICES = frozenset(
    {
        *("member", "speaker_commons", "senator", "speaker_senate", "minister", "prime_minister"),
        *("premier", "provincial_minister", "provincial_member", "mayor"),
    }
)
"""What `recipient.office` can be; a test holds the list against the offices there are."""

FEW = 8
"""As many names are listed whole; of more, only the roots."""

CONDITION_WORDS = frozenset({"and", "or", "not", "in"})
KEYWORDS = frozenset(
    {*CONDITION_WORDS, "if", "elif", "else", "endif", "choose", "endchoose", "is", "for", "true", "false", "none"}
)
"""Words of the language, or of the Jinja it is cut from."""

OF_THE_FORM = frozenset(
    {"template", "language", "choice", "letter", "search", "go", "mend", "afresh", "looked_up", "riding"}
    | {"words_language", "post", "submission", "send_to", "send_email", "age_ok", "consent", "csrf_token", "revisions"}
)
"""What the site's form asks besides a letter's own fields; a test holds the list against the form."""

RESERVED = KEYWORDS | {"citizen", "recipient", "finding", "survey", "campaign", "today"}
"""What no field can be called in the letter's language."""


@dataclass(frozen=True, slots=True)
class Names:
    """What one template is offered: `texts` to print and test, `flags` to test, `choices` to compare with keys."""

    texts: frozenset[str]
    flags: frozenset[str] = FLAGS
    choices: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def offered(
        cls, *, fields: Iterable[str], findings: Iterable[str], choices: Mapping[str, frozenset[str]]
    ) -> "Names":
        """Offer the citizen, the recipient, the survey, the campaign, these fields and these findings."""
        texts = {"campaign.name", "today", *fields}
        texts |= {f"citizen.{name}" for name in CITIZEN} | {f"recipient.{name}" for name in RECIPIENT}
        texts |= {f"survey.{name}" for name in SURVEY} | {f"finding.{name}" for name in findings}
        return cls(frozenset(texts), FLAGS, choices)

    def knows(self, name: str) -> bool:
        """Tell whether `name` may appear in a condition."""
        return name in self.texts or name in self.flags

    def answers(self, name: str) -> frozenset[str] | None:
        """Give the only words that `name` can be, None when it can be any."""
        return OFFICES if name == "recipient.office" else self.choices.get(name)

    def like(self, name: str, *, printed: bool = False) -> list[str]:
        """List what is offered on the same root as `name`; else all there is, many names of one root as `root.…`."""
        everything = self.texts if printed else self.texts | self.flags
        root = name.split(".")[0]
        same = sorted(other for other in everything if "." in other and other.split(".")[0] == root)
        plain = {other if "." not in other else f"{other.split('.')[0]}.…" for other in everything}
        return same or sorted(everything if len(everything) <= FEW else plain)
