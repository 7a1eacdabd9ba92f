"""A sheet up, letters down, in one request and in memory: nothing of it is kept, and nothing is logged."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from urllib.parse import quote

from flask import Blueprint, abort, render_template, request, send_file
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from advocacy.campaigns.campaign import LetterTemplate
from advocacy.database import immediate
from advocacy.exports import FORMATS
from advocacy.exports.form import CannotBeMade, Post, Wishes
from advocacy.exports.merge import (
    LANGUAGE_COLUMN,
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
from advocacy.language import Language, Wording, day_of
from advocacy.staff import audit
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import publisher, staff
from advocacy.web.staff.merge_report import Report, reported
from advocacy.web.uploads import file_of, takes_file

Answer = Response | str | tuple[str, int]
MOST_ROWS = ON_A_PAGE.rows
"""The most rows that a page merges; the command takes more."""
JOINED = frozenset({"pdf"})
OFFERED = ("pdf", "docx", "txt")
"""The forms that a page hands out, and those that are one file for all letters."""
BY_ROW = "row"
"""Each row's own column says its letter's language."""
CHECK = "check"
COUNTED = "X-Merge-Counted"
"""A header that says, percent-encoded, how many letters a file holds: to a script, which shows it."""
ON_PAPER = frozenset({"pdf", "docx"})
"""The forms that can be readied for the mail."""


def add_merging(routes: Blueprint) -> None:
    """Make the routes."""
    routes.get("/merge", endpoint="merge")(ask)
    routes.get("/merge/sample", endpoint="merge_sample")(sample)
    routes.post("/merge", endpoint="merged")(merge)


class _Refused(ValueError):
    """The page cannot go on: the field at fault, and what to do."""

    def __init__(self, field: str, sentence: str) -> None:
        self.field, self.sentence = field, sentence
        super().__init__(field)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the form brings."""

    letter: str
    template: LetterTemplate
    language: Language | None
    form: str
    post: Post
    people: People

    @property
    def name(self) -> str:
        """The letter's own name, which the file is named by."""
        return self.letter.rpartition("/")[2]


@publisher
def ask() -> str:
    """Ask for a sheet, a letter and a form."""
    return _page({})


@publisher
def sample() -> Response:
    """Hand out a sheet to begin with, which has every column of one letter."""
    kind = request.args.get("kind", "")
    try:
        letter, template = _template(request.args.get("letter", ""))
    except _Refused:
        abort(404)
    if kind not in SAMPLES:
        abort(404)
    name = f"{letter.rpartition('/')[2]}.{kind}"
    return send_file(BytesIO(SAMPLES[kind](template, current_language())), as_attachment=True, download_name=name)


@takes_file
@publisher
def merge() -> Answer:
    """Check a sheet and report on it, or hand its letters out."""
    try:
        asked = _asked()
        if request.form.get("act") == CHECK:
            return _page({}, report=_checked(asked), checked=True)
        made, tally = _made(asked)
    except _Refused as refused:
        return _page({refused.field: [refused.sentence]}), 422
    except SheetRefused as refused:
        return _page({"sheet": _said(refused)}), 422
    except CannotBeMade as refused:
        return _page({"format": [refused.message.in_language(current_language())]}), 422
    if made is None:
        none = _("No row can become a letter: see why below.")
        return _page({"sheet": [none]}, report=_report(asked, tally)), 422
    _journal(asked, tally)
    name = f"{asked.name}.{made.ending}"
    answer = send_file(BytesIO(made.content), made.media_type, as_attachment=True, download_name=name)
    answer.headers[COUNTED] = quote(_counted(tally))
    return answer


def _counted(tally: Tally) -> str:
    """Say what a merge gave, and where the rows left out are named: numbers alone, nothing of any row."""
    letters, left_out = tally.letters, len(tally.rejections)
    said: str = ngettext("%(num)d letter downloaded.", "%(num)d letters downloaded.", letters)
    if not left_out:
        return said
    rest = ngettext(
        "%(num)d row was left out: the file rejected.csv in the zip says why.",
        "%(num)d rows were left out: the file rejected.csv in the zip says why.",
        left_out,
    )
    return f"{said} {rest}"


def _said(refused: SheetRefused) -> list[str]:
    """Say why a sheet is refused, and of one too large that the command may take it."""
    said = [refused.wording.spoken(current_language())]
    return [*said, _("The command “advocacy merge” takes larger ones.")] if refused.wording is TOO_LARGE else said


