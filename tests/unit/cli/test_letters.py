"""`advocacy letters`: what is wrong is said under the path that was typed, and what is right goes in and comes out."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from advocacy import shipped_folder
from advocacy.campaigns.campaign_folder import read_folder
from advocacy.cli import advocacy
from tests.campaign_files import FILES, LETTER, LETTER_TOML, NAME
from tests.databases import Beginning, Files

Run = Callable[..., Result]
SHIPPED = "child-protection"
LONG = f"We {' '.join(['go'] * 30)}."
"""A sentence of 31 words."""
FILE = f"{LETTER}/letter.toml"
LINE = LETTER_TOML[: LETTER_TOML.index("In a survey")].count("\n") + 1
"""The line of the letter on which the survey is cited, in English; its words begin behind three quotes."""
BEGINS = len('en = """') + 1


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the command's database is; it is made by whoever needs it."""
    path = tmp_path / "var" / "advocacy.sqlite3"
    monkeypatch.setenv("ADVOCACY_DATABASE_URL", f"sqlite:///{path}")
    monkeypatch.chdir(tmp_path)
    return path


@pytest.fixture
def run(database: Path) -> Run:
    """The command, on no database."""
    return lambda *words: CliRunner().invoke(advocacy, ["letters", *words])


@pytest.fixture
def run_seeded(run: Run, database: Path, filled_files: Files) -> Run:
    """The command, on a database with the shipped letters."""
    database.parent.mkdir()
    filled_files.lay(database, Beginning.SITE)
    return run


def write(folder: Path, letter: str = LETTER_TOML) -> Path:
    """Write the small campaign with this text of its letter."""
    for name, content in {**FILES, FILE: letter.encode()}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def said(instead: str, old: str = "In a survey") -> str:
    """The letter with other words."""
    return LETTER_TOML.replace(old, instead)


# --- check


def test_the_shipped_letters_are_checked_when_no_folder_is_named(run: Run, database: Path) -> None:
    result = run("check")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1].startswith("12 letters in 1 campaign: nothing to fix")
    assert not database.parent.exists()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("letters", f"letters/{NAME}"),
        (f"letters/{NAME}", f"letters/{NAME}"),
        (f"./letters/{NAME}/", f"letters/{NAME}"),
        (f"../here/letters/{NAME}", f"../here/letters/{NAME}"),
    ],
)
def test_a_problem_is_shown_under_the_path_that_was_typed(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, typed: str, shown: str
) -> None:
    write(tmp_path / "here" / "letters" / NAME, said("In a  survey"))
    monkeypatch.chdir(tmp_path / "here")
    result = run("check", typed)
    assert result.exit_code == 1
    assert result.stdout == f"{shown}/{FILE}:{LINE}:{BEGINS + 4}: One space is enough: “a survey,”.\n"
    assert result.stderr == "Error: 1 thing to fix\n"


def test_problems_of_all_campaigns_are_shown_and_counted(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "all" / "one", said("Dans l'avenir : un sondage", "Dans un sondage"))
    write(tmp_path / "all" / "two", said("95% survey"))
    result = run("check", "all")
    assert [line.split(": ")[0] for line in result.stdout.splitlines()] == [
        f"all/one/{FILE}:{LINE + 1}:{BEGINS + 6}",
        f"all/one/{FILE}:{LINE + 1}:{BEGINS + 13}",
        f"all/two/{FILE}:{LINE}:{BEGINS}",
    ]
    assert result.stderr == "Error: 3 things to fix\n"


def test_advice_is_printed_and_does_not_fail_the_check(run: Run, tmp_path: Path) -> None:
    write(tmp_path / NAME, said(f"{LONG} In a survey"))
    result = run("check", NAME)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        f"{NAME}/{FILE}:{LINE}:{BEGINS}: advice: This sentence has 31 words. "
        "Cut it in two: sentences of up to 30 words are easier to read.",
        "1 letter in 1 campaign: nothing to fix, 1 thing to consider",
    ]


