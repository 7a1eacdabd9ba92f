"""The letters read again, taken away or handed over to be sent: the pages after the form."""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from flask import abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from advocacy.delivery.holds import held
from advocacy.exports import FORMATS, made
from advocacy.exports.form import CannotBeMade
from advocacy.language import Language
from advocacy.letters.caps import MAILS_A_DAY, TooMany
from advocacy.letters.entry import printable
from advocacy.letters.moments import speak_moment
from advocacy.messages import Message
from advocacy.web.attachments import attachment
from advocacy.web.public import sending
from advocacy.web.public.blueprint import bp
from advocacy.web.public.editing import COLON, editions, edits, pressed, remade, summary_of, untouched_anew
from advocacy.web.public.request import LetterRequest
from advocacy.web.public.review import ReviewedLetter
from advocacy.web.public.review import review as look_over
from advocacy.web.public.write import form_again
from advocacy.web.security import form_page
from advocacy.web.services import current_campaign, services

Fields = Mapping[str, str]
Made = Callable[[LetterRequest, Fields, list[ReviewedLetter]], ResponseReturnValue]


@bp.post("/<campaign>/review")
@form_page
def review(language: Language, **_: object) -> ResponseReturnValue:
    """Show every letter whole, to be read again, edited and taken away."""
    return _with_letters(language, partial(_reviewed, refusing=False))


@bp.post(f"/<campaign>/download/<any({', '.join(FORMATS)}):format>")
@form_page
def download(language: Language, **place: str) -> ResponseReturnValue:
    """Return the letters, or one of them, as a file or as a page to print."""
    return _with_letters(language, partial(_handed_out, form=place["format"]))


@bp.post("/<campaign>/send")
@form_page
def send(language: Language, **_: object) -> ResponseReturnValue:
    """Store the letters until their writer confirms; what is missing is asked for on the page of review."""
    return _with_letters(language, _stored)


@bp.get("/<campaign>/sent")
@form_page
def sent(**_: object) -> ResponseReturnValue:
    """Show that a mail is on its way, the same for everyone: this page knows nobody."""
    if current_campaign() is None:
        abort(404)
    site = services()
    with site.sessions() as session:
        paused = held(session) is not None
    return render_template(
        "public/sent.html",
        hours=site.settings.unconfirmed_hours,
        rehearses=sending.rehearsing(),
        paused=paused,
        mails_a_day=MAILS_A_DAY,
    )


def _with_letters(language: Language, made: Made) -> ResponseReturnValue:
    """Make the letters and go on with them; where an answer cannot be used, show the form again.

    Where the survey was corrected since the letters were last shown, they are shown to be read first.
    """
    letter_request = LetterRequest.read(language)
    if letter_request.form.errors:
        return form_again(letter_request)
    fields: Fields = {name: printable(values[-1]) for name, values in request.form.lists()}
    if letter_request.before is not None:
        fields = untouched_anew(fields, letter_request.compose_before())
        return _reviewed(letter_request, fields, _look_over(letter_request, fields), refusing=True)
    fields = pressed(fields, letter_request.compose())
    return made(letter_request, fields, _look_over(letter_request, fields))


def _look_over(letter_request: LetterRequest, fields: Fields) -> list[ReviewedLetter]:
    tested = services().settings.test_recipient
    return [
        look_over(one, edits(fields, one), letter_request, test_recipient=tested) for one in letter_request.compose()
    ]


def _reviewed(
    letter_request: LetterRequest,
    fields: Fields,
    letters: list[ReviewedLetter],
    *,
    refusing: bool,
    refused: Message | None = None,
    missing: Sequence[sending.Problem] = (),
) -> ResponseReturnValue:
    """Show the letters to be read again; 422 where one must be changed, or was asked for and cannot be had."""
    page = _page(letter_request, fields, letters, refused=refused, missing=missing)
    return (page, 422) if refusing or not all(one.ready for one in letters) else page


def _page(
    letter_request: LetterRequest,
    fields: Fields,
    letters: Sequence[ReviewedLetter],
    *,
    template: str = "public/review.html",
    refused: Message | None = None,
    missing: Sequence[sending.Problem] = (),
    full_until: str = "",
) -> str:
    language = letter_request.language
    wrong = [
        (one.field, COLON.spoken(language).format(one.label.spoken(language), one.sentence.spoken(language)))
        for one in missing
    ]
    posts = {"post", *(f"post-{one.id}" for one in letters)}
    return render_template(
        template,
        letters=letters,
        errors=[*summary_of(letters, language), *wrong],
        box=sending.box(letter_request, letters, send_to=fields.get("send_to", ""), problems=missing),
        full_until=full_until,
        refused=refused.in_language(language) if refused else "",
        remade=remade(fields),
        posts={name: letter_request.wishes(name).post for name in ("", *(one.id for one in letters))},
        corrected=letter_request.before is not None,
        hidden=[
            *letter_request.hidden(posts),
            *editions(letters),
            ("submission", letter_request.submission),
        ],
    )


def _handed_out(
    letter_request: LetterRequest, fields: Fields, letters: list[ReviewedLetter], *, form: str
) -> ResponseReturnValue:
    named = fields.get("letter", "")
    wanted = [one for one in letters if named in {"", one.id}]
    if not wanted or not all(one.ready for one in wanted):
        return _reviewed(letter_request, fields, letters, refusing=True)
    if form == "html":
        return _page(letter_request, fields, wanted, template="public/print.html")
    try:
        file = made(FORMATS[form], [one.letter for one in wanted], letter_request.wishes(named))
    except CannotBeMade as error:
        return _reviewed(letter_request, fields, letters, refusing=True, refused=error.message)
    return attachment(file.content, file.media_type, file.name)


def _stored(letter_request: LetterRequest, fields: Fields, letters: list[ReviewedLetter]) -> ResponseReturnValue:
    if fields.get("go") == "switch":  # this page in the other language, which asks for nothing to be sent
        return _reviewed(letter_request, fields, letters, refusing=False)
    wanted = sending.wanted(fields.get("send_to", ""), letters)
    missing = sending.missing(letter_request.answers, fields, wanted)
    if missing or not all(one.ready for one in wanted):
        return _reviewed(letter_request, fields, letters, refusing=True, missing=missing)
    try:
        sending.store(letter_request, wanted, network=request.remote_addr or "")
    except TooMany as full:
        until = speak_moment(full.until, letter_request.language)
        page = make_response(_page(letter_request, fields, letters, full_until=until), 429)
        page.headers["Retry-After"] = str(math.ceil((full.until - services().now()).total_seconds()))
        return page
    return redirect(url_for("public.sent", **(request.view_args or {})), 303)
