"""Alembic's entry: migrate over the connection that the program hands in."""

from alembic import context

from api.hub.storage.models import hub

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=hub.metadata, render_as_batch=connection.dialect.name == "sqlite"
)
with context.begin_transaction():
    context.run_migrations()
