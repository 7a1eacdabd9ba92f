"""An outage of the provider tells where all its failures are of one message, which may be to blame itself."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An outage that there is now counts as one of several messages."""
    id_of_message = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("provider_outages", sa.Column("only_message_id", id_of_message, nullable=True))


def downgrade() -> None:
    """Forget of which message the failures are."""
    op.drop_column("provider_outages", "only_message_id")
