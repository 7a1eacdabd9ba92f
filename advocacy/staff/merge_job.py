"""A merge in the background: a sheet is checked, or its letters are made, row by row."""

import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from sqlalchemy.orm import Session

from advocacy.campaigns.open_campaigns import OpenCampaigns
from advocacy.exports import FORMATS
from advocacy.exports.format import CannotExport, ExportOptions, Post
from advocacy.exports.merge import (
    IN_BACKGROUND,
    Addressees,
    Merge,
    Paper,
    People,
    SheetRefused,
    Tally,
    hand_out,
    read_people,
    tried,
)
from advocacy.language import Language, day_of
from advocacy.staff import audit_log
from advocacy.staff.job_work import CannotBeDone, Result, Work, in_every_language
from advocacy.staff.jobs import Outcome

CHECK, MAKE = "check", "make"
"""What is done with a sheet."""
MAX_FAULTS, MAX_NOTES, MAX_ROWS = 200, 100, 8
"""How many faults and notes a report lists, and how many rows of one note."""


def run(work: Work) -> Result:
    """Check a sheet, or make its letters; raises CannotBeDone.

    A job's arguments are `act`, `letter` ("campaign/letter"), `language` (of rows that name none), `format`, `post`,
    and `spoken`, the language of the file of rows left out.
    """
    asked, today = work.arguments, day_of(work.now())
    campaign, _slash, letter = asked["letter"].partition("/")
    with work.sessions() as session:
        opened = OpenCampaigns().named(session, campaign)
        template = opened.letters.get(letter) if opened else None
        if template is None:
            raise CannotBeDone("letter-gone")
        addressees = Addressees.of(session, today=today, campaign=campaign)
    merge = Merge(template, addressees, today=today, language=Language(asked["language"]))
    wishes = ExportOptions(today, Post(asked["post"]), test_recipient=work.settings.test_recipient)
    paper = Paper(FORMATS[asked["format"]], wishes, asked["format"] == "pdf", letter)
    try:
        people = read_people(BytesIO(work.read_input()), template, IN_BACKGROUND)
        rows = sum(1 for _row in people.rows())
        if asked["act"] == CHECK:
            return _check(work, merge, people, paper=paper, rows=rows)
        return _make(work, merge, people, paper=paper, rows=rows)
    except SheetRefused as refused:
        raise CannotBeDone("refused", sentence=in_every_language(refused.wording)) from None
    except CannotExport as refused:
        raise CannotBeDone("refused", sentence=in_every_language(refused.message)) from None


def _check(work: Work, merge: Merge, people: People, *, paper: Paper, rows: int) -> Result:
    tally = Tally()
    for _one in tried(tally.counted(merge.letters(people)), paper.form, options=paper.options, tally=tally):
        work.progress(tally.rows, rows)
    params = {"letters": tally.letters, "left_out": len(tally.rejections)}
    return Result(Outcome("checked", params), report=_report(people, tally), keeps_input=True)


def _make(work: Work, merge: Merge, people: People, *, paper: Paper, rows: int) -> Result:
    asked = work.arguments
    made, tally = hand_out(
        merge,
        people,
        paper,
        spoken=Language(asked["spoken"]),
        into=work,
        done=lambda done: work.progress(done, rows),
    )
    counts = {"letters": tally.letters, "left_out": len(tally.rejections)}
    if made is None:
        return Result(Outcome("no-letter", counts), report=_report(people, tally), has_failed=True)
    file = {"name": f"{paper.name}.{made.ending}", "media_type": made.media_type}

    def record(session: Session) -> Mapping[str, Any]:
        after, subject = {**counts, "format": asked["format"]}, f"letter:{asked['letter']}"
        audit_log.write(
            session, audit_log.Act.LETTERS_MERGED, subject, by=work.claim.account_id, now=work.now(), after=after
        )
        return {}

    return Result(Outcome("made", {**counts, "file": file}), record, _report(people, tally))


def _report(people: People, tally: Tally) -> bytes:
    """Write what a page tells of a sheet: rows, columns and reasons in every language, never a cell."""
    faults = [
        (one.row, fault.column, in_every_language(fault.reason)) for one in tally.rejections for fault in one.faults
    ]
    report: Mapping[str, Any] = {
        "kind": in_every_language(people.sheet.described),
        "columns": [(place, people.columns.title(key)) for place, key in people.columns.named],
        "unread": [(one.column, in_every_language(one.near) if one.near else None) for one in people.columns.unread],
        "notes": [
            (in_every_language(note), rows[:MAX_ROWS], len(rows)) for note, rows in [*tally.notes.items()][:MAX_NOTES]
        ],
        "faults": faults[:MAX_FAULTS],
        "more_faults": max(0, len(faults) - MAX_FAULTS),
    }
    return json.dumps(report, ensure_ascii=False).encode()
