"""A letter leaves, or is erased, by one press of its writer's; opening the link from the mail does neither."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from advocacy.database import immediate
from advocacy.language import Language, Wording
from advocacy.legislators.directory import to_recipient
from advocacy.legislators.models import Legislator
from advocacy.legislators.recipient_words import place_of, role_of
from advocacy.letters.confirm import Waiting, WaitingLetter, WaitingSubmission, confirm, look, withdraw
from advocacy.letters.moments import speak_moment
from advocacy.web.locale import switch
from advocacy.web.public.people import VACANT
from advocacy.web.public.sending import rehearsing
from advocacy.web.security import secret_page
from advocacy.web.services import services

Answer = Response | str | tuple[str, int]
GONE = 410
SEND, DELETE = "send", "delete"
SIGNED = Wording.of(en="Signed “{name}”, written on {moment}.", fr="Signature «\u00a0{name}\u00a0», le {moment}.")


def add_confirming(routes: Blueprint) -> None:
    """Make the routes."""
    routes.get("/confirm/<token>", endpoint="confirm")(asked)
    routes.post("/confirm/<token>", endpoint="confirmed")(answered)


@secret_page
def asked(language: Language, token: str) -> Answer:
    """Ask whether what waits is to be sent; nothing is changed by it."""
    site = services()
    with site.sessions() as session:
        waiting = look(session, token, keys=site.keys, now=site.now())
        if waiting is None:
            return gone()
        rows = {one.legislator_id: session.get_one(Legislator, one.legislator_id) for one in waiting.letters}
    return render_template(
        "public/confirm.html",
        waiting=waiting,
        recipients=waiting.letters,
        submissions=[
            {
                "id": one.id,
                "signed": signed(one, language),
                "recipients": [shown(letter, rows[letter.legislator_id], language) for letter in one.letters],
            }
            for one in waiting.submissions
        ],
        rehearses=rehearsing(),
        **of_campaign(waiting.campaign),
    )


@secret_page
def answered(language: Language, token: str) -> Answer:
    """Send what waits, without what was left out, or erase it; leaving everything out sends and erases nothing."""
    act = request.form.get("act", "")
    if act == DELETE:
        return deleted(confirmed=False) if _withdrawn(token) else gone()
    if act != SEND:
        abort(400)
    site = services()
    now, per_hour = site.now(), site.settings.recipient_per_hour
    with immediate(site.sessions) as session:
        only = chosen(look(session, token, keys=site.keys, now=now))
        if only is not None and not only:
            return redirect(request.path, 303)
        receipt = confirm(session, token, keys=site.keys, now=now, per_hour=per_hour, only=only)
    if receipt is None:
        return gone()
    site.ring()
    return redirect(url_for("public.receipt", language=language, token=receipt), 303)


def chosen(waiting: Waiting | None) -> frozenset[str] | None:
    """Give the forms that were left ticked; None where there was nothing to choose."""
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


def deleted(*, confirmed: bool) -> Answer:
    """Tell that everything is erased; what was `confirmed` may have left before."""
    return render_template("public/deleted.html", left=confirmed, campaigns=services().campaigns())


def of_campaign(name: str) -> dict[str, Any]:
    """Give a page whose address names no campaign what it shows of one; its other language is another address."""
    found = services().campaign(name)
    return {
        "campaign": found.file if found else None,
        "campaign_name": name if found else None,
        "switch": {**switch(), "post": False},
    }


def shown(letter: WaitingLetter, row: Legislator, language: Language) -> dict[str, Any]:
    """Name whom a letter goes to, in the reader's language."""
    recipient = to_recipient(row)
    return {
        "name": row.name or VACANT.spoken(language),
        "role": role_of(recipient, language),
        "place": place_of(recipient, language),
        "language": letter.language,
    }


def signed(submission: WaitingSubmission, language: Language) -> str:
    """Tell under which name a form was sent in, and when."""
    return SIGNED.spoken(language).format(name=submission.name, moment=speak_moment(submission.created_at, language))


def _withdrawn(token: str) -> bool:
    site = services()
    with immediate(site.sessions) as session:
        return withdraw(session, token, keys=site.keys, now=site.now(), outgoing=site.outgoing)
