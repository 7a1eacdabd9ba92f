"""Two web processes and the worker of one site: they count together, and log JSON that holds nobody's words."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from email import message_from_bytes, policy
from pathlib import Path
from time import monotonic, sleep

import pytest
from prometheus_client.parser import text_string_to_metric_families

from advocacy.logs import KEYS
from tests.builders import SECRET
from tests.databases import Beginning, Files
from tests.faults import tree
from tests.faults.browser import Browser
from tests.served import ServedSite, served_site
from tests.web.public.sender import AGREED
from tests.web.public.visitor import FILLED, Visitor

pytestmark = pytest.mark.loopback

NAME, EMAIL, STORY = "Canarine Quetzal-Marquée", "canarine.quetzal@marked.example", "Le canari jaune chante à Zanzibar"
MARKS = ("Quetzal", "quetzal", "canari", "Canari", "Zanzibar", "marked.example", "Marqu")
TYPED = {**FILLED, "name": NAME, "email": EMAIL, "reason": STORY, "city": "Canariville"}
LINK = re.compile(r"/en/confirm/[\w.-]+")
WITHIN_S = 60.0
ASKED = 20


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, filled_files: Files) -> Iterator[ServedSite]:
    folder = tmp_path_factory.mktemp("two")
    (folder / "var").mkdir()
    filled_files.lay(folder / "var" / "advocacy.sqlite3", Beginning.SITE)
    settings = {"ADVOCACY_LOG_LEVEL": "DEBUG", "ADVOCACY_SECRET_KEY": SECRET}
    with served_site(folder, "--workers", "2", settings=settings) as site:
        yield site


def samples(site: ServedSite) -> dict[tuple[str, str, str], float]:
    """Return the figures of requests that one of the processes gives, by name, route and status or bucket."""
    answer = Browser("localhost", site.port).get("/metrics")
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.data.decode())
    found = [sample for family in families for sample in family.samples if sample.name.startswith("advocacy_http_")]
    return {
        (one.name, one.labels["route"], one.labels.get("status", one.labels.get("le", ""))): one.value for one in found
    }


def web_processes(site: ServedSite) -> list[int]:
    """Return the processes that answer."""
    commands = {child: Path(f"/proc/{child}/cmdline").read_bytes() for child in tree.below(site.process.pid)}
    return [child for child, command in commands.items() if b"\0worker\0" not in command]


def mails(site: ServedSite, count: int) -> list[str]:
    """Return the text of the mail that lies in the folder, as soon as there is so much of it."""
    until = monotonic() + WITHIN_S
    while len(found := list((site.folder / "var" / "outgoing").glob("*.eml"))) < count:
        assert monotonic() < until, site.log
        sleep(0.1)
    bodies = [message_from_bytes(one.read_bytes(), policy=policy.default).get_body(("plain",)) for one in found]
    return [body.get_content() for body in bodies if body]


def test_every_process_tells_what_all_of_them_have_answered(site: ServedSite) -> None:
    for _ in range(ASKED):
        assert Browser("localhost", site.port).get("/healthz").status_code == 200
        assert Browser("localhost", site.port).get("/en/no-such/page").status_code == 404
    for _ in range(6):
        found = samples(site)
        assert found["advocacy_http_requests_total", "/healthz", "2xx"] == ASKED
        assert found["advocacy_http_requests_total", "-", "4xx"] == ASKED
        assert found["advocacy_http_request_duration_seconds_count", "/healthz", ""] == ASKED
        assert found["advocacy_http_request_duration_seconds_bucket", "/healthz", "+Inf"] == ASKED
        assert found["advocacy_http_request_duration_seconds_sum", "/healthz", ""] > 0
    before = web_processes(site)
    assert len(before) == 2
    tree.kill(before[:1])
    until = monotonic() + WITHIN_S
    while len(now := web_processes(site)) < 2:
        assert monotonic() < until
        sleep(0.05)
    assert set(now) != set(before)
    assert samples(site)["advocacy_http_requests_total", "/healthz", "2xx"] == ASKED, "what it counted stays counted"
    assert "no-such" not in str(samples(site))


def test_what_is_typed_is_in_no_line_of_any_process_whatever_fails(site: ServedSite) -> None:
    browser = Browser("localhost", site.port)
    visitor = Visitor(browser, base_url=site.address)  # type: ignore[arg-type]
    for place in ("write", "legislators", "preview", "review", "download/txt"):
        assert visitor.post(place, TYPED).status == 200
    assert visitor.post("review", {**TYPED, "reason": f"{STORY} quetzal.example"}).status == 422
    visitor.post("review", TYPED)
    assert visitor.press('[formaction$="/send"]', **AGREED).status == 303
    [asked] = {found for text in mails(site, 1) for found in LINK.findall(text)}
    visitor.read(browser.get(asked))  # type: ignore[arg-type]
    confirmed = browser.post(asked, data={"csrf_token": visitor.token, "act": "send"}, base_url=site.address)
    assert confirmed.status_code == 303
    assert any(STORY in text for text in mails(site, 3)), "the worker has had the letter in its hands"
    visitor.post("review", TYPED)
    with closing(sqlite3.connect(site.folder / "var" / "advocacy.sqlite3")) as database:
        database.execute("DROP TABLE stored_letters")
    broken = visitor.press('[formaction$="/send"]', **AGREED)
    assert broken.status == 503

    lines = [json.loads(line) for line in site.log.splitlines()]
    number = broken.answer.headers["X-Request-Id"]
    failures = [line for line in lines if line.get("request_id") == number and line["level"] == "error"]
    assert [line["error"] for line in failures] == ["OperationalError"]
    assert "/<campaign>/send" in failures[0]["route"]
    for line in lines:
        assert line.keys() <= {"timestamp", "level", "logger", "event", *KEYS}
    assert [mark for mark in MARKS if mark in site.log or mark in str(lines)] == []
    token = asked.rpartition("/")[2]
    assert token not in site.log
