"""Every staff route, asked on a site of its own where something of every kind stands, and its answer in one word."""

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from advocacy.app import create_app
from advocacy.encryption import Keys
from advocacy.runtime import Runtime, open_runtime
from advocacy.settings import Settings
from advocacy.staff.models import Account, Role
from advocacy.staff.second_factors import TotpCodes
from advocacy.web.security import SAFE as SAFE_METHODS
from advocacy.web.staff import STAFF
from tests.builders import SECRET
from tests.web.shared_site import NOW
from tests.web.staff.browser import TOKEN, put_cookie, sign_in
from tests.web.staff.people import codes_of
from tests.web.staff.staged_site import Stage, set_up

STRANGER, HALF_WAY, PASSWORD_ALONE = "stranger", "half-way", "password-alone"
WHO = (STRANGER, HALF_WAY, PASSWORD_ALONE, *(role.value for role in Role))
"""Who walks, in the order of the table's columns. Two are managers who gave their password: one who has an app besides
and did not give its code yet, and one who has no second step.
"""
LED_TO = {
    "/staff/sign-in": "door",
    "/staff/second": "second",
    "/staff/account": "account",
    "/staff/account/verify": "verify",
}
FILE = "advocacy.sqlite3"
LIMITS = re.compile(r"\([^)]*\)")
"""What an address says of its numbers and choices, which the table does not."""


@dataclass(frozen=True, slots=True)
class Site:
    """A site that can be put back as it was when it was last kept, but for visits' cookies, which stay good."""

    runtime: Runtime
    app: Flask
    stage: Stage
    keep: Callable[[], None]
    put_back: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Walker:
    """Somebody's cookie, with the token of a form of theirs."""

    site: Site
    cookie: str
    token: str

    def client(self) -> FlaskClient:
        """Return a browser with the cookie as it was at first."""
        client = self.site.app.test_client()
        client.set_cookie(STAFF, self.cookie)
        return client

    def ask(self, method: str, path: str, **fields: str) -> TestResponse:
        """Ask for a page, or post a form with its token and nothing else but what is given."""
        data = None if method in SAFE_METHODS else {"csrf_token": self.token, **fields}
        return self.client().open(path, method=method, data=data)


def routes(app: Flask) -> Iterator[tuple[str, str, Rule]]:
    """Return every staff route as the table names it, its method and its rule."""
    for rule in app.extensions[STAFF].url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield f"{method} {LIMITS.sub('', rule.rule)}", method, rule


def stage_in(folder: Path) -> Stage:
    """Put something of every kind on the site of a folder."""
    with _parts(folder) as runtime:
        return set_up(create_app(runtime, now=lambda: NOW), runtime, NOW)


@contextmanager
def opened(staged: Path, stage: Stage, folder: Path) -> Iterator[Site]:
    """Open a copy of a site on which something of every kind stands."""
    shutil.copytree(staged, folder)
    used, saved = folder / FILE, folder / "saved.sqlite3"
    with _parts(folder) as runtime:
        app = create_app(runtime, now=lambda: NOW)
        yield Site(runtime, app, stage, partial(_copy, used, saved), partial(_copy, saved, used))


@contextmanager
def opened_on_postgresql(url: str) -> Iterator[Site]:
    """Open a site on PostgreSQL, none of whose transactions outlives `put_back`: they are parts of one."""
    keys = SecretStr(Keys.make().text)
    settings = Settings(database_url=url, secret_key=SecretStr(SECRET), data_keys=keys)
    with open_runtime(settings, now=NOW) as runtime:
        app = create_app(runtime, now=lambda: NOW)
        stage = set_up(app, runtime, NOW)
        with runtime.engine.connect() as connection:
            runtime.sessions.configure(bind=connection, join_transaction_mode="create_savepoint")
            yield Site(runtime, app, stage, lambda: connection.commit(), lambda: connection.rollback())


def walker(site: Site, who: str) -> Walker:
    """Sign somebody in, or nobody, and keep the site as it then stands."""
    if who == STRANGER:
        client, page = site.app.test_client(), "/staff/sign-in"
    else:
        proved = who not in {HALF_WAY, PASSWORD_ALONE}
        role = Role(who) if proved else Role.MANAGER
        if who == HALF_WAY:
            client, page = _half_way(site), "/staff/second"
        else:
            client, page = sign_in(site.app, site.runtime, role, NOW, proved=proved).client, "/staff/account"
    found, cookie = TOKEN.search(client.get(page, follow_redirects=True).text), client.get_cookie(STAFF)
    assert found
    assert cookie
    site.keep()
    return Walker(site, cookie.value, found[1])


def said(answer: TestResponse) -> str:
    """Say an answer in one word: where it leads among the first pages, no, or the number of its status."""
    where = LED_TO.get(answer.headers.get("Location", "").partition("?")[0])
    return where or ("no" if answer.status_code == 403 else str(answer.status_code))


def _half_way(site: Site) -> FlaskClient:
    """Return a browser in which a manager who has an app gave the password."""
    sign_in(site.app, site.runtime, Role.MANAGER, NOW)
    with site.runtime.sessions.begin() as session:
        account = session.scalars(select(Account).where(Account.email == "manager@example.ca")).one()
        account.tf_totp_secret, account.tf_primary_method = (
            TotpCodes.generate_totp_secret(codes_of(site.app)),
            "authenticator",
        )
        name = account.fs_uniquifier
    client = site.app.test_client()
    put_cookie(site.app, client, tf_user_id=name, tf_state="ready", tried_at=NOW.timestamp())
    return client


def _copy(source: Path, target: Path) -> None:
    """Copy a database into another, whatever is open in either."""
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)


@contextmanager
def _parts(folder: Path) -> Iterator[Runtime]:
    settings = Settings(database_url=f"sqlite:///{folder / FILE}", secret_key=SecretStr(SECRET))
    with open_runtime(settings, now=NOW) as runtime:
        yield runtime
