"""The survey of a campaign: its questions, answers and quotes built by form, pasted or imported."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    FieldList,
    FileField,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.form import Form
from wtforms.validators import DataRequired, Optional, Regexp, ValidationError

from advocacy.campaigns.campaign_folder import FINDINGS, CampaignFolder
from advocacy.campaigns.differences import compare_documents
from advocacy.campaigns.documents import folder_problems, live_revision, newest_revision, revision_files
from advocacy.campaigns.editor.labels import finding_label
from advocacy.campaigns.library import lock_campaigns, readable_folder
from advocacy.campaigns.models import Revision
from advocacy.campaigns.pasted_answers import PastedAnswer, read_count, read_share, read_table
from advocacy.campaigns.revision_effects import changed_citations
from advocacy.campaigns.survey_edits import (
    EXACTLY,
    MORE_THAN,
    add_answers,
    add_keys,
    file_values,
    form_data,
    keyed_rows,
    letters_citing,
)
from advocacy.campaigns.toml_text import format_toml, keep_comments
from advocacy.findings import LINK, MAX_SUMMARY_WORDS, NO_SURVEY, Survey, adds_up
from advocacy.language import Language, format_percent
from advocacy.sheets import SheetErrors
from advocacy.staff import revisions
from advocacy.staff.models import Role
from advocacy.toml_source import TomlProblems
from advocacy.web.files import takes_file, uploaded_file
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import bp, current_account, form_limits, requires
from advocacy.web.staff.forms import KeyField, PartForm, StaffForm, apply_row_button, text
from advocacy.web.staff.problem_notes import campaign_notes, sentence
from advocacy.web.staff.saved_meanwhile import VersionField, document_saved, is_outdated

DOCUMENT = "findings"
MAX_FILE = 1_000_000
MAX_PARTS = 8_000
"""Fields of one form: each answer has some fifteen."""
MAX_TEXT = 4000
WHOSE = [
    SelectChoice(" ".join(translated))
    for number in range(len(Language) + 1)
    for translated in combinations(Language, number)
]
"""The languages that are our translation; the template says it in words."""
OF_TABLE = frozenset({"pasted", "file", "into"})
"""The fields by which a table is added."""
NEW = "new"
"""The question that pasted answers go to where none of the survey's is chosen."""


# --- the form


def _of(read: Callable[[str], object], words: Any) -> Callable[[Form, Field], None]:
    """Refuse what `read` refuses, in these words."""

    def check(_form: Form, box: Field) -> None:
        try:
            read(box.data or "")
        except ValueError:
            raise ValidationError(str(words)) from None

    return check


SHARE = _of(read_share, _l("Write a share from 0 to 100, with one decimal at most."))
COUNT = _of(read_count, _l("Write a whole number, 1 or more."))
FILLED = DataRequired(_l("Write this in both languages."))
ADDRESS = Regexp(rf"\s*({LINK.pattern})?\s*$", message=_l("Write the whole address, from https:// on."))
LONG: dict[str, Any] = {"lines": 2, "max_length": MAX_TEXT}


def _at_a_glance(_form: Form, box: Field) -> None:
    if len((box.data or "").split()) > MAX_SUMMARY_WORDS:
        raise ValidationError(_("Write at most %(most)s words.", most=MAX_SUMMARY_WORDS))


def _statement(label: Any, *checks: Any) -> FormField:
    """Return a field for a text that may be the survey's own or our translation."""
    fields = {"text": text("", *checks, **LONG), "translated": SelectField("", choices=WHOSE, default="")}
    return FormField(type("StatementForm", (PartForm,), fields), label)


class AnswerForm(PartForm):
    """One answer, with its share."""

    key = KeyField()
    share = StringField(_l("Share, in percent"), [SHARE])
    wording = _statement(_l("Wording"), FILLED)
    count = StringField(_l("Number of people"), [Optional(), COUNT])
    label = text(_l("Short text for the chart"), **LONG)
    highlight = _statement(_l("Highlight, after the figure"))
    summary = text(_l("Sentence on the campaign page, after the figure"), _at_a_glance, **LONG)


