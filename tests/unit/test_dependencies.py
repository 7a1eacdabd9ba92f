"""Each dependency is declared, used, and counted in docs/decisions/dependencies.md."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import packages_distributions, requires
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = (ROOT / "advocacy", ROOT / "wsgi.py", ROOT / "gunicorn.conf.py")
PAGE = (ROOT / "docs" / "decisions" / "dependencies.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
NEEDED_BY = "needed by "
DISTRIBUTIONS = packages_distributions()


def name_of(requirement: str) -> str:
    """Return the normal name of what a requirement asks for (PEP 503)."""
    found = re.match(r"[\w.-]+", requirement)
    assert found, requirement
    return re.sub(r"[-_.]+", "-", found[0]).lower()


DECLARED = [name_of(requirement) for requirement in PROJECT["project"]["dependencies"]]
DEVELOPMENT = {name_of(one) for group in PROJECT["dependency-groups"].values() for one in group if isinstance(one, str)}


def rows() -> Mapping[str, str]:
    """Return where each library of the first table is used, by its name."""
    table = PAGE.split("## At run time")[1].split("\n## ")[0]
    cells = [line.split(" | ") for line in table.splitlines() if line.startswith("| ") and "| Where |" not in line]
    return {row[0].removeprefix("| "): row[2] for row in cells}


@cache
def imported(path: Path) -> frozenset[str]:
    """Return the distributions that the code at a path imports, also by name; the standard library is left out."""
    files = path.rglob("*.py") if path.is_dir() else [path]
    packages = {name for file in files for name in _packages(file)}
    assert packages <= DISTRIBUTIONS.keys() | sys.stdlib_module_names | {"advocacy", "_typeshed"}
    return frozenset(name_of(one) for name in packages - {"advocacy"} for one in DISTRIBUTIONS.get(name, ())[:1])


@cache
def _packages(file: Path) -> frozenset[str]:
    return frozenset(_names(ast.parse(file.read_text("utf-8"))))


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            yield from (str(one.value).split(".")[0] for one in node.args[:1] if isinstance(one, ast.Constant))


def test_every_dependency_has_its_row_in_the_order_of_pyproject() -> None:
    assert list(rows()) == DECLARED


def test_what_is_imported_is_declared() -> None:
    assert {one for path in CODE for one in imported(path)} <= set(DECLARED)


def test_a_dependency_is_imported_where_its_row_says_or_is_needed_by_another() -> None:
    for name in DECLARED:
        where = rows()[name]
        if where.startswith(NEEDED_BY):
            other = where.removeprefix(NEEDED_BY)
            assert other in DECLARED, name
            assert name in {name_of(one) for one in requires(other) or []}
        else:
            paths = re.findall(r"`([^`]+)`", where)
            assert paths, name
            assert [path for path in paths if name not in imported(ROOT / path)] == [], name


def test_every_development_dependency_is_named() -> None:
    table = PAGE.split("## For development alone")[1]
    short = {name.removeprefix("pytest-") if name != "pytest" else name for name in DEVELOPMENT}
    assert {name for name in short if not re.search(rf"\b{re.escape(name)}\b", table)} == set()
