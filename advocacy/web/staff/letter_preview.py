"""A letter tried out on a real legislator of each kind, with each variant: as a page, a file, or a mail to oneself."""

from dataclasses import replace
from io import BytesIO
from typing import Any

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from advocacy.campaigns.editor.editor_letter import EditorLetter
from advocacy.database import immediate
from advocacy.exports.format import CannotExport, ExportOptions
from advocacy.exports.pdf import to_pdf
from advocacy.exports.text import to_text
from advocacy.language import Language, day_of
from advocacy.letters.letter import Letter
from advocacy.staff.emails import send_test_letter_email
from advocacy.staff.models import Role
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import bp, current_account, requires
from advocacy.web.staff.forms import check_token
from advocacy.web.staff.sample_letters import Preview, previews, wished
from advocacy.web.staff.working_copy import open_working_copy

PAGE = "/campaigns/<campaign>/letters/<letter>/preview"


@bp.get(PAGE, endpoint="letter_preview")
@requires(Role.WRITER)
def page(campaign: str, letter: str) -> str | Response:
    """Show both languages side by side."""
    editor_letter, shown = _previews(campaign, letter)
    if editor_letter is None:
        return redirect(url_for("staff.letter_source", campaign=campaign, letter=letter), 303)
    return render_template(
        "staff/preview.html",
        previews=shown,
        preview=shown[0],
        title=editor_letter.file.title.in_language(current_language()),
        place={"campaign": campaign, "letter": letter},
    )


@bp.get(f"{PAGE}/part", endpoint="preview_part")
@requires(Role.WRITER)
def part(campaign: str, letter: str) -> str:
    """Return the letter alone, which follows what is typed."""
    editor_letter, shown = _previews(campaign, letter, sides=1)
    if editor_letter is None:
        abort(409)
    place = {"campaign": campaign, "letter": letter}
    return render_template("staff/preview_part.html", preview=shown[0], place=place)


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
    made = _letter(campaign, letter)
    return Response(to_text(made).encode(errors="ignore"), mimetype="text/plain")


@bp.post(f"{PAGE}/test", endpoint="send_test")
@requires(Role.WRITER)
def send_test(campaign: str, letter: str) -> Response:
    """Send the letter, as the draft has it, to whoever asks, marked as a test."""
    check_token()
    account = current_account()
    with immediate(services().sessions) as session:
        copy = open_working_copy(session, campaign, letter)
        editor_letter = copy.editor_letter()
        [preview] = previews(session, editor_letter, [wished(request.form, editor_letter)]) if editor_letter else [None]
        if editor_letter is None or preview is None or preview.letter is None or not editor_letter.can_be_sent():
            flash(_("Not sent: fix the problems first."), "refused")
        else:
            send_test_letter_email(session, copy.document, preview.trial, to=account, now=services().now())
            flash(_("A test is being sent to %(address)s. Nobody else gets it.", address=account.email))
    shown: dict[str, Any] = dict(preview.arguments) if preview else {}
    return redirect(url_for("staff.letter", campaign=campaign, letter=letter, **shown), 303)


def _previews(campaign: str, letter: str, sides: int = len(Language)) -> tuple[EditorLetter | None, list[Preview]]:
    with services().sessions() as session:
        editor_letter = open_working_copy(session, campaign, letter).editor_letter()
        if editor_letter is None:
            return None, []
        trial = wished(request.args, editor_letter)
        languages = [trial.language, *(other for other in Language if other is not trial.language)]
        return editor_letter, previews(
            session, editor_letter, [replace(trial, language=side) for side in languages[:sides]]
        )


def _letter(campaign: str, letter: str) -> Letter:
    editor_letter, shown = _previews(campaign, letter, sides=1)
    if editor_letter is None or shown[0].letter is None:
        abort(404)
    return shown[0].letter
