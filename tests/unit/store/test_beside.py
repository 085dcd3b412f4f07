"""The records are read while a server has the database open, and nothing is written on the way."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.store.beside import open_beside
from bot.store.database import Store, open_store
from bot.testing import FakeClock
from tests.unit.store.courses import EDITION, NOW, add, person


def test_what_a_running_server_has_stored_is_seen_at_once(store: Store, url: str, clock: FakeClock) -> None:
    with open_beside(url, clock) as beside:
        assert beside.enrolments.people("T1") == []
        add(store, person("a"), person("b"))
        assert [learner.user for learner, _ in beside.enrolments.people("T1")] == ["U-a", "U-b"]
        assert [row.entry.event for row in beside.ledger.rows("T1")] == ["enrolled"] * 2
        assert beside.ledger.verify("T1") == store.ledger.verify("T1")
        assert beside.outbox.troubles("T1") == []
        assert beside.enrolments.people("T2") == []


def test_the_server_goes_on_writing_while_somebody_reads(store: Store, url: str, clock: FakeClock) -> None:
    with open_beside(url, clock) as beside:
        for name in "abcdefgh":
            add(store, person(name))
            beside.ledger.rows("T1")
    assert store.ledger.verify("T1").rows == 8


def test_nothing_can_be_written(store: Store, url: str, clock: FakeClock) -> None:
    add(store, person("a"))
    with open_beside(url, clock) as beside:
        for write in (
            lambda: beside.enrolments.add([person("b")], NOW),
            lambda: beside.enrolments.purge("T1", "l-a"),
            lambda: beside.enrolments.keep_edition("T1", "bibai", EDITION, {}),
            lambda: beside.outbox.claim(("slack",), 1),
            lambda: beside.outbox.again("T1"),
        ):
            with pytest.raises(TypeError):
                write()
    assert store.ledger.verify("T1").rows == 1


def test_a_database_that_nobody_has_open_is_read_as_it_lies(tmp_path: Path, clock: FakeClock) -> None:
    url = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    store = open_store(url, clock)
    add(store, person("a"))
    store.close()
    before = hashlib.sha256((tmp_path / "store.sqlite3").read_bytes()).digest()
    with open_beside(url, clock) as beside:
        assert len(beside.enrolments.people("T1")) == 1
    assert hashlib.sha256((tmp_path / "store.sqlite3").read_bytes()).digest() == before


@pytest.mark.parametrize("content", [None, b"", b"no database at all"], ids=["none", "empty", "nonsense"])
def test_where_there_are_no_records_that_is_said(tmp_path: Path, clock: FakeClock, content: bytes | None) -> None:
    path = tmp_path / "store.sqlite3"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsError) as caught, open_beside(f"sqlite:///{path}", clock):
        pass
    assert caught.value.code == "E226"
    assert path.exists() == (content is not None)


def test_an_address_that_cannot_be_one_is_refused_as_ever(clock: FakeClock) -> None:
    with pytest.raises(SettingsError) as caught, open_beside("mysql://h/d", clock):
        pass
    assert caught.value.code == "E209"


def test_a_server_that_is_not_there_is_no_fault_of_ours(clock: FakeClock) -> None:
    with pytest.raises(SettingsError) as caught, open_beside("postgresql://nobody@127.0.0.1:1/none", clock):
        pass
    assert caught.value.code == "E226"
