"""The shipped nginx file in front of the real site: what strangers try is refused, and no log tells of a citizen."""

import re
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from advocacy.app import create_app
from advocacy.runtime import open_runtime
from advocacy.settings import Settings
from advocacy.web.files import FILE_LIMIT, FORM_LIMIT
from advocacy.web.security import BODY_LIMIT, HSTS, SIGNED_LIMIT
from advocacy.web.server import THREADS
from advocacy.web.staff import STAFF
from scripts.proxy_error_pages import FOLDER, STYLE_HASH, pages
from tests.databases import NOW, Beginning, Files
from tests.deploy.proxies import CONF, NAME, NGINX, Proxy, proxy, write_site
from tests.served import served_site

pytestmark = [
    pytest.mark.loopback,
    pytest.mark.skipif(NGINX is None, reason="nginx is missing: apt-get install nginx-light"),
]

TOKEN = "9f3kQm-0Zr_uX7bVw2LcYt5HsNa8PdJe1GiKoRl4"
METRICS_TOKEN = "kU3v9_mZ0pQrT7xYwB1nC5dF8gH2jL4s"
FORM = "/fr/child-protection/review"
HSTS_NAME = HSTS[0].lower()
LARGE = b"x" * 30_000_000


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory, filled_files: Files) -> Iterator[Proxy]:
    """nginx in front of a site that is public."""
    folder = tmp_path_factory.mktemp("served")
    settings = {
        "ADVOCACY_DATABASE_URL": filled_files.lay(folder / "letters.sqlite3", Beginning.SITE),
        "ADVOCACY_BASE_URL": f"https://{NAME}",
        "ADVOCACY_PROXY_HOPS": "1",
        "ADVOCACY_METRICS_TOKEN": METRICS_TOKEN,
        "ADVOCACY_NETWORK_POINTS_PER_MINUTE": "0",
    }
    with (
        served_site(folder, "--workers", "1", "--no-worker", settings=settings) as site,
        proxy(tmp_path_factory.mktemp("nginx"), upstream=site.port) as front,
    ):
        yield front


