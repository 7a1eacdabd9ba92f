"""The section “Log” of Organisation: what staff did; each entry links to what it is about, where that has a page."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from flask import abort, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from advocacy.campaigns.models import Campaign, Document, Revision
from advocacy.delivery.models import Message
from advocacy.legislators.models import Legislator
from advocacy.staff import accounts
from advocacy.staff import audit_log as chain
from advocacy.staff.models import Account, AuditEntry, Role
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import bp, current_account, requires
from advocacy.web.staff.forms import check_token, query_number
from advocacy.web.staff.organisation import address, section
from advocacy.web.staff.texts import (
    DOCUMENT_NAMES,
    audit_changes,
    campaign_titles,
    format_in_sentence,
    format_moment,
    letter_titles,
    list_name,
    subject_text,
)

Names = Iterator[tuple[str, str, str]]
"""Of some things: the id of each, what it is called ("" where its number is all there is), and its page."""


@section("log", Role.MANAGER)
def log_shown() -> dict[str, object]:
    """Return a part of the log, newest first; a question that cannot be read asks for nothing."""
    day = None
    with suppress(ValueError):
        day = date.fromisoformat(request.args.get("day", ""))
    query: dict[str, Any] = {
        "account_id": query_number("who"),
        "act": request.args.get("what", "")[:40],
        "day": None if day == date.max else day,  # its end is beyond what can be told
    }
    entries, more = chain.entries(g.session, **query, below=query_number("below"))
    language = current_language()
    return {
        "entries": entries,
        "last": _last(entries),
        "more": more,
        "names": _names({entry.subject for entry in entries}),
        "people": accounts.all_accounts(g.session),
        "acts": sorted(((act.value, act.words.in_language(language)) for act in chain.Act), key=lambda pair: pair[1]),
        "query": query,
        "act_text": chain.act_text,
        "subject_text": subject_text,
        "changes": audit_changes,
        "format_moment": format_moment,
    }


def _last(entries: Sequence[AuditEntry]) -> dict[str, str] | None:
    """Return the newest of these entries in words, for the line of the closed section."""
    if not entries:
        return None
    entry = entries[0]
    who = entry.account.name if entry.account else _("the site")
    act = chain.act_text(entry.act, current_language())
    return {"who": who, "act": act, "time": format_in_sentence(entry.at)}


@bp.post("/organisation/log/<int:number>/reason")
@requires(Role.MANAGER)
def log_reason(number: int) -> Response:
    """Erase the reason of an entry; the chain stays valid."""
    check_token()
    entry = g.session.get(AuditEntry, number)
    if entry is None:
        abort(404)
    if entry.reason is not None:
        chain.erase_reason(g.session, entry, by=current_account().id, now=services().now())
    flash(_("Reason erased. The log shows that it was."))
    return redirect(address("log", _anchor="log"), 303)


def _names(subjects: Collection[str]) -> Mapping[str, tuple[str, str]]:
    """Return what each of these subjects is called, and its page; nothing of one that is gone."""
    ids: dict[str, set[str]] = {}
    for subject in subjects:
        kind, _colon, key = subject.partition(":")
        ids.setdefault(kind, set()).add(key)
    return {
        f"{kind}:{key}": (name, page)
        for kind in ids.keys() & KINDS.keys()
        for key, name, page in KINDS[kind](ids[kind])
    }


def _accounts(ids: set[str]) -> Names:
    for key, name in g.session.execute(select(Account.id, Account.name).where(Account.id.in_(_numbers(ids)))):
        yield str(key), name, address("people", person=key, _anchor="people")


def _campaigns(ids: set[str]) -> Names:
    for key, name in campaign_titles(g.session, ids).items():
        yield key, name, url_for("staff.campaign", campaign=key)


def _legislators(ids: set[str]) -> Names:
    for legislator in g.session.scalars(select(Legislator).where(Legislator.id.in_(ids))):
        yield legislator.id, legislator.name or legislator.id, url_for("staff.legislator", legislator=legislator.id)


def _letters(ids: set[str]) -> Names:
    """Yield the letters of merges, "campaign/letter", and those of citizens, which have only a number."""
    yield from _messages(ids)
    for key in ids:
        campaign, slash, letter = key.partition("/")
        opened = services().opened.get(g.session, campaign) if slash else None
        if opened and letter in opened.letters:
            title = opened.letters[letter].letter.title.in_language(current_language())
            yield key, title, url_for("staff.campaign", campaign=campaign)


def _lists(ids: set[str]) -> Names:
    for key in ids:
        kinds = dict.fromkeys(name.partition("-")[0] for name in key.split(","))
        yield key, ", ".join(list_name(kind) for kind in kinds), url_for("staff.directory")


def _messages(ids: set[str]) -> Names:
    for key in g.session.scalars(select(Message.id).where(Message.id.in_(_numbers(ids)))):
        yield str(key), "", url_for("staff.delivery", number=key)


def _revisions(ids: set[str]) -> Names:
    rows = g.session.execute(
        select(Revision.id, Document.name, Campaign.name)
        .join(Document, Revision.document_id == Document.id)
        .join(Campaign, Document.campaign_id == Campaign.id)
        .where(Revision.id.in_(_numbers(ids)))
    ).all()
    titles = letter_titles(g.session, [key for key, _document, _campaign in rows])
    campaigns = campaign_titles(g.session, {campaign for _key, _document, campaign in rows})
    for key, document, campaign in rows:
        title = titles.get(key) or DOCUMENT_NAMES.get(document, document)
        name = _("%(campaign)s: %(title)s", campaign=campaigns[campaign], title=title)
        yield str(key), name, url_for("staff.campaign", campaign=campaign)


def _numbers(ids: set[str]) -> list[int]:
    return [int(key) for key in ids if key.isascii() and key.isdecimal()]


KINDS: Mapping[str, Callable[[set[str]], Names]] = {
    "account": _accounts,
    "campaign": _campaigns,
    "legislator": _legislators,
    "letter": _letters,
    "list": _lists,
    "office": _legislators,
    "mail": _messages,
    "revision": _revisions,
}
"""What names some things, by the word before the colon of the subjects."""
