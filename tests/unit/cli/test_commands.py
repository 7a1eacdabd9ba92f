"""Every command is found by its name, and one that shows no page does not wait for what makes them."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from advocacy.cli import COMMANDS, advocacy

ROOT = Path(__file__).parents[3]
PAGELESS = ("letters", "legislators", "letter", "merge")
TELL = """
import sys
from advocacy.cli import advocacy
for command in sys.argv[1:]:
    advocacy.get_command(None, command)
    print(command, {"flask", "advocacy.web"} & set(sys.modules) or "")
"""


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_found_by_its_name(command: str) -> None:
    result = CliRunner().invoke(advocacy, [command, "--help"])
    assert result.exit_code == 0
    assert f"Usage: advocacy {command}" in result.output


def test_all_are_listed_with_what_they_do_and_no_other_is_known() -> None:
    result = CliRunner().invoke(advocacy, ["--help"]).output
    listed = result.partition("Commands:\n")[2].splitlines()
    assert [line.split()[0] for line in listed] == sorted(COMMANDS)
    assert all(len(line.split()) > 2 for line in listed)
    assert advocacy.get_command(None, "site") is None  # type: ignore[arg-type]


def test_what_shows_no_page_imports_none() -> None:
    command = [sys.executable, "-c", TELL, *PAGELESS]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert [line.strip() for line in result.splitlines()] == list(PAGELESS)
