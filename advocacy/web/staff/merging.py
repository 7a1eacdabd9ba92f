"""Merge: a sheet up, letters down, in one request and in memory: nothing of it is stored, and nothing is logged."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import Any
from urllib.parse import quote

from flask import abort, render_template, request, send_file
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from werkzeug.wrappers import Response
from wtforms import FileField, SelectField

from advocacy.campaigns.campaign import LetterTemplate
from advocacy.database import immediate
from advocacy.exports import FORMATS
from advocacy.exports.form import CannotBeMade, Post, Wishes
from advocacy.exports.merge import (
    ON_A_PAGE,
    SAMPLES,
    TOO_LARGE,
    Addressees,
    HandedOut,
    Merge,
    People,
    SheetRefused,
    Tally,
    columns,
    hand_out,
    letters_of,
    read_people,
    tried,
)
from advocacy.language import Language, day_of
from advocacy.messages import in_language
from advocacy.staff import audit
from advocacy.staff.roles import Role
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import current_account, requires
from advocacy.web.staff.blueprint import bp
from advocacy.web.staff.forms import StaffForm
from advocacy.web.uploads import file_of, takes_file

Answer = Response | str | tuple[str, int]
MAX_ROWS = ON_A_PAGE.rows
"""The most rows that a page merges; the command takes more."""
MAX_FAULTS, MAX_ROWS_NAMED = 200, 8
"""How many lines a report has, and how many rows it names for one thing."""
JOINED = frozenset({"pdf"})
"""The forms that are one file for all letters."""
CHECK = "check"
COUNTED = "X-Merge-Counted"
"""A header that says, percent-encoded, how many letters a file holds: to a script, which shows it."""
ON_PAPER = frozenset({"pdf", "docx"})
"""The forms that can be readied for the mail."""
LANGUAGES = {Language.FR: lazy_gettext("French"), Language.EN: lazy_gettext("English")}


class MergeForm(StaffForm):
    """Which letter is made of which sheet, and how."""

    letter = SelectField(lazy_gettext("Letter"))
    language = SelectField(
        lazy_gettext("Language of the letters"),
        description=lazy_gettext("A column “language” decides row by row; this is for rows where it is empty."),
    )
    sheet = FileField(
        lazy_gettext("Sheet"),
        render_kw={"accept": ".csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    )
    format = SelectField(lazy_gettext("Letters as"))
    post = SelectField(
        lazy_gettext("For the mail"),
        default=Post.NONE.value,
        description=lazy_gettext(
            "PDF and Word only. A window shows the office’s address only if it is complete; otherwise a sheet is added."
        ),
    )

    def offer(self) -> None:
        """Offer the letters there are, in the page's language, and what they can be made into."""
        language, campaigns = current_language(), services().campaigns()
        self.language.choices = [(one.value, name) for one, name in LANGUAGES.items()]
        self.format.choices = [
            ("pdf", _("One PDF, to be printed")),
            ("docx", _("Word, a file each, in a zip")),
            ("txt", _("Text, a file each, in a zip")),
        ]
        self.post.choices = [
            (Post.NONE.value, _("The letters alone")),
            (Post.SHEET.value, _("With a sheet for the address after each letter")),
            (Post.WINDOW.value, _("The address placed for a #10 window envelope")),
        ]
        self.letter.choices = [("", _("Choose a letter"))]
        for one in campaigns:
            for letter in one.letters.values():
                title, campaign = letter.letter.title.spoken(language), one.file.name.spoken(language)
                self.letter.choices.append((letter.path, f"{title} ({campaign})" if len(campaigns) > 1 else title))

    def refuse(self, name: str, error: str) -> None:
        """Say what is wrong with one field."""
        self[name].errors = [*self[name].errors, error]


@dataclass(frozen=True, slots=True)
class Report:
    """How a sheet was read, what of it becomes letters, and what does not; no cell is repeated.

    `unread` are columns with what they may be meant as, `faults` rows with a column and what to do, `notes` sentences
    with the first rows they are about and how many more.
    """

    described: str
    columns: str
    unread: Sequence[tuple[str, str]]
    letters: int
    left_out: int
    faults: Sequence[tuple[int, str, str]]
    more: int
    notes: Sequence[tuple[str, Sequence[int], int]]


@bp.get("/merge")
@requires(Role.PUBLISHER)
def merge() -> str:
    """Ask for a sheet, a letter and a form."""
    form = MergeForm(letter=request.args.get("letter", ""), language=current_language().value)
    form.offer()
    return _page(form)


@bp.get("/merge/sample")
@requires(Role.PUBLISHER)
def merge_sample() -> Response:
    """Hand out a sheet to begin with, which has every column of one letter."""
    kind, letter = request.args.get("kind", ""), request.args.get("letter", "")
    template = _template(letter)
    if template is None or kind not in SAMPLES:
        abort(404)
    name = f"{letter.rpartition('/')[2]}.{kind}"
    return send_file(BytesIO(SAMPLES[kind](template, current_language())), as_attachment=True, download_name=name)


