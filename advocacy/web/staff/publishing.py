"""A revision on its way to citizens: looked at beside what is live, asked for, published, sent back or taken back."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from advocacy.campaigns import library
from advocacy.campaigns.models import Revision
from advocacy.database import immediate
from advocacy.language import Wording
from advocacy.staff import publishing
from advocacy.staff.models import Account, Proposal
from advocacy.staff.publishing import NotAllowed
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import publisher, staff, writer
from advocacy.web.staff.history import add_history
from advocacy.web.staff.publish_page import told
from advocacy.web.staff.speaking import document_name

Answer = Response | str | tuple[str, int]
Act = Callable[[Session, Revision, Account], str]
ROOM = "/review/<int:revision>"
LIVE = Wording.of(en="Revision {number} is live.", fr="La révision {number} est en ligne.")
ASKED = Wording.of(
    en="Publication of revision {number} requested. A second person decides.",
    fr="La publication de la révision {number} est demandée. Une deuxième personne décide.",
)
TAKEN_BACK = Wording.of(
    en="Request withdrawn. Revision {number} hasn’t changed.",
    fr="Demande retirée. La révision {number} n’a pas changé.",
)
RETURNED = Wording.of(
    en="Revision {number} is sent back, with your note.", fr="La révision {number} est renvoyée, avec votre note."
)
RESTORED = Wording.of(
    en="Revision {number} has the text of revision {old}. It is not live yet.",
    fr="La révision {number} reprend le texte de la révision {old}. Elle n’est pas encore en ligne.",
)


def add_publishing(routes: Blueprint) -> None:
    """Make the routes."""
    routes.get(f"{ROOM}/publish", endpoint="review")(publish)
    routes.post(f"{ROOM}/publish", endpoint="review_publish")(publish_it)
    routes.post(f"{ROOM}/ask", endpoint="review_ask")(ask)
    routes.post(f"{ROOM}/withdraw", endpoint="review_withdraw")(withdraw)
    routes.post(f"{ROOM}/send-back", endpoint="review_send_back")(send_back)
    routes.post(f"{ROOM}/restore", endpoint="review_restore")(restore)
    add_history(routes)


@writer
def publish(revision: int) -> Answer:
    """Show what a revision changes, what the checks say, and letters made of it."""
    return _page(revision)


@publisher
def publish_it(revision: int) -> Answer:
    """Make a revision what citizens meet."""

    def act(session: Session, row: Revision, by: Account) -> str:
        word = request.form.get("word", "").strip()
        publishing.publish(session, _asked(session, row), by=by, now=services().now(), word=word)
        return _spoken(LIVE, number=row.number)

    return _done(revision, act, to="history")


@writer
def ask(revision: int) -> Answer:
    """Ask a second person to publish a revision."""

    def act(session: Session, row: Revision, by: Account) -> str:
        publishing.ask(session, row, by=by, now=services().now())
        return _spoken(ASKED, number=row.number)

    return _done(revision, act)


@writer
def withdraw(revision: int) -> Answer:
    """Take a request back."""

    def act(session: Session, row: Revision, by: Account) -> str:
        publishing.withdraw(session, _asked(session, row), by=by, now=services().now())
        return _spoken(TAKEN_BACK, number=row.number)

    return _done(revision, act)


@publisher
def send_back(revision: int) -> Answer:
    """Return a revision to whoever wrote it, with a word."""
    word = request.form.get("word", "").strip()
    if not word:
        return _page(revision, wordless=True)

    def act(session: Session, row: Revision, by: Account) -> str:
        publishing.send_back(session, _asked(session, row), by=by, now=services().now(), word=word)
        return _spoken(RETURNED, number=row.number)

    return _done(revision, act)


@writer
def restore(revision: int) -> Answer:
    """Make a new revision with the words of an old one, and show what it would change."""
    with immediate(services().sessions) as session:
        row = _row(session, revision)
        made = publishing.restore(session, row, by=_me(session), now=services().now())
        number, old, there = made.number, row.number, made.id
    flash(_spoken(RESTORED, number=number, old=old))
    return redirect(url_for("staff.review", revision=there), 303)


def _done(revision: int, act: Act, *, to: str = "publish") -> Answer:
    """Do what a button asks and say so; where it may not be, show the page with the reason."""
    try:
        with immediate(services().sessions) as session:
            library.wait_for_turn(session)
            row = _row(session, revision)
            said = act(session, row, _me(session))
            campaign, document = row.document.campaign.name, row.document.name
    except NotAllowed as refused:
        return _page(revision, refused=refused)
    flash(said)
    if to == "history":
        return redirect(url_for("staff.history", campaign=campaign, document=document), 303)
    return redirect(url_for("staff.review", revision=revision), 303)


def _page(revision: int, *, refused: NotAllowed | None = None, wordless: bool = False) -> Answer:
    with services().sessions() as session:
        row = _row(session, revision)
        page = told(session, row, staff(), asked=request.args)
        language = current_language()
        named = document_name(page["folder"], row.document.name, language)
        shown = render_template(
            "staff/publish.html",
            **page,
            named=named,
            refused=refused.wording.spoken(language) if refused else "",
            wordless=wordless,
            word=request.form.get("word", ""),
        )
    return (shown, 422) if refused or wordless else shown


def _row(session: Session, revision: int) -> Revision:
    row = session.get(Revision, revision) if revision < 2**31 else None
    if row is None:
        abort(404)
    return row


def _me(session: Session) -> Account:
    return session.get_one(Account, staff().id)


def _asked(session: Session, row: Revision) -> Proposal:
    """Give what was asked for this revision; 404 where nothing was."""
    proposal = publishing.proposal_of(session, row)
    if proposal is None:
        abort(404)
    return proposal


def _spoken(wording: Wording, **numbers: int) -> str:
    return wording.spoken(current_language()).format(**numbers)
