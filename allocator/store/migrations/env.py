"""How alembic runs here: on the connection that `allocator.store.migrate` gives it."""

from alembic import context

from allocator.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
