"""How often an office was sent each choice of alternatives; nothing here knows a person."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.campaigns.program import Choice
from advocacy.letters.models import ChoiceCount
from advocacy.letters.tally import one_more


def sent(session: Session, legislator_id: str, fingerprint: str) -> Mapping[Choice, int]:
    """Give how often each choice went to this office, in the text of this fingerprint."""
    rows = session.execute(
        select(ChoiceCount.choice, ChoiceCount.count).where(
            ChoiceCount.legislator_id == legislator_id, ChoiceCount.fingerprint == fingerprint
        )
    )
    return {_read(choice): count for choice, count in rows}


def add(session: Session, legislator_id: str, fingerprint: str, *, choice: Choice) -> None:
    """Count one more letter."""
    written = ".".join(map(str, choice))
    one_more(session, ChoiceCount, legislator_id=legislator_id, fingerprint=fingerprint, choice=written)


def _read(choice: str) -> Choice:
    return tuple(int(number) for number in choice.split(".") if number)
