"""A campaign can keep its own list of people to write to."""

import sqlalchemy as sa
from alembic import op

from advocacy.database import UtcDateTime

revision = "0011"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the lists, and to each person the campaign whose list they are in: nobody so far."""
    op.create_table(
        "own_lists",
        sa.Column("campaign", sa.String(60), primary_key=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("waiting", sa.LargeBinary()),
        sa.Column("waiting_by", sa.Integer()),
    )
    op.add_column("legislators", sa.Column("campaign", sa.String(60)))
    op.create_index("ix_legislators_campaign", "legislators", ["campaign"])


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_legislators_campaign", "legislators")
    op.drop_column("legislators", "campaign")
    op.drop_table("own_lists")
