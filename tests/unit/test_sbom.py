"""The bill of materials names every library of the lock with its hashes, and nothing of the machine it is made on."""

import json
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from advocacy import __version__

# It changes with the lock alone, and `make sbom` is run by .ci/every-target.
pytestmark = pytest.mark.thorough
ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements.txt"
PRINT = "from scripts.sbom import make_sbom; print(make_sbom())"


@pytest.fixture(scope="module")
def text() -> str:
    """Made in a process of its own: what checks it takes seconds to import, which each process of the suite would."""
    return subprocess.run([sys.executable, "-c", PRINT], cwd=ROOT, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def bill(text: str) -> Mapping[str, Any]:
    read: Mapping[str, Any] = json.loads(text)
    return read


def test_every_library_of_the_lock_is_in_it_with_its_version_and_hashes(bill: Mapping[str, Any]) -> None:
    locked = {line.split(" ")[0].split("==")[0].split("[")[0] for line in LOCK.read_text().splitlines() if "==" in line}
    listed = {one["name"]: one for one in bill["components"]}
    assert set(listed) == locked
    for name, one in listed.items():
        assert one["purl"].startswith(f"pkg:pypi/{name}@{one['version']}")
        hashes = [two["alg"] for reference in one["externalReferences"] for two in reference.get("hashes", ())]
        assert set(hashes) == {"SHA-256"}, name


def test_this_software_is_its_root_and_needs_what_it_declares(bill: Mapping[str, Any]) -> None:
    root = bill["metadata"]["component"]
    assert (root["name"], root["version"], root["type"]) == ("advocacy", __version__, "application")
    graph = {one["ref"]: one["dependsOn"] for one in bill["dependencies"]}
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    needed = {reference.partition("@")[0].removeprefix("pkg:pypi/") for reference in graph[root["bom-ref"]]}
    names = {one.split("[")[0].split(">")[0].split("=")[0].split("~")[0].split("<")[0].strip() for one in declared}
    assert {name.lower() for name in names} <= needed
    reachable, left = set[str](), [root["bom-ref"]]
    while left:
        one = left.pop()
        reachable.add(one)
        left += [other for other in graph[one] if other not in reachable]
    assert len(reachable) == len(graph), "what nothing needs is in the lock"


def test_it_names_no_moment_and_nothing_of_the_machine(text: str) -> None:
    assert str(Path.home()) not in text
    assert str(ROOT) not in text
    assert "timestamp" not in text
    assert "serialNumber" not in text
