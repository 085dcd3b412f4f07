"""The page's own files (styles, scripts, icon), read once and served with their hash in the address."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file; `etag` is quoted as the header wants it."""

    body: bytes
    content_type: str
    etag: str


class Assets:
    """All files of one folder; `version` changes when any of them does."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._found = {path.name: _read(path) for path in sorted(folder.iterdir()) if path.suffix in _TYPES}
        whole = "".join(f"{name}{one.etag}" for name, one in self._found.items())
        self.version = hashlib.blake2b(whole.encode(), digest_size=6).hexdigest()

    def get(self, name: str) -> Asset | None:
        """A file by name, None where there is none."""
        return self._found.get(name)


def etag(body: bytes) -> str:
    """A strong validator of a body, quoted."""
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def _read(path: Path) -> Asset:
    body = path.read_bytes()
    return Asset(body, _TYPES[path.suffix], etag(body))
