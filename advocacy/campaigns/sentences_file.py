"""The contents of `sentences.toml`: what all letters of a campaign say alike, written once.

Why somebody writes to this reader, how an answer reaches them, what is asked of each reader at each stage of the bill,
who they are, and the sentences that they can tick.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, TypeVar

from pydantic import AfterValidator
from pydantic import Field as Limit

from advocacy.campaigns.fields import SEPARATOR, Option, Statement
from advocacy.campaigns.legislation import Role, Stage
from advocacy.campaigns.letter_text import find_faults
from advocacy.campaigns.only_for import OnlyFor, Reader
from advocacy.campaigns.terms import ROLES, STAGES
from advocacy.language import Wording
from advocacy.problems import Complaint, KeyPath, complaint, invalid
from advocacy.toml_source import Frozen

SHARED = ("why_you", "reply", "act")
"""The blanks that shared sentences fill."""
SHARED_BLANKS = frozenset({"riding", "bill.number", "bill.title", "bill.introduced"})
"""The blanks that a shared sentence may have itself."""
MAX_SHARED_WORDINGS = 12
MIN_WORDINGS, MAX_WORDINGS = 4, 12
"""How many wordings a statement has."""
MAX_STATEMENTS = 12
"""The most statements in a list: more is no help to those who look for words."""
MAX_LABEL, MAX_WORDING = 120, 240
"""Characters of a statement's label and of each of its wordings."""

Listed = TypeVar("Listed", tuple[Option, ...], tuple[Statement, ...])


def _check_distinct(listed: Listed) -> Listed:
    key, times = Counter(one.key for one in listed).most_common(1)[0] if listed else ("", 0)
    if times > 1:
        raise invalid("answer-twice", answer=key)
    return listed


class SharedSentence(Frozen):
    """One sentence that letters share, in several wordings, of which each letter to an office has another."""

    only_for: OnlyFor | None = None
    wordings: Annotated[tuple[Wording, ...], Limit(alias="wording", min_length=1, max_length=MAX_SHARED_WORDINGS)]

    def fits(self, reader: Reader) -> bool:
        return self.only_for is None or self.only_for.fits(reader)


class SentencesFile(Frozen):
    """`sentences.toml`: of `why_you`, `reply` and `acts`, a letter has the first one of the file that fits its reader.

    `choices` and `statements` are the lists that fields of letters name.
    """

    why_you: tuple[SharedSentence, ...] = ()
    reply: tuple[SharedSentence, ...] = ()
    acts: Annotated[tuple[SharedSentence, ...], Limit(alias="act")] = ()
    choices: Mapping[str, Annotated[tuple[Option, ...], AfterValidator(_check_distinct)]] = {}
    statements: Mapping[str, Annotated[tuple[Statement, ...], AfterValidator(_check_distinct)]] = {}

    def shared(self) -> Mapping[str, tuple[SharedSentence, ...]]:
        """Return the shared sentences by the blank that they fill."""
        return dict(zip(SHARED, (self.why_you, self.reply, self.acts), strict=True))


NO_SENTENCES = SentencesFile()


def check_sentences(sentences: SentencesFile) -> Iterator[tuple[KeyPath, Complaint]]:
    """Find what is wrong between the entries of a campaign's shared sentences."""
    for blank, entries in sentences.shared().items():
        yield from check_shared(entries, blank)
    yield from _check_acts(sentences.acts)
    yield from _check_statements(sentences.statements)


def check_shared(entries: Sequence[SharedSentence], blank: str) -> Iterator[tuple[KeyPath, Complaint]]:
    """Find wordings with braces that no shared sentence can fill."""
    for place, entry in enumerate(entries):
        for number, wording in enumerate(entry.wordings):
            for language, text in wording.items():
                for fault in find_faults(text, SHARED_BLANKS):
                    yield (blank, place, "wording", number, language), fault.complaint


def _check_acts(acts: Sequence[SharedSentence]) -> Iterator[tuple[KeyPath, Complaint]]:
    """Find readers of whom nothing would be asked."""
    if not acts:
        return
    for role in Role:
        missing = [stage for stage in Stage if not any(act.fits(Reader(role, stage)) for act in acts)]
        if missing:
            yield ("act",), complaint("act-missing", role=ROLES[role], stages=tuple(STAGES[stage] for stage in missing))


def _check_statements(lists: Mapping[str, Sequence[Statement]]) -> Iterator[tuple[KeyPath, Complaint]]:
    """Find statements that no form could show or no letter hold."""
    for name, statements in lists.items():
        path: KeyPath = ("statements", name)
        if len(statements) > MAX_STATEMENTS:
            yield path, complaint("statements-too-many", most=MAX_STATEMENTS)
        for place, statement in enumerate(statements):
            count = len(statement.wordings)
            if not MIN_WORDINGS <= count <= MAX_WORDINGS:
                limits = {"least": MIN_WORDINGS, "most": MAX_WORDINGS}
                yield (*path, place), complaint("statement-wordings", key=statement.key, count=count, **limits)
            for language, text in statement.label.items():
                if SEPARATOR in text:
                    where = (*path, place, "label", language)
                    yield where, complaint("statement-label-sign", text=text, sign=SEPARATOR)
            for where, text, most in _statement_texts((*path, place), statement):
                if len(text) > most:
                    yield where, complaint("statement-too-long", text=text[:60], most=most)
                if text != text.strip() or len(text.splitlines()) > 1:
                    yield where, complaint("statement-one-line", text=text[:60])


def _statement_texts(path: KeyPath, statement: Statement) -> Iterator[tuple[KeyPath, str, int]]:
    """Yield each text of a statement with its path and how long it may be."""
    yield from (((*path, "label", language), text, MAX_LABEL) for language, text in statement.label.items())
    for number, wording in enumerate(statement.wordings):
        for language, text in wording.items():
            yield (*path, "wording", number, language), text, MAX_WORDING
