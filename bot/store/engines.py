"""The two kinds of database behind one small face: a job reads or writes over a connection it is given."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

from sqlalchemy import URL, Connection, Insert, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.locking import FileLock
from bot.store.writer import Writer

T = TypeVar("T")
Job = Callable[[Connection], T]

LANES = 4
"""Threads that accept requests at once on PostgreSQL."""


class Database(Protocol):
    """One open database. A job may be run again when its neighbours' commit failed: it must only read and write."""

    name: str

    def later(self, job: Job[T]) -> Future[T]:
        """Run a writing job soon; done once it is committed for good."""

    def write(self, job: Job[T]) -> T:
        """Run a writing job and wait for its commit."""

    def read(self, job: Job[T]) -> T:
        """Run a reading job."""

    def insert(self, table: Table) -> Any:
        """An insert that knows `on_conflict_…`: the dialects spell it alike but share no class for it."""

    def tidy(self) -> None:
        """Let nothing that was deleted lie about in the files."""

    def close(self) -> None:
        """Finish what is being written and let go."""


class SqliteDatabase:
    """One file, one process: a writer thread with its own connection, readers beside it."""

    def __init__(self, url: URL, lock: FileLock) -> None:
        module = sqlite_module()
        self.name = f"SQLite {module.sqlite_version}"
        self._lock = lock
        self.engine = create_engine(url, module=module, connect_args={"timeout": 5.0}, hide_parameters=True)
        event.listen(self.engine, "connect", _sqlite_connected)
        event.listen(self.engine, "begin", _sqlite_begun)
        self._writer = Writer(self.engine)
        self._readers = self.engine.execution_options(reading=True)

    def later(self, job: Job[T]) -> Future[T]:
        """See Database."""
        return self._writer.submit(job)

    def write(self, job: Job[T]) -> T:
        """See Database."""
        return self._writer.submit(job).result()

    def read(self, job: Job[T]) -> T:
        """See Database."""
        with self._readers.connect() as connection:
            return job(connection)

    def insert(self, table: Table) -> Insert:
        """See Database."""
        return sqlite.insert(table)

    def tidy(self) -> None:
        """Empty the write-ahead log, where texts that are deleted would still stand."""
        with self._readers.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """See Database."""
        self._writer.close()
        self.engine.dispose()
        self._lock.release()


class PostgresDatabase:
    """A server that several processes share."""

    def __init__(self, url: URL) -> None:
        self.engine = create_engine(
            url,
            pool_size=LANES,
            max_overflow=2 * LANES,
            pool_timeout=10,
            pool_pre_ping=True,
            hide_parameters=True,  # an error is logged; a question is not
            connect_args={"connect_timeout": 5, "application_name": "guideline-bot", "prepare_threshold": None},
        )
        event.listen(self.engine, "connect", _postgres_connected)
        self.name = "PostgreSQL"  # its version is known when somebody has connected
        self._lanes = ThreadPoolExecutor(LANES, thread_name_prefix="store")

    def later(self, job: Job[T]) -> Future[T]:
        """See Database."""
        return self._lanes.submit(self.write, job)

    def write(self, job: Job[T]) -> T:
        """See Database."""
        with self.engine.begin() as connection:
            return job(connection)

    def read(self, job: Job[T]) -> T:
        """See Database."""
        with self.engine.connect() as connection:
            return job(connection)

    def insert(self, table: Table) -> Insert:
        """See Database."""
        return postgresql.insert(table)

    def tidy(self) -> None:
        """The server cleans up by itself."""

    def close(self) -> None:
        """See Database."""
        self._lanes.shutdown()
        self.engine.dispose()


def sqlite_module() -> Any:  # two modules with one interface
    """SQLite as a current wheel brings it; the system's own where there is no wheel."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:  # a wheel that not every system has
        return importlib.import_module("sqlite3")


def _sqlite_connected(connection: Any, _record: Any) -> None:
    # The module's own ideas of when a transaction begins are switched off: `_sqlite_begun` says it.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "busy_timeout=5000"):
        connection.execute(f"PRAGMA {pragma}").close()


def _sqlite_begun(connection: Connection) -> None:
    if not connection.get_execution_options().get("reading"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _postgres_connected(connection: Any, _record: Any) -> None:
    # A server that hangs must not hang the threads that wait for it.
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '15s'")
        cursor.execute("SET idle_in_transaction_session_timeout = '30s'")
    connection.commit()
