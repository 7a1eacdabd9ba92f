"""`advocacy merge`: a letter for each row of a sheet; what was bad is named by its row, what was stopped goes on."""

import csv
import json
import os
import re
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from advocacy.cli import advocacy, atomic_files, merge_files
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
    return {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir()) if path.name[0] != "."}


def rejected(name: str = "people.rejected.csv") -> list[list[str]]:
    with Path(name).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines))


def test_a_row_gives_the_letter_that_its_answers_give(merge: Merge) -> None:
    people(a_row(reason="I have two children."), a_row(language="fr"))
    told = merge("--output", "out")
    assert told.exit_code == 0, told.output
    assert told.stdout == "2 letters (1 en, 1 fr), 2 files in out\n"
    assert list(files()) == ["00002 - Ottawa Centre.txt", "00003 - Ottawa-Centre.txt"]
    said = ("name=Camille Essai", "city=Ottawa", "province=ON", "reason=I have two children.")
    words = [word for answer in said for word in ("--set", answer)]
    arguments = ["letter", TAKEDOWN, "--language", "en", "--riding", "35079", *words]
    alone = CliRunner().invoke(advocacy, arguments, obj=merge.site)
    assert files()["00002 - Ottawa Centre.txt"].decode() == alone.stdout


def test_a_file_joins_the_letters_in_the_order_of_the_rows(merge: Merge) -> None:
    several()
    told = merge("--output", "all.txt")
    assert (told.exit_code, told.stdout) == (0, "8 letters (8 en), in all.txt\n")
    text = Path("all.txt").read_text(encoding="utf-8")
    assert [text.index(f"\n{name}\n") for name in NAMES] == sorted(text.index(f"\n{name}\n") for name in NAMES)


def test_many_letters_come_in_numbered_files_that_say_how_many(merge: Merge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merge_files, "MAX_JOINED_PAGES", 6)
    monkeypatch.setattr(merge_files, "PAGES_PER_FILE", 3)
    several(4)
    told = merge("--output", "all.txt")
    assert told.stdout == "7 letters (7 en), 3 files, all-01-of-03.txt to all-03-of-03.txt\n"
    parts = {name: content for name, content in files(".").items() if name.startswith("all")}
    assert list(parts) == ["all-01-of-03.txt", "all-02-of-03.txt", "all-03-of-03.txt"]
    found = [re.findall(f"^(?:{'|'.join(NAMES)})$", part.decode(), re.MULTILINE) for part in parts.values()]
    assert found == [["Anne", "Bob", "Denis"], ["Élise", "Farid", "Gus"], ["Hana"]]


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


def test_bad_rows_are_left_out_and_named_beside_the_sheet(merge: Merge) -> None:
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
    assert told.stderr.endswith("2 rows left out; people.rejected.csv names the row, the column and the reason\n")


def test_the_file_speaks_the_letters_language_and_the_terminal_one_alone(merge: Merge) -> None:
    several(3)
    told = merge("--output", "out", "--language", "fr")
    assert rejected()[1] == ["3", "city", "Cette cellule est vide, et chaque ligne doit la remplir."]
    assert "row 3, city: This cell is empty, and every row needs it.\n" in told.stderr
    assert "row 3, city: This cell is empty, and every row needs it.\n" in merge("--check", "--language", "fr").stdout


def test_the_bad_row_of_many_is_named_right(merge: Merge) -> None:
    rows = [a_row(reason="Several\nlines." if row % 7 == 0 else "") for row in range(2, 202)]
    rows[117 - 2] = a_row(province="Texas")
    people(*rows)
    told = merge("--check")
    assert told.exit_code == 1
    assert "199 letters (199 en), 199 txt files" in told.stdout
    assert "row 117, province: Enter a province or territory" in told.stdout


def test_the_file_of_rejected_rows_goes_when_none_is(merge: Merge) -> None:
    several(3)
    merge("--output", "out")
    several()
    assert merge("--output", "again").exit_code == 0
    assert not list(Path().glob("*people.rejected.csv*"))
    assert not list(Path().glob(".people.rejected.csv*"))


OTHERS: dict[str, dict[str, str]] = {
    "another sheet of that name": {"sheet": "people.xlsx"},
    "another letter": {"template": "child-protection/safety-standards"},
}