class QuestionForm(PartForm):
    """One question, with its answers."""

    key = KeyField()
    question = _statement(_l("Question"), FILLED)
    several_answers = BooleanField(_l("People could choose several answers"))
    preamble = FieldList(_statement(_l("Text")), _l("Read before the question"), max_entries=10)
    answers = FieldList(FormField(AnswerForm, ""), _l("Answer"), max_entries=60)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each answer, and that the shares of one answer each make a whole."""
        valid = super().validate(extra_validators)
        if not self.answers.entries:
            self.answers.errors = [_("Add an answer.")]
            return False
        if not valid or self.several_answers.data:
            return bool(valid)
        shares = [read_share(answer.form.share.data) for answer in self.answers]
        if adds_up(shares):
            return True
        total = format_percent(sum(shares), current_language())
        wrong = _(
            "The shares add up to %(total)s, more than rounding explains. Correct a share, or tick “several answers”.",
            total=total,
        )
        self.answers.errors = [wrong]
        return False


class QuoteForm(PartForm):
    """What one person said."""

    key = HiddenField(validators=[Optional(), Regexp(r"quote_[a-z0-9_]{1,50}$")])
    statement = _statement(_l("Quotation, with its quotation marks"), FILLED)
    attribution = text(_l("Said by"), FILLED, **LONG)


class PollForm(PartForm):
    """One survey."""

    title = text(_l("Title of the survey"), FILLED, max_length=MAX_TEXT)
    source = text(_l("Who ran it"), FILLED, max_length=MAX_TEXT)
    started = StringField(
        _l("Year and month it began"),
        [Regexp(r"[0-9]{4}-(0[1-9]|1[0-2])$", message=_l("Write a year and a month, as 2025-02."))],
        description=_l("As 2025-02"),
    )
    months = StringField(_l("How long it ran, in months"), [Optional(), COUNT])
    respondents = StringField(_l("How many people answered"), [COUNT])
    base = RadioField(
        _l("Those who answered were"),
        choices=[
            SelectChoice(EXACTLY, _l("exactly this many")),
            SelectChoice(MORE_THAN, _l("more than this many")),
        ],
        default=EXACTLY,
    )
    method = text(
        _l("How it was made"),
        **LONG,
        hint=_l("As “Online survey in {started}; voluntary participation”. {started} is its month."),
    )
    link = text(_l("Address of the published survey"), ADDRESS, max_length=MAX_TEXT)
    introduction = FieldList(_statement(_l("Text")), _l("Introduction"), max_entries=20)
    questions = FieldList(FormField(QuestionForm, ""), _l("Question"), max_entries=60)
    quotes = FieldList(FormField(QuoteForm, ""), _l("Quotation"), max_entries=60)
    pasted = TextAreaField(_l("Table"))
    file = FileField(_l("Or a CSV file, of 1 MB at most"))
    into = SelectField(_l("Add the answers to"), choices=[], validate_choice=False, default=NEW)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, and that there is a question."""
        valid = super().validate(extra_validators)
        if not self.questions.entries:
            self.questions.errors = [_("Add a question.")]
            return False
        return bool(valid)


class SurveyForm(StaffForm):
    """The surveys of a campaign, in most one; none where it has no survey."""

    version = VersionField()
    surveys = FieldList(FormField(PollForm, ""), _l("Survey"), max_entries=10)

    def survey_data(self) -> dict[str, Any]:
        """Return what was typed of the surveys, without tables that are not added yet."""
        polls = self.data["surveys"]
        return {"surveys": [{name: one for name, one in poll.items() if name not in OF_TABLE} for poll in polls]}


# --- the page


@dataclass(slots=True)
class Stored:
    """The survey as it was saved last: its revision, None before the first, and the campaign around it."""

    folder: CampaignFolder
    revision: Revision | None
    content: bytes
    survey: Survey
    live: Revision | None

    @property
    def version(self) -> int:
        return self.revision.document.version if self.revision else 0

    def with_content(self, content: bytes) -> CampaignFolder:
        """Return the campaign with another survey."""
        return CampaignFolder.of(self.folder.name, {**dict(self.folder.files), FINDINGS: content})


