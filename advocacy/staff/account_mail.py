"""Mails to staff about their account: an invitation, a link for a new password, and what was changed by whomever.

A link's token is encrypted until its mail is sent, and forgotten then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from advocacy.delivery import outbox
from advocacy.delivery.models import By
from advocacy.delivery.provider import Envelope, NothingToSend
from advocacy.delivery.states import SETTLED, State
from advocacy.encryption import Keys
from advocacy.language import Language
from advocacy.letters.eastern_time import moment_in_words
from advocacy.letters.mail_pages import Notice, Text
from advocacy.messages import Message, message
from advocacy.staff.invitations import by_email, encrypt_token, token_of
from advocacy.staff.models import ROLE_NAMES, Account, AccountMail, Invitation
from advocacy.staff.staff_mail import StaffMail

KIND = "account"
"""The kind of message; its `ref` is the mail's id."""
RESET, PASSWORD, SECOND_FACTOR = "reset", "password", "second-factor"
RESET_VALID = timedelta(hours=1)
STORED = timedelta(days=30)


def put(session: Session, account_id: int, kind: str, *, now: datetime, keys: Keys, token: str = "") -> None:
    """Put a mail to an account into the outbox."""
    row = AccountMail(account_id=account_id, kind=kind, created_at=now)
    session.add(row)
    session.flush()
    if token:
        encrypt_token(row, token, keys=keys)
    outbox.put(session, KIND, str(row.id), now=now, by=By.STAFF)


@dataclass(frozen=True, slots=True)
class AccountMails:
    """Makes the mails."""

    keys: Keys
    mail: StaffMail

    def invitation(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Return the mail of an invitation; raises NothingToSend where it was used, withdrawn or sent already."""
        row = session.get(Invitation, int(ref), populate_existing=True)
        if row is None or not (token := token_of(row, keys=self.keys)):
            raise NothingToSend
        account = by_email(session, row.email)
        inviter = session.get(Account, row.invited_by) if row.invited_by else None
        known = account or inviter
        language = known.language if known else Language.EN
        subject = message("An invitation to join the team")
        before = message("Use this link to join the team of %(site)s. Your role: %(role)s.")
        if account:
            subject = message("A new password")
            before = message("Use this link to choose a new password for %(site)s. Your role: %(role)s.")
        what = before.with_params(role=ROLE_NAMES[row.role], site=self.mail.site)
        others = () if account else [what.in_language(one) for one in Language if one is not language]
        notice = self._with_link(
            language,
            subject,
            (what, *others),  # of a stranger no language is known
            path=f"join/{token}",
            until=row.expires_at,
            otherwise=message("If this wasn’t meant for you, do nothing: without the link nothing happens."),
        )
        return self.mail.envelope(notice, row.email, public_id)

    def about_account(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Return one mail; raises NothingToSend where the account is closed, or its link was sent already."""
        row = session.get(AccountMail, int(ref), populate_existing=True)
        if row is None or not row.account.active:
            raise NothingToSend
        notice = self._reset(row) if row.kind == RESET else self._changed(row)
        return self.mail.envelope(notice, row.account.email, public_id)

    def _reset(self, row: AccountMail) -> Notice:
        token = token_of(row, keys=self.keys)
        if not token:
            raise NothingToSend
        return self._with_link(
            row.account.language,
            message("A new password"),
            (message("Use this link to choose a new password for %(site)s.").with_params(site=self.mail.site),),
            path=f"forgotten/{token}",
            until=row.created_at + RESET_VALID,
            otherwise=message("If you didn’t ask for this, do nothing: your password stays the same."),
        )

    def _with_link(
        self,
        language: Language,
        subject: Message,
        before: tuple[Text, ...],
        *,
        path: str,
        until: datetime,
        otherwise: Message,
    ) -> Notice:
        valid = message("This link works once, and until %(moment)s.", moment=moment_in_words(until))
        return Notice(
            language=language,
            subject=subject,
            before=before,
            button=message("Choose a password"),
            link=f"{self.mail.base_url}/staff/{path}",
            after=(valid, otherwise),
        )

    def _changed(self, row: AccountMail) -> Notice:
        subject = message("Your two-step verification was changed")
        what = message("A verification method of your account on %(site)s changed on %(moment)s.")
        if row.kind == PASSWORD:
            subject = message("Your password was changed")
            what = message("The password of your account on %(site)s was changed on %(moment)s.")
        return Notice(
            language=row.account.language,
            subject=subject,
            before=(what.with_params(site=self.mail.site, moment=moment_in_words(row.created_at)),),
            button=message("My account"),
            link=f"{self.mail.base_url}/staff/account",
            after=(message("If it wasn’t you, choose a new password now and tell a manager of the site."),),
        )


def forget_tokens(
    model: type[Invitation] | type[AccountMail], session: Session, moved: Sequence[tuple[str, State]], _now: datetime
) -> None:
    """Forget the tokens of mails that were sent, or never will be."""
    for ref, state in moved:
        row = session.get(model, int(ref)) if state in SETTLED else None
        if isinstance(row, Invitation | AccountMail):
            row.token_sealed = None


def forget(session: Session, *, now: datetime) -> None:
    """Delete the mails of long ago."""
    session.execute(delete(AccountMail).where(AccountMail.created_at <= now - STORED))
