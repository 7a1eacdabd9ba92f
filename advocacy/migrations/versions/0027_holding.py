"""What is held for staff, and networks that take turns: measures of own words, and a message's network and round."""

import sqlalchemy as sa
from alembic import op

from advocacy.database import UtcDateTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

NEW, OLD = "ix_messages_pace_key_state_turn_due_at", "ix_messages_pace_key_state"


def upgrade() -> None:
    """What waits now has no network: it gives way to none."""
    op.create_table(
        "own_texts",
        sa.Column("letter_id", sa.String(32), nullable=False),
        sa.Column("legislator_id", sa.String(100), nullable=False),
        sa.Column("kept_percent", sa.Integer(), nullable=True),
        sa.Column("sketch", sa.LargeBinary(), nullable=True),
        sa.Column("group_key", sa.String(32), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["stored_letters.id"], name=op.f("fk_own_texts_letter_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_own_texts")),
    )
    op.create_index("ix_own_texts_legislator_id_confirmed_at", "own_texts", ["legislator_id", "confirmed_at"])
    op.add_column("submissions", sa.Column("network_hash", sa.String(64), nullable=True))
    op.add_column("messages", sa.Column("turn_key", sa.String(64), nullable=True))
    op.add_column("messages", sa.Column("turn", sa.SmallInteger(), nullable=False, server_default="0"))
    op.add_column("messages", sa.Column("gave_way", sa.SmallInteger(), nullable=False, server_default="0"))
    op.create_index("ix_messages_turn_key", "messages", ["turn_key"])
    op.create_index(NEW, "messages", ["pace_key", "state", "turn", "due_at"])
    op.drop_index(OLD, "messages")


def downgrade() -> None:
    """What is held needs a person still, under the older name of that."""
    op.execute("UPDATE messages SET state = 'needs_staff' WHERE state = 'held'")
    op.execute("UPDATE message_moves SET state = 'needs_staff' WHERE state = 'held'")
    op.create_index(OLD, "messages", ["pace_key", "state"])
    op.drop_index(NEW, "messages")
    op.drop_index("ix_messages_turn_key", "messages")
    for name in ("gave_way", "turn", "turn_key"):
        op.drop_column("messages", name)
    op.drop_column("submissions", "network_hash")
    op.drop_table("own_texts")