@pytest.mark.parametrize("bad", [(), (5,)], ids=["none is left out", "one is left out"])
@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_rows_left_out_of_another_merge_stay_named(merge: Merge, other: dict[str, str], bad: tuple[int, ...]) -> None:
    several(3)
    merge("--output", "out")
    before = rejected()
    several(*bad)
    Path("people.xlsx").write_bytes(xlsx_bytes([HEADER, a_row()]))
    for output in ("others.txt",) if bad else ("others", "others.txt"):
        told = merge("--output", output, **other)
        assert told.exit_code == 2
        assert "people.rejected.csv names rows left out of another sheet, or with another letter; move" in told.stderr
        assert not Path(output).exists()
    assert rejected() == before
    assert merge("--output", "again").exit_code == (1 if bad else 0)
    assert [row for row, *_ in rejected()[1:]] == ["5"] if bad else not Path("people.rejected.csv").exists()


def test_a_check_says_all_and_writes_nothing(merge: Merge) -> None:
    people(
        *(a_row(city="") for _ in range(23)), a_row(), a_row(language="fr", reason="96% of respondents want removal.")
    )
    before = sorted(Path().iterdir())
    told = merge("--check", "--output", "all.txt")
    assert told.exit_code == 1
    assert told.stdout.splitlines()[:4] == [
        "people.csv: CSV, UTF-8, separated by commas",
        "columns: A name, B city, C province, D postal_code, E riding, F language, G relationship, H reason",
        "2 letters (1 en, 1 fr), 1 txt file",
        "row 26: Own words give a figure, or speak of the survey or the bill: read them.",
    ]
    assert told.stdout.splitlines()[4:] == [
        *(f"row {row}, city: This cell is empty, and every row needs it." for row in range(2, 22)),
        "… and 3 more",
    ]
    assert "23 rows would be left out" in told.stderr
    assert sorted(Path().iterdir()) == before


def test_a_check_of_good_rows_is_done(merge: Merge) -> None:
    several()
    assert merge("--check").exit_code == 0


def test_a_column_that_is_not_read_is_said_by_its_letters(merge: Merge) -> None:
    Path("people.csv").write_bytes(csv_bytes([(*HEADER, "Téléphone", "resaon"), (*a_row(), "555-0100", "x")]))
    said = merge("--output", "out").stderr
    assert "column I is not read: its title matches no field of this letter\n" in said
    assert "column J is not read: its title matches no field of this letter; is it “Why this matters to you”?\n" in said
    assert "Téléphone" not in said


def test_nothing_anyone_typed_is_said_or_logged(merge: Merge, caplog: pytest.LogCaptureFixture) -> None:
    canary = "Xylophone"
    people(
        a_row(name=canary, reason=f"{canary} 96% of respondents want removal."),
        a_row(city=canary * 10, province=canary, language=canary, riding=canary, relationship=canary),
        a_row(name=f"{canary} www.{canary}.com", postal_code=canary, riding=""),
        (*a_row(), canary),
    )
    for arguments in (("--check",), ("--output", "out"), ("--output", "all.txt")):
        told = merge(*arguments)
        assert told.exit_code == 1
        assert canary.casefold() not in f"{told.output}{caplog.text}".casefold()
        assert canary.casefold() not in repr(rejected() if "--output" in arguments else "").casefold()
    assert canary.casefold() not in "".join(str(path) for path in Path().rglob("*")).casefold()
    assert canary.casefold() not in Path("out/.merge.txt.json").read_text(encoding="utf-8").casefold()


def test_letters_that_are_there_are_not_written_over(merge: Merge) -> None:
    several()
    for output in ("out", "all.txt"):
        assert merge("--output", output).exit_code == 0
        told = merge("--output", output)
        assert told.exit_code == 2
        assert "already exists; --resume continues it; to start again, name another place with --output" in told.stderr


def test_a_resumed_merge_makes_what_is_lacking_and_nothing_else(merge: Merge) -> None:
    several(5)
    merge("--output", "out")
    whole = files()
    Path("out/00003 - Ottawa Centre.txt").unlink()
    Path("out/00004 - Ottawa Centre.txt").write_text("as it stood")
    merge.on("2027-01-01")
    told = merge("--output", "out", "--resume")
    assert told.exit_code == 1
    assert files() == whole | {"00004 - Ottawa Centre.txt": b"as it stood"}
    assert rejected()[1][0] == "5"


def test_a_merge_that_was_stopped_goes_on_where_it_was(merge: Merge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atomic_files, "MAX_BATCH", 2)
    several(3)
    merge("--output", "whole")
    made: list[Letter] = []

    def stopping(letters: Sequence[Letter], options: ExportOptions) -> bytes:
        made.extend(letters)
        if len(made) == 4:
            raise KeyboardInterrupt
        return to_text_file(letters, options)

    merge.with_form(stopping)
    told = merge("--output", "out")
    assert (told.exit_code, len(files())) == (1, 2)
    assert [path.name for path in Path("out").glob("*.unfinished")] != []
    merge.with_form(to_text_file)
    assert merge("--output", "out", "--resume").exit_code == 1
    assert files() == files("whole")
    assert list(Path("out").glob("*.unfinished")) == []


