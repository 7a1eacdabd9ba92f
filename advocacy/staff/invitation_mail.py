"""The mail that carries an invitation: one link, made at the moment it leaves, and forgotten once it has left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from advocacy.delivery.provider import Envelope, NothingToSend
from advocacy.delivery.states import SETTLED, State
from advocacy.language import Language, Wording
from advocacy.letters.mail_pages import Notice
from advocacy.letters.mail_words import GREETING, OR_COPY
from advocacy.letters.moments import speak_moment
from advocacy.sealing import Keys
from advocacy.staff import invitations
from advocacy.staff.models import Account, Invitation
from advocacy.staff.roles import SPOKEN
from advocacy.staff.staff_mail import StaffMail

SUBJECT = Wording.of(en="An invitation to join the team", fr="Une invitation à rejoindre l’équipe")
INVITED = Wording.of(
    en="Use this link to join the team of {site}. Your role: {role}.",
    fr="Ce lien vous permet de rejoindre l’équipe de {site}. Votre rôle\u00a0: {role}.",
)
RENEWED_SUBJECT = Wording.of(en="A new password", fr="Un nouveau mot de passe")
RENEWED = Wording.of(
    en="Use this link to choose a new password for {site}. Your role: {role}.",
    fr="Ce lien permet de choisir un nouveau mot de passe pour {site}. Votre rôle\u00a0: {role}.",
)
BUTTON = Wording.of(en="Choose a password", fr="Choisir un mot de passe")
UNTIL = Wording.of(
    en="The link works once, and until {moment}.", fr="Le lien sert une seule fois et reste valable jusqu’au {moment}."
)
NOT_YOU = Wording.of(
    en="This wasn’t meant for you? Do nothing: without the link nothing happens.",
    fr="Ce message ne vous était pas destiné? Ne faites rien\u00a0: sans le lien, rien ne se passe.",
)


@dataclass(frozen=True, slots=True)
class InvitationMail:
    """Makes the mail."""

    keys: Keys
    mail: StaffMail

    def content(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Carry the link of an invitation; raises NothingToSend for one that was used, withdrawn or carried already."""
        row = session.get(Invitation, int(ref), populate_existing=True)
        token = invitations.kept_token(row, keys=self.keys) if row else None
        if row is None or token is None or row.used_at or row.withdrawn_at:
            raise NothingToSend
        account = invitations.by_email(session, row.email)
        spoken = account.language if account else _language(session, row)
        subject, said = (RENEWED_SUBJECT, RENEWED) if account else (SUBJECT, INVITED)
        until = UNTIL.spoken(spoken).format(moment=speak_moment(row.expires_at, spoken))
        notice = Notice(
            language=spoken,
            subject=subject.spoken(spoken),
            greeting=GREETING.spoken(spoken),
            before=(said.spoken(spoken).format(site=self.mail.site, role=SPOKEN[row.role].spoken(spoken)),),
            items=(),
            about=(),
            button=BUTTON.spoken(spoken),
            or_copy=OR_COPY.spoken(spoken),
            link=f"{self.mail.base_url}/staff/join/{token}",
            after=(until, NOT_YOU.spoken(spoken)),
            footer=(),
        )
        return self.mail.envelope(notice, row.email, public_id)


def told(session: Session, stood: Sequence[tuple[str, State]], _now: datetime) -> None:
    """Forget the tokens of invitations whose mail has left, or never will."""
    for ref, state in stood:
        row = session.get(Invitation, int(ref)) if state in SETTLED else None
        if row is not None:
            row.token_sealed = None


def _language(session: Session, row: Invitation) -> Language:
    """Give the language of whoever invites: of a stranger none is known."""
    inviter = session.get(Account, row.invited_by) if row.invited_by else None
    return inviter.language if inviter else Language.EN
