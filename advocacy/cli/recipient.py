"""Who a letter goes to, from what was typed: several candidates are listed or asked about, never chosen."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import click
from sqlalchemy.orm import Session

from advocacy.cli.site import WrongUse
from advocacy.language import Language, Wording
from advocacy.legislators.directory_queries import (
    bounce_warnings,
    by_id,
    members_for,
    notices,
    riding_by_code,
    riding_names,
)
from advocacy.legislators.models import Legislator, Status
from advocacy.legislators.postal_codes import Candidates
from advocacy.legislators.search import nearest_ridings

WHICH = Wording.of(en="Which of these is yours?", fr="Laquelle de ces personnes vous représente?")
ELSEWHERE = Wording.of(
    en="This postal code is not known to lie in that riding; the riding you named is used.",
    fr="On ne sait pas si ce code postal s’y trouve; c’est la circonscription que vous avez nommée qui compte.",
)
FIND = "“advocacy legislators find” shows names, ridings and ids"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The recipient, and the ridings the citizen is a constituent of."""

    legislator: Legislator
    ridings: frozenset[str]


def choose_recipient(
    session: Session, *, found: Candidates | None, riding: str, legislator: str, language: Language, today: date
) -> Chosen:
    """Find the one recipient; WrongUse with the list when several fit and nobody can be asked.

    `found` is what the postal code or its first three characters gave. What is uncertain about the answer goes to
    stderr, in the letter's language.
    """
    own: tuple[str, ...] = ()
    if riding:
        own = (_riding(session, riding, language),)
        if found and own[0] not in found.riding_codes:
            _tell(ELSEWHERE.in_language(language))
    elif found:
        own = found.riding_codes
        if not legislator:
            _tell(found.explanation.in_language(language), found.provenance.in_language(language))
    if legislator:
        chosen = _legislator(session, legislator)
    else:
        chosen = _one_of(session, own, language, towns=found.towns if found else {})
    _tell(*(notice.in_language(language) for notice in (*notices(chosen, today), *bounce_warnings(session, chosen))))
    return Chosen(chosen, frozenset(own))


def describe(row: Legislator, language: Language, towns: Sequence[str]) -> str:
    """Write a legislator or seat on one line: id, name, riding, and some of the riding's towns."""
    place = row.place.in_language(language) if row.place else row.province or ""
    return f"{row.id}  {row.name or '—'}  {place}" + (f" ({', '.join(towns)})" if towns else "")


def _riding(session: Session, typed: str, language: Language) -> str:
    code = typed.strip() if riding_by_code(session, typed.strip()) else riding_names(session).code(typed)
    if code is None:
        near = "; ".join(
            f"{riding.fed_code} {riding.name.in_language(language)}" for riding in nearest_ridings(session, typed)
        )
        raise WrongUse(f"no riding is called “{typed[:60]}”; {f'the nearest are {near}' if near else FIND}")
    return code


def _legislator(session: Session, typed: str) -> Legislator:
    found = by_id(session, typed.strip())
    if found is None:
        raise WrongUse(f"no legislator has the id “{typed[:60]}”; {FIND}")
    if found.status is Status.LEFT:
        raise WrongUse(f"{found.name} has left office; {FIND}")
    return found


def _one_of(
    session: Session, ridings: Sequence[str], language: Language, *, towns: Mapping[str, Sequence[str]]
) -> Legislator:
    rows = members_for(session, ridings)
    if not rows:
        raise WrongUse(f"nobody is known for this riding; {FIND}")
    if len(rows) == len(ridings) == 1:
        return rows[0]
    lines = [describe(row, language, towns.get(row.riding_code or "", ())) for row in rows]
    if not sys.stdin.isatty():
        listed = "\n".join(f"  {line}" for line in lines)
        raise WrongUse(f"several legislators fit; choose yours with --legislator ID:\n{listed}")
    for number, line in enumerate(lines, start=1):
        click.echo(f"{number:>3}  {line}", err=True)
    answer: int = click.prompt(
        WHICH.in_language(language), type=click.IntRange(1, len(rows)), prompt_suffix=" ", err=True
    )
    return rows[answer - 1]


def _tell(*sentences: str) -> None:
    for sentence in sentences:
        click.echo(sentence, err=True)
