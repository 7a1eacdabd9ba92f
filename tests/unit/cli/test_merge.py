"""`advocacy merge`: a letter for each row of a sheet in a new folder; what was bad is named by its row."""

import csv
import re
import runpy
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from advocacy.cli import advocacy
from advocacy.cli.site import Site
from advocacy.exports import FORMATS
from advocacy.exports.format import CannotExport, ExportOptions, Format
from advocacy.exports.merge.addressees import Addressees
from advocacy.exports.merge.merge_output import NO_FONT_FOR_CELL, NO_FONT_FOR_LETTER
from advocacy.exports.text import to_text_file
from advocacy.language import Language
from advocacy.letters.letter import Letter
from advocacy.messages import message
from tests.builders import TODAY
from tests.databases import Beginning, Files
from tests.unit.exports.merge.sheets import HEADER, a_row, csv_bytes, xlsx_bytes

TAKEDOWN = "child-protection/takedown-and-standards"
ROOT = Path(__file__).parents[3]
DOC = (ROOT / "docs" / "merge.md").read_text(encoding="utf-8")
GONE = 2**22 + 1
"""No process has this number: Linux gives none higher than 2**22."""
NAMES = ("Anne", "Bob", "Camille", "Denis", "Élise", "Farid", "Gus", "Hana")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, filled_files: Files) -> str:
    return filled_files.lay(tmp_path_factory.mktemp("site") / "advocacy.sqlite3", Beginning.SITE)


@pytest.fixture(scope="module")
def opened() -> Iterator[Site]:
    """The site and its directory, read by the first command that needs them and kept for the others."""
    read, kept = Addressees.of, dict[tuple[date, str | None], Addressees]()

    def of(session: Session, *, today: date, campaign: str | None = None) -> Addressees:
        if (today, campaign) not in kept:
            kept[today, campaign] = read(session, today=today, campaign=campaign)
        return kept[today, campaign]

    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.setattr(Addressees, "of", of)
        yield Site(stack)


@pytest.fixture
def merge(site: str, opened: Site, monkeypatch: pytest.MonkeyPatch, *, tmp_path: Path) -> "Merge":
    monkeypatch.setenv("ADVOCACY_DATABASE_URL", site)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(FORMATS, "txt", Format("txt", "text/plain", to_text_file))
    return Merge(opened, monkeypatch)


class Merge:
    """`advocacy merge` in a folder of its own, on one day unless another is set."""

    def __init__(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        self.site, self._monkeypatch = site, monkeypatch
        self.on("2026-11-25")

    def on(self, day: str) -> None:
        noon = datetime.fromisoformat(f"{day}T12:00").astimezone()
        self._monkeypatch.setattr(self.site, "now", lambda: noon)

    def __call__(self, *arguments: str, sheet: str = "people.csv", template: str = TAKEDOWN) -> Result:
        return CliRunner().invoke(advocacy, ["merge", template, sheet, *arguments], obj=self.site)

    def with_form(self, make: object) -> None:
        """Let txt be made so."""
        self._monkeypatch.setitem(FORMATS, "txt", Format("txt", "text/plain", make))  # type: ignore[arg-type]


def people(*rows: Sequence[str], name: str = "people.csv") -> None:
    Path(name).write_bytes(csv_bytes([HEADER, *rows]))


def several(*bad: int) -> None:
    """Eight people in rows 2 to 9; these rows lack a city."""
    people(*(a_row(name=name, city="" if row in bad else "Hull") for row, name in enumerate(NAMES, start=2)))


def files(folder: str = "out") -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir()) if path.name != "rejected.csv"}


def rejected(name: str = "out/rejected.csv") -> list[list[str]]:
    with Path(name).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines))


def test_a_row_gives_the_letter_that_its_answers_give(merge: Merge) -> None:
    people(a_row(reason="I have two children."), a_row(language="fr"))
    told = merge("--output", "out")
    assert told.exit_code == 0, told.output
    assert told.stdout == "2 letters (1 en, 1 fr) in out\n"
    assert list(files()) == ["00002 - Ottawa Centre.txt", "00003 - Ottawa-Centre.txt"]
    said = ("name=Camille Essai", "city=Ottawa", "province=ON", "reason=I have two children.")
    words = [word for answer in said for word in ("--set", answer)]
    arguments = ["letter", TAKEDOWN, "--language", "en", "--riding", "35079", *words]
    alone = CliRunner().invoke(advocacy, arguments, obj=merge.site)
    assert files()["00002 - Ottawa Centre.txt"].decode() == alone.stdout


