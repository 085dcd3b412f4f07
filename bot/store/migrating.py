"""The schema brought to its newest form when the store is opened."""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from alembic.script.revision import ResolutionError
from alembic.util import CommandError
from sqlalchemy import Connection

from bot.store.tables import metadata

LOCK = 0x6775_6964
"""The number under which replicas that start together wait for one another."""


class NewerSchemaError(Exception):
    """The database has been brought to a schema that this program does not know."""


def migrate(connection: Connection, to: str = "head") -> None:
    """Run every migration that the database lacks, inside the connection's transaction; `to` an older one for tests.

    Raises NewerSchemaError.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
    script = scripts()
    with EnvironmentContext(Config(), script) as environment:

        def upgrade(revision: tuple[str, ...], _context: MigrationContext) -> list[object]:
            # As alembic's own `upgrade` command does, which would ask for an env.py and a configuration file.
            return list(script._upgrade_revs(to, revision))  # type: ignore[arg-type]  # noqa: SLF001  # see above

        environment.configure(connection=connection, target_metadata=metadata, fn=upgrade)
        try:
            environment.run_migrations()
        except (CommandError, ResolutionError):
            raise NewerSchemaError from None


def scripts() -> ScriptDirectory:
    """The migrations that come with the program."""
    return ScriptDirectory(str(Path(__file__).parent / "migrations"))
