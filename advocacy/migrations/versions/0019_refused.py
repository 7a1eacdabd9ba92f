"""A move tells whether the provider refused the message for good, and perhaps not that message alone."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Refusals written before are not counted any more."""
    op.add_column("message_moves", sa.Column("refused", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Forget which were refused."""
    op.drop_column("message_moves", "refused")
