"""A campaign's own list of people to write to: read from a CSV file, compared with the one that counts, stored."""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.campaigns.folder import OWN_LIST, CampaignFolder
from advocacy.campaigns.models import Campaign, Document, Revision
from advocacy.exports.merge.csv_sheet import CsvSheet
from advocacy.exports.merge.rejected import FORMULA_SIGNS
from advocacy.exports.merge.sheet import SheetRefused, names_columns
from advocacy.language import Language, Wording, day_of, fold
from advocacy.legislators.directory import RidingNames, riding_names
from advocacy.legislators.models import Chamber, Legislator, OwnList, Status
from advocacy.legislators.recipient import Gender, Office
from advocacy.letters.entry import clean
from advocacy.messages import Words, message
from advocacy.staff import audit, rules
from advocacy.staff.availability import was_published
from advocacy.staff.models import Account, Proposal
from advocacy.staff.roles import Role

MAX_ROWS = 5000
MAX_PROBLEMS = 60
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "nom", "full name", "nom complet", "prenom et nom"),
    "first_name": ("first name", "prenom"),
    "last_name": ("last name", "nom de famille"),
    "title": ("title", "office", "position", "titre", "fonction", "poste"),
    "title_en": ("title (en)", "title in english", "title (english)", "titre (en)", "titre anglais"),
    "title_fr": ("title (fr)", "title in french", "title (french)", "titre (fr)", "titre francais"),
    "email": ("e-mail", "email", "e-mail address", "email address", "courriel", "adresse courriel"),
    "language": ("language", "langue"),
    "gender": ("gender", "genre", "sexe"),
    "honorific": ("honorific", "civilite", "titre de civilite"),
    "riding": ("riding", "electoral district", "circonscription"),
    "city": ("city", "municipality", "town", "ville", "municipalite"),
}
"""What each column may be called."""
HEADER = (
    *("name", "first name", "last name", "title (en)", "title (fr)", "e-mail", "language", "gender", "honorific"),
    *("riding", "city"),
)
"""The columns of the file as it is written."""
LANGUAGES = {"en": Language.EN, "english": Language.EN, "anglais": Language.EN} | dict.fromkeys(
    ("fr", "french", "francais"), Language.FR
)
GENDERS = dict.fromkeys(("f", "female", "woman", "feminin", "femme", "ms", "mrs", "mme", "madame"), Gender.F)
GENDERS |= dict.fromkeys(("m", "male", "man", "masculin", "homme", "mr", "monsieur"), Gender.M)
LONGEST = {"email": 254, "honorific": 50, "first_name": 100, "last_name": 100}
"""Characters that a cell may have, where it is not 200."""


@dataclass(frozen=True, slots=True)
class Person:
    """One row of the list. `riding` is the federal electoral district's five digits."""

    name: str
    first_name: str = ""
    last_name: str = ""
    title: Wording | None = None
    email: str = ""
    language: Language | None = None
    gender: Gender | None = None
    honorific: str = ""
    riding: str = ""
    city: str = ""

    @property
    def key(self) -> str:
        """What tells this person from others: name, title and city."""
        title = next(iter(self.title.values())) if self.title else ""
        return "|".join(fold(text) for text in (self.name, title, self.city))

    @property
    def called(self) -> str:
        """Return the name with the address that letters go to."""
        return f"{self.name} ({self.email})" if self.email else self.name


@dataclass(frozen=True, slots=True, order=True)
class CellProblem:
    """What is wrong with one cell, by its row and the letter of its column as a spreadsheet shows them."""

    row: int
    column: str
    words: Words


class ListRefused(ValueError):
    """The file is no list of people; `problems` say why, in the order of its rows."""

    def __init__(self, problems: Sequence[CellProblem]) -> None:
        self.problems = sorted(problems, key=lambda one: (one.row, one.column))
        super().__init__(f"{len(problems)} problems")


@dataclass(frozen=True, slots=True)
class Difference:
    """What a new list would change, as names, with addresses of those it has: `total` is how many it names."""

    joining: Sequence[str]
    changing: Sequence[str]
    leaving: Sequence[str]
    total: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not (self.joining or self.changing or self.leaving)


