"""The HTML of every page is what HTML says: read strictly, and by the Nu checker where it is on the machine."""

import json
import os
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import html5lib
import pytest
from bs4 import BeautifulSoup
from flask import Flask
from pydantic import SecretStr

from advocacy.app import create_app
from advocacy.language import Language
from advocacy.runtime import Runtime, open_runtime
from advocacy.settings import Settings
from advocacy.web.services import Services
from tests.builders import SECRET
from tests.citizens import put_under_pressure
from tests.databases import Beginning, Files
from tests.web.public.sender import AGREED, Sender
from tests.web.public.visitor import FILLED, STORY, Visitor
from tests.web.shared_site import NOW

SPLIT, VACANT, NOWHERE = "H3R 3A7", "J2S 1A1", "V9Z 9Z9"
NU = os.environ.get("ADVOCACY_TEST_VNU", "")
"""The path of vnu.jar, which needs Java; without it the strict reading alone is done."""
TO_NAMES = ("aria-labelledby", "aria-describedby", "aria-controls", "for", "form", "headers")
PART = '<!doctype html><html lang="en"><title>Part</title><form id="writing"></form><main>{}</main></html>'
Pages = Mapping[str, str]


@pytest.fixture(scope="module", params=["fr", pytest.param("en", marks=pytest.mark.thorough)])
def every_page(request: pytest.FixtureRequest, runtime: Runtime, tmp_path_factory: pytest.TempPathFactory) -> Pages:
    settings = runtime.settings.model_copy(
        update={"test_recipient": "essai@example.ca", "secret_key": SecretStr(SECRET)}
    )
    app = create_app(replace(runtime, settings=settings), now=lambda: NOW)
    visitor = Visitor.of(app, language=request.param)
    with pytest.MonkeyPatch.context() as patched:
        pages = {**_plain(app, visitor, patched), **dict(_form(visitor)), **dict(_letters(visitor))}
    files: Files = request.getfixturevalue("filled_files")
    url = files.lay(tmp_path_factory.mktemp("sending") / "advocacy.sqlite3", Beginning.SITE)
    with open_runtime(Settings(database_url=url, secret_key=SecretStr(SECRET)), now=NOW) as sending:
        return {**pages, **dict(_sending(Sender(sending).speaking(Language(request.param))))}


def _plain(app: Flask, visitor: Visitor, patched: pytest.MonkeyPatch) -> Pages:
    client, language = app.test_client(), visitor.language
    places = ("help", "privacy", "accessibility", "child-protection/", "nowhere", "child-protection/review")
    pages = {place: client.get(f"/{language}/{place}", follow_redirects=True).text for place in places}
    pages["expired"] = client.post(f"/{language}/child-protection/review").text
    pages["too large"] = client.post(f"/{language}/child-protection/review", data={"reason": "x" * 300_000}).text
    services: Services = app.extensions["advocacy"]
    with services.sessions() as session:
        campaigns = services.opened.all(session)
    for name, shown in (("several campaigns", [*campaigns] * 2), ("no campaign", [])):
        patched.setattr(Services, "campaigns", lambda _, shown=shown: shown)
        pages[name] = client.get(f"/{language}/").text
    patched.undo()
    return pages


def _form(visitor: Visitor) -> Iterator[tuple[str, str]]:
    yield "write, empty", visitor.get().answer.text
    yield (
        "write, wrong",
        visitor.post("write", {"postal_code": "1", "email": "x", "reason": "See example.ca"}).answer.text,
    )
    for code in (SPLIT, VACANT, NOWHERE):
        yield f"write, {code}", visitor.post("write", {"postal_code": code, "go": "find"}).answer.text
    yield "write, searched", visitor.post("write", {"search": "Ontario", "go": "search"}).answer.text
    yield "write, not found", visitor.post("write", {"search": "zzzzzz", "go": "search"}).answer.text
    for odd in (
        {"language": "de"},
        {f"language-{_two(visitor)[0]}": "de"},
        {"template": "none"},
        {"recipient": ["no"]},
    ):
        yield f"write, {odd}", visitor.post("review", {**_whole(visitor), **odd}).answer.text
    yield "write, filled in", visitor.post("write", {**_whole(visitor), "go": "words"}).answer.text
    for fragment in ("legislators", "preview"):
        said = visitor.post(fragment, _whole(visitor)).answer.text
        yield fragment, PART.format(said)


def _letters(visitor: Visitor) -> Iterator[tuple[str, str]]:
    whole = _whole(visitor)
    yield "review", visitor.post("review", whole).answer.text
    body = visitor.page.select_one("textarea[name^=body-]")
    assert body is not None
    edited = {**whole, str(body["name"]): body.get_text().replace("95", "96") + "\n\nhttps://example.ca/page\n\n• One"}
    yield "review, wrong", visitor.post("review", edited).answer.text
    false = {**whole, str(body["name"]): edited[str(body["name"])].replace("https://example.ca/page", "")}
    yield "review, asked once more", visitor.post("download/txt", false).answer.text
    checked = visitor.post("check", {**false, "letter": str(body["name"]).removeprefix("body-")}).answer.text
    yield "check", PART.format(checked)
    yield "print", visitor.post("download/html", whole).answer.text


