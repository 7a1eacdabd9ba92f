"""Where the journal's page leads: to the page of what an act was done to, as long as there is one."""

from collections.abc import Callable, Collection, Iterator, Mapping
from types import MappingProxyType

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.campaigns.models import Campaign, Document, Revision
from advocacy.delivery.models import Message
from advocacy.legislators.models import Legislator
from advocacy.staff import invitations
from advocacy.staff.models import Account
from advocacy.web.services import services

Pairs = Iterator[tuple[str, str]]


def links(session: Session, subjects: Collection[str]) -> Mapping[str, str]:
    """Give the address of the page of each of these subjects that has one."""
    named: dict[str, set[str]] = {}
    for subject in subjects:
        kind, _, rest = subject.partition(":")
        named.setdefault(kind, set()).add(rest)
    return {
        f"{kind}:{name}": address
        for kind, names in named.items()
        if kind in PAGES
        for name, address in PAGES[kind](session, names)
    }


def _revisions(session: Session, names: set[str]) -> Pairs:
    """Lead to what a revision changed of the one before it, the first one to its document's history."""
    rows = session.execute(
        select(Revision.id, Revision.number, Document.name, Campaign.name)
        .join(Document, Revision.document_id == Document.id)
        .join(Campaign, Document.campaign_id == Campaign.id)
        .where(Revision.id.in_(_numbers(names)))
    )
    for key, number, document, campaign in rows:
        page, chosen = ("staff.compare", [number - 1, number]) if number > 1 else ("staff.history", None)
        yield str(key), url_for(page, campaign=campaign, document=document, revision=chosen)


def _accounts(session: Session, names: set[str]) -> Pairs:
    for key in session.scalars(select(Account.id).where(Account.id.in_(_numbers(names)))):
        yield str(key), url_for("staff.person", account_id=key)


def _invitations(session: Session, names: set[str]) -> Pairs:
    for one in invitations.open_ones(session, now=services().now()):
        if str(one.id) in names:
            yield str(one.id), url_for("staff.invitation", invitation_id=one.id)


def _campaigns(session: Session, names: set[str]) -> Pairs:
    for name in session.scalars(select(Campaign.name).where(Campaign.name.in_(names))):
        yield name, url_for("staff.campaign", name=name)


def _legislators(session: Session, names: set[str]) -> Pairs:
    for key in session.scalars(select(Legislator.id).where(Legislator.id.in_(names))):
        yield key, url_for("staff.legislator", legislator=key)


def _messages(session: Session, names: set[str]) -> Pairs:
    for key in session.scalars(select(Message.id).where(Message.id.in_(_numbers(names)))):
        yield str(key), url_for("staff.delivery", number=key)


def _numbers(names: set[str]) -> list[int]:
    return [int(name) for name in names if name.isascii() and name.isdecimal()]


PAGES: Mapping[str, Callable[[Session, set[str]], Pairs]] = MappingProxyType(
    {
        "account": _accounts,
        "campaign": _campaigns,
        "invitation": _invitations,
        "legislator": _legislators,
        "letter": _messages,
        "mail": _messages,
        "revision": _revisions,
    }
)
"""What finds the pages of some subjects, by the word before their colon."""
