"""The audit log for managers; each entry links to what it is about, as long as that has a page."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from advocacy.campaigns.library import newest_folder
from advocacy.campaigns.models import Campaign, Document, Revision
from advocacy.delivery.models import Message
from advocacy.legislators.models import Legislator
from advocacy.staff import accounts, invitations
from advocacy.staff import audit_log as chain
from advocacy.staff.models import Account, AuditEntry, Role
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import bp, current_account, requires
from advocacy.web.staff.forms import StaffForm, query_number
from advocacy.web.staff.texts import (
    DOCUMENT_NAMES,
    audit_changes,
    campaign_name,
    letter_titles,
    list_name,
    subject_text,
)

Names = Iterator[tuple[str, str, str]]
"""Of some things: the id of each, what it is called ("" where its number is all there is), and its page."""


@bp.get("/log", endpoint="log")
@requires(Role.MANAGER)
def audit() -> str:
    """Show the log, newest first; a question that cannot be read asks for nothing."""
    day = None
    with suppress(ValueError):
        day = date.fromisoformat(request.args.get("day", ""))
    query: dict[str, Any] = {
        "account_id": query_number("person"),
        "act": request.args.get("act", "")[:40],
        "day": None if day == date.max else day,  # its end is beyond what can be told
    }
    entries, more = chain.entries(g.session, **query, below=query_number("below"))
    everyone = accounts.all_accounts(g.session)
    names = _names({entry.subject for entry in entries})
    language = current_language()
    acts = sorted(((act.value, act.words.in_language(language)) for act in chain.Act), key=lambda pair: pair[1])
    return render_template(
        "staff/audit.html",
        entries=entries,
        names=names,
        more=more,
        people=everyone,
        acts=acts,
        query=query,
        act_text=chain.act_text,
        subject_text=subject_text,
        audit_changes=audit_changes,
    )


@bp.route("/log/<int:number>/reason", methods=["GET", "POST"], endpoint="log_reason")
@requires(Role.MANAGER)
def erase_reason(number: int) -> Response | str:
    """Erase the reason of an entry, once that was confirmed; the chain stays valid."""
    form = StaffForm()
    entry = g.session.get(AuditEntry, number, options=[joinedload(AuditEntry.account)])
    if entry is None or (entry.reason is None and request.method == "GET"):
        abort(404)
    if not form.validate_on_submit():
        return render_template("staff/audit_reason.html", entry=entry, form=form, act_text=chain.act_text)
    if entry.reason is not None:
        chain.erase_reason(g.session, entry, by=current_account().id, now=services().now())
    flash(_("Reason erased. The log shows that it was."))
    return redirect(url_for("staff.log"), 303)


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
        yield str(key), name, url_for("staff.person", account_id=key)


def _campaigns(ids: set[str]) -> Names:
    language = current_language()
    for key in g.session.scalars(select(Campaign.name).where(Campaign.name.in_(ids))):
        opened = services().opened.get(g.session, key)
        name = opened.file.name.in_language(language) if opened else campaign_name(newest_folder(g.session, key))
        yield key, name, url_for("staff.campaign_settings", campaign=key)


def _invitations(_ids: set[str]) -> Names:
    for one in invitations.open_invitations(g.session, now=services().now()):
        yield str(one.id), "", url_for("staff.invitation", invitation_id=one.id)


def _legislators(ids: set[str]) -> Names:
    for row in g.session.scalars(select(Legislator).where(Legislator.id.in_(ids))):
        yield row.id, row.name or row.id, url_for("staff.legislator", legislator=row.id)


def _letters(ids: set[str]) -> Names:
    """Yield the letters of merges, "campaign/letter", and those of citizens, which have only a number."""
    yield from _messages(ids)
    for key in ids:
        campaign, slash, letter = key.partition("/")
        opened = services().opened.get(g.session, campaign) if slash else None
        if opened and letter in opened.letters:
            title = opened.letters[letter].letter.title.in_language(current_language())
            yield key, title, url_for("staff.history", campaign=campaign, document=letter)


def _lists(ids: set[str]) -> Names:
    for key in ids:
        kinds = dict.fromkeys(one.partition("-")[0] for one in key.split(","))
        yield key, ", ".join(list_name(kind) for kind in kinds), url_for("staff.directory")


def _messages(ids: set[str]) -> Names:
    for key in g.session.scalars(select(Message.id).where(Message.id.in_(_numbers(ids)))):
        yield str(key), "", url_for("staff.delivery", number=key)


def _revisions(ids: set[str]) -> Names:
    """Yield revisions; the page is the comparison with the one before, or the history for the first one."""
    rows = g.session.execute(
        select(Revision.id, Revision.number, Document.name, Campaign.name)
        .join(Document, Revision.document_id == Document.id)
        .join(Campaign, Document.campaign_id == Campaign.id)
        .where(Revision.id.in_(_numbers(ids)))
    ).all()
    titles = letter_titles(g.session, [row.id for row in rows])
    campaigns = {key: name for key, name, _page in _campaigns({row[3] for row in rows})}
    for key, number, document, campaign in rows:
        title = titles.get(key) or DOCUMENT_NAMES.get(document, document)
        name = _(
            "%(campaign)s: %(title)s, revision %(number)d", campaign=campaigns[campaign], title=title, number=number
        )
        page, revisions = ("staff.compare", [number - 1, number]) if number > 1 else ("staff.history", None)
        yield str(key), name, url_for(page, campaign=campaign, document=document, revision=revisions)


def _numbers(ids: set[str]) -> list[int]:
    return [int(key) for key in ids if key.isascii() and key.isdecimal()]


KINDS: Mapping[str, Callable[[set[str]], Names]] = {
    "account": _accounts,
    "campaign": _campaigns,
    "invitation": _invitations,
    "legislator": _legislators,
    "letter": _letters,
    "list": _lists,
    "office": _legislators,
    "mail": _messages,
    "revision": _revisions,
}
"""What names some things, by the word before the colon of the subjects."""