def _asked() -> _Asked:
    letter, template = _template(request.form.get("letter", ""))
    language = request.form.get("language", "")
    if language not in {BY_ROW, *Language}:
        raise _Refused("language", _("Choose the letters’ language."))
    form = request.form.get("format", "")
    if form not in OFFERED:
        raise _Refused("format", _("Choose a format for the letters."))
    post = request.form.get("post", Post.NONE)
    if post not in set(Post):
        raise _Refused("post", _("Choose how to prepare the letters for mailing."))
    if post != Post.NONE and form not in ON_PAPER:
        raise _Refused("post", _("Only PDF and Word letters can be prepared for mailing: choose one of them above."))
    sheet = file_of(request, "sheet")
    if not sheet:
        raise _Refused("sheet", _("Choose a sheet."))
    people = read_people(BytesIO(sheet), template, ON_A_PAGE)
    if language == BY_ROW and LANGUAGE_COLUMN not in people.columns.places:
        said = _("No column of the sheet names the letters’ language: choose one, or add a column “language”.")
        raise _Refused("language", said)
    if sum(1 for _row in islice(people.rows(), MOST_ROWS + 1)) > MOST_ROWS:
        command = f"advocacy merge {letter} …"
        said = _(
            "This sheet has more than %(most)d rows: merge it with the command “%(command)s”.",
            most=MOST_ROWS,
            command=command,
        )
        raise _Refused("sheet", said)
    return _Asked(letter, template, None if language == BY_ROW else Language(language), form, Post(post), people)


def _template(wanted: str) -> tuple[str, LetterTemplate]:
    campaign, _slash, letter = wanted.partition("/")
    opened = services().campaign(campaign) if campaign else None
    template = opened.letters.get(letter) if opened else None
    if template is None:
        raise _Refused("letter", _("Choose a letter."))
    return wanted, template


def _merge(asked: _Asked, wishes: Wishes) -> Merge:
    with services().sessions() as session:
        addressees = Addressees.of(session, today=wishes.today)
    return Merge(asked.template, addressees, today=wishes.today, language=asked.language)


def _wishes(post: Post) -> Wishes:
    site = services()
    return Wishes(day_of(site.now()), post, test_recipient=site.settings.test_recipient)


def _checked(asked: _Asked) -> Report:
    tally, wishes = Tally(), _wishes(asked.post)
    counted = tally.counted(_merge(asked, wishes).letters(asked.people))
    for _one in tried(counted, FORMATS[asked.form], wishes=wishes, tally=tally):
        pass
    return _report(asked, tally)


def _made(asked: _Asked) -> tuple[HandedOut | None, Tally]:
    wishes, form = _wishes(asked.post), FORMATS[asked.form]
    return hand_out(
        _merge(asked, wishes),
        asked.people,
        form,
        wishes=wishes,
        joins=asked.form in JOINED,
        name=asked.name,
        spoken=current_language(),
    )


def _journal(asked: _Asked, tally: Tally) -> None:
    site = services()
    counts = {"letters": tally.letters, "left_out": len(tally.rejections), "format": asked.form}
    with immediate(site.sessions) as session:
        audit.write(
            session, audit.Act.LETTERS_MERGED, f"letter:{asked.letter}", by=staff().id, now=site.now(), after=counts
        )


def _report(asked: _Asked, tally: Tally) -> Report:
    return reported(asked.people, tally, current_language())


def _page(wrong: Mapping[str, list[str]], *, report: Report | None = None, checked: bool = False) -> str:
    opened = services().campaigns()
    letters = [
        (f"{one.name}/{name}", _named(letter.letter.title, one.file.name if len(opened) > 1 else None))
        for one in opened
        for name, letter in one.letters.items()
    ]
    typed = {key: request.form.get(key, "") for key in ("letter", "language", "format", "post")}
    typed["letter"] = typed["letter"] or request.args.get("letter", "")
    shown = next((name for name, _title in letters if name == typed["letter"]), letters[0][0] if letters else "")
    return render_template(
        "staff/merge.html",
        letter_options=letters,
        typed=typed,
        wrong=wrong,
        errors=[(field, " ".join(said)) for field, said in wrong.items()],
        report=report,
        columns=", ".join(f"{column} {title}" for column, title in report.columns) if report else "",
        checked=checked,
        most=MOST_ROWS,
        chosen=bool(request.files.get("sheet")),
        shown=shown,
        needed=columns(_template(shown)[1], current_language()) if shown else (),
    )


def _named(letter: Wording, campaign: Wording | None) -> str:
    language = current_language()
    return f"{letter.spoken(language)} ({campaign.spoken(language)})" if campaign else letter.spoken(language)
