"""A folder beside an SQLite database: jobs for the process that has it open, and what came of them.

A job is a file that appears whole (written under another name, then renamed); its result takes its place. Only the
owner of the database can read either.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

MOST_BYTES = 64 * 1024 * 1024
KEPT_RESULTS = 20
HALF_SECONDS = 3600.0
"""After so long nobody is still writing a file."""

_JOB, _RESULT = ".json", ".result"


class Drop:
    """One such folder. It is made when the first job comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, text: str) -> None:
        """Hand a job over. Raises OSError."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"  # in the order of coming
        self._write(f"{name}{_JOB}", text)

    def waiting(self) -> Iterator[tuple[str, str]]:
        """Name and text of each job, the oldest first; a text that cannot be read is empty."""
        self._sweep()
        for path in self._found(_JOB):
            yield path.stem, _read(path)

    def count(self) -> int:
        """How many jobs wait."""
        return len(self._found(_JOB))

    def finish(self, name: str, result: str) -> None:
        """Put the result in the job's place; of old results only the latest stay."""
        self._write(f"{name}{_RESULT}", result)
        (self._folder / f"{name}{_JOB}").unlink(missing_ok=True)
        for old in self._found(_RESULT)[:-KEPT_RESULTS]:
            old.unlink(missing_ok=True)

    def results(self) -> list[str]:
        """What came of the latest jobs, the oldest first."""
        return [text for path in self._found(_RESULT) if (text := _read(path))]

    def _found(self, suffix: str) -> list[Path]:
        return sorted(path for path in self._folder.glob(f"*{suffix}") if path.is_file() and not path.is_symlink())

    def _sweep(self) -> None:
        """What somebody died over while writing it: half a roster is nobody's job, and full of people."""
        for path in self._folder.glob(".*"):
            with contextlib.suppress(OSError):  # gone meanwhile, or another user's
                if path.lstat().st_mtime < time.time() - HALF_SECONDS:
                    path.unlink()

    def _write(self, name: str, text: str) -> None:
        beside = self._folder / f".{name}.{secrets.token_hex(4)}"
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        self._give(beside)
        beside.replace(self._folder / name)

    def _give(self, path: Path) -> None:
        """To the owner of the database's folder, whom an administrator as root must not lock out."""
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            owner = self._folder.parent.stat()
            for one in (self._folder, path):
                os.chown(one, owner.st_uid, owner.st_gid)


def drop_beside(url: str) -> Drop | None:
    """The folder that belongs to the database at an SQLAlchemy URL; None where several processes share one."""
    try:
        named = make_url(url)
    except (ArgumentError, ValueError):  # whoever opens the database says so
        return None
    if named.get_backend_name() != "sqlite" or not named.database:
        return None
    path = Path(named.database)
    return Drop(path.with_name(f"{path.name}.inbox"))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8") if path.stat().st_size <= MOST_BYTES else ""
    except (OSError, UnicodeDecodeError):
        return ""
