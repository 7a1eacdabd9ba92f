"""The results of a campaign: lines over time, a goal, a funnel, a map, tables, a file and a weekly mail.

The same masked figures in each; nothing of any one letter.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import BooleanField

from advocacy.campaigns.models import Campaign
from advocacy.campaigns.open_campaigns import OpenCampaign
from advocacy.language import Language, fold
from advocacy.legislators.legislatures import COMMONS, SENATE
from advocacy.legislators.riding_map import Place, hexagons, labels, places
from advocacy.letters import answer_counts
from advocacy.letters.answer_counts import MIN_OFFICE_LETTERS, PERIODS, AnswerFigures
from advocacy.letters.letter_counts import (
    CAME_BACK,
    DELIVERED,
    ELSEWHERE,
    HANDED_OVER,
    Figures,
    alternatives,
)
from advocacy.letters.models import AUDIENCES, MINISTERS, OTHERS
from advocacy.letters.small_count_masking import Table
from advocacy.staff import emails
from advocacy.staff.audit_log import Act
from advocacy.staff.models import Role
from advocacy.web.cache import campaign_figures
from advocacy.web.files import csv_response
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import bp, current_account, or_404, record, requires
from advocacy.web.staff.forms import LANGUAGE_NAMES, StaffForm, check_token
from advocacy.web.staff.texts import list_name

SHADES = 3
TO_WHOM = {
    AUDIENCES[SENATE]: _l("Senators"),
    MINISTERS: _l("Ministers"),
    AUDIENCES[COMMONS]: _l("Other members of the House of Commons"),
    OTHERS: _l("Others"),
    "": _l("Not known"),
}
Rows = Sequence[tuple[str, int | None]]


class WeeklyMailForm(StaffForm):
    """Whether whoever looks gets the results by mail."""

    weekly = BooleanField(_l("E-mail me these results every Monday morning"))


@bp.route("/campaigns/<campaign>/results", methods=["GET", "POST"])
@requires(Role.WRITER)
def results(campaign: str) -> Response | str:
    """Show a campaign's results, one province's ridings where it is chosen; keep who wants them by mail."""
    found, language, form = services().campaign(campaign), current_language(), WeeklyMailForm()
    or_404(g.session.scalar(select(Campaign.id).where(Campaign.name == campaign)))
    if form.validate_on_submit():
        wanted = bool(form.weekly.data)
        emails.subscribe_to_results(g.session, current_account().id, campaign, wanted=wanted, now=services().now())
        flash(
            _("You will get these results every Monday.") if wanted else _("You will not get these results by e-mail.")
        )
        return redirect(url_for("staff.results", campaign=campaign), 303)
    titles = _titles(found, language) if found else {}
    made, provinces = campaign_figures(g.session, campaign), places(g.session, language)
    answers = answer_counts.figures(g.session, campaign)
    said = {key: counts for key, counts in alternatives(g.session, campaign).items() if key[0] in titles}
    form.weekly.data = emails.is_subscribed_to_results(g.session, current_account().id, campaign)
    return render_template(
        "staff/results.html",
        shown=campaign,
        made=made,
        until=made.runs[-1].last if made.runs else None,
        goal=found.file.goal if found else None,
        funnel=_funnel(made),
        languages=counted(made.languages, {one.value: str(name) for one, name in LANGUAGE_NAMES.items()}),
        letters=counted(made.templates, titles),
        audiences=_audiences(made),
        others_rest=made.ridings[ELSEWHERE].rest if ELSEWHERE in made.ridings else 0,
        provinces=provinces,
        chosen=next((one for one in provinces if one.code == request.args.get("province")), None),
        hexagons=hexagons(),
        steps=shades(
            number for place in provinces for code, _name in place.ridings if (number := made.riding(code, place.code))
        ),
        labels=labels(provinces),
        answers=answers,
        periods=PERIODS,
        min_office_letters=MIN_OFFICE_LETTERS,
        chamber_name=list_name,
        alternatives=said,
        titles=titles,
        names=LANGUAGE_NAMES,
        form=form,
        button=StaffForm(),
    )


@bp.post("/campaigns/<campaign>/results/csv")
@requires(Role.WRITER)
def results_csv(campaign: str) -> Response:
    """Return the same figures as a CSV file."""
    found, language = services().campaign(campaign), current_language()
    if found is None:
        abort(404)
    check_token()
    made, provinces = campaign_figures(g.session, campaign), places(g.session, language)
    answers = answer_counts.figures(g.session, campaign)
    record(Act.INSIGHT_EXPORTED, f"campaign:{campaign}")
    lines = [*_lines(made, _titles(found, language), provinces), *_answer_lines(answers)]
    return csv_response(lines, f"results-{campaign}.csv")


def _titles(campaign: OpenCampaign, language: Language) -> dict[str, str]:
    return {one.path: one.letter.title.in_language(language) for one in campaign.letters.values()}


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


def shades(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Return from how many to how many letters each shade of the map goes, each for as many ridings."""
    ordered = sorted(numbers)
    cuts = sorted({ordered[len(ordered) * step // SHADES] for step in range(SHADES)}) if ordered else []
    ends = [max(number for number in ordered if number < cut) for cut in cuts[1:]]
    return list(zip(cuts, [*ends, *ordered[-1:]], strict=True))


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


def _answer_lines(answers: AnswerFigures) -> Iterator[tuple[str, ...]]:
    """Return the rows of answers, by chamber in letters and by office in percent."""
    if answers.day:
        yield _("reported by writers"), answers.day.isoformat(), "", str(answers.letters)
    for chamber in answers.chambers:
        yield _("reported by writers"), list_name(chamber.chamber), "", _cell(chamber.letters)
    for period in PERIODS:
        answered = _("answered within %(days)s days", days=period)
        for chamber in answers.chambers:
            yield answered, list_name(chamber.chamber), "", _cell(chamber.within[period])
        for office in answers.offices:
            if period in office.within:
                yield _("%(table)s, percent", table=answered), office.name, "", str(office.within[period])


def _cell(letters: int | None) -> str:
    return "" if letters is None else str(letters)
