"""How many letters were written, and how often an office was sent each choice of alternatives; nobody is in it.

A count goes up by one in one statement, whoever else counts at the same moment.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.campaigns.program import Choice
from advocacy.database import insert_in, insert_into, table_of
from advocacy.letters.models import ChoiceCount, Count, LetterTally, StoredLetter


def one_more(session: Session, table: type[ChoiceCount | Count], **key: str | date) -> int:
    """Count one more and give the new count; its row stays ours until the transaction ends."""
    raised = _raised(session.get_bind().dialect.name, table)
    return int(session.connection().execute(raised, {"count": 1, **key}).scalar_one())


@cache
def _raised(dialect: str, model: type[ChoiceCount | Count]) -> Any:
    """Build the statement once: building it costs more than having it carried out."""
    table = table_of(model)
    raised = insert_in(dialect, table).on_conflict_do_update(
        index_elements=list(table.primary_key), set_={"count": table.c.count + 1}
    )
    return raised.returning(table.c.count)


def one_confirmed(session: Session, letter: StoredLetter, day: date) -> None:
    """Count a letter that its citizen confirmed on this day in Ottawa."""
    key = {
        "day": day,
        "campaign": letter.campaign,
        "template": letter.template,
        "language": letter.language,
        "riding_code": letter.riding_code or "",
    }
    first = insert_into(session, LetterTally).values(letters=1, **key)
    session.execute(first.on_conflict_do_update(index_elements=list(key), set_={"letters": LetterTally.letters + 1}))


def choices_sent(session: Session, legislator_id: str, fingerprint: str) -> Mapping[Choice, int]:
    """Give how often each choice went to this office, in the text of this fingerprint."""
    rows = session.execute(
        select(ChoiceCount.choice, ChoiceCount.count).where(
            ChoiceCount.legislator_id == legislator_id, ChoiceCount.fingerprint == fingerprint
        )
    )
    return {_read_choice(choice): count for choice, count in rows}


def add_choice(session: Session, legislator_id: str, fingerprint: str, *, choice: Choice) -> None:
    """Count one more letter."""
    written = ".".join(map(str, choice))
    one_more(session, ChoiceCount, legislator_id=legislator_id, fingerprint=fingerprint, choice=written)


def _read_choice(choice: str) -> Choice:
    return tuple(int(number) for number in choice.split(".") if number)
