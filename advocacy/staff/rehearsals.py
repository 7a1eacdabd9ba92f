"""Rehearsals of a campaign: what came of them is stored, and a campaign may want one before it is published."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from advocacy.campaigns.library import stored_revisions
from advocacy.campaigns.models import Campaign, Revision
from advocacy.language import Wording
from advocacy.messages import Message, Words, message
from advocacy.staff import audit_log
from advocacy.staff.audit_log import Act
from advocacy.staff.models import Account, CampaignRule, Rehearsal

MAX_STORED = 20
"""How many rehearsals of a campaign are stored: the newest ones."""
MAX_LETTERS = 10_000
"""How many letters a rehearsal has at most, where staff start it."""
SIZES = (100, 1_000, MAX_LETTERS)
"""What staff choose among."""
CANNOT_REHEARSE: Mapping[str, Message] = MappingProxyType(
    {
        "unreadable": message("The campaign cannot be read: fix what its checks list first."),
        "closed": message("The campaign’s last day is past."),
        "no_letter": message("The campaign offers no letter."),
        "nobody": message("The campaign writes to nobody: choose its audience first."),
    }
)
PROBLEMS: Mapping[str, Message] = MappingProxyType(
    {
        "nothing_sent": message("No letter was sent"),
        "lost": message("Letters lost"),
        "doubled": message("Letters sent twice"),
        "unfinished": message("Letters still waiting at the end"),
        "unfilled": message("Letters with a gap or a mark of the letter’s language in them"),
        "campaign_asked": message("Letters without words of their own that were asked about"),
        "figure_passed": message("Figures that were not asked about"),
        "link_passed": message("Links that were not refused"),
        "not_sent": message("Forms that were neither sent nor refused"),
        "full": message("Forms turned away as the site or a network had used up its share"),
    }
)
"""What keeps a rehearsal from passing, by its code."""
PREFIXES: Mapping[str, Message] = MappingProxyType(
    {
        "refused_": message("Forms refused for the field %(name)s"),
        "error_": message("Pages that failed (%(name)s)"),
        "page_": message("Pages that answered %(name)s"),
        "review_": message("Reviews that answered %(name)s"),
        "send_": message("Forms that were answered %(name)s"),
        "confirm_": message("Confirmations that answered %(name)s"),
    }
)
"""The same for codes that end in a name or a number."""
BLANKS: Mapping[str, Message] = MappingProxyType(
    {
        "no_own_words": message("Letters without words of their own"),
        "no_gender": message("Letters addressed neutrally, as the form of address is not known"),
        "only_printed": message("Letters that can only be printed"),
    }
)
OFFICES: Mapping[str, Message] = MappingProxyType(
    {
        "no_email": message("Offices without an e-mail address"),
        "vacant": message("Vacant seats"),
    }
)
MET: Mapping[str, Message] = MappingProxyType(
    {
        "figure_typed": message("Figures typed by invented citizens"),
        "asked_once_more": message("Citizens asked once more before sending"),
        "link_typed": message("Links typed by invented citizens"),
        "link_refused": message("Links refused"),
        "http_429": message("Mail service: too many at once"),
        "http_500": message("Mail service: error"),
        "timeout": message("Mail service: no connection in time"),
        "lost_answer": message("Mail service: answer lost"),
        "outage": message("Mail service: tries during an outage"),
    }
)


def describe(code: str, words: Mapping[str, Message]) -> Words:
    """Return what a code of a report stands for; the code itself where no sentence is known."""
    if code in words:
        return words[code]
    for prefix, sentence in PREFIXES.items():
        if code.startswith(prefix):
            return sentence.with_params(name=code.removeprefix(prefix))
    return Wording.same(code)


def revisions_after(session: Session, campaign: str, revisions: Iterable[Revision]) -> Sequence[int]:
    """Return the ids of what is live of a campaign once these are published, in their order."""
    live = dict(stored_revisions(session, campaign)[1])
    return sorted({**live, **{one.document.name: one.id for one in revisions}}.values())


def store(
    session: Session, campaign: str, report: Mapping[str, Any], *, by: int | None, now: datetime
) -> Rehearsal | None:
    """Store what came of a rehearsal, in plain data; None where the campaign is gone by now."""
    owner = session.scalar(select(Campaign).where(Campaign.name == campaign))
    if owner is None:
        return None
    made = Rehearsal(
        campaign_id=owner.id,
        account_id=by,
        at=now,
        letters=report["wanted"],
        passed=report["passed"],
        revisions=sorted(report["revisions"].values()),
        report=dict(report),
    )
    session.add(made)
    session.flush()
    audit_log.write(
        session,
        Act.CAMPAIGN_REHEARSED,
        f"campaign:{campaign}",
        by=by,
        now=now,
        after={"letters": made.letters, "passed": made.passed},
    )
    newest = select(Rehearsal.id).where(Rehearsal.campaign_id == owner.id).order_by(Rehearsal.id.desc())
    stored = session.scalars(newest.limit(MAX_STORED)).all()
    session.execute(delete(Rehearsal).where(Rehearsal.campaign_id == owner.id, Rehearsal.id.not_in(stored)))
    return made


def stored_rehearsals(session: Session, campaign: str) -> Sequence[Rehearsal]:
    """Return the rehearsals of a campaign, the newest first."""
    which = select(Rehearsal).join(Campaign, Rehearsal.campaign_id == Campaign.id).where(Campaign.name == campaign)
    return session.scalars(which.order_by(Rehearsal.id.desc())).all()


def required_letters(session: Session, campaign: str) -> int:
    """Return with how many letters a campaign has to be rehearsed before it is published; 0 where it need not be."""
    which = select(CampaignRule.rehearsal_letters).join(Campaign).where(Campaign.name == campaign)
    return session.scalar(which) or 0


def set_required_letters(session: Session, campaign: str, letters: int, *, by: Account, now: datetime) -> bool:
    """Set with how many letters a campaign has to be rehearsed, 0 for not at all; return whether that changed anything.

    The campaign has to exist. To be called by one transaction at a time.
    """
    before = required_letters(session, campaign)
    if before == letters:
        return False
    owner = session.scalars(select(Campaign).where(Campaign.name == campaign)).one()
    session.merge(CampaignRule(campaign_id=owner.id, rehearsal_letters=letters))
    old, new = {"rehearsal_letters": before}, {"rehearsal_letters": letters}
    audit_log.write(session, Act.RULE_CHANGED, f"campaign:{campaign}", by=by.id, now=now, before=old, after=new)
    return True


def is_missing(session: Session, campaign: str, revisions: Iterable[Revision]) -> bool:
    """Whether a rehearsal is wanted that did not pass yet with the campaign as it is once these are published."""
    letters = required_letters(session, campaign)
    if not letters:
        return False
    after = revisions_after(session, campaign, revisions)
    return not any(
        one.passed and one.letters >= letters and one.revisions == after for one in stored_rehearsals(session, campaign)
    )
