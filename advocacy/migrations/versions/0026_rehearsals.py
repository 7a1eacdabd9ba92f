"""Rehearsals of campaigns, and whether a campaign has to be rehearsed before anything of it is published."""

import sqlalchemy as sa
from alembic import op

from advocacy.database import UtcDateTime

revision = "0026"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No campaign wants a rehearsal yet."""
    op.add_column(
        "staff_campaign_rules", sa.Column("rehearsal_letters", sa.Integer(), nullable=False, server_default="0")
    )
    op.create_table(
        "staff_rehearsals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("revisions", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_staff_rehearsals_campaign_id")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["staff_accounts.id"],
            name=op.f("fk_staff_rehearsals_account_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_rehearsals")),
    )
    op.create_index(op.f("ix_staff_rehearsals_campaign_id"), "staff_rehearsals", ["campaign_id"])
    op.create_index(op.f("ix_staff_rehearsals_account_id"), "staff_rehearsals", ["account_id"])


def downgrade() -> None:
    """Forget all rehearsals, and where one is wanted."""
    op.drop_table("staff_rehearsals")
    op.drop_column("staff_campaign_rules", "rehearsal_letters")
