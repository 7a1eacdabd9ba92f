"""The names that a letter template may use. A name that is not here does not exist for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from advocacy.campaigns.legislation import WORDINGS, Role, Stage
from advocacy.findings import FACTS

CITIZEN = frozenset({"name", "city", "province", "postal_code", "street", "email", "riding"})
RECIPIENT = frozenset({"name", "office"})
SURVEY = frozenset(FACTS)
BILL = frozenset({"number", "title", "introduced"})
FLAGS = frozenset({"citizen.is_constituent", "citizen.is_reachable", "survey.is_translated"})
"""Names that answer yes or no: good in an `if`, never printed or compared. A citizen who gave an e-mail address or a
street is reachable."""

OPTIONAL_NAMES = (
    "bill.title",
    "citizen.email",
    "citizen.postal_code",
    "citizen.riding",
    "citizen.street",
    "survey.method",
)
"""Names whose value may be empty in a letter."""

OFFICES = frozenset(
    {
        *("member", "speaker_commons", "senator", "speaker_senate", "minister", "prime_minister"),
        *("premier", "provincial_minister", "provincial_member", "mayor", "official"),
    }
)
"""What `recipient.office` can be; a test compares them with the offices of the directory."""

ROLES: Mapping[str, frozenset[str]] = {"recipient.role": frozenset(Role)}
STAGES: Mapping[str, frozenset[str]] = {"bill.stage": frozenset(Stage)}
"""Names that can only be compared with one of these words."""

MAX_LISTED = 8
"""Of more names than this, a message lists only the roots."""

CONDITION_WORDS = frozenset({"and", "or", "not", "in"})
KEYWORDS = frozenset(
    {*CONDITION_WORDS, "if", "elif", "else", "endif", "choose", "endchoose", "is", "for", "true", "false", "none"}
)
"""Words of the language, or of Jinja."""

FORM_FIELDS = frozenset(
    {
        *("template", "length", "language", "search", "riding", "looked_up", "words_language", "choice", "revisions"),
        *("submission", "post", "letter", "which", "inline", "original", "restore", "sure", "go", "csrf_token"),
        *("send_to", "age_ok", "consent", "asks_for_answers", "web_page", "proof", "follows"),
        *("go_on", "asked_letter", "asked_which", "asked_inline"),
    }
)
"""Fields and buttons of the citizen's form, whose keys no field of a letter can have; a test reads them in its pages.

They are listed here because letters are checked without the site, too: by the command line, and before an import.
"""

RESERVED_WORDS = KEYWORDS | {"citizen", "recipient", "finding", "survey", "campaign", "bill", "act", "today"}
"""Keys that no field can have, as they mean something in the letter's language."""


@dataclass(frozen=True, slots=True)
class AllowedNames:
    """The names that one template may use.

    `texts` can be printed and tested, `flags` tested, `choices` compared with keys and tested, and the names of
    `compared` can only be compared with one of their words.
    """

    texts: frozenset[str]
    flags: frozenset[str] = FLAGS
    choices: Mapping[str, frozenset[str]] = field(default_factory=dict)
    compared: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def offered(
        cls,
        *,
        fields: Iterable[str],
        findings: Iterable[str],
        choices: Mapping[str, frozenset[str]],
        has_bill: bool = False,
        has_acts: bool = False,
    ) -> "AllowedNames":
        """Return what a letter with these fields, findings and choices may use, and what a bill and acts add."""
        texts = {"campaign.name", "today", *fields}
        texts |= {f"citizen.{name}" for name in CITIZEN} | {f"recipient.{name}" for name in RECIPIENT}
        texts |= {f"survey.{name}" for name in SURVEY} | {f"finding.{name}" for name in findings}
        texts |= {f"bill.{name}" for name in BILL} if has_bill else set()
        texts |= {f"act.{name}" for name in WORDINGS} if has_acts else set()
        return cls(frozenset(texts), FLAGS, choices, {**ROLES, **STAGES} if has_bill else ROLES)

    def offers(self, name: str) -> bool:
        return name in self.texts or name in self.flags or name in self.compared

    def can_be_compared(self, name: str) -> bool:
        return name in self.texts or name in self.compared

    def answers(self, name: str) -> frozenset[str] | None:
        """Return the only words that `name` can be, None when it can be any."""
        if name == "recipient.office":
            return OFFICES
        return self.compared.get(name) or self.choices.get(name)

    def similar(self, name: str, *, printed: bool = False) -> list[str]:
        """Return the allowed names with the same root as `name`; else all of them, many of one root as `root.…`."""
        everything = self.texts if printed else self.texts | self.flags | frozenset(self.compared)
        root = name.split(".")[0]
        same = sorted(other for other in everything if "." in other and other.split(".")[0] == root)
        plain = {other if "." not in other else f"{other.split('.')[0]}.…" for other in everything}
        return same or sorted(everything if len(everything) <= MAX_LISTED else plain)
