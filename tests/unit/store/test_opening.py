"""Opening: the schema, who may open, and what a person reads when it cannot be opened."""

from __future__ import annotations

import stat
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from bot.commands import Request
from bot.errors import SettingsError
from bot.store.database import Store, open_store
from bot.store.tables import metadata
from bot.testing import FakeClock


def refused(url: str) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        open_store(url, FakeClock())
    assert "\n" not in caught.value.japanese + caught.value.english
    return caught.value


def test_the_migrations_lead_to_the_tables_of_the_code(store: Store) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    assert store._database.read(differences) == []


def test_a_store_opens_again_with_what_it_held(url: str, asked: Callable[..., Request], clock: FakeClock) -> None:
    for expected in (True, False):
        store = open_store(url, clock)
        assert store.inbox.accept(asked()).result() is expected
        store.close()


def test_two_replicas_may_start_together(postgres_database: str) -> None:
    opened: list[Store] = []
    threads = [
        threading.Thread(target=lambda: opened.append(open_store(postgres_database, FakeClock()))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 3
    for store in opened:
        store.close()


def test_a_second_process_on_the_same_file_is_told_so(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    store = open_store(url, FakeClock())
    error = refused(url)
    assert error.code == "E210"
    assert "別のプロセスがこのデータベースを使っています" in error.japanese
    store.close()
    open_store(url, FakeClock()).close()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such modes")
def test_the_files_are_the_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    store = open_store(f"sqlite:///{folder / 'store.sqlite3'}", FakeClock())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert {file.name for file in folder.iterdir()} >= {"store.sqlite3", "store.sqlite3-wal", "store.sqlite3.lock"}
    store.close()


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("nonsense", "読み取れません"),
        ("postgresql://u:p@host:port/x", "読み取れません"),
        ("mysql://root:hunter2@db/x", "sqliteとpostgresql"),
        ("sqlite+aiosqlite:///x.db", "sqliteとpostgresql"),
        ("sqlite://", "ファイルに"),
        ("sqlite:///:memory:", "ファイルに"),
        ("sqlite:////tmp/a\0b", "ファイルの場所だけ"),
        ("sqlite:////tmp/x.db?mode=ro", "ファイルの場所だけ"),
        ("sqlite:////proc/nowhere/x.db", "書き込めません"),
        ("postgresql://bot:hunter2@127.0.0.1:9/town?connect_timeout=1", "127.0.0.1:9/town"),
        ("postgresql://bot:hunter2@a..b/town", "a..b"),
        ("postgresql://bot:hunter2@127.0.0.1:9/town?nonsense=1", "127.0.0.1:9/town"),
    ],
)
def test_a_database_that_cannot_be_opened_is_one_clear_line_without_the_password(url: str, why: str) -> None:
    error = refused(url)
    assert error.code == "E209"
    assert why in error.japanese
    assert "hunter2" not in error.japanese + error.english


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("not a database, " * 100, encoding="utf-8")
    assert refused(f"sqlite:///{file}").code == "E209"
    assert file.read_text(encoding="utf-8") == "not a database, " * 100


def test_a_database_of_a_newer_version_is_refused(url: str) -> None:
    store = open_store(url, FakeClock())
    newer = text("UPDATE alembic_version SET version_num = '9999'")
    store._database.write(lambda connection: connection.execute(newer))
    store.close()
    error = refused(url)
    assert (error.code, "新しい版" in error.japanese) == ("E209", True)


def test_sqlite_writes_each_commit_through_to_the_disk(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}", FakeClock())
    database = store._database
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 5000}

    def pragmas(connection: Connection) -> dict[str, object]:
        return {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}

    assert database.write(pragmas) == wanted
    assert database.read(pragmas) == wanted
    store.close()


def test_an_answered_question_stands_in_none_of_the_files(tmp_path: Path, asked: Callable[..., Request]) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}", FakeClock())
    for number in range(50):
        store.inbox.accept(asked(f"canary-key-{number}")).result()
    assert holds(tmp_path, b"canary-key")
    while (claimed := store.inbox.claim(("slack",))) is not None:
        if claimed.request.key.endswith("1"):
            store.inbox.fail(claimed, "channel_not_found", None)
        else:
            store.inbox.finish(claimed)
    store.tidy()
    assert not holds(tmp_path, b"canary-key")
    assert not holds(tmp_path, b"U1")
    store.close()


def holds(folder: Path, what: bytes) -> bool:
    return any(what in file.read_bytes() for file in folder.iterdir())


def test_a_server_that_dropped_its_connections_is_asked_again(postgres_database: str) -> None:
    import psycopg

    store = open_store(postgres_database, FakeClock())
    assert store.inbox.waiting() == 0
    with psycopg.connect(postgres_database, autocommit=True) as admin:
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        admin.execute(f"SELECT pg_terminate_backend(pid) {others}")
    assert store.inbox.waiting() == 0
    assert store.inbox.claim(("slack",)) is None
    store.close()


def test_the_text_of_an_error_holds_no_question(store: Store, asked: Callable[..., Request]) -> None:
    store._database.write(lambda connection: connection.execute(text("DROP TABLE inbox")))
    error = store.inbox.accept(asked("canary")).exception()
    assert error is not None
    assert "inbox" in str(error)
    assert "canary" not in str(error)
