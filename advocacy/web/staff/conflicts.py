"""Two at one letter: what a colleague saved meanwhile, what another tab saved, and how both sets of words are kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from advocacy.campaigns import manuscript as writing
from advocacy.campaigns.folder import LETTER
from advocacy.campaigns.manuscript import Manuscript
from advocacy.language import Language
from advocacy.staff import drafts
from advocacy.staff.differences import Row, differences
from advocacy.staff.drafts import Saved
from advocacy.staff.models import Draft
from advocacy.web.staff.editor_form import filled, shape
from advocacy.web.staff.letter_work import Reading, Work, reading, with_files


@dataclass(frozen=True, slots=True)
class Newer:
    """A revision saved since the draft began: whose, and what it changed; `joins` where both can be put together."""

    by: Saved
    changes: Sequence[Row]
    joins: bool


def newer(session: Session, work: Work) -> Newer | None:
    """Give what somebody saved since this draft began, None where nobody did."""
    if work.draft is None or work.draft.over_revision_id == work.newest.id:
        return None
    before = read_revision(session, work, work.over.id)
    after = read_revision(session, work, work.newest.id)
    mine = reading(work)
    joins = bool(before and after and mine and _alike(before.manuscript, after.manuscript, mine.manuscript))
    return Newer(work.newest, compared(before, after), joins)


def read_revision(session: Session, work: Work, revision_id: int) -> Reading | None:
    """Read a revision of the letter as the editor would."""
    return reading(with_files(work, drafts.files_of(session, revision_id)))


def read_draft(work: Work, draft: Draft) -> Reading | None:
    """Read a draft as the editor would."""
    return reading(replace(work, draft=draft, files=draft.files))


def compared(before: Reading | None, after: Reading | None) -> Sequence[Row]:
    """Say what differs between two readings of a letter, passage by passage, its labels whole; then in its fields."""
    if before is None or after is None:
        return []
    return [row for row in differences(before.folder, after.folder, before.letter) if row.changed]


def joined(session: Session, work: Work) -> Reading | None:
    """Put a draft and a newer revision together, cell by cell: what one alone changed is taken from them.

    Where both changed the same cell, the draft's words stay. None where the two cannot be laid side by side.
    """
    before = read_revision(session, work, work.over.id)
    after = read_revision(session, work, work.newest.id)
    mine = reading(work)
    if not (before and after and mine and _alike(before.manuscript, after.manuscript, mine.manuscript)):
        return None
    words = {
        name: after_text if mine_text == before_text else mine_text
        for (name, before_text), (_, after_text), (_, mine_text) in zip(
            _cells(before.manuscript), _cells(after.manuscript), _cells(mine.manuscript), strict=True
        )
    }
    toml = after.toml if mine.toml == before.toml else mine.toml
    files = {**work.files, f"{work.letter}/{LETTER}": toml}
    return reading(replace(work, files=files), filled(mine.manuscript, words))


def both_changed(session: Session, work: Work) -> Mapping[str, str]:
    """Give the newer revision's words of each cell that it and the draft both changed, each in its own way."""
    before = read_revision(session, work, work.over.id)
    after = read_revision(session, work, work.newest.id)
    mine = reading(work)
    if not (before and after and mine):
        return {}
    one, two, three = (dict(_cells(held.manuscript)) for held in (before, after, mine))
    return {name: two[name] for name in one if two.get(name, one[name]) != one[name] != three.get(name) != two[name]}


def _alike(*manuscripts: Manuscript) -> bool:
    return len({shape(replace(manuscript, tight=frozenset())) for manuscript in manuscripts}) == 1


def _cells(manuscript: Manuscript) -> Sequence[tuple[str, str]]:
    return [
        (f"{key}.{language.value}", held.texts.get(language, ""))
        for key in writing.keys(manuscript)
        for held in [writing.cell(manuscript, key)]
        if held is not None
        for language in Language
    ]
