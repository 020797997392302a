"""Alembic's entry point: the engine comes from `include.warehouse.migrate`, never from a file."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, version_table_schema="public", version_table="health_schema"
)
with context.begin_transaction():
    context.run_migrations()
