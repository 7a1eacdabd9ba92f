"""Mails to staff about their accounts; passkeys are told apart by their names."""

import sqlalchemy as sa
from alembic import op

from advocacy.database import UtcDateTime

revision = "0010"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the mails. Where two passkeys of one person have one name, the later ones get a number."""
    op.create_table(
        "staff_account_mails",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "account_id",
            sa.Integer(),
            sa.ForeignKey("staff_accounts.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("token_sealed", sa.LargeBinary()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
    )
    connection = op.get_bind()
    passkeys = sa.table("staff_passkeys", sa.column("id"), sa.column("user_id"), sa.column("name"))
    taken: set[tuple[int, str]] = set()
    for row in connection.execute(sa.select(passkeys).order_by(passkeys.c.id)).all():
        name, number = row.name, 2
        while (row.user_id, name) in taken:
            name, number = f"{row.name[:60]} {number}", number + 1
        taken.add((row.user_id, name))
        if name != row.name:
            connection.execute(sa.update(passkeys).where(passkeys.c.id == row.id).values(name=name))


def downgrade() -> None:
    """Drop the mails; the passkeys keep their names."""
    op.drop_table("staff_account_mails")
