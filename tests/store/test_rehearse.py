"""A rehearsal goes the real way, in a database of its own, and its report says what came of each letter."""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner
from pydantic import SecretStr
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.campaigns.documents import find_document, live_revision
from advocacy.campaigns.library import import_folder, lock_campaigns, revise, stored_folder, stored_revisions
from advocacy.campaigns.models import Author, RevisionFile
from advocacy.cli.rehearse_command import command
from advocacy.cli.site import Site
from advocacy.database import Base, immediate, make_engine, make_sessions
from advocacy.delivery.provider import Envelope
from advocacy.delivery.states import State
from advocacy.legislators.models import Legislator
from advocacy.letters.models import Confirmation, StoredLetter, Submission
from advocacy.rehearsal import faulty_provider
from advocacy.rehearsal.page_forms import PageForm
from advocacy.rehearsal.rehearsal_site import open_rehearsal_site
from advocacy.rehearsal.rehearse import CannotRehearse, rehearse
from advocacy.rehearsal.report import RehearsalReport, measure_alikeness
from advocacy.settings import Settings
from advocacy.staff.models import AuditEntry, Rehearsal
from tests.builders import SECRET
from tests.campaign_files import NAME, campaign
from tests.conftest import DatabaseAt
from tests.databases import Beginning, Files, both_databases

Sessions = sessionmaker[Session]
Change = Callable[[str, str, str], tuple[Path, Sessions, list[int]]]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
CAMPAIGN, LETTER = "child-protection", "takedown-and-standards"
LETTERS = 16


