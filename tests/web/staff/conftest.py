"""A site of a test's own, which staff may change, and browsers in which its people are signed in."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from advocacy.runtime import Runtime
from advocacy.staff.models import Role
from tests.web.shared_site import NOW, SharedSite
from tests.web.staff.browser import Browser, sign_in
from tests.web.staff.route_walk import Site, opened, stage_in
from tests.web.staff.staged_site import Stage

NewBrowser = Callable[..., Browser]


@pytest.fixture
def runtime(shared_site: SharedSite) -> Runtime:
    """The parts of a site with the shipped letters and legislators, to be changed."""
    return shared_site.runtime


@dataclass
class Clock:
    """The time of a test's application, which stands still until it is set."""

    now: datetime = NOW

    def set(self, **after: int) -> None:
        """Set it to so long after it began: `minutes=10`."""
        self.now = NOW + timedelta(**after)


@pytest.fixture
def clock() -> Clock:
    """A clock of the test's own."""
    return Clock()


@pytest.fixture
def app(shared_site: SharedSite, clock: Clock) -> Flask:
    """The web application, at a time that stands still unless the test sets its clock."""
    shared_site.clock = lambda: clock.now
    return shared_site.app


@pytest.fixture
def browser(app: Flask, runtime: Runtime) -> NewBrowser:
    """Signs somebody of a role in: `browser(Role.WRITER)`; `who=` names a second person of the same role."""

    def new(role: Role, **more: object) -> Browser:
        return sign_in(app, runtime, role, NOW, **more)  # type: ignore[arg-type]

    return new


@pytest.fixture(scope="session")
def staged(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Stage]:
    """A site on which something of every kind stands, to be copied."""
    folder = tmp_path_factory.mktemp("staged") / "site"
    shutil.copytree(filled, folder)
    return folder, stage_in(folder)


@pytest.fixture
def site(staged: tuple[Path, Stage], tmp_path: Path) -> Iterator[Site]:
    """A copy of it."""
    with opened(*staged, tmp_path / "copy") as site:
        yield site
