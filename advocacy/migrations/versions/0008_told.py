"""The citizen is told of the end and of what came back, each once: a mark for each."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the mark; whoever was told before of letters of which one came back is not told again."""
    op.add_column("confirmations", sa.Column("bounce_told_at", sa.DateTime(timezone=True)))
    op.execute(
        "UPDATE confirmations SET bounce_told_at = told_at WHERE told_at IS NOT NULL AND id IN ("
        "SELECT submissions.confirmation_id FROM submissions "
        "JOIN stored_letters ON stored_letters.submission_id = submissions.id "
        "JOIN messages ON messages.kind = 'letter' AND messages.ref = stored_letters.id "
        "WHERE messages.state IN ('bounced', 'failed'))"
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_column("confirmations", "bounce_told_at")
