"""The directory of legislators: its lists, its forms of address, and what in it needs a person."""

from flask import Blueprint, abort, render_template, request

from advocacy.language import Language
from advocacy.legislators.corrected import contradicted
from advocacy.legislators.directory import data_sets
from advocacy.legislators.recipient import Office
from advocacy.legislators.styles import shipped
from advocacy.staff import listed
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import manager
from advocacy.web.staff.directory_entry import add_entry
from advocacy.web.staff.directory_lists import add_lists
from advocacy.web.staff.directory_words import FACTS, FORM_STATUS, LISTS, OFFICES, STANDINGS, say, say_source

MOST_FOUND = 60
LONGEST_QUERY = 200


def add_directory(routes: Blueprint) -> None:
    """Make the routes."""
    routes.get("/directory", endpoint="directory")(overview)
    routes.post("/directory", endpoint="directory_found")(search)
    routes.get("/directory/list/<key>", endpoint="directory_list")(one_list)
    routes.get("/directory/forms", endpoint="directory_forms")(forms)
    add_entry(routes)
    add_lists(routes)


@manager
def overview() -> str:
    """Show what the directory holds and what needs a person."""
    with services().sessions() as session:
        spoken = current_language()
        opposed = [
            {
                "row": one.legislator,
                "fact": FACTS[one.field].spoken(spoken),
                "here": say(one.field, one.value, spoken),
                "source": say(one.field, one.source_value, spoken),
            }
            for one in contradicted(session)
        ]
        return render_template(
            "staff/directory.html",
            counts=listed.counts(session),
            sets=data_sets(session),
            doubts=listed.doubts(session),
            opposed=opposed,
            corrected=listed.corrected(session),
            lists=LISTS,
            say_source=say_source,
        )


@manager
def search() -> str:
    """Show whom the words fit; what was looked for stands in no address."""
    typed = " ".join(request.form.get("looked_for", "").split())[:LONGEST_QUERY]
    site = services()
    found = [row.id for row in site.directory.current(site.now()).search(typed)]
    with site.sessions() as session:
        lines = listed.lines_of(session, found[:MOST_FOUND])
    more = max(0, len(found) - MOST_FOUND)
    return _listing(lines, typed=typed, more=more)


@manager
def one_list(key: str) -> str:
    """Show one list."""
    if key not in listed.LISTS:
        abort(404)
    with services().sessions() as session:
        lines = listed.lines(session, key)
    if not lines:
        abort(404)
    return _listing(lines, key=key)


@manager
def forms() -> str:
    """Show every form of address and how sure it is."""
    styles = shipped()
    rows = [
        (OFFICES[office].spoken(current_language()), language, styles.office[office][language])
        for office in Office
        for language in reversed(Language)
    ]
    return render_template("staff/directory_forms.html", rows=rows, closings=styles.closing, status=FORM_STATUS)


def _listing(lines: object, *, key: str = "", typed: str = "", more: int = 0) -> str:
    return render_template(
        "staff/directory_list.html",
        lines=lines,
        key=key,
        typed=typed,
        more=more,
        lists=LISTS,
        standings={status: said.spoken(current_language()) for status, said in STANDINGS.items()},
    )
