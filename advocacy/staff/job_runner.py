"""The work of each kind of job: a merge, a campaign's zip packed or checked, a list of legislators read."""

import logging
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from typing import Any, TypeAlias

from sqlalchemy.orm import Session, sessionmaker

from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.documents import stored_campaigns
from advocacy.campaigns.import_preview import ImportPreview, check_imports, compare_imports, fingerprint
from advocacy.campaigns.open_campaigns import OpenCampaigns
from advocacy.encryption import Keys
from advocacy.exports import FORMATS
from advocacy.exports.campaign_archive import BadArchive, pack_campaigns, unpack_campaigns
from advocacy.exports.format import CannotExport, ExportOptions, Post
from advocacy.exports.merge.addressees import Addressees
from advocacy.exports.merge.merge_output import MergeOutput, reject_unprintable, write_letters
from advocacy.exports.merge.row_letters import Merge, MergeSummary
from advocacy.exports.merge.sheet_rows import PeopleSheet, read_people
from advocacy.language import Language, day_of
from advocacy.legislators import pending_import
from advocacy.legislators.directory_queries import riding_names
from advocacy.legislators.sources.http_client import Client, SourceError
from advocacy.legislators.sources.live_sources import SOURCES
from advocacy.messages import Words
from advocacy.problems import problem_data, problem_from_data
from advocacy.settings import Settings
from advocacy.sheets import SheetRefused
from advocacy.staff import audit_log, campaign_creation, jobs, own_list
from advocacy.staff.jobs import Outcome
from advocacy.staff.models import Job, JobKind

log = logging.getLogger(__name__)

PROGRESS_INTERVAL_S = 1.0
PAGE_TIMEOUT_S = 30.0
"""For each page of a source of legislators: less than a job may be silent."""
CHECK, MAKE = "check", "make"
"""What is done with a sheet."""
MAX_SHEET_ROWS = 5_000
"""Of people in one merge; the command takes more."""
MAX_FAULTS, MAX_NOTES, MAX_ROWS = 200, 100, 8
"""How many faults and notes a report lists, and how many rows of one note."""


