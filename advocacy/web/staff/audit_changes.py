"""What an act changed, in the words of the pages: a fact of the directory by its name, a letter's state by its move."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from advocacy.campaigns.condition_words import STAGES
from advocacy.delivery.states import State
from advocacy.language import Language
from advocacy.messages import Message, message
from advocacy.staff.audit_words import Changed, changes, in_words
from advocacy.staff.models import AuditEntry
from advocacy.web.staff import directory_words
from advocacy.web.staff.delivery_words import MOVED

FORMATS: Mapping[str, Message] = MappingProxyType(
    {"pdf": message("PDF"), "docx": message("Word"), "txt": message("text")}
)
IN_ITS_NAME = frozenset({"document", "digest", "number"})
"""What the name of a revision, and the page it leads to, say already."""


def changed(entry: AuditEntry, language: Language) -> Sequence[Changed]:
    """Give what an entry says that its act changed."""
    if entry.subject.startswith("legislator:"):
        return _facts(entry.before, entry.after)
    found = changes(entry.before, entry.after)
    if entry.subject.startswith("revision:"):
        found = (one for one in found if one.place not in IN_ITS_NAME)
    return [_valued(one, in_words(one, language), language) for one in found]


def _valued(one: Changed, said: Changed, language: Language) -> Changed:
    values = (one.before, one.after)
    if one.place == "state":
        return Changed(said.place, *(_state(name) for name in values))
    if one.place == "stage":
        return Changed(said.place, *(STAGES[name].spoken(language) if name in STAGES else name for name in values))
    if one.place == "format":
        named = (FORMATS[name].in_language(language) if name in FORMATS else name for name in values)
        return Changed(said.place, *named)
    return said


def _state(name: str) -> str:
    return str(MOVED[State(name)]) if name in set(State) else name


def _facts(before: object, after: object) -> Sequence[Changed]:
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return list(changes(before, after))
    text, facts = directory_words.fact_text, directory_words.FACTS
    return [
        Changed(str(facts[key]), text(key, before.get(key)), text(key, value))
        for key, value in after.items()
        if key in facts
    ]
