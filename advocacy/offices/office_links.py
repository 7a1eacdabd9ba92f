"""Links mailed to offices: to its settings, to prove another address, to undo a change. `GET` shows, `POST` acts."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import and_, delete, func, select
from sqlalchemy.orm import Session

from advocacy.delivery import outbox
from advocacy.language import Language
from advocacy.offices.models import OfficeEmail, OfficeLink, OfficeLinkKind, OfficeSettings
from advocacy.offices.office_settings import ADDRESS_DELAY, OfficeValues

VALIDITY, UNDO_VALIDITY = timedelta(hours=24), timedelta(days=7)
REMINDER_DELAY = ADDRESS_DELAY / 2
"""How long after it was proved an office is told once more of another address, before letters go there."""
DAY = timedelta(days=1)
MAX_A_DAY: Mapping[OfficeLinkKind, int] = {
    OfficeLinkKind.SETTINGS: 3,
    OfficeLinkKind.PROOF: 5,
    OfficeLinkKind.UNDO: 40,
}
"""How many links of each kind one office is mailed in 24 hours, whoever asks."""
PAGE_NAMES: Mapping[Language, str] = {Language.EN: "offices", Language.FR: "bureaux"}
"""What the page for offices is called in addresses."""
new_id = partial(secrets.token_hex, 16)


class TooManyLinks(Exception):
    """An office was mailed as many links as it gets in 24 hours."""


def page_name(language: Language) -> str:
    return PAGE_NAMES.get(language, PAGE_NAMES[Language.EN])


def send_link(
    session: Session,
    legislator_id: str,
    kind: OfficeLinkKind,
    *,
    language: Language,
    now: datetime,
    email: str | None = None,
    former: OfficeValues | None = None,
    due_at: datetime | None = None,
) -> None:
    """Put a mail with a new link into the outbox, to `email` or the directory's address; raises TooManyLinks.

    A link that undoes a change brings back the `former` settings.
    """
    recent = select(func.count()).where(OfficeLink.legislator_id == legislator_id, OfficeLink.kind == kind)
    if (session.scalar(recent.where(OfficeLink.created_at > now - DAY)) or 0) >= MAX_A_DAY[kind]:
        raise TooManyLinks
    validity = UNDO_VALIDITY if kind is OfficeLinkKind.UNDO else VALIDITY
    link = OfficeLink(
        id=new_id(),
        legislator_id=legislator_id,
        kind=kind,
        email=email,
        language=language,
        former=former.content if former is not None else None,
        created_at=now,
        expires_at=(due_at or now) + validity,
    )
    session.add(link)
    session.flush()
    mail = OfficeEmail.CHANGED if kind is OfficeLinkKind.UNDO else OfficeEmail.LINK
    outbox.put(session, mail, link.id, now=now, due_at=due_at)


def send_change_notices(
    session: Session, legislator_id: str, former: OfficeValues, *, language: Language, now: datetime
) -> None:
    """Mail an office that its settings were changed, with a link that undoes it.

    The mail goes to the directory's address, and to the other one that letters had gone to. Of another address the
    directory's is told once more, before letters go there.
    """
    values = OfficeValues.of(session.get(OfficeSettings, legislator_id))
    send = partial(send_link, session, legislator_id, OfficeLinkKind.UNDO, language=language, now=now, former=former)
    send()
    if former.email is not None and former.email_from is not None and former.email_from <= now:
        send(email=former.email)
    if values.email is not None and values.email != former.email:
        send(due_at=now + REMINDER_DELAY)


def find(session: Session, link_id: str, *, now: datetime, locked: bool = False) -> OfficeLink | None:
    """Return a link by its id, `locked` to act by it; None for one that is unknown, used or expired."""
    which = select(OfficeLink).where(OfficeLink.id == link_id, OfficeLink.expires_at > now)
    return session.scalar(which.with_for_update() if locked else which)


def end_links(session: Session, legislator_id: str, *, now: datetime) -> None:
    """End every link of an office: after a change that somebody else made, none of theirs works any more.

    One that waits for a mail of a later day stays, which nobody has yet: whoever reads a mailbox for an hour cannot
    keep it from being told once more of another address.
    """
    is_reminder = and_(OfficeLink.kind == OfficeLinkKind.UNDO, OfficeLink.expires_at > now + UNDO_VALIDITY)
    session.execute(delete(OfficeLink).where(OfficeLink.legislator_id == legislator_id, ~is_reminder))


def forget(session: Session, *, now: datetime) -> None:
    """Delete the links that have expired."""
    session.execute(delete(OfficeLink).where(OfficeLink.expires_at <= now))
