"""Databases for measuring: a site's own on PostgreSQL, gone afterwards, and as many stored letters as are wanted."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from psycopg import sql
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import Session

from advocacy.abuse.caps import Limits
from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.letter_template import LetterTemplate
from advocacy.campaigns.library import import_folder
from advocacy.encryption import Keys
from advocacy.language import Language
from advocacy.legislators.recipient import Recipient
from advocacy.letters.compose import compose
from advocacy.letters.submit import NewLetter, NewSubmission, submit
from advocacy.runtime import Runtime, open_runtime, shipped_letters
from advocacy.settings import Settings
from benchmarks.documents import called, own_words
from benchmarks.letters import ANSWERS, RECIPIENT

SERVER = os.environ.get("ADVOCACY_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
KEYS = Keys.make()
NO_LIMITS = Limits(10**9, 10**9)
UNCONFIRMED = timedelta(hours=48)
ORGANISER = b'\norganiser.en = "Tests"\norganiser.fr = "Essais"\nprivacy_contact = "privacy@example.ca"\n'
CAMPAIGN, LETTER, OFFICE = "child-protection", "takedown-and-standards", "mp-yasir-naqvi"
WRITERS = count()
"""No two forms come from one address."""

FILLED = (
    """
    INSERT INTO confirmations (id, campaign, language, email_hash, created_at, due_at, expires_at, used_at)
    SELECT md5('c' || n), :campaign, 'fr', md5('e' || n) || md5('f' || n), at, at,
        at + interval '2 days', at
    FROM (SELECT n, :now - n % 43200 * interval '1 minute' AS at FROM generate_series(1, :letters) AS n) AS numbered
    ORDER BY 1
    """,
    """
    INSERT INTO submissions (id, key_hash, confirmation_id, campaign, language, standing, created_at, confirmed_at,
        email_hash, consent_text, consented_at, asks_for_answers)
    SELECT md5('s' || id), md5(id) || md5('k' || id), id, campaign, language, 'confirmed', created_at, used_at,
        email_hash, '2026-11', created_at, false
    FROM confirmations
    ORDER BY 1
    """,
    """
    INSERT INTO stored_letters (id, submission_id, place, campaign, template, pins, legislator_id, language, edited,
        created_at)
    SELECT md5('l' || submissions.id), submissions.id, 0, campaign, :template, '{}', offices.id, language, false,
        created_at
    FROM (SELECT *, row_number() OVER () AS n FROM submissions) AS submissions
    JOIN (SELECT id, row_number() OVER () AS n, count(*) OVER () AS many FROM legislators) AS offices
        ON offices.n = submissions.n % offices.many + 1
    ORDER BY 1
    """,
    """
    INSERT INTO messages (public_id, kind, ref, pace_key, state, priority, due_at, attempt, tries, resent, reason,
        created_at, changed_at)
    SELECT md5('p' || id), 'letter', id, legislator_id, CASE WHEN waits THEN 'ready' ELSE 'accepted' END, 1,
        CASE WHEN waits THEN :now + interval '1 day' ELSE created_at END, 1, 1, false, '', created_at, created_at
    FROM (SELECT *, row_number() OVER () % 10 = 0 AND :waits AS waits FROM stored_letters) AS letters
    ORDER BY 1
    """,
    """
    INSERT INTO message_moves (message_id, at, state, by, reason, refused)
    SELECT messages.id, created_at, moved.state, moved.by, '', false
    FROM messages
    CROSS JOIN (VALUES ('ready', 'submit'), ('sending', 'worker'), ('accepted', 'worker')) AS moved (state, by)
    """,
)
"""Letters of a month, one in ten of which waits its turn; without their words, which are kept apart from the rows.

