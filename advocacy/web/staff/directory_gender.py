"""Genders and honorifics of the directory, filled in by a sheet: downloaded, completed from a source, uploaded."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from werkzeug.wrappers import Response
from wtforms import FileField

from advocacy.database import immediate
from advocacy.legislators import directory
from advocacy.legislators.recipient import Gender
from advocacy.staff import corrections, listed
from advocacy.staff.roles import Role
from advocacy.web.services import services
from advocacy.web.staff.access import current_account, requires
from advocacy.web.staff.blueprint import bp
from advocacy.web.staff.directory_words import LISTS
from advocacy.web.staff.forms import StaffForm
from advocacy.web.staff.results import csv_answer
from advocacy.web.uploads import file_of, takes_file

Answer = Response | str | tuple[str, int]
COLUMNS = ("id", "name", "place", "honorific", "gender", "source")
NEEDED = ("id", "gender", "source")
MAX_ROWS, MAX_PROBLEMS, MAX_TEXT = 2_000, 60, 200
GENDERS: Mapping[str, Gender] = {
    **dict.fromkeys(("f", "feminine", "féminin", "female", "femme"), Gender.F),
    **dict.fromkeys(("m", "masculine", "masculin", "male", "homme"), Gender.M),
}


class GenderForm(StaffForm):
    """A completed sheet."""

    file = FileField(
        lazy_gettext("Completed sheet (CSV)"),
        description=lazy_gettext(
            "Columns id, gender (f or m), honorific and source. Rows without a gender are passed over."
        ),
        render_kw={"accept": ".csv,text/csv"},
    )


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is to be fixed in a row of the sheet."""

    row: int
    column: str
    words: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a row of the sheet says of somebody, and where that is stated."""

    number: int
    facts: Mapping[str, Any]
    source: str


@bp.get("/directory/gender")
@requires(Role.MANAGER)
def directory_gender() -> str:
    """Show for how many people the gender is unknown, and take a sheet."""
    return _page(GenderForm())


@bp.get("/directory/gender/sheet")
@requires(Role.MANAGER)
def directory_gender_sheet() -> Response:
    """Hand out everybody whose gender is unknown as a sheet to complete."""
    with services().sessions() as session:
        people = listed.unknown_gender(session)
        rows = [
            (
                row.id,
                row.name,
                " / ".join(dict.fromkeys(row.place.values())) if row.place else "",
                row.honorific,
                "",
                "",
            )
            for row in people
        ]
    return csv_answer(iter([COLUMNS, *rows]), "gender.csv")


@bp.post("/directory/gender")
@takes_file
@requires(Role.MANAGER)
def directory_gender_saved() -> Answer:
    """Correct everybody whom a sheet names, or nobody where anything in it is to be fixed."""
    form, content, by, now = GenderForm(), file_of(request, "file"), current_account().id, services().now()
    if not form.validate_on_submit() or not content:
        form.file.errors = [_("Choose a file.")]
        return _page(form), 422
    with immediate(services().sessions) as session:
        problems, facts = _read(content)
        found = {one: directory.by_id(session, one) for one in facts}
        problems += [
            RowProblem(change.number, "id", _("Nobody in the directory has this id."))
            for one, change in facts.items()
            if found[one] is None
        ]
        if problems:
            form.file.errors = [_("Fix the file as shown below, then choose it again.")]
            return _page(form, problems), 422
        saved = 0
        for one, change in facts.items():
            row = found[one]
            if row is not None:
                allowed = {key: value for key, value in change.facts.items() if key in corrections.fields_for(row)}
                saved += corrections.save(session, row, allowed, by=by, now=now, source=change.source)
    flash(ngettext("%(num)d entry was corrected.", "%(num)d entries were corrected.", saved))
    return redirect(url_for("staff.directory_gender"), 303)


def _read(content: bytes) -> tuple[list[RowProblem], dict[str, Change]]:
    """Return what is to be fixed, and the changes by the id of the person."""
    try:
        text = content.decode("utf-8-sig")
        first = text.partition("\n")[0]
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True))
    except (UnicodeDecodeError, csv.Error):
        return [RowProblem(1, "", _("Save the sheet as “CSV UTF-8”."))], {}
    titles = [cell.strip().casefold() for cell in rows[0]] if rows else []
    problems = [RowProblem(1, title, _("Add this column.")) for title in NEEDED if title not in titles]
    if len(rows) > MAX_ROWS:
        problems.append(RowProblem(1, "", _("Use at most %(most)d rows.", most=MAX_ROWS)))
    facts: dict[str, Change] = {}
    if not problems:
        for number, row in enumerate(rows[1:], start=2):
            cells = {title: " ".join(cell.split()) for title, cell in zip(titles, row, strict=False)}
            wrong = list(_wrong(number, cells, facts))
            problems += wrong
            if cells.get("gender") and not wrong:
                changes: dict[str, Any] = {"gender": GENDERS[cells["gender"].casefold()].value}
                if cells.get("honorific"):
                    changes["honorific"] = cells["honorific"]
                facts[cells["id"]] = Change(number, changes, cells["source"])
    return problems, facts


def _wrong(number: int, cells: Mapping[str, str], facts: Mapping[str, object]) -> Iterator[RowProblem]:
    gender = cells.get("gender", "").casefold()
    if not gender:
        return
    if gender not in GENDERS:
        yield RowProblem(number, "gender", _("Write f or m, or leave it empty."))
    if not cells.get("source"):
        yield RowProblem(number, "source", _("Write where the gender is stated: a page or a list."))
    if any(len(cell) > MAX_TEXT or not cell.isprintable() for cell in cells.values()):
        yield RowProblem(number, "", _("Shorten its cells, and remove invisible characters."))
    if cells.get("id", "") in facts:
        yield RowProblem(number, "id", _("This person is in the sheet twice."))


def _page(form: GenderForm, problems: Sequence[RowProblem] = ()) -> str:
    with services().sessions() as session:
        people = listed.unknown_gender(session)
        counts: dict[str, int] = {}
        for row in people:
            counts[row.chamber] = counts.get(row.chamber, 0) + 1
    return render_template(
        "staff/directory_gender.html",
        form=form,
        counts=[(LISTS[chamber], number) for chamber, number in counts.items()],
        unknown=len(people),
        problems=problems[:MAX_PROBLEMS],
        more=max(0, len(problems) - MAX_PROBLEMS),
    )
