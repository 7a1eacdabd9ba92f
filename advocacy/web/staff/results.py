"""The results of a campaign: lines over time, a goal, a funnel, a map, tables, a file and a weekly mail.

The same masked figures in each; nothing of any one letter.
"""

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer
from wtforms import BooleanField

from advocacy.campaigns.models import Campaign
from advocacy.campaigns.opened import OpenCampaign
from advocacy.database import immediate
from advocacy.exports.merge.rejected import neutral
from advocacy.language import Language, fold, speak_number
from advocacy.legislators.hexes import Hexagon, hexagons
from advocacy.legislators.models import Chamber, Riding
from advocacy.legislators.province import Province
from advocacy.letters.models import AUDIENCES, MINISTERS, OTHERS
from advocacy.letters.results import (
    CAME_BACK,
    DELIVERED,
    ELSEWHERE,
    HANDED_OVER,
    Figures,
    alternatives,
    figures,
    last_finished,
)
from advocacy.letters.small_count_masking import Table
from advocacy.staff import audit, results_mail
from advocacy.staff.audit import Act
from advocacy.staff.roles import Role
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import current_account, requires
from advocacy.web.staff.blueprint import bp
from advocacy.web.staff.forms import StaffForm

CACHE = "advocacy-figures"
MAX_CACHED = 16
SHADES = 3
LABEL_DISTANCE = 1.9
"""How far a label keeps from hexagons of another province."""
LANGUAGES = {Language.EN: lazy_gettext("English"), Language.FR: lazy_gettext("French")}
TO_WHOM = {
    AUDIENCES[Chamber.SENATE]: lazy_gettext("Senators"),
    MINISTERS: lazy_gettext("Ministers"),
    AUDIENCES[Chamber.COMMONS]: lazy_gettext("Other members of the House of Commons"),
    OTHERS: lazy_gettext("Others"),
    "": lazy_gettext("Not known"),
}
Rows = Sequence[tuple[str, int | None]]


class WeeklyMailForm(StaffForm):
    """Whether whoever looks gets the results by mail."""

    weekly = BooleanField(lazy_gettext("E-mail me these results every Monday morning"))


class DownloadForm(StaffForm):
    """One button."""


@dataclass(frozen=True, slots=True)
class Place:
    """A province with its ridings, as (code, name), by name."""

    code: str
    name: str
    ridings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ShadedRiding:
    """One hexagon of the map: where it lies, its shade from 0 to 3, what it stands for and its letters."""

    at: Hexagon
    shade: int
    name: str
    province: str
    letters: int | None


@dataclass(frozen=True, slots=True)
class Chart:
    """The runs of days as shapes in a box of 1000 by 100: a bar each, and the line of their sum."""

    bars: Sequence[tuple[float, float, float]]
    """Where each bar begins, how wide and how high it is."""
    line: str
    highest_per_day: int
    top: int
    """What the line's box is high."""
    goal: float | None
    """How high the goal's line lies."""


@bp.record_once
def _make_cache(state: BlueprintSetupState) -> None:
    state.app.extensions[CACHE] = {}


@bp.route("/campaigns/<campaign>/results", methods=["GET", "POST"])
@requires(Role.WRITER)
def results(campaign: str) -> Answer | str:
    """Show a campaign's results, one province's ridings where it is chosen; keep who wants them by mail."""
    found, language, form = services().campaign(campaign), current_language(), WeeklyMailForm()
    with services().sessions() as session:
        if found is None and session.scalar(select(Campaign.id).where(Campaign.name == campaign)) is None:
            abort(404)
    if form.validate_on_submit():
        with immediate(services().sessions) as session:
            wanted = bool(form.weekly.data)
            results_mail.subscribe(session, current_account().id, campaign, wanted=wanted, now=services().now())
        flash(_("You will get these results every Monday.") if wanted else _("You will not get these results by mail."))
        return redirect(url_for("staff.results", campaign=campaign), 303)
    with services().sessions() as session:
        made, provinces = cached_figures(session, campaign), places(session, language)
        said = alternatives(session, campaign)
        form.weekly.data = results_mail.subscribed(session, current_account().id, campaign)
    goal = found.file.goal if found else None
    titles = _titles(found, language) if found else {}
    shaded, steps = shade(made, provinces)
    chosen = request.args.get("province", "")
    return render_template(
        "staff/results.html",
        shown=campaign,
        made=made,
        until=made.runs[-1].last if made.runs else None,
        goal=goal,
        chart=_chart(made, goal.letters if goal else None),
        funnel=_funnel(made),
        languages=counted(made.languages, {one.value: str(name) for one, name in LANGUAGES.items()}),
        letters=counted(made.templates, titles),
        audiences=_audiences(made),
        others_rest=made.ridings[ELSEWHERE].rest if ELSEWHERE in made.ridings else 0,
        provinces=provinces,
        chosen=next((one for one in provinces if one.code == chosen), None),
        shaded=shaded,
        steps=steps,
        labels=labels(provinces),
        balance=_balance(said, titles),
        number=partial(speak_number, language=language),
        form=form,
        download=DownloadForm(),
    )