def test_parts_that_are_there_are_not_made_again(merge: Merge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merge_files, "MAX_JOINED_PAGES", 6)
    monkeypatch.setattr(merge_files, "PAGES_PER_FILE", 3)
    several()
    merge("--output", "all.txt")
    second = Path("all-02-of-03.txt").read_bytes()
    Path("all-02-of-03.txt").unlink()
    made: list[int] = []

    def counting(letters: Sequence[Letter], options: ExportOptions) -> bytes:
        made.extend([len(letters)] if len(letters) > 1 else [])
        return to_text_file(letters, options)

    merge.with_form(counting)
    merge.on("2027-01-01")
    assert merge("--output", "all.txt", "--resume").exit_code == 0
    assert made == [3]
    assert Path("all-02-of-03.txt").read_bytes() == second


DYING = """
import os, signal
from datetime import date, datetime
from pathlib import Path
from advocacy.cli import atomic_files, main
from advocacy.cli.site import Site

Site.__init__.__defaults__ = (lambda: datetime.fromisoformat("2026-11-25T12:00").astimezone(),)
atomic_files.MAX_BATCH = 20
named, give_name = [], Path.replace

def replace(path, target):
    if len(named) == 30:
        os.kill(os.getpid(), signal.SIGKILL)
    named.append(target)
    return give_name(path, target)

Path.replace = replace
main()
"""
"""A merge that is killed while it gives the second twenty of its letters their names."""


def test_a_killed_merge_goes_on_and_gives_every_row_once(merge: Merge, site: str, tmp_path: Path) -> None:
    people(*(a_row(city="" if row % 20 == 0 else "Hull") for row in range(2, 72)))
    command = [sys.executable, "-c", DYING, "merge", TAKEDOWN, "people.csv", "--output", "out"]
    killed = subprocess.run(command, env=environment(site), cwd=tmp_path, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert 20 < len(list(Path("out").glob("0*.txt"))) < 40
    assert list(Path("out").glob("*.unfinished"))
    for arguments in (("out", "--resume"), ("whole",)):
        assert merge("--output", *arguments).exit_code == 1
    assert [int(name[:5]) for name in files()] == [row for row in range(2, 72) if row % 20]
    assert files() == files("whole")
    assert not list(Path("out").glob("*.unfinished"))


def environment(site: str) -> dict[str, str]:
    return {**os.environ, "ADVOCACY_DATABASE_URL": site, "PYTHONPATH": str(ROOT)}


@pytest.mark.thorough
def test_a_merge_killed_at_any_moment_goes_on_and_gives_every_row_once(site: str, tmp_path: Path) -> None:
    sheet = tmp_path / "people.csv"
    sheet.write_bytes(csv_bytes([HEADER, *(a_row(city="" if row % 50 == 0 else "Hull") for row in range(2, 902))]))
    command = [sys.executable, "-m", "advocacy", "merge", TAKEDOWN, str(sheet), "--output"]

    def run(*arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*command, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment(site),
            cwd=tmp_path,
        )

    killed = run("out")
    while killed.poll() is None and not list((tmp_path / "out").glob("0*.txt")):
        time.sleep(0.01)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    assert 0 < len(list((tmp_path / "out").glob("0*.txt"))) < 882
    for folder in (("out", "--resume"), ("whole",)):
        process = run(*folder)
        process.communicate()
        assert process.returncode == 1
    good = [row for row in range(2, 902) if row % 50]
    assert [int(name[:5]) for name in files(str(tmp_path / "out"))] == good
    assert files(str(tmp_path / "out")) == files(str(tmp_path / "whole"))


def in_record(name: str, value: object) -> None:
    path = Path("out/.merge.txt.json")
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {name: value}), encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda: several(3), "the sheet is not the one that out was started with"),
        (lambda: in_record("revision", "another"), "the letter’s text is not the one that out was started with"),
        (lambda: in_record("directory", "another"), "the directory of legislators is not the one"),
        (lambda: in_record("version", "0"), "this version of advocacy is not the one"),
        (lambda: in_record("options", {}), "the options are not the ones"),
        (lambda: in_record("date", "some day"), "cannot be read; merge again into another place"),
        (lambda: Path("out/.merge.txt.json").write_text("{"), "cannot be read; merge again into another place"),
        (lambda: Path("out/.merge.txt.json").unlink(), "was not made by a merge that can be resumed"),
    ],
)
def test_a_merge_goes_on_with_the_same_alone(merge: Merge, change, told: str) -> None:  # type: ignore[no-untyped-def]
    several()
    merge("--output", "out")
    change()
    before = files()
    result = merge("--output", "out", "--resume")
    assert result.exit_code == 2
    assert told in result.stderr
    assert files() == before


