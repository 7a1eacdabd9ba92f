"""How many mails an address is asked by stays counted for a whole day, not until midnight."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; what was counted until midnight is no longer read."""
    op.create_table(
        "mailings",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", "due_at", name=op.f("pk_mailings")),
    )
    op.execute("DELETE FROM counts WHERE kind = 'address'")


def downgrade() -> None:
    """Drop the table: the share of an address begins anew."""
    op.drop_table("mailings")