def read(content: bytes, ridings: RidingNames) -> Sequence[Person]:
    """Read a CSV file with a header in English or French; raise ListRefused with every problem found, 60 at most."""
    titles = {_folded(title): key for key, known in COLUMNS.items() for title in known}
    try:
        sheet = CsvSheet.of(io.BytesIO(content), lambda title: _folded(title) in titles)
        rows = [(number, row) for number, row in enumerate(sheet.rows(), start=1) if any(cell.strip() for cell in row)]
    except SheetRefused as refused:
        raise ListRefused([CellProblem(1, "A", refused.wording)]) from None
    above = next((place for place, (_, row) in enumerate(rows) if names_columns(row)), None)
    if above is None:
        raise ListRefused([CellProblem(1, "A", message("The file is empty."))])
    header = {titles[_folded(title)]: at for at, title in enumerate(rows[above][1]) if _folded(title) in titles}
    people = rows[above + 1 :]
    problems = list(_header_problems(rows[above][0], header, people))
    if problems:
        raise ListRefused(problems)
    found: dict[str, Person] = {}
    for number, row in people:
        cells = {key: clean(row[at], lines=False) if at < len(row) else "" for key, at in header.items()}
        wrong = [CellProblem(number, _letter(header[key]), words) for key, words in _cell_problems(cells, ridings)]
        person = None if wrong else _person(cells, ridings)
        if person and person.key in found:
            wrong.append(CellProblem(number, "A", message("This person is in the list already.")))
        elif person:
            found[person.key] = person
        problems += wrong
        if len(problems) >= MAX_PROBLEMS:
            break
    if problems:
        raise ListRefused(problems[:MAX_PROBLEMS])
    return list(found.values())


def written(people: Sequence[Person]) -> bytes:
    """Write a list as the CSV file that `read` reads back."""
    text = io.StringIO()
    sheet = csv.writer(text, lineterminator="\r\n")
    sheet.writerow(HEADER)
    for one in people:
        titles = [one.title.spoken(language) if one.title else "" for language in Language]
        kinds = [one.language.value if one.language else "", one.gender.value if one.gender else "", one.honorific]
        sheet.writerow([one.name, one.first_name, one.last_name, *titles, one.email, *kinds, one.riding, one.city])
    return text.getvalue().encode("utf-8-sig")


def current(session: Session, campaign: str) -> OwnList | None:
    """Return a campaign's list with what waits to be looked over; None where there is neither."""
    return session.get(OwnList, campaign)


def difference(session: Session, campaign: str, people: Sequence[Person]) -> Difference:
    """Return what would change if these were a campaign's list."""
    there = {person.key: person for person in stored(session, campaign)}
    new = {person.key: person for person in people}
    return Difference(
        [person.called for key, person in new.items() if key not in there],
        [person.called for key, person in new.items() if key in there and there[key] != person],
        [person.name for key, person in there.items() if key not in new],
        len(new),
    )


def stored(session: Session, campaign: str) -> Sequence[Person]:
    """Return the people of the list that counts."""
    kept = session.get(OwnList, campaign)
    return read(kept.content, riding_names(session)) if kept and kept.content else []


def with_list(session: Session, folder: CampaignFolder) -> CampaignFolder:
    """Return a campaign's files with the list that counts among them, if there is one."""
    kept = session.get(OwnList, folder.name)
    if kept is None or not kept.content:
        return folder
    return CampaignFolder.of(folder.name, {**dict(folder.files), OWN_LIST: kept.content})


def keep_waiting(session: Session, campaign: str, content: bytes, *, by: int, now: datetime) -> None:
    """Keep a file that was read until somebody has looked over what it changes."""
    kept = session.get(OwnList, campaign) or OwnList(campaign=campaign, content=b"", rows=0, changed_at=now)
    kept.waiting, kept.waiting_by = content, by
    session.add(kept)


def mark(content: bytes) -> str:
    """Return the number of a file that waits (SHA-256, hexadecimal)."""
    return hashlib.sha256(content).hexdigest()


def may_take(session: Session, kept: OwnList, by: Account) -> bool:
    """Whether this person may make the list that waits count.

    Once anything of the campaign is in review or was published, it is for a publisher who did not bring it, unless
    the campaign's rule lets one person do both: citizens' letters go to these addresses at once.
    """
    campaign = session.scalars(select(Campaign).where(Campaign.name == kept.campaign)).one()
    in_review = select(Proposal.id).join(Revision, Revision.id == Proposal.revision_id).join(Revision.document)
    in_review = in_review.where(Document.campaign_id == campaign.id, Proposal.answer.is_(None))
    if not was_published(session, campaign) and session.scalar(in_review.limit(1)) is None:
        return True
    return by.role.may(Role.PUBLISHER) and (by.id != kept.waiting_by or rules.alone(session, kept.campaign))


def drop_waiting(session: Session, campaign: str) -> None:
    """Forget the file that waited; the list that counts stays."""
    kept = session.get(OwnList, campaign)
    if kept is not None:
        kept.waiting = kept.waiting_by = None


