"""Sending as managers watch it: where letters stand, what needs a person, and one letter's way."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from advocacy.database import immediate
from advocacy.delivery.deciding import NotPossible
from advocacy.delivery.states import State
from advocacy.exports.text import to_text
from advocacy.staff import deliveries as sending
from advocacy.staff.deliveries import Choice, Delivery
from advocacy.web.services import services
from advocacy.web.settled import forget_settled
from advocacy.web.staff.access import manager, staff
from advocacy.web.staff.delivery_pages import MOST, shown, watched

Answer = Response | str | tuple[str, int]
ONE = "<int(max=9223372036854775807):number>"
"""No database counts further."""


def add_deliveries(routes: Blueprint) -> None:
    """Make the routes."""
    routes.get("/deliveries", endpoint="deliveries")(watch)
    routes.post("/deliveries/pause", endpoint="deliveries_paused")(pause)
    routes.post("/deliveries/resume", endpoint="deliveries_resumed")(resume)
    routes.get(f"/deliveries/{ONE}", endpoint="delivery")(one)
    routes.post(f"/deliveries/{ONE}", endpoint="delivery_decided")(decide)
    routes.post(f"/deliveries/{ONE}/text", endpoint="delivery_text")(text)


@manager
def watch() -> str:
    """Show where letters stand, and what needs a person."""
    return watched({})


@manager
def pause() -> Answer:
    """Let nothing leave until somebody resumes."""
    reason = _reason()
    if not reason:
        return watched({"reason": gettext("Give a short reason, with nothing about the person who wrote.")}), 422
    with immediate(services().sessions) as session:
        paused = sending.pause(session, reason=reason, by=staff().id, now=services().now())
    flash(
        gettext("Sending is paused. Letters wait, and nothing is lost.")
        if paused
        else gettext("Sending was paused already.")
    )
    return redirect(url_for("staff.deliveries"), 303)


@manager
def resume() -> Response:
    """Let messages leave again."""
    site = services()
    with immediate(site.sessions) as session:
        per_hour = site.settings.recipient_per_hour
        resumed = sending.resume(session, by=staff().id, now=site.now(), per_hour=per_hour)
    site.ring()
    flash(gettext("Sending has resumed, in the order planned.") if resumed else gettext("Sending was not paused."))
    return redirect(url_for("staff.deliveries"), 303)


@manager
def one(number: int) -> str:
    """Show one letter's way, and what may be decided of it; never its words."""
    with services().sessions() as session:
        delivery = _found(sending.find(session, number))
    return shown(delivery)


@manager
def decide(number: int) -> Response:
    """Carry out what was decided of one letter, once."""
    site, chosen = services(), request.form.get("act", "")
    if chosen not in set(Choice):
        abort(400)
    seen = request.form.get("seen", 0, type=int)
    try:
        with immediate(site.sessions) as session:
            _found(sending.find(session, number))
            decided = sending.decide(session, number, Choice(chosen), seen=seen, by=staff().id, now=site.now())
            if decided.state is not State.READY:
                site.told(session, [(decided, decided.state)], site.now())
    except NotPossible:
        flash(gettext("Not done: its status changed after you opened this page. This is the current one."))
    else:
        forget_settled()
        site.ring()
        flash(_done(Choice(chosen)))
    return redirect(url_for("staff.delivery", number=number), 303)


@manager
def text(number: int) -> Answer:
    """Show a letter's words once, for a reason that stays in the journal."""
    site, reason = services(), _reason()
    with immediate(site.sessions) as session:
        delivery = _found(sending.find(session, number))
        if not delivery.has_text:
            abort(404)
        if not reason:
            return shown(delivery, {"reason": gettext("Give a short reason for reading it.")}), 422
        try:
            letter = sending.open_text(session, delivery, keys=site.keys, reason=reason, by=staff().id, now=site.now())
        except sending.Unreadable:
            return shown(delivery, unreadable=True)
    return render_template("staff/delivery_text.html", number=number, words=to_text(letter), spoken=letter.language)


def _found(delivery: Delivery | None) -> Delivery:
    if delivery is None:
        abort(404)
    return delivery


def _reason() -> str:
    return " ".join(request.form.get("reason", "").split())[:MOST]


def _done(chosen: Choice) -> str:
    said: dict[Choice, str] = {
        Choice.RETRY: gettext("It will be sent again."),
        Choice.CANCEL: gettext("Cancelled: it will not be sent from here."),
        Choice.MARK_SENT: gettext("Marked as sent."),
    }
    return said[chosen]
