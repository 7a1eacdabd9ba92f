"""One application for many tests: to make one takes as long as to answer a dozen requests."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr

from advocacy.app import create_app, make_services
from advocacy.letters.encrypted_columns import load_keys
from advocacy.runtime import Runtime
from advocacy.settings import Settings
from advocacy.web.cache import cache
from advocacy.web.services import NAME
from advocacy.web.staff import STAFF
from tests.builders import SECRET

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
FILE = "advocacy.sqlite3"


def settings_in(folder: Path) -> Settings:
    """Return the settings of a site whose files are in a folder."""
    return Settings(database_url=f"sqlite:///{folder / FILE}", secret_key=SecretStr(SECRET))


class SharedSite:
    """A site that each test finds as it was when it was filled, with nothing cached.

    `folder` has its files, `filled` those it begins with; `clock` is what its pages ask for the time.
    """

    def __init__(self, runtime: Runtime, *, folder: Path, filled: Path) -> None:
        self.runtime = runtime
        self.clock: Callable[[], datetime] = lambda: NOW
        self._folder, self._filled = folder, filled
        self._keys = load_keys(runtime.settings, runtime.sessions)
        self.app = create_app(runtime, now=self.now)

    def now(self) -> datetime:
        """Return the time of the site."""
        return self.clock()

    def put_back(self) -> None:
        """Close what is open, put the files back, and let the pages begin with empty caches."""
        self.runtime.closing.close()
        self.runtime.engine.dispose()
        shutil.rmtree(self._folder)
        shutil.copytree(self._filled, self._folder)
        self.clock = lambda: NOW
        staff = self.app.extensions[STAFF]
        for app in (self.app, staff):
            with app.app_context():
                cache.clear()
        self.app.extensions[NAME] = staff.extensions[NAME] = make_services(self.runtime, self._keys, self.now)