@bp.route("/campaigns/<campaign>/survey", methods=["GET", "POST"])
@takes_file
@form_limits(parts=MAX_PARTS)
@requires(Role.WRITER)
def survey(campaign: str) -> ResponseReturnValue:
    """Show the survey as a form; carry out its buttons; show what an edit changes, or save it."""
    if request.method == "GET":
        stored = _stored(campaign)
        form = SurveyForm(formdata=None, data=form_data(stored.survey, current_language()))
        return _page(stored, form)
    lock_campaigns(g.session)  # before it is read: what is saved is compared with the newest revision
    stored = _stored(campaign)
    form = SurveyForm()
    if (changed := apply_row_button(request.form)) is not None:
        return _page(stored, SurveyForm(formdata=changed), opened=_opened(request.form["row"], changed))
    if "paste" in request.form:
        return _paste(stored, form)
    if not form.validate():
        return _page(stored, form), 422
    return _edit(stored, form)


def _stored(campaign: str) -> Stored:
    folder = readable_folder(g.session, campaign)
    if not folder.files:
        abort(404)
    revision = newest_revision(g.session, campaign, DOCUMENT)
    content = revision_files(revision).get(FINDINGS, b"") if revision else b""
    live = live_revision(g.session, revision.document_id) if revision else None
    own = CampaignFolder.of(campaign, {FINDINGS: content})
    return Stored(folder, revision, content, _readable(own), live)


def _readable(folder: CampaignFolder) -> Survey:
    """Return the survey of a campaign; one that cannot be read is shown as none, and its problems say why."""
    try:
        return folder.survey()
    except TomlProblems:
        return NO_SURVEY


def _edit(stored: Stored, form: SurveyForm) -> ResponseReturnValue:
    """Show or save a form whose fields are right; raise SavedMeanwhile."""
    saves = request.form.get("go") == "save"
    data = form.survey_data()
    add_keys(data)
    newest = stored.revision.id if stored.revision else 0
    if wrong := _removed_and_cited(stored, data):
        form.form_errors = [*form.form_errors, *wrong]
        return _page(stored, form), 422
    try:
        content = format_toml(file_values(data)).encode()
        if stored.survey.polls:
            content = keep_comments(stored.content, content)
        stored.with_content(content).survey()
    except TomlProblems as problems:
        sentences = [sentence(problem) for problem in problems.problems]
        form.form_errors = [*form.form_errors, *sentences]
        return _page(stored, form), 422
    if stored.revision and is_outdated(form.version, stored.version):
        theirs, mine = stored.with_content(stored.content), stored.with_content(content)
        rows = compare_documents(theirs, mine, DOCUMENT)
        raise document_saved(form.version, stored.version, stored.revision.document, rows=rows)
    if not saves:
        return _page(stored, form, change=_change(stored, content))
    try:
        made = revisions.save(
            g.session,
            stored.folder.name,
            DOCUMENT,
            files={FINDINGS: content},
            by=current_account(),
            now=services().now(),
            over=newest or None,
        )
    except revisions.IsArchived:
        g.session.rollback()
        form.form_errors = [_("This campaign is archived: restore it before you edit it.")]
        return _page(stored, form), 422
    if made.id == newest:
        flash(_("Nothing has changed: no revision was made."))
        return redirect(url_for("staff.survey", campaign=stored.folder.name), 303)
    flash(_("Revision %(number)s is saved. The public won’t see it until it is published.", number=made.number))
    if not stored.folder.letters():
        return redirect(url_for("staff.new_letter", campaign=stored.folder.name, setup="yes"), 303)
    return redirect(url_for("staff.review", revision=made.id), 303)


def _page(
    stored: Stored,
    form: SurveyForm,
    *,
    opened: str = "",
    pasted: Mapping[str, Sequence[PastedAnswer]] = {},
    change: Mapping[str, Any] | None = None,
) -> str:
    """Return the page; `opened` is the field whose question is open and has the focus, `pasted` the tables to add."""
    language = current_language()
    if not form.version.data:
        form.version.data = stored.version
    for poll in form.surveys:
        names = [
            SelectChoice(str(place), _short(question.form.question.form.text.form[language.value].data, place + 1))
            for place, question in enumerate(poll.form.questions)
        ]
        poll.form.into.choices = [SelectChoice(NEW, _("A new question")), *names]
    unread = []
    if stored.content and not stored.survey.polls:
        try:
            stored.with_content(stored.content).survey()
        except TomlProblems as problems:
            unread = [sentence(problem) for problem in problems.problems]
    shown = {"opened": opened, "pasted": pasted, "change": change}
    return render_template("staff/survey.html", form=form, stored=stored, unread=unread, short=_short, **shown)


