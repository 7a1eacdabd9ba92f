"""The audit log's entries in the words of the pages: what an act was done to, and what it changed."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

from advocacy.campaigns.editor.condition_phrases import STAGES
from advocacy.staff.models import ROLE_NAMES, AuditEntry
from advocacy.web.locale import current_language
from advocacy.web.staff.delivery_words import MOVED
from advocacy.web.staff.directory_words import FACTS, TRUTHS, fact_text

PLACES: Mapping[str, Any] = MappingProxyType(
    {
        "account": _l("account"),
        "added": _l("added"),
        "alone": _l("one person writes and publishes"),
        "as_of": _l("as of"),
        "at": _l("planned for"),
        "bill": _l("bill"),
        "by_its_writer": _l("published by its author"),
        "changed": _l("changed"),
        "confirmed": _l("confirmed on"),
        "copied_from": _l("copied from"),
        "documents": _l("documents"),
        "factor": _l("verification method"),
        "format": _l("format"),
        "gone": _l("no longer listed"),
        "invitation": _l("invitation"),
        "left": _l("codes left"),
        "left_out": _l("rows left out"),
        "letters": _l("letters"),
        "resolved": _l("resolved"),
        "role": _l("role"),
        "source": _l("source"),
        "stage": _l("stage"),
        "state": _l("state"),
        "times": _l("times in 15 minutes"),
        "together": _l("with the rest of the campaign"),
    }
)
"""What an act changed, by its name in the entry; one that is not here is shown as it is."""
IN_ITS_NAME = frozenset({"document", "digest", "number"})
"""What the name of a revision, and the page it leads to, say already."""
VALUES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "factor": {"all of them": _l("all of them"), "app": _l("app"), "passkey": _l("passkey")},
        "format": {"pdf": _l("PDF"), "docx": _l("Word"), "txt": _l("text")},
        "role": {role.value: name.in_language for role, name in ROLE_NAMES.items()},
        "stage": {stage: name.in_language for stage, name in STAGES.items()},
        "state": {state.value: words for state, words in MOVED.items()},
    }
)
"""The site's own words for the values of some of these: a text, or what returns it in a language."""
SUBJECTS: Mapping[str, Any] = MappingProxyType(
    {
        "account": _l("account"),
        "campaign": _l("campaign"),
        "entry": _l("entry"),
        "invitation": _l("invitation"),
        "legislator": _l("directory"),
        "letter": _l("letter"),
        "list": _l("list"),
        "mail": _l("mail"),
        "message": _l("letter"),
        "outbox": _l("sending"),
        "page": _l("page"),
        "revision": _l("revision"),
        "sign-in": _l("an address without an account"),
    }
)
"""What an act was done to, by the word before the colon of its subject."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that an act changed: what it is, and its text before and after."""

    place: str
    before: str
    after: str


def subject_text(subject: str) -> str:
    """Return what an act was done to: "revision:9" as "revision, 9"."""
    kind, _, name = subject.partition(":")
    return ", ".join([str(SUBJECTS.get(kind, kind)), *([name] if name else [])])


def changed(entry: AuditEntry) -> Sequence[Changed]:
    """Return what an entry says that its act changed, in the words of the pages."""
    before, after = _by_name(entry.before), _by_name(entry.after)
    places: Mapping[str, Any] = PLACES
    text: Callable[[str, Any], str] = _text
    if entry.subject.startswith("legislator:"):
        places, text = FACTS, fact_text
        before, after = ({name: facts[name] for name in facts if name in FACTS} for facts in (before, after))
    rows = [
        Changed(str(places.get(name, name)), text(name, before.get(name)), text(name, after.get(name)))
        for name in dict.fromkeys((*before, *after))
        if before.get(name) != after.get(name) and name not in IN_ITS_NAME
    ]
    return [row for row in rows if row.before or row.after]


def _by_name(content: Any) -> Mapping[str, Any]:
    """Return an entry's content by names: that of a changed role is the role alone."""
    return content if isinstance(content, dict) else {"role": content}


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(TRUTHS[value])
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    words = VALUES.get(name, {}).get(value, value)
    return str(words(current_language()) if callable(words) else words)