@bp.post("/merge")
@takes_file
@requires(Role.PUBLISHER)
def merged() -> Answer:
    """Check a sheet and report on it, or hand its letters out."""
    form, language = MergeForm(), current_language()
    form.offer()
    people = _read(form)
    template = _template(form.letter.data)
    if people is None or template is None:
        return _page(form), 422
    site = services()
    wishes = Wishes(day_of(site.now()), Post(form.post.data), test_recipient=site.settings.test_recipient)
    with site.sessions() as session:
        addressees = Addressees.of(session, today=wishes.today, campaign=template.path.partition("/")[0])
    work = Merge(template, addressees, today=wishes.today, language=Language(form.language.data))
    try:
        if request.form.get("act") == CHECK:
            tally = Tally()
            counted = tally.counted(work.letters(people))
            for _one in tried(counted, FORMATS[form.format.data], wishes=wishes, tally=tally):
                pass
            return _page(form, report=_report(people, tally), checked=True)
        made, tally = hand_out(
            work,
            people,
            FORMATS[form.format.data],
            wishes=wishes,
            joins=form.format.data in JOINED,
            name=form.letter.data.rpartition("/")[2],
            spoken=language,
        )
    except SheetRefused as refused:
        form.refuse("sheet", in_language(refused.wording, language))
        return _page(form), 422
    except CannotBeMade as refused:
        form.refuse("format", refused.message.in_language(language))
        return _page(form), 422
    if made is None:
        form.refuse("sheet", _("No row can become a letter: see why below."))
        return _page(form, report=_report(people, tally)), 422
    return _hand_out(form, made, tally)


def _hand_out(form: MergeForm, made: HandedOut, tally: Tally) -> Response:
    site, letter = services(), form.letter.data
    counts = {"letters": tally.letters, "left_out": len(tally.rejections), "format": form.format.data}
    with immediate(site.sessions) as session:
        by, now = current_account().id, site.now()
        audit.write(session, audit.Act.LETTERS_MERGED, f"letter:{letter}", by=by, now=now, after=counts)
    name = f"{letter.rpartition('/')[2]}.{made.ending}"
    answer = send_file(BytesIO(made.content), made.media_type, as_attachment=True, download_name=name)
    words = ngettext("%(num)d letter downloaded.", "%(num)d letters downloaded.", tally.letters)
    if tally.rejections:
        rest = ngettext(
            "%(num)d row was left out: the file rejected.csv in the zip says why.",
            "%(num)d rows were left out: the file rejected.csv in the zip says why.",
            len(tally.rejections),
        )
        words = f"{words} {rest}"
    answer.headers[COUNTED] = quote(words)
    return answer


def _read(form: MergeForm) -> People | None:
    """Read the sheet; None where anything is wrong, which the form then says."""
    valid, language = form.validate_on_submit(), current_language()
    template, sheet = _template(form.letter.data), file_of(request, "sheet")
    if form.letter.data == "":
        form.refuse("letter", _("Choose a letter."))
    if form.post.data != Post.NONE and form.format.data not in ON_PAPER:
        form.refuse("post", _("Only PDF and Word letters can be prepared for mailing: choose one of them above."))
    if not sheet:
        form.refuse("sheet", _("Choose a sheet."))
    if not valid or form.errors or template is None:
        return None
    try:
        people = read_people(BytesIO(sheet), template, ON_A_PAGE)
        too_many = sum(1 for _row in islice(people.rows(), MAX_ROWS + 1)) > MAX_ROWS
    except SheetRefused as refused:
        form.refuse("sheet", in_language(refused.wording, language))
        if refused.wording is TOO_LARGE:
            form.refuse("sheet", _("The command “advocacy merge” takes larger ones."))
        return None
    if too_many:
        command = f"advocacy merge {form.letter.data} …"
        form.refuse(
            "sheet",
            _(
                "This sheet has more than %(most)d rows: merge it with the command “%(command)s”.",
                most=MAX_ROWS,
                command=command,
            ),
        )
        return None
    return people


def _template(path: str | None) -> LetterTemplate | None:
    campaign, _slash, letter = (path or "").partition("/")
    opened = services().campaign(campaign) if campaign else None
    return opened.letters.get(letter) if opened else None


def _report(people: People, tally: Tally) -> Report:
    language = current_language()
    read = sorted((place, key) for key, places in people.columns.places.items() for place in places)
    faults = [
        (rejection.row, fault.column, in_language(fault.reason, language))
        for rejection in tally.rejections
        for fault in rejection.faults
    ]
    return Report(
        described=in_language(people.sheet.described, language),
        columns=", ".join(f"{letters_of(place)} {people.columns.title(key)}" for place, key in read),
        unread=[(one.column, in_language(one.near, language) if one.near else "") for one in people.columns.unread],
        letters=tally.letters,
        left_out=len(tally.rejections),
        faults=faults[:MAX_FAULTS],
        more=max(0, len(faults) - MAX_FAULTS),
        notes=[
            (in_language(note, language), rows[:MAX_ROWS_NAMED], max(0, len(rows) - MAX_ROWS_NAMED))
            for note, rows in tally.notes.items()
        ],
    )


def _page(form: MergeForm, *, report: Report | None = None, checked: bool = False) -> str:
    letters: Sequence[tuple[str, Any]] = form.letter.choices[1:]
    known = [path for path, _title in letters]
    shown = form.letter.data if form.letter.data in known else next(iter(known), "")
    template = _template(shown)
    return render_template(
        "staff/merge.html",
        form=form,
        letters=letters,
        report=report,
        checked=checked,
        most=MAX_ROWS,
        chosen=bool(request.files.get("sheet")),
        shown=shown,
        needed=columns(template, current_language()) if template else (),
    )
