"""The folder beside an SQLite database: what is handed over appears whole, for one reader, and nobody else."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from bot.store import drop as dropping
from bot.store.drop import HALF_SECONDS, KEPT_RESULTS, Drop, drop_beside


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "data" / "bot.sqlite3"


@pytest.fixture
def drop(database: Path) -> Drop:
    database.parent.mkdir()
    found = drop_beside(f"sqlite:///{database}")
    assert found is not None
    return found


def test_jobs_are_read_in_the_order_of_their_coming(drop: Drop) -> None:
    for text in ("霞野", "二つ目", "三つ目"):
        drop.put(text)
    assert [text for _, text in drop.waiting()] == ["霞野", "二つ目", "三つ目"]
    assert drop.count() == 3


def test_a_result_takes_the_place_of_its_job(drop: Drop) -> None:
    drop.put("job")
    ((name, _),) = drop.waiting()
    drop.finish(name, "結果")
    assert (drop.count(), drop.results()) == (0, ["結果"])


def test_of_old_results_only_the_latest_stay(drop: Drop) -> None:
    for number in range(KEPT_RESULTS + 5):
        drop.put(f"{number}")
    for name, text in drop.waiting():
        drop.finish(name, text)
    assert drop.results() == [str(number) for number in range(5, KEPT_RESULTS + 5)]


def test_nothing_is_there_before_the_first_job(drop: Drop, database: Path) -> None:
    assert (list(drop.waiting()), drop.count(), drop.results()) == ([], 0, [])
    assert list(database.parent.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="other rights there")
def test_only_the_owner_may_look_whatever_the_umask(drop: Drop, database: Path) -> None:
    before = os.umask(0)
    try:
        drop.put("job")
    finally:
        os.umask(before)
    folder = database.with_name("bot.sqlite3.inbox")
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())]
    assert modes == [0o700, 0o600]


def test_a_file_that_is_still_being_written_is_no_job(drop: Drop, database: Path) -> None:
    drop.put("job")
    folder = database.with_name("bot.sqlite3.inbox")
    (folder / ".00000000000000000000-half.json.1234").write_text("ha", encoding="utf-8")
    assert [text for _, text in drop.waiting()] == ["job"]


def test_what_somebody_died_over_while_writing_goes_and_what_is_being_written_stays(drop: Drop, database: Path) -> None:
    drop.put("job")
    folder = database.with_name("bot.sqlite3.inbox")
    half = [folder / f".0-{name}.json.1234" for name in ("dead", "alive")]
    for path in half:
        path.write_text("ha", encoding="utf-8")
    long_ago = half[0].stat().st_mtime - HALF_SECONDS - 60
    os.utime(half[0], (long_ago, long_ago))
    assert [text for _, text in drop.waiting()] == ["job"]
    assert [path.exists() for path in half] == [False, True]


@pytest.mark.skipif(os.name == "nt", reason="no such links there")
def test_a_link_is_no_job(drop: Drop, database: Path, tmp_path: Path) -> None:
    drop.put("job")
    (tmp_path / "secret.json").write_text("secret", encoding="utf-8")
    (database.with_name("bot.sqlite3.inbox") / "00000000000000000000-link.json").symlink_to(tmp_path / "secret.json")
    assert [text for _, text in drop.waiting()] == ["job"]


def test_what_cannot_be_read_is_empty(drop: Drop, database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drop.put("x" * 100)
    (database.with_name("bot.sqlite3.inbox") / "99999999999999999999-x.json").write_bytes(b"\xff\xfe")
    monkeypatch.setattr(dropping, "MOST_BYTES", 50)
    assert [text for _, text in drop.waiting()] == ["", ""]


@pytest.mark.parametrize(
    "url", ["postgresql://h/d", "postgresql+psycopg://u:p@h/d", "sqlite://", "nonsense", "", "x://"]
)
def test_where_no_file_is_locked_there_is_no_such_folder(url: str) -> None:
    assert drop_beside(url) is None
