"""Sending: the outbox with every move of its messages, and what citizens asked to have sent."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "message_moves",
    "messages",
    "provider_events",
    "outbox_holds",
    "paces",
    "stored_letters",
    "submissions",
    "confirmations",
    "choice_counts",
    "suppressions",
    "counts",
    "doubtful_addresses",
)


def upgrade() -> None:
    """Make the outbox's tables, then the letters'."""
    _make_messages()
    _make_reports()
    _make_confirmations()
    _make_letters()
    _make_counts()


def downgrade() -> None:
    """Drop them, those that point before those pointed at."""
    for table in TABLES:
        op.drop_table(table)


def _make_messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("public_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("ref", sa.String(64), nullable=False),
        sa.Column("pace_key", sa.String(100)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("lease_until", MOMENT),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("resent", sa.Boolean(), nullable=False),
        sa.Column("provider_id", sa.String(200)),
        sa.Column("reason", sa.String(60), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("kind", "ref", name=op.f("uq_messages_kind_ref")),
        sa.UniqueConstraint("public_id", name=op.f("uq_messages_public_id")),
    )
    op.create_index("ix_messages_state_due_at_id", "messages", ["state", "due_at", "id"])
    op.create_index("ix_messages_state_lease_until", "messages", ["state", "lease_until"])
    op.create_index("ix_messages_pace_key_state", "messages", ["pace_key", "state"])
    op.create_table(
        "message_moves",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("message_id", IDENTITY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("by", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(60), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_message_moves_message_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_moves")),
    )
    op.create_index("ix_message_moves_message_id", "message_moves", ["message_id"])


def _make_reports() -> None:
    op.create_table(
        "provider_events",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("provider", sa.String(20), nullable=False),
        sa.Column("provider_event_id", sa.String(200), nullable=False),
        sa.Column("public_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("reported", sa.String(16)),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("reason", sa.String(60), nullable=False),
        sa.Column("raw", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_events")),
        sa.UniqueConstraint(
            "provider", "provider_event_id", name=op.f("uq_provider_events_provider_provider_event_id")
        ),
    )
    op.create_index("ix_provider_events_public_id", "provider_events", ["public_id"])
    op.create_table(
        "outbox_holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(60), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("by", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_holds")),
    )
    op.create_table(
        "paces",
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_paces")),
    )


def _make_confirmations() -> None:
    op.create_table(
        "confirmations",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("campaign", sa.String(60), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("email_sealed", sa.LargeBinary()),
        sa.Column("email_hash", sa.String(64)),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("token_sealed", sa.LargeBinary()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.Column("receipt_hash", sa.String(64)),
        sa.Column("receipt_sealed", sa.LargeBinary()),
        sa.Column("told_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmations")),
        sa.UniqueConstraint("receipt_hash", name=op.f("uq_confirmations_receipt_hash")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_confirmations_token_hash")),
    )
    op.create_index("ix_confirmations_email_hash", "confirmations", ["email_hash"])
    op.create_index("ix_confirmations_expires_at", "confirmations", ["expires_at"])


def _make_letters() -> None:
    op.create_table(
        "submissions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("confirmation_id", sa.String(32)),
        sa.Column("campaign", sa.String(60), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("standing", sa.String(16), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT),
        sa.Column("name_sealed", sa.LargeBinary()),
        sa.Column("email_sealed", sa.LargeBinary()),
        sa.Column("email_hash", sa.String(64)),
        sa.Column("consent_text", sa.String(40), nullable=False),
        sa.Column("consented_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["confirmation_id"],
            ["confirmations.id"],
            name=op.f("fk_submissions_confirmation_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_submissions_key_hash")),
    )
    for column in ("confirmation_id", "email_hash", "standing"):
        op.create_index(f"ix_submissions_{column}", "submissions", [column])
    op.create_table(
        "stored_letters",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("submission_id", sa.String(32)),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("campaign", sa.String(60), nullable=False),
        sa.Column("template", sa.String(121), nullable=False),
        sa.Column("pins", sa.JSON(), nullable=False),
        sa.Column("legislator_id", sa.String(100), nullable=False),
        sa.Column("riding_code", sa.String(5)),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.Column("letter_sealed", sa.LargeBinary()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("written_before", sa.Date()),
        sa.ForeignKeyConstraint(["legislator_id"], ["legislators.id"], name=op.f("fk_stored_letters_legislator_id")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_stored_letters_submission_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_letters")),
        sa.UniqueConstraint(
            "submission_id", "legislator_id", name=op.f("uq_stored_letters_submission_id_legislator_id")
        ),
    )
    op.create_index("ix_stored_letters_submission_id", "stored_letters", ["submission_id"])
    op.create_index("ix_stored_letters_legislator_id_created_at", "stored_letters", ["legislator_id", "created_at"])


def _make_counts() -> None:
    op.create_table(
        "choice_counts",
        sa.Column("legislator_id", sa.String(100), nullable=False),
        sa.Column("fingerprint", sa.String(16), nullable=False),
        sa.Column("choice", sa.String(100), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("legislator_id", "fingerprint", "choice", name=op.f("pk_choice_counts")),
    )
    op.create_table(
        "suppressions",
        sa.Column("campaign", sa.String(60), nullable=False),
        sa.Column("email_hash", sa.String(64), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("campaign", "email_hash", name=op.f("pk_suppressions")),
    )
    op.create_table(
        "counts",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", "day", name=op.f("pk_counts")),
    )
    op.create_table(
        "doubtful_addresses",
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("reason", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("email", name=op.f("pk_doubtful_addresses")),
    )
