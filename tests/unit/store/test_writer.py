"""SQLite's writer: one commit for all that waits, and nobody pays for a neighbour's fault."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, text

from bot.store.writer import MOST, Writer


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (n INTEGER PRIMARY KEY)"))
    yield engine
    engine.dispose()


@pytest.fixture
def writer(engine: Engine) -> Iterator[Writer]:
    writer = Writer(engine)
    yield writer
    writer.close()


def numbers(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        return list(connection.scalars(text("SELECT n FROM t ORDER BY n")))


def insert(writer: Writer, number: int) -> Future[int]:
    def job(connection: Connection) -> int:
        connection.execute(text("INSERT INTO t VALUES (:n)"), {"n": number})
        return number

    return writer.submit(job)


def held(writer: Writer) -> threading.Event:
    """Keeps the writer busy until the event is set, so that what follows waits together."""
    go, begun = threading.Event(), threading.Event()

    def wait(_connection: Connection) -> None:
        begun.set()
        go.wait(30)

    writer.submit(wait)
    begun.wait(30)
    return go


def test_what_waits_is_committed_together(writer: Writer, engine: Engine) -> None:
    commits: list[object] = []
    go = held(writer)
    event.listen(engine, "commit", commits.append)
    futures = [insert(writer, number) for number in range(MOST + 10)]
    go.set()
    assert [future.result(30) for future in futures] == list(range(MOST + 10))
    assert len(commits) == 3  # the one that held it up, a full batch, the rest


def test_one_bad_job_fails_alone(writer: Writer, engine: Engine) -> None:
    go = held(writer)
    futures = [insert(writer, number) for number in (1, 2, 2, 3)]
    go.set()
    failed = [future.exception(30) is not None for future in futures]
    assert failed == [False, False, True, False]
    assert numbers(engine) == [1, 2, 3]


def test_a_future_is_done_only_when_the_row_is_there_for_others(writer: Writer, engine: Engine) -> None:
    seen: list[list[int]] = []
    future = insert(writer, 7)
    future.add_done_callback(lambda _done: seen.append(numbers(engine)))
    future.result(30)
    writer.close()
    assert seen == [[7]]


def test_a_job_that_was_called_off_in_time_is_not_run(writer: Writer, engine: Engine) -> None:
    go = held(writer)
    kept, dropped = insert(writer, 1), insert(writer, 2)
    assert dropped.cancel()
    go.set()
    kept.result(30)
    assert numbers(engine) == [1]


def test_closing_writes_what_waits_and_takes_no_more(writer: Writer, engine: Engine) -> None:
    go = held(writer)
    futures = [insert(writer, number) for number in range(300)]
    go.set()
    writer.close()
    assert all(future.done() for future in futures)
    assert len(numbers(engine)) == 300
    with pytest.raises(RuntimeError):
        insert(writer, 1000)
    writer.close()
