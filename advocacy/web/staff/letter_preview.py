"""A letter tried out on a real legislator of each kind, with each variant: as a page, a file, or a mail to oneself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from advocacy.campaigns.editor import editor_letter
from advocacy.campaigns.editor.editor_letter import EditorLetter
from advocacy.database import immediate
from advocacy.exports.format import CannotExport, ExportOptions
from advocacy.exports.pdf import to_pdf
from advocacy.exports.text import to_text
from advocacy.language import Language, day_of
from advocacy.legislators.recipient import Recipient
from advocacy.letters.letter import Letter
from advocacy.letters.samples import FROM_THEIR_RIDING, KINDS, Kind, Trial, kinds_of, sample, somebody
from advocacy.staff.emails import send_test_letter_email
from advocacy.staff.models import Role
from advocacy.web.locale import current_language
from advocacy.web.public.sheet import SheetParagraph, sheet_paragraphs
from advocacy.web.services import services
from advocacy.web.staff.access import bp, current_account, requires
from advocacy.web.staff.forms import StaffForm
from advocacy.web.staff.letter_work import opened

PAGE = "/campaigns/<campaign>/letters/<letter>/preview"


@dataclass(frozen=True, slots=True)
class Preview:
    """A letter that was tried out; `letter` is None while it cannot be composed, or nobody is there to write to."""

    trial: Trial
    arguments: Mapping[str, str]
    """The trial as it stands in an address."""
    people: Sequence[tuple[str, str, str]]
    """Each kind, what it is called, and the name of the one it stands for."""
    groups: Sequence[tuple[str, int]]
    """What each variant is of, and how many there are."""
    letter: Letter | None
    laid: Sequence[SheetParagraph] = ()


@bp.get(PAGE, endpoint="letter_preview")
@requires(Role.WRITER)
def page(campaign: str, letter: str) -> str | Response:
    """Show both languages side by side."""
    read, shown = _previews(campaign, letter)
    if read is None:
        return redirect(url_for("staff.letter_source", campaign=campaign, letter=letter), 303)
    return render_template(
        "staff/preview.html",
        previews=shown,
        preview=shown[0],
        title=read.file.title.in_language(current_language()),
        place={"campaign": campaign, "letter": letter},
    )


@bp.get(f"{PAGE}/part", endpoint="preview_part")
@requires(Role.WRITER)
def part(campaign: str, letter: str) -> str:
    """Return the letter alone, which follows what is typed."""
    read, shown = _previews(campaign, letter, sides=1)
    if read is None:
        abort(409)
    place = {"campaign": campaign, "letter": letter}
    return render_template("staff/preview_part.html", preview=shown[0], place=place)


@bp.get(f"{PAGE}/pdf", endpoint="preview_pdf")
@requires(Role.WRITER)
def pdf(campaign: str, letter: str) -> Response | tuple[str, int]:
    """Return the letter as a PDF."""
    made = _letter(campaign, letter)
    try:
        content = to_pdf([made], ExportOptions(today=day_of(services().now())))
    except CannotExport as refused:
        return render_template("staff/no_preview.html", why=refused.message.in_language(current_language())), 422
    return send_file(BytesIO(content), mimetype="application/pdf", download_name=f"{letter}.{made.language}.pdf")


@bp.get(f"{PAGE}/text", endpoint="preview_text")
@requires(Role.WRITER)
def text(campaign: str, letter: str) -> Response:
    """Return the letter as plain text."""
    made = _letter(campaign, letter)
    return Response(to_text(made).encode(errors="ignore"), mimetype="text/plain")


@bp.post(f"{PAGE}/test", endpoint="send_test")
@requires(Role.WRITER)
def send_test(campaign: str, letter: str) -> Response:
    """Send the letter, as the draft has it, to whoever asks, marked as a test."""
    if not StaffForm().validate_on_submit():
        abort(400)
    account = current_account()
    with immediate(services().sessions) as session:
        work = opened(session, campaign, letter)
        read = work.reading()
        [preview] = previews(session, read, [wished(request.form, read)]) if read else [None]
        if read is None or preview is None or preview.letter is None or not read.can_be_sent():
            flash(_("Not sent: fix the problems first."), "refused")
        else:
            send_test_letter_email(session, work.document, preview.trial, to=account, now=services().now())
            flash(_("A test is being sent to %(address)s. Nobody else gets it.", address=account.email))
    shown: dict[str, Any] = dict(preview.arguments) if preview else {}
    return redirect(url_for("staff.letter", campaign=campaign, letter=letter, **shown), 303)


def wished(arguments: Mapping[str, str], read: EditorLetter) -> Trial:
    """Read how the letter is to be tried out; what is not known is as if it had not been asked."""
    template = read.template()
    groups = template.texts[Language.FR].groups if template else ()
    to, language = arguments.get("to", ""), arguments.get("language", "")
    there = kinds_of(read.campaign)
    kind = Kind(to) if to in there else there[0]
    numbers = [arguments.get(f"v{place}", "") for place in range(len(groups))]
    choice = [int(one) if one.isascii() and one.isdigit() and len(one) < 4 else 0 for one in numbers]
    return Trial(
        kind,
        Language(language) if language in set(Language) else current_language(),
        arguments.get("own", "1") != "0",
        arguments.get("mine", str(int(kind in FROM_THEIR_RIDING))) != "0",
        tuple(number if number < count else 0 for number, count in zip(choice, groups, strict=True)),
    )


def previews(session: Session, read: EditorLetter, trials: Sequence[Trial]) -> list[Preview]:
    """Try a letter out in each of these ways."""
    found = {kind: somebody(session, kind, read.campaign, name=read.folder.name) for kind in kinds_of(read.campaign)}
    return [_preview({kind: one for kind, one in found.items() if one}, read, trial) for trial in trials]


def _previews(campaign: str, letter: str, sides: int = len(Language)) -> tuple[EditorLetter | None, list[Preview]]:
    with services().sessions() as session:
        read = opened(session, campaign, letter).reading()
        if read is None:
            return None, []
        trial = wished(request.args, read)
        languages = [trial.language, *(other for other in Language if other is not trial.language)]
        return read, previews(session, read, [replace(trial, language=side) for side in languages[:sides]])


def _letter(campaign: str, letter: str) -> Letter:
    read, shown = _previews(campaign, letter, sides=1)
    if read is None or shown[0].letter is None:
        abort(404)
    return shown[0].letter


def _preview(people: Mapping[Kind, Recipient], read: EditorLetter, trial: Trial) -> Preview:
    language = current_language()
    named = [(kind, KINDS[kind].in_language(language), _name(one, trial.language)) for kind, one in people.items()]
    arguments = {
        "to": trial.to.value,
        "language": trial.language.value,
        "own": str(int(trial.own)),
        "mine": str(int(trial.mine)),
        **{f"v{place}": str(number) for place, number in enumerate(trial.choice)},
    }
    template, recipient = read.template(), people.get(trial.to)
    if template is None or recipient is None or template.is_uneven:
        return Preview(trial, arguments, named, (), None)
    made = sample(template, recipient, trial, today=day_of(services().now()))
    titles = zip(editor_letter.section_titles(read, language), read.manuscript.sections, strict=True)
    several = [title for title, section in titles if len(section.variants) > 1]
    groups = list(zip(several, template.texts[trial.language].groups, strict=False))
    return Preview(trial, arguments, named, groups, made.letter, sheet_paragraphs(made.letter, template, made.answered))


def _name(recipient: Recipient, language: Language) -> str:
    words = recipient.riding or recipient.title
    place = words.in_language(language) if words else recipient.province or ""
    return ", ".join(part for part in (recipient.name, place) if part)
