"""A zip of campaigns waits as the file of a job, encrypted; those that waited before are to be chosen again."""

import sqlalchemy as sa
from alembic import op

from advocacy.database import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop the table of zips, which kept them for a day as they were."""
    op.drop_table("staff_imports")


def downgrade() -> None:
    """Make it again, empty."""
    op.create_table(
        "staff_imports",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("archive", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["staff_accounts.id"], name=op.f("fk_staff_imports_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_staff_imports")),
    )
