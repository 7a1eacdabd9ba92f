"""The served site with something of every kind on it, and who of the staff opens its pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from flask import Flask

from advocacy.language import Language
from advocacy.runtime import Runtime
from advocacy.staff.models import Role
from advocacy.web.staff import STAFF
from advocacy.web.staff.access import SEEN_AT
from tests.journeys.walk import Walk
from tests.web.staff.browser import put_cookie, read_cookie, sign_in
from tests.web.staff.route_walk import routes
from tests.web.staff.staged_site import Stage

EXTRA = {"/compare": "?old=1&new=2"}
FOLDED = {"/staff/organisation": ["?open=people&person=1", "?open=log", "?open=sheet", "?open=zips"]}
"""Pages of sections, of which only what is open is looked at."""
SHORTER = {"/staff/directory/list/commons": "/staff/directory/list/ministers"}
"""A list of 343 rows that are alike takes axe as long as a third of all the other pages."""


@dataclass(frozen=True)
class Staffed:
    """The served site with something of every kind on it, and an application over the same database."""

    address: str
    runtime: Runtime
    app: Flask
    stage: Stage

    def enter(self, walk: Walk, role: Role) -> Walk:
        """Put the visit of somebody of this role into a browser."""
        client = sign_in(self.app, self.runtime, role, datetime.now(UTC), language=Language(walk.language)).client
        cookie = client.get_cookie(STAFF)
        assert cookie
        walk.page.context.add_cookies([{"name": STAFF, "value": cookie.value, "url": self.address}])
        return walk

    def seen(self, walk: Walk, *, minutes_ago: int) -> None:
        """Let the visit in a browser have been used last so many minutes ago."""
        client = self.app.test_client()
        (now,) = (one for one in walk.page.context.cookies(self.address) if one.get("name") == STAFF)
        client.set_cookie(STAFF, now.get("value", ""))
        at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
        put_cookie(self.app, client, **{**read_cookie(self.app, client), SEEN_AT: at.timestamp()})
        cookie = client.get_cookie(STAFF)
        assert cookie
        walk.page.context.add_cookies([{"name": STAFF, "value": cookie.value, "url": self.address}])

    def pages(self, step: int) -> Iterator[str]:
        """Yield the address of each `step`th page that a manager may open."""
        for path, _html in self.pages_with_html(step):
            yield SHORTER.get(path, path)

    def pages_with_html(self, step: int = 1) -> Iterator[tuple[str, str]]:
        """Yield each of these pages with its HTML."""
        for _, method, rule in islice(routes(self.app), None, None, step):
            if method != "GET":
                continue
            path = self.stage.path(self.app, rule)
            path += next((asked for end, asked in EXTRA.items() if path.endswith(end)), "")
            client = sign_in(self.app, self.runtime, Role.MANAGER, datetime.now(UTC)).client  # some pages sign out
            for opened in FOLDED.get(path, [""]):
                answer = client.get(path + opened)
                if answer.status_code == 200 and answer.mimetype == "text/html" and "<main" in answer.text:
                    yield path + opened, answer.text
