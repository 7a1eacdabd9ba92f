"""The ministry and both Speakers are written to as such by everyone, and nobody past retirement is written to."""

from datetime import date, timedelta

import pytest

from advocacy.language import Language, Wording
from advocacy.legislators.directory_queries import has_left
from advocacy.legislators.directory_snapshot import Audience
from advocacy.legislators.forms_of_address import form_of_address
from advocacy.legislators.legislatures import SENATE, legislatures
from advocacy.legislators.models import Legislator, Riding, SourceRecord, to_recipient
from advocacy.legislators.recipient import CABINET, Office
from advocacy.legislators.seed import mark_offices, member_record, rows_of, senator_record

RIDINGS = {
    row["fed_code"]: Riding(fed_code=row["fed_code"], name=Wording.of(en=row["name_en"], fr=row["name_fr"]))
    for row in rows_of("ridings.csv")
}
EN, FR = Language


def seated(record: SourceRecord) -> Legislator:
    return Legislator(
        id=record.source_id or f"seat-{record.riding_code}",
        chamber=record.chamber,
        office=legislatures().chamber(record.chamber).member_office,
        status=record.status,
        source_id=record.source_id,
        first_name=record.first_name,
        last_name=record.last_name,
        name=record.name,
        gender=record.gender,
        riding_code=record.riding_code,
        riding=RIDINGS.get(record.riding_code or ""),
        province=record.province,
        honorific=record.honorific or "",
        privy_councillor=bool(record.privy_councillor),
        responsible_for="",
        retires_on=record.retires_on,
    )


@pytest.fixture
def parliament() -> dict[str, Legislator]:
    records = [*map(member_record, rows_of("members_of_parliament.csv")), *map(senator_record, rows_of("senators.csv"))]
    rows = [seated(record) for record in records]
    assert mark_offices(rows) == 38
    return {row.name: row for row in rows}


@pytest.mark.parametrize(
    ("name", "first_lines", "english", "french"),
    [
        (
            "François-Philippe Champagne",
            ("The Honourable", "François-Philippe Champagne, P.C., M.P.", "Minister of Finance and National Revenue"),
            "Dear Minister:",
            "Monsieur le Ministre,",
        ),
        (
            "Stephanie McLean",
            ("The Honourable Stephanie McLean, P.C., M.P.", "Secretary of State (Seniors)"),
            "Dear Secretary of State:",
            "Madame la Secrétaire d’État,",
        ),
        (
            "Mark Carney",
            ("The Right Honourable Mark Carney, P.C., M.P.", "Prime Minister of Canada"),
            "Dear Prime Minister:",
            "Monsieur le Premier Ministre,",
        ),
        (
            "Raymonde Gagné",
            ("The Honourable Raymonde Gagné", "Speaker of the Senate"),
            "Dear Madam Speaker:",
            "Madame la Présidente,",
        ),
        ("Éric Forest", ("The Honourable Éric Forest, Senator",), "Dear Senator Forest:", "Monsieur le Sénateur,"),
    ],
)
def test_an_office_is_addressed_as_such(
    parliament: dict[str, Legislator], name: str, *, first_lines: tuple[str, ...], english: str, french: str
) -> None:
    recipient = to_recipient(parliament[name])
    written = form_of_address(recipient, EN)
    assert written.block[: len(first_lines)] == first_lines
    assert (written.appel, form_of_address(recipient, FR).appel) == (english, french)


def test_every_minister_is_written_to_as_one_by_their_own_constituents(parliament: dict[str, Legislator]) -> None:
    members = Audience(chambers=frozenset({"house-of-commons"}))
    ministry = [row for row in parliament.values() if row.office in CABINET]
    assert len(ministry) == 38
    for row in ministry:
        assert members.includes(row, [row.riding_code or ""]), row.name
        assert not members.includes(row), row.name
        recipient = to_recipient(row)
        assert recipient.title, row.name
        assert recipient.gender, row.name
        assert form_of_address(recipient, FR).appel != "Madame, Monsieur,"


def test_an_office_that_somebody_else_holds_now_is_over(parliament: dict[str, Legislator]) -> None:
    former, senator = parliament["Yasir Naqvi"], parliament["Mary Coyle"]
    former.office = senator.office = Office.MINISTER
    former.title = senator.title = Wording.same("Minister of Everything")
    mark_offices(list(parliament.values()))
    assert {row.name: row.office for row in (former, senator)} == {
        "Yasir Naqvi": Office.MEMBER,
        "Mary Coyle": Office.SENATOR,
    }
    assert to_recipient(former).title is to_recipient(senator).title is None
    assert [row.name for row in parliament.values() if row.office is Office.SPEAKER_SENATE] == ["Raymonde Gagné"]


def test_a_senator_is_written_to_until_the_day_of_mandatory_retirement(parliament: dict[str, Legislator]) -> None:
    adler = parliament["Charles S. Adler"]
    assert adler.retires_on == (day := date(2029, 8, 25))
    assert not has_left(adler, day - timedelta(days=1))
    assert has_left(adler, day)
    retired = [
        row.last_name for row in parliament.values() if row.chamber == SENATE and has_left(row, date(2026, 12, 2))
    ]
    assert retired == ["Al Zaibak", "Busson", "Dasko", "Saint-Germain"]