def test_a_workbook_gives_the_same_letters_as_a_csv_file(merge: Merge) -> None:
    rows = [a_row(name="Zoé", reason="Two\nlines; and “more”."), a_row(name="O’Brien", language="fr")]
    Path("western.csv").write_bytes(csv_bytes([HEADER, *rows], encoding="cp1252", separator=";"))
    Path("book.xlsx").write_bytes(xlsx_bytes([HEADER, *rows]))
    Path("misnamed.csv").write_bytes(xlsx_bytes([HEADER, *rows]))
    people(*rows)
    for name in ("people.csv", "western.csv", "book.xlsx", "misnamed.csv"):
        assert merge("--output", f"of {name}", sheet=name).exit_code == 0
    assert files("of people.csv") == files("of western.csv") == files("of book.xlsx") == files("of misnamed.csv")
    assert "CSV, Windows-1252, separated by semicolons" in merge("--check", sheet="western.csv").stdout
    assert "misnamed.csv: Excel workbook" in merge("--check", sheet="misnamed.csv").stdout


def test_bad_rows_are_left_out_and_named_beside_the_letters(merge: Merge) -> None:
    several(3, 7)
    told = merge("--output", "out")
    assert told.exit_code == 1
    assert [int(name[:5]) for name in files()] == [2, 4, 5, 6, 8, 9]
    assert rejected() == [
        ["row", "column", "reason"],
        ["3", "city", "This cell is empty, and every row needs it."],
        ["7", "city", "This cell is empty, and every row needs it."],
    ]
    assert "row 3, city: This cell is empty, and every row needs it.\n" in told.stderr
    assert told.stderr.endswith("2 rows left out; out/rejected.csv names the row, the column and the reason\n")


def test_a_check_says_all_and_writes_nothing(merge: Merge) -> None:
    people(
        *(a_row(city="") for _ in range(23)), a_row(), a_row(language="fr", reason="96% of respondents want removal.")
    )
    before = sorted(Path().iterdir())
    told = merge("--check", "--output", "out")
    assert told.exit_code == 1
    assert told.stdout.splitlines()[:4] == [
        "people.csv: CSV, UTF-8, separated by commas",
        "columns: A name, B city, C province, D postal_code, E riding, F language, G relationship, H reason",
        "2 letters (1 en, 1 fr)",
        "row 26: Own words give a figure, or speak of the survey or the bill: read them.",
    ]
    assert told.stdout.splitlines()[4:] == [
        *(f"row {row}, city: This cell is empty, and every row needs it." for row in range(2, 22)),
        "… and 3 more",
    ]
    assert "23 rows would be left out" in told.stderr
    assert sorted(Path().iterdir()) == before


def test_nothing_anyone_typed_is_said_or_logged(merge: Merge, caplog: pytest.LogCaptureFixture) -> None:
    canary = "Xylophone"
    people(
        a_row(name=canary, reason=f"{canary} 96% of respondents want removal."),
        a_row(city=canary * 10, province=canary, language=canary, riding=canary, relationship=canary),
        a_row(name=f"{canary} www.{canary}.com", postal_code=canary, riding=""),
        (*a_row(), canary),
    )
    for arguments in (
        ("--check",),
        ("--output", "out"),
    ):
        told = merge(*arguments)
        assert told.exit_code == 1
        assert canary.casefold() not in f"{told.output}{caplog.text}".casefold()
        assert canary.casefold() not in repr(rejected() if "--output" in arguments else "").casefold()
    assert canary.casefold() not in "".join(str(path) for path in Path().rglob("*")).casefold()


def test_letters_that_are_there_are_not_written_over(merge: Merge) -> None:
    several()
    assert merge("--output", "out").exit_code == 0
    told = merge("--output", "out")
    assert told.exit_code == 2
    assert "out already exists; name a new folder with --output" in told.stderr


