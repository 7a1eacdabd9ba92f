"""What is known of all letters together: by day, language, letter, province and riding, and of no one letter."""

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Iterator
from functools import partial

from flask import Blueprint, Response, abort, current_app, redirect, render_template, url_for
from flask.blueprints import BlueprintSetupState
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answered

from advocacy.campaigns.opened import OpenCampaign
from advocacy.database import immediate
from advocacy.exports.merge.rejected import neutral
from advocacy.language import Language, speak_number
from advocacy.staff import audit
from advocacy.staff.audit import Act
from advocacy.staff.insights import Portrait, last_finished, portrait
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import staff, writer
from advocacy.web.staff.insight_tables import counted, hexes, labels, lines, places, runs

KEPT = "advocacy-portraits"
MOST_KEPT = 16


def add_insight(routes: Blueprint) -> None:
    """Make the routes."""
    routes.record_once(_keep)
    routes.get("/results", endpoint="all_results")(insight)
    routes.get("/campaigns/<campaign>/results", endpoint="results")(insight_of)
    routes.post("/campaigns/<campaign>/results/csv", endpoint="results_csv")(take_along)


@writer
def insight() -> Answered | str:
    """Lead to a campaign's figures; where there are several, to the first."""
    campaigns = services().campaigns()
    if not campaigns:
        return render_template("staff/insight_empty.html")
    return redirect(url_for("staff.results", campaign=campaigns[0].name), 303)


@writer
def insight_of(campaign: str) -> str:
    """Show a campaign's figures."""
    found, language = _named(campaign), current_language()
    with services().sessions() as session:
        made, provinces = _portrait(session, campaign), places(session, language)
    return render_template(
        "staff/insight.html",
        campaigns=[(one.name, one.file.name.spoken(language)) for one in services().campaigns()],
        shown=campaign,
        made=made,
        total=speak_number(made.total, language),
        until=made.runs[-1].last if made.runs else None,
        runs=runs(made),
        languages=counted(made.languages, {one.value: _LANGUAGES[one][language] for one in Language}),
        letters=counted(made.templates, _titles(found, language)),
        provinces=provinces,
        hexes=hexes(made, provinces),
        labels=labels(provinces),
        spoken=partial(speak_number, language=language),
    )


@writer
def take_along(campaign: str) -> Answered:
    """Hand out the same figures as a file, and nothing more."""
    found, language = _named(campaign), current_language()
    with services().sessions() as session:
        made, provinces = _portrait(session, campaign), places(session, language)
    with immediate(services().sessions) as session:
        audit.write(session, Act.INSIGHT_EXPORTED, f"campaign:{campaign}", by=staff().id, now=services().now())
    written = _file(lines(made, _titles(found, language), provinces, language=language))
    answer = Response(written, mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=f"insight-{campaign}.csv")
    return answer


_LANGUAGES = {
    Language.EN: {Language.EN: "English", Language.FR: "Anglais"},
    Language.FR: {Language.EN: "French", Language.FR: "Français"},
}


def _keep(state: BlueprintSetupState) -> None:
    state.app.extensions[KEPT] = {}


def _named(name: str) -> OpenCampaign:
    found = services().campaign(name)
    if found is None:
        abort(404)
    return found


def _portrait(session: Session, campaign: str) -> Portrait:
    """Reckon a campaign's figures once a day: those of a finished day do not change."""
    kept, through = current_app.extensions[KEPT], last_finished(services().now())
    if (campaign, through) not in kept:
        made = portrait(session, campaign, through=through)
        while len(kept) >= MOST_KEPT:
            kept.pop(next(iter(kept)), None)
        kept[campaign, through] = made
        return made
    found: Portrait = kept[campaign, through]
    return found


def _titles(campaign: OpenCampaign, language: Language) -> dict[str, str]:
    return {one.path: one.letter.title.spoken(language) for one in campaign.letters.values()}


def _file(rows: Iterator[tuple[str, ...]]) -> bytes:
    """Write rows as a spreadsheet program reads them; no cell is taken for a formula."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([neutral(cell) for cell in row] for row in rows)
    return BOM_UTF8 + text.getvalue().encode()
