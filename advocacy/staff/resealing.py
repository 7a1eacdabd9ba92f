"""What is encrypted of staff is encrypted anew with the newest key; recovery codes are kept as hashes, and stay."""

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.database import immediate
from advocacy.sealing import Keys, is_newest
from advocacy.staff import account_mail, factors, invitations
from advocacy.staff.accounts import Codes
from advocacy.staff.models import Account, AccountMail, Invitation


class KeyGone(LookupError):
    """An account's app was encrypted with a key that is not known here; `account_id` says whose."""

    def __init__(self, account_id: int) -> None:
        self.account_id = account_id
        super().__init__(
            f"the verification method of account {account_id} was encrypted with a key that is not known here"
        )


def reseal(sessions: sessionmaker[Session], codes: Codes, *, keys: Keys) -> int:
    """Encrypt the secrets of apps and the tokens that wait for their mail anew; give how many rows changed.

    Raises KeyGone where a key is missing.
    """
    with sessions() as session:
        people = session.scalars(select(Account.id).where(Account.tf_totp_secret.is_not(None))).all()
        waiting = session.scalars(select(Invitation.id).where(Invitation.token_sealed.is_not(None))).all()
        mails = session.scalars(select(AccountMail.id).where(AccountMail.token_sealed.is_not(None))).all()
    changed = 0
    for account_id in people:
        with immediate(sessions) as session:
            changed += _reseal_app(factors.locked(session, account_id), codes)
    for invitation_id in waiting:
        with immediate(sessions) as session:
            changed += _reseal_token(session.get_one(Invitation, invitation_id, with_for_update=True), keys)
    for mail_id in mails:
        with immediate(sessions) as session:
            changed += _reseal_mail(session.get_one(AccountMail, mail_id, with_for_update=True), keys)
    return changed


def _reseal_app(account: Account, codes: Codes) -> bool:
    try:
        anew = codes.encrypted_anew(account.tf_totp_secret) if account.tf_totp_secret else None
    except KeyError:
        raise KeyGone(account.id) from None
    if anew is None:
        return False
    account.tf_totp_secret = anew
    return True


def _reseal_token(invitation: Invitation, keys: Keys) -> bool:
    token = invitations.kept_token(invitation, keys=keys)
    if token is None or invitation.token_sealed is None or is_newest(keys, invitation.token_sealed):
        return False
    invitations.keep_token(invitation, token, keys=keys)
    return True


def _reseal_mail(row: AccountMail, keys: Keys) -> bool:
    if row.token_sealed is None or is_newest(keys, row.token_sealed):
        return False
    account_mail.encrypt_token(row, account_mail.token_of(row, keys=keys), keys=keys)
    return True
