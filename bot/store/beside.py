"""Reading a database that another process may have open, without its lock and without a write."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote

from sqlalchemy import Engine, Table, create_engine, inspect, make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import SettingsError
from bot.onboarding_ports import Enrolments, Ledger, Outbox
from bot.ports import Clock
from bot.store.course_tables import enrolments
from bot.store.database import parsed
from bot.store.engines import Job, T, sqlite_module
from bot.store.enrolments import StoredEnrolments
from bot.store.ledger import StoredLedger
from bot.store.outbox import StoredOutbox


@dataclass(frozen=True, slots=True)
class Beside:
    """The stores of courses, for reading alone: every call that writes raises TypeError."""

    enrolments: Enrolments
    outbox: Outbox
    ledger: Ledger


@contextlib.contextmanager
def open_beside(url: str, clock: Clock) -> Iterator[Beside]:
    """The records of courses in a database, as `open_store` takes its URL; closed at the end of the block.

    Raises SettingsError where the URL is wrong (E209), or there are no records that can be read (E226).
    """
    engine = _engine(url)
    try:
        try:
            there = inspect(engine).has_table(enrolments.name)
        except SQLAlchemyError as error:
            raise _unreadable() from error
        if not there:
            raise _unreadable()
        database = _Reading(engine)
        yield Beside(StoredEnrolments(database, clock), StoredOutbox(database, clock, ""), StoredLedger(database))
    finally:
        engine.dispose()


class _Reading:
    """A Database whose reading jobs alone work."""

    name = "reading"

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read(self, job: Job[T]) -> T:
        with self._engine.connect() as connection:
            return job(connection)

    def later(self, _job: Job[T]) -> Future[T]:
        _refused()

    def write(self, _job: Job[T]) -> T:
        _refused()

    def insert(self, _table: Table) -> Any:
        _refused()

    def tidy(self) -> None:
        _refused()

    def close(self) -> None:
        _refused()


def _engine(url: str) -> Engine:
    named = parsed(url)
    if named.get_backend_name() == "sqlite":
        path = Path(named.database or "").absolute().as_posix()
        reading = make_url(f"sqlite+pysqlite:///file:{quote(path)}?mode=ro&uri=true")
        # The same library as the writer's: two of them in one process would undo each other's locks.
        return create_engine(reading, module=sqlite_module(), connect_args={"timeout": 5.0}, hide_parameters=True)
    try:
        return create_engine(named, connect_args={"connect_timeout": 5}, hide_parameters=True)
    except ImportError:
        raise _unreadable() from None


def _refused() -> NoReturn:
    raise TypeError("a database that is open for reading alone")


def _unreadable() -> SettingsError:
    return SettingsError(
        "E226",
        "研修の記録を読めません。GUIDELINE_BOT_DATABASE を確かめてください（名簿を登録するまでは、記録はありません）。",
        "no records of courses can be read: see GUIDELINE_BOT_DATABASE, and start serve once.",
    )
