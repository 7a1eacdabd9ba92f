"""`advocacy backup` and `restore`: everything in the database as one encrypted file, and back."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import click

from advocacy import __version__, dispatch
from advocacy.backup import archive, restoration
from advocacy.backup.archive import BackupError
from advocacy.backup.restoration import Restored
from advocacy.cli.atomic_files import open_file
from advocacy.cli.site import Site, WrongUse
from advocacy.database import create_private_file, make_engine
from advocacy.encryption import Keys
from advocacy.erasure_ledger import ErasureLedger, LedgerError
from advocacy.letters import erasure
from advocacy.secret_keys import DATA_KEYS_FILE, data_keys
from advocacy.settings import Settings, SettingsError
from advocacy.staff import audit_log

PRIVATE = 0o600
FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=FILE, required=False)
@click.option("--to", "recipients", multiple=True, metavar="RECIPIENT", help="The public key, age1…; several may read.")
@click.option(
    "--make-identity", type=FILE, metavar="FILE", help="Only make a pair of keys: FILE is the one that decrypts."
)
@click.pass_obj
def backup(site: Site, file: Path | None, *, recipients: Sequence[str], make_identity: Path | None) -> None:
    """Write everything in the database to FILE, encrypted to a public key, while the site runs.

    The public key is --to, or ADVOCACY_BACKUP_RECIPIENT. The identity that decrypts does not belong on this machine:
    make the pair elsewhere, with --make-identity or age-keygen. Not in the backup, and to be copied apart from it: the
    data keys (without them no backup can be read) and the erasure ledger (without it, none is restored).
    """
    if make_identity is not None:
        _write_identity(make_identity)
        return
    if file is None:
        raise WrongUse("name the file to write, as advocacy backup site.age")
    texts = recipients or tuple(site.settings.backup_recipient.split())
    if not texts:
        raise WrongUse(
            "name the public key that the backup is encrypted to, with --to or ADVOCACY_BACKUP_RECIPIENT; "
            "advocacy backup --make-identity FILE makes one"
        )
    try:
        public_keys = archive.read_recipients(texts)
    except BackupError as error:
        raise WrongUse(str(error)) from None
    ids, now = restoration.key_ids(site.keys), site.now()
    with archive.snapshot(site.runtime.engine) as connection:
        header = archive.new_header(connection, now=now, key_ids=ids, version=__version__)
        ErasureLedger(site.settings.ledger_folder).note_backup(header.id, now=now)
        try:
            with open_file(file, mode=PRIVATE) as target:
                rows = archive.write(connection, header, target, recipients=public_keys)
        except BackupError as error:
            raise click.ClickException(str(error)) from None
    with site.sessions.begin() as session:
        audit_log.write(session, audit_log.Act.BACKUP_MADE, f"backup:{header.id}", by=None, now=now)
    click.echo(f"rows written to {file}: {rows}")
    click.echo("Not in it, and to be copied apart from it: the data keys, and the erasure ledger.")
    click.echo(f"Delete it within {site.settings.backup_days} days (ADVOCACY_BACKUP_DAYS).")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--identity",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="KEYFILE",
    help="The file that holds the identity, as advocacy backup --make-identity or age-keygen writes it.",
)
@click.option("--replace", is_flag=True, help="Replace everything in a database that is in use.")
@click.pass_obj
def restore(site: Site, file: Path, identity: Path, *, replace: bool) -> None:
    """Bring the database back to the backup in FILE; sending is paused afterwards.

    First stop every process of the site, and put back its data keys and its erasure ledger. The ledger is read: whoever
    was erased since the backup is erased again, and what left since is not sent again. All of it is done, or nothing.
    """
    settings = site.settings
    keys = _present_keys(settings)
    ledger = ErasureLedger(settings.ledger_folder)
    if settings.database_file is not None:
        create_private_file(settings.database_file)
    engine = make_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            if restoration.is_used(connection) and not replace:
                raise click.ClickException(
                    "this database is in use; to replace everything in it, say --replace, after a backup of it"
                )
        kinds = dispatch.make_kinds(settings, keys, now=site.now)
        restored = restoration.restore(
            engine,
            file,
            archive.read_identities(identity.read_text(encoding="utf-8", errors="replace")),
            keys=keys,
            ledger=ledger,
            now=site.now(),
            max_age=timedelta(days=settings.backup_days),
            notify=dispatch.make_notifier(kinds),
        )
        erasure.scrub(engine)
    except (BackupError, LedgerError) as error:
        raise click.ClickException(f"{error}; nothing was changed") from None
    finally:
        engine.dispose()
    dispatch.apply_retention(site.runtime, now=site.now())
    for sentence in _what_to_do(restored):
        click.echo(sentence)


def _what_to_do(restored: Restored) -> Iterator[str]:
    yield f"Restored: {restored.rows} rows, as of {restored.made_at:%Y-%m-%d %H:%M} UTC."
    yield f"Erased again, as they were since: {restored.erased} requests."
    yield f"Known to have left since, and not sent again: {restored.left} messages."
    if restored.doubtful:
        yield f"They may have left: {restored.doubtful} messages. Decide on each: advocacy outbox list"
    yield "Lost: what citizens sent in and staff wrote after the backup."
    yield "Everybody on the staff is signed out, and open invitations have ended."
    yield "Look at People: accounts closed and roles changed since the backup are as they were then."
    yield "Look at the campaigns: what was taken offline or scheduled since the backup is as it was then."
    yield "Start the site, then resume sending: advocacy outbox resume"


def _present_keys(settings: Settings) -> Keys:
    """Return the data keys that are there; none are made, since new ones read no backup."""
    try:
        file = settings.database_file and settings.database_file.with_name(DATA_KEYS_FILE)
        if file and not settings.data_keys.get_secret_value() and not file.exists():
            raise SettingsError(f"put the copy of the site’s data keys back first, as {file}")
        return data_keys(settings)
    except SettingsError as error:
        raise WrongUse(str(error)) from None


def _write_identity(path: Path) -> None:
    if path.exists():
        raise WrongUse(f"{path} exists; name a new file")
    identity, recipient = archive.make_identity()
    with open_file(path, mode=PRIVATE) as file:
        file.write(f"# public key: {recipient}\n{identity}\n".encode())
    click.echo(f"ADVOCACY_BACKUP_RECIPIENT={recipient}")
    click.echo(f"Keep {path} away from the site’s machine: it decrypts every backup, and without it none can be read.")
