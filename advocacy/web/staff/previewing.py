"""A letter tried out: on a real legislator of each kind, with own words and without, each variant, both languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from advocacy.campaigns.campaign import LetterTemplate
from advocacy.campaigns.fields import Field, FieldKind
from advocacy.language import Language, Wording, day_of
from advocacy.legislators.models import Legislator, Status, to_recipient
from advocacy.legislators.recipient import Office, Recipient
from advocacy.letters.compose import Answers, compose
from advocacy.letters.letter import Letter
from advocacy.staff.samples import POSTAL_CODE, PROVINCE, answered, invented, own_words
from advocacy.web.locale import current_language
from advocacy.web.public.sheet import SheetParagraph, sheet_paragraphs
from advocacy.web.services import services
from advocacy.web.staff import letter_names
from advocacy.web.staff.letter_work import Reading

KINDS: Mapping[str, tuple[Wording, Any]] = {
    "member": (
        Wording.of(en="Member", fr="Député ou députée"),
        (Legislator.office == Office.MEMBER) & (Legislator.status == Status.SITTING),
    ),
    "minister": (
        Wording.of(en="Minister", fr="Ministre"),
        (Legislator.office == Office.MINISTER) & (Legislator.status == Status.SITTING),
    ),
    "senator": (
        Wording.of(en="Senator", fr="Sénat"),
        (Legislator.office == Office.SENATOR) & (Legislator.status == Status.SITTING),
    ),
    "vacant": (Wording.of(en="Vacant seat", fr="Siège vacant"), Legislator.status == Status.VACANT),
}
"""Whom a letter is tried on: of each kind, the first there is."""
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
        """Give these as they stand in an address."""
        chosen = {f"v{place}": str(number) for place, number in enumerate(self.choice)}
        yes = {"own": str(int(self.own)), "mine": str(int(self.mine))}
        return {"to": self.to, "language": self.language.value, **yes, **chosen}


@dataclass(frozen=True, slots=True)
class Preview:
    """A letter that was tried out; `letter` is None while it cannot be composed, or nobody is there to write to."""

    wished: Wished
    people: Sequence[tuple[str, str]]
    """Each kind with the name of the one it stands for."""
    groups: Sequence[tuple[str, int]]
    """What each variant is of, and how many there are."""
    letter: Letter | None
    laid: Sequence[SheetParagraph] = ()


def wished(arguments: Mapping[str, str], read: Reading) -> Wished:
    """Read how the letter is to be tried out; what is not known is as if it had not been said."""
    template = read.template()
    groups = template.texts[Language.FR].groups if template else ()
    to = arguments.get("to", "")
    language = arguments.get("language", "")
    kind = to if to in KINDS else "member"
    return Wished(
        kind,
        Language(language) if language in set(Language) else current_language(),
        arguments.get("own", "1") != "0",
        arguments.get("mine", "1" if kind in {"member", "vacant"} else "0") != "0",
        tuple(_chosen(arguments.get(f"v{place}", ""), count) for place, count in enumerate(groups)),
    )


def previews(session: Session, read: Reading, wishes: Sequence[Wished]) -> list[Preview]:
    """Try a letter out in each of these ways."""
    people = _people(session)
    return [_preview(people, read, wish) for wish in wishes]


def _preview(people: Mapping[str, Recipient], read: Reading, wish: Wished) -> Preview:
    named = [(kind, _name(people[kind], wish.language)) for kind in KINDS if kind in people]
    template, recipient = read.template(), people.get(wish.to)
    if template is None or recipient is None or _uneven(template):
        return Preview(wish, named, (), None)
    ridings = frozenset({recipient.riding_code} if wish.mine and recipient.riding_code else ())
    answers = sample(template, wish.language, own=wish.own).of_ridings(ridings)
    today = day_of(services().now())
    made = compose(template, answers, recipient, language=wish.language, today=today, choice=wish.choice)
    groups = list(zip(_group_names(read), template.texts[wish.language].groups, strict=False))
    return Preview(wish, named, groups, made, sheet_paragraphs(made, template, answered(template, answers)))


def sample(template: LetterTemplate, language: Language, *, own: bool) -> Answers:
    """Give the answers of somebody who does not exist; without `own`, only what must be answered."""
    fields = {
        field.key: _answer(template, field, language) if own or field.required else "" for field in template.fields
    }
    return Answers(
        name="Camille Essai",
        city="Ottawa",
        province=PROVINCE,
        postal_code=POSTAL_CODE,
        street="",
        email="camille.essai@example.ca",
        ridings=frozenset(),
        fields=fields,
        language=language,
    )


def _answer(template: LetterTemplate, field: Field, language: Language) -> str:
    if field.kind is FieldKind.CHOICE:
        return next((option.key for option in field.options if option.sentence), "")
    if field.kind is FieldKind.WORDS:
        return own_words(template, field, language)
    return invented(field, language)


def _people(session: Session) -> Mapping[str, Recipient]:
    """Find the first of each kind, in one query and another for their ridings."""
    ids = session.execute(_FIRST).one()._asdict()
    rows = {row.id: row for row in session.scalars(select(Legislator).where(Legislator.id.in_(ids.values())))}
    return {kind: to_recipient(rows[found]) for kind, found in ids.items() if found in rows}


def _name(recipient: Recipient, language: Language) -> str:
    place = recipient.riding.spoken(language) if recipient.riding else recipient.province or ""
    return ", ".join(part for part in (recipient.name, place) if part)


def _uneven(template: LetterTemplate) -> bool:
    """Tell whether the languages offer other variants, so that no one choice fits both."""
    return len({program.groups for program in template.texts.values()}) > 1


def _group_names(read: Reading) -> list[str]:
    titles = letter_names.titles(read, current_language())
    return [title for title, section in zip(titles, read.manuscript.sections, strict=True) if len(section.variants) > 1]


def _chosen(typed: str, count: int) -> int:
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0
    return number if number < count else 0
