"""The people of a site: accounts, drafts, proposals, the journal; and which revision of a document is live."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None

IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "staff_proposed_lists",
    "legislator_corrections",
    "letter_tallies",
    "staff_audit",
    "staff_campaign_rules",
    "staff_proposals",
    "staff_authorships",
    "staff_drafts",
    "staff_attempts",
    "staff_visits",
    "staff_invitations",
    "staff_passkeys",
    "staff_accounts",
    "publications",
)


def upgrade() -> None:
    """Make the tables; every revision there is was live from the moment it was made."""
    _make_publications()
    _make_accounts()
    _make_visits()
    _make_writing()
    _make_journal()
    _make_directory()


def downgrade() -> None:
    """Drop them, those that point before those pointed at."""
    for table in TABLES:
        op.drop_table(table)


def _make_publications() -> None:
    op.create_table(
        "publications",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("revision_id", sa.Integer(), sa.ForeignKey("revisions.id"), nullable=False, index=True),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.execute("INSERT INTO publications (revision_id, at) SELECT id, made_at FROM revisions ORDER BY id")
    op.create_table(
        "letter_tallies",
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("campaign", sa.String(60), primary_key=True),
        sa.Column("template", sa.String(121), primary_key=True),
        sa.Column("language", sa.String(16), primary_key=True),
        sa.Column("riding_code", sa.String(5), primary_key=True),
        sa.Column("letters", sa.Integer(), nullable=False),
    )


def _make_accounts() -> None:
    op.create_table(
        "staff_accounts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("email", sa.String(254), nullable=False, unique=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("password", sa.String(255)),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(64), nullable=False, unique=True),
        sa.Column("tf_primary_method", sa.String(64)),
        sa.Column("tf_totp_secret", sa.String(512)),
        sa.Column("totp_last", sa.BigInteger()),
        sa.Column("mf_recovery_codes", sa.Text()),
        sa.Column("fs_webauthn_user_handle", sa.String(64), unique=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT),
    )
    op.create_table(
        "staff_passkeys",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "user_id",
            sa.Integer(),
            sa.ForeignKey("staff_accounts.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("credential_id", sa.LargeBinary(1024), nullable=False, unique=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer()),
        sa.Column("transports", sa.Text()),
        sa.Column("backup_state", sa.Boolean(), nullable=False),
        sa.Column("device_type", sa.String(64), nullable=False),
        sa.Column("extensions", sa.String(255)),
        sa.Column("create_datetime", MOMENT, nullable=False),
        sa.Column("lastuse_datetime", MOMENT, nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("usage", sa.String(64), nullable=False),
    )
    op.create_table(
        "staff_invitations",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("email", sa.String(254), nullable=False, index=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("token_sealed", sa.LargeBinary()),
        sa.Column("invited_by", sa.Integer(), sa.ForeignKey("staff_accounts.id")),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.Column("withdrawn_at", MOMENT),
    )


def _make_visits() -> None:
    op.create_table(
        "staff_visits",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column(
            "account_id",
            sa.Integer(),
            sa.ForeignKey("staff_accounts.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("uniquifier", sa.String(64), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False, index=True),
        sa.Column("proved_at", MOMENT),
    )
    op.create_table(
        "staff_attempts",
        sa.Column("id", IDENTITY, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("ix_staff_attempts_kind_key_at", "staff_attempts", ["kind", "key", "at"])


def _make_writing() -> None:
    op.create_table(
        "staff_drafts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("document_id", sa.Integer(), sa.ForeignKey("documents.id"), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("staff_accounts.id"), nullable=False, index=True),
        sa.Column("over_revision_id", sa.Integer(), sa.ForeignKey("revisions.id"), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("typed", sa.Text()),
        sa.Column("aside", sa.JSON()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.UniqueConstraint("document_id", "account_id"),
    )
    op.create_table(
        "staff_authorships",
        sa.Column("revision_id", sa.Integer(), sa.ForeignKey("revisions.id"), primary_key=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("staff_accounts.id"), nullable=False, index=True),
        sa.Column("over_revision_id", sa.Integer(), sa.ForeignKey("revisions.id")),
    )
    op.create_table(
        "staff_proposals",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("revision_id", sa.Integer(), sa.ForeignKey("revisions.id"), nullable=False, unique=True),
        sa.Column("asked_by", sa.Integer(), sa.ForeignKey("staff_accounts.id"), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("answer", sa.String(16)),
        sa.Column("answered_by", sa.Integer(), sa.ForeignKey("staff_accounts.id")),
        sa.Column("answered_at", MOMENT),
        sa.Column("word", sa.Text(), nullable=False),
    )
    op.create_table(
        "staff_campaign_rules",
        sa.Column("campaign_id", sa.Integer(), sa.ForeignKey("campaigns.id"), primary_key=True),
        sa.Column("alone", sa.Boolean(), nullable=False),
    )


def _make_journal() -> None:
    op.create_table(
        "staff_audit",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("staff_accounts.id"), index=True),
        sa.Column("act", sa.String(40), nullable=False, index=True),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("before", sa.JSON()),
        sa.Column("after", sa.JSON()),
        sa.Column("reason", sa.Text()),
        sa.Column("reason_salt", sa.String(32), nullable=False),
        sa.Column("reason_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )


def _make_directory() -> None:
    op.create_table(
        "legislator_corrections",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("legislator_id", sa.String(100), sa.ForeignKey("legislators.id"), nullable=False, index=True),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("value", sa.JSON()),
        sa.Column("source_value", sa.JSON()),
        sa.Column("source_then", sa.JSON()),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.UniqueConstraint("legislator_id", "field"),
    )
    op.create_table(
        "staff_proposed_lists",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("staff_accounts.id"), nullable=False, index=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("records", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    )
