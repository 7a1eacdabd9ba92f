"""Opens a site to break: its database, a far end, everything logged, and a campaign that may send."""

import logging
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.library import import_folder
from advocacy.runtime import Runtime, open_runtime, utc_now
from advocacy.settings import Settings
from tests.builders import SECRET, the_campaign
from tests.citizens import KEYS
from tests.faults.place import PER_HOUR, Place
from tests.faults.sinks import Sink

ORGANISER = b'\norganiser.en = "Tests"\norganiser.fr = "Essais"\nprivacy_contact = "privacy@site.example.ca"\n'
OF_THE_HARNESS = ("mail.log", "asyncio", "aiosmtpd")


@contextmanager
def opened(folder: Path, database_url: str, sink: Sink, *, seed: int) -> Iterator[Place]:
    """Open a site over a database that is empty or holds what ships; all of its logs go into `folder`."""
    environment = {
        "ADVOCACY_DATABASE_URL": database_url,
        "ADVOCACY_SECRET_KEY": SECRET,
        "ADVOCACY_DATA_KEYS": KEYS.text,
        "ADVOCACY_FROM_EMAIL": "lettres@site.example.ca",
        "ADVOCACY_RECIPIENT_PER_HOUR": str(PER_HOUR),
        "ADVOCACY_LOG_LEVEL": "DEBUG",
    }
    with sink:
        settings = Settings.from_mapping({**environment, **sink.settings()})
        with open_runtime(settings, now=utc_now()) as runtime, _logged(folder / "here.log"):
            _name_who_answers(runtime)
            yield Place(folder, runtime, sink, environment, random.Random(seed))


@contextmanager
def _logged(file: Path) -> Iterator[None]:
    """Log everything that is said in this process, save by the far ends."""
    handler, root = logging.FileHandler(file, encoding="utf-8"), logging.getLogger()
    handler.addFilter(lambda record: not record.name.startswith(OF_THE_HARNESS))
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.setLevel(level)
        root.removeHandler(handler)
        handler.close()


def _name_who_answers(runtime: Runtime) -> None:
    """Let the campaign say who answers for it: without that nothing is sent."""
    campaign = the_campaign()
    files = {name: held for document in campaign.documents().values() for name, held in document.items()}
    files["campaign.toml"] = files["campaign.toml"].replace(b"\nleave.en", ORGANISER + b"leave.en", 1)
    with runtime.sessions.begin() as session:
        import_folder(session, CampaignFolder.of(campaign.name, files), now=utc_now())