def _sending(sender: Sender) -> Iterator[tuple[str, str]]:
    visitor, whole = sender.visitor, _whole(sender.visitor)
    two = [whole["recipient"][0], _reached(visitor)]
    visitor.post("review", {**whole, "recipient": two})
    yield "review, not agreed", visitor.press('[formaction$="/send"]').answer.text
    assert visitor.press('#sendbox [formaction$="/send"]', **AGREED).status == 303
    yield "sent", visitor.get("sent").answer.text
    asked = sender.link()
    yield "confirm", sender.follow(asked).answer.text
    receipt = sender.answer(asked, act="send").answer.headers["Location"]
    yield "receipt", sender.follow(receipt).answer.text
    yield "receipt, data", sender.follow(f"{receipt}/data").answer.text
    again = {**FILLED, "recipient": two, "city": "Gatineau"}
    sender.clock[0] += timedelta(hours=1)
    sender.sent(**again)
    sender.follow(sender.link())
    unsent = sender.answer(sender.link(), act="send").answer.headers["Location"]
    yield "receipt, written before", sender.follow(unsent).answer.text
    yield "deleted", sender.answer(f"{receipt}/delete").answer.text
    yield "gone", sender.follow(receipt).answer.text
    sender.sent(email="other@example.ca")
    asked = sender.link()
    sender.follow(asked)
    yield "deleted, not confirmed", sender.answer(asked, act="delete").answer.text
    yield from _under_pressure(sender)


def _under_pressure(sender: Sender) -> Iterator[tuple[str, str]]:
    visitor = sender.visitor.post("review", {**FILLED, "email": "third@example.ca"})
    put_under_pressure(sender.runtime.sessions, now=sender.clock[0])
    yield "review, to be sent once more", visitor.press('#sendbox [formaction$="/send"]', **AGREED).answer.text
    assert visitor.page.select("#press-again")
    assert visitor.press('#sendbox [formaction$="/send"]').status == 303
    yield "sent, held", sender.follow(visitor.answer.headers["Location"]).answer.text


def _reached(visitor: Visitor) -> str:
    """Find another member, whom an e-mail reaches."""
    visitor.post("write", {"search": "Housefather", "go": "search"})
    visitor.post("write", {"riding": str(visitor.page.select("#found [name=riding]")[0]["value"])})
    return str(visitor.page.select("#recipient [name=recipient]")[0]["value"])


def _two(visitor: Visitor) -> list[str]:
    visitor.post("write", {"postal_code": FILLED["postal_code"], "go": "find"})
    inputs = visitor.page.select("[name=recipient]")
    return [str(inputs[0]["value"]), str(inputs[-1]["value"])]


def _whole(visitor: Visitor) -> dict[str, Any]:
    two = _two(visitor)
    foreign = next(one for one in ("en", "fr") if one != visitor.language)
    return {**FILLED, "relationship": "survivor", "recipient": two, f"language-{two[1]}": foreign, "reason": STORY}


def test_every_page_is_read_without_an_error(every_page: Pages) -> None:
    for name, page in every_page.items():
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        parser.parse(page)
        assert (name, parser.errors) == (name, [])


def test_every_name_is_given_once_and_whatever_points_somewhere_finds_it(every_page: Pages) -> None:
    for name, page in every_page.items():
        soup = BeautifulSoup(page, "lxml")
        given = Counter(one["id"] for one in soup.select("[id]"))
        assert (name, [one for one, times in given.items() if times > 1]) == (name, [])
        wanted = {str(link["href"])[1:] for link in soup.select('a[href^="#"], use[href^="#"]')}
        for kind in TO_NAMES:
            wanted |= {word for one in soup.select(f"[{kind}]") for word in str(one[kind]).split()}
        # These fragments are shown within the form, which has what its links lead to.
        missing = wanted - set(given) if name not in {"legislators", "check"} else set()
        assert (name, missing) == (name, set())


def test_no_page_shows_the_signs_that_blanks_are_kept_between(every_page: Pages) -> None:
    assert [name for name, page in every_page.items() if "\ue000" in page or "\ue001" in page] == []


def test_no_page_holds_a_style_or_a_script_of_its_own(every_page: Pages) -> None:
    for page in every_page.values():
        soup = BeautifulSoup(page, "lxml")
        assert soup.select("[style], style, script:not([src])") == []
        assert [one for tag in soup.select("*") for one in tag.attrs if one.startswith("on")] == []


if NU:

    def test_the_nu_checker_finds_nothing(every_page: Pages, tmp_path: Path) -> None:
        for number, page in enumerate(every_page.values()):
            (tmp_path / f"{number:02}.html").write_text(page, encoding="utf-8")
        command = ["java", "-Xss8m", "-jar", NU, "--format", "json", *sorted(map(str, tmp_path.iterdir()))]
        found = json.loads(subprocess.run(command, capture_output=True, check=False).stderr)["messages"]
        names = list(every_page)
        assert [(names[int(Path(one["url"]).stem)], one["message"]) for one in found] == []
