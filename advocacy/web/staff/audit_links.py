"""What the journal's entries are about: its name as the pages have it, and its page, as long as there is one."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask import url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.campaigns.library import newest_folder
from advocacy.campaigns.models import Campaign, Document, Revision
from advocacy.delivery.models import Message
from advocacy.legislators.models import Legislator
from advocacy.staff import invitations
from advocacy.staff.models import Account
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.directory_words import LISTS
from advocacy.web.staff.letter_titles import OWN, name_of, titles_of


@dataclass(frozen=True, slots=True)
class About:
    """One thing that acts were done to: what it is called ("" where its number is all there is) and its page."""

    name: str
    page: str


Pairs = Iterator[tuple[str, About]]


def found(session: Session, subjects: Collection[str]) -> Mapping[str, About]:
    """Give what is known of these subjects, by the subject; nothing of one that is gone."""
    named: dict[str, set[str]] = {}
    for subject in subjects:
        kind, _, rest = subject.partition(":")
        named.setdefault(kind, set()).add(rest)
    return {
        f"{kind}:{name}": about
        for kind, names in named.items()
        if kind in KINDS
        for name, about in KINDS[kind](session, names)
    }


def _revisions(session: Session, names: set[str]) -> Pairs:
    """Lead to what a revision changed of the one before it, the first one to its document's history."""
    rows = session.execute(
        select(Revision.id, Revision.number, Document.name, Campaign.name)
        .join(Document, Revision.document_id == Document.id)
        .join(Campaign, Document.campaign_id == Campaign.id)
        .where(Revision.id.in_(_numbers(names)))
    ).all()
    titles = titles_of(session, [row.id for row in rows], current_language())
    campaigns = dict(_campaigns(session, {row[3] for row in rows}))
    for key, number, document, campaign in rows:
        page, chosen = ("staff.compare", [number - 1, number]) if number > 1 else ("staff.history", None)
        title = titles.get(key) or str(OWN.get(document, document))
        yield (
            str(key),
            About(
                gettext(
                    "%(campaign)s: %(title)s, revision %(number)d",
                    campaign=campaigns[campaign].name,
                    title=title,
                    number=number,
                ),
                url_for(page, campaign=campaign, document=document, revision=chosen),
            ),
        )


def _accounts(session: Session, names: set[str]) -> Pairs:
    for key, name in session.execute(select(Account.id, Account.name).where(Account.id.in_(_numbers(names)))):
        yield str(key), About(name, url_for("staff.person", account_id=key))


def _invitations(session: Session, names: set[str]) -> Pairs:
    for one in invitations.open_ones(session, now=services().now()):
        if str(one.id) in names:
            yield str(one.id), About("", url_for("staff.invitation", invitation_id=one.id))


def _campaigns(session: Session, names: set[str]) -> Pairs:
    for name in session.scalars(select(Campaign.name).where(Campaign.name.in_(names))):
        opened = services().opened.named(session, name)
        language = current_language()
        title = opened.file.name.spoken(language) if opened else name_of(newest_folder(session, name), language)
        yield name, About(title, url_for("staff.campaign_settings", campaign=name))


def _legislators(session: Session, names: set[str]) -> Pairs:
    for row in session.scalars(select(Legislator).where(Legislator.id.in_(names))):
        yield row.id, About(row.name or row.id, url_for("staff.legislator", legislator=row.id))


def _lists(_session: Session, names: set[str]) -> Pairs:
    for name in names:
        kinds = dict.fromkeys(one.partition("-")[0] for one in name.split(","))
        said = [str(LISTS[kind]) for kind in kinds if kind in LISTS]
        yield name, About(", ".join(said), url_for("staff.directory"))


def _messages(session: Session, names: set[str]) -> Pairs:
    for key in session.scalars(select(Message.id).where(Message.id.in_(_numbers(names)))):
        yield str(key), About("", url_for("staff.delivery", number=key))


def _letters(session: Session, names: set[str]) -> Pairs:
    """Name what a sheet was merged with, "campaign/letter", and citizens' letters, which have a number alone."""
    yield from _messages(session, names)
    for name in names:
        campaign, slash, letter = name.partition("/")
        opened = services().opened.named(session, campaign) if slash else None
        if opened and letter in opened.letters:
            title = opened.letters[letter].letter.title.spoken(current_language())
            yield name, About(title, url_for("staff.history", campaign=campaign, document=letter))


def _numbers(names: set[str]) -> list[int]:
    return [int(name) for name in names if name.isascii() and name.isdecimal()]


KINDS: Mapping[str, Callable[[Session, set[str]], Pairs]] = MappingProxyType(
    {
        "account": _accounts,
        "campaign": _campaigns,
        "invitation": _invitations,
        "legislator": _legislators,
        "letter": _letters,
        "list": _lists,
        "mail": _messages,
        "revision": _revisions,
    }
)
"""What finds some things, by the word before the colon of the subjects that name them."""
