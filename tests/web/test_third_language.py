"""A language is data: a made-up one, added to a copy of the code by a script, starts, and renders everything."""

import subprocess
import sys
from pathlib import Path

import pytest

from scripts.pseudo_language import CODE, add_language
from tests.served import OF_FLASK_SECURITY

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("step", [60, pytest.param(1, marks=pytest.mark.thorough)], ids=["some letters", "all"])
def test_every_page_and_letter_renders_in_a_language_that_was_added_as_data(tmp_path: Path, step: int) -> None:
    code, site = tmp_path / "code", tmp_path / "site"
    for folder in (code, site):
        folder.mkdir()
    add_language(code)
    rendered = subprocess.run(
        [
            sys.executable,
            "-W",
            "error",
            "-W",
            "ignore::ResourceWarning",
            "-W",
            OF_FLASK_SECURITY,
            "-m",
            "tests.third_language",
            CODE,
            site,
            str(step),
        ],
        cwd=site,
        env={"PYTHONPATH": f"{code}:{ROOT}", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert rendered.returncode == 0, rendered.stdout[-8000:] + rendered.stderr[-4000:]
    assert rendered.stdout.endswith(" 0 failed\n")
