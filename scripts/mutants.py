"""Change lines of the code one at a time, and see whether a test notices: `make mutants`.

mutmut makes the changes (mutants) of the rooms named in pyproject.toml, in a copy of the tree. There are tens of
thousands, so that a sample is tried: as many of each room as its share, the same ones for the same seed. The tests are
run once to learn which of them reach which function. Then each mutant is tried in a fork of this process, its nearest
and quickest tests first, until one fails. Survivors are listed (`mutmut show NAME` shows one); the exit code is 1 where
fewer than `MIN_KILLED_PERCENT` of a room's mutants are killed.
"""

import json
import os
import random
import shutil
import signal
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from fnmatch import fnmatchcase
from io import StringIO
from itertools import chain
from pathlib import Path

import click
import pytest
from mutmut.__main__ import create_mutants
from mutmut.configuration import config
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state
from mutmut.utils.file_utils import copy_also_copy_files, copy_src_dir

ROOT = Path(__file__).parent.parent
COPY = ROOT / "mutants"
LEARNED = COPY / "learned.json"
ROOMS = ("letters", "delivery", "campaigns")
MIN_KILLED_PERCENT = 90
OPTIONS = ("-q", "--tb=line", "--rootdir=.", "-p", "no:cacheprovider")
MAX_SECONDS_OF_TESTS = 120
"""Where more tests than that reach a function, the slowest of them are left out."""
CONTROLS = 3
"""So many of the chosen are first tried without their change, which no test may notice."""
SURVIVED = frozenset({int(pytest.ExitCode.OK), int(pytest.ExitCode.NO_TESTS_COLLECTED)})

Tests = Mapping[str, Mapping[str, float]]
"""For each function the tests that reach it, with their durations in seconds."""


def make_mutants(processes: int) -> list[str]:
    """Copy the tree, write each mutant beside its function there, and return the mutants' names."""
    os.chdir(ROOT)
    set_mutant_under_test("mutant_generation")
    for folder in {*config().also_copy, Path("tests")}:
        if folder.is_dir():
            shutil.rmtree(COPY / folder, ignore_errors=True)
    for file in COPY.glob("advocacy/**/*.py"):
        if not (ROOT / file.relative_to(COPY)).exists():
            file.unlink()
            file.with_suffix(".py.meta").unlink(missing_ok=True)
    copy_src_dir()
    copy_also_copy_files()
    with redirect_stdout(StringIO()):  # a line for each file
        create_mutants(processes)
    metas = COPY.rglob("*.meta")
    return sorted(chain.from_iterable(json.loads(meta.read_text("utf-8"))["exit_code_by_key"] for meta in metas))


def import_copy() -> None:
    """Import the copy and its tests, once for all forks."""
    os.chdir(COPY)
    os.environ["PYTHONPATH"] = str(COPY)  # for the commands that tests start
    sys.path[:] = [str(COPY), *(path for path in sys.path if Path(path).resolve() != ROOT)]
    set_mutant_under_test("")
    if pytest.main([*OPTIONS, "--collect-only", "-qqq", *selection()]) != pytest.ExitCode.OK:
        raise click.ClickException("the tests cannot be collected in the copy")


def selection() -> list[str]:
    """Return the folders and files whose tests are run."""
    return config().pytest_add_cli_args_test_selection


def fork(work: Callable[[], int], seconds: int = 0) -> int:
    """Do some work in a process of its own, silently and for so many seconds at most; return the process's id."""
    process = os.fork()
    if process:
        return process
    code = int(pytest.ExitCode.INTERNAL_ERROR)
    try:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        signal.alarm(seconds)
        code = work()
    finally:
        os._exit(code)


class Learner:
    """A plugin of pytest that notes which tests reach a function, and how long each takes."""

    def __init__(self) -> None:
        self.reached: defaultdict[str, dict[str, float]] = defaultdict(dict)
        self._seconds = 0.0
        self._passed = True

    def pytest_runtest_setup(self) -> None:
        """Forget what functions have remembered: else only the first test reaches what they call."""
        self._seconds, self._passed = 0.0, True
        modules = [module for name, module in sys.modules.items() if name.split(".")[0] in {"advocacy", "tests"}]
        for value in chain.from_iterable(vars(module).values() for module in modules):
            if hasattr(type(value), "cache_clear"):  # asked of the type: a proxy of Flask's answers in a request alone
                value.cache_clear()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._seconds += report.duration
        self._passed = self._passed and report.passed
        if report.when == "teardown":
            if self._passed:  # one that fails or is skipped notices nothing
                for function in state()._stats:
                    self.reached[function][report.nodeid] = self._seconds
            state()._stats.clear()


