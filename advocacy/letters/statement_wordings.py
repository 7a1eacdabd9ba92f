"""The statements that a citizen ticked, as prose, and the wording of each in the next letter to an office.

The wordings of a statement take turns in rounds, each once before any comes twice. Every round has an order of its own,
drawn from a hash of the statement: two statements that are always ticked together do not keep pairs of wordings.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256

from advocacy.campaigns.fields import split_keys
from advocacy.campaigns.grammar.program import Choice
from advocacy.campaigns.letter_template import LetterTemplate, StatementTexts
from advocacy.language import Language

Wordings = Mapping[str, int]
"""Which wording a letter has of each statement, by the statement's fingerprint."""
NO_WORDINGS: Wordings = {}


def ticked_statements(
    template: LetterTemplate, fields: Mapping[str, str], language: Language
) -> Mapping[str, Sequence[StatementTexts]]:
    """Return what was ticked in each field of statements; nothing where own words were written, which win."""
    offered = template.statements[language]
    if not offered or any(fields.get(key) for key in template.typed_fields):
        return {}
    ticked = {}
    for field, statements in offered.items():
        keys = split_keys([fields.get(field, "")])
        ticked[field] = [texts for key, texts in statements.items() if key in keys]
    return ticked


def allot_wording(statement: StatementTexts, sent: Mapping[Choice, int]) -> int:
    """Choose the wording of a statement for the next letter to an office, given how often it got each."""
    used = [sent.get((wording,), 0) for wording in range(len(statement.wordings))]
    fewest = min(used)
    order = _order(statement, sum(used) // len(used))
    return next(wording for wording in order if used[wording] == fewest)


def wording_at(statement: StatementTexts, turn: int) -> int:
    """Return the wording of an office's letter number `turn`, from 0, where nothing else was sent."""
    size = len(statement.wordings)
    return _order(statement, turn // size)[turn % size]


def wordings_at(template: LetterTemplate, language: Language, turn: int) -> Wordings:
    """Return the wording of each statement in an office's letter number `turn`, from 0, where all ticked the same."""
    offered = (one for statements in template.statements[language].values() for one in statements.values())
    return {one.fingerprint: wording_at(one, turn) for one in offered}


def as_prose(statements: Sequence[StatementTexts], wordings: Wordings) -> str:
    """Return the statements as one piece of prose, in the order of their list."""
    return " ".join(one.wordings[wordings.get(one.fingerprint, 0)] for one in statements)


def _order(statement: StatementTexts, number: int) -> Sequence[int]:
    """Return the order in which the wordings come in one round."""
    return sorted(
        range(len(statement.wordings)),
        key=lambda wording: sha256(f"{statement.fingerprint} {number} {wording}".encode()).digest(),
    )
