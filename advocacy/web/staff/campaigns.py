"""The campaigns of the site: what is open, what is being prepared, and a new one made from another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from advocacy.campaigns.campaign import CampaignFile, Season, season
from advocacy.database import immediate
from advocacy.language import Language, Wording, day_of
from advocacy.staff.campaign_files import Held, copy, held, name_refused, names
from advocacy.staff.campaign_text import MISSING, MOST, TOO_LONG, cleaned
from advocacy.toml_source import TomlProblems
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import staff, writer
from advocacy.web.staff.campaign_archives import add_campaign_archives
from advocacy.web.staff.campaign_page import add_campaign_page

Answer = Response | str | tuple[str, int]


def add_campaigns(routes: Blueprint) -> None:
    """Make the routes."""
    routes.get("/campaigns", endpoint="campaigns")(campaigns)
    routes.route("/campaigns/new", methods=["GET", "POST"], endpoint="campaign_new")(new)
    add_campaign_archives(routes)
    add_campaign_page(routes)


@dataclass(frozen=True, slots=True)
class Line:
    """One campaign of the list: `file` is None where it cannot be read, `season` None while citizens meet nothing.

    `written` is the day on which something of it was last written.
    """

    name: str
    file: CampaignFile | None
    season: Season | None
    letters: int
    waiting: int
    written: date


@writer
def campaigns() -> str:
    """List every campaign with where it stands."""
    site = services()
    today = day_of(site.now())
    with site.sessions() as session:
        lines = [_line(one, today) for one in held(session).values()]
    return render_template("staff/campaigns.html", lines=lines)


@writer
def new() -> Answer:
    """Make a campaign from a copy of another; nobody meets it before it is published."""
    site = services()
    if request.method == "GET":
        with site.sessions() as session:
            return _new_page(session, {}, {})
    typed = {name: request.form.get(name, "") for name in ("name", "source")} | cleaned(request.form)
    with immediate(site.sessions) as session:
        wrong = _wrong(session, typed)
        if wrong:
            return _new_page(session, typed, wrong), 422
        titles = Wording({str(language): typed[f"name-{language}"] for language in Language})
        source = held(session, typed["source"])[typed["source"]]
        copy(session, source, typed["name"], titles=titles, by=staff().account, now=site.now())
    flash(_("Campaign created. The public won’t see it until you publish."))
    return redirect(url_for("staff.campaign_settings", campaign=typed["name"]), 303)


def _new_page(session: Session, typed: Mapping[str, str], wrong: Mapping[str, Wording]) -> str:
    language = current_language()
    files = {name: _file(campaign) for name, campaign in held(session).items()}
    return render_template(
        "staff/campaign_new.html",
        sources={name: file.name.spoken(language) if file else "" for name, file in files.items()},
        typed=typed,
        wrong={name: [one.spoken(language)] for name, one in wrong.items()},
    )


def _wrong(session: Session, typed: Mapping[str, str]) -> Mapping[str, Wording]:
    """Say by its field what keeps a campaign from being made."""
    taken = names(session)
    if typed["source"] not in taken:
        abort(422)
    wrong = {"name": name_refused(typed["name"], taken)}
    for name in (f"name-{language}" for language in Language):
        wrong[name] = MISSING if not typed[name] else TOO_LONG if len(typed[name]) > MOST else None
    return {name: one for name, one in wrong.items() if one is not None}


def _line(campaign: Held, today: date) -> Line:
    file = _file(campaign)
    letters = sum(kept.is_letter and kept.live is not None for kept in campaign.documents.values())
    when = season(file, today) if file and campaign.live else None
    written = day_of(max(kept.newest.made_at for kept in campaign.documents.values()))
    return Line(campaign.name, file, when, letters, len(campaign.waiting), written)


def _file(campaign: Held) -> CampaignFile | None:
    try:
        return campaign.best().campaign()
    except TomlProblems:
        return None