def learn(processes: int) -> None:
    """Run all tests once, without any mutant, in shares of about the same length."""
    places = [Path(place) for place in selection()]
    files = sorted(chain.from_iterable([place] if place.is_file() else place.rglob("test_*.py") for place in places))

    def run(number: int) -> int:
        set_mutant_under_test("stats")
        learner = Learner()
        pytest.main([*OPTIONS, *map(str, files[number::processes])], plugins=[learner])
        LEARNED.with_suffix(f".{number}").write_text(json.dumps(learner.reached), "utf-8")
        return 0

    for process in [fork(lambda number=number: run(number)) for number in range(processes)]:  # type: ignore[misc]
        os.waitpid(process, 0)
    tests: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for share in (LEARNED.with_suffix(f".{number}") for number in range(processes)):
        for function, reaching in json.loads(share.read_text("utf-8")).items():
            tests[function] |= reaching
    if not tests:
        raise click.ClickException("no test passes in the copy, though nothing was changed")
    LEARNED.write_text(json.dumps(tests), "utf-8")


def tests_of(mutant: str, learned: Tests) -> dict[str, float]:
    """Return the tests to run, with their durations: those of the module's own test file, then the quickest."""
    function = mutant.rpartition("__mutmut_")[0]
    own_file = f"/test_{function.split('.')[-2]}.py"
    tests, total = dict[str, float](), 0.0
    for test, seconds in sorted(learned.get(function, {}).items(), key=lambda each: (own_file not in each[0], each[1])):
        total += seconds
        if total > MAX_SECONDS_OF_TESTS:
            break
        tests[test] = seconds
    return tests


def try_mutants(mutants: Iterable[str], learned: Tests, processes: int) -> Iterator[tuple[str, bool]]:
    """Yield each mutant as its tests end, and whether it was killed."""
    running = dict[int, str]()
    waiting = list(mutants)

    def run(mutant: str, tests: Iterable[str]) -> int:
        set_mutant_under_test(mutant)
        return int(pytest.main([*OPTIONS, "-x", *tests]))

    while waiting or running:
        if waiting and len(running) < processes:
            mutant = waiting.pop()
            if tests := tests_of(mutant, learned):
                limit = 60 + 10 * int(sum(tests.values()))
                running[fork(lambda mutant=mutant, tests=tests: run(mutant, tests), limit)] = mutant  # type: ignore[misc]
            else:
                yield mutant, False
            continue
        process, status = os.wait()
        yield running.pop(process), os.waitstatus_to_exitcode(status) not in SURVIVED


def unchanged(mutant: str) -> str:
    """Return the name of a mutant that does not exist: with it the same tests are run on the code as it is."""
    return mutant.rpartition("__mutmut_")[0] + "__mutmut_0"


def room_of(mutant: str) -> str:
    """Return the room that a mutant is in."""
    return mutant.split(".")[1]


def report(killed: Mapping[str, bool]) -> bool:
    """Print the figures; whether enough were killed in every room."""
    enough = True
    for room in ROOMS:
        outcomes = [outcome for name, outcome in killed.items() if room_of(name) == room]
        if outcomes:
            percent = 100 * sum(outcomes) / len(outcomes)
            click.echo(f"{room}: {percent:.1f}% of {len(outcomes)} killed")
            enough = enough and percent >= MIN_KILLED_PERCENT
    return enough


@click.command()
@click.option("--size", default=400, show_default=True, help="How many mutants are tried.")
@click.option("--seed", default=1, show_default=True, help="Another seed chooses others.")
@click.option("--processes", default=2, show_default=True)
@click.option("--learned", is_flag=True, help="Rely on what the run before learned of the tests.")
@click.argument("names", nargs=-1)
def main(size: int, seed: int, *, processes: int, learned: bool, names: Sequence[str]) -> None:
    """Try a sample of mutants, or those of NAMES, in which * stands for anything."""
    mutants = make_mutants(processes)
    click.echo(f"{len(mutants)} mutants were made")
    import_copy()
    if not learned:
        learn(processes)
    if names:
        chosen = [mutant for mutant in mutants if any(fnmatchcase(mutant, name) for name in names)]
    else:
        chosen = random.Random(seed).sample(mutants, min(size, len(mutants)))
    tests = json.loads(LEARNED.read_text("utf-8"))
    if any(killed for _, killed in try_mutants(map(unchanged, chosen[:CONTROLS]), tests, processes)):
        raise click.ClickException("a test fails, or takes too long, though nothing was changed")
    outcomes = dict[str, bool]()
    for mutant, killed in try_mutants(chosen, tests, processes):
        outcomes[mutant] = killed
        if not killed:
            click.echo(f"survived: {mutant} ({len(outcomes)} of {len(chosen)} tried)")
    if not report(outcomes):
        raise click.ClickException(f"fewer than {MIN_KILLED_PERCENT}% were killed; `mutmut show NAME` shows a mutant")


if __name__ == "__main__":
    main()
