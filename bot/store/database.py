"""The store behind the ports: one database, opened once for a process."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from bot.errors import SettingsError
from bot.onboarding_ports import Enrolments, Ledger, Outbox
from bot.ports import Clock, FindingRecords, Inbox, Places, Records
from bot.store.engines import Database, PostgresDatabase, SqliteDatabase
from bot.store.enrolments import StoredEnrolments
from bot.store.findings import StoredFindings
from bot.store.inbox import StoredInbox
from bot.store.ledger import StoredLedger
from bot.store.locking import FileLock
from bot.store.migrating import NewerSchemaError, migrate
from bot.store.outbox import StoredOutbox
from bot.store.places import StoredPlaces
from bot.store.records import StoredRecords
from bot.store.tidying import Tidier


@dataclass(frozen=True, slots=True)
class Store:
    """The ports over one open database. `engine` is its kind and version, for people."""

    records: Records
    inbox: Inbox
    places: Places
    findings: FindingRecords
    enrolments: Enrolments
    outbox: Outbox
    ledger: Ledger
    engine: str
    _database: Database
    _tidier: Tidier

    def tidy(self) -> None:
        """Delete what is too old. The inbox does so hourly by itself."""
        self._tidier.tidy()

    def close(self) -> None:
        """Finish what is being written and close the database."""
        self._database.close()


def open_store(url: str, clock: Clock) -> Store:
    """The database at an SQLAlchemy URL (sqlite or postgresql), brought to the newest schema.

    A folder that an SQLite file needs is made, for its owner alone. Never fork after this.
    Raises SettingsError where it cannot be opened (E209) or another process has it (E210, SQLite only).
    """
    named = parsed(url)
    if named.get_backend_name() == "sqlite":
        database: Database = _sqlite(named)
    else:
        database = _postgres(named)
    return _store(database, clock)


def _store(database: Database, clock: Clock) -> Store:
    tidier = Tidier(database, clock)
    owner = secrets.token_hex(8)
    inbox = StoredInbox(database, clock, owner, tidier)
    if isinstance(database, SqliteDatabase):
        inbox.take_back()
    records = StoredRecords(database, clock)
    return Store(
        records=records,
        inbox=inbox,
        places=StoredPlaces(database, clock),
        findings=StoredFindings(database, records, clock),
        enrolments=StoredEnrolments(database, clock),
        outbox=StoredOutbox(database, clock, owner),
        ledger=StoredLedger(database),
        engine=database.name,
        _database=database,
        _tidier=tidier,
    )


def parsed(url: str) -> URL:
    """A database's address. Raises SettingsError (E209) for one that cannot be used."""
    try:
        named = make_url(url)
    except (ArgumentError, ValueError):
        raise _unusable("アドレスを読み取れません", "its URL cannot be read") from None
    if named.drivername in ("postgresql", "postgresql+psycopg", "postgres"):
        return named.set(drivername="postgresql+psycopg")
    if named.drivername in ("sqlite", "sqlite+pysqlite"):
        if named.database in (None, "", ":memory:"):
            raise _unusable("SQLiteはファイルに置いてください", "SQLite needs a file")
        if named.query or "\0" in (named.database or ""):
            raise _unusable("SQLiteのアドレスはファイルの場所だけです", "SQLite takes a path and nothing else")
        return named.set(drivername="sqlite+pysqlite")
    raise _unusable("使えるのはsqliteとpostgresqlです", "only sqlite and postgresql can be used")


def _sqlite(url: URL) -> SqliteDatabase:
    path = Path(url.database or "")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # SQLite's other files take this one's mode
        lock = FileLock(path.with_name(f"{path.name}.lock"))
    except BlockingIOError:
        raise SettingsError(
            "E210",
            f"別のプロセスがこのデータベースを使っています（{path}）。先にそちらを止めるか、PostgreSQLを使ってください。",
            f"another process is using this database ({path}): stop it first, or use PostgreSQL.",
        ) from None
    except OSError as error:
        raise _unusable(f"{path} に書き込めません", f"cannot write {path}: {error.strerror}") from None
    database = SqliteDatabase(url, lock)
    try:
        database.write(migrate)
    except NewerSchemaError:
        database.close()
        raise _newer() from None
    except SQLAlchemyError as error:
        database.close()
        raise _unusable(f"{path} を開けません", f"cannot open {path}: {_said(error, url)}") from None
    return database


def _postgres(url: URL) -> PostgresDatabase:
    where = f"{url.host or ''}:{url.port or 5432}/{url.database or ''}"
    try:
        database = PostgresDatabase(url)
    except ImportError:
        raise _unusable(
            "psycopgが入っていません（[postgres] を加えてインストールしてください）",
            "psycopg is not installed (extra [postgres])",
        ) from None
    try:
        database.write(migrate)
        database.name = database.read(lambda connection: f"PostgreSQL {connection.scalar(text('SHOW server_version'))}")
    except NewerSchemaError:
        database.close()
        raise _newer() from None
    except (SQLAlchemyError, ValueError) as error:  # ValueError: a host's name that cannot be one
        database.close()
        said = _said(error, url)
        raise _unusable(f"PostgreSQL {where} に接続できません: {said}", f"PostgreSQL {where}: {said}") from None
    return database


def _said(error: Exception, url: URL) -> str:
    """The driver's own first line, without the password and without the statement."""
    said = str(getattr(error, "orig", None) or type(error).__name__).strip().partition("\n")[0]
    return said.replace(url.password, "***") if isinstance(url.password, str) and url.password else said


def _newer() -> SettingsError:
    return _unusable("このプログラムより新しい版が作ったものです", "a newer version of this program has made it")


def _unusable(japanese: str, english: str) -> SettingsError:
    return SettingsError(
        "E209", f"データベースを使えません（{japanese}）。", f"the database cannot be used ({english})."
    )
