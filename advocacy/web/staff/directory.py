"""The directory of legislators: its lists, its forms of address, and what in it needs a person."""

from flask import abort, render_template
from flask_babel import lazy_gettext
from wtforms import SearchField

from advocacy.language import Language
from advocacy.legislators.corrected import contradicted
from advocacy.legislators.directory import data_sets
from advocacy.legislators.recipient import Office
from advocacy.legislators.styles import shipped
from advocacy.staff import listed
from advocacy.staff.roles import Role
from advocacy.web.services import services
from advocacy.web.staff.access import requires
from advocacy.web.staff.blueprint import bp
from advocacy.web.staff.directory_words import FACTS, FORM_STATUS, LISTS, OFFICES, STANDINGS, fact_text, source_text
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
        opposed = [
            {
                "row": one.legislator,
                "fact": FACTS[one.field],
                "here": fact_text(one.field, one.value),
                "source": fact_text(one.field, one.source_value),
            }
            for one in contradicted(session)
        ]
        return render_template(
            "staff/directory.html",
            form=DirectorySearchForm(),
            counts=listed.counts(session),
            sets=data_sets(session),
            doubts=listed.doubts(session),
            opposed=opposed,
            corrected=listed.corrected(session),
            unknown=len(listed.unknown_gender(session)),
            lists=LISTS,
            source_text=source_text,
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
        lines = listed.lines_of(session, found[:MAX_FOUND])
    return _listing(form, lines, more=max(0, len(found) - MAX_FOUND))


@bp.get("/directory/list/<key>")
@requires(Role.MANAGER)
def directory_list(key: str) -> str:
    """Show one list."""
    if key not in listed.LISTS:
        abort(404)
    with services().sessions() as session:
        lines = listed.lines(session, key)
    if not lines:
        abort(404)
    return _listing(DirectorySearchForm(), lines, key=key)


@bp.get("/directory/forms")
@requires(Role.MANAGER)
def directory_forms() -> str:
    """Show every form of address and how sure it is."""
    styles = shipped()
    rows = [
        (str(OFFICES[office]), language, styles.office[office][language])
        for office in Office
        if office in styles.office
        for language in reversed(Language)
    ]
    return render_template("staff/directory_forms.html", rows=rows, closings=styles.closing, status=FORM_STATUS)


def _listing(form: DirectorySearchForm, lines: object, *, key: str = "", more: int = 0) -> str:
    return render_template(
        "staff/directory_list.html", form=form, lines=lines, key=key, more=more, lists=LISTS, standings=STANDINGS
    )
