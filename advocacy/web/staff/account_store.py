"""The accounts as Flask-Security reads and writes them: over the site's own sessions, each change a transaction."""

from typing import Any

from flask_security import MfRecoveryCodesUtil, RoleMixin, UserDatastore
from sqlalchemy import inspect, select, update
from sqlalchemy.orm import Session, joinedload, sessionmaker
from sqlalchemy.orm.attributes import set_committed_value

from advocacy.database import immediate
from advocacy.letters.encrypted_columns import normalize_address
from advocacy.staff import factors
from advocacy.staff.models import Account, Passkey
from advocacy.web.services import services


class AccountStore(UserDatastore):
    """What Flask-Security calls its datastore. A row that it reads belongs to no session.

    So no transaction stays open during a request, and on SQLite none has to become a writing one half-way, which fails
    where somebody else wrote meanwhile.
    """

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        super().__init__(Account, RoleMixin, Passkey)
        self._sessions = sessions

    def find_user(self, case_insensitive: bool = False, **wanted: Any) -> Account | None:
        """Return an account, with its passkeys, by one of its columns."""
        ((name, value),) = wanted.items()
        value = normalize_address(value) if name == "email" else value
        which = select(Account).options(joinedload(Account.webauthn)).where(getattr(Account, name) == value)
        with self._sessions() as session:
            return session.scalars(which).unique().one_or_none()

    def find_webauthn(self, credential_id: bytes) -> Passkey | None:
        """Return a passkey."""
        with self._sessions() as session:
            return session.scalar(select(Passkey).where(Passkey.credential_id == credential_id))

    def put(self, model: Any) -> Any:
        """Write the columns that have changed, and no other."""
        row = model._get_current_object() if hasattr(model, "_get_current_object") else model
        columns = inspect(type(row)).column_attrs.keys()
        changed = {name: getattr(row, name) for name in columns if inspect(row).attrs[name].history.has_changes()}
        if not changed:
            return model
        with immediate(self._sessions) as session:
            session.execute(update(type(row)).where(type(row).id == row.id).values(changed))
        for name, value in changed.items():
            set_committed_value(row, name, value)
        return model

    def commit(self) -> None:
        """Do nothing: what was put is committed."""

    def tf_reset(self, user: Any) -> None:
        """Forget an app."""
        with immediate(self._sessions) as session:
            factors.remove_app(factors.locked(session, user.id))

    def create_webauthn(self, user: Any, *_: Any, **columns: Any) -> None:
        """Store a new passkey."""
        now = services().now()
        with immediate(self._sessions) as session:
            session.add(Passkey(user_id=user.id, create_datetime=now, lastuse_datetime=now, **columns))

    def delete_webauthn(self, webauthn: Any) -> None:
        """Forget a passkey."""
        with immediate(self._sessions) as session:
            factors.remove_passkey(factors.locked(session, webauthn.user_id), webauthn.id)


class RecoveryCodes(MfRecoveryCodesUtil):
    """Recovery codes are stored as keyed hashes: nobody can show them again, and checking one uses it up."""

    def create_recovery_codes(self, user: Any) -> list[str]:
        """Replace the codes of an account."""
        site = services()
        with immediate(site.sessions) as session:
            account = factors.locked(session, user.id)
            return list(factors.make_recovery_codes(session, account, keys=site.keys, now=site.now()))

    def get_recovery_codes(self, user: Any) -> list[str]:
        """Return none."""
        return []

    def check_recovery_code(self, user: Any, code: str) -> bool:
        """Whether it is one of the codes, which then works no more."""
        site = services()
        with immediate(site.sessions) as session:
            account = factors.locked(session, user.id)
            right = factors.use_recovery_code(session, account, code, keys=site.keys, now=site.now())
        if not right:
            user.track_failed_authn("recovery code", tfa=True)
        return right

    def delete_recovery_code(self, user: Any, code: str) -> bool:
        """Do nothing: it was used up when it was checked."""
        return True