@pytest.fixture(scope="module")
def file(filled_files: Files, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site as its first start leaves it, which no rehearsal changes."""
    file = tmp_path_factory.mktemp("rehearsed") / "site" / "advocacy.sqlite3"
    file.parent.mkdir()
    filled_files.lay(file, Beginning.SITE)
    return file


@contextmanager
def opened(file: Path) -> Iterator[tuple[Engine, Sessions]]:
    engine = make_engine(f"sqlite:///{file}")
    try:
        yield engine, make_sessions(engine)
    finally:
        engine.dispose()


def settings_of(file: Path, **different: object) -> Settings:
    return Settings.model_validate({"database_url": f"sqlite:///{file}", "secret_key": SecretStr(SECRET), **different})


def live(sessions: Sessions, campaign: str = CAMPAIGN) -> list[int]:
    with sessions() as session:
        return sorted(stored_revisions(session, campaign)[1].values())


@pytest.fixture
def sessions(file: Path) -> Iterator[Sessions]:
    with opened(file) as (_engine, sessions):
        yield sessions


@pytest.fixture(scope="module")
def report(file: Path) -> RehearsalReport:
    """What came of one rehearsal, after which the site is as it was."""
    before = contents(file)
    with opened(file) as (_engine, sessions):
        made = rehearse(
            sessions, CAMPAIGN, live(sessions), letters=LETTERS, settings=settings_of(file), now=NOW, seed=2
        )
    assert contents(file) == before, "the site's database has changed"
    assert {one.name for one in file.parent.iterdir()} <= {file.name, f"{file.name}-wal", f"{file.name}-shm"}
    return made


def contents(file: Path) -> Mapping[str, list[tuple[object, ...]]]:
    """Return every row of a database."""
    with opened(file) as (engine, _sessions), engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table))]
            for table in Base.metadata.sorted_tables
        }


def test_each_letter_ends_in_one_state_although_the_mail_service_fails(report: RehearsalReport) -> None:
    assert report.passed, report.failures
    printed = report.blanks.get("only_printed", 0)
    assert report.confirmed == LETTERS - printed > 0
    assert report.states == {State.DELIVERED: report.confirmed}
    assert report.lost == report.doubled == report.unfinished == 0


def test_the_report_counts_what_offices_get_and_how_alike_it_is(report: RehearsalReport) -> None:
    assert 1 <= report.per_day.median <= report.per_day.highest
    assert sum(number for _office, number in report.per_day.busiest) <= report.confirmed
    assert 0 <= report.alikeness.mean <= report.alikeness.tail <= report.alikeness.nearest < 1
    assert report.drain_s < timedelta(hours=1).total_seconds()
    assert report.blanks["no_gender"] > 0


def test_the_report_is_plain_data_and_names_no_citizen(report: RehearsalReport) -> None:
    written = json.dumps(report.to_data())
    assert RehearsalReport.from_data(json.loads(written)) == report
    assert "example.com" not in written


def test_nothing_of_a_citizen_comes_into_the_sites_database(file: Path, report: RehearsalReport) -> None:
    assert report.confirmed
    with opened(file) as (_engine, sessions), sessions() as session:
        for model in (Submission, StoredLetter, Confirmation):
            assert session.scalar(select(func.count()).select_from(model)) == 0


def test_the_same_seed_has_the_same_citizens_write(file: Path, sessions: Sessions) -> None:
    one, again, other = (
        rehearse(sessions, CAMPAIGN, live(sessions), letters=3, settings=settings_of(file), now=NOW, seed=seed)
        for seed in (5, 5, 6)
    )
    assert one == again
    assert (one.per_day, one.blanks) != (other.per_day, other.blanks)


def test_a_site_that_everybody_can_open_is_rehearsed_over_https(file: Path, sessions: Sessions) -> None:
    settings = settings_of(file, base_url="https://letters.example.ca")
    made = rehearse(sessions, CAMPAIGN, live(sessions), letters=3, settings=settings, now=NOW, seed=5)
    assert made.passed, made
    assert made.confirmed == 3


def test_a_mail_service_that_fails_every_third_time_loses_and_doubles_nothing(
    file: Path, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faulty_provider, "SHARES", dict.fromkeys(faulty_provider.SHARES, 0.08))
    made = rehearse(sessions, CAMPAIGN, live(sessions), letters=8, settings=settings_of(file), now=NOW)
    assert sum(made.met.get(fault, 0) for fault in faulty_provider.SHARES) > 3
    assert made.passed, made
    assert sum(made.states.values()) == made.confirmed


def test_a_provider_that_takes_a_letter_twice_is_told(
    file: Path, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the report counts as doubled is what was taken, not what the outbox believes."""
    take = faulty_provider.FaultyProvider._take

    def take_twice(self: faulty_provider.FaultyProvider, mail: Envelope) -> None:
        take(self, mail)
        take(self, mail)

    monkeypatch.setattr(faulty_provider.FaultyProvider, "_take", take_twice)
    made = rehearse(sessions, CAMPAIGN, live(sessions), letters=2, settings=settings_of(file), now=NOW)
    assert made.doubled == made.confirmed
    assert "doubled" in made.failures


def test_a_site_that_is_full_is_found_and_its_log_says_nothing(
    file: Path, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = StringIO()
    handler = logging.StreamHandler(written)
    monkeypatch.setattr(logging.getLogger(), "handlers", [handler])
    small = settings_of(file, site_per_day=2)
    made = rehearse(sessions, CAMPAIGN, live(sessions), letters=5, settings=small, now=NOW)
    assert made.problems["full"] > 0
    assert not made.passed
    assert not written.getvalue()
    logging.getLogger("advocacy.abuse.caps").warning("what citizens do is logged again")
    assert written.getvalue() == "what citizens do is logged again\n"


@pytest.fixture
def changed(filled_files: Files, tmp_path: Path) -> Iterator[Change]:
    """Save a document of a site of the test's own with these words changed, and give the revisions with it."""
    stack = ExitStack()

    def change(document: str, old: str, new: str) -> tuple[Path, Sessions, list[int]]:
        file = tmp_path / "advocacy.sqlite3"
        filled_files.lay(file, Beginning.SITE)
        _engine, sessions = stack.enter_context(opened(file))
        with immediate(sessions) as session:
            lock_campaigns(session)
            files = dict(stored_folder(session, CAMPAIGN).documents()[document])
            files = {name: text.replace(old.encode(), new.encode()) for name, text in files.items()}
            made = revise(session, CAMPAIGN, document, files=files, author=Author.SITE, now=NOW)
            row = find_document(session, CAMPAIGN, document)
            before = live_revision(session, row.id) if row else None
            ids = {*stored_revisions(session, CAMPAIGN)[1].values(), made.id} - {before.id if before else 0}
            return file, sessions, sorted(ids)

    with stack:
        yield change


def test_what_waits_is_rehearsed_and_not_what_is_live(
    changed: Change,
) -> None:
    file, sessions, revisions = changed(
        "campaign", 'chambers = ["house-of-commons", "senate"]', 'chambers = ["senate"]'
    )
    made = rehearse(sessions, CAMPAIGN, revisions, letters=6, settings=settings_of(file), now=NOW)
    assert sorted(made.revisions.values()) == revisions != live(sessions)
    assert made.blanks["only_printed"] > 0, "no senator has an e-mail address"


def test_a_campaign_that_is_over_or_writes_to_nobody_is_not_rehearsed(
    changed: Change,
) -> None:
    file, sessions, revisions = changed("campaign", "\n[[minister]]", "\ncloses = 2026-11-25\n\n[[minister]]")
    with pytest.raises(CannotRehearse) as refused:
        rehearse(sessions, CAMPAIGN, revisions, letters=3, settings=settings_of(file), now=NOW)
    assert refused.value.code in {"closed", "unreadable"}
    with sessions.begin() as session:
        import_folder(session, campaign(), now=NOW)
        session.query(Legislator).delete()
    with pytest.raises(CannotRehearse, match="nobody"):
        rehearse(sessions, NAME, live(sessions, NAME), letters=3, settings=settings_of(file), now=NOW)


def test_the_command_prints_the_report_and_stores_it(filled_files: Files, tmp_path: Path) -> None:
    file = tmp_path / "advocacy.sqlite3"
    url = filled_files.lay(file, Beginning.SITE)
    with ExitStack() as stack:
        site = Site(stack, now=lambda: NOW)
        site.__dict__["settings"] = settings_of(file)
        printed = CliRunner().invoke(command, [CAMPAIGN, "--letters", "3", "--json"], obj=site)
        assert printed.exit_code == 0, printed.output
        assert json.loads(printed.stdout)["wanted"] == 3
        text = CliRunner().invoke(command, [CAMPAIGN, "--letters", "2", "--live", "--seed", "3"], obj=site)
        assert text.stdout.endswith("Passed.\n")
        assert "of 2 letters confirmed; seed 3" in text.stdout
        unknown = CliRunner().invoke(command, ["nothing"], obj=site)
        assert unknown.exit_code == 2
        with site.sessions() as session:
            stored = session.scalars(select(Rehearsal).order_by(Rehearsal.id)).all()
            acts = session.scalars(select(AuditEntry.act)).all()
    assert [(one.letters, one.passed, one.account_id) for one in stored] == [(3, True, None), (2, True, None)]
    assert stored[0].report["passed"] is True
    assert acts == ["campaign-rehearsed"] * 2
    assert url


@both_databases
def test_directory_and_campaign_are_copied_from_either_database(database_at: DatabaseAt) -> None:
    engine = make_engine(database_at(Beginning.SITE))
    source = make_sessions(engine)
    settings = settings_of(Path("unused.sqlite3"))
    with open_rehearsal_site(source, CAMPAIGN, live(source), settings=settings, start=NOW) as site:
        for model in (Legislator, RevisionFile):
            with source() as session, site.runtime.sessions() as copied:
                rows, there = (one.scalars(select(model)).all() for one in (session, copied))
            assert len(there) == len(rows) > 0
        assert live(site.runtime.sessions) == live(source)
        folder = site.runtime.settings.database_file
        assert folder is not None
        assert folder.exists()
    assert not folder.parent.exists(), "nothing is left of it"
    engine.dispose()


def test_a_page_is_read_as_a_browser_posts_it() -> None:
    page = PageForm(
        '<form id="a"><input type="hidden" name="token" value="1"></form>'
        '<form id="writing"><input name="x" value="&lt;"><textarea name="y">\none\n</textarea>'
        '<input type="checkbox" name="no" value="1"><input type="checkbox" name="yes" value="1" checked>'
        '<input type="checkbox" name="sure" value="a b">'
        '<select name="s"><option value="1"><option value="2" selected></select>'
        '<button name="go" formaction="/en/c/send">Send</button></form><input name="late" value="2" form="writing">'
        '<div class="errors"><a href="#reason">Fix</a></div><a href="#top">Up</a>'
    )
    assert page.fields("writing") == {"x": ["<"], "y": ["one\n"], "yes": ["1"], "s": ["2"], "late": ["2"]}
    assert page.fields("none") == {}
    assert (page.sure, page.error_fields, page.has_send_button) == ("a b", ["reason"], True)


def test_letters_of_one_office_are_compared_with_each_other_alone() -> None:
    text = "We ask that libraries open on Sunday, for all who work on other days."
    beats: list[None] = []
    found = measure_alikeness(
        {"one": [text, text], "other": [text], "third": ["Quite another letter."]},
        Random(1),
        heartbeat=lambda: beats.append(None),
    )
    assert len(beats) == 3
    assert (found.pairs, found.mean, found.nearest, found.nearest_office) == (1, 1, 1, "one")
