"""Answers of offices, codes that verify letters, what offices set for themselves, digests, and sketches of letters."""

import sqlalchemy as sa
from alembic import op

from advocacy.database import UtcDateTime

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

NEW_KINDS = ("answer_question", "answer_reminder", "reply_notice", "digest", "office_link", "office_changed")
NEW_COLUMNS = ("code_hash", "own_words", "riding_match", "posted_on", "follows_id", "follow_kind")


def upgrade() -> None:
    """Letters stored before have no code, and nobody asked to be asked about their answers."""
    op.add_column("submissions", sa.Column("asks_for_answers", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "ix_submissions_asks_for_answers",
        "submissions",
        ["confirmed_at"],
        sqlite_where=sa.text("asks_for_answers = 1"),
        postgresql_where=sa.text("asks_for_answers"),
    )
    op.add_column("stored_letters", sa.Column("code_hash", sa.String(64), nullable=True))
    op.add_column("stored_letters", sa.Column("own_words", sa.Integer(), nullable=True))
    op.add_column("stored_letters", sa.Column("riding_match", sa.String(16), nullable=True))
    op.add_column("stored_letters", sa.Column("posted_on", sa.Date(), nullable=True))
    op.add_column("stored_letters", sa.Column("follows_id", sa.String(32), nullable=True))
    op.add_column("stored_letters", sa.Column("follow_kind", sa.String(16), nullable=True))
    # A unique index, not a constraint: SQLite adds none to a table that is there.
    op.create_index(op.f("ix_stored_letters_code_hash"), "stored_letters", ["code_hash"], unique=True)
    op.create_index(op.f("ix_stored_letters_follows_id"), "stored_letters", ["follows_id"])
    op.create_table(
        "letter_sketches",
        sa.Column("letter_id", sa.String(32), nullable=False),
        sa.Column("legislator_id", sa.String(100), nullable=False),
        sa.Column("windows", sa.Integer(), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["stored_letters.id"], name=op.f("fk_letter_sketches_letter_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_letter_sketches")),
    )
    op.create_index("ix_letter_sketches_legislator_id_created_at", "letter_sketches", ["legislator_id", "created_at"])
    op.create_table(
        "answers",
        sa.Column("letter_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["stored_letters.id"], name=op.f("fk_answers_letter_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_answers")),
    )
    op.create_table(
        "answer_tallies",
        sa.Column("campaign", sa.String(60), nullable=False),
        sa.Column("legislator_id", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("within_days", sa.Integer(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("campaign", "legislator_id", "kind", "within_days", name=op.f("pk_answer_tallies")),
    )
    op.create_table(
        "answer_figures",
        sa.Column("campaign", sa.String(60), nullable=False),
        sa.Column("legislator_id", sa.String(100), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("cell", sa.String(60), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("campaign", "legislator_id", "day", "cell", name=op.f("pk_answer_figures")),
    )
    op.create_table(
        "digests",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("legislator_id", sa.String(100), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["legislator_id"], ["legislators.id"], name=op.f("fk_digests_legislator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
        sa.UniqueConstraint("legislator_id", "day", "part", name=op.f("uq_digests_legislator_id_day_part")),
    )
    op.create_table(
        "digest_letters",
        sa.Column("letter_id", sa.String(32), nullable=False),
        sa.Column("digest_id", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["stored_letters.id"], name=op.f("fk_digest_letters_letter_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["digest_id"], ["digests.id"], name=op.f("fk_digest_letters_digest_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_digest_letters")),
    )
    op.create_index(op.f("ix_digest_letters_digest_id"), "digest_letters", ["digest_id"])
    op.create_table(
        "office_settings",
        sa.Column("legislator_id", sa.String(100), nullable=False),
        sa.Column("language", sa.String(16), nullable=True),
        sa.Column("email", sa.String(254), nullable=True),
        sa.Column("email_from", UtcDateTime(), nullable=True),
        sa.Column("takes_digest", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("acknowledgement", sa.JSON(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["legislator_id"], ["legislators.id"], name=op.f("fk_office_settings_legislator_id")),
        sa.PrimaryKeyConstraint("legislator_id", name=op.f("pk_office_settings")),
    )
    op.create_table(
        "office_links",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("legislator_id", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("email", sa.String(254), nullable=True),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("former", sa.JSON(), nullable=True),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("token_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["legislator_id"], ["legislators.id"], name=op.f("fk_office_links_legislator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_office_links_token_hash")),
    )
    op.create_index(op.f("ix_office_links_legislator_id"), "office_links", ["legislator_id"])
    op.create_index(op.f("ix_office_links_expires_at"), "office_links", ["expires_at"])


def downgrade() -> None:
    """Drop them: what citizens said of answers, and what offices set, is lost, and no code leads to a letter.

    What waits for a daily mail leaves alone again; of what such a mail may have left with, a person decides.
    """
    op.execute(
        "UPDATE messages SET state = 'needs_staff' WHERE state = 'digest' AND EXISTS (SELECT 1 FROM digest_letters"
        " JOIN messages AS mails ON mails.kind = 'digest' AND mails.ref = digest_letters.digest_id"
        " WHERE digest_letters.letter_id = messages.ref AND mails.state != 'ready')"
    )
    op.execute("UPDATE messages SET state = 'ready' WHERE state = 'digest'")
    op.execute("UPDATE message_moves SET state = 'ready' WHERE state = 'digest'")
    # The older version has no words for these, and nothing to make them of.
    messages, moves = (
        sa.table("messages", sa.column("id"), sa.column("kind")),
        sa.table("message_moves", sa.column("message_id")),
    )
    new = sa.select(messages.c.id).where(messages.c.kind.in_(NEW_KINDS))
    op.execute(sa.delete(moves).where(moves.c.message_id.in_(new)))
    op.execute(sa.delete(messages).where(messages.c.kind.in_(NEW_KINDS)))
    # As a letter that is not sent, one mailed on paper is erased in its time.
    op.execute("UPDATE stored_letters SET written_before = posted_on WHERE posted_on IS NOT NULL")
    for table in (
        "office_links",
        "office_settings",
        "digest_letters",
        "digests",
        "answer_figures",
        "answer_tallies",
        "answers",
        "letter_sketches",
    ):
        op.drop_table(table)
    op.drop_index(op.f("ix_stored_letters_follows_id"), "stored_letters")
    op.drop_index(op.f("ix_stored_letters_code_hash"), "stored_letters")
    for name in NEW_COLUMNS:
        op.drop_column("stored_letters", name)
    op.drop_index("ix_submissions_asks_for_answers", "submissions")
    op.drop_column("submissions", "asks_for_answers")
