"""`advocacy legislators` answers on stdout, complains in a sentence on stderr, and changes all or nothing."""

from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session, sessionmaker

from advocacy.legislators import directory_queries
from advocacy.legislators.legislatures import COMMONS
from advocacy.legislators.models import Legislator, Origin, Status
from advocacy.legislators.recipient import Gender
from advocacy.legislators.sources.http_client import SourceError

# By its name: the package shows the command group under the module's own name.
commands = import_module("advocacy.cli.legislators")
Sessions = sessionmaker[Session]
Run = Callable[..., Result]
SHAPES = Path(__file__).parents[1] / "data" / "shapes"


@pytest.fixture
def run(directory_sessions: Sessions) -> Run:
    site = SimpleNamespace(sessions=directory_sessions, now=lambda: datetime(2026, 11, 25, 12, tzinfo=UTC))

    def run(*words: str) -> Result:
        return CliRunner().invoke(commands.legislators, words, obj=site)

    return run


def write_house(sessions: Sessions, file: Path, *, leave_out: int = 0) -> None:
    """The present House as an Open North file, without what that form cannot hold."""
    with sessions.begin() as session:
        rows = [row for row in directory_queries.everyone(session) if row.chamber == COMMONS and not row.vacant]
    lines = [f"{row.name},{row.riding_code},MP,{row.email or ''}" for row in rows[leave_out:]]
    file.write_text("\n".join(["Name,District ID,Primary role,Email", *lines]), encoding="utf-8-sig")


def test_several_candidates_are_listed_with_the_provenance(run: Run) -> None:
    told = run("find", "H3R", "3A7")
    assert told.exit_code == 0
    assert "choose your riding" in told.stdout
    assert (
        "mp-anthony-housefather  Anthony Housefather, member\n    Mount Royal / Mont-Royal (24048, QC)" in told.stdout
    )
    assert "Outremont (24053, QC)\n    rachel.bendayan@parl.gc.ca" in told.stdout
    assert "A suggestion to confirm" in told.stdout


def test_the_ridings_of_a_rural_code_are_listed_with_their_towns(run: Run) -> None:
    told = run("find", "K0A 1K0")
    assert told.exit_code == 0
    assert told.stdout.startswith("A rural postal code covers a large area")
    assert "lies in one riding" not in told.stdout
    assert "    Carleton (35020, ON)\n    towns: Carlsbad Springs, Richmond, Osgoode, Metcalfe\n" in told.stdout
    assert told.stdout.count("    towns: ") == 6
    assert "towns" not in run("find", "Carleton").stdout


def test_what_must_be_said_of_a_seat_or_person_is_said(run: Run) -> None:
    assert "This seat is vacant" in run("find", "brantford").stdout
    beaches = run("find", "beaches").stdout
    assert "no e-mail: print and mail\n    Elected since our list was made." in beaches
    assert "Source: vote-scope.com, as of August 31, 2026; not an official list" in beaches
    assert "Minister of Health\n    Papineau (24054, QC)" in run("find", "papineau").stdout


def test_many_are_listed_whole_by_office_with_how_to_see_fewer(run: Run) -> None:
    lines = run("find", "Ontario").stdout.splitlines()
    assert [line for line in lines if line.endswith(")") and not line.startswith(" ")] == [
        "Prime Minister (1)",
        "Ministers (13)",
        "Members of the House of Commons (108)",
        "Senators (23)",
    ]
    assert sum(line.startswith("  ") for line in lines) == 145
    assert "  mp-yasir-naqvi  Yasir Naqvi, Ottawa Centre / Ottawa-Centre (35079, ON)" in lines
    assert lines[-1].startswith("145 people: add a name, an office or a province to see fewer")
    vacant = next(line for line in lines if "seat-35095" in line)
    assert vacant.endswith("(35095, ON) – This seat is vacant: the letter goes to the office.")


@pytest.mark.parametrize("words", [("",), (" ",), ("", " "), ("?!",)])
def test_nothing_to_look_for_is_wrong_use_with_what_to_type(run: Run, words: tuple[str, ...]) -> None:
    told = run("find", *words)
    assert (told.exit_code, told.stdout) == (2, "")
    assert "type a name, a riding, a province, an office or a postal code" in told.stderr


