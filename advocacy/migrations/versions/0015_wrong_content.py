"""Wrong content is noted with its moment: what was sent in before cannot be confirmed, even once it is online again."""

import sqlalchemy as sa
from alembic import op

from advocacy.database import UtcDateTime

revision = "0015"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = [
    sa.table(
        name,
        sa.column("availability", sa.String),
        sa.column("holds_unconfirmed", sa.Boolean),
        sa.column("wrong_before", UtcDateTime()),
    )
    for name in ("campaigns", "documents")
]


def upgrade() -> None:
    """Let what is offline for its content be wrong from now back."""
    for table in TABLES:
        op.add_column(table.name, sa.Column("wrong_before", UtcDateTime(), nullable=True))
        op.execute(sa.update(table).where(table.c.holds_unconfirmed).values(wrong_before=sa.func.now()))
        op.drop_column(table.name, "holds_unconfirmed")


def downgrade() -> None:
    """Forget the moments; what is offline for its content holds letters back until it is online."""
    for table in TABLES:
        op.add_column(
            table.name, sa.Column("holds_unconfirmed", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        wrong = sa.update(table).where(table.c.wrong_before.is_not(None), table.c.availability != "online")
        op.execute(wrong.values(holds_unconfirmed=sa.true()))
        op.drop_column(table.name, "wrong_before")
