"""A newer list of legislators: brought as a file or read from its source, looked over, and then let count."""

from collections.abc import Mapping, Sequence
from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from advocacy.database import immediate
from advocacy.language import day_of
from advocacy.legislators.directory import data_sets, riding_names
from advocacy.legislators.records import Record
from advocacy.legislators.roster import RosterRefused, TooFew
from advocacy.legislators.sources.http import Client, SourceTrouble
from advocacy.legislators.sources.live import SOURCES
from advocacy.legislators.sources.opennorth_csv import CsvProblems, read_csv
from advocacy.staff import refreshing
from advocacy.staff.models import ProposedList
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff import directory_words as words
from advocacy.web.staff.access import manager, staff
from advocacy.web.uploads import file_of, takes_file

Answer = Response | str | tuple[str, int]
MOST_SHOWN, MOST_PROBLEMS = 100, 60
"""How many of each kind a page lists."""
LONGEST_SOURCE = 100
PATIENCE = 20.0
"""Seconds for each page of a source: somebody waits for the answer."""


def add_lists(routes: Blueprint) -> None:
    """Make the routes."""
    routes.get("/directory/newer", endpoint="directory_newer")(newer)
    routes.post("/directory/newer/file", endpoint="directory_file")(bring_file)
    routes.post("/directory/newer/source", endpoint="directory_source")(read_source)
    routes.get("/directory/newer/<int(max=2147483647):number>", endpoint="directory_proposed")(look_over)
    routes.post("/directory/newer/<int(max=2147483647):number>", endpoint="directory_confirmed")(confirm)


@manager
def newer() -> str:
    """Ask for a file, or which source is to be read."""
    return _asked({"as_of": _today().isoformat()}, {})


@takes_file
@manager
def bring_file() -> Answer:
    """Read a file and lead to what it would change."""
    typed = {"source": " ".join(request.form.get("source", "").split()), "as_of": request.form.get("as_of", "")}
    content, as_of = file_of(request, "file"), _day(typed["as_of"])
    wrong: dict[str, list[str]] = {}
    if not content:
        wrong["file"] = [_("Choose a file.")]
    if not 0 < len(typed["source"]) <= LONGEST_SOURCE or not typed["source"].isprintable():
        wrong["source"] = [_("Say where the list comes from.")]
    if as_of is None or as_of > _today():
        wrong["as_of"] = [_("Enter the date of the list: today or earlier.")]
    if wrong or as_of is None:
        return _asked(typed, wrong), 422
    with services().sessions() as session:
        ridings = riding_names(session)
    try:
        records = read_csv(content, ridings)
    except CsvProblems as problems:
        return _asked(
            typed, {"file": [_("Fix the file as shown below, then choose it again.")]}, problems=problems
        ), 422
    return _proposed(records, source=typed["source"], as_of=as_of)


@manager
def read_source() -> Answer:
    """Read a live source, and lead to what it would change."""
    source = SOURCES.get(request.form.get("name", ""))
    if source is None:
        abort(400)
    with services().sessions() as session:
        ridings = riding_names(session)
    try:
        records = source.read(Client(total_seconds=PATIENCE), ridings)
    except SourceTrouble as trouble:
        return _asked({"as_of": _today().isoformat()}, {}, trouble=trouble, source=source.name), 422
    return _proposed(records, source=source.name, as_of=_today())


@manager
def look_over(number: int) -> Answer:
    """Show what a list would change; nothing is changed by it."""
    return _page(number)


@manager
def confirm(number: int) -> Answer:
    """Let the list count exactly as it was shown."""
    seen, fewer = request.form.get("digest", ""), request.form.get("fewer") == "yes"
    try:
        with immediate(services().sessions) as session:
            proposed = _found(session, number)
            refreshing.confirm(session, proposed, seen=seen, fewer_is_meant=fewer, by=staff().id, now=services().now())
    except refreshing.Stale:
        said = _(
            "Nothing was changed: someone updated the directory in the meantime. Check what the list would change now."
        )
        return _page(number, wrong=("apply", said))
    except TooFew:
        return _page(number, wrong=("fewer", _("Nothing was changed: confirm that the list is really that short.")))
    except RosterRefused:
        return _page(number)
    flash(_("The list is in use: letters and pages follow it from now on."))
    return redirect(url_for("staff.directory"), 303)


def _proposed(records: Sequence[Record], *, source: str, as_of: date) -> Response:
    with immediate(services().sessions) as session:
        proposed = refreshing.propose(session, records, source=source, as_of=as_of, by=staff().id, now=services().now())
        number = proposed.id
    return redirect(url_for("staff.directory_proposed", number=number), 303)


def _found(session: Session, number: int) -> ProposedList:
    proposed = refreshing.find(session, number, by=staff().id, now=services().now())
    if proposed is None:
        abort(404)
    return proposed


def _page(number: int, *, wrong: tuple[str, str] | None = None) -> Answer:
    with services().sessions() as session:
        proposed = _found(session, number)
        told = {"number": number, "source": proposed.source, "as_of": proposed.as_of}
        try:
            found = refreshing.preview(session, proposed)
        except RosterRefused as refused:
            said = refused.wording.spoken(current_language())
            return render_template("staff/directory_proposed.html", found=None, refused=said, wrong=None, **told), 422
    page = render_template(
        "staff/directory_proposed.html",
        found=found,
        refused="",
        wrong=wrong,
        say=words.say,
        facts=words.FACTS,
        most=MOST_SHOWN,
        **told,
    )
    return (page, 422) if wrong else page


def _asked(
    typed: Mapping[str, str],
    wrong: Mapping[str, list[str]],
    *,
    problems: CsvProblems | None = None,
    trouble: SourceTrouble | None = None,
    source: str = "",
) -> str:
    found = problems.problems if problems else []
    with services().sessions() as session:
        return render_template(
            "staff/directory_newer.html",
            typed=typed,
            wrong=wrong,
            errors=[(key, " ".join(said)) for key, said in wrong.items()],
            problems=found[:MOST_PROBLEMS],
            more=max(0, len(found) - MOST_PROBLEMS),
            trouble=str(trouble) if trouble else "",
            source=source,
            sources={key: one.name for key, one in SOURCES.items()},
            sets=data_sets(session),
            lists=words.LISTS,
            say_source=words.say_source,
            today=_today().isoformat(),
        )


def _today() -> date:
    return day_of(services().now())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