@pytest.mark.parametrize("command", ["check", "import"])
def test_a_folder_without_a_campaign_is_wrong_use(run: Run, tmp_path: Path, command: str) -> None:
    (tmp_path / "empty").mkdir()
    result = run(command, "empty")
    assert result.exit_code == 2
    assert result.stderr == "Error: empty contains no campaign; a campaign is a folder with campaign.toml in it\n"


@pytest.mark.parametrize("command", ["check", "import"])
def test_a_letter_s_folder_alone_is_answered_with_its_campaign(run: Run, tmp_path: Path, command: str) -> None:
    write(tmp_path / NAME)
    result = run(command, f"{NAME}/{LETTER}")
    assert result.exit_code == 2
    assert (
        result.stderr == f"Error: {NAME}/{LETTER} is part of a campaign; name the whole campaign, {tmp_path / NAME}\n"
    )


def test_a_file_that_cannot_be_read_is_said(run: Run, tmp_path: Path) -> None:
    (write(tmp_path / NAME) / "loop.toml").symlink_to("loop.toml")
    result = run("check", NAME)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: {NAME}/loop.toml cannot be read (")
    assert result.stderr.count("\n") == 1


# --- import


def test_an_import_says_what_is_new_and_the_next_that_nothing_is(run_seeded: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / NAME)
    assert run_seeded("import", NAME).stdout.splitlines() == [
        f"{NAME}/{name}: revision 1" for name in ("campaign", "findings", "sentences", LETTER)
    ]
    assert run_seeded("import", NAME).stdout == f"{NAME}: nothing has changed\n"
    write(folder, said("Merci de soutenir", "Merci d’appuyer"))
    assert run_seeded("import", str(folder)).stdout == f"{NAME}/{LETTER}: revision 2\n"


def test_nothing_is_imported_while_a_check_fails(run: Run, tmp_path: Path, database: Path) -> None:
    write(tmp_path / "all" / "good")
    write(tmp_path / "all" / "worse", said("{{ x }} survey"))
    result = run("import", "all")
    assert result.exit_code == 1
    assert result.stdout.startswith(f"all/worse/{FILE}:{LINE}:{BEGINS}: ")
    assert result.stderr == "Error: nothing was imported; fix the lines above first\n"
    assert not database.parent.exists()


def test_a_letter_that_the_folder_lacks_stays_and_is_named(run_seeded: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / NAME)
    shutil.copytree(folder / LETTER, folder / "second")
    run_seeded("import", NAME)
    shutil.rmtree(folder / "second")
    result = run_seeded("import", NAME)
    assert result.stdout.splitlines() == [
        f"{NAME}: nothing has changed",
        f"{NAME}/second: not in {NAME}, unchanged",
    ]
    run_seeded("export", "out")
    assert (tmp_path / "out" / NAME / "second" / "letter.toml").read_text(encoding="utf-8") == LETTER_TOML


def test_an_import_that_a_letter_which_stays_would_not_fit_is_refused(run_seeded: Run, tmp_path: Path) -> None:
    write(tmp_path / NAME)
    run_seeded("import", NAME)
    folder = tmp_path / NAME
    (folder / LETTER).rename(folder / "renamed")
    for name in ("sentences.toml", "renamed/letter.toml"):
        path = folder / name
        text = path.read_text(encoding="utf-8")
        path.write_text(
            text.replace("choices.role", "choices.part").replace('choices = "role"', 'choices = "part"'),
            encoding="utf-8",
        )
    result = run_seeded("import", NAME)
    assert result.exit_code == 1
    assert f"{NAME}/{LETTER}/letter.toml:9:1: “I write as” has no answers yet. Write them." in result.stdout
    assert f"nothing was imported: {LETTER}, missing from {NAME}, would no longer fit; " in result.stderr
    run_seeded("export", "out")
    assert not (tmp_path / "out" / NAME / "renamed").exists()


# --- export


def test_an_export_is_byte_for_byte_what_ships(run_seeded: Run, tmp_path: Path) -> None:
    result = run_seeded("export", "deep/out")
    count = len(read_folder(shipped_folder() / SHIPPED).files)
    assert result.stdout == f"{SHIPPED}: {count} files written to deep/out/{SHIPPED}\n"
    assert read_folder(tmp_path / "deep" / "out" / SHIPPED) == read_folder(shipped_folder() / SHIPPED)


def test_a_folder_that_cannot_be_written_is_said(run_seeded: Run, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / SHIPPED).write_text("a file where a folder should be")
    result = run_seeded("export", "out")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: out/{SHIPPED}")
    assert " cannot be written (" in result.stderr
    assert run_seeded("export", f"out/{SHIPPED}").exit_code == 2


# --- the database


def test_a_file_that_is_no_database_is_one_sentence(run: Run, database: Path) -> None:
    database.parent.mkdir()
    database.write_text("not a database, but a text that is long enough to be looked at")
    assert_one_sentence(
        run("export", "out"), "the database cannot be opened (file is not a database); correct ADVOCACY_DATABASE_URL"
    )


def test_a_server_that_does_not_answer_is_one_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVOCACY_DATABASE_URL", "postgresql://me:hidden-word@127.0.0.1:1/none")
    result = run("export", "out")
    assert_one_sentence(result, "the database cannot be opened (")
    assert "hidden-word" not in result.stderr


def test_a_database_of_a_newer_version_is_one_sentence(run_seeded: Run, database: Path) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    assert_one_sentence(
        run_seeded("export", "out"), "a newer version of advocacy has used this database; install it, or set"
    )


def test_a_database_that_fails_on_the_way_is_one_sentence(run_seeded: Run, database: Path, tmp_path: Path) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TRIGGER full BEFORE INSERT ON campaigns BEGIN SELECT no_such_function(); END")
    connection.close()
    write(tmp_path / NAME)
    assert_one_sentence(run_seeded("import", NAME), "the database failed (no such function")


def test_a_wrong_setting_is_wrong_use(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVOCACY_DATABASE_URL", "mysql://somewhere")
    result = run("export", "out")
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: set ADVOCACY_DATABASE_URL: begin it with sqlite:/// or postgresql://")


def assert_one_sentence(result: Result, start: str) -> None:
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith(f"Error: {start}")
    assert result.stderr.count("\n") == 1


def commands(group: click.Group, *words: str) -> list[list[str]]:
    """Every command there is, as it is typed."""
    found = [list(words)]
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        found += commands(command, *words, name) if isinstance(command, click.Group) else [[*words, name]]
    return found


def test_help_is_given_everywhere_and_touches_no_database(database: Path) -> None:
    found = commands(advocacy)
    assert len(found) > 20
    for words in found:
        result = CliRunner().invoke(advocacy, [*words, "--help"])
        assert (result.exit_code, result.stdout[:7]) == (0, "Usage: "), words
        assert not database.parent.exists(), words


def test_what_was_never_published_is_passed_over_and_named(run_seeded: Run, tmp_path: Path, database: Path) -> None:
    for name in ("another", NAME):
        write(tmp_path / "letters" / name)
    write_second = tmp_path / "letters" / NAME / "second"
    shutil.copytree(tmp_path / "letters" / NAME / LETTER, write_second)
    assert run_seeded("import", "letters").exit_code == 0
    with sqlite3.connect(database) as connection:
        connection.execute(
            "DELETE FROM publications WHERE revision_id IN (SELECT revisions.id FROM revisions"
            " JOIN documents ON documents.id = document_id JOIN campaigns ON campaigns.id = campaign_id"
            " WHERE campaigns.name = 'another' OR documents.name = 'second')"
        )
    result = run_seeded("export", "out")
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        "another: nothing of it was ever published; not exported",
        f"{NAME}/second: never published; not exported",
    ]
    assert not (tmp_path / "out" / "another").exists()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted([SHIPPED, NAME])
    assert not (tmp_path / "out" / NAME / "second").exists()
