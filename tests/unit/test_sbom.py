"""The bill of materials names every library of the lock with its hashes, and is the same each time it is made."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from advocacy import __version__
from scripts.sbom import LOCK, ROOT, make_sbom, reasons_of


@pytest.fixture(scope="module")
def text() -> str:
    return make_sbom()


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


def test_it_is_the_same_each_time_and_names_nothing_of_the_machine(text: str) -> None:
    assert make_sbom() == text
    assert str(Path.home()) not in text
    assert str(ROOT) not in text
    assert "timestamp" not in text
    assert "serialNumber" not in text


def test_a_lock_says_why_each_library_is_there() -> None:
    lock = "a.b==1 \\\n    --hash=sha256:00\n    # via\n    #   advocacy (pyproject.toml)\n    #   C_d\nc-d==2\n    # via a-b\n"
    assert reasons_of(lock) == {"a-b": {"advocacy", "c-d"}, "c-d": {"a-b"}}
