"""A minister is known to be responsible for bills."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the bills of a minister, none so far: the shipped list brings them in at the next start."""
    op.add_column("legislators", sa.Column("responsible_for", sa.String(200), nullable=False, server_default=""))


def downgrade() -> None:
    """Take them away."""
    op.drop_column("legislators", "responsible_for")
