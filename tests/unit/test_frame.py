"""What a stranger's machine relies on: locks without addresses, a whole wheel, commands that say what is missing."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from advocacy import __version__

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ["requirements.txt", "requirements-dev.txt"]
PIN = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>[^ ;]+)(?P<rest>(?:.*\\\n)+.*)$", re.MULTILINE)

NOT_OURS = {".git", ".venv", "var", "build", "dist", "__pycache__"}
CACHES = re.compile(r"^\.(?:\w+_cache|hypothesis|env)$")


def pins(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {found["name"]: found["version"] for found in PIN.finditer(text)}


def asked(*groups: str) -> Iterator[Requirement]:
    declared = PROJECT["dependency-groups"]
    for group in groups:
        for line in declared[group]:
            if isinstance(line, dict):
                yield from asked(line["include-group"])
            else:
                yield Requirement(line)


def files_of_the_project(folder: Path = ROOT) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in NOT_OURS or CACHES.match(path.name):
            continue
        if path.is_dir():
            yield from files_of_the_project(path)
        else:
            yield path


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_of_a_lock_has_its_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")

    # A name may be pinned twice, for older and for newer Pythons.
    pinned = [*PIN.finditer(text)]
    assert len(pinned) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE))
    assert all("--hash=sha256:" in found["rest"] for found in pinned)


@pytest.mark.parametrize(("lock", "groups"), [("requirements.txt", ("build",)), ("requirements-dev.txt", ("dev",))])
def test_a_lock_pins_all_that_pyproject_asks_for(lock: str, groups: tuple[str, ...]) -> None:
    pinned = pins(lock)
    wanted = [*map(Requirement, PROJECT["project"]["dependencies"]), *asked(*groups)]

    unmet = [str(want) for want in wanted if not want.specifier.contains(pinned.get(want.name.lower(), "0"))]
    assert unmet == [], "run make lock"


def test_both_locks_pin_the_same_versions() -> None:
    developing = pins("requirements-dev.txt")

    assert {name: developing.get(name) for name in pins("requirements.txt")} == pins("requirements.txt")


def test_the_wheel_carries_the_package_the_letters_the_pages_and_the_guide_and_nothing_else(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    carried = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}

    package = {path.relative_to(ROOT).as_posix() for path in files_of_the_project(ROOT / "advocacy")}
    top = [path for folder in ("letters", "templates", "docs/guide") for path in files_of_the_project(ROOT / folder)]
    assert carried == package | {f"advocacy/_shipped/{path.relative_to(ROOT).as_posix()}" for path in top}
    assert wheel.name == f"advocacy-{__version__}-py3-none-any.whl"


def test_a_machine_without_python_is_told_in_one_sentence_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_bytes((ROOT / "Makefile").read_bytes())

    made = subprocess.run(
        ["make", "-C", tmp_path, "PYTHON=no-such-python", ".venv/bin/python"],
        capture_output=True,
        text=True,
        check=False,
    )

    told = [line for line in made.stderr.splitlines() if not line.startswith("make")]
    assert made.returncode == 2
    assert len(told) == 1
    assert told[0].startswith("Install Python 3.11, 3.12 or 3.13 (Debian, Ubuntu: apt-get install python3")


def test_a_python_without_venv_is_told_which_package_brings_it(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_bytes((ROOT / "Makefile").read_bytes())
    bare = tmp_path / "bare-python"
    bare.write_text(f'#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexec {sys.executable} "$@"\n')
    bare.chmod(0o755)

    made = subprocess.run(
        ["make", "-C", tmp_path, f"PYTHON={bare}", ".venv/bin/python"],
        capture_output=True,
        text=True,
        check=False,
    )

    package = f"python3.{sys.version_info.minor}-venv"
    told = [line for line in made.stderr.splitlines() if not line.startswith("make")]
    assert told == [
        f"Install Python's venv module, which {bare} lacks (Debian, Ubuntu: apt-get install {package}), "
        "and run make again."
    ]


def test_an_incomplete_lock_stops_the_installation_and_says_what_is_missing(tmp_path: Path) -> None:
    for name in ("Makefile", "pyproject.toml", "requirements-build.txt", "requirements.txt"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    lacking = "flask 3.1.3 requires blinker, which is not installed."
    python.write_text(f'#!/bin/sh\ncase "$*" in *" check") echo "{lacking}"; exit 1;; esac\n')
    python.chmod(0o755)

    made = subprocess.run(["make", "-C", tmp_path, ".venv/.runtime"], capture_output=True, text=True, check=False)

    told = [line for line in made.stderr.splitlines() if not line.startswith("make")]
    assert made.returncode == 2
    assert told[0] == lacking
    assert told[1].endswith("a lock is not complete: run 'make lock'.")
    assert not (tmp_path / ".venv" / ".runtime").exists()


def imported(path: Path) -> set[str]:
    """Return the packages that a module imports, itself or anywhere in its functions."""
    nodes = [*ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in names}


def test_every_package_that_is_imported_is_declared() -> None:
    packages = set().union(*map(imported, (ROOT / "advocacy").rglob("*.py")))
    others = packages - {*sys.stdlib_module_names, "advocacy", "_typeshed"}
    distributions = packages_distributions()
    declared = {canonicalize_name(Requirement(line).name) for line in PROJECT["project"]["dependencies"]}
    assert "flask" in others
    assert {name for name in others if not declared & {*map(canonicalize_name, distributions.get(name, ()))}} == set()
