"""Publications of a campaign's page, and how old the page is that a site then shows."""

import re
import threading
import time
from collections.abc import Sequence
from http.client import HTTPException
from types import MappingProxyType
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.campaigns.library import stored_folder
from advocacy.language import Language
from advocacy.runtime import utc_now
from advocacy.staff import publication, revisions
from advocacy.staff.models import Account, Role
from tests.cluster.machine import SITE_NAME, Machine
from tests.faults.browser import Browser
from tests.faults.place import Place
from tests.web.public.visitor import CAMPAIGN

NAMES = ("Alfa", "Bravo", "Charlie", "Delta")
SHOWN = re.compile(rf"({'|'.join(NAMES)}): ")
EVERY = 0.05
WRITER, PUBLISHER = "writer@site.example.ca", "publisher@site.example.ca"


class Publications:
    """Publishes the campaign's text, each time with another name in it, and remembers when."""

    def __init__(self, place: Place) -> None:
        self._place, self.moments = place, list[float]()
        with place.runtime.sessions.begin() as session:
            self._text = stored_folder(session, CAMPAIGN).documents()["campaign"]["campaign.toml"]
            for email, role in ((WRITER, Role.WRITER), (PUBLISHER, Role.PUBLISHER)):
                person = Account(email=email, name="A. B.", role=role, language=Language.EN, created_at=utc_now())
                session.add(person)

    def publish(self) -> None:
        """Publish the next one."""
        text = self._text.replace(b'\ndeck.en = "', f'\ndeck.en = "{NAMES[len(self.moments)]}: '.encode(), 1)
        with self._place.runtime.sessions.begin() as session:
            writer = _person(session, WRITER)
            files = {"campaign.toml": text}
            revision = revisions.save(session, CAMPAIGN, "campaign", files=files, by=writer, now=utc_now())
            publication.request_review(session, [revision], by=writer, now=utc_now())
        with self._place.runtime.sessions.begin() as session:
            publication.publish(session, CAMPAIGN, [revision.id], by=_person(session, PUBLISHER), now=utc_now())
        self.moments.append(time.monotonic())

    def age(self, shown: int, *, asked_at: float) -> float:
        """Tell for how many seconds a page with so many publications in it was outdated when it was asked for."""
        newer = self.moments[shown : shown + 1]
        return max(0.0, asked_at - newer[0]) if newer else 0.0


class Watch(threading.Thread):
    """Asks one site for the campaign's page again and again; with what it has, so that 304 is an answer too."""

    def __init__(self, site: Machine, publications: Publications) -> None:
        super().__init__(daemon=True)
        self.oldest, self.asked, self.newest = 0.0, 0, 0
        self._site, self._publications, self._over = site, publications, threading.Event()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        """Ask until told that it is over; a site that does not answer shows nothing old."""
        browser, tag, shown = Browser(patience=5, name=SITE_NAME), "", 0
        while not self._over.wait(EVERY):
            browser.host, browser.port = self._site.address, self._site.port
            asked_at = time.monotonic()
            try:
                page = browser.get(f"/en/{CAMPAIGN}/", headers={"If-None-Match": tag} if tag else MappingProxyType({}))
            except (OSError, HTTPException):
                continue
            if page.status_code == 200:
                found = SHOWN.search(page.data.decode())
                tag, shown = page.headers.get("ETag", ""), NAMES.index(found[1]) + 1 if found else 0
            elif page.status_code != 304:
                continue
            self.asked, self.newest = self.asked + 1, max(self.newest, shown)
            self.oldest = max(self.oldest, self._publications.age(shown, asked_at=asked_at))


def _person(session: Session, email: str) -> Account:
    return session.scalars(select(Account).where(Account.email == email)).one()


def oldest(watches: Sequence[Watch]) -> float:
    """Return the age of the oldest page that any site showed, in seconds."""
    return max(watch.oldest for watch in watches)