def test_another_letter_and_another_language_are_another_merge(merge: Merge) -> None:
    several()
    merge("--output", "out")
    other = merge("--output", "out", "--resume", template="child-protection/safety-standards")
    assert (other.exit_code, "the letter is not the one" in other.stderr) == (2, True)
    assert "the options are not the ones" in merge("--output", "out", "--resume", "--language", "fr").stderr


def test_a_folder_and_a_file_in_it_are_two_merges(merge: Merge) -> None:
    several()
    assert merge("--output", "out").exit_code == 0
    several(3)
    assert merge("--output", "out/letters.txt").exit_code == 1
    before = files()
    told = merge("--output", "out", "--resume")
    assert (told.exit_code, "the sheet is not the one" in told.stderr) == (2, True)
    assert files() == before


def test_a_joined_file_is_named_by_what_it_was_begun_with(merge: Merge) -> None:
    several()
    merge("--output", "all.txt")
    told = merge("--output", "all.txt", "--resume", "--language", "fr")
    assert "the options are not the ones that all.txt was started with" in told.stderr


def test_the_shape_of_the_output_is_recorded(merge: Merge) -> None:
    several()
    merge("--output", "out")
    merge("--output", "all.txt")
    records = [Path("out/.merge.txt.json"), Path(".all.txt.merge.json")]
    assert [json.loads(path.read_text(encoding="utf-8"))["options"]["joined"] for path in records] == ["", "all"]
    records[1].replace(records[0])
    assert "the options are not the ones" in merge("--output", "out", "--resume").stderr


OWN = "a file of somebody’s own, with row,column,reason in it"


@pytest.mark.parametrize("bad", [(), (3,)], ids=["none is left out", "one is left out"])
def test_somebodys_own_file_is_not_taken_for_the_rejected_rows(merge: Merge, bad: tuple[int, ...]) -> None:
    several(*bad)
    Path("people.rejected.csv").write_text(OWN, encoding="utf-8")
    for output in ("out", "all.txt"):
        told = merge("--output", output)
        assert told.exit_code == 2
        assert "people.rejected.csv is not from a merge" in told.stderr
        assert "move it away, or rename the sheet" in told.stderr
        assert not Path(output).exists()
    assert Path("people.rejected.csv").read_text(encoding="utf-8") == OWN


def test_a_folder_in_the_place_of_the_rejected_rows_is_told_before_anything_is_made(merge: Merge) -> None:
    several()
    Path("people.rejected.csv").mkdir()
    assert "move it away" in merge("--output", "out").stderr
    assert not Path("out").exists()


@pytest.mark.parametrize("output", ["out", "all.txt"])
def test_rejected_rows_that_no_file_can_name_are_said_before_the_failure(merge: Merge, output: str) -> None:
    several(3)
    atomic_files.temporary(Path("people.rejected.csv")).mkdir()  # it cannot be written, whoever asks
    told = merge("--output", output)
    assert told.exit_code == 1
    assert told.stderr.splitlines()[-2:] == [
        "row 3, city: This cell is empty, and every row needs it.",
        "Error: people.rejected.csv cannot be written (Is a directory); fix that, then continue with --resume",
    ]


def test_an_unfinished_record_goes_and_the_files_of_others_stay(merge: Merge) -> None:
    several()
    Path("out").mkdir()
    for name in ("..merge.txt.json", ".notes.txt"):
        Path(f"out/{name}.{GONE}.unfinished").touch()
    assert merge("--output", "out", "--resume").exit_code == 0
    assert [path.name for path in Path("out").glob("*.unfinished")] == [f".notes.txt.{GONE}.unfinished"]


def test_excels_first_line_and_blank_rows_before_the_titles_are_passed_over(merge: Merge) -> None:
    content = b"sep=;\r\n\r\n" + csv_bytes([HEADER, a_row(), a_row(city="")], separator=";")
    Path("people.csv").write_bytes(content)
    told = merge("--check")
    assert "people.csv: CSV, UTF-8, separated by semicolons" in told.stdout
    assert "1 letter (1 en)" in told.stdout
    assert "row 5, city: This cell is empty, and every row needs it." in told.stdout


