"""Counts by the hour, mailboxes beside addresses, and what a form's letters were."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

BY_MAILBOX = ("confirmations", "submissions")


def upgrade() -> None:
    """Make the table and the columns; rows that are there have none of them and are found by their address."""
    op.create_table(
        "hourly_counts",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("hour", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", "hour", name=op.f("pk_hourly_counts")),
    )
    for table in BY_MAILBOX:
        op.add_column(table, sa.Column("mailbox_hash", sa.String(64), nullable=True))
        op.create_index(f"ix_{table}_mailbox_hash", table, ["mailbox_hash"])
    op.add_column("submissions", sa.Column("contents_hash", sa.String(64), nullable=True))


def downgrade() -> None:
    """Drop them: the shares of 24 hours begin anew, and addresses are counted one by one."""
    op.drop_column("submissions", "contents_hash")
    for table in BY_MAILBOX:
        op.drop_index(f"ix_{table}_mailbox_hash", table)
        op.drop_column(table, "mailbox_hash")
    op.drop_table("hourly_counts")
