"""The stage of a campaign's bill, as staff confirm it; letters name the stage for 45 days from then."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from advocacy.campaigns import library
from advocacy.campaigns.campaign_folder import CAMPAIGN, CampaignFolder
from advocacy.campaigns.documents import THE_CAMPAIGN, live_revision, newest_revision, revision_files
from advocacy.campaigns.legislation import Bill, Stage
from advocacy.campaigns.models import Author, Revision
from advocacy.campaigns.toml_text import edit_toml
from advocacy.language import day_of
from advocacy.problems import KeyPath
from advocacy.staff import audit_log, publication
from advocacy.staff.models import Account, AuditEntry, Authorship
from advocacy.toml_source import TomlProblems

MAX_SOURCE = 300
"""Characters of the source that staff may type."""


class UnknownBill(LookupError):
    """The campaign has no live file, or lists no bill of this number."""


def confirm(
    session: Session, campaign: str, number: str, *, stage: Stage, source: str, by: Account, now: datetime
) -> Revision:
    """Write the stage and today's date into the live `campaign.toml`, publish it at once, and record who said so.

    A confirmation is a dated fact with a source, not a text: it needs no second person. A newer revision that waits for
    publication is written again with the same stage, so that publishing it does not undo the confirmation.
    Raises UnknownBill.
    """
    library.lock_campaigns(session)
    newest = newest_revision(session, campaign, THE_CAMPAIGN)
    live = live_revision(session, newest.document_id) if newest else None
    if newest is None or live is None:
        raise UnknownBill(campaign)
    confirmed = {"stage": stage.value, "confirmed": day_of(now)}
    pending = _pending(session, newest, live)
    made = _revise(session, live, number, confirmed=confirmed, now=now)
    session.add(Authorship(revision_id=made.id, account_id=by.id, over_revision_id=live.id))
    before = publication.last_publication(session, campaign)
    library.publish(session, made, now=now)
    replaced: dict[int, int] = {}
    for one in pending:
        try:
            again = _revise(session, one, number, confirmed=confirmed, now=now)
        except UnknownBill:  # it takes the bill out
            if one is newest:
                continue
            again = _copy(session, one, revision_files(one), now=now)
        _hand_on(session, one, again, live=made)
        replaced[one.id] = again.id
    publication.carry_schedules_over(session, campaign, before=before, replaced=replaced)
    old, new = _logged(_find(live, number)[1]), _logged(_find(made, number)[1])
    after = {**new, "source": source[:MAX_SOURCE]}
    subject = f"campaign:{campaign}"
    audit_log.write(session, audit_log.Act.BILL_CONFIRMED, subject, by=by.id, now=now, before=old, after=after)
    return made


def find_confirmation(session: Session, campaign: str, bill: Bill) -> AuditEntry | None:
    """Return the entry of the audit log for the stage that a live bill has now; None where a file brought it.

    Its account confirmed the stage, and `after["source"]` says where they read it.
    """
    if bill.confirmed is None:
        return None
    which = (
        select(AuditEntry)
        .where(AuditEntry.act == audit_log.Act.BILL_CONFIRMED.value, AuditEntry.subject == f"campaign:{campaign}")
        .options(joinedload(AuditEntry.account))
        .order_by(AuditEntry.id.desc())
    )
    wanted = _logged(bill).items()
    return next((entry for entry in session.scalars(which) if wanted <= entry.after.items()), None)


def _pending(session: Session, newest: Revision, live: Revision) -> Sequence[Revision]:
    """Return the newest revision where it is not live, after the last one of each other person who wrote since then.

    All of them are written again, so that nobody publishes what they wrote part of.
    """
    last = (
        select(func.max(Revision.id))
        .join(Authorship, Authorship.revision_id == Revision.id)
        .where(Revision.document_id == newest.document_id)
        .group_by(Authorship.account_id)
    )
    which = select(Revision).where(Revision.number > live.number, or_(Revision.id.in_(last), Revision.id == newest.id))
    which = which.where(Revision.document_id == newest.document_id).order_by(Revision.number)
    return session.scalars(which).all()


def _revise(
    session: Session, revision: Revision, number: str, *, confirmed: Mapping[str, object], now: datetime
) -> Revision:
    """Make a revision that is another one with the bill's stage confirmed; raise UnknownBill."""
    place, _bill = _find(revision, number)
    changes: dict[KeyPath, object] = {("bill", place, name): value for name, value in confirmed.items()}
    return _copy(session, revision, {CAMPAIGN: edit_toml(revision_files(revision)[CAMPAIGN], changes)}, now=now)


def _copy(session: Session, revision: Revision, files: Mapping[str, bytes], *, now: datetime) -> Revision:
    document = revision.document
    return library.revise(session, document.campaign.name, document.name, files=files, author=Author.SITE, now=now)


def _hand_on(session: Session, pending: Revision, again: Revision, *, live: Revision) -> None:
    """Put `again` in the place of `pending`: written over the live revision and asked for by the same people."""
    written = session.get(Authorship, pending.id)
    if written is not None:
        session.add(Authorship(revision_id=again.id, account_id=written.account_id, over_revision_id=live.id))
    proposal = publication.proposal_of(session, pending)
    if proposal is not None:
        proposal.revision = again


def _find(revision: Revision, number: str) -> tuple[int, Bill]:
    """Return the bill of this number in a revision, with its place among the `[[bill]]`s; raise UnknownBill."""
    folder = CampaignFolder.of(revision.document.campaign.name, revision_files(revision))
    try:
        bills = folder.campaign().bills
    except TomlProblems:
        raise UnknownBill(number) from None
    for place, bill in enumerate(bills):
        if bill.number == number:
            return place, bill
    raise UnknownBill(number)


def _logged(bill: Bill) -> dict[str, str]:
    """Return what a bill says of its stage, as the audit log records it."""
    confirmed = bill.confirmed.isoformat() if bill.confirmed else ""
    return {"bill": bill.number, "stage": bill.stage.value, "confirmed": confirmed}
