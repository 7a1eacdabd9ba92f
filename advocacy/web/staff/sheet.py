"""The section “Letters from a sheet” of Organisation: it is checked in the background, then its letters are made.

The sheet and what is made of it are stored encrypted, for a day.
"""

from io import BytesIO
from typing import Any

from flask import abort, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import FileField, SelectField
from wtforms.fields import Field, SelectChoice
from wtforms.validators import InputRequired, ValidationError

from advocacy.campaigns.letter_template import LetterTemplate
from advocacy.exports.format import Post
from advocacy.exports.merge.columns import sample_columns, sample_sheet
from advocacy.exports.merge.sheet_rows import read_people
from advocacy.language import SIDE_BY_SIDE
from advocacy.sheets import TOO_LARGE, SheetRefused
from advocacy.staff.job_runner import CHECK, MAKE, MAX_SHEET_ROWS
from advocacy.staff.models import JobKind, JobState, Role
from advocacy.web.files import takes_file, uploaded_file
from advocacy.web.locale import current_language
from advocacy.web.rate_limits import costs
from advocacy.web.services import services
from advocacy.web.staff.access import bp, requires
from advocacy.web.staff.forms import LANGUAGE_NAMES, StaffForm, check_token
from advocacy.web.staff.my_jobs import find_job, restart_job, start_job
from advocacy.web.staff.organisation import section, show

COLUMNS = "columns"
"""What the button says that shows the columns of another letter, where no script does."""
ON_PAPER = frozenset({"pdf", "docx"})
"""The forms that can be readied for the mail."""


class MergeForm(StaffForm):
    """Which letter is made of which sheet, and how; once it is valid, the sheet's data are its bytes."""

    letter = SelectField(_l("Letter"), validators=[InputRequired(_l("Choose a letter."))])
    language = SelectField(
        _l("Language of the letters"),
        id="letter-language",
        choices=[SelectChoice(language.value, LANGUAGE_NAMES[language]) for language in SIDE_BY_SIDE],
        description=_l("A column “language” decides row by row; this is for rows where it is empty."),
    )
    sheet = FileField(
        _l("Sheet, CSV or Excel"),
        id="sheet-file",
        render_kw={"accept": ".csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    )
    format = SelectField(
        _l("Letters as"),
        choices=[
            SelectChoice("pdf", _l("One PDF, to be printed")),
            SelectChoice("docx", _l("Word, a file each, in a zip")),
            SelectChoice("txt", _l("Text, a file each, in a zip")),
        ],
    )
    post = SelectField(
        _l("For the mail"),
        choices=[
            SelectChoice(Post.NONE.value, _l("The letters alone")),
            SelectChoice(Post.SHEET.value, _l("With a sheet for the address after each letter")),
            SelectChoice(Post.WINDOW.value, _l("The address placed for a #10 window envelope")),
        ],
        default=Post.NONE.value,
        description=_l(
            "PDF and Word only. A window shows the office’s address only if it is complete; otherwise a sheet is added."
        ),
    )

    def __init__(self, **data: Any) -> None:
        """Offer the letters there are, in the page's language."""
        super().__init__(**data)
        language, campaigns = current_language(), services().campaigns()
        self.letter.choices = []
        for campaign in campaigns:
            for letter in campaign.letters.values():
                title, name = letter.letter.title.in_language(language), campaign.file.name.in_language(language)
                label = f"{title} ({name})" if len(campaigns) > 1 else title
                self.letter.choices.append(SelectChoice(letter.path, label))

    def validate_post(self, field: Field) -> None:
        """Refuse what no form of letters but those on paper can be readied for."""
        if field.data != Post.NONE and self.format.data not in ON_PAPER:
            raise ValidationError(_("Only PDF and Word letters can be prepared for mailing: choose one of them above."))

    def validate_sheet(self, field: Field) -> None:
        """Find out whether the sheet can be read for the letter that was chosen."""
        content, template = uploaded_file(request, "sheet"), find_template(self.letter.data)
        if not content:
            raise ValidationError(_("Choose a sheet."))
        if template is None:
            return
        try:
            people = read_people(content, template, max_rows=MAX_SHEET_ROWS)
            too_many = len(people.rows) > MAX_SHEET_ROWS
        except SheetRefused as refused:
            words = refused.message.in_language(current_language())
            if refused.message is TOO_LARGE:
                larger = _("The command “advocacy merge” takes larger ones.")
                words = f"{words} {larger}"
            raise ValidationError(words) from None
        if too_many:
            command, most = f"advocacy merge {self.letter.data} …", format_decimal(MAX_SHEET_ROWS)
            raise ValidationError(
                _(
                    "This sheet has more than %(most)s rows: merge it with the command “%(command)s”.",
                    most=most,
                    command=command,
                )
            )
        field.data = content


@section("sheet", Role.PUBLISHER)
def sheet_shown(form: MergeForm | None = None) -> dict[str, object]:
    """Return the form, and the columns that a sheet for the chosen letter may have."""
    form = form or MergeForm(formdata=None, letter=request.args.get("letter", ""), language=current_language().value)
    letters = [choice.value for choice in form.letter.choices]
    if form.letter.data not in letters:
        form.letter.data = letters[0] if letters else ""
    template = find_template(form.letter.data)
    return {
        "form": form,
        "letters": letters,
        "most": MAX_SHEET_ROWS,
        "columns": sample_columns(template, current_language()) if template else (),
    }


@bp.post("/organisation/sheet")
@costs(20)
@takes_file
@requires(Role.PUBLISHER)
def sheet() -> ResponseReturnValue:
    """Start the check of a sheet."""
    form = MergeForm()
    if request.form.get("act") == COLUMNS:
        check_token()
        return show("sheet", form=form)
    if not form.validate_on_submit():
        return show("sheet", form=form), 422
    arguments = {
        "act": CHECK,
        "letter": form.letter.data,
        "language": form.language.data,
        "format": form.format.data,
        "post": form.post.data,
        "spoken": current_language().value,
    }
    return start_job(JobKind.MERGE, arguments, file=form.sheet.data)


@bp.get("/organisation/sheet/sample")
@requires(Role.PUBLISHER)
def sample() -> Response:
    """Return a sample sheet with every column of a letter."""
    letter = request.args.get("letter", "")
    template = find_template(letter)
    if template is None:
        abort(404)
    name = f"{letter.rpartition('/')[2]}.csv"
    return send_file(BytesIO(sample_sheet(template, current_language())), as_attachment=True, download_name=name)


@bp.post("/organisation/sheet/<int:number>")
@costs(20)
@requires(Role.PUBLISHER)
def sheet_checked(number: int) -> ResponseReturnValue:
    """Start making the letters of a checked sheet; the check is replaced."""
    check_token()
    check = find_job(number)
    if check.state is not JobState.DONE or check.outcome["code"] != "checked":
        abort(404)
    return restart_job(check, {**check.arguments, "act": MAKE})


def find_template(path: str | None) -> LetterTemplate | None:
    """Return the letter at a path, as "campaign/letter"."""
    campaign, _slash, letter = (path or "").partition("/")
    opened = services().campaign(campaign) if campaign else None
    return opened.letters.get(letter) if opened else None
