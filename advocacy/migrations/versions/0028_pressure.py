"""How many forms come in, when that is more than is calm, and which challenges have been solved and used."""

import sqlalchemy as sa
from alembic import op

from advocacy.database import UtcDateTime

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make three tables, which begin empty: a site that knows no calm hours yet goes by its setting."""
    op.create_table(
        "arrivals",
        sa.Column("slot", UtcDateTime(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("slot", name=op.f("pk_arrivals")),
    )
    op.create_table(
        "pressure_periods",
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("is_over", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("began_at", name=op.f("pk_pressure_periods")),
    )
    op.create_table(
        "spent_challenges",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_spent_challenges")),
    )
    op.create_index(op.f("ix_spent_challenges_expires_at"), "spent_challenges", ["expires_at"])


def downgrade() -> None:
    """Drop them; what was counted is lost."""
    op.drop_table("spent_challenges")
    op.drop_table("pressure_periods")
    op.drop_table("arrivals")
