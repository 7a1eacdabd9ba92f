"""Merge: a sheet up, letters down, in one request and in memory: nothing of it is stored, and nothing is logged."""

from io import BytesIO
from itertools import islice
from typing import Any
from urllib.parse import quote

from flask import abort, render_template, request, send_file
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from werkzeug.wrappers import Response
from wtforms import FileField, SelectField
from wtforms.fields import Field, SelectChoice
from wtforms.validators import InputRequired, ValidationError

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
from advocacy.web.staff.forms import NAMES, StaffForm
from advocacy.web.uploads import file_of, takes_file

Answer = Response | str | tuple[str, int]
MAX_ROWS = ON_A_PAGE.rows
"""The most rows that a page merges; the command takes more."""
CHECK = "check"
COUNTED = "X-Merge-Counted"
"""A header that says, percent-encoded, how many letters a file holds: to a script, which shows it."""
ON_PAPER = frozenset({"pdf", "docx"})
"""The forms that can be readied for the mail."""


class MergeForm(StaffForm):
    """Which letter is made of which sheet, and how; once it is valid, the sheet's data are its people."""

    letter = SelectField(lazy_gettext("Letter"), validators=[InputRequired(lazy_gettext("Choose a letter."))])
    language = SelectField(
        lazy_gettext("Language of the letters"),
        choices=[SelectChoice(language.value, NAMES[language]) for language in reversed(Language)],
        description=lazy_gettext("A column “language” decides row by row; this is for rows where it is empty."),
    )
    sheet = FileField(
        lazy_gettext("Sheet"),
        render_kw={"accept": ".csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    )
    format = SelectField(
        lazy_gettext("Letters as"),
        choices=[
            SelectChoice("pdf", lazy_gettext("One PDF, to be printed")),
            SelectChoice("docx", lazy_gettext("Word, a file each, in a zip")),
            SelectChoice("txt", lazy_gettext("Text, a file each, in a zip")),
        ],
    )
    post = SelectField(
        lazy_gettext("For the mail"),
        choices=[
            SelectChoice(Post.NONE.value, lazy_gettext("The letters alone")),
            SelectChoice(Post.SHEET.value, lazy_gettext("With a sheet for the address after each letter")),
            SelectChoice(Post.WINDOW.value, lazy_gettext("The address placed for a #10 window envelope")),
        ],
        default=Post.NONE.value,
        description=lazy_gettext(
            "PDF and Word only. A window shows the office’s address only if it is complete; otherwise a sheet is added."
        ),
    )

    def __init__(self, **data: Any) -> None:
        """Offer the letters there are, in the page's language."""
        super().__init__(**data)
        language, campaigns = current_language(), services().campaigns()
        self.letter.choices = {"": _("Choose a letter")}
        for one in campaigns:
            for letter in one.letters.values():
                title, campaign = letter.letter.title.spoken(language), one.file.name.spoken(language)
                self.letter.choices[letter.path] = f"{title} ({campaign})" if len(campaigns) > 1 else title

    def validate_post(self, field: Field) -> None:
        """Refuse what no form of letters but those on paper can be readied for."""
        if field.data != Post.NONE and self.format.data not in ON_PAPER:
            raise ValidationError(_("Only PDF and Word letters can be prepared for mailing: choose one of them above."))

    def validate_sheet(self, field: Field) -> None:
        """Read the sheet for the letter that was chosen."""
        content, template = file_of(request, "sheet"), find_template(self.letter.data)
        if not content:
            raise ValidationError(_("Choose a sheet."))
        if template is None:
            return
        try:
            field.data = read_people(BytesIO(content), template, ON_A_PAGE)
            too_many = sum(1 for _row in islice(field.data.rows(), MAX_ROWS + 1)) > MAX_ROWS
        except SheetRefused as refused:
            words = in_language(refused.wording, current_language())
            if refused.wording is TOO_LARGE:
                larger = _("The command “advocacy merge” takes larger ones.")
                words = f"{words} {larger}"
            raise ValidationError(words) from None
        if too_many:
            words = _("This sheet has more than %(most)d rows: merge it with the command “%(command)s”.")
            raise ValidationError(words % {"most": MAX_ROWS, "command": f"advocacy merge {self.letter.data} …"})


@bp.get("/merge")
@requires(Role.PUBLISHER)
def merge() -> str:
    """Ask for a sheet, a letter and a form."""
    return _page(MergeForm(letter=request.args.get("letter", ""), language=current_language().value))


@bp.get("/merge/sample")
@requires(Role.PUBLISHER)
def merge_sample() -> Response:
    """Hand out a sheet to begin with, which has every column of one letter."""
    kind, letter = request.args.get("kind", ""), request.args.get("letter", "")
    template = find_template(letter)
    if template is None or kind not in SAMPLES:
        abort(404)
    name = f"{letter.rpartition('/')[2]}.{kind}"
    return send_file(BytesIO(SAMPLES[kind](template, current_language())), as_attachment=True, download_name=name)


@bp.post("/merge")
@takes_file
@requires(Role.PUBLISHER)
def merged() -> Answer:
    """Check a sheet and report on it, or hand its letters out."""
    site, form, language = services(), MergeForm(), current_language()
    template = find_template(form.letter.data)
    if not form.validate_on_submit() or template is None:
        return _page(form), 422
    people, form_of_letters = form.sheet.data, FORMATS[form.format.data]
    wishes = Wishes(day_of(site.now()), Post(form.post.data), test_recipient=site.settings.test_recipient)
    with site.sessions() as session:
        addressees = Addressees.of(session, today=wishes.today, campaign=template.path.partition("/")[0])
    work = Merge(template, addressees, today=wishes.today, language=Language(form.language.data))
    try:
        if request.form.get("act") == CHECK:
            tally = Tally()
            for _one in tried(tally.counted(work.letters(people)), form_of_letters, wishes=wishes, tally=tally):
                pass
            return _page(form, people, tally)
        name, joins = template.path.rpartition("/")[2], form.format.data == "pdf"
        made, tally = hand_out(work, people, form_of_letters, wishes=wishes, joins=joins, name=name, spoken=language)
    except SheetRefused as refused:
        form.sheet.errors = [in_language(refused.wording, language)]
        return _page(form), 422
    except CannotBeMade as refused:
        form.format.errors = [refused.message]
        return _page(form), 422
    if made is None:
        form.sheet.errors = [_("No row can become a letter: see why below.")]
        return _page(form, people, tally), 422
    with immediate(site.sessions) as session:
        counts = {"letters": tally.letters, "left_out": len(tally.rejections), "format": form.format.data}
        by, now = current_account().id, site.now()
        audit.write(session, audit.Act.LETTERS_MERGED, f"letter:{template.path}", by=by, now=now, after=counts)
    return _download(made, tally, name)


def find_template(path: str | None) -> LetterTemplate | None:
    """Return the letter at a path, as "campaign/letter"."""
    campaign, _slash, letter = (path or "").partition("/")
    opened = services().campaign(campaign) if campaign else None
    return opened.letters.get(letter) if opened else None


def _download(made: HandedOut, tally: Tally, name: str) -> Response:
    answer = send_file(
        BytesIO(made.content), made.media_type, as_attachment=True, download_name=f"{name}.{made.ending}"
    )
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


def _page(form: MergeForm, people: People | None = None, tally: Tally | None = None) -> str:
    letters = {path: title for path, title in form.letter.choices.items() if path}
    shown = form.letter.data if form.letter.data in letters else next(iter(letters), "")
    template = find_template(shown)
    rejections = tally.rejections if tally else []
    return render_template(
        "staff/merge.html",
        form=form,
        letters=letters,
        people=people,
        tally=tally,
        faults=[(rejection.row, fault) for rejection in rejections for fault in rejection.faults],
        most=MAX_ROWS,
        chosen=bool(request.files.get("sheet")),
        shown=shown,
        needed=columns(template, current_language()) if template else (),
    )
