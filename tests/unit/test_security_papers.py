"""The papers on security name files and tests that exist, and every requirement of the standard once."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAPERS = ("docs/security.md", "docs/threat-model.md", "docs/cryptography.md", "SECURITY.md")
FILE = re.compile(
    r"`((?:advocacy|tests|deploy|docs|templates|scripts|letters)/[\w./-]*[\w/]|Makefile|pyproject\.toml|requirements\.txt"
    r"|gunicorn\.conf\.py)(?:::(\w+))?`"
)
LINK = re.compile(r"\]\(([\w./-]+)\)")
REQUIREMENT = re.compile(r"^\| (V\d+\.\d+\.\d+) \| ([12]) \|", re.MULTILINE)


def evidence() -> Iterator[tuple[str, str, str]]:
    """Give what each paper names: a file or folder, and a test in it."""
    for paper in PAPERS:
        text = (ROOT / paper).read_text("utf-8")
        yield from ((paper, path, test) for path, test in FILE.findall(text))
        yield from (
            (paper, ((ROOT / paper).parent / path).relative_to(ROOT).as_posix(), "") for path in LINK.findall(text)
        )


@cache
def functions_of(path: str) -> frozenset[str]:
    return frozenset(
        node.name for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))) if isinstance(node, ast.FunctionDef)
    )


def test_every_file_that_is_named_is_there() -> None:
    assert [(paper, path) for paper, path, _test in evidence() if not (ROOT / path).exists()] == []


def test_every_test_that_is_named_is_there() -> None:
    assert [(paper, path, test) for paper, path, test in evidence() if test and test not in functions_of(path)] == []


@pytest.mark.parametrize("paper", PAPERS)
def test_each_paper_names_evidence(paper: str) -> None:
    assert any(one == paper for one, _path, _test in evidence())


def standard() -> dict[str, str]:
    """Read the requirements of OWASP ASVS 5.0.0 of levels 1 and 2: their numbers, each with its level."""
    found: dict[str, str] = {}
    for line in (ROOT / "tests" / "data" / "asvs_5_0_0.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            section, _, levels = line.partition(" ")
            found |= {f"V{section}.{number}": one for number, one in enumerate(levels, start=1) if one != "3"}
    return found


def test_each_requirement_of_the_two_levels_is_answered_once() -> None:
    answered = REQUIREMENT.findall((DOCS / "security.md").read_text("utf-8"))
    assert [one for one, times in Counter(number for number, _level in answered).items() if times > 1] == []
    assert dict(answered) == standard()


def test_a_gap_is_called_one() -> None:
    """A line without a file of evidence says that it does not apply, that it is a gap, or what stands in its place."""
    bare = []
    for line in (DOCS / "security.md").read_text("utf-8").splitlines():
        if REQUIREMENT.match(line) and not FILE.search(line) and not LINK.search(line):
            answer = line.rstrip(" |").rpartition(" | ")[2]
            if not answer.startswith(("Not applicable:", "Gap:", "For the operator:")):
                bare.append(line)
    assert bare == []
