"""Lists in Open North's CSV form: read whole, or refused with every error by its row and column."""

from pydantic import ValidationInfo, field_validator

from advocacy.language import Wording, fold
from advocacy.legislators.directory_queries import RidingNames
from advocacy.legislators.legislatures import Province, Role, Seats, legislatures, read_province
from advocacy.legislators.models import OfficeAddress, SourceRecord, Status
from advocacy.legislators.recipient import Gender
from advocacy.messages import message
from advocacy.sheets import CellProblem, EmailCell, RowModel, column, read_rows

MAX_ROWS = 20_000
VACANT = frozenset({"vacant", "vacante"})
GENDERS = dict.fromkeys(("f", "female", "femme", "feminin"), Gender.F)
GENDERS |= dict.fromkeys(("m", "male", "homme", "masculin"), Gender.M)


class OpenNorthRow(RowModel):
    """A row by Open North's own column names, and the French ones that its importer knows.

    What depends on another column is checked by the later one, where the earlier could be read.
    """

    required = (("role",), ("name", "last_name"))

    role: Role = column("Primary role", "Rôle")
    first_name: str = column("First name", "Prénom", longest=90)
    last_name: str = column("Last name", "Nom", "Nom de famille", longest=90)
    name: str = column("Name", "Nom complet", longest=180)
    province: Province | None = column("Province")
    district_id: str = column("District ID", "Identifiant du district")
    district: str = column("District name", "Nom du district")
    gender: Gender | None = column("Gender", "Genre")
    party: str = column("Party name", "Nom du parti")
    email: EmailCell = column("Email", "Courriel", "E-mail")
    line_1: str = column("Address line 1", "Adresse ligne 1")
    line_2: str = column("Address line 2", "Adresse ligne 2")
    locality: str = column("Locality", "Localité")
    postal_code: str = column("Postal code", "Code postal")
    telephone: str = column("Phone", "Téléphone")
    fax: str = column("Fax", "Télécopieur")

    @field_validator("role", mode="before")
    @classmethod
    def _role(cls, cell: str) -> Role:
        roles = {fold(word): role for word, role in legislatures().roles.items()}
        if fold(cell) not in roles:
            known = ", ".join(legislatures().roles)
            raise CellProblem(message("This is not a role known here; write one of: %(roles)s.", roles=known))
        return roles[fold(cell)]

    @field_validator("name")
    @classmethod
    def _is_named(cls, cell: str, info: ValidationInfo) -> str:
        role, last_name = info.data.get("role"), info.data.get("last_name", "")
        if not cell and not last_name:
            raise CellProblem(message("The name is missing."))
        if fold(cell or last_name) in VACANT and role and role.chamber.seats is not Seats.RIDING:
            raise CellProblem(message("Leave vacant seats out of this list."))
        return cell

    @field_validator("province", mode="before")
    @classmethod
    def _province(cls, cell: str, info: ValidationInfo) -> Province | None:
        province, role = read_province(cell), info.data.get("role")
        if cell and province is None:
            raise CellProblem(message("This is not a province or territory; write its two letters, such as ON."))
        province = (role and role.province) or province
        if role and province is None and role.chamber.seats is not Seats.RIDING:
            raise CellProblem(message("This role needs its province; write its two letters, such as ON."))
        return province

    @field_validator("district_id")
    @classmethod
    def _is_riding(cls, cell: str, info: ValidationInfo) -> str:
        ridings: RidingNames = info.context  # type: ignore[assignment]
        role = info.data.get("role")
        if cell and role and role.chamber.seats is Seats.RIDING and cell not in ridings.provinces:
            raise CellProblem(message("This is not a federal riding’s code; it has five digits, such as 35079."))
        return cell

    @field_validator("district")
    @classmethod
    def _is_district(cls, cell: str, info: ValidationInfo) -> str:
        """Check a riding by its name against its code; a senator's division is text."""
        ridings: RidingNames = info.context  # type: ignore[assignment]
        role, by_code, by_name = info.data.get("role"), info.data.get("district_id"), ridings.code(cell)
        if role is None or by_code is None:
            return cell
        if role.chamber.seats is not Seats.RIDING:
            if role.chamber.has_list_by_province and not cell:
                raise CellProblem(message("The district is missing."))
        elif cell and by_name is None:
            raise CellProblem(
                message("No federal riding has this name; correct its spelling, or write its District ID.")
            )
        elif not by_code and by_name is None:
            raise CellProblem(message("The riding is missing."))
        elif by_code and by_name and by_code != by_name:
            raise CellProblem(message("This is another riding than the District ID’s."))
        return cell

    @field_validator("gender", mode="before")
    @classmethod
    def _gender(cls, cell: str) -> Gender | None:
        if cell and fold(cell) not in GENDERS:
            raise CellProblem(message("Write f or m, or nothing."))
        return GENDERS.get(fold(cell))

    @property
    def is_vacant(self) -> bool:
        return fold(self.last_name or self.name) in VACANT

    def riding(self, ridings: RidingNames) -> str | None:
        """Return the code of the riding that this seat is for, None for a seat of another kind."""
        return (self.district_id or ridings.code(self.district)) if self.role.chamber.seats is Seats.RIDING else None


def read_csv(content: bytes, ridings: RidingNames) -> list[SourceRecord]:
    """Read a whole file; raise SheetErrors with every error there is.

    `Name` may stand for the first and the last name, and in French `Nom` too where no first name is beside it.
    """
    rows = read_rows(content, OpenNorthRow, max_rows=MAX_ROWS, context=ridings)
    rows.refuse_same("district" if "district" in rows.titles else "district_id", lambda row: row.riding(ridings))
    rows.refuse_same("email", lambda row: row.email.casefold())
    has_parts = bool({"first_name", "name"} & rows.titles.keys())
    return [_record(row, ridings, has_parts=has_parts) for row in rows.models()]


def _record(row: OpenNorthRow, ridings: RidingNames, *, has_parts: bool) -> SourceRecord:
    """Return the entry of a row; without `has_parts` its last name is the whole name."""
    chamber, riding = row.role.chamber, row.riding(ridings)
    province = ridings.provinces.get(riding or "", row.province)
    if row.is_vacant:
        return SourceRecord(chamber=chamber.key, status=Status.VACANT, riding_code=riding, province=province)
    return SourceRecord(
        chamber=chamber.key,
        office=row.role.office,
        name=row.name or f"{row.first_name} {row.last_name}".strip(),
        first_name=row.first_name,
        last_name=row.last_name if has_parts else "",
        gender=row.gender,
        riding_code=riding,
        district=Wording.same(row.district) if row.district and riding is None else None,
        province=province,
        party=Wording.same(row.party) if row.party else None,
        email=row.email or None,
        addresses=_addresses(row),
    )


def _addresses(row: OpenNorthRow) -> tuple[OfficeAddress, ...]:
    locality = " ".join(filter(None, (row.locality, row.province)))
    last = "  ".join(filter(None, (locality, row.postal_code)))
    lines = tuple(filter(None, (row.line_1, row.line_2, last))) if row.line_1 else ()
    if not (lines or row.telephone or row.fax):
        return ()
    return (OfficeAddress("legislature", lines, row.telephone, row.fax),)
