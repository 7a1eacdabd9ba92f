"""What signing in keeps in the database: invitations and codes used once, keys changed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from cryptography.fernet import Fernet
from passlib.totp import TOTP
from pydantic import SecretStr
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.delivery.provider import NothingToSend
from advocacy.dispatch import apply_retention, make_kinds
from advocacy.encryption import Keys
from advocacy.language import Language
from advocacy.runtime import Runtime
from advocacy.settings import Settings
from advocacy.signed_links import Purpose, SignedLinks
from advocacy.staff import invitations, jobs, second_factors
from advocacy.staff.models import (
    Account,
    Invitation,
    Job,
    JobFile,
    JobKind,
    Role,
    StaffEmail,
)
from advocacy.staff.second_factors import TotpCodes, recovery_code_keys
from tests.builders import SECRET
from tests.citizens import open_sessions
from tests.databases import both_databases

Sessions = sessionmaker[Session]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
KEYS = Keys.make()


def codes_at(keys: Keys = KEYS) -> TotpCodes:
    return TotpCodes(keys, "letters.example.ca", lambda: NOW)


def an_account(sessions: Sessions, email: str = "maude@example.ca", role: Role = Role.WRITER) -> int:
    with sessions.begin() as session:
        account = Account(email=email, name="Maude", role=role, language=Language.FR, created_at=NOW)
        session.add(account)
        session.flush()
        return account.id


def test_an_invitation_works_once_and_for_seven_days(sessions: Sessions) -> None:
    with sessions.begin() as session:
        invitation_id = invitations.invite(session, "maude@example.ca", Role.WRITER, by=None, now=NOW).id
    week = timedelta(days=7)
    with sessions.begin() as session:
        assert invitations.find(session, invitation_id, now=NOW + week) is None
        found = invitations.find(session, invitation_id, now=NOW + week - timedelta(seconds=1))
        assert found is not None
        joined = invitations.accept(
            session, found, "hash", email=found.email, name="Maude", language=Language.FR, now=NOW
        )
        assert (joined.email, joined.role, joined.password) == ("maude@example.ca", Role.WRITER, "hash")
        assert invitations.find(session, invitation_id, now=NOW) is None


def test_a_newer_invitation_ends_the_older_one_of_the_same_address(sessions: Sessions) -> None:
    with sessions.begin() as session:
        first = invitations.invite(session, "maude@example.ca", Role.WRITER, by=None, now=NOW).id
        other = invitations.invite(session, "karim@example.ca", Role.WRITER, by=None, now=NOW).id
        second = invitations.invite(session, "maude@example.ca", Role.PUBLISHER, by=None, now=NOW).id
        assert [bool(invitations.find(session, one, now=NOW)) for one in (first, other, second)] == [False, True, True]


def test_for_whoever_has_an_account_the_link_changes_the_password_and_ends_visits_but_not_the_role(
    sessions: Sessions,
) -> None:
    account_id = an_account(sessions)
    with sessions.begin() as session:
        account = second_factors.locked(session, account_id)
        uniquifier = account.fs_uniquifier
        invitation = invitations.invite(session, "Maude@Example.ca", Role.MANAGER, by=None, now=NOW)
        assert invitation.role is Role.WRITER
        same = invitations.accept(
            session, invitation, "new", email="maude@example.ca", name="", language=Language.EN, now=NOW
        )
        assert (same.id, same.name, same.role, same.password) == (account_id, "Maude", Role.WRITER, "new")
        assert same.fs_uniquifier != uniquifier


def test_the_first_managers_link_is_new_at_each_start_and_ends_with_the_first_manager(sessions: Sessions) -> None:
    with sessions.begin() as session:
        first = invitations.invite_first_manager(session, now=NOW)
        second = invitations.invite_first_manager(session, now=NOW)
        assert first is not None
        assert second is not None
        day = timedelta(hours=24)
        assert invitations.find(session, first.id, now=NOW) is None
        assert invitations.find(session, second.id, now=NOW + day) is None
        assert invitations.find(session, second.id, now=NOW + day - timedelta(seconds=1)) is not None
    an_account(sessions, role=Role.MANAGER)
    with sessions.begin() as session:
        assert invitations.find(session, second.id, now=NOW) is None
        assert invitations.invite_first_manager(session, now=NOW) is None


def test_the_first_managers_link_takes_over_nobodys_account(sessions: Sessions) -> None:
    an_account(sessions)
    with sessions.begin() as session:
        invitation = invitations.invite_first_manager(session, now=NOW)
        assert invitation is not None
        with pytest.raises(invitations.NotInvited):
            invitations.accept(
                session, invitation, "new", email="maude@example.ca", name="", language=Language.EN, now=NOW
            )


def test_a_code_of_an_app_lets_in_once_and_an_older_one_never() -> None:
    codes, account = codes_at(), Account(id=1)
    secret = codes.generate_totp_secret()
    app = TOTP(key=codes.get_totp_b32_key(secret))
    now, before, next_one = (app.generate(time=NOW.timestamp() + ahead).token for ahead in (0, -30, 30))
    right = [codes.verify_totp(code, secret, account, 30) for code in (now, now, before, next_one, next_one)]
    assert right == [True, False, False, True, False]
    for odd in ("", "12345", "abcdef", "١٢٣٤٥٦", "12345\u0000"):
        assert not codes.verify_totp(odd, secret, account), odd


@both_databases
def test_a_code_given_twice_at_the_same_moment_lets_in_once(sessions: Sessions) -> None:
    account_id, codes, together = an_account(sessions), codes_at(), Barrier(2)
    secret = codes.generate_totp_secret()
    code = TOTP(key=codes.get_totp_b32_key(secret)).generate(time=NOW.timestamp()).token

    def is_right() -> bool:
        together.wait()
        with sessions.begin() as session:
            read_before = session.get_one(Account, account_id)
            second_factors.locked(session, account_id)
            return codes.verify_totp(code, secret, read_before)

    with ThreadPoolExecutor(2) as both:
        tries = [both.submit(is_right) for _ in range(2)]
    assert sorted(one.result() for one in tries) == [False, True]


def test_secrets_are_read_with_an_older_key_and_encrypted_anew_with_the_newest(sessions: Sessions) -> None:
    account_id, old = an_account(sessions), codes_at()
    secret = old.generate_totp_secret()
    [old_key] = recovery_code_keys(KEYS)
    with sessions.begin() as session:
        account = second_factors.locked(session, account_id)
        account.tf_totp_secret, account.mf_recovery_codes = secret, [Fernet(old_key).encrypt(b"0123-4567").decode()]
    both = Keys(Keys.make().newest_first + KEYS.newest_first)
    new_alone = Keys(both.newest_first[:1])
    assert second_factors.encrypt_again(sessions, codes_at(both), keys=both) == 1
    with sessions() as session:
        account = session.get_one(Account, account_id)
    assert codes_at(new_alone).get_totp_b32_key(account.tf_totp_secret or "") == old.get_totp_b32_key(secret)
    [new_key], [code] = recovery_code_keys(new_alone), account.mf_recovery_codes or []
    assert Fernet(new_key).decrypt(code) == b"0123-4567"
    with pytest.raises(second_factors.UnknownAccountKey):
        second_factors.encrypt_again(sessions, codes_at(Keys.make()), keys=KEYS)


def test_the_mail_of_an_invitation_carries_its_link_while_that_can_be_used(sessions: Sessions) -> None:
    settings = Settings(
        base_url="https://letters.example.ca",
        from_name="Lettres",
        from_email="a@letters.example.ca",
        secret_key=SecretStr(SECRET),
    )
    kind = make_kinds(settings, KEYS, now=lambda: NOW)[StaffEmail.INVITATION]
    with sessions.begin() as session:
        invitation = invitations.invite(session, "maude@example.ca", Role.PUBLISHER, by=None, now=NOW)
        envelope = kind.content(session, invitation.id, "public")
        assert (envelope.to.address, envelope.sender.name) == ("maude@example.ca", "Lettres")
        token = SignedLinks(SECRET).make(Purpose.INVITATION, invitation.id)
        assert f"https://letters.example.ca/staff/join/{token}" in envelope.text
        assert "you may write and approve others’ work" in envelope.text
        invitation.withdrawn_at = NOW
        session.flush()
        with pytest.raises(NothingToSend):
            kind.content(session, invitation.id, "public")


def test_the_chore_forgets_what_is_over(sessions: Sessions) -> None:
    account_id = an_account(sessions)
    with sessions.begin() as session:
        invitations.invite(session, "old@example.ca", Role.WRITER, by=None, now=NOW - timedelta(days=38))
        invitations.invite(session, "new@example.ca", Role.WRITER, by=None, now=NOW - timedelta(days=8))
        past = NOW - jobs.RETENTION - timedelta(seconds=1)
        jobs.create(session, JobKind.IMPORT, {}, by=account_id, now=past, keys=Keys.make(), file=b"zip")
    apply_retention(Runtime(Settings(), sessions.kw["bind"], open_sessions(sessions.kw["bind"])), now=NOW)
    with sessions() as session:
        assert session.scalars(select(Invitation.email)).all() == ["new@example.ca"]
        assert [session.scalar(select(func.count()).select_from(one)) for one in (Job, JobFile)] == [0, 0]
