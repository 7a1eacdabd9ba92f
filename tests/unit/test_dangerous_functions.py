"""Nothing runs what a person typed: no code from text, no shell, no pickles, no markup that is trusted unseen."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUILT_IN = frozenset(["eval", "exec", "compile", "__import__", "import_module", "render_template_string"])
METHODS = frozenset(["system", "popen", "import_module", "render_template_string", "mktemp"])
LIBRARIES = frozenset(["pickle", "marshal", "shelve", "dill", "yaml", "telnetlib", "ftplib", "xmlrpc"])
TRUSTING = {"confirm.html", "recipients.html", "sheet.html"}
"""Templates that mark markup of ours as safe, around values that are escaped: each was looked at by a person."""


def dangers(module: ast.Module) -> Iterator[str]:
    """Give each use of something that would run what it is given."""
    for node in ast.walk(module):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in BUILT_IN:
                yield name
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=name)) if name in METHODS:
                yield f"{owner}.{name}"
            case ast.keyword(arg="shell", value=ast.Constant(value=True)):
                yield "shell=True"
            case ast.keyword(arg="verify", value=ast.Constant(value=False)):
                yield "verify=False"
            case ast.Import(names=names) if found := {one.name.partition(".")[0] for one in names} & LIBRARIES:
                yield from found
            case ast.ImportFrom(module=str(name)) if name.partition(".")[0] in LIBRARIES:
                yield name


def test_no_module_runs_what_it_is_given() -> None:
    found = {}
    for path in sorted((ROOT / "advocacy").rglob("*.py")):
        if used := sorted(set(dangers(ast.parse(path.read_text("utf-8"))))):
            found[path.relative_to(ROOT).as_posix()] = used
    assert found == {}


def test_a_template_that_trusts_markup_was_looked_at() -> None:
    trusting = {path.name for path in (ROOT / "templates").rglob("*.html") if "| safe" in path.read_text("utf-8")}
    assert trusting == TRUSTING


@pytest.mark.parametrize(
    ("code", "danger"),
    [
        ("eval(typed)", "eval"),
        ("os.system(typed)", "os.system"),
        ("run(typed, shell=True)", "shell=True"),
        ("importlib.import_module(typed)", "importlib.import_module"),
        ("import pickle", "pickle"),
        ("from yaml import load", "yaml"),
        ("re.compile(typed)", None),
    ],
)
def test_such_a_use_is_seen(code: str, danger: str | None) -> None:
    assert list(dangers(ast.parse(code))) == ([danger] if danger else [])
