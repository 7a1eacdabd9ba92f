"""Every command is found by its name, and one that shows no page does not wait for what makes them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from advocacy.cli import COMMANDS, advocacy
from tests.databases import Beginning, Files

HIDDEN = {"demo"}
ROOT = Path(__file__).parents[3]
PAGELESS = ("letters", "legislators", "letter", "merge")
TELL = """
import sys
from importlib import import_module
for command in sys.argv[1:]:
    import_module(f"advocacy.cli.{command}")
    print(command, {"flask", "advocacy.web"} & set(sys.modules) or "")
"""
NOT_FOR_A_LETTER = ("advocacy.exports.merge", "advocacy.letters.figures", "alembic", "cryptography", "docx", "typst")
WRITE = """
import sys
from advocacy.cli import advocacy
try:
    advocacy(sys.argv[1:])
finally:
    print(*sys.modules, file=sys.stderr)
"""
A_LETTER = (
    *("letter", "child-protection/takedown-and-standards", "--language", "en", "--postal-code", "K1A0A6"),
    *("--set", "name=Camille Essai", "--set", "city=Ottawa", "--set", "province=ON"),
)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_found_by_its_name(command: str) -> None:
    told = CliRunner().invoke(advocacy, [command, "--help"])
    assert told.exit_code == 0
    assert f"Usage: advocacy {command}" in told.output


def test_all_are_listed_with_what_they_do_and_no_other_is_known() -> None:
    told = CliRunner().invoke(advocacy, ["--help"]).output
    listed = told.partition("Commands:\n")[2].splitlines()
    assert [line.split()[0] for line in listed] == sorted(set(COMMANDS) - HIDDEN)
    assert all(len(line.split()) > 2 for line in listed)
    assert advocacy.get_command(None, "site") is None  # type: ignore[arg-type]


def test_what_shows_no_page_imports_none() -> None:
    command = [sys.executable, "-c", TELL, *PAGELESS]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert [line.strip() for line in told.splitlines()] == list(PAGELESS)


def test_a_letter_in_text_imports_nothing_of_the_other_forms_nor_of_migrations(
    filled_files: Files, tmp_path: Path
) -> None:
    site = filled_files.lay(tmp_path / "advocacy.sqlite3", Beginning.SITE)
    command = [sys.executable, "-c", WRITE, *A_LETTER]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "ADVOCACY_DATABASE_URL": site}
    told = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert "Dear Yasir Naqvi:" in told.stdout
    assert set(NOT_FOR_A_LETTER) & set(told.stderr.split()) == set()
