"""Change lines of the code one at a time, and see whether a test notices: `make mutants`.

mutmut makes the changes (mutants) of the rooms named in pyproject.toml. There are tens of thousands, so that a sample
is tried: as many of each room as its share, the same ones for the same seed. Survivors are listed; the exit code is 1
where fewer than `MIN_KILLED_PERCENT` of a room's mutants are killed.
"""

import json
import random
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

ROOT = Path(__file__).parent.parent
ROOMS = ("letters", "delivery", "campaigns")
MIN_KILLED_PERCENT = 90
MUTMUT = [sys.executable, "-m", "mutmut"]
NOTHING = "no.such.mutant"
"""A name that fits none: the mutants are made and none is tried."""
KILLED = frozenset({1, 3, -24, 24, 36, 152, 255})
"""Exit codes of a test that failed, or that a mutant kept running for too long."""


def results() -> Iterator[tuple[str, int | None]]:
    """Yield every mutant that was made, with the exit code of its tests, None where it was not tried."""
    for file in sorted((ROOT / "mutants").rglob("*.meta")):
        yield from json.loads(file.read_text("utf-8"))["exit_code_by_key"].items()


def room_of(mutant: str) -> str:
    """Return the room that a mutant is in."""
    return mutant.split(".")[1]


def sample(size: int, seed: int) -> list[str]:
    """Choose mutants, of each room as many as its share of all."""
    mutants = sorted(name for name, _ in results())
    return random.Random(seed).sample(mutants, min(size, len(mutants)))


def report(tried: Mapping[str, int]) -> bool:
    """Print survivors and figures; whether enough were killed in every room."""
    enough = True
    for name, code in sorted(tried.items()):
        if code not in KILLED:
            click.echo(f"survived: {name}")
    for room in ROOMS:
        codes = [code for name, code in tried.items() if room_of(name) == room]
        if codes:
            killed = 100 * sum(code in KILLED for code in codes) / len(codes)
            click.echo(f"{room}: {killed:.1f}% of {len(codes)} killed")
            enough = enough and killed >= MIN_KILLED_PERCENT
    return enough


@click.command()
@click.option("--size", default=400, show_default=True, help="How many mutants are tried.")
@click.option("--seed", default=1, show_default=True, help="Another seed chooses others.")
@click.option("--processes", default=2, show_default=True)
@click.argument("names", nargs=-1)
def main(size: int, seed: int, *, processes: int, names: tuple[str, ...]) -> None:
    """Try a sample of mutants, or those of NAMES, in which * stands for anything."""
    run = [*MUTMUT, "run", "--max-children", str(processes)]
    if not names:
        subprocess.run([*run, NOTHING], cwd=ROOT, check=False, capture_output=True)
    chosen = list(names) or sample(size, seed)
    subprocess.run([*run, *chosen], cwd=ROOT, check=False, stdout=subprocess.DEVNULL)
    wanted = set(chosen)
    tried = {name: code for name, code in results() if code is not None and (names or name in wanted)}
    if not tried:
        raise click.ClickException("no mutant was tried: see `mutmut run`")
    if not report(tried):
        raise click.ClickException(f"fewer than {MIN_KILLED_PERCENT}% were killed; `mutmut show NAME` shows a mutant")


if __name__ == "__main__":
    main()
