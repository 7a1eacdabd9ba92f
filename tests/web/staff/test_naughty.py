"""Strings that break sites and templates, in every field of every staff form: nothing fails, nothing runs, pages open."""

import shutil
from collections.abc import Iterator
from io import BytesIO
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

from advocacy.staff.roles import Role
from tests.naughty import WHOLE, strings
from tests.unit.campaigns.attacks import ATTACKS
from tests.web.staff.forms import Form, dangers, forms
from tests.web.staff.stage import Stage
from tests.web.staff.walked import Site, Walker, opened, opened_on_postgresql, routes, stage_in, walker

SENT = [text for text in (*strings(), *(one.source[:2000] for one in ATTACKS.values())) if "\ud800" not in text]
"""All but half a sign, which no browser can send."""
STRIDE = 101
"""How far the next string lies from the last, so that fields and rounds get unlike ones."""
AT_ONCE, ALONE = 1, 2
"""Rounds that fill in every field, and fields that are filled in alone, of each form."""
PARTS = 4
DOORS = ("/staff/sign-in", "/staff/forgotten")
NOT_HELD, MOST_ALONE = ("a\0b", "é" * 3000, "9" * 30), 3
BEYOND = 10**30
"""A number that no database holds."""


@pytest.fixture(scope="module")
def staged(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Stage]:
    """A site on which something of every kind stands, to be copied."""
    folder = tmp_path_factory.mktemp("staged") / "site"
    shutil.copytree(filled, folder)
    return folder, stage_in(folder)


@pytest.fixture
def site(staged: tuple[Path, Stage], tmp_path: Path) -> Iterator[Site]:
    """A copy of it."""
    with opened(*staged, tmp_path / "copy") as site:
        yield site


def test_attacks_and_strings_are_many() -> None:
    assert len(SENT) >= 600
    assert len({index * STRIDE % len(SENT) for index in range(len(SENT))}) == len(SENT)


def test_what_would_run_is_seen() -> None:
    bad = "<a href=' JavaScript:x'>y</a><p onclick=z style=s><script>1</script><script src='//x'></script><b>x</b>"
    assert len(dangers(BeautifulSoup(bad, "html.parser"))) == 6
    good = "<b>x y</b><a href='/staff/'>y</a><script src='/static/a.js'></script><a href='mailto:x@y'>z</a>"
    assert dangers(BeautifulSoup(good, "html.parser")) == []


@pytest.mark.parametrize("part", range(PARTS), ids=[f"part {number + 1} of {PARTS}" for number in range(PARTS)])
def test_every_form_takes_anything(site: Site, part: int) -> None:
    one = walker(site, Role.MANAGER)
    found = all_forms(site, one)
    assert len(found) > 50
    for number, (page, form) in enumerate(found):
        if number % PARTS == part:
            for typed in rounds(form, number):
                _take(one, (page, form), typed)


def test_postgresql_takes_what_it_cannot_hold(postgresql_url: str) -> None:
    """It holds no null, no text beyond its column and no number beyond its kind, all of which SQLite would."""
    with opened_on_postgresql(postgresql_url) as site:
        one = walker(site, Role.MANAGER)
        for page, form in all_forms(site, one):
            texts = cycle(NOT_HELD)
            names = [*form.typed, *form.chosen, *form.files]
            for text in NOT_HELD if names else ():
                _take(one, (page, form), dict.fromkeys(names, text))
            for name in form.typed[:MOST_ALONE]:
                _take(one, (page, form), {name: next(texts)})


def test_every_form_of_the_door_takes_anything(site: Site) -> None:
    nobody = walker(site, "stranger")
    found = [(path, form) for path in DOORS for form in forms(_read(nobody.client().get(path)), path)]
    assert len(found) > 2
    for number, (page, form) in enumerate(found):
        for typed in rounds(form, number):
            _take(nobody, (page, form), typed)


