"""Drafts of documents, stored as typed: no tab and no colleague writes over another's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from advocacy.campaigns.editor.editor_letter import DraftContent
from advocacy.campaigns.models import Document, Revision, RevisionFile
from advocacy.database import insert_into
from advocacy.staff.models import Account, Authorship, Draft

MAX_STEPS = 12
"""Acts of a draft that can be undone."""


class SavedMeanwhile(Exception):
    """Another tab has saved the draft since this one read it; `draft` is what it saved, None where it is gone."""

    def __init__(self, draft: Draft | None) -> None:
        self.draft = draft
        super().__init__("the draft was saved meanwhile")


def files_of(session: Session, revision_id: int) -> Mapping[str, str]:
    """Return a revision's files as text; what is not UTF-8 is shown by a sign in its place."""
    rows = session.execute(
        select(RevisionFile.name, RevisionFile.content).where(RevisionFile.revision_id == revision_id)
    )
    return {name: content.decode("utf-8-sig", "replace").replace("\r\n", "\n") for name, content in rows}


def own_draft(session: Session, document: Document, account_id: int) -> Draft | None:
    """Return somebody's draft of a document, a discarded one too, which can be restored."""
    return session.scalar(select(Draft).where(Draft.document_id == document.id, Draft.account_id == account_id))


def drafts_of_others(session: Session, document: Document, account_id: int) -> Sequence[Draft]:
    """Return everybody else's drafts of a document, with who they are."""
    which = select(Draft).options(joinedload(Draft.account)).where(Draft.document_id == document.id)
    which = which.where(Draft.account_id != account_id, Draft.discarded.is_(False))
    return session.scalars(which.order_by(Draft.id)).all()


def save(
    session: Session,
    document: Document,
    account_id: int,
    *,
    typed: DraftContent,
    version: int,
    over: int,
    now: datetime,
) -> Draft:
    """Save what somebody typed over the revision `over`; `version` is the one their page showed, 0 for none.

    Raises SavedMeanwhile where the draft is at another version: nothing is then changed.
    """
    values = {"files": dict(typed.files), "typed": typed.paragraphs, "saved_at": now, "version": version + 1}
    # One statement that looks at the version itself, so that of two tabs one alone succeeds.
    if version:
        at = (Draft.document_id == document.id, Draft.account_id == account_id, Draft.version == version)
        saved = session.execute(update(Draft).where(*at).values(**values, discarded=False).returning(Draft.id)).first()
    else:
        new = {"document_id": document.id, "account_id": account_id, "over_revision_id": over, **values}
        insert = insert_into(session, Draft).values(**new).on_conflict_do_nothing().returning(Draft.id)
        saved = session.execute(insert).first()
    session.expire_all()
    draft = own_draft(session, document, account_id)
    if saved is None or draft is None:
        raise SavedMeanwhile(draft)
    return draft


def add_undo_step(draft: Draft, before: DraftContent, act: str, *, comparison: Mapping[str, Any] | None = None) -> None:
    """Store an act to be undone: `before` is what the draft held before it. What was undone earlier is forgotten."""
    state = {"files": dict(before.files), "typed": before.paragraphs, "comparison": comparison, "act": act}
    draft.undo_steps = [*draft.undo_steps, {**state, "over": draft.over_revision_id}][-MAX_STEPS:]
    draft.redo_steps = []


def replace(draft: Draft, typed: DraftContent, act: str, *, comparison: Mapping[str, Any] | None = None) -> None:
    """Put other words into a draft, by an act that can be undone.

    `comparison` is what somebody else wrote where both changed the same text, to be compared with what is put in.
    """
    add_undo_step(draft, DraftContent(draft.files, draft.typed), act, comparison=draft.comparison)
    draft.files, draft.typed, draft.comparison = dict(typed.files), typed.paragraphs, comparison
    draft.version += 1


def undo(draft: Draft) -> str:
    """Take the last act back, and return which it was; "" where there is none."""
    act, draft.undo_steps, draft.redo_steps = _step(draft, draft.undo_steps, draft.redo_steps)
    draft.discarded = False
    return act


def redo(draft: Draft) -> str:
    """Do again the act that was taken back last, and return which it was; "" where there is none."""
    act, draft.redo_steps, draft.undo_steps = _step(draft, draft.redo_steps, draft.undo_steps)
    draft.discarded = act == "discard"
    return act


def _step(draft: Draft, source: list[Any], target: list[Any]) -> tuple[str, list[Any], list[Any]]:
    if not source:
        return "", source, target
    *rest, state = source
    act = state["act"]
    here = {"files": draft.files, "typed": draft.typed, "comparison": draft.comparison, "act": act}
    here["over"] = draft.over_revision_id
    draft.files, draft.typed, draft.comparison = state["files"], state["typed"], state["comparison"]
    draft.over_revision_id = state["over"]
    draft.version += 1
    return act, rest, [*target, here]


def discard(draft: Draft, revision_id: int, files: Mapping[str, str]) -> None:
    """Discard a draft for the newest revision; what was in it can be restored by undoing."""
    replace(draft, DraftContent(files), "discard")
    draft.over_revision_id, draft.discarded = revision_id, True


def rebase(draft: Draft, revision_id: int) -> None:
    """Base the draft on this revision: what it changed has been seen."""
    draft.over_revision_id = revision_id
    draft.version += 1


@dataclass(frozen=True, slots=True)
class SavedRevision:
    """A revision as the editor shows it: its number, when, and whose it is ("" for one that came from files)."""

    id: int
    number: int
    at: datetime
    by: str


def saved_revision(session: Session, revision_id: int) -> SavedRevision:
    """Return who saved a revision, and when."""
    row = session.execute(
        select(Revision.id, Revision.number, Revision.made_at, Account.name)
        .outerjoin(Authorship, Authorship.revision_id == Revision.id)
        .outerjoin(Account, Account.id == Authorship.account_id)
        .where(Revision.id == revision_id)
    ).one()
    return SavedRevision(row[0], row[1], row[2], row[3] or "")
