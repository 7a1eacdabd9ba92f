"""Where a revision stands: what is live, who wrote what since, and all that keeps it from being published."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.campaigns.check import check_folder
from advocacy.campaigns.folder import CampaignFolder
from advocacy.campaigns.library import newest_folder, readable_folder, stored_folder
from advocacy.campaigns.models import Campaign, Document, Publication, Revision
from advocacy.language import Language, Wording
from advocacy.staff import rules
from advocacy.staff.models import Account, Authorship, Proposal
from advocacy.staff.remembered import remembered
from advocacy.staff.roles import Role
from advocacy.toml_source import Problem

OWN = Wording.of(
    en="You wrote part of this: another person must publish it.",
    fr="Vous en avez écrit une partie\u00a0: une autre personne doit publier.",
)
OWN_REQUEST = Wording.of(
    en="You asked for this yourself: another person must publish it.",
    fr="La demande vient de vous\u00a0: une autre personne doit publier.",
)
FOR_ITS_WRITERS = Wording.of(
    en="You didn’t write any of this: only someone who did can ask for publication.",
    fr="Rien de ceci n’est de vous\u00a0: seule une personne qui en a écrit une partie peut demander la publication.",
)
NOT_YOURS = Wording.of(
    en="Your role does not allow this: ask a publisher or a manager.",
    fr="Votre rôle ne le permet pas\u00a0: demandez à une personne chargée de la publication ou de la gestion.",
)
ASKED = Wording.of(
    en="Publication of this revision was already requested.",
    fr="La publication de cette révision est déjà demandée.",
)
SENT_BACK = Wording.of(
    en="This revision was sent back: change it and save a new one.",
    fr="Cette révision a été renvoyée\u00a0: modifiez-la et enregistrez-en une nouvelle.",
)
IS_LIVE = Wording.of(en="This revision is live already.", fr="Cette révision est déjà en ligne.")
ANSWERED = {
    "published": Wording.of(
        en="This revision was published meanwhile.", fr="Cette révision a été publiée entre-temps."
    ),
    "returned": Wording.of(
        en="This revision was sent back meanwhile.", fr="Cette révision a été renvoyée entre-temps."
    ),
    "withdrawn": Wording.of(
        en="The request was withdrawn in the meantime.", fr="La demande a été retirée entre-temps."
    ),
}
STALE = Wording.of(
    en="Revision {live} was published in the meantime, and this one does not include it: copy your changes "
    "into revision {live}, then save.",
    fr="La révision {live} a été publiée entre-temps, et celle-ci n’en tient pas compte\u00a0: reportez vos "
    "changements dans la révision {live}, puis enregistrez.",
)
CHECKS = Wording.of(
    en="There are problems to fix: fix what the checks list, then save again.",
    fr="Il y a des problèmes à corriger\u00a0: corrigez ce que signalent les vérifications, puis enregistrez "
    "de nouveau.",
)


class NotAllowed(Exception):
    """A publication that may not be: `wording` says why and what to do, `problems` which checks fail."""

    def __init__(self, wording: Wording, problems: Sequence[Problem] = ()) -> None:
        self.wording, self.problems = wording, tuple(problems)
        super().__init__(wording.spoken(Language.EN))


def newest(session: Session, campaign: str, document: str) -> Revision | None:
    """Give the revision of a document made last, None where there is no such document."""
    which = (
        select(Revision)
        .join(Document, Revision.document_id == Document.id)
        .join(Campaign, Document.campaign_id == Campaign.id)
        .where(Campaign.name == campaign, Document.name == document)
    )
    return session.scalar(which.order_by(Revision.number.desc()).limit(1))


def live_revision(session: Session, document_id: int) -> Revision | None:
    """Give the revision of a document that citizens meet, None while none was published."""
    which = (
        select(Revision)
        .join(Publication, Publication.revision_id == Revision.id)
        .where(Revision.document_id == document_id)
    )
    return session.scalar(which.order_by(Publication.id.desc()).limit(1))


def authors(session: Session, revision: Revision) -> frozenset[int]:
    """Give the accounts that wrote any revision since the live one, up to this one."""
    live = live_revision(session, revision.document_id)
    wrote = (
        select(Authorship.account_id)
        .join(Revision, Authorship.revision_id == Revision.id)
        .where(Revision.document_id == revision.document_id, Revision.number <= revision.number)
        .where(Revision.number > (live.number if live else 0))
    )
    return frozenset(session.scalars(wrote))


def may_ask(session: Session, revision: Revision, by: Account) -> bool:
    """Tell whether somebody may ask for publication: whoever wrote part of it.

    Where nobody who did has an open account, as it came from files or they have left, a publisher may.
    """
    wrote = authors(session, revision)
    if by.id in wrote:
        return True
    here = select(Account.id).where(Account.id.in_(wrote), Account.active).limit(1)
    return by.role.may(Role.PUBLISHER) and session.scalar(here) is None


def asked_by(session: Session, revision: Revision) -> int | None:
    """Give the account that asks for the publication of a revision, None while nobody does."""
    asking = select(Proposal.asked_by).where(Proposal.revision_id == revision.id, Proposal.answer.is_(None))
    return session.scalar(asking)


def refuse_same_person(session: Session, revision: Revision, by: Account) -> bool:
    """Raise NotAllowed for whoever may not publish, as one who wrote part of it or asked for it, unless run alone.

    Tells whether its own writer publishes it, in a campaign run alone.
    """
    if not by.role.may(Role.PUBLISHER):
        raise NotAllowed(NOT_YOURS)
    wrote = by.id in authors(session, revision)
    if not rules.alone(session, revision.document.campaign.name):
        if wrote:
            raise NotAllowed(OWN)
        if by.id == asked_by(session, revision):
            raise NotAllowed(OWN_REQUEST)
    return wrote


def refuse_stale(session: Session, revision: Revision) -> None:
    """Raise NotAllowed where something newer is live than what this revision was written over."""
    live = live_revision(session, revision.document_id)
    if live is None:
        return
    if live.id == revision.id:
        raise NotAllowed(IS_LIVE)
    written = session.get(Authorship, revision.id)
    over = session.get(Revision, written.over_revision_id) if written and written.over_revision_id else None
    if live.number > revision.number or (over is not None and live.number > over.number):
        said = {language.value: STALE.spoken(language).format(live=live.number) for language in Language}
        raise NotAllowed(Wording(said))


def refuse_problems(session: Session, revision: Revision) -> None:
    """Raise NotAllowed while any check of the campaign fails with this revision in it."""
    problems = problems_of(with_revision(stored_folder(session, revision.document.campaign.name), revision))
    if problems:
        raise NotAllowed(CHECKS, problems)


def refuse_unready(session: Session, revision: Revision) -> None:
    """Raise NotAllowed where a check fails with this revision, beside what is live and beside all else that waits."""
    problems = problems_of(as_read(session, revision))
    if problems and not fits_together(session, revision):
        raise NotAllowed(CHECKS, problems)


def fits_together(session: Session, revision: Revision) -> bool:
    """Tell whether no check fails with this revision beside all else that was written in its campaign."""
    return not problems_of(with_revision(newest_folder(session, revision.document.campaign.name), revision))


def as_read(session: Session, revision: Revision) -> CampaignFolder:
    """Give the campaign that a revision is read in: the live one, or the newest one before any of it is live."""
    return with_revision(readable_folder(session, revision.document.campaign.name), revision)


def with_revision(folder: CampaignFolder, revision: Revision) -> CampaignFolder:
    """Give a campaign with this revision put in the place of its document."""
    documents = {**folder.documents(), revision.document.name: files_of(revision)}
    return CampaignFolder.of(folder.name, {file: held for files in documents.values() for file, held in files.items()})


def files_of(revision: Revision | None) -> Mapping[str, bytes]:
    """Give the files of a revision, none of none."""
    return {file.name: file.content for file in revision.files} if revision else {}


@remembered(32)
def problems_of(folder: CampaignFolder) -> tuple[Problem, ...]:
    """Check a campaign, once for each content: the same one is looked at again and again before it is published."""
    return tuple(check_folder(folder))
