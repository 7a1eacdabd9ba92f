"""A letter tried out: to a real legislator of each kind, each variant, in both languages; as a page, a PDF or text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from flask import abort, redirect, render_template, request, send_file, url_for
from flask_babel import lazy_gettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from advocacy.campaigns.campaign import LetterTemplate
from advocacy.campaigns.fields import Field, FieldKind
from advocacy.exports.form import CannotBeMade, Wishes
from advocacy.exports.pdf import to_pdf
from advocacy.exports.text import to_text
from advocacy.language import Language, day_of
from advocacy.legislators.models import Legislator, Status, to_recipient
from advocacy.legislators.recipient import Office, Recipient
from advocacy.letters.compose import Answers, compose
from advocacy.letters.letter import Letter
from advocacy.staff.roles import Role
from advocacy.staff.samples import NAME, POSTAL_CODE, PROVINCE, answered, invented, own_words
from advocacy.web.locale import current_language
from advocacy.web.public.sheet import SheetParagraph, sheet_paragraphs
from advocacy.web.services import services
from advocacy.web.staff import letter_names
from advocacy.web.staff.access import current_account, requires
from advocacy.web.staff.blueprint import bp
from advocacy.web.staff.letter_work import Reading, opened, reading

PAGE = "/campaigns/<campaign>/letters/<letter>/preview"
SITTING = Legislator.status == Status.SITTING
KINDS: Mapping[str, Any] = {
    "member": (lazy_gettext("Member"), (Legislator.office == Office.MEMBER) & SITTING),
    "minister": (lazy_gettext("Minister"), (Legislator.office == Office.MINISTER) & SITTING),
    "senator": (lazy_gettext("Senator"), (Legislator.office == Office.SENATOR) & SITTING),
    "vacant": (lazy_gettext("Vacant seat"), Legislator.status == Status.VACANT),
}
"""Whom a letter is tried out on: of each kind, the first there is."""
_FIRST = select(
    *(select(func.min(Legislator.id)).where(which).scalar_subquery().label(kind) for kind, (_, which) in KINDS.items())
)


@dataclass(frozen=True, slots=True)
class Wished:
    """How a letter is tried out: on whom, in which language, with own words, by a constituent, with which variants."""

    to: str
    language: Language
    own: bool
    mine: bool
    choice: tuple[int, ...]

    def arguments(self) -> dict[str, str]:
        """Return these as they stand in an address."""
        chosen = {f"v{place}": str(number) for place, number in enumerate(self.choice)}
        yes = {"own": str(int(self.own)), "mine": str(int(self.mine))}
        return {"to": self.to, "language": self.language.value, **yes, **chosen}


@dataclass(frozen=True, slots=True)
class Preview:
    """A letter that was tried out; `letter` is None while it cannot be composed, or nobody is there to write to."""

    wished: Wished
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
        title=read.file.title.spoken(current_language()),
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
        content = to_pdf([made], Wishes(today=day_of(services().now())))
    except CannotBeMade as refused:
        return render_template("staff/no_preview.html", why=refused.message.in_language(current_language())), 422
    return send_file(BytesIO(content), mimetype="application/pdf", download_name=f"{letter}.{made.language}.pdf")


@bp.get(f"{PAGE}/text", endpoint="preview_text")
@requires(Role.WRITER)
def text(campaign: str, letter: str) -> Response:
    """Return the letter as plain text."""
    made = _letter(campaign, letter)
    return Response(to_text(made).encode(errors="ignore"), mimetype="text/plain")


def wished(arguments: Mapping[str, str], read: Reading) -> Wished:
    """Read how the letter is to be tried out; what is not known is as if it had not been asked."""
    template = read.template()
    groups = template.texts[Language.FR].groups if template else ()
    to, language = arguments.get("to", ""), arguments.get("language", "")
    kind = to if to in KINDS else "member"
    numbers = [arguments.get(f"v{place}", "") for place in range(len(groups))]
    choice = [int(one) if one.isascii() and one.isdigit() and len(one) < 4 else 0 for one in numbers]
    return Wished(
        kind,
        Language(language) if language in set(Language) else current_language(),
        arguments.get("own", "1") != "0",
        arguments.get("mine", "1" if kind in {"member", "vacant"} else "0") != "0",
        tuple(number if number < count else 0 for number, count in zip(choice, groups, strict=True)),
    )


def previews(session: Session, read: Reading, wishes: Sequence[Wished]) -> list[Preview]:
    """Try a letter out in each of these ways; the people are found in one query, and another for their ridings."""
    ids = session.execute(_FIRST).one()._asdict()
    rows = {row.id: row for row in session.scalars(select(Legislator).where(Legislator.id.in_(ids.values())))}
    people = {kind: to_recipient(rows[found]) for kind, found in ids.items() if found in rows}
    return [_preview(people, read, wish) for wish in wishes]


def _previews(campaign: str, letter: str, sides: int = len(Language)) -> tuple[Reading | None, list[Preview]]:
    with services().sessions() as session:
        read = reading(opened(session, campaign, letter, account_id=current_account().id))
        if read is None:
            return None, []
        wish = wished(request.args, read)
        languages = [wish.language, *(other for other in Language if other is not wish.language)]
        return read, previews(session, read, [replace(wish, language=side) for side in languages[:sides]])


def _letter(campaign: str, letter: str) -> Letter:
    read, shown = _previews(campaign, letter, sides=1)
    if read is None or shown[0].letter is None:
        abort(404)
    return shown[0].letter


def _preview(people: Mapping[str, Recipient], read: Reading, wish: Wished) -> Preview:
    named = [(kind, str(KINDS[kind][0]), _name(people[kind], wish.language)) for kind in KINDS if kind in people]
    template, recipient = read.template(), people.get(wish.to)
    # Where the languages offer other variants, no one choice fits both.
    uneven = template is not None and len({program.groups for program in template.texts.values()}) > 1
    if template is None or recipient is None or uneven:
        return Preview(wish, named, (), None)
    ridings = frozenset({recipient.riding_code} if wish.mine and recipient.riding_code else ())
    answers = _sample(template, wish.language, own=wish.own).of_ridings(ridings)
    today = day_of(services().now())
    made = compose(template, answers, recipient, language=wish.language, today=today, choice=wish.choice)
    titles = zip(letter_names.titles(read, current_language()), read.manuscript.sections, strict=True)
    several = [title for title, section in titles if len(section.variants) > 1]
    groups = list(zip(several, template.texts[wish.language].groups, strict=False))
    return Preview(wish, named, groups, made, sheet_paragraphs(made, template, answered(template, answers)))


def _sample(template: LetterTemplate, language: Language, *, own: bool) -> Answers:
    """Return the answers of somebody who does not exist; without `own`, only what must be answered."""
    return Answers(
        name=NAME[language],
        city="Ottawa",
        province=PROVINCE,
        postal_code=POSTAL_CODE,
        street="",
        email="camille@example.ca",
        ridings=frozenset(),
        fields={
            field.key: _answer(template, field, language) if own or field.required else "" for field in template.fields
        },
        language=language,
    )


def _answer(template: LetterTemplate, field: Field, language: Language) -> str:
    if field.kind is FieldKind.CHOICE:
        return next((option.key for option in field.options if option.sentence), "")
    if field.kind is FieldKind.WORDS:
        return own_words(template, field, language)
    return invented(field, language)


def _name(recipient: Recipient, language: Language) -> str:
    place = recipient.riding.spoken(language) if recipient.riding else recipient.province or ""
    return ", ".join(part for part in (recipient.name, place) if part)
