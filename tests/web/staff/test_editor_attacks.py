"""Whatever is typed into a letter's cells and fields, no page fails, nothing runs, and the editor opens again."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import pytest
from bs4 import BeautifulSoup

from advocacy.staff.models import Role
from tests.naughty import TELLING, strings
from tests.unit.campaigns.grammar.attacks import ATTACKS
from tests.web.staff.conftest import NewBrowser
from tests.web.staff.letters import LETTER, fields

SOURCE, FIELDS = f"{LETTER}/source", f"{LETTER}/fields"
CELL = re.compile(r"s\d+\.v\d+\.c\d+\.(en|fr)")
TYPED = re.compile(r"(title|ask)-|questions-\d-(label_|hint|starters-\d|max_characters|least|most|kind|choices)")


def scripts(page: BeautifulSoup) -> set[str]:
    """Name every script and handler of a page."""
    return {str(script.get("src")) for script in page.find_all("script")} | {
        name for tag in page.find_all(True) for name in tag.attrs if name.startswith("on")
    }


def sendable(text: str) -> str:
    """Leave out what no browser can send: half of a surrogate pair."""
    return text.encode(errors="ignore").decode()


def rounds(names: Sequence[str], typed: Iterable[str]) -> Iterator[dict[str, str]]:
    """Return the fields of a form one string each, until all strings were given."""
    waiting = iter(typed)
    while given := dict(zip(names, islice(waiting, len(names)), strict=False)):
        yield given


SOURCES = {name: sendable(attack.source) for name, attack in ATTACKS.items()}
TELLING_ATTACKS = (
    # One for each way in: into Python, out of its tag, past its limits, another language, signs that are not seen.
    "a way into Python", "call", "raw", "comment", "braces that eat spaces before", "subscript", "walrus",
    "escape in a word", "unknown name", "nothing", "braces that stay open at the end", "an if that stays open",
    "crossed tags", "six levels", "20,001 characters", "choose in choose", "two headings", "an empty heading",
    "code fence", "HTML", "link definition", "table", "nested list", "tabulator", "null", "signs turned round",
    "half a sign in braces",
)  # fmt: skip
BOTH = [*TELLING, *(SOURCES[name][:300] for name in TELLING_ATTACKS)]
ALL = [*strings(), *(source[:300] for source in SOURCES.values())]
THOROUGH = pytest.mark.thorough


@pytest.mark.parametrize("typed", [BOTH, pytest.param(ALL, marks=THOROUGH)], ids=["telling", "all"])
def test_the_cells_take_anything(browser: NewBrowser, typed: Sequence[str]) -> None:
    one = browser(Role.WRITER)
    page = one.page(LETTER)
    known, names = scripts(page), [name for name in fields(page) if CELL.fullmatch(name)]
    for given in rounds(names, typed):
        sent = {**fields(one.page(LETTER)), **given, "act": "draft"}
        assert one.post(LETTER, sent).status_code == 303, given
        again = one.page(LETTER)
        assert scripts(again) <= known, given
        for name, text in given.items():
            if text.isascii() and text.isprintable():
                assert fields(again)[name] == text
        one.post(f"{LETTER}/draft", {"act": "discard", "version": fields(again)["version"]})


@pytest.mark.parametrize(
    "names", [TELLING_ATTACKS[::4], pytest.param(tuple(ATTACKS), marks=THOROUGH)], ids=["some that tell", "all"]
)
def test_the_source_takes_every_template_attack(browser: NewBrowser, names: Sequence[str]) -> None:
    one = browser(Role.WRITER)
    sent = fields(one.page(SOURCE), "source")
    for name in names:
        typed = f"# A subject\n\n{SOURCES[name]}"
        answer = one.post(SOURCE, {**sent, "en": typed, "fr": typed, "act": "draft"})
        assert answer.status_code == (422 if len(typed) > 20_000 else 303), name
        assert one.get(LETTER).status_code == 200, name
        sent = fields(one.page(SOURCE), "source")


@pytest.mark.parametrize("typed", [TELLING, pytest.param(strings(), marks=THOROUGH)], ids=["telling", "all"])
def test_the_fields_take_anything(browser: NewBrowser, typed: Sequence[str]) -> None:
    one = browser(Role.WRITER)
    page = one.page(FIELDS)
    known, names = scripts(page), [name for name in fields(page, "settings") if TYPED.match(name)]
    for given in rounds(names, typed):
        answer = one.post(FIELDS, {**fields(one.page(FIELDS), "settings"), **given})
        assert answer.status_code in {303, 422}, given
        shown = BeautifulSoup(answer.data, "lxml")
        assert scripts(shown) <= known, given
        words = {name: text for name, text in given.items() if "-label_-" in name or name.startswith("title-")}
        one.post(FIELDS, {**fields(one.page(FIELDS), "settings"), **words, "act": "draft"})
        assert one.get(LETTER).status_code == 200
