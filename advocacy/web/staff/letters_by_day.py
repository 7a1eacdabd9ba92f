"""The letters of a campaign by day, a month on each page: in which language, how many were delivered or came back.

The figures are those that the results publish; days that are published together are one row.
"""

from datetime import date, timedelta

from flask import g, render_template, request
from flask_babel import gettext as _
from sqlalchemy import select

from advocacy.campaigns.models import Campaign
from advocacy.language import Language, day_of, format_month
from advocacy.letters.letter_counts import CAME_BACK, DELIVERED
from advocacy.staff.models import Role
from advocacy.web.cache import campaign_figures
from advocacy.web.services import services
from advocacy.web.staff.access import bp, or_404, requires
from advocacy.web.staff.forms import LANGUAGE_NAMES


@bp.get("/campaigns/<campaign>/results/letters-by-day")
@requires(Role.WRITER)
def letters_by_day(campaign: str) -> str:
    """Show a month, the newest that has letters where none is chosen; a month that cannot be read chooses none."""
    or_404(g.session.scalar(select(Campaign.id).where(Campaign.name == campaign)))
    runs = campaign_figures(g.session, campaign).runs
    this_month = day_of(services().now()).replace(day=1)
    newest = runs[-1].last.replace(day=1) if runs else this_month
    month = request.args.get("month", newest, type=lambda text: date.fromisoformat(f"{text}-01"))
    shown = [run for run in reversed(runs) if run.last.replace(day=1) == month]
    rows = []
    for run in shown:
        outcomes = run.outcomes or {}
        by_language = (run.languages[language] for language in Language)
        rows.append((run, [run.letters, *by_language, outcomes.get(DELIVERED), outcomes.get(CAME_BACK)]))
    totals = []
    for column in zip(*(counts for _run, counts in rows), strict=True):
        published = [count for count in column if count is not None]
        totals.append(sum(published) if published else None)
    return render_template(
        "staff/letters_by_day.html",
        shown=campaign,
        month=month,
        columns=[
            _("Letters"),
            *(LANGUAGE_NAMES[language] for language in Language),
            _("Reported as delivered"),
            _("Came back"),
        ],
        rows=rows,
        totals=totals,
        earlier=(month - timedelta(days=1)).replace(day=1) if runs and runs[0].last < month else None,
        later=(month + timedelta(days=31)).replace(day=1) if month < this_month else None,
        format_month=format_month,
    )
