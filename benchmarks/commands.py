"""Whole commands, from their start to their end, beside a process that imports what they stand on and does nothing."""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from benchmarks.report import Row, size

BARE = (sys.executable, "-c", "import sqlalchemy.orm, jinja2")
LETTER = (
    *(sys.executable, "-m", "advocacy", "letter", "child-protection/takedown-and-standards", "--language", "en"),
    *("--postal-code", "K1A0A6", "--set", "name=Camille Essai", "--set", "city=Ottawa", "--set", "province=ON"),
)
OWN_WORDS = ("--set", "reason=My daughter is eight and is starting to use a tablet.")
TURNS = size(9, 1)
NEVER_WRITES = "PYTHONDONTWRITEBYTECODE"
"""Where it is set, every start compiles every module anew: it is left out, and the first start is not counted."""


def measure() -> list[Row]:
    """Run the command and the bare process in turns; give the processor time of each, all its threads together."""
    with tempfile.TemporaryDirectory() as folder:
        ours = {name: value for name, value in os.environ.items() if not name.startswith("ADVOCACY_")}
        ours.pop(NEVER_WRITES, None)
        site = f"sqlite:///{Path(folder) / 'site.sqlite3'}"
        environment = {**ours, "ADVOCACY_DATABASE_URL": site, "PYTHONPYCACHEPREFIX": str(Path(folder) / "compiled")}
        ways = {"bare": BARE, "letter": LETTER, "own words": (*LETTER, *OWN_WORDS)}
        for way in ways.values():
            _spend(way, environment)  # fills the database, compiles the modules
        turns = [{name: _spend(way, environment) for name, way in ways.items()} for _ in range(TURNS)]
    spent = {name: median(turn[name] for turn in turns) for name in ways}
    ratios = {name: median(turn[name] / turn["bare"] for turn in turns) for name in ways}
    return [
        Row("a process that imports SQLAlchemy's ORM and Jinja2", spent["bare"] * 1e3, "ms of CPU"),
        Row("advocacy letter, whole process, without own words", spent["letter"] * 1e3, "ms of CPU"),
        Row("advocacy letter beside the bare process", ratios["letter"], "×", at_most=2),
        Row("the same with own words, which are checked", ratios["own words"], "×"),
    ]


def _spend(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Run a command to its end and give the seconds of processor time that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environment, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