def test_paper_for_the_mail_counts_two_pages_a_letter(merge: Merge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merge_files, "MAX_JOINED_PAGES", 10)
    monkeypatch.setattr(merge_files, "PAGES_PER_FILE", 8)
    several()
    for post, told in (("none", "1 pdf file"), ("sheet", "2 pdf files"), ("window", "2 pdf files")):
        assert f"8 letters (8 en), {told}\n" in merge("--check", "--format", "pdf", "--post", post).stdout


def test_resuming_what_was_never_begun_begins_it(merge: Merge) -> None:
    several()
    assert merge("--output", "out", "--resume").exit_code == 0
    assert len(files()) == 8


def no_letter_f(letters: Sequence[Letter], options: ExportOptions) -> bytes:
    if any("F" in letter.sender.name for letter in letters):
        raise CannotExport(message("no F as in Farid"))
    return to_text_file(letters, options)


@pytest.mark.parametrize("output", ["out", "all.txt"])
def test_a_letter_that_cannot_take_the_form_is_a_row_left_out(merge: Merge, output: str) -> None:
    several()
    merge.with_form(no_letter_f)
    for arguments in (("--output", output), ("--output", output, "--resume")):
        told = merge(*arguments)
        assert told.exit_code == 1
        assert rejected()[1:] == [["7", "", NO_FONT_FOR_LETTER.in_language(Language.EN)]]
        assert "Farid" not in told.output
        assert told.stdout.startswith("7 letters (7 en)")


@pytest.mark.parametrize("output", ["out", "all.pdf"])
def test_a_character_that_no_font_shows_is_found_by_the_check_and_told_by_its_column(merge: Merge, output: str) -> None:
    people(a_row(name="山田 太郎", reason="Voilà 😀."), a_row(), a_row(city="ᐃᖃᓗᐃᑦ"))
    told = merge("--check", "--format", "pdf")
    assert told.exit_code == 1
    assert "2 letters (2 en), 1 pdf file\n" in told.stdout
    assert "row 2, name: This cell contains a character that our fonts cannot show" in told.stdout
    assert merge("--output", output, "--format", "pdf").stdout.startswith("2 letters (2 en)")
    assert rejected()[1:] == [["2", "name", NO_FONT_FOR_CELL.in_language(Language.EN)]]
    assert merge("--check", "--format", "docx").exit_code == 0


def test_the_ending_of_the_output_names_the_form(merge: Merge) -> None:
    several()
    assert merge("--output", "all.html").exit_code == 0
    assert Path("all.html").read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(("first", "then"), [("txt", "docx"), ("txt", "pdf"), ("pdf", "txt")])
def test_another_form_does_not_go_on_with_a_folder(merge: Merge, first: str, then: str) -> None:
    several()
    assert merge("--output", "out", "--format", first).exit_code == 0
    before = files()
    told = merge("--output", "out", "--format", then, "--resume")
    assert (told.exit_code, "the options are not the ones that out was started with" in told.stderr) == (2, True)
    assert files() == before


WRONG = {
    "no output": ((), "name a folder, or one file for all letters, with --output"),
    "another ending": (
        ("--output", "all.docx", "--format", "txt"),
        "all.docx ends in .docx and --format is txt; make them the same",
    ),
    "an archive": (("--output", "all.zip", "--format", "docx"), "all.zip ends in .zip, and letters are txt, pdf,"),
    "a mail for many": (("--output", "all.eml"), "an .eml file holds one letter; name a folder"),
    "a form of one letter": (
        ("--format", "docx", "--output", "all.docx"),
        "a .docx file holds one letter; name a folder",
    ),
    "a file for a folder": (("--output", "people.csv"), "people.csv is a file; name a folder"),
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


def test_a_sheet_that_names_no_language_needs_one(merge: Merge) -> None:
    Path("people.csv").write_bytes(csv_bytes([HEADER[:5], a_row()[:5]]))
    told = merge("--check")
    assert (told.exit_code, "with --language, or in a column “language”" in told.stderr) == (2, True)
    assert merge("--check", "--language", "fr").exit_code == 0


def test_an_unknown_letter_is_answered_with_those_there_are(merge: Merge) -> None:
    several()
    told = merge("--check", template="child-protection/poem")
    assert (told.exit_code, "there are child-protection/bill" in told.stderr) == (2, True)


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
    assert "cannot be written (Not a directory); fix that, then continue with --resume" in told.stderr


def test_a_pipe_sees_lines_while_many_letters_are_made(merge: Merge) -> None:
    people(*(a_row() for _ in range(200)))
    assert merge("--output", "out").stderr.count("Letters: ") == 10


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
    assert capsys.readouterr().out == f"row 4, Code postal: {rejected()[1][2]}\n"
    assert f"date({TODAY:%Y, %-m, %-d})" in block("python")