@dataclass(slots=True)
class Work:
    """A job under way."""

    job: Job
    settings: Settings
    sessions: sessionmaker[Session]
    keys: Keys
    now: Callable[[], datetime]
    _written_at: float = -math.inf

    def progress(self, done: int, total: int) -> None:
        """Record how far the job is, once a second at most. Raises JobLost when the work is to stop."""
        at = time.monotonic()
        if at - self._written_at < PROGRESS_INTERVAL_S:
            return
        self._written_at = at
        with self.sessions.begin() as session:
            jobs.write_progress(session, self.job, done=done, total=total, now=self.now())

    def read_file(self) -> bytes:
        """Return the file that the job was given; raises FileUnreadable."""
        with self.sessions() as session:
            return jobs.read_file(session, self.job.id, keys=self.keys)


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a job: its outcome, and the file to be downloaded; None keeps the file that it was given.

    `record` writes what goes with it, as into the audit log, in the transaction that ends it, and returns what the
    outcome should say besides.
    """

    outcome: Outcome
    file: bytes | None = b""
    record: Callable[[Session], Outcome] = lambda _session: {}
    has_failed: bool = False


class CannotBeDone(Exception):
    """A job that fails for a reason which its page shows."""

    def __init__(self, code: str, **params: Any) -> None:
        self.outcome = {"code": code, **params}
        super().__init__(code)


def in_every_language(words: Words) -> Mapping[str, str]:
    """Return a sentence by language, as plain data: who reads it may choose another language than whoever began it."""
    return {language.value: words.in_language(language) for language in Language}


def _export_campaigns(work: Work) -> Result:
    """Pack the campaign that the argument `name` names, or all of them for ""; raises CannotBeDone.

    Each is packed as it is live; one of which nothing is live, as it was saved last.
    """
    wanted = work.job.arguments["name"]
    with work.sessions() as session:
        found = stored_campaigns(session, wanted or None)
        if wanted and wanted not in found:
            raise CannotBeDone("campaign-gone")
        folders = list[CampaignFolder]()
        for campaign in found.values():
            work.progress(len(folders), len(found))
            folders.append(own_list.with_list(session, campaign.current()))

    def record(session: Session) -> Outcome:
        by, now = work.job.account_id, work.now()
        for name in found:
            audit_log.write(session, audit_log.Act.CAMPAIGN_EXPORTED, f"campaign:{name}", by=by, now=now)
        return {}

    file = {"name": f"{wanted or 'letters'}.zip", "media_type": "application/zip"}
    return Result({"code": "packed", "campaigns": len(found), "file": file}, pack_campaigns(folders), record)


def _check_archive(work: Work) -> Result:
    """Look for what is to be fixed in the campaigns of a zip; raises CannotBeDone.

    The outcome's `seen` is the fingerprint of what was compared, its `report` says what is to be fixed. The zip is
    kept, to be looked over and taken.
    """
    try:
        folders = unpack_campaigns(work.read_file())
    except BadArchive as refused:
        raise CannotBeDone("zip-refused", sentences=[in_every_language(refused.message)]) from None
    with work.sessions() as session:
        wrong = campaign_creation.list_problems(session, folders)
        offers = compare_imports(session, folders)
    if wrong:
        raise CannotBeDone("zip-refused", sentences=[in_every_language(one) for one in wrong])
    found: list[Mapping[str, Any]] = []
    work.progress(0, len(offers))
    for offer in check_imports(offers):
        found.append({"problems": [problem_data(one) for one in offer.problems], "unseen": offer.is_partial})
        work.progress(len(found), len(offers))
    return Result({"code": "compared", "seen": fingerprint(offers), "report": found}, file=None)


def with_report(offers: Sequence[ImportPreview], report: Sequence[Mapping[str, Any]]) -> Sequence[ImportPreview]:
    """Return these offers with what the check of the same ones found."""
    return [
        replace(offer, problems=[problem_from_data(one) for one in found["problems"]], is_partial=found["unseen"])
        for offer, found in zip(offers, report, strict=True)
    ]


def _read_directory(work: Work) -> Result:
    """Read the source that the argument `source` names; raises CannotBeDone. The outcome has the list's number."""
    source, pages = SOURCES[work.job.arguments["source"]], 0
    client = Client(total_seconds=PAGE_TIMEOUT_S)

    def fetch(url: str) -> bytes:
        nonlocal pages
        work.progress(pages, 0)
        pages += 1
        return client(url)

    with work.sessions() as session:
        ridings = riding_names(session)
    try:
        records = source.read(fetch, ridings)
    except SourceError as trouble:
        raise CannotBeDone("source", source=source.name, detail=str(trouble)) from None

    def propose(session: Session) -> Outcome:
        by, now = work.job.account_id, work.now()
        proposed = pending_import.store(session, records, source=source.name, as_of=day_of(now), by=by, now=now)
        return {"list": proposed.id}

    return Result({"code": "read"}, record=propose)


def _merge(work: Work) -> Result:
    """Check a sheet, or make its letters; raises CannotBeDone.

    A job's arguments are `act`, `letter` ("campaign/letter"), `language` (of rows that name none), `format`, `post`,
    and `spoken`, the language of the file of rows left out.
    """
    arguments, today = work.job.arguments, day_of(work.now())
    campaign, _slash, letter = arguments["letter"].partition("/")
    with work.sessions() as session:
        opened = OpenCampaigns().get(session, campaign)
        template = opened.letters.get(letter) if opened else None
        if template is None:
            raise CannotBeDone("letter-gone")
        addressees = Addressees.of(session, today=today, campaign=campaign)
    merge = Merge(template, addressees, today=today, language=Language(arguments["language"]))
    options = ExportOptions(today, Post(arguments["post"]), test_recipient=work.settings.test_recipient)
    output = MergeOutput(FORMATS[arguments["format"]], options, arguments["format"] == "pdf", letter)
    try:
        people = read_people(work.read_file(), template, max_rows=MAX_SHEET_ROWS)
        rows = len(people.rows)
        if arguments["act"] == CHECK:
            summary = MergeSummary()
            counted = summary.count(merge.letters(people))
            for _one in reject_unprintable(counted, output.form, options=options, summary=summary):
                work.progress(summary.rows, rows)
            return Result({"code": "checked", **_sheet_outcome(people, summary)}, file=None)
        return _make_letters(work, merge, people, output=output, rows=rows)
    except SheetRefused as refused:
        raise CannotBeDone("refused", sentence=in_every_language(refused.message)) from None
    except CannotExport as refused:
        raise CannotBeDone("refused", sentence=in_every_language(refused.message)) from None


