"""Outcomes are counted by day, alternatives by text; staff may ask for results by mail, and list letters by state."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; days before are counted by the worker at its next start."""
    op.create_table(
        "feature_tallies",
        sa.Column("campaign", sa.String(60), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("feature", sa.String(16), primary_key=True),
        sa.Column("cell", sa.String(16), primary_key=True),
        sa.Column("letters", sa.Integer(), nullable=False),
    )
    op.create_table(
        "alternative_tallies",
        sa.Column("campaign", sa.String(60), primary_key=True),
        sa.Column("template", sa.String(121), primary_key=True),
        sa.Column("language", sa.String(16), primary_key=True),
        sa.Column("place", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("alternative", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("fingerprint", sa.String(16), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
    )
    op.create_table(
        "staff_results_subscriptions",
        sa.Column(
            "account_id",
            sa.Integer(),
            sa.ForeignKey("staff_accounts.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("campaign_id", sa.Integer(), sa.ForeignKey("campaigns.id"), primary_key=True, autoincrement=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    )

    op.create_index("ix_messages_kind_state_id", "messages", ["kind", "state", "id"])


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_messages_kind_state_id", "messages")
    for table in ("staff_results_subscriptions", "alternative_tallies", "feature_tallies"):
        op.drop_table(table)
