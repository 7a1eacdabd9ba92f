"""The outbox sends the site's own mails first and knows how late a message is; what runs on a schedule runs once."""

import sqlalchemy as sa
from alembic import op

from advocacy.database import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MESSAGES = sa.table(
    "messages",
    sa.column("kind", sa.String),
    sa.column("priority", sa.Integer),
    sa.column("due_at", UtcDateTime()),
    sa.column("first_due_at", UtcDateTime()),
)
NEW, OLD = "ix_messages_state_priority_due_at_id", "ix_messages_state_due_at_id"
LATE, LEASES = "ix_messages_state_first_due_at", "ix_messages_state_lease_until"


def upgrade() -> None:
    """Letters leave after mails; what waits now has been due since it is due."""
    op.add_column("messages", sa.Column("priority", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("messages", sa.Column("first_due_at", UtcDateTime(), nullable=True))
    op.execute(sa.update(MESSAGES).where(MESSAGES.c.kind == "letter").values(priority=1))
    op.execute(sa.update(MESSAGES).values(first_due_at=MESSAGES.c.due_at))
    op.create_index(NEW, "messages", ["state", "priority", "due_at", "id"])
    op.drop_index(OLD, "messages")
    op.create_index(LATE, "messages", ["state", "first_due_at"])
    # Few messages are being sent at any time: their leases are looked through.
    op.drop_index(LEASES, "messages")
    op.create_table(
        "periodic_runs",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_periodic_runs")),
    )
    op.create_table(
        "provider_outages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(60), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("rest_from", UtcDateTime(), nullable=False),
        sa.Column("rest_until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_outages")),
    )


def downgrade() -> None:
    """Forget the order and the lateness."""
    op.drop_table("provider_outages")
    op.drop_table("periodic_runs")
    op.create_index(LEASES, "messages", ["state", "lease_until"])
    op.drop_index(LATE, "messages")
    op.create_index(OLD, "messages", ["state", "due_at", "id"])
    op.drop_index(NEW, "messages")
    op.drop_column("messages", "first_due_at")
    op.drop_column("messages", "priority")
