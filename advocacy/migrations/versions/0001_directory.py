"""The directory: ridings, their other names, legislators, and where each list came from."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the directory's four tables."""
    _make_data_sets()
    _make_ridings()
    _make_legislators()


def downgrade() -> None:
    """Drop them, those that point before those pointed at."""
    for table in ("legislators", "riding_aliases", "ridings", "data_sets"):
        op.drop_table(table)


def _make_data_sets() -> None:
    op.create_table(
        "data_sets",
        sa.Column("key", sa.String(50), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("origin", sa.String(32), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_data_sets")),
    )


def _make_ridings() -> None:
    op.create_table(
        "ridings",
        sa.Column("fed_code", sa.String(5), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("province", sa.String(2), nullable=False),
        sa.PrimaryKeyConstraint("fed_code", name=op.f("pk_ridings")),
    )
    op.create_index(op.f("ix_ridings_province"), "ridings", ["province"])
    op.create_table(
        "riding_aliases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("riding_code", sa.String(5), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_riding_aliases")),
        sa.ForeignKeyConstraint(["riding_code"], ["ridings.fed_code"], name=op.f("fk_riding_aliases_riding_code")),
    )
    op.create_index(op.f("ix_riding_aliases_riding_code"), "riding_aliases", ["riding_code"])


def _make_legislators() -> None:
    op.create_table(
        "legislators",
        sa.Column("id", sa.String(100), nullable=False),
        sa.Column("chamber", sa.String(32), nullable=False),
        sa.Column("office", sa.String(32), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("source_id", sa.String(100)),
        sa.Column("first_name", sa.String(100), nullable=False),
        sa.Column("last_name", sa.String(100), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("gender", sa.String(32)),
        sa.Column("preferred_language", sa.String(32)),
        sa.Column("riding_code", sa.String(5)),
        sa.Column("district", sa.JSON()),
        sa.Column("province", sa.String(2)),
        sa.Column("party", sa.JSON()),
        sa.Column("honorific", sa.String(50), nullable=False),
        sa.Column("privy_councillor", sa.Boolean(), nullable=False),
        sa.Column("title", sa.JSON()),
        sa.Column("email", sa.String(254)),
        sa.Column("addresses", sa.JSON(), nullable=False),
        sa.Column("profile", sa.JSON()),
        sa.Column("since", sa.Date()),
        sa.Column("retires_on", sa.Date()),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legislators")),
        sa.ForeignKeyConstraint(["riding_code"], ["ridings.fed_code"], name=op.f("fk_legislators_riding_code")),
        sa.UniqueConstraint("chamber", "source_id", name=op.f("uq_legislators_chamber_source_id")),
    )
    for column in ("chamber", "office", "province", "riding_code"):
        op.create_index(op.f(f"ix_legislators_{column}"), "legislators", [column])
