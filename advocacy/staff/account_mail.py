"""Mails to staff about their own account: a link for a new password, and what was changed, in case it was not them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from advocacy.delivery import outbox
from advocacy.delivery.models import By
from advocacy.delivery.provider import Envelope, NothingToSend
from advocacy.delivery.states import SETTLED, State
from advocacy.letters.mail_pages import Notice
from advocacy.letters.moments import moment_in_words
from advocacy.messages import message
from advocacy.sealing import Keys, seal, unseal
from advocacy.staff.models import AccountMail
from advocacy.staff.staff_mail import StaffMail

KIND = "account"
"""The kind of message; its `ref` is the mail's id."""
RESET, PASSWORD, SECOND_FACTOR = "reset", "password", "second-factor"
RESET_VALID = timedelta(hours=1)
STORED = timedelta(days=30)


def put(session: Session, account_id: int, kind: str, *, now: datetime, keys: Keys, token: str = "") -> None:
    """Put a mail to an account into the outbox; a token in it is encrypted until it is sent."""
    row = AccountMail(account_id=account_id, kind=kind, created_at=now)
    session.add(row)
    session.flush()
    encrypt_token(row, token, keys=keys)
    outbox.put(session, KIND, str(row.id), now=now, by=By.STAFF)


def encrypt_token(row: AccountMail, token: str, *, keys: Keys) -> None:
    """Store a token encrypted, for this row alone."""
    row.token_sealed = seal(keys, token, of=_place(row)) if token else None


def token_of(row: AccountMail, *, keys: Keys) -> str:
    """Return the token of a mail, "" where there is none (any more). Raises CannotUnseal."""
    return unseal(keys, row.token_sealed, of=_place(row)) if row.token_sealed else ""


@dataclass(frozen=True, slots=True)
class AccountMails:
    """Makes the mails."""

    keys: Keys
    mail: StaffMail

    def content(self, session: Session, ref: str, public_id: str) -> Envelope:
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
        return Notice(
            language=row.account.language,
            subject=message("A new password"),
            before=(message("Use this link to choose a new password for %(site)s.", site=self.mail.site),),
            button=message("Choose a password"),
            link=f"{self.mail.base_url}/staff/forgotten/{token}",
            after=(
                message(
                    "This link works once, and until %(moment)s.",
                    moment=moment_in_words(row.created_at + RESET_VALID),
                ),
                message("You didn’t ask for this? Do nothing: your password stays the same."),
            ),
        )

    def _changed(self, row: AccountMail) -> Notice:
        when = moment_in_words(row.created_at)
        if row.kind == PASSWORD:
            subject = message("Your password was changed")
            what = message("The password of your account on %(site)s was changed on %(moment)s.", **self._at(when))
        else:
            subject = message("Your two-step verification was changed")
            what = message("A verification method of your account on %(site)s changed on %(moment)s.", **self._at(when))
        return Notice(
            language=row.account.language,
            subject=subject,
            before=(what,),
            button=message("My account"),
            link=f"{self.mail.base_url}/staff/account",
            after=(message("It wasn’t you? Choose a new password now, and tell a manager of the site."),),
        )

    def _at(self, when: object) -> dict[str, object]:
        return {"site": self.mail.site, "moment": when}


def told(session: Session, moved: Sequence[tuple[str, State]], _now: datetime) -> None:
    """Forget the tokens of mails that were sent, or never will be."""
    for ref, state in moved:
        row = session.get(AccountMail, int(ref)) if state in SETTLED else None
        if row is not None:
            row.token_sealed = None


def forget(session: Session, *, now: datetime) -> None:
    """Delete the mails of long ago."""
    session.execute(delete(AccountMail).where(AccountMail.created_at <= now - STORED))


def _place(row: AccountMail) -> str:
    return f"{row.__tablename__}.token_sealed:{row.id}"
