"""A letter has one draft, which the team shares, and comments are on one of its texts."""

import sqlalchemy as sa
from alembic import op

from advocacy.database import UtcDateTime

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Begin with no drafts: those of texts with conditions cannot be read any more."""
    op.drop_table("staff_drafts")
    op.create_table(
        "staff_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("writers", sa.JSON(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["staff_accounts.id"], name=op.f("fk_staff_drafts_account_id")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_staff_drafts_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_drafts")),
        sa.UniqueConstraint("document_id", name=op.f("uq_staff_drafts_document_id")),
    )
    op.create_index(op.f("ix_staff_drafts_account_id"), "staff_drafts", ["account_id"])
    with op.batch_alter_table("staff_review_entries") as entries:
        entries.drop_column("file")
        entries.drop_column("paragraph")
        entries.add_column(sa.Column("language", sa.String(16), nullable=True))
        entries.add_column(sa.Column("cell", sa.String(80), nullable=True))


def downgrade() -> None:
    """Give each person their drafts again, none yet; what comments were on is lost."""
    with op.batch_alter_table("staff_review_entries") as entries:
        entries.drop_column("cell")
        entries.drop_column("language")
        entries.add_column(sa.Column("paragraph", sa.Integer(), nullable=True))
        entries.add_column(sa.Column("file", sa.String(120), nullable=False, server_default=""))
    op.drop_table("staff_drafts")
    op.create_table(
        "staff_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("over_revision_id", sa.Integer(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("typed", sa.Text(), nullable=True),
        sa.Column("comparison", sa.JSON(), nullable=True),
        sa.Column("undo_steps", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("redo_steps", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("discarded", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["staff_accounts.id"], name=op.f("fk_staff_drafts_account_id")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_staff_drafts_document_id")),
        sa.ForeignKeyConstraint(["over_revision_id"], ["revisions.id"], name=op.f("fk_staff_drafts_over_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_drafts")),
        sa.UniqueConstraint("document_id", "account_id", name=op.f("uq_staff_drafts_document_id_account_id")),
    )
    op.create_index(op.f("ix_staff_drafts_account_id"), "staff_drafts", ["account_id"])