@bp.post("/campaigns/<campaign>/results/csv")
@requires(Role.WRITER)
def results_csv(campaign: str) -> Answer:
    """Hand out the same figures as a file, and nothing more."""
    found, language = services().campaign(campaign), current_language()
    if found is None:
        abort(404)
    if not DownloadForm().validate_on_submit():
        abort(400)
    with services().sessions() as session:
        made, provinces = cached_figures(session, campaign), places(session, language)
    with immediate(services().sessions) as session:
        now = services().now()
        audit.write(session, Act.INSIGHT_EXPORTED, f"campaign:{campaign}", by=current_account().id, now=now)
    return csv_answer(_lines(made, _titles(found, language), provinces), f"results-{campaign}.csv")


def csv_answer(rows: Iterator[Sequence[str]], name: str) -> Response:
    """Return rows as spreadsheet programs read them; no cell is taken for a formula."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([neutral(cell) for cell in row] for row in rows)
    answer = Response(BOM_UTF8 + text.getvalue().encode(), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def cached_figures(session: Session, campaign: str) -> Figures:
    """Return a campaign's figures, computed once an hour: those of a finished day do not change, its outcomes do."""
    cached, now = current_app.extensions[CACHE], services().now()
    key = campaign, last_finished(now), now.astimezone().hour
    if key not in cached:
        made = figures(session, campaign, through=key[1])
        while len(cached) >= MAX_CACHED:
            cached.pop(next(iter(cached)), None)
        cached[key] = made
        return made
    found: Figures = cached[key]
    return found


def _titles(campaign: OpenCampaign, language: Language) -> dict[str, str]:
    return {one.path: one.letter.title.spoken(language) for one in campaign.letters.values()}


def counted(table: Table, names: Mapping[str, str]) -> Rows:
    """Return each cell's name and letters, the most letters first; those that nothing is shown of last."""
    cells = dict.fromkeys([*names, *table.shown])
    rows = [(names.get(cell, cell), table.shown.get(cell)) for cell in cells]
    return sorted(rows, key=lambda row: (-(row[1] or 0), fold(row[0])))


def _audiences(made: Figures) -> Rows:
    """Return letters by whom they went to: the writer's own member first."""
    own = sum(letters for province, letters in made.provinces.shown.items() if province != ELSEWHERE)
    others = made.ridings.get(ELSEWHERE, Table())
    names = {cell: str(name) for cell, name in TO_WHOM.items() if cell in others.behind}
    return [(_("One’s own member of the House of Commons"), own or None), *counted(others, names)]


def _funnel(made: Figures) -> Rows:
    """Return how many letters came how far; None where it is not shown."""
    shown = made.outcomes.shown
    handed = [shown[one] for one in (DELIVERED, HANDED_OVER, CAME_BACK) if one in shown]
    return [
        (_("Submitted"), made.total + made.unconfirmed),
        (_("Confirmed by e-mail"), made.total),
        (_("Sent to the mail service"), sum(handed) if handed else None),
        (_("Reported as delivered"), shown.get(DELIVERED)),
    ]


def _chart(made: Figures, goal: int | None) -> Chart | None:
    if not made.runs:
        return None
    first = made.runs[0].first.toordinal()
    days = made.runs[-1].last.toordinal() + 1 - first
    per_day = [run.letters / ((run.last - run.first).days + 1) for run in made.runs]
    highest, top = max(per_day), max(made.total, goal or 0)

    def across(day: date, more: int = 0) -> float:
        return round((day.toordinal() + more - first) / days * 1000, 1)

    bars = [
        (across(run.first), round(across(run.last, 1) - across(run.first), 1), round(letters / highest * 100, 1))
        for run, letters in zip(made.runs, per_day, strict=True)
    ]
    points, total = ["0,100"], 0
    for run in made.runs:
        total += run.letters
        points.append(f"{across(run.last, 1)},{round(100 - total / top * 100, 1)}")
    return Chart(bars, " ".join(points), round(highest), top, round(100 - goal / top * 100, 1) if goal else None)


def _balance(
    said: Mapping[tuple[str, str], Sequence[Sequence[int]]], titles: Mapping[str, str]
) -> Sequence[tuple[str, str, Sequence[Sequence[int]]]]:
    """Return for each letter and language the shares of each place's alternatives, in percent."""
    rows = []
    for (template, language), places in said.items():
        shares = [[round(100 * letters / sum(counts)) for letters in counts] for counts in places if sum(counts)]
        if template in titles and shares:
            rows.append((titles[template], str(LANGUAGES[Language(language)]), shares))
    return sorted(rows, key=lambda row: (fold(row[0]), row[1]))