def test_a_file_is_imported_and_its_provenance_kept(run: Run, directory_sessions: Sessions, tmp_path: Path) -> None:
    file = tmp_path / "house.csv"
    write_house(directory_sessions, file)
    told = run("import", str(file), "--as-of", "2026-11-20")
    assert (told.exit_code, told.stdout) == (0, "339 people read, 0 added, 3 changed\n")
    with directory_sessions.begin() as session:
        (listed,) = (row for row in directory_queries.data_sets(session) if row.key == "commons")
        assert (listed.source, listed.origin, str(listed.as_of)) == ("house.csv", Origin.SITE, "2026-11-20")
        naqvi = session.get(Legislator, "mp-yasir-naqvi")
        koeverden = session.get(Legislator, "mp-adam-van-koeverden")
    assert naqvi is not None
    assert (naqvi.source, naqvi.last_name) == ("house.csv", "Naqvi")
    assert koeverden is not None
    assert koeverden.last_name == "van Koeverden"


def test_a_list_from_after_today_is_wrong_use(run: Run, directory_sessions: Sessions, tmp_path: Path) -> None:
    file = tmp_path / "house.csv"
    write_house(directory_sessions, file)
    told = run("import", str(file), "--as-of", "2026-11-26")
    assert (told.exit_code, told.stdout) == (2, "")
    assert told.stderr == "Error: --as-of 2026-11-26 is after today, 2026-11-25: give the date of the list\n"
    assert run("import", str(file), "--as-of", "2026-11-25").exit_code == 0


def test_a_file_with_one_wrong_row_changes_nothing(run: Run, directory_sessions: Sessions, tmp_path: Path) -> None:
    file = tmp_path / "house.csv"
    write_house(directory_sessions, file)
    file.write_text(file.read_text(encoding="utf-8").replace("yasir.naqvi@", "yasir.naqvi"), encoding="utf-8")
    told = run("import", str(file))
    assert (told.exit_code, told.stdout) == (1, "")
    assert "house.csv was not imported:\nrow " in told.stderr
    assert ", Email: This is not an e-mail address" in told.stderr
    with directory_sessions.begin() as session:
        assert {row.origin for row in directory_queries.data_sets(session)} == {Origin.SHIPPED}


def test_a_refresh_reads_the_source_and_merges(
    run: Run, directory_sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (SHAPES / "represent_representatives_house-of-commons.json").read_text(encoding="utf-8")
    body = page.replace('"/representatives/house-of-commons/?limit=2&offset=2"', "null").encode()
    monkeypatch.setattr(commands, "Client", lambda: lambda url: body)
    told = run("refresh", "represent")
    assert told.exit_code == 1
    assert "2 people where the directory now has 339" in told.stderr
    assert run("refresh", "represent", "--yes").stdout.startswith("2 people read, 0 added, 2 changed, 337 left: ")
    with directory_sessions.begin() as session:
        (bains,) = directory_queries.members_for(session, ["59028"])
        assert (bains.gender, bains.source) == (Gender.M, "represent.opennorth.ca")


def test_the_house_is_refreshed_in_both_languages_and_keeps_emails_and_ministers(
    run: Run, directory_sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch(url: str) -> bytes:
        language = "fr" if "/fr/" in url else "en"
        return (SHAPES / f"ourcommons_members_{language}.xml").read_bytes()

    monkeypatch.setattr(commands, "Client", lambda: fetch)
    with directory_sessions.begin() as session:
        joly = session.get_one(Legislator, "mp-melanie-joly")
        joly.responsible_for, joly.gender = "C-34", Gender.F
    assert run("refresh", "ourcommons", "--yes").stdout.startswith("5 people read, 0 added, ")
    with directory_sessions.begin() as session:
        joly = session.get_one(Legislator, "mp-melanie-joly")
        assert (joly.email, joly.office, joly.source) == ("melanie.joly@parl.gc.ca", "minister", "ourcommons.ca")
        assert (joly.responsible_for, joly.gender) == ("C-34", Gender.F)


def test_a_source_in_trouble_is_one_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(url: str) -> bytes:
        raise SourceError("the site is not available: try again in a few minutes")

    monkeypatch.setattr(commands, "Client", lambda: fetch)
    told = run("refresh", "ourcommons")
    assert (told.exit_code, told.stdout) == (1, "")
    assert told.stderr == "Error: the site is not available: try again in a few minutes\n"
    assert run("refresh", "elsewhere").exit_code == 2
    assert "not live" in run("refresh", "--help").stdout


def test_the_check_reports_and_fails_only_for_what_is_broken(run: Run, directory_sessions: Sessions) -> None:
    told = run("check")
    assert told.exit_code == 0
    assert "note: 3 elected since the list was made" in told.stdout
    with directory_sessions.begin() as session:
        naqvi = session.get(Legislator, "mp-yasir-naqvi")
        assert naqvi is not None
        naqvi.status = Status.LEFT
    broken = run("check")
    assert broken.exit_code == 1
    assert "broken: riding 35079 has neither member nor vacant seat" in broken.stdout
    assert broken.stderr.startswith("Error: fix")
