"""Two machines, one of them lost in the middle of a campaign: no letter is lost, and no page stays old."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

ROOT = Path(__file__).parents[2]


@pytest.mark.thorough
@pytest.mark.loopback
@pytest.mark.parametrize("queue", ["none", "redis"])
def test_a_machine_is_lost_and_comes_back(new_postgresql: Callable[[str], URL], tmp_path: Path, queue: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.cluster", "--short", "--queue", queue],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