def places(session: Session, language: Language) -> list[Place]:
    """Return every province, the one with the most ridings first, with its ridings by name."""
    found: dict[str, list[tuple[str, str]]] = {}
    for code, name, province in session.execute(select(Riding.fed_code, Riding.name, Riding.province)):
        found.setdefault(province, []).append((code, name.spoken(language)))
    made = [
        Place(code, Province(code).wording.spoken(language), tuple(sorted(ridings, key=lambda riding: fold(riding[1]))))
        for code, ridings in found.items()
    ]
    return sorted(made, key=lambda place: (-len(place.ridings), place.name))


def shade(made: Figures, provinces: Sequence[Place]) -> tuple[list[ShadedRiding], list[tuple[int, int]]]:
    """Return the map in shades that as many ridings have each, and from how many to how many letters each goes."""
    names = {code: (name, place.code) for place in provinces for code, name in place.ridings}
    letters = {at.fed_code: made.riding(at.fed_code, names.get(at.fed_code, ("", ""))[1]) for at in hexagons()}
    ordered = sorted(number for number in letters.values() if number)
    cuts = sorted({ordered[len(ordered) * step // SHADES] for step in range(SHADES)}) if ordered else []
    shaded = []
    for at in hexagons():
        name, province = names.get(at.fed_code, (at.fed_code, ""))
        number = letters[at.fed_code]
        darkness = SHADES - len(cuts) + sum(number >= cut for cut in cuts) if number else 0
        shaded.append(ShadedRiding(at, darkness, name, province, number))
    ends = [max(number for number in ordered if number < cut) for cut in cuts[1:]]
    return shaded, list(zip(cuts, [*ends, *ordered[-1:]], strict=True))


def labels(provinces: Sequence[Place]) -> list[tuple[str, float, float]]:
    """Place each province's letters over the middle of its topmost hexagons, or left of them where another's lie."""
    lies = {hexagon.fed_code: hexagon for hexagon in hexagons()}
    placed = []
    for place in provinces:
        known = frozenset(lies[code] for code, _name in place.ridings if code in lies)
        if known:
            placed.append((place.code, *_over(known)))
    return placed


@lru_cache(maxsize=32)
def _over(block: frozenset[Hexagon]) -> tuple[float, float]:
    top = min(hexagon.y for hexagon in block)
    row = [hexagon.x for hexagon in block if hexagon.y == top]
    x, y = sum(row) / len(row), top - 1.35
    others = (other for other in hexagons() if other not in block)
    free = all(abs(other.x - x) > LABEL_DISTANCE or abs(other.y - y) > LABEL_DISTANCE for other in others)
    return (round(x, 2), round(y, 2)) if free else (round(min(row) - LABEL_DISTANCE, 2), round(top + 0.2, 2))


def _lines(made: Figures, titles: Mapping[str, str], provinces: Sequence[Place]) -> Iterator[tuple[str, ...]]:
    """Return the rows of the file, its titles first; a cell that nothing is shown of is left empty."""
    rest, by_riding, by_whom = _("not shown yet, in total"), _("riding"), _("audience")
    yield _("table"), _("group"), _("province"), _("letters")
    yield _("all"), "", "", str(made.total)
    for run in made.runs:
        yield _("days"), f"{run.first.isoformat()}/{run.last.isoformat()}", "", str(run.letters)
    for stage, letters in _funnel(made):
        yield _("funnel"), stage, "", _cell(letters)
    for title, table, names in (
        (_("language"), made.languages, {one.value: one.value for one in Language}),
        (_("letter"), made.templates, titles),
    ):
        for cell, letters in counted(table, names):
            yield title, cell, "", _cell(letters)
        yield title, rest, "", str(table.rest)
    for audience, letters in _audiences(made):
        yield by_whom, audience, "", _cell(letters)
    for place in provinces:
        yield _("province"), place.name, place.code, _cell(made.provinces.shown.get(place.code))
    yield _("province"), _("To others than one’s own member"), "", _cell(made.provinces.shown.get(ELSEWHERE))
    yield _("province"), rest, "", str(made.provinces.rest)
    for place in provinces:
        for code, name in place.ridings:
            yield by_riding, f"{name} ({code})", place.code, _cell(made.riding(code, place.code))
        if table_of := made.ridings.get(place.code):
            yield by_riding, rest, place.code, str(table_of.rest)


def _cell(letters: int | None) -> str:
    return "" if letters is None else str(letters)