def test_addresses_take_anything(site: Site) -> None:
    """Numbers that no database holds, names of nothing, and queries of whatever kind."""
    one = walker(site, Role.MANAGER)
    asked = 0
    for _, method, rule in routes(site.app):
        path = site.stage.path(site.app, rule)
        for name in rule.arguments:
            known = str(site.stage.numbers[path.split("/")[2]] if name == "number" else site.stage.values[name])
            for strange in (str(BEYOND), str(2**63), "%00", "%27%22%3E%3Cb%3Ex%3C%2Fb%3E", "x" * 300):
                answer = one.ask(method, f"/{strange}".join(path.rsplit(f"/{known}", 1)))
                assert answer.status_code in {200, 303, 400, 404, 405, 410, 422}, (method, rule.rule, name, strange)
                asked += 1
    assert asked > 100


@pytest.mark.parametrize("text", [str(BEYOND), "-1", "x", "\x00", "<b>x</b>", "a,b", "", "9999-99-99"])
def test_queries_take_anything(site: Site, text: str) -> None:
    one = walker(site, Role.MANAGER)
    names = (
        "person",
        "act",
        "day",
        "below",
        "old",
        "new",
        "recipient",
        "variant",
        "language",
        "page",
        "letter",
        "from",
        "to",
    )
    for _, method, rule in routes(site.app):
        if method == "GET":
            answer = one.client().get(site.stage.path(site.app, rule), query_string=dict.fromkeys(names, text))
            assert answer.status_code < 500, rule.rule
            assert answer.mimetype != "text/html" or dangers(_read(answer)) == [], rule.rule


def all_forms(site: Site, one: Walker) -> list[tuple[str, Form]]:
    """Give each form of each page that opens, with the page's address, once."""
    found: dict[str, tuple[str, Form]] = {}
    for _, method, rule in routes(site.app):
        path = site.stage.path(site.app, rule)
        answer = one.client().get(path) if method == "GET" else None
        if answer and answer.status_code == 200 and answer.mimetype == "text/html":
            for form in forms(_read(answer), path):
                found.setdefault(form.name, (path, form))
    return list(found.values())


def rounds(form: Form, number: int) -> Iterator[dict[str, str]]:
    """Give what is typed into a form, round by round: into every field, then into some of them alone."""
    names = [*form.typed, *form.chosen, *form.files]
    if not names:
        return
    texts = _texts(number * 37)
    for _ in range(-(-len(SENT) // len(names)) if WHOLE else AT_ONCE):
        yield dict(zip(names, texts, strict=False))
    fields = names if WHOLE else list(islice(cycle([*form.typed, *form.files] or names), number, number + ALONE))
    for name in dict.fromkeys(fields):
        yield {name: next(texts)}


def _texts(start: int) -> Iterator[str]:
    at = start
    while True:
        yield SENT[at % len(SENT)]
        at += STRIDE


def _take(one: Walker, place: tuple[str, Form], typed: dict[str, str]) -> None:
    """Post one round, and look at the answer, at where it leads, and at the page again."""
    page, form = place
    data: dict[str, Any] = {"csrf_token": one.token, **form.values, **typed}
    data |= {name: (BytesIO(typed.get(name, "").encode()), typed.get(name, "")) for name in form.files}
    client = one.client()
    answer = client.post(form.action, data=data)
    _is_sound(answer, (form.name, typed))
    if answer.status_code == 303:
        for path in (answer.headers["Location"], page):
            _is_sound(client.get(path), (form.name, typed, path))
    if answer.status_code not in {400, 404}:
        one.site.put_back()


def _is_sound(answer: TestResponse, what: object) -> None:
    assert answer.status_code in {200, 303, 400, 403, 404, 409, 413, 422, 429}, (answer.status_code, what)
    if answer.mimetype == "text/html":
        assert dangers(_read(answer)) == [], what


def _read(answer: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(answer.data, "html.parser")