def _short(text: str | None, number: int) -> str:
    words = " ".join((text or "").split())
    return f"{number}. {words[:80].rstrip()}{'…' if len(words) > 80 else ''}" if words else f"{number}."


def _opened(button: str, changed: MultiDict[str, str]) -> str:
    """Return the name of the row that a button added or moved, or of the list that it took one from."""
    which, _colon, act = button.rpartition(":")
    if act == "add":
        rows = {found[1] for key in changed if (found := re.match(rf"{re.escape(which)}-([0-9]+)", key))}
        return f"{which}-{max(map(int, rows), default=0)}"
    listed, _dash, number = which.rpartition("-")
    moved = {"up": -1, "down": 1}.get(act)
    return listed if moved is None else f"{listed}-{max(0, int(number) + moved)}"


# --- a table


def _paste(stored: Stored, form: SurveyForm) -> ResponseReturnValue:
    """Show what a pasted table or a file says, or add it to the form; nothing is saved."""
    which, _colon, act = request.form["paste"].rpartition(":")
    poll = next((one for one in form.surveys if one.name == which), None)
    if poll is None:
        abort(400)
    text, language = poll.form.pasted.data or "", current_language()
    if content := uploaded_file(request, poll.form.file.name):
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252", "replace")
        if len(content) > MAX_FILE:
            poll.form.file.errors = [_("This file is larger than 1 MB.")]
            return _page(stored, form, opened=which), 422
    if not text.strip():
        poll.form.pasted.errors = [_("Paste a table, or choose a file.")]
        return _page(stored, form, opened=which), 422
    poll.form.pasted.data = text
    try:
        answers = read_table(text, language)
    except SheetErrors as refused:
        poll.form.pasted.errors = [
            _("Line %(number)s: %(problem)s", number=error.row, problem=error.message.in_language(language))
            for error in refused.errors
        ]
        return _page(stored, form, opened=f"{which}-pasted"), 422
    if act != "add":
        return _page(stored, form, opened=f"{which}-pasted", pasted={which: answers})
    data = form.data
    rows = data["surveys"][[one.name for one in form.surveys].index(which)]
    first = add_answers(rows, answers, into=poll.form.into.data or NEW, language=language)
    rows["pasted"] = ""
    return _page(stored, SurveyForm(formdata=None, data=data), opened=f"{which}-questions-{first}")


# --- what an edit does


def _change(stored: Stored, content: bytes) -> Mapping[str, Any]:
    """Return what an edit changes of what is live: of the survey, and of each letter that cites it."""
    new = stored.with_content(content)
    changed = changed_citations(stored.folder, new)
    return {
        "rows": [one for one in compare_documents(stored.folder, new, DOCUMENT) if one.changed],
        "cited": changed,
        "problems": campaign_notes(folder_problems(new), new),
        "letters": len({one.letter for one in changed}),
    }


def _removed_and_cited(stored: Stored, data: dict[str, Any]) -> list[str]:
    """Return an error for each figure or quote that cannot be removed because letters cite it."""
    language = current_language()
    kept = {row["key"] for row in keyed_rows(data)}
    citable = {**_readable(stored.folder).citable, **stored.survey.citable}
    return [
        ngettext(
            "“%(finding)s” cannot be removed: the letter %(letters)s cites it. Remove it from the letter first.",
            "“%(finding)s” cannot be removed: %(num)d letters cite it: %(letters)s. Remove it from them first.",
            len(letters),
            finding=finding_label(citable[key])[language],
            letters=", ".join(title[language] for title in letters),
        )
        for key, letters in letters_citing(stored.folder, citable.keys() - kept).items()
    ]
