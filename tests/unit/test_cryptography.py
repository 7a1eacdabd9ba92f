"""The cryptographic inventory names every module that uses cryptography, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAPER = ROOT / "docs" / "cryptography.md"
LIBRARIES = frozenset(
    [
        "altcha",
        "argon2",
        "cryptography",
        "hashlib",
        "hmac",
        "itsdangerous",
        "passlib",
        "pyrage",
        "random",
        "secrets",
        "ssl",
    ]
)
CONFIGURES = {"advocacy/web/staff/sign_in.py": "argon2"}
"""Modules that choose an algorithm for a library that imports it itself."""
NAMED = re.compile(r"`(advocacy/[\w/]+\.py)`")
BROKEN = re.compile(r"\b(?:md5|MD5|sha1|SHA1|DES|RC4|ECB)\b")


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((ROOT / "advocacy").rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))


def libraries_of(module: ast.Module) -> set[str]:
    found = set[str]()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found & LIBRARIES


@pytest.fixture(scope="module")
def users() -> dict[str, set[str]]:
    return {path: found for path, module in modules() if (found := libraries_of(module))}


def test_every_module_that_uses_cryptography_is_in_the_inventory_and_no_other(users: dict[str, set[str]]) -> None:
    named = set(NAMED.findall(PAPER.read_text("utf-8")))
    assert set(users) - named == set(), "add a row to docs/cryptography.md"
    assert named - set(users) - set(CONFIGURES) == set(), "these use none, or are gone"


def test_what_is_only_configured_is_still_configured_there() -> None:
    for path, word in CONFIGURES.items():
        assert word in (ROOT / path).read_text("utf-8")


def test_no_broken_algorithm_is_used() -> None:
    for path, module in modules():
        names = {node.attr for node in ast.walk(module) if isinstance(node, ast.Attribute)}
        names |= {node.id for node in ast.walk(module) if isinstance(node, ast.Name)}
        assert not [name for name in names if BROKEN.fullmatch(name)], path


def test_a_module_that_uses_some_is_seen() -> None:
    assert libraries_of(ast.parse("from hmac import digest\nimport os")) == {"hmac"}
    assert libraries_of(ast.parse("import cryptography.fernet")) == {"cryptography"}