def store(session: Session, campaign: str, people: Sequence[Person], *, by: int | None, now: datetime) -> Difference:
    """Make these the list that counts: whoever is no longer in it cannot be written to from now on."""
    change = difference(session, campaign, people)
    kept = session.get(OwnList, campaign) or OwnList(campaign=campaign)
    kept.content, kept.rows, kept.changed_at = written(people), len(people), now
    kept.waiting = kept.waiting_by = None
    session.add(kept)
    rows = {row.id: row for row in session.scalars(select(Legislator).where(Legislator.campaign == campaign))}
    wanted = {_id(campaign, person): person for person in people}
    for row in rows.values():
        row.status = Status.LEFT
    for key, person in wanted.items():
        row = rows.get(key) or Legislator(id=key, chamber=Chamber.OWN_LIST, office=Office.OFFICIAL, campaign=campaign)
        row.status, row.as_of, row.source = Status.SITTING, day_of(now), "own list"
        row.name, row.first_name, row.last_name = person.name, person.first_name, person.last_name or person.name
        row.title, row.email, row.honorific = person.title, person.email or None, person.honorific
        row.gender, row.preferred_language = person.gender, person.language
        row.riding_code, row.district = person.riding or None, Wording.same(person.city) if person.city else None
        session.add(row)
    counts = {"added": len(change.joining), "changed": len(change.changing), "gone": len(change.leaving)}
    audit.write(session, audit.Act.OWN_LIST_CHANGED, f"campaign:{campaign}", by=by, now=now, after=counts)
    return change


def _header_problems(
    row: int, header: Mapping[str, int], people: Sequence[tuple[int, Sequence[str]]]
) -> Iterator[CellProblem]:
    if "name" not in header and not {"first_name", "last_name"} <= header.keys():
        yield CellProblem(row, "A", message("No column is named “Name”. Name the columns in the first row."))
    if "email" not in header:
        yield CellProblem(row, "A", message("No column is named “E-mail”. Name the columns in the first row."))
    if not people:
        yield CellProblem(row, "A", message("The list names nobody."))
    if len(people) > MAX_ROWS:
        yield CellProblem(people[MAX_ROWS][0], "A", message("A list can name %(num)d people at most.", num=MAX_ROWS))


def _cell_problems(cells: Mapping[str, str], ridings: RidingNames) -> Iterator[tuple[str, Words]]:
    yield from _text_problems(cells)
    if not _name(cells):
        yield "name" if "name" in cells else "last_name", message("The name is missing.")
    if cells.get("email"):
        try:
            validate_email(cells["email"], check_deliverability=False)
        except EmailNotValidError:
            yield "email", message("This is not an e-mail address.")
    for key, known in (("language", LANGUAGES), ("gender", GENDERS)):
        if cells.get(key) and _folded(cells[key]) not in known:
            yield key, message("Write en or fr.") if key == "language" else message("Write f or m, or nothing.")
    if bool(cells.get("title_en")) != bool(cells.get("title_fr")) and not cells.get("title"):
        yield "title_fr" if cells.get("title_en") else "title_en", message("Write the title in both languages.")
    if cells.get("riding") and _riding(cells["riding"], ridings) is None:
        yield "riding", message("This is not the name of a federal riding.")


def _text_problems(cells: Mapping[str, str]) -> Iterator[tuple[str, Words]]:
    """Find what no cell may be: too long, or a formula to a spreadsheet program."""
    for key, text in cells.items():
        if text.startswith(FORMULA_SIGNS):
            yield key, message("A cell cannot begin with =, +, - or @.")
        longest = LONGEST.get(key, 200)
        if len(text) > longest:
            yield key, message("%(num)d characters at most.", num=longest)


def _person(cells: Mapping[str, str], ridings: RidingNames) -> Person:
    title, honorific = cells.get("title", ""), cells.get("honorific", "")
    titles = {"en": cells.get("title_en") or title, "fr": cells.get("title_fr") or title}
    gender = GENDERS.get(_folded(cells.get("gender", ""))) or GENDERS.get(_folded(honorific))
    return Person(
        name=_name(cells),
        first_name=cells.get("first_name", ""),
        last_name=cells.get("last_name", ""),
        title=Wording(titles) if all(titles.values()) else None,
        email=cells.get("email", ""),
        language=LANGUAGES.get(_folded(cells.get("language", ""))),
        gender=gender,
        honorific=honorific,
        riding=_riding(cells.get("riding", ""), ridings) or "",
        city=cells.get("city", ""),
    )


def _name(cells: Mapping[str, str]) -> str:
    parts = (cells.get("first_name", ""), cells.get("last_name", ""))
    return cells.get("name") or " ".join(part for part in parts if part)


def _riding(typed: str, ridings: RidingNames) -> str | None:
    return typed if typed in ridings.provinces else ridings.code(typed)


def _id(campaign: str, person: Person) -> str:
    return "own-" + hashlib.sha256(f"{campaign}|{person.key}".encode()).hexdigest()[:24]


def _folded(text: str) -> str:
    return " ".join(fold(text).replace("_", " ").split())


def _letter(place: int) -> str:
    return chr(ord("A") + place) if place < 26 else f"A{chr(ord('A') + place - 26)}"