def _make_letters(work: Work, merge: Merge, people: PeopleSheet, *, output: MergeOutput, rows: int) -> Result:
    arguments, content = work.job.arguments, BytesIO()
    made, summary = write_letters(
        merge,
        people,
        output,
        language=Language(arguments["spoken"]),
        into=content,
        progress=lambda done: work.progress(done, rows),
    )
    outcome = _sheet_outcome(people, summary)
    if made is None:
        raise CannotBeDone("no-letter", **outcome)
    file = {"name": f"{output.name}.{made.ending}", "media_type": made.media_type}

    def record(session: Session) -> Outcome:
        subject, by, now = f"letter:{arguments['letter']}", work.job.account_id, work.now()
        after = {"letters": outcome["letters"], "left_out": outcome["left_out"], "format": arguments["format"]}
        audit_log.write(session, audit_log.Act.LETTERS_MERGED, subject, by=by, now=now, after=after)
        return {}

    return Result({"code": "made", **outcome, "file": file}, content.getvalue(), record)


def _sheet_outcome(people: PeopleSheet, summary: MergeSummary) -> Outcome:
    """Return the counts and what a page shows of a sheet: rows, columns and reasons, never a cell."""
    faults = [
        (error.row, error.column, in_every_language(error.message))
        for rejected in summary.rejected
        for error in rejected.errors
    ]
    report = {
        "kind": in_every_language(people.sheet.kind),
        "columns": [(place, people.columns.title(key)) for place, key in people.columns.keys_by_letters],
        "unread": [
            (one.column, in_every_language(one.similar) if one.similar else None) for one in people.columns.unknown
        ],
        "notes": [
            (in_every_language(note), rows[:MAX_ROWS], len(rows)) for note, rows in [*summary.notes.items()][:MAX_NOTES]
        ],
        "faults": faults[:MAX_FAULTS],
        "more_faults": max(0, len(faults) - MAX_FAULTS),
    }
    return {"letters": summary.letters, "left_out": len(summary.rejected), "report": report}


Runner: TypeAlias = Callable[[Work], Result]
RUNNERS: Mapping[JobKind, Runner] = {
    JobKind.MERGE: _merge,
    JobKind.EXPORT: _export_campaigns,
    JobKind.IMPORT: _check_archive,
    JobKind.DIRECTORY: _read_directory,
}
"""What does a job of each kind; raises CannotBeDone."""


def run_job(
    job_id: int, *, settings: Settings, sessions: sessionmaker[Session], keys: Keys, now: Callable[[], datetime]
) -> None:
    """Do a job, and then those that wait behind it; nothing happens where it is done already, or another job runs."""
    following: int | None = job_id
    while following is not None:
        with sessions.begin() as session:
            job = jobs.start(session, following, now=now())
        if job is None:
            return
        _run(Work(job, settings, sessions, keys, now))
        with sessions() as session:
            following = next(iter(jobs.waiting_ids(session, now=now())), None)


def _run(work: Work) -> None:
    try:
        result = _do(work)
        with work.sessions.begin() as session:
            outcome = {**result.outcome, **result.record(session)}
            jobs.finish(session, work.job, outcome, now=work.now(), has_failed=result.has_failed)
            if result.file is not None:
                jobs.store_file(session, work.job.id, result.file, keys=work.keys)
    except jobs.JobLost:
        log.info("job %d was cancelled, or is another worker's", work.job.id)


def _do(work: Work) -> Result:
    """Return what came of a job; raises JobLost."""
    try:
        return RUNNERS[work.job.kind](work)
    except jobs.JobLost:
        raise
    except CannotBeDone as refused:
        outcome = refused.outcome
    except jobs.FileUnreadable:
        outcome = {"code": "unreadable"}
    except Exception as error:
        # Never its text: it may hold what somebody typed.
        about = {"job_id": work.job.id, "error": type(error).__name__}
        log.error("job %d failed (%s)", work.job.id, type(error).__name__, extra=about)
        outcome = {"code": "unexpected"}
    return Result(outcome, has_failed=True)
