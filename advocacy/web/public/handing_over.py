"""The press that has letters sent: it stores them, or says what is missing; the page after it knows nobody."""

import math

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for

from advocacy.delivery.holds import held
from advocacy.language import Language
from advocacy.letters.caps import MAILS_A_DAY, TooMany
from advocacy.letters.moments import speak_moment
from advocacy.web.public import pages, sending
from advocacy.web.public.lettered import Answer, reviewed, with_letters
from advocacy.web.public.review import ReviewedLetter
from advocacy.web.public.sitting import Sitting
from advocacy.web.security import form_page
from advocacy.web.services import current_campaign, services


def add_sending(routes: Blueprint) -> None:
    """Make the routes."""
    routes.post("/<campaign>/send")(send)
    routes.get("/<campaign>/sent")(sent)


@form_page
def send(language: Language, **_: object) -> Answer:
    """Store the letters until their writer confirms; what is missing is asked for on the page of review."""
    return with_letters(language, _stored)


@form_page
def sent(**_: object) -> Answer:
    """Say that a mail is on its way, the same for everyone: this page knows nobody."""
    if current_campaign() is None:
        abort(404)
    site = services()
    with site.sessions() as session:
        paused = held(session) is not None
    return render_template(
        "public/sent.html",
        hours=site.settings.unconfirmed_hours,
        rehearses=sending.rehearsing(),
        paused=paused,
        mails_a_day=MAILS_A_DAY,
    )


def _stored(sitting: Sitting, letters: list[ReviewedLetter]) -> Answer:
    if sitting.draft.text("go") == "switch":  # this page in the other language, which asks for nothing to be sent
        return reviewed(sitting, letters, refusing=False)
    wanted = sending.wanted(sitting, letters)
    missing = sending.missing(sitting, wanted)
    if missing or not all(one.ready for one in wanted):
        return reviewed(sitting, letters, refusing=True, missing=missing)
    try:
        sending.store(sitting, wanted, network=request.remote_addr or "")
    except TooMany as full:
        return _full(sitting, letters, full)
    return redirect(url_for("public.sent", **(request.view_args or {})), 303)


def _full(sitting: Sitting, letters: list[ReviewedLetter], full: TooMany) -> Answer:
    until = speak_moment(full.until, sitting.desk.language)
    page = make_response(render_template("public/review.html", **pages.review(sitting, letters, full_until=until)), 429)
    page.headers["Retry-After"] = str(math.ceil((full.until - services().now()).total_seconds()))
    return page