@pytest.fixture
def echo(tmp_path: Path) -> Iterator[Proxy]:
    """nginx in front of a server that answers with the headers it was given, or with much."""

    class Echo(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            with suppress(ConnectionError):
                self.wfile.write(LARGE if self.path == "/large" else str(self.headers).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with proxy(tmp_path, upstream=server.server_port) as front:
            yield front
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_file_is_one_that_nginx_takes_without_a_warning(tmp_path: Path) -> None:
    conf = write_site(tmp_path, upstream=8000, port=8443, plain_port=8080)
    done = subprocess.run([NGINX or "", "-t", "-c", conf], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


def test_http_leads_to_the_sites_own_name_by_https(front: Proxy) -> None:
    answer = front.ask_plainly("/fr/?x=1")

    assert (answer.status, answer.headers["location"]) == (308, [f"https://{NAME}/fr/?x=1"])


def test_another_name_gets_no_answer(front: Proxy) -> None:
    with pytest.raises(ConnectionError):
        front.ask("/en", host="evil.example")
    with pytest.raises(ConnectionError):
        front.ask_plainly("/en", host="evil.example")
    assert front.ask("/en").headers["location"] == [f"https://{NAME}/en/"]


@pytest.mark.parametrize("path", ["/fr/child-protection/", "/no/such/page", "/metrics"])
def test_every_answer_keeps_browsers_on_https_and_says_so_once(front: Proxy, path: str) -> None:
    assert front.ask(path).headers[HSTS_NAME] == [HSTS[1]]


def rules(app: Flask) -> list[Rule]:
    return [rule for one in (app, app.extensions[STAFF]) for rule in one.url_map.iter_rules()]


@pytest.fixture
def site(tmp_path: Path, filled_files: Files) -> Iterator[Flask]:
    """An application, to be asked which addresses there are."""
    settings = Settings(database_url=filled_files.lay(tmp_path / "a.sqlite3", Beginning.SITE))
    with open_runtime(settings, now=NOW) as runtime:
        yield create_app(runtime)


FIRST_OF_ANY = re.compile(r'<any\("?([\w-]+)[^)]*\):\w+>')
"""The first of several words that may stand in an address."""


def secret_paths(app: Flask) -> list[str]:
    """Return the address of every page whose address is a secret, or has a word of its own for one browser."""
    with_token = [rule for rule in rules(app) if {"token", "code"} & rule.arguments]
    assert len(with_token) > 8
    names = {"<lang:language>": "fr", "<int:number>": "1", "<token>": TOKEN, "<code>": TOKEN}
    paths = []
    for rule in with_token:
        path = FIRST_OF_ANY.sub(r"\1", rule.rule)
        for name, value in names.items():
            path = path.replace(name, value)
        assert "<" not in path, path
        paths.append(path)
    return paths


def test_no_word_that_lets_somebody_in_is_in_a_log(front: Proxy, site: Flask) -> None:
    paths = secret_paths(site)
    odd = [f"//fr//confirm/{TOKEN}", f"/FR/confirm/{TOKEN}", f"/fr/confirm/{TOKEN}?x={TOKEN}", f"/{TOKEN}"]
    odd += [
        f"/fr%2Fconfirm%2F{TOKEN}",
        f"/fr/confirm/{TOKEN}/x",
        "/fr/confirm/a-short-one",
        "/v/a-short-one",
        "/en/v/a-short-one",
        "/fr/bureaux/a-short-one",
        "/en/offices/a-short-one",
        f"/fr/?q={TOKEN}",
    ]
    referrer = {"Referer": f"https://{NAME}/fr/confirm/{TOKEN}", "User-Agent": "canary-agent", "Cookie": "canary=1"}
    for path in [*paths, *odd]:
        front.ask(path, client="198.51.100.77", headers=referrer)
        front.ask(path, client="2001:db8:7:8:9::1", method="POST", body=b"x" * 300_000, headers=referrer)
    front.ask_plainly(f"/fr/confirm/{TOKEN}")

    logs = front.logs
    for secret in (TOKEN, "a-short-one", "canary", "198.51.100.77", "8:9::1"):
        assert secret not in logs
    assert re.search(r"^198\.51\.100\.0 \[.+\] GET /fr/confirm/- HTTP/1.1 \d{3} ", logs, re.MULTILINE)
    assert re.search(r"^2001:db8:7:: \[.+\] POST /staff/join/- HTTP/1.1 413 ", logs, re.MULTILINE)


def test_a_site_that_is_away_is_told_of_in_the_readers_language_and_no_address_is_logged(tmp_path: Path) -> None:
    with proxy(tmp_path, upstream=9) as front:
        answer = front.ask(f"/fr/confirm/{TOKEN}")

        assert (answer.status, answer.text) == (503, pages()["503-fr.html"])
        assert answer.headers["retry-after"] == ["60"]
        assert front.ask("/en/help").text == pages()["503-en.html"]
        assert front.ask("/staff/organisation").status == 503
        assert TOKEN not in front.logs


def test_a_form_that_is_too_large_is_refused_in_the_readers_language(front: Proxy) -> None:
    answer = front.ask(FORM, method="POST", body=b"x" * 300_000)

    assert (answer.status, answer.text) == (413, pages()["413-fr.html"])
    assert answer.headers[HSTS_NAME] == [HSTS[1]]
    assert front.ask(FORM, method="POST", body=b"x" * 250_000, client="192.0.2.9").status == 400, "it has no token"


@pytest.mark.parametrize(
    ("path", "taken", "refused"),
    [
        ("/staff/organisation/sheet", 4_000_000, FILE_LIMIT + FORM_LIMIT + 1),
        ("/hooks/sendgrid", 900_000, SIGNED_LIMIT + 1),
    ],
)
def test_files_of_staff_and_reports_of_a_provider_may_be_larger(
    front: Proxy, *, path: str, taken: int, refused: int
) -> None:
    assert front.ask(path, method="POST", body=b"x" * taken).status not in {413, 500, 503}
    answer = front.ask(path, method="POST", body=b"x" * refused)

    assert answer.status == 413
    assert (answer.text == pages()["413-file.html"]) is path.startswith("/staff")


def test_sizes_are_those_of_the_application() -> None:
    sizes = re.findall(r"client_max_body_size (\d+)([km]);", CONF.read_text())

    assert [int(number) * {"k": 1024, "m": 1024**2}[unit] for number, unit in sizes] == [
        BODY_LIMIT,
        FILE_LIMIT + FORM_LIMIT,
        SIGNED_LIMIT,
    ]


def test_no_page_takes_more_than_nginx_passes_on_to_it(site: Flask) -> None:
    views = {**site.view_functions, **site.extensions[STAFF].view_functions}
    signing_in = re.compile(r"/staff/(sign-in|second|forgotten|join|tf-|account/verify)")
    for rule in rules(site):
        limit = getattr(views[rule.endpoint], "body_limit", BODY_LIMIT)
        is_file = rule.rule.startswith("/staff/") and not signing_in.match(rule.rule)
        passed_on = (
            FILE_LIMIT + FORM_LIMIT if is_file else SIGNED_LIMIT if rule.rule.startswith("/hooks/") else BODY_LIMIT
        )
        assert limit <= passed_on, rule.rule
    assert f"location ~ ^{signing_in.pattern} {{" in CONF.read_text()


def test_figures_are_for_who_shows_the_token(front: Proxy) -> None:
    local = {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Host": "localhost"}
    assert front.ask("/metrics", headers=local).status == 404
    assert front.ask("/metrics", headers={"Authorization": "Bearer x"}).status == 404
    assert front.ask("/metrics", headers={"Authorization": f"Bearer {METRICS_TOKEN}"}).status == 200


def test_many_forms_from_one_network_are_refused_and_no_other_network_notices(front: Proxy) -> None:
    flood = front.post_quickly(FORM, [f"2001:db8:1:2::{number:x}" for number in range(1, 200)])
    refused = [answer for answer in flood if answer.status == 429]

    assert len(refused) > 20
    assert {answer.text for answer in refused} == {pages()["429-fr.html"]}
    assert refused[0].headers["retry-after"] == ["60"]
    others = ["2001:db8:1:3::1", "192.0.2.44", "192.0.2.45"]
    assert [answer.status for answer in front.post_quickly(FORM, others)] == [400] * 3
    assert front.ask("/fr/child-protection/", client="2001:db8:1:2::1").status == 200, "reading is not posting"


def test_a_school_behind_one_address_opens_the_site_at_once(front: Proxy) -> None:
    """Thirty browsers, each with a page and its files."""
    page = front.ask("/fr/child-protection/", client="192.0.2.30")
    files = sorted(set(re.findall(r'"(/static/[0-9a-f]{12}/[^"]+)"', page.text)))
    asked = [path for _ in range(30) for path in ("/fr/child-protection/", *files)]

    assert len(files) > 3
    assert {answer.status for answer in front.ask_quickly(asked, client="192.0.2.30")} == {200}


@pytest.mark.parametrize("path", ["/staff/sign-in", "/staff/second", f"/staff/join/{TOKEN}"])
def test_tries_to_sign_in_are_few(front: Proxy, path: str) -> None:
    client = f"192.0.2.{100 + len(path)}"
    tries = [answer.status for answer in front.post_quickly(path, [client] * 30)]

    assert tries.count(429) > 5
    assert 429 not in tries[:20]
    assert front.ask("/staff/sign-in", client=client).status == 200


def test_slow_clients_keep_nobody_waiting(front: Proxy) -> None:
    """More of them than the site has threads, each with a form that never ends."""
    slow = []
    for number in range(3 * THREADS):
        connection = front.connect()
        begun = f"POST {FORM} HTTP/1.1\r\nHost: {NAME}\r\nX-Test-Client: 203.0.113.{number}\r\nContent-Length: 5000\r\n\r\nx"
        connection.sendall(begun.encode())
        slow.append(connection)
    answers = [front.ask("/fr/help", client="192.0.2.70").status for _ in range(10)]
    for connection in slow:
        connection.close()

    assert answers == [200] * 10


def test_what_a_client_says_of_itself_is_dropped(echo: Proxy) -> None:
    forged = {
        "X-Forwarded-For": "10.0.0.1, 10.0.0.2",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Port": "1",
        "X-Forwarded-Prefix": "/evil",
        "X-Forwarded-Server": "evil.example",
        "X-Real-IP": "10.0.0.3",
        "Forwarded": "for=10.0.0.4",
        "X-Request-Id": "f" * 32,
    }
    told = dict(
        line.split(": ", 1) for line in echo.ask("/", client="192.0.2.5", headers=forged).text.splitlines() if line
    )

    assert "evil" not in str(told)
    assert "10.0.0." not in str(told)
    assert {name: told[name] for name in told if name.startswith("X-Forwarded")} == {
        "X-Forwarded-For": "192.0.2.5",
        "X-Forwarded-Host": NAME,
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Port": "443",
    }
    assert told["Host"] == NAME


def test_a_request_has_one_number_in_front_of_the_site_and_behind(front: Proxy) -> None:
    answers = [front.ask("/en/privacy", headers={"X-Request-Id": "f" * 32}) for _ in range(2)]
    numbers = {number for answer in answers for number in answer.headers["x-request-id"]}
    assert len(numbers) == 2
    assert all(re.fullmatch("[0-9a-f]{32}", number) for number in numbers)
    assert "f" * 32 not in numbers


def test_an_answer_that_its_reader_takes_slowly_is_written_to_no_disk(echo: Proxy) -> None:
    with echo.connect() as connection:
        connection.sendall(f"GET /large HTTP/1.0\r\nHost: {NAME}\r\n\r\n".encode())
        time.sleep(0.3)  # nginx may not lay aside what nobody takes
        received = 0
        while part := connection.recv(1 << 20):
            received += len(part)

    assert received > len(LARGE)


def test_a_page_with_a_token_is_not_compressed_also_where_nginx_compresses_the_rest(front: Proxy) -> None:
    takes = {"Accept-Encoding": "gzip"}

    assert "content-encoding" not in front.ask("/fr/child-protection/write", headers=takes).headers
    assert front.ask("/fr/child-protection/", headers=takes).headers["content-encoding"] == ["gzip"]


def test_styles_and_scripts_are_kept_for_good(front: Proxy) -> None:
    page = front.ask("/fr/child-protection/").text
    found = re.search(r'"(/static/[0-9a-f]{12}/[^"]+\.css)"', page)
    assert found
    for _ in range(2):  # the second time nginx has it
        answer = front.ask(found[1])
        assert (answer.status, answer.headers["cache-control"]) == (200, ["max-age=315360000, public, immutable"])
    assert list((front.folder / "static").iterdir())


def test_the_pages_that_nginx_shows_by_itself_are_those_of_the_site() -> None:
    assert {file.name: file.read_text() for file in FOLDER.iterdir()} == dict(pages()), (
        "run python -m scripts.proxy_error_pages"
    )
    assert f"style-src 'sha256-{STYLE_HASH}'" in CONF.read_text()
