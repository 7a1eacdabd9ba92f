"""Strings that break sites, in each field: no failure, no element that is not ours, no letter changed."""

from collections.abc import Sequence
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient

from advocacy.language import printable
from advocacy.letters.text_cleaning import clean
from tests.naughty import TELLING, strings
from tests.web.public.visitor import CAMPAIGN, FILLED

Elements = set[tuple[str, str]]
MARK = "Sentinelle"
LONG, SHORT = "reason", ("name", "city", "street")
FIELDS = (
    *FILLED,
    "street",
    "language",
    "recipient",
    "search",
    "choice",
    "letter",
    "go",
    "restore",
    "original",
    "sure",
    "which",
    "looked_up",
    "riding",
    "words_language",
)


class Page(HTMLParser):
    """The elements of a page, each with every name of an attribute, and what stands in its fields."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: set[tuple[str, str]] = set()
        self.fields: dict[str, list[str]] = {}
        self._area = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.elements |= {(tag, ""), *((tag, name) for name in given)}
        if tag == "input" and given.get("name"):
            self.fields.setdefault(given["name"], []).append(given.get("value", ""))
        self._area = given["name"] if tag == "textarea" else ""
        if self._area:
            self.fields[self._area] = [""]

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area][-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._area = ""


@pytest.fixture(scope="module")
def client(open_app: Flask) -> FlaskClient:
    return open_app.test_client()


@pytest.fixture(params=[TELLING, pytest.param(strings(), marks=pytest.mark.thorough)], ids=["telling", "all"])
def texts(request: pytest.FixtureRequest) -> Sequence[str]:
    """What is typed."""
    found: Sequence[str] = request.param
    return found


def posted(client: FlaskClient, place: str, **fields: str) -> tuple[int, str]:
    answer = client.post(f"/fr/{CAMPAIGN}/{place}", data={**FILLED, **fields})
    return answer.status_code, answer.get_data(as_text=True)


@pytest.fixture(scope="module")
def known(client: FlaskClient) -> Elements:
    """Every element that pages have of their own, with errors and without."""
    found: Elements = set()
    harmless = [dict.fromkeys(FIELDS, MARK), {}, {"search": "a", "go": "search"}, {"postal_code": "K0A 1A1"}]
    harmless += [dict.fromkeys(FILLED, ""), {"reason": "a.ca b", "email": "a"}, {"relationship": "survivor"}]
    for fields in harmless:
        for place in ("write", "review", "preview", "legislators", "download/html"):
            found |= Page(posted(client, place, **fields)[1]).elements
    letter = Page(posted(client, "review")[1])
    wrong = {name: "a.ca b 96 %" for name in letter.fields if name.startswith(("body-", "subject-"))}
    return found | letter.elements | Page(posted(client, "review", **wrong)[1]).elements


def words(text: str) -> str:
    return " ".join(text.split())


def test_there_are_five_hundred_and_fifteen_and_more() -> None:
    assert len(strings()) >= 515
    assert set(TELLING) <= set(strings())


def test_in_every_field_at_once(client: FlaskClient, known: Elements, texts: Sequence[str]) -> None:
    for text in texts:
        status, said = posted(client, "review", **dict.fromkeys(FIELDS, text))
        page = Page(said)
        assert status == 422, text
        assert page.elements <= known, (text, page.elements - known)
        for name in ("name", "city", "street", "email", "postal_code"):
            assert page.fields[name] == [printable(text)], (name, text)
        assert page.fields[LONG][-1].removeprefix("\r\n") == printable(text), text


def test_in_the_search_and_the_postal_code(client: FlaskClient, known: Elements, texts: Sequence[str]) -> None:
    for text in texts:
        status, said = posted(client, "legislators", search=text, postal_code=text)
        assert status == 200, text
        assert Page(said).elements <= known, text


def test_in_a_letter(client: FlaskClient, texts: Sequence[str]) -> None:
    """What is accepted stands in the letter as it was typed, what is refused changes nothing else."""
    first = Page(posted(client, "review")[1])
    [choice] = first.fields["choice"]
    for field in (LONG, *SHORT):
        status, blank = posted(client, "download/txt", choice=choice, **{field: MARK})
        assert status == 200
        for text in texts:
            status, letter = posted(client, "download/txt", choice=choice, **{field: text})
            assert status in {200, 422}, (field, text)
            typed = clean(printable(text), lines=field == LONG)
            if status == 200 and typed:
                assert words(letter) == words(blank.replace(MARK, typed)), (field, text)


def test_in_the_words_of_an_edited_letter(client: FlaskClient, known: Elements, texts: Sequence[str]) -> None:
    first = Page(posted(client, "review")[1])
    body = next(name for name in first.fields if name.startswith("body-"))
    subject = body.replace("body-", "subject-")
    for text in texts:
        status, said = posted(client, "review", **{body: f"{MARK}\n\n{text}", subject: f"{MARK} {text}"})
        page = Page(said)
        assert status in {200, 422}, text
        assert page.elements <= known, (text, page.elements - known)
        assert page.fields[subject] == [printable(f"{MARK} {text}")], text


def test_the_preview_shows_them_as_words(client: FlaskClient, known: Elements, texts: Sequence[str]) -> None:
    for text in texts:
        for field in (LONG, "name"):
            status, said = posted(client, "preview", **{field: text})
            assert status == 200, (field, text)
            assert Page(said).elements <= known, (field, text)
