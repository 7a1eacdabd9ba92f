"""The interface has one system of translation: no text of it is written in several languages in code."""

import ast
from pathlib import Path

import advocacy
from advocacy.language import Language

CODE = Path(advocacy.__file__).parent


def test_no_text_is_written_in_a_language_in_code() -> None:
    """A text of the interface is a message, with its translations in the `.po` files; data carry their languages."""
    written = [
        f"{path.relative_to(CODE)}:{node.value.lineno}"
        for path in sorted(CODE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.keyword) and node.arg in set(Language)
    ]
    assert written == []
