"""Built things kept on disk: used when they fit, never trusted otherwise."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.corpus.snapshot import KEPT, built_once


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.yaml"
    path.write_text("a: 1\n", encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


class Building:
    """Counts how often it is built."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> dict[str, int]:
        self.times += 1
        return {"times": self.times}


def test_the_second_time_nothing_is_built(folder: Path, source: Path) -> None:
    build = Building()
    assert built_once(folder, "a", [source], build) == {"times": 1}
    assert built_once(folder, "a", [source], build) == {"times": 1}
    assert build.times == 1


def test_without_a_folder_it_is_built_each_time(source: Path) -> None:
    build = Building()
    built_once(None, "a", [source], build)
    assert built_once(None, "a", [source], build) == {"times": 2}


def _edit(source: Path, folder: Path) -> None:
    _ = folder
    source.write_text("a: 22\n", encoding="utf-8")


def _touch(source: Path, folder: Path) -> None:
    _ = folder
    os.utime(source, ns=(1, 1))


def _remove(source: Path, folder: Path) -> None:
    _ = folder
    source.unlink()


def _damage(source: Path, folder: Path) -> None:
    _ = source
    for path in folder.glob("*.pickle"):
        path.write_bytes(b"\x80\x05garbage")


def _cut(source: Path, folder: Path) -> None:
    _ = source
    for path in folder.glob("*.pickle"):
        path.write_bytes(path.read_bytes()[:-3])


def _empty(source: Path, folder: Path) -> None:
    _ = source
    for path in folder.glob("*.pickle"):
        path.write_bytes(b"")


@pytest.mark.parametrize("change", [_edit, _touch, _remove, _damage, _cut, _empty])
def test_it_is_built_anew_after_a_change_or_damage(
    folder: Path, source: Path, change: Callable[[Path, Path], None]
) -> None:
    build = Building()
    built_once(folder, "a", [source], build)
    change(source, folder)
    assert built_once(folder, "a", [source], build) == {"times": 2}
    assert built_once(folder, "a", [source], build) == {"times": 2}


@pytest.mark.skipif(os.name == "nt", reason="folders have no group there")
@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777])
def test_a_folder_that_others_can_write_to_is_neither_read_nor_written(folder: Path, source: Path, mode: int) -> None:
    build = Building()
    built_once(folder, "a", [source], build)
    folder.chmod(mode)
    before = sorted(folder.iterdir())
    assert built_once(folder, "a", [source], build) == {"times": 2}
    assert sorted(folder.iterdir()) == before


@pytest.mark.skipif(os.name == "nt", reason="folders have no group there")
def test_a_new_folder_is_private(folder: Path, source: Path) -> None:
    built_once(folder / "deep", "a", [source], Building())
    assert (folder / "deep").stat().st_mode & 0o077 == 0


def test_a_file_in_the_folders_place_costs_only_the_time_to_build(folder: Path, source: Path) -> None:
    folder.write_text("in the way", encoding="utf-8")
    assert built_once(folder, "a", [source], Building()) == {"times": 1}
    assert folder.read_text(encoding="utf-8") == "in the way"


@pytest.mark.parametrize("make", [lambda: threading.Lock(), lambda: lambda: 1], ids=["lock", "function"])  # noqa: PLW0108
def test_what_cannot_be_kept_is_built_and_leaves_nothing_behind(
    folder: Path, source: Path, make: Callable[[], object]
) -> None:
    assert built_once(folder, "a", [source], make) is not None
    assert list(folder.iterdir()) == []


def test_only_the_newest_are_kept(folder: Path, source: Path) -> None:
    for number in range(KEPT + 5):
        built_once(folder, f"n{number:02}", [source], Building())
        os.utime(next(folder.glob(f"n{number:02}-*")), (number + 1, number + 1))
    built_once(folder, "last", [source], Building())
    names = sorted(path.name.split("-")[0] for path in folder.iterdir())
    assert names == ["last", *(f"n{number:02}" for number in range(6, KEPT + 5))]


def test_many_writers_at_once_leave_one_whole_snapshot(folder: Path, source: Path) -> None:
    def slow() -> dict[str, str]:
        time.sleep(0.01)
        return {"text": "あ" * 100_000}

    found: list[dict[str, str]] = []
    threads = [
        threading.Thread(target=lambda: found.append(built_once(folder, "a", [source], slow))) for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [{"text": "あ" * 100_000}] * 12
    assert [path.suffix for path in folder.iterdir()] == [".pickle"]
    assert built_once(folder, "a", [source], Building()) == {"text": "あ" * 100_000}