In the order of their keys, which an index takes in many times as fast as any other.
"""
BESIDES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE schemaname = 'public' AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""
"""Indexes that hold no rule: made after the rows, in one go each."""
UNCHECKED = """
SELECT set_config('session_replication_role', 'replica', true) FROM pg_roles WHERE rolname = current_user AND rolsuper
"""
"""What these rows refer to is there: for whoever may say so, it need not be looked up five million times."""
SETTLED = ("VACUUM (ANALYZE)", "CHECKPOINT")


NUMBERED = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :letters)"
FILLED_SQLITE = (
    f"""
    INSERT INTO submissions (id, key_hash, campaign, language, standing, created_at, confirmed_at, email_hash,
        consent_text, consented_at, asks_for_answers)
    {NUMBERED}
    SELECT printf('%032x', n), printf('%064x', n), :campaign, 'fr', 'confirmed', at, at, printf('%064x', n), '2026-11',
        at, 0
    FROM (SELECT n, datetime('2026-11-25 12:00', '-' || (43200 - n % 43200) || ' minutes') || '.000000' AS at
        FROM numbers)
    """,
    """
    INSERT INTO stored_letters (id, submission_id, place, campaign, template, pins, legislator_id, language, edited,
        created_at)
    SELECT submissions.id, submissions.id, 0, campaign, :template, '{}', offices.id, language, 0, created_at
    FROM submissions
    JOIN (SELECT id, row_number() OVER () - 1 AS n FROM legislators) AS offices
        ON offices.n = submissions.rowid % (SELECT count(*) FROM legislators)
    """,
    """
    INSERT INTO messages (public_id, kind, ref, pace_key, state, priority, due_at, attempt, tries, resent, reason,
        created_at, changed_at)
    SELECT id, 'letter', id, legislator_id,
        CASE WHEN rowid % 10 = 0 THEN 'ready' WHEN rowid % 10 = 1 THEN 'bounced' ELSE 'delivered' END, 1,
        CASE WHEN rowid % 10 = 0 THEN '2026-11-26 12:00:00.000000' ELSE created_at END, 1, 1, 0, '', created_at,
        created_at
    FROM stored_letters
    ORDER BY rowid
    """,
    """
    INSERT INTO message_moves (message_id, at, state, by, reason, refused)
    SELECT messages.id, created_at, moved.column1, moved.column2, '', 0
    FROM messages
    CROSS JOIN (VALUES ('ready', 'submit'), ('sending', 'worker'), ('accepted', 'worker')) AS moved
    """,
    """
    INSERT INTO letter_tallies (day, campaign, template, language, riding_code, letters)
    WITH RECURSIVE days (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM days WHERE n < 90)
    SELECT date('2026-11-25', '-' || n || ' days'), :campaign, :template, spoken.column1, fed_code,
        max(1, :letters / (90 * 343 * 2))
    FROM days, ridings, (VALUES ('en'), ('fr')) AS spoken
    WHERE :letters > 90 * 343 * 2 OR (fed_code || n) % 60 = 0
    """,
    """
    INSERT INTO feature_tallies (campaign, day, feature, cell, letters)
    SELECT campaign, day, 'outcome', 'delivered', sum(letters) FROM letter_tallies GROUP BY campaign, day
    """,
)
"""The same in SQLite, without those who confirmed; letters are counted by day and riding too."""


def is_there() -> bool:
    """Return whether PostgreSQL answers."""
    try:
        psycopg.connect(_conninfo(make_url(SERVER)), connect_timeout=3).close()
    except psycopg.OperationalError:
        print("  not measured: PostgreSQL does not answer; start it or set ADVOCACY_TEST_POSTGRES_URL.")
        return False
    return True


@contextmanager
def empty_database(name: str) -> Iterator[str]:
    """Make an empty database, and give its address; it is gone when the block ends."""
    server = make_url(SERVER)
    ours = f"advocacy_bench_{name}_{os.getpid()}"
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(ours))
    with psycopg.connect(_conninfo(server), autocommit=True) as connection:
        connection.execute(drop)
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(ours)))
        try:
            yield server.set(drivername="postgresql", database=ours).render_as_string(hide_password=False)
        finally:
            connection.execute(drop)


@contextmanager
def a_site(name: str, **different: Any) -> Iterator[Runtime]:
    """Open a site of its own on PostgreSQL, with the shipped directory and letters."""
    with empty_database(name) as url, TemporaryDirectory() as ledger:
        keys = {"secret_key": SecretStr("a key for measuring, known to all"), "data_keys": SecretStr(KEYS.text)}
        caps = {"network_per_day": 100_000, "site_per_day": 10_000_000, "network_points_per_minute": 0}
        caps |= {"calm_per_ten_minutes": 1_000_000}
        settings = Settings.model_validate({"database_url": url, "erasure_ledger": ledger, **keys, **caps, **different})
        with open_runtime(settings, now=NOW) as runtime:
            yield runtime


@contextmanager
def sites_with(sizes: tuple[int, ...]) -> Iterator[list[Runtime]]:
    """Open a site for each size, with as many letters stored in it."""
    with ExitStack() as stack:
        sites = [stack.enter_context(a_site(f"of_{size}")) for size in sizes]
        for site, size in zip(sites, sizes, strict=True):
            fill(site, size)
        yield sites


@contextmanager
def sqlite_sites_with(sizes: tuple[int, ...]) -> Iterator[list[Runtime]]:
    """Open a site in a file of SQLite for each size, with as many letters stored and counted in it."""
    with ExitStack() as stack:
        sites = []
        for size in sizes:
            folder = stack.enter_context(TemporaryDirectory())
            settings = Settings(
                database_url=f"sqlite:///{folder}/advocacy.sqlite3",
                secret_key=SecretStr("a key for measuring, known to all"),
                data_keys=SecretStr(KEYS.text),
            )
            runtime = stack.enter_context(open_runtime(settings, now=NOW))
            given = {"letters": size, "campaign": CAMPAIGN, "template": f"{CAMPAIGN}/{LETTER}"}
            with runtime.engine.begin() as connection:
                for statement in FILLED_SQLITE:
                    connection.execute(
                        text(statement), {name: given[name] for name in given if f":{name}" in statement}
                    )
            with runtime.engine.connect() as connection:
                connection.execute(text("ANALYZE"))
                connection.commit()
            sites.append(runtime)
        yield sites


def name_who_answers(site: Runtime) -> None:
    """Let the campaign say who answers for it: without that no mail of it leaves."""
    campaign = shipped_letters()[0]
    files = {name: held for document in campaign.documents().values() for name, held in document.items()}
    files["campaign.toml"] = files["campaign.toml"].replace(b"\nleave.en", ORGANISER + b"leave.en", 1)
    with site.sessions.begin() as session:
        import_folder(session, CampaignFolder.of(campaign.name, files), now=NOW)


def a_form() -> NewSubmission:
    """Return a form that nobody else has sent in, with one letter."""
    number = next(WRITERS)
    writer = replace(
        ANSWERS,
        name=f"Camille {called(number)}",
        email=f"{called(number).lower()}@example.ca",
        fields={**ANSWERS.fields, "reason": own_words(number)},
    )
    recipient: Recipient = replace(RECIPIENT, id=OFFICE, email="yasir.naqvi@parl.example")
    template = _template()
    letter = compose(template, writer, recipient, language=Language.EN, today=NOW.date())
    sent = NewLetter(
        OFFICE, template.path, {}, letter=letter, choice=(), fingerprint="f" * 16, riding_code=None, edited=False
    )
    return NewSubmission(
        key=f"form {number}",
        campaign=CAMPAIGN,
        language=Language.EN,
        name=writer.name,
        email=writer.email,
        letters=(sent,),
        consent_text="2026-11",
        network=f"192.0.{number // 250 % 250}.{number % 250}",
    )


def send_in(session: Session, form: NewSubmission) -> None:
    """Store a form as the site does."""
    submit(session, form, now=NOW, limits=NO_LIMITS, unconfirmed=UNCONFIRMED)


@cache
def _template() -> LetterTemplate:
    return shipped_letters()[0].template(LETTER)


def fill(site: Runtime, letters: int, *, now: datetime = NOW, waits: bool = True) -> None:
    """Store so many letters of the month before; one in ten of them waits its turn, unless none is to."""
    values = {"campaign": CAMPAIGN, "template": f"{CAMPAIGN}/{LETTER}", "now": now, "letters": letters, "waits": waits}
    with site.engine.begin() as connection:
        connection.exec_driver_sql(UNCHECKED)
        indexes = connection.exec_driver_sql(BESIDES).all()
        for name, _ in indexes:
            connection.exec_driver_sql(f'DROP INDEX "{name}"')
        for statement in FILLED:
            connection.execute(text(statement), {name: values[name] for name in values if f":{name}" in statement})
        for _, definition in indexes:
            connection.exec_driver_sql(definition)
    with site.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in SETTLED:
            connection.exec_driver_sql(statement)


def _conninfo(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
