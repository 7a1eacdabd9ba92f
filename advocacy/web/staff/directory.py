"""The directory of legislators: its lists, its forms of address, and what in it needs a person."""

from flask import abort, render_template
from flask_babel import lazy_gettext
from wtforms import SearchField

from advocacy.legislators import directory_queries
from advocacy.legislators.corrections import conflicting_corrections
from advocacy.legislators.directory_queries import data_sets
from advocacy.legislators.styles import shipped_styles
from advocacy.staff.models import Role
from advocacy.web.services import services
from advocacy.web.staff import directory_words as words
from advocacy.web.staff.access import requires
from advocacy.web.staff.blueprint import bp
from advocacy.web.staff.forms import StaffForm

MAX_FOUND = 60
MAX_QUERY = 200


class DirectorySearchForm(StaffForm):
    """Who is looked for; it is posted, so that what was looked for stands in no address."""

    looked_for = SearchField(
        lazy_gettext("Name, riding, province or office"),
        filters=[lambda text: " ".join((text or "").split())[:MAX_QUERY]],
        render_kw={"maxlength": MAX_QUERY, "autocomplete": "off"},
    )


@bp.get("/directory")
@requires(Role.MANAGER)
def directory() -> str:
    """Show what the directory holds and what needs a person."""
    with services().sessions() as session:
        return render_template(
            "staff/directory.html",
            form=DirectorySearchForm(),
            counts=directory_queries.list_counts(session),
            sets=data_sets(session),
            doubts=directory_queries.bounced_entries(session),
            opposed=conflicting_corrections(session),
            corrected=directory_queries.corrected_entries(session),
            unknown=sum(directory_queries.unknown_genders(session).values()),
            words=words,
        )


@bp.post("/directory")
@requires(Role.MANAGER)
def directory_found() -> str:
    """Show whom the words fit."""
    site, form = services(), DirectorySearchForm()
    if not form.validate_on_submit():
        abort(400)
    found = [row.id for row in site.directory.current(site.now()).search(form.looked_for.data)]
    with site.sessions() as session:
        lines = directory_queries.entries_by_id(session, found[:MAX_FOUND])
    return _listing(form, lines, more=max(0, len(found) - MAX_FOUND))


@bp.get("/directory/list/<key>")
@requires(Role.MANAGER)
def directory_list(key: str) -> str:
    """Show one list."""
    if key not in directory_queries.LISTS:
        abort(404)
    with services().sessions() as session:
        lines = directory_queries.list_entries(session, key)
    if not lines:
        abort(404)
    return _listing(DirectorySearchForm(), lines, key=key)


@bp.get("/directory/forms")
@requires(Role.MANAGER)
def directory_forms() -> str:
    """Show every form of address and how sure it is."""
    return render_template("staff/directory_forms.html", styles=shipped_styles(), words=words)


def _listing(form: DirectorySearchForm, lines: object, *, key: str = "", more: int = 0) -> str:
    return render_template("staff/directory_list.html", form=form, lines=lines, key=key, more=more, words=words)
