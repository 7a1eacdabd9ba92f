"""How Alembic meets the database: on the connection it is handed, in the transaction that is already open."""

from alembic import context

from advocacy.database import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
