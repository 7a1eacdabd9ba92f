"""A file in the Open North form is read whole, in either language, or refused with every error's row and column."""

from pathlib import Path

import pytest

from advocacy.language import Wording
from advocacy.legislators.directory_queries import RidingNames
from advocacy.legislators.legislatures import SENATE, Province
from advocacy.legislators.models import OfficeAddress, Status
from advocacy.legislators.recipient import Gender, Office
from advocacy.legislators.sources.opennorth_csv import read_csv
from advocacy.sheets import SheetErrors

SHAPES = Path(__file__).parents[2] / "data" / "shapes"
RIDINGS = RidingNames(
    {"35079": ["Ottawa Centre", "Ottawa-Centre"], "35120": ["York Centre", "York-Centre", "North York"]},
    {"35079": "ON", "35120": "ON"},
)


def complaints(text: str) -> list[str]:
    with pytest.raises(SheetErrors) as refused:
        read_csv(text.encode(), RIDINGS)
    return [str(problem) for problem in refused.value.errors]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_templates_own_headers_are_known_in_both_languages_and_any_case(language: str) -> None:
    header = (SHAPES / f"opennorth_template_{language}.csv").read_text(encoding="utf-8").strip()
    cells = ["Ottawa-centre", "35079", "mp", "Zoé", "Roe", "F", "Liberal", "zoe@example.com", "", "", ""]
    cells += ["1 Main St", "", "Ottawa", "ON", "K1A 0A6", "1 613 555-0100", "", "", "", ""]
    for written in (header, header.upper(), "\ufeff" + header.lower()):
        (record,) = read_csv(f"{written}\n{','.join(cells)}\n".encode(), RIDINGS)
        assert (record.name, record.first_name, record.last_name) == ("Zoé Roe", "Zoé", "Roe")
        assert (record.riding_code, record.province, record.gender) == ("35079", "ON", Gender.F)
        assert (record.email, record.party) == ("zoe@example.com", Wording.same("Liberal"))
        lines = ("1 Main St", "Ottawa ON  K1A 0A6")
        assert record.addresses == (OfficeAddress("legislature", lines, telephone="1 613 555-0100"),)


@pytest.mark.parametrize("title", ["Name", "Nom", "Nom complet"])
def test_name_may_stand_for_first_and_last_name(title: str) -> None:
    (record,) = read_csv(f"{title},Primary role,District name\nZoé van der Roe,MP,north york\n".encode(), RIDINGS)
    assert (record.name, record.first_name, record.last_name) == ("Zoé van der Roe", "", "")
    assert record.riding_code == "35120"


@pytest.mark.parametrize(
    ("role", "chamber", "office", "province"),
    [
        ("Senator", SENATE, None, Province.QC),
        ("Sénatrice", SENATE, None, Province.QC),
        ("MPP", "assembly", None, Province.ON),
        ("MLA", "assembly", None, Province.QC),
        ("Premier", "assembly", Office.PREMIER, Province.QC),
        ("mairesse", "council", None, Province.QC),
    ],
)
def test_a_role_says_the_chamber_the_office_and_sometimes_the_province(
    role: str, *, chamber: str, office: Office | None, province: Province
) -> None:
    (record,) = read_csv(f"Name,Primary role,District name,Province\nA B,{role},Somewhere,Quebec\n".encode(), RIDINGS)
    assert (record.chamber, record.office, record.province) == (chamber, office, province)
    assert record.district == Wording.same("Somewhere")
    assert record.riding_code is None


def test_a_vacant_seat_is_read_as_one() -> None:
    (record,) = read_csv(b"Name,Primary role,District ID\nVacant,MP,35079\n", RIDINGS)
    assert (record.status, record.riding_code, record.name) == (Status.VACANT, "35079", "")


def test_every_error_is_told_with_its_row_and_the_files_own_title() -> None:
    header = "NOM,PRÉNOM,RÔLE,NOM DU DISTRICT,IDENTIFIANT DU DISTRICT,COURRIEL,GENRE,PROVINCE"
    told = complaints(
        f"{header}\n"
        "Roe,A,MP,Ottawa Center,,,,\n"
        ",B,MP,,99999,b@,X,\n"
        "\n"
        "Roe,C,Roi,,,,,\n"
        "Roe,D,MP,York Centre,35079,d@example.com,,Texas\n"
        "Roe,E,MLA,Here,,D@example.com,,\n"
        "Roe,F,MP,,,,,\n"
    )
    assert [line.split(":")[0] for line in told] == [
        "row 2, NOM DU DISTRICT",
        "row 3, COURRIEL",
        "row 3, GENRE",
        "row 3, IDENTIFIANT DU DISTRICT",
        "row 3, NOM",
        "row 5, RÔLE",
        "row 6, NOM DU DISTRICT",
        "row 6, PROVINCE",
        "row 7, PROVINCE",
        "row 8, NOM DU DISTRICT",
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_found_from_the_header(separator: str) -> None:
    lines = [["Nom complet", "Rôle", "Identifiant du district", "Nom du parti"], ["A B", "MP", "35079", '"a, b;c\td"']]
    (record,) = read_csv("\r\n".join(separator.join(line) for line in lines).encode(), RIDINGS)
    assert (record.name, record.riding_code, record.party) == ("A B", "35079", Wording.same("a, b;c d"))


def test_rows_longer_than_the_header_are_each_told_and_shorter_ones_end_in_empty_cells() -> None:
    header = "Name,Primary role,District ID,Party name"
    told = complaints(f"{header}\nA B,MP,35079,x,y,z\nC D,MP,35120\nE F,MP,35120,x,\n")
    assert [line.partition(";")[0] for line in told] == [
        "row 2: This row has more cells than the first row",
        "row 4: This row has more cells than the first row",
    ]
    (record,) = read_csv(f"{header}\nC D,MP,35120\n".encode(), RIDINGS)
    assert record.party is None


def test_an_email_address_is_refused_not_mended() -> None:
    for wrong in ("zoe.roe@parl", "zoe roe@parl.gc.ca", "zoe.roe(at)parl.gc.ca", "mailto:zoe@parl.gc.ca"):
        (told,) = complaints(f"Name,Primary role,District ID,Email\nZ R,MP,35079,{wrong}\n")
        assert told.startswith("row 2, Email: This is not an e-mail address")


def test_two_people_cannot_have_one_riding_or_one_address() -> None:
    header = "Name,Primary role,District ID,Email"
    assert complaints(f"{header}\nA B,MP,35079,a@b.ca\nC D,MP,35079,\nE F,MP,35120,A@b.ca\n") == [
        "row 3, District ID: This is also in row 2.",
        "row 4, Email: This is also in row 2.",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "This sheet is empty"),
        (b"Name,District ID\nA,35079\n", "row 1: No column is named “Primary role”"),
        (b"Name,Primary role\n", "no rows below its titles"),
        (b"Name,Name,Primary role\nA,B,MP\n", "row 1, Name: Two columns have this title"),
        (b'Name,Primary role\n"A,MP\n', "a quotation mark opens a cell"),
        (b"Name,Primary role\n" + b"A B,MP\n" * 20_001, "20000 rows at most"),
        (b"Name,Primary role,District ID\n" + b"A" * 300 + b",MP,35079\n", "180 characters at most"),
        (
            b"Name,Primary role,District ID\nA\x00B,MP,35079\n",
            "row 2, Name: This contains a character that cannot be seen",
        ),
    ],
)
def test_a_file_that_cannot_be_a_list_is_refused_with_what_to_do(content: bytes, said: str) -> None:
    with pytest.raises(SheetErrors, match=said):
        read_csv(content, RIDINGS)
