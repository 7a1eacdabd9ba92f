"""The mail that carries an invitation: one link, made at the moment it leaves, and forgotten once it has left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from advocacy.delivery.provider import Envelope, NothingToSend
from advocacy.delivery.states import SETTLED, State
from advocacy.language import Language
from advocacy.letters.mail_pages import Notice
from advocacy.letters.moments import moment_in_words
from advocacy.messages import message
from advocacy.sealing import Keys
from advocacy.staff import invitations
from advocacy.staff.models import Account, Invitation
from advocacy.staff.roles import ROLE_NAMES
from advocacy.staff.staff_mail import StaffMail


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
        words = {"site": self.mail.site, "role": ROLE_NAMES[row.role]}
        if account:
            subject = message("A new password")
            before = message("Use this link to choose a new password for %(site)s. Your role: %(role)s.", **words)
        else:
            subject = message("An invitation to join the team")
            before = message("Use this link to join the team of %(site)s. Your role: %(role)s.", **words)
        notice = Notice(
            language=account.language if account else _language(session, row),
            subject=subject,
            before=(before,),
            button=message("Choose a password"),
            link=f"{self.mail.base_url}/staff/join/{token}",
            after=(
                message("This link works once, and until %(moment)s.", moment=moment_in_words(row.expires_at)),
                message("This wasn’t meant for you? Do nothing: without the link nothing happens."),
            ),
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
