"""A letter leaves, or is erased, by one press of its writer's; opening the link from the mail does neither."""

from collections.abc import Collection
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from advocacy.database import immediate
from advocacy.language import Language
from advocacy.legislators.directory import to_recipient
from advocacy.legislators.models import Legislator
from advocacy.legislators.recipient_words import place_of, role_of
from advocacy.letters.confirm import Waiting, WaitingSubmission, confirm, look, withdraw
from advocacy.letters.models import StoredLetter, Submission
from advocacy.web.locale import switch
from advocacy.web.public.recipients import VACANT_SEAT
from advocacy.web.public.sending import rehearsing
from advocacy.web.public.told_apart import missing, signed
from advocacy.web.security import secret_page
from advocacy.web.services import services

Answer = Response | str | tuple[str, int]
GONE, UNSENT = 410, 422
SEND, DELETE = "send", "delete"


def add_confirming(routes: Blueprint) -> None:
    """Make the routes."""
    routes.get("/confirm/<token>", endpoint="confirm")(asked)
    routes.post("/confirm/<token>", endpoint="confirmed")(answered)


@secret_page
def asked(language: Language, token: str) -> Answer:
    """Ask whether what waits is to be sent; nothing is changed by it."""
    return asking(language, token)


@secret_page
def answered(language: Language, token: str) -> Answer:
    """Send what waits, without what was left out, or erase it; a choice that cannot be carried out changes nothing."""
    act = request.form.get("act", "")
    if act == DELETE:
        return _withdrawn(token)
    if act != SEND:
        abort(400)
    site = services()
    now, per_hour = site.now(), site.settings.recipient_per_hour
    with immediate(site.sessions) as session:
        waiting = look(session, token, keys=site.keys, now=now)
        only = chosen(waiting)
        wrong = missing(waiting, only, language) if waiting and only is not None else ""
        receipt = None if wrong else confirm(session, token, keys=site.keys, now=now, per_hour=per_hour, only=only)
    if wrong:
        return asking(language, token, ticked=only or (), wrong=wrong)
    if receipt is None:
        return gone()
    site.ring()
    return redirect(url_for("public.receipt", language=language, token=receipt), 303)


def asking(language: Language, token: str, *, ticked: Collection[str] = (), wrong: str = "") -> Answer:
    """Give the page that asks; once more, with what is `wrong` and what was `ticked`, where that cannot be sent."""
    site = services()
    with site.sessions() as session:
        waiting = look(session, token, keys=site.keys, now=site.now())
        if waiting is None:
            return gone()
        told = zip(waiting.submissions, signed(waiting.submissions, language), strict=True)
        submissions = [
            {"id": one.id, "signed": words, "ticked": one.id in ticked, "recipients": shown(session, one, language)}
            for one, words in told
        ]
    page = render_template(
        "public/confirm.html",
        waiting=waiting,
        recipients=waiting.letters,
        submissions=submissions,
        wrong=wrong,
        rehearses=rehearsing(),
        **of_campaign(waiting.campaign),
    )
    return (page, UNSENT) if wrong else page


def chosen(waiting: Waiting | None) -> frozenset[str] | None:
    """Give the forms that were ticked; None where there was nothing to choose."""
    if waiting is None or len(waiting.submissions) == 1:
        return None
    return frozenset(request.form.getlist("submission")) & {one.id for one in waiting.submissions}


def gone() -> Answer:
    """Tell that a link has served already or no longer does, the same whatever was the matter with it."""
    settings = services().settings
    return (
        render_template(
            "public/gone.html",
            hours=settings.unconfirmed_hours,
            days=settings.retention_days,
            campaigns=services().campaigns(),
        ),
        GONE,
    )


def deleted(*, confirmed: bool, spared: bool = False) -> Answer:
    """Tell that everything is erased; what was `confirmed` may have left before. `spared`: no more mail goes there."""
    return render_template("public/deleted.html", left=confirmed, spared=spared, campaigns=services().campaigns())


def of_campaign(name: str) -> dict[str, Any]:
    """Give a page whose address names no campaign what it shows of one; its other language is another address."""
    found = services().campaign(name)
    return {
        "campaign": found.file if found else None,
        "campaign_name": name if found else None,
        "switch": {**switch(), "post": False},
    }


def shown(session: Session, submission: WaitingSubmission, language: Language) -> list[dict[str, Any]]:
    """Name whom a form's letters go to and what they are called, in the reader's language."""
    letters = session.get_one(Submission, submission.id).letters
    return [_shown(letter, session.get_one(Legislator, letter.legislator_id), language) for letter in letters]


def _shown(letter: StoredLetter, row: Legislator, language: Language) -> dict[str, Any]:
    recipient = to_recipient(row)
    return {
        "name": row.name or VACANT_SEAT.in_language(language),
        "role": role_of(recipient, language),
        "place": place_of(recipient, language),
        "language": letter.language,
        "title": _title(letter, language),
    }


def _title(letter: StoredLetter, language: Language) -> str:
    """Name a letter by its template's title; "" where that is published no longer."""
    campaign = services().campaign(letter.campaign)
    template = campaign.letters.get(letter.template.rpartition("/")[2]) if campaign else None
    return template.letter.title.spoken(language) if template else ""


def _withdrawn(token: str) -> Answer:
    site = services()
    with immediate(site.sessions) as session:
        withdrawn = withdraw(session, token, keys=site.keys, now=site.now(), outgoing=site.outgoing)
    return deleted(confirmed=withdrawn.left, spared=True) if withdrawn else gone()
