"""A site of one's own that letters can be sent from, and the way of a letter through it up to its receipt."""

from dataclasses import InitVar, dataclass, field
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import MetaData, select
from sqlalchemy.orm import selectinload

from advocacy.app import create_app
from advocacy.language import Language
from advocacy.letters.models import Confirmation, Submission
from advocacy.runtime import Runtime
from advocacy.signed_links import Purpose
from advocacy.web.services import Services
from tests.web.public.visitor import FILLED, Visitor
from tests.web.shared_site import NOW, SharedSite

AGREED = {"age_ok": "yes", "consent": "yes"}


@dataclass
class Sender:
    """A site whose clock can be moved, and a visitor who asks it to send; without `made_app` it has one of its own."""

    runtime: Runtime
    clock: list[datetime] = field(default_factory=lambda: [NOW])
    made_app: InitVar[Flask | None] = None
    app: Flask = field(init=False)
    visitor: Visitor = field(init=False)

    def __post_init__(self, made_app: Flask | None) -> None:
        self.app = made_app or create_app(self.runtime, now=lambda: self.clock[0])
        self.visitor = Visitor.of(self.app)

    @classmethod
    def on(cls, site: SharedSite, *, at: datetime = NOW) -> "Sender":
        """Return one on a site that tests share, whose clock then is theirs."""
        sender = cls(site.runtime, [at], made_app=site.app)
        site.clock = lambda: sender.clock[0]
        return sender

    def speaking(self, language: Language) -> "Sender":
        """Let the visitor read another language."""
        self.visitor.language = language
        return self

    @property
    def site(self) -> Services:
        """The site's services."""
        found: Services = self.app.extensions["advocacy"]
        return found

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """Return all rows of the database, by table."""
        tables = MetaData()
        tables.reflect(self.runtime.engine)
        with self.runtime.engine.connect() as connection:
            return {
                name: sorted((tuple(row) for row in connection.execute(table.select())), key=str)
                for name, table in tables.tables.items()
            }

    def sent(self, **different: Any) -> Visitor:
        """Review the letters and press the button that sends them, both boxes ticked."""
        self.visitor.post("review", {**FILLED, **different})
        return self.visitor.press('[formaction$="/send"]', **AGREED)

    def stored(self) -> list[Submission]:
        """Return everything that is stored, with its letters: what is encrypted is read until the site is closed."""
        session = self.runtime.closing.enter_context(self.runtime.sessions())
        found = list(session.scalars(select(Submission).options(selectinload(Submission.letters))))
        session.commit()
        return found

    def link(self) -> str:
        """Return the path of the newest confirmation's page, as its mail has it."""
        with self.runtime.sessions() as session:
            row = session.scalars(select(Confirmation).order_by(Confirmation.created_at.desc()).limit(1)).first()
            assert row is not None
        token = self.site.links.make(Purpose.CONFIRMATION, row.id)
        return f"/{self.visitor.language}/confirm/{token}"

    def confirmed(self) -> str:
        """Open the newest confirmation's page and press its button; give the path of the receipt that it leads to."""
        link = self.link()
        self.follow(link)
        return self.answer(link, act="send").answer.headers["Location"]

    def follow(self, path: str) -> Visitor:
        """Open a page of the site by its path."""
        return self.visitor.read(self.visitor.client.get(path, base_url=self.visitor.base_url))

    def answer(self, path: str, **fields: str | list[str]) -> Visitor:
        """Post to a secret page, as a browser does that names no page it comes from."""
        data = {"csrf_token": self.visitor.token, **fields}
        answer = self.visitor.client.post(path, data=data, base_url=self.visitor.base_url)
        return self.visitor.read(answer)
