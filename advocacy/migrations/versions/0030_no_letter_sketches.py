"""Letters are no longer compared with those that an office got before."""

import sqlalchemy as sa
from alembic import op

from advocacy.database import UtcDateTime

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop the sketches of letters."""
    op.drop_table("letter_sketches")


def downgrade() -> None:
    """The older version compares with what comes from then on."""
    op.create_table(
        "letter_sketches",
        sa.Column("letter_id", sa.String(32), nullable=False),
        sa.Column("legislator_id", sa.String(100), nullable=False),
        sa.Column("windows", sa.Integer(), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["stored_letters.id"], name=op.f("fk_letter_sketches_letter_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_letter_sketches")),
    )
    op.create_index("ix_letter_sketches_legislator_id_created_at", "letter_sketches", ["legislator_id", "created_at"])
