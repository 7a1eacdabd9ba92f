"""Reviews are conversations, publications can be scheduled, campaigns and letters taken offline or archived."""

import sqlalchemy as sa
from alembic import op

from advocacy.database import UtcDateTime

revision = "0014"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what a review is made of; all that there is counts as online."""
    for table in ("campaigns", "documents"):
        op.add_column(table, sa.Column("availability", sa.String(16), nullable=False, server_default="online"))
        op.add_column(table, sa.Column("availability_reason", sa.Text(), nullable=False, server_default=""))
        op.add_column(table, sa.Column("holds_unconfirmed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("campaigns", sa.Column("availability_version", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("staff_proposals") as proposals:
        proposals.add_column(sa.Column("reviewer_id", sa.Integer(), nullable=True))
        proposals.add_column(sa.Column("note", sa.Text(), nullable=False, server_default=""))
        proposals.create_foreign_key(op.f("fk_staff_proposals_reviewer_id"), "staff_accounts", ["reviewer_id"], ["id"])
    op.create_table(
        "staff_review_entries",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("act_id", sa.Integer(), nullable=False, index=True),
        sa.Column("document_id", sa.Integer(), sa.ForeignKey("documents.id"), nullable=False, index=True),
        sa.Column("revision_id", sa.Integer(), sa.ForeignKey("revisions.id"), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("staff_accounts.id"), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("file", sa.String(120), nullable=False),
        sa.Column("paragraph", sa.Integer(), nullable=True),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("resolved_by", sa.Integer(), sa.ForeignKey("staff_accounts.id"), nullable=True),
        sa.Column("resolved_at", UtcDateTime(), nullable=True),
    )
    op.create_table(
        "staff_schedules",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("campaign_id", sa.Integer(), sa.ForeignKey("campaigns.id"), nullable=False, index=True),
        sa.Column("revisions", sa.JSON(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Integer(), sa.ForeignKey("staff_accounts.id"), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("after_publication_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=True, index=True),
        sa.Column("settled_by", sa.Integer(), sa.ForeignKey("staff_accounts.id"), nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
    )


def downgrade() -> None:
    """Take it away, with what was said and scheduled."""
    op.drop_table("staff_schedules")
    op.drop_table("staff_review_entries")
    with op.batch_alter_table("staff_proposals") as proposals:
        proposals.drop_column("note")
        proposals.drop_constraint(op.f("fk_staff_proposals_reviewer_id"), type_="foreignkey")
        proposals.drop_column("reviewer_id")
    for table in ("campaigns", "documents"):
        for column in ("availability", "availability_reason", "holds_unconfirmed"):
            op.drop_column(table, column)
    op.drop_column("campaigns", "availability_version")
