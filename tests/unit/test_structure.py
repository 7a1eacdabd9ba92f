"""A newcomer finds a thing by its name: file names occur once, imports can be followed, docstrings say what is returned."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import advocacy

CODE = Path(advocacy.__file__).parent
REPEATED = frozenset({"__init__.py", "models.py", "forms.py", "views.py"})
"""What every room may have."""
MAX_MODULES = 350
UNPLAIN = re.compile(r"(?:Gives?|Tells?|Says?|Lets?) ")
"""How a docstring does not begin: what is returned is returned, what is done is done."""


def modules() -> list[Path]:
    """Every module that is no migration."""
    return [path for path in sorted(CODE.rglob("*.py")) if "migrations/versions" not in path.as_posix()]


def docstrings(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module):
            yield ast.get_docstring(node) or ""


def test_a_files_name_occurs_once() -> None:
    counts = Counter(path.name for path in modules() if path.name not in REPEATED)
    assert {name: number for name, number in counts.items() if number > 1} == {}


def test_no_module_is_imported_by_a_string() -> None:
    assert [
        path.name for path in modules() if re.search(r"\b(import_module|__import__)\b", path.read_text("utf-8"))
    ] == []


def test_there_are_no_more_modules_than_can_be_known() -> None:
    assert len([path for path in modules() if path.name != "__init__.py"]) <= MAX_MODULES


def test_docstrings_say_what_is_returned_or_done() -> None:
    unplain = {path.name: text.split("\n")[0] for path in modules() for text in docstrings(path) if UNPLAIN.match(text)}
    assert unplain == {}
