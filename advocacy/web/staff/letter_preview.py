"""A letter tried out on a real legislator of each kind: as a page, a file, or a mail to oneself."""

from io import BytesIO
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from advocacy.campaigns.letter_template import LetterTemplate
from advocacy.exports.format import CannotExport, ExportOptions
from advocacy.exports.pdf import to_pdf
from advocacy.exports.text import to_text
from advocacy.language import day_of
from advocacy.letters.letter import Letter
from advocacy.staff.emails import send_test_letter_email
from advocacy.staff.models import Role
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import bp, current_account, requires
from advocacy.web.staff.forms import check_token
from advocacy.web.staff.problem_notes import letter_notes
from advocacy.web.staff.sample_letters import preview, wished
from advocacy.web.staff.working_copy import WorkingCopy, open_working_copy, progress_of

PAGE = "/campaigns/<campaign>/letters/<letter>/preview"


@bp.get(PAGE, endpoint="letter_preview")
@requires(Role.WRITER)
def preview_page(campaign: str, letter: str) -> str:
    """Show both languages side by side, also while something is unfinished."""
    copy = open_working_copy(g.session, campaign, letter)
    return render_template(
        "staff/preview.html",
        copy=copy,
        progress=progress_of(g.session, copy),
        preview=preview(g.session, _template(copy), campaign=campaign, arguments=request.args),
        to_fix=[note for note in letter_notes(copy) if not note.problem.is_advice],
    )


@bp.get(f"{PAGE}/pdf", endpoint="preview_pdf")
@requires(Role.WRITER)
def pdf(campaign: str, letter: str) -> Response | tuple[str, int]:
    made = _letter(campaign, letter)
    try:
        content = to_pdf([made], ExportOptions(today=day_of(services().now())))
    except CannotExport as refused:
        return render_template("staff/no_preview.html", why=refused.message.in_language(current_language())), 422
    return send_file(BytesIO(content), mimetype="application/pdf", download_name=f"{letter}.{made.language}.pdf")


@bp.get(f"{PAGE}/text", endpoint="preview_text")
@requires(Role.WRITER)
def text(campaign: str, letter: str) -> Response:
    return Response(to_text(_letter(campaign, letter)).encode(errors="ignore"), mimetype="text/plain")


@bp.post(f"{PAGE}/test", endpoint="send_test")
@requires(Role.WRITER)
def send_test(campaign: str, letter: str) -> Response:
    """Send the letter to whoever asks, marked as a test."""
    check_token()
    account = current_account()
    copy = open_working_copy(g.session, campaign, letter)
    template, unread = copy.folder.readable_template(letter)
    trial = wished(request.form, template)
    if unread:
        flash(_("Not sent: first write what is missing."), "refused")
    else:
        send_test_letter_email(g.session, copy.document, trial, to=account, now=services().now())
        flash(_("A test is being sent to %(address)s. Nobody else gets it.", address=account.email))
    shown = preview(g.session, template, campaign=campaign, arguments=request.form).arguments
    query: dict[str, Any] = {"campaign": campaign, "letter": letter, **shown}
    return redirect(url_for("staff.letter_preview", **query), 303)


def _template(copy: WorkingCopy) -> LetterTemplate:
    return copy.folder.readable_template(copy.letter)[0]


def _letter(campaign: str, letter: str) -> Letter:
    copy = open_working_copy(g.session, campaign, letter)
    shown = preview(g.session, _template(copy), campaign=campaign, arguments=request.args)
    return shown.letters[0][0] if shown.letters else abort(404)
