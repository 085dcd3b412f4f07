"""Writes an organisation's folder: all of it or nothing."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bot.errors import UsageError


def write_folder(folder: Path, files: Mapping[str, str | bytes | None]) -> None:
    """Write `files` into `folder`, keeping what else lies there; on any error the folder is as it was.

    None in place of a content removes the file.

    Raises UsageError when the place cannot be written to.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".ingest-") as name:
            fresh = Path(name) / "new"
            if folder.exists():
                shutil.copytree(folder, fresh)
            else:
                fresh.mkdir()
            for file, content in files.items():
                if content is None:
                    (fresh / file).unlink(missing_ok=True)
                else:
                    (fresh / file).write_bytes(content.encode() if isinstance(content, str) else content)
            old = Path(name) / "old"
            if folder.exists():
                folder.rename(old)
            try:
                fresh.rename(folder)
            except OSError:
                if old.exists():
                    old.rename(folder)
                raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(
            "E307", f"{folder} に書き込めません（{reason}）。", f"cannot write {folder} ({reason})."
        ) from error
