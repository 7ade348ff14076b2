"""Runs the migrations on the connection that `voter_reg.store.migrate` hands over, in one transaction."""

from alembic import context

from voter_reg.store.db import db
from voter_reg.store.models import MODELS

assert MODELS  # importing them fills the metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=db.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
