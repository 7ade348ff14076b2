"""Migrations from inside the service: bring the schema up, or say whether it is."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import migrations
from voter_reg.store.db import db
from voter_reg.store.dialect import WRITES


def upgrade(revision: str = "head") -> None:
    """Run every migration that has not run yet, all of them in one transaction. Needs an application context."""
    with db.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        command.upgrade(_config(connection), revision)


def downgrade(revision: str) -> None:
    """Go back to a revision, in one transaction. For tests of migrations."""
    with db.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        command.downgrade(_config(connection), revision)


def revisions() -> tuple[str | None, str | None]:
    """The schema's revision as it is (None for an empty database), and as this version needs it."""
    with db.engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    return present, ScriptDirectory.from_config(_config()).get_current_head()


def _config(connection: object = None) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["connection"] = connection
    return config
