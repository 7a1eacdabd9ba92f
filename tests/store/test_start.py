"""A start brings the database up to date with what ships, however many start at once, and says what it left alone."""

import threading
from datetime import UTC, datetime
from pathlib import Path
from stat import S_IMODE

from sqlalchemy import func, select

from advocacy import shipped_folder
from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.library import import_folder
from advocacy.campaigns.models import Revision
from advocacy.database import make_engine
from advocacy.migrations import migrate
from advocacy.runtime import open_runtime, shipped_letters
from advocacy.settings import Settings
from advocacy.task_queue import make_huey
from tests.conftest import DatabaseAt
from tests.databases import Beginning

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def make_tables(database_url: str) -> None:
    engine = make_engine(database_url)
    migrate(engine)
    engine.dispose()


def test_the_files_of_a_new_site_can_be_read_by_their_owner_alone(tmp_path: Path) -> None:
    settings = Settings.from_mapping({"ADVOCACY_DATABASE_URL": f"sqlite:///{tmp_path}/var/letters.sqlite3"})
    with open_runtime(settings, now=NOW):
        make_huey(settings).storage.close()
        modes = {file.name: S_IMODE(file.stat().st_mode) for file in (tmp_path / "var").iterdir()}

    assert {"letters.sqlite3", "letters.sqlite3-wal", "tasks.sqlite3", "secret_key"} <= modes.keys()
    assert set(modes.values()) == {0o600}
    assert S_IMODE((tmp_path / "var").stat().st_mode) == 0o700


def test_several_that_start_at_once_fill_the_database_once(database_url: str) -> None:
    settings = Settings.from_mapping({"ADVOCACY_DATABASE_URL": database_url})
    make_tables(database_url)
    together, counts = threading.Barrier(2), list[int | None]()

    def start() -> None:
        together.wait()
        with open_runtime(settings, now=NOW) as runtime, runtime.sessions() as session:
            counts.append(session.scalar(select(func.count()).select_from(Revision)))

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [sum(len(folder.documents()) for folder in shipped_letters())] * 2


def test_what_is_kept_from_the_shipped_files_is_said_with_where_these_are(database_at: DatabaseAt) -> None:
    settings = Settings.from_mapping({"ADVOCACY_DATABASE_URL": database_at(Beginning.SITE)})
    shipped = shipped_letters()[0]
    with open_runtime(settings, now=NOW) as runtime, runtime.sessions.begin() as session:
        assert runtime.notices == ()
        for number in (1, 2):
            changed = {**dict(shipped.files), "campaign.toml": f"# {number}".encode()}
            import_folder(session, CampaignFolder.of(shipped.name, changed), now=NOW)
        # As if the files of this version were others than those the database knows.
        session.connection().exec_driver_sql("UPDATE revisions SET digest = 'older' WHERE author = 'shipped'")
    with open_runtime(settings, now=NOW) as runtime:
        notices = runtime.notices
    assert notices[0].startswith(f"{shipped.name}/campaign: this site's campaign stays as it is, ")
    assert notices[-1] == f"the files that ship with this version are in {shipped_folder()}"
