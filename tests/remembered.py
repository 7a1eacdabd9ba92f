"""What is made of the same files or the same directory again and again, in hundreds of tests, is made once in a process."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

import pytest
from sqlalchemy.orm import Session

from advocacy.campaigns.campaign_folder import FINDINGS, CampaignFolder
from advocacy.campaigns.checks import campaign_check
from advocacy.findings import Survey
from advocacy.language import day_of
from advocacy.legislators import directory_snapshot
from advocacy.legislators.directory_snapshot import DirectorySnapshot
from advocacy.problems import Problem

Made = TypeVar("Made")
MOST = 50
"""How many states of each are kept."""
OF_DIRECTORY = ("legislators", "ridings", "riding_aliases", "doubtful_addresses")
read_directory = directory_snapshot._read
check_words = campaign_check._check_toml_words


@contextmanager
def remembered() -> Iterator[None]:
    """Remember the directory by its rows, and what the checks find in a file's words by the file and the survey."""
    directories, found = dict[Any, DirectorySnapshot](), dict[Any, Sequence[Problem]]()

    def read(session: Session, now: datetime) -> DirectorySnapshot:
        rows = [session.connection().exec_driver_sql(f"SELECT * FROM {table}").all() for table in OF_DIRECTORY]
        return once(directories, (day_of(now), repr(rows)), lambda: read_directory(session, now))

    def check(folder: CampaignFolder, name: str, survey: Survey | None) -> Sequence[Problem]:
        key = (folder.name, name, folder.content(name), folder.content(FINDINGS))
        return once(found, key, lambda: [*check_words(folder, name, survey)])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(directory_snapshot, "_read", read)
        patch.setattr(campaign_check, "_check_toml_words", check)
        yield


def once(known: dict[Any, Made], key: Any, make: Callable[[], Made]) -> Made:
    """Return what is known by a key, made where nothing is."""
    if key not in known:
        if len(known) == MOST:
            known.pop(next(iter(known)))
        known[key] = make()
    return known[key]
