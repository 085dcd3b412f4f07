"""Built answerers kept on disk, so that a command line that starts anew each time answers at once.

A snapshot belongs to one state of the knowledge files and of the program: its name holds a digest of both, and
what does not fit is built anew. It is a pickle, as Python's own .pyc files are marshalled code: it lies in a folder
that only its user can write to, and a folder that others can write to is not used.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import os
import pickle
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

Built = TypeVar("Built")
KEPT = 12
"""Snapshots kept in the folder; the oldest go first."""


def built_once(folder: Path | None, name: str, files: Iterable[Path], build: Callable[[], Built]) -> Built:
    """What `build` makes, from the snapshot of the same `files` where there is one.

    Any trouble with the snapshot (no folder, a damaged file, a full disk) only costs the time to build.
    """
    if folder is None:
        return build()
    path = folder / f"{name}-{_digest(files)}.pickle"
    found: Built | None = _load(path)
    if found is None:
        found = build()
        _save(path, found)
    return found


def _digest(files: Iterable[Path]) -> str:
    """Changes whenever a file, the program or the Python that runs it changes."""
    package = Path(__file__).resolve().parents[1]
    state = hashlib.sha256(sys.version.encode())
    for path in (*sorted(package.rglob("*.py")), *files):
        with contextlib.suppress(OSError):
            seen = path.stat()
            state.update(f"{path}\0{seen.st_size}\0{seen.st_mtime_ns}\n".encode())
    return state.hexdigest()[:24]


def _load(path: Path) -> Any:
    if not _is_private(path.parent):
        return None
    collecting = gc.isenabled()
    gc.disable()  # a hundred thousand new objects would set the collector off again and again, for nothing
    try:
        with path.open("rb") as file:
            return pickle.load(file)  # noqa: S301  # our own, in a folder nobody else can write to
    except Exception:  # noqa: BLE001  # a damaged pickle may raise anything; it is built anew
        return None
    finally:
        if collecting:
            gc.enable()


def _save(path: Path, built: object) -> None:
    """Write beside and rename, so that nobody ever reads half a snapshot."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_private(path.parent):
            return
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            pickle.dump(built, file, protocol=pickle.HIGHEST_PROTOCOL)
        Path(file.name).replace(path)
        for old in sorted(path.parent.glob("*.pickle"), key=lambda one: one.stat().st_mtime, reverse=True)[KEPT:]:
            old.unlink(missing_ok=True)
    except (OSError, pickle.PicklingError, AttributeError, TypeError, RecursionError):  # the last four: not picklable
        with contextlib.suppress(OSError, UnboundLocalError):
            Path(file.name).unlink(missing_ok=True)


def _is_private(folder: Path) -> bool:
    """Whether the folder is this user's and writable for nobody else. On Windows a profile folder is."""
    try:
        seen = folder.stat()
    except OSError:
        return False
    if os.name == "nt":
        return True
    return seen.st_uid == os.getuid() and not seen.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
