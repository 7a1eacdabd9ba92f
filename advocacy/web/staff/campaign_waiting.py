"""All that waits in a campaign, seen together, asked for together, and published together by a second person."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from advocacy.campaigns.library import wait_for_turn
from advocacy.database import immediate
from advocacy.language import day_of
from advocacy.staff import rules, together
from advocacy.staff.breaking import breaking, out_of_season
from advocacy.staff.campaign_files import Held
from advocacy.staff.differences import differences
from advocacy.staff.models import Account
from advocacy.staff.standing import NotAllowed
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import publisher, staff, writer
from advocacy.web.staff.advice_notes import folder_notes
from advocacy.web.staff.bill import bills_of
from advocacy.web.staff.campaign_notes import notes
from advocacy.web.staff.campaign_page import of_name
from advocacy.web.staff.letter_titles import name_of, titles_of
from advocacy.web.staff.sample_sheets import kinds, showing, titles

Answer = Response | str | tuple[str, int]
MOST_SHOWN = 8
"""How many letters one page shows as they would leave; the others are one click away."""


def add_campaign_waiting(routes: Blueprint) -> None:
    """Make the routes."""
    routes.get("/campaigns/<campaign>/publish", endpoint="campaign_publish")(waiting)
    routes.post("/campaigns/<campaign>/ask", endpoint="campaign_ask")(ask)
    routes.post("/campaigns/<campaign>/withdraw", endpoint="campaign_withdraw")(withdraw)
    routes.post("/campaigns/<campaign>/publish", endpoint="campaign_published")(publish)


@writer
def waiting(campaign: str) -> str:
    """Show what waits, beside what is live."""
    with services().sessions() as session:
        return _page(session, of_name(session, campaign))


@writer
def ask(campaign: str) -> Answer:
    """Ask somebody else to publish all of it."""
    site = services()
    try:
        with immediate(site.sessions) as session:
            by = _in_turn(session)
            held = of_name(session, campaign)
            number = together.ask(session, held, by=by, now=site.now())
            rest = len(together.unasked(session, held))
    except NotAllowed as refused:
        return _refused(campaign, refused)
    flash(
        ngettext("Publication of %(num)d document requested.", "Publication of %(num)d documents requested.", number)
        if number
        else _("Publication was already requested.")
    )
    if rest:
        flash(
            ngettext(
                "%(num)d document was left out: only someone who wrote part of it can ask for publication.",
                "%(num)d documents were left out: only someone who wrote part of each can ask for publication.",
                rest,
            )
        )
    return redirect(url_for("staff.campaign_settings", campaign=campaign), 303)


@writer
def withdraw(campaign: str) -> Response:
    """Take back what was asked for."""
    site = services()
    with immediate(site.sessions) as session:
        by = _in_turn(session)
        number = together.withdraw(session, of_name(session, campaign), by=by, now=site.now())
    if number:
        flash(_("Request withdrawn. The text hasn’t changed."))
    else:
        flash(_("Nothing was changed."))
    return redirect(url_for("staff.campaign_publish", campaign=campaign), 303)


@publisher
def publish(campaign: str) -> Answer:
    """Publish all of it at once, where it is still what was shown."""
    shown = frozenset(
        int(one) for one in request.form.getlist("revision") if one.isascii() and one.isdigit() and len(one) < 10
    )
    if not shown:
        abort(422)
    site = services()
    try:
        with immediate(site.sessions) as session:
            by = _in_turn(session)
            of_name(session, campaign)
            done = together.publish(session, campaign, shown, by=by, now=site.now())
    except NotAllowed as refused:
        if refused.wording is together.NOTHING:  # the second press of the same button
            return redirect(url_for("staff.campaign_settings", campaign=campaign), 303)
        return _refused(campaign, refused)
    flash(ngettext("%(num)d document is published.", "%(num)d documents are published.", len(done)))
    return redirect(url_for("staff.campaign_settings", campaign=campaign), 303)


def _in_turn(session: Session) -> Account:
    """Wait for one's turn, and give the account of whoever asks as it stands then: a role may end meanwhile."""
    wait_for_turn(session)
    return session.get_one(Account, staff().id)


def _refused(name: str, refused: NotAllowed) -> Answer:
    with services().sessions() as session:
        return _page(session, of_name(session, name), refused), 422


def _page(session: Session, kept: Held, refused: NotAllowed | None = None) -> str:
    language = current_language()
    asked = together.asked(session, kept)
    documents = [
        {
            "name": one.name,
            "kept": one,
            "asked": one.newest.id in asked,
            "writers": together.writers(session, one),
            "new": one.live is None,
            "rows": [row for row in differences(kept.published(), kept.newest(), one.name) if row.changed],
        }
        for one in together.waiting(kept)
    ]
    why_not = together.refusal(session, kept, by=staff().account)
    old, new = kept.published(), kept.newest()
    ends = out_of_season(old, new, today=day_of(services().now()))
    return render_template(
        "staff/campaign_waiting.html",
        held=kept,
        bills=bills_of(session, kept.name),
        called=name_of(new, language),
        titles=titles_of(session, [one.newest.id for one in together.waiting(kept)], language),
        documents=documents,
        notes=notes(kept, language),
        advice=folder_notes(new, [one.name for one in together.waiting(kept)], language),
        ends=[(first.spoken(language), more.spoken(language)) for first, more in ends],
        breaking=[one.spoken(language) for one in breaking(old, new)],
        **_samples(session, kept),
        refused=refused.wording.spoken(language) if refused else "",
        why_not=why_not.wording.spoken(language) if why_not else "",
        may_ask=why_not is not None
        and why_not.wording is together.UNASKED
        and together.may_ask(session, kept, staff().account),
        may_withdraw=bool(together.withdrawable(session, kept, staff().account)),
        alone=rules.alone(session, kept.name),
    )


def _samples(session: Session, kept: Held) -> Mapping[str, Any]:
    """Show the letters that wait, or the one that was asked for; another file that waits may change any of them."""
    language, folder, waiting = current_language(), kept.newest(), together.waiting(kept)
    new = [one.name for one in waiting if one.is_letter]
    known = titles(folder, language)
    told = [(name, title) for name, title in known if name in new or len(new) < len(waiting)]
    wanted = request.args.get("letter", "")
    chosen = wanted if wanted in dict(told) else ""
    names: Sequence[str] = [chosen] if chosen else new[:MOST_SHOWN] or list(dict(told))[:1]
    return {
        "showing": showing(session, folder, names, asked=request.args, language=language),
        "kinds": kinds(language),
        "letters": told,
        "letter": chosen,
    }
