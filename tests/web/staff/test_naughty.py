"""Strings that break sites and templates, in every field of every staff form: nothing fails, nothing runs, pages open."""

from collections.abc import Iterator
from io import BytesIO
from itertools import cycle, islice, product
from typing import Any

import pytest
from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

from advocacy.staff.models import Role
from tests.naughty import TELLING, strings
from tests.web.staff.forms import Form, dangers, forms
from tests.web.staff.route_walk import Site, Walker, opened_on_postgresql, routes, walker

SENT = [text for text in strings() if "\ud800" not in text]
"""All but half a sign, which no browser can send."""
STRIDE = 101
"""How far the next string lies from the last, so that fields and rounds get unlike ones."""
PARTS = 4
DOORS = ("/staff/sign-in", "/staff/forgotten")
NOT_HELD = ("a\0b", "é" * 3000, "9" * 30)
BEYOND = 10**30
"""A number that no database holds."""
NAMES = (
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
"""What the queries of staff pages are called."""
ASKED = (str(BEYOND), "-1", "x", "\x00", "<b>x</b>", "a,b", "", "9999-99-99")


def test_strings_are_many() -> None:
    assert len(SENT) >= 400
    assert set(TELLING) <= set(SENT)
    assert len({index * STRIDE % len(SENT) for index in range(len(SENT))}) == len(SENT)


def test_what_would_run_is_seen() -> None:
    bad = "<a href=' JavaScript:x'>y</a><p onclick=z style=s><script>1</script><script src='//x'></script><b>x</b>"
    assert len(dangers(BeautifulSoup(bad, "lxml"))) == 6
    good = "<b>x y</b><a href='/staff/'>y</a><script src='/static/a.js'></script><a href='mailto:x@y'>z</a>"
    assert dangers(BeautifulSoup(good, "lxml")) == []


def test_forms_take_what_tells_most(site: Site) -> None:
    """Into all fields of every twentieth form at once; where that is refused, also into one alone, whose fault it may be."""
    one = walker(site, Role.MANAGER)
    found = all_forms(site, one)
    assert len(found) > 50
    for number, (page, form) in [*enumerate(found)][::20]:
        texts = islice(cycle(TELLING), 7 * number % len(TELLING), None)
        names = [*form.typed, *form.chosen, *form.files]
        status = _take(one, (page, form), dict(zip(names, texts, strict=False))) if names else 303
        if status == 422 and len(names) > 1:
            _take(one, (page, form), {names[number % len(names)]: next(texts)})


@pytest.mark.thorough
@pytest.mark.parametrize("part", range(PARTS), ids=[f"part {number + 1} of {PARTS}" for number in range(PARTS)])
def test_every_form_takes_anything(site: Site, part: int) -> None:
    one = walker(site, Role.MANAGER)
    for number, (page, form) in enumerate(all_forms(site, one)):
        if number % PARTS == part:
            for typed in rounds(form, number):
                _take(one, (page, form), typed)


@pytest.mark.thorough
def test_postgresql_takes_what_it_cannot_hold_in_each_field(postgresql_url: str) -> None:
    """It holds no null, no text beyond its column and no number beyond its kind, all of which SQLite would."""
    with opened_on_postgresql(postgresql_url) as site:
        one = walker(site, Role.MANAGER)
        for page, form in all_forms(site, one):
            names = [*form.typed, *form.chosen, *form.files]
            for text in NOT_HELD if names else ():
                _take(one, (page, form), dict.fromkeys(names, text))
            for name, text in product(form.typed, NOT_HELD):
                _take(one, (page, form), {name: text})


@pytest.mark.parametrize(
    "many", [8, pytest.param(len(TELLING), marks=pytest.mark.thorough)], ids=["some", "all that tell"]
)
def test_every_form_before_sign_in_takes_anything(site: Site, many: int) -> None:
    nobody = walker(site, "stranger")
    found = [(path, form) for path in DOORS for form in forms(_read(nobody.client().get(path)), path)]
    assert len(found) > 2
    for page, form in found:
        texts, names = cycle(TELLING), [*form.typed, *form.chosen]
        for _ in range(-(-many // len(names)) if names else 0):
            _take(nobody, (page, form), dict(zip(names, texts, strict=False)))


@pytest.mark.parametrize("step", [3, pytest.param(1, marks=pytest.mark.thorough)], ids=["some", "all"])
def test_addresses_take_anything(site: Site, step: int) -> None:
    """Numbers that no database holds and names of nothing; `test_both_databases` has those that one holds."""
    one = walker(site, Role.MANAGER)
    asked = 0
    for _, method, rule in routes(site.app):
        path = site.stage.path(site.app, rule)
        for name in rule.arguments:
            known = str(site.stage.value(rule, name))
            for strange in (str(BEYOND), "%27%22%3E%3Cb%3Ex%3C%2Fb%3E", "x" * 300)[asked % step :: step]:
                answer = one.ask(method, f"/{strange}".join(path.rsplit(f"/{known}", 1)))
                assert answer.status_code in {200, 302, 303, 400, 404, 405, 410, 422}, (
                    method,
                    rule.rule,
                    name,
                    strange,
                )
                asked += 1
    assert asked > 100 // step


def test_queries_take_anything(site: Site) -> None:
    one = walker(site, Role.MANAGER)
    for number, path in enumerate(_addresses(site)[::3]):
        texts = islice(cycle(ASKED), number % len(ASKED), None)
        _asked(one, path, dict(zip(NAMES, texts, strict=False)))


@pytest.mark.thorough
@pytest.mark.parametrize("text", ASKED)
def test_queries_take_anything_for_every_name(site: Site, text: str) -> None:
    one = walker(site, Role.MANAGER)
    for path in _addresses(site):
        _asked(one, path, dict.fromkeys(NAMES, text))


def _addresses(site: Site) -> list[str]:
    """Return the address of every page."""
    return [site.stage.path(site.app, rule) for _, method, rule in routes(site.app) if method == "GET"]


def _asked(one: Walker, path: str, query: dict[str, str]) -> None:
    answer = one.client().get(path, query_string=query)
    assert answer.status_code < 500, (path, query)
    assert answer.mimetype != "text/html" or dangers(_read(answer)) == [], (path, query)


def all_forms(site: Site, one: Walker) -> list[tuple[str, Form]]:
    """Return each form of each page that opens, with the page's address, once."""
    found: dict[str, tuple[str, Form]] = {}
    for _, method, rule in routes(site.app):
        path = site.stage.path(site.app, rule)
        answer = one.client().get(path) if method == "GET" else None
        if answer and answer.status_code == 200 and answer.mimetype == "text/html":
            for form in forms(_read(answer), path):
                found.setdefault(form.name, (path, form))
    return list(found.values())


def rounds(form: Form, number: int) -> Iterator[dict[str, str]]:
    """Return what is typed into a form, round by round: into every field, then into each alone."""
    names = [*form.typed, *form.chosen, *form.files]
    if not names:
        return
    texts = _texts(number * 37)
    for _ in range(-(-len(SENT) // len(names))):
        yield dict(zip(names, texts, strict=False))
    for name in names:
        yield {name: next(texts)}


def _texts(start: int) -> Iterator[str]:
    at = start
    while True:
        yield SENT[at % len(SENT)]
        at += STRIDE


def _take(one: Walker, place: tuple[str, Form], typed: dict[str, str]) -> int:
    """Post one round, look at the answer, at where it leads, and at the page again; give the answer's status."""
    page, form = place
    data: dict[str, Any] = {"csrf_token": one.token, **form.values, **typed}
    data |= {name: (BytesIO(typed.get(name, "").encode()), typed.get(name, "")) for name in form.files}
    client = one.client()
    answer = client.post(form.action, data=data)
    answer.request.environ["wsgi.input"].close()  # a long form with files lies in a temporary file, which stays open
    _is_sound(answer, (form.name, typed))
    if answer.status_code == 303:
        for path in dict.fromkeys((answer.headers["Location"], page)):
            _is_sound(client.get(path), (form.name, typed, path))
    if answer.status_code not in {400, 404}:
        one.site.put_back()
    return answer.status_code


def _is_sound(answer: TestResponse, what: object) -> None:
    assert answer.status_code in {200, 303, 400, 403, 404, 409, 413, 422, 429}, (answer.status_code, what)
    if answer.mimetype == "text/html":
        assert dangers(_read(answer)) == [], what


def _read(answer: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(answer.data, "lxml")
