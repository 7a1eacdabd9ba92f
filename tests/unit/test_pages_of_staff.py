"""A page of the staff is made of few modules: whoever reads it finds what it needs."""

import ast
from pathlib import Path

PACKAGE = "advocacy.web.staff"
FOLDER = Path(__file__).parents[2].joinpath(*PACKAGE.split("."))
MAX_MODULES = 15


def imported(module: str) -> set[str]:
    """The modules of the staff pages that one of them imports itself, inside functions too."""
    found = set()
    for node in ast.walk(ast.parse((FOLDER / f"{module}.py").read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module == PACKAGE:
                found |= {alias.name for alias in node.names}
            elif node.module.startswith(f"{PACKAGE}."):
                found.add(node.module.removeprefix(f"{PACKAGE}."))
    return found & {file.stem for file in FOLDER.glob("*.py")}


def needed(module: str) -> set[str]:
    """All modules of the staff pages that one needs, itself included."""
    found, left = set(), {module}
    while left:
        one = left.pop()
        found.add(one)
        left |= imported(one) - found
    return found


def test_no_page_needs_more_than_fifteen_modules() -> None:
    counts = {page: len(needed(page)) for page in imported("__init__")}
    assert len(counts) > 10
    assert {page: number for page, number in counts.items() if number > MAX_MODULES} == {}
