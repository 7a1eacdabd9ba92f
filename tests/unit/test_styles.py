"""Pages and styles agree: a class of a page has a rule or a script that looks for it, and every rule has a page."""

import re
from collections.abc import Iterator

from advocacy import PACKAGE, shipped_folder

STATIC = PACKAGE / "web" / "static"
SCRIPTS = " ".join(path.read_text("utf-8") for path in (STATIC / "js").glob("*.js"))
TEMPLATES = shipped_folder("templates")
PAGES = {path.relative_to(TEMPLATES).as_posix(): path.read_text("utf-8") for path in TEMPLATES.rglob("*.html")}

ATTRIBUTE = re.compile(r'\bclass="((?:\{\{.*?\}\}|\{%.*?%\}|[^"{])*)"')
ARGUMENT = re.compile(r'(?:\bclass_=|\bclasses=|"class": )"([^"]*)"')
COMPUTED = re.compile(r"([\w-]*)\{\{(.*?)\}\}")
COMPARED = re.compile(r"""[=!]= ?(?:"[^"]*"|'[^']*')|\.get\([^)]*\)""")
QUOTED = re.compile(r""""([^"]*)"|'([^']*)'""")
REST = "…"
"""Stands for the end of a class that the page computes: `state-{{ state }}` is `state-…`."""
NAME = r"[a-zA-Z][\w-]*"


def test_every_class_of_a_page_has_a_rule_or_a_script_that_looks_for_it() -> None:
    known = defined() | looked_for()
    unknown = {
        f"{page}: {name}"
        for page, text in PAGES.items()
        if not page.startswith("mail/")  # their styles are their own
        for name in classes_of(text)
        if not any(one == name or (name.endswith(REST) and one.startswith(name[:-1])) for one in known)
    }
    assert unknown == set()


def test_every_class_that_a_script_gives_has_a_rule_or_a_script_that_looks_for_it() -> None:
    given = given_by_scripts()
    assert given > {"visually-hidden", "offers", "scripted"}
    assert given - defined() - looked_for() == set()


def test_every_rule_is_for_a_class_that_a_page_or_a_script_names() -> None:
    code = " ".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    words = set(re.findall(NAME, " ".join([code, SCRIPTS, *PAGES.values()])))
    starts = tuple(name[:-1] for text in PAGES.values() for name in classes_of(text) if name.endswith(REST))
    assert {name for name in defined() - words if not name.startswith(starts)} == set()


def test_what_a_page_computes_is_told_from_what_it_says() -> None:
    page = """<p class="a{{ ' b' if c == 'd' else ' e' }} f-{{ g }}{% if h %} i{% endif %}">{{ j(k, classes="l m") }}"""
    assert set(classes_of(page)) == {"a", "b", "e", f"f-{REST}", "i", "l", "m"}


def classes_of(page: str) -> Iterator[str]:
    """Yield the classes that a page may have."""
    for found in ATTRIBUTE.findall(page):
        yield from COMPUTED.sub(_computed, re.sub(r"\{%.*?%\}", " ", found)).split()
    for found in ARGUMENT.findall(page):
        yield from found.split()


def _computed(found: re.Match[str]) -> str:
    start, expression = found.groups()
    literals = ["".join(one) for one in QUOTED.findall(COMPARED.sub("", expression))]
    if start and (start.endswith("-") or not literals):
        return f"{start}{REST}"
    return " ".join([start, *literals])


def defined() -> set[str]:
    """Return the classes for which the styles have rules."""
    styles = " ".join(path.read_text("utf-8") for path in (STATIC / "css").glob("*.css"))
    plain = re.sub(r'/\*.*?\*/|url\([^)]*\)|"[^"]*"', "", styles, flags=re.DOTALL)
    return set(re.findall(rf"\.({NAME})", plain))


def looked_for() -> set[str]:
    """Return the classes by which scripts find what they work on."""
    strings = re.findall(r'"[^"\n]*"|`[^`]*`', SCRIPTS)
    asked = re.findall(r'classList\??\.contains\("([^"]+)"', SCRIPTS)
    return {name for one in strings for name in re.findall(rf"\.({NAME})", one)} | set(asked)


def given_by_scripts() -> set[str]:
    """Return the classes that scripts give to what they make or change."""
    given = re.findall(r'className(?: =|:) "([^"]+)"|classList\??\.(?:add|toggle)\("([^"]+)"', SCRIPTS)
    return {name for one in given for name in "".join(one).split()}


def test_a_region_is_a_section_and_no_list_is_named_by_a_label() -> None:
    pages = {path: path.read_text("utf-8") for path in TEMPLATES.rglob("*.html")}
    assert [path.name for path, page in pages.items() if 'role="region"' in page] == []
    assert [path.name for path, page in pages.items() if re.search(r"<[uo]l[^>]* aria-label=", page)] == []
