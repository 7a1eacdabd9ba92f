"""A draft remembers what it held before its last acts, so that they can be undone."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

DRAFTS = sa.table(
    "staff_drafts",
    sa.column("id", sa.Integer),
    sa.column("over_revision_id", sa.Integer),
    sa.column("aside", sa.JSON(none_as_null=True)),
    sa.column("comparison", sa.JSON(none_as_null=True)),
    sa.column("undo_steps", sa.JSON),
)


def upgrade() -> None:
    """Let a draft that was set aside be what the last act replaced."""
    op.add_column("staff_drafts", sa.Column("comparison", sa.JSON(), nullable=True))
    op.add_column("staff_drafts", sa.Column("undo_steps", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("staff_drafts", sa.Column("redo_steps", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("staff_drafts", sa.Column("discarded", sa.Boolean(), nullable=False, server_default=sa.false()))
    connection = op.get_bind()
    for draft, over, aside in connection.execute(
        sa.select(DRAFTS.c.id, DRAFTS.c.over_revision_id, DRAFTS.c.aside)
    ).all():
        if aside:
            step = {
                "files": aside["files"],
                "typed": aside["typed"],
                "comparison": aside.get("beside_it"),
                "over": over,
                "act": "take",
            }
            values = {"comparison": aside.get("beside"), "undo_steps": [step]}
            connection.execute(sa.update(DRAFTS).where(DRAFTS.c.id == draft).values(**values))
    op.drop_column("staff_drafts", "aside")


def downgrade() -> None:
    """Take the steps away; what was set aside is lost."""
    op.add_column("staff_drafts", sa.Column("aside", sa.JSON(), nullable=True))
    for name in ("discarded", "redo_steps", "undo_steps", "comparison"):
        op.drop_column("staff_drafts", name)
