"""Every sentence that the code itself says is set as its language sets it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import advocacy
from advocacy.campaigns.checks.typography import find_mistakes
from advocacy.language import Language

CODE = Path(advocacy.__file__).parent
BLANK = re.compile(r"\{[^{}]*\}")


def said(language: Language) -> Iterator[tuple[str, str]]:
    """Return each text that is passed as this language's, `fr="…"`, and the place it stands at."""
    for path in sorted(CODE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == language and (text := written(node.value)):
                yield f"{path.relative_to(CODE)}:{node.value.lineno}", BLANK.sub("0", text)


def written(value: ast.expr) -> str:
    """Return what a string says, with a figure for what is filled in; "" for what is no string."""
    if isinstance(value, ast.JoinedStr):
        return "".join(written(part) if isinstance(part, ast.Constant) else "0" for part in value.values)
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""


@pytest.mark.parametrize("language", Language)
def test_every_sentence_is_set_as_its_language_sets_it(language: Language) -> None:
    texts = list(said(language))
    assert texts
    found = {place: [slip.code for slip in find_mistakes(text, language)] for place, text in texts}
    assert {place: sentences for place, sentences in found.items() if sentences} == {}
