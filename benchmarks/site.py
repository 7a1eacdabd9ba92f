"""The site's pages: processor time of each, beside a bare page of the same framework in the same run."""

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask, Response
from pydantic import SecretStr
from werkzeug.test import EnvironBuilder, run_wsgi_app

from advocacy.app import create_app
from advocacy.runtime import open_runtime
from advocacy.settings import Settings
from benchmarks import appel_crises
from benchmarks.report import Row, size

PLACE = "/fr/child-protection"
BARE = "bare"
ROUNDS, EACH = size(12, 1), size(40, 2)
FORM = {
    "postal_code": "K1A 0A6",
    "template": "takedown-and-standards",
    "name": "Camille Essai",
    "city": "Ottawa",
    "province": "ON",
    "email": "camille.essai@example.ca",
    "relationship": "parent",
    "reason": "Ma fille a huit ans et commence à utiliser une tablette. J’aimerais que la règle soit la même pour "
    "toutes les entreprises, et connue d’avance.",
}
LIMITS = {"": 30.0, "write": 450.0, "review": 320.0}
"""Times a bare page's processor time: milliseconds vary twofold on machines that are shared."""
PAGES = {"": "campaign page", "write": "blank form"}
POSTS = {"legislators": {"postal_code": "K1A 0A6"}, "preview": FORM, "review": FORM, "download/txt": FORM}


def measure() -> list[Row]:
    """Return the processor time of each page and fragment beside a bare page's, and our rate beside appel-crises'."""
    with _site() as app:
        times = in_turns({BARE: bare_page(), **dict(_asked(app))})
    bare = times.pop(BARE)
    rows = [_row(place, seconds / bare) for place, seconds in times.items()]
    return [Row("a bare page of the framework", bare * 1e3, "ms"), *rows, *appel_crises.measure()]


def _row(place: str, ratio: float) -> Row:
    what = PAGES.get(place) or f"form posted to {place}"
    return Row(f"{what}, processor time beside a bare page", ratio, "×", at_most=LIMITS.get(place))


@contextmanager
def _site() -> Iterator[Flask]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        key = SecretStr("a key for measuring, known to everybody")
        settings = Settings(database_url=url, secret_key=key, network_points_per_minute=0)
        with open_runtime(settings, now=datetime.now(UTC)) as runtime:
            yield create_app(runtime)


def bare_page() -> Callable[[], None]:
    """Prepare a request for a page of the framework that does nothing else."""
    app = Flask("bare")

    @app.get("/")
    def page() -> Response:
        return Response("<p>a page</p>")

    return _asking(app, EnvironBuilder(path="/"))


def _asked(app: Flask) -> Iterator[tuple[str, Callable[[], None]]]:
    """Prepare each request whole, token and cookie included, so that only the site's own work is timed."""
    client = app.test_client()
    token = client.get(f"{PLACE}/write").text.split('name="csrf_token" value="')[1].split('"')[0]
    cookie = client.get_cookie("advocacy")
    assert cookie is not None
    held = [("Cookie", f"advocacy={cookie.value}")]
    for place in PAGES:
        yield place, _asking(app, EnvironBuilder(path=f"{PLACE}/{place}", headers=held))
    for place, fields in POSTS.items():
        body = urlencode({"csrf_token": token, **fields}).encode()
        kind = "application/x-www-form-urlencoded"
        yield (
            place,
            _asking(
                app, EnvironBuilder(path=f"{PLACE}/{place}", headers=held, method="POST", data=body, content_type=kind)
            ),
        )


def _asking(app: Flask, builder: EnvironBuilder) -> Callable[[], None]:
    environ = builder.get_environ()
    body = environ["wsgi.input"].read()

    def ask() -> None:
        _, status, _ = run_wsgi_app(app, {**environ, "wsgi.input": BytesIO(body)}, buffered=True)
        assert status.startswith("200"), status

    return ask


def in_turns(ways: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Run each way in short turns, so that a busy moment touches all of them; give the least of each in seconds.

    What else runs on a machine only adds to a turn, and adds more to a long one.
    """
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for ask in ways.values():
        ask()
    for _ in range(ROUNDS):
        for name, ask in ways.items():
            started = time.process_time()
            for _ in range(EACH):
                ask()
            spent[name].append((time.process_time() - started) / EACH)
    return {name: min(times) for name, times in spent.items()}
