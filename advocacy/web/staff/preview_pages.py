"""The pages on which a letter is tried out, and the files it becomes."""

from dataclasses import replace
from io import BytesIO

from flask import Blueprint, abort, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from advocacy.exports.form import CannotBeMade, Wishes
from advocacy.exports.pdf import to_pdf
from advocacy.exports.text import to_text
from advocacy.language import Language, day_of
from advocacy.letters.letter import Letter
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import staff, writer
from advocacy.web.staff.letter_work import Reading, opened, reading
from advocacy.web.staff.previewing import Preview, previews, wished

PAGE = "/campaigns/<campaign>/letters/<letter>/preview"


def add_previewing(routes: Blueprint) -> None:
    """Make the routes."""
    routes.get(PAGE, endpoint="letter_preview")(page)
    routes.get(f"{PAGE}/part", endpoint="preview_part")(part)
    routes.get(f"{PAGE}/pdf", endpoint="preview_pdf")(pdf)
    routes.get(f"{PAGE}/text", endpoint="preview_text")(text)


@writer
def page(campaign: str, letter: str) -> str | Response:
    """Show both languages side by side."""
    read, shown = _read(campaign, letter)
    if read is None:
        return redirect(url_for("staff.letter_source", campaign=campaign, letter=letter), 303)
    return render_template(
        "staff/preview.html",
        previews=shown,
        preview=shown[0],
        title=read.file.title.spoken(current_language()),
        place={"campaign": campaign, "letter": letter},
        back="staff.letter_preview",
    )


@writer
def part(campaign: str, letter: str) -> str:
    """Give the letter alone, which follows what is typed."""
    read, shown = _read(campaign, letter, sides=1)
    if read is None:
        abort(409)
    place = {"campaign": campaign, "letter": letter}
    return render_template("staff/preview_part.html", preview=shown[0], place=place)


@writer
def pdf(campaign: str, letter: str) -> Response | tuple[str, int]:
    """Give the letter as a PDF."""
    made = _letter(campaign, letter)
    try:
        content = to_pdf([made], Wishes(today=day_of(services().now())))
    except CannotBeMade as refused:
        return render_template("staff/no_preview.html", why=refused.message.in_language(current_language())), 422
    return send_file(BytesIO(content), mimetype="application/pdf", download_name=f"{letter}.{made.language}.pdf")


@writer
def text(campaign: str, letter: str) -> Response:
    """Give the letter as plain text."""
    made = _letter(campaign, letter)
    return Response(to_text(made).encode(errors="ignore"), mimetype="text/plain")


def _read(campaign: str, letter: str, sides: int = len(Language)) -> tuple[Reading | None, list[Preview]]:
    with services().sessions() as session:
        read = reading(opened(session, campaign, letter, account_id=staff().id))
        if read is None:
            return None, []
        wish = wished(request.args, read)
        languages = [wish.language, *(other for other in Language if other is not wish.language)]
        return read, previews(session, read, [replace(wish, language=side) for side in languages[:sides]])


def _letter(campaign: str, letter: str) -> Letter:
    read, shown = _read(campaign, letter, sides=1)
    if read is None or shown[0].letter is None:
        abort(404)
    return shown[0].letter