def no_letter_f(letters: Sequence[Letter], options: ExportOptions) -> bytes:
    if any("F" in letter.sender.name for letter in letters):
        raise CannotExport(message("no F as in Farid"))
    return to_text_file(letters, options)


def test_a_letter_that_cannot_take_the_form_is_a_row_left_out(merge: Merge) -> None:
    several()
    merge.with_form(no_letter_f)
    told = merge("--output", "out")
    assert told.exit_code == 1
    assert rejected()[1:] == [["7", "", NO_FONT_FOR_LETTER.in_language(Language.EN)]]
    assert "Farid" not in told.output
    assert told.stdout.startswith("7 letters (7 en)")


def test_a_character_that_no_font_shows_is_found_by_the_check_and_told_by_its_column(merge: Merge) -> None:
    people(a_row(name="山田 太郎", reason="Voilà 😀."), a_row(), a_row(city="ᐃᖃᓗᐃᑦ"))
    told = merge("--check", "--format", "pdf")
    assert told.exit_code == 1
    assert "2 letters (2 en)\n" in told.stdout
    assert "row 2, name: This cell contains a character that our fonts cannot show" in told.stdout
    assert merge("--output", "out", "--format", "pdf").stdout.startswith("2 letters (2 en)")
    assert list(files()) == ["takedown-and-standards.pdf"]
    assert rejected()[1:] == [["2", "name", NO_FONT_FOR_CELL.in_language(Language.EN)]]
    assert merge("--check", "--format", "docx").exit_code == 0


WRONG = {
    "no output": ((), "name a new folder with --output"),
    "a file for a folder": (("--output", "people.csv"), "people.csv already exists; name a new folder"),
    "post without paper": (("--post", "sheet", "--output", "out"), "--post is for paper"),
    "an unknown form": (("--format", "odt", "--output", "out"), "a letter cannot be made as “odt” here"),
}


@pytest.mark.parametrize(("arguments", "sentence"), WRONG.values(), ids=WRONG)
def test_wrong_use_is_answered_in_a_sentence(merge: Merge, arguments: tuple[str, ...], sentence: str) -> None:
    several()
    told = merge(*arguments)
    assert told.exit_code == 2
    assert sentence in told.stderr
    assert told.stdout == ""


@pytest.mark.parametrize("content", [b"", b"name\n", b"\0\0\0\0", csv_bytes([HEADER, a_row()]) + b'"open'])
def test_a_file_that_is_no_sheet_is_a_failure_in_one_sentence(merge: Merge, content: bytes) -> None:
    Path("people.csv").write_bytes(content)
    for arguments in (("--check", "--language", "en"), ("--output", "out", "--language", "en")):
        told = merge(*arguments)
        assert told.exit_code == 1
        assert told.stderr.splitlines()[-1].startswith("Error: people.csv: ")
        assert not list(Path().rglob("*.txt"))


def test_a_place_that_cannot_be_written_is_a_failure_in_one_sentence(merge: Merge) -> None:
    several()
    Path("file").write_text("")
    told = merge("--output", "file/out")
    assert told.exit_code == 1
    assert "cannot be written (File exists)" in told.stderr


def block(kind: str) -> str:
    found = re.search(rf"^```{kind}\n(.*?)^```$", DOC, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def test_the_sheet_of_the_documentation_gives_what_it_says(merge: Merge) -> None:
    Path("people.csv").write_text(block("csv"), encoding="utf-8")
    told = merge("--check")
    shown = DOC.split("--check\n")[1].split("```")[0]
    assert told.stdout + told.stderr == shown
    assert merge("--output", "letters").exit_code == 1
    assert all(f"`{name}`" in DOC for name in files("letters"))


def test_the_python_of_the_documentation_gives_the_same_letters(
    merge: Merge, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("people.csv").write_text(block("csv"), encoding="utf-8")
    merge("--output", "letters", "--language", "fr")
    Path("example.py").write_text(block("python"), encoding="utf-8")
    runpy.run_path("example.py")
    assert [Path(f"{int(name[:5])}.txt").read_bytes() for name in files("letters")] == list(files("letters").values())
    assert capsys.readouterr().out == f"row 4, Code postal: {rejected('letters/rejected.csv')[1][2]}\n"
    assert f"date({TODAY:%Y, %-m, %-d})" in block("python")
