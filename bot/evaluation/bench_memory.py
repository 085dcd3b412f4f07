"""What an index costs in memory: built alone in a fresh process, the growth of its resident set.

Run as `python -m bot.evaluation.bench_memory ENGINE FILE`; FILE is JSON `{"documents", "k1", "b",
"units"}`. Prints MiB as one number.
"""

from __future__ import annotations

import ctypes
import gc
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.evaluation.bench_engines import build
from bot.retrieval.index import BM25Constants

if TYPE_CHECKING:
    from collections.abc import Sequence

_STATUS = Path("/proc/self/status")
_TIMEOUT = 600


def measure(name: str, documents: Sequence[Any], constants: BM25Constants) -> float | None:
    """MiB of engine `name` over `documents`; None where the system does not tell (not Linux)."""
    if not _STATUS.exists():
        return None
    data = {"documents": documents, "k1": constants.k1, "b": constants.b, "units": dict(constants.units)}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "documents.json"
        file.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        root = str(Path(__file__).resolve().parents[2])
        done = subprocess.run(
            [sys.executable, "-m", "bot.evaluation.bench_memory", name, str(file)],
            capture_output=True, text=True, check=False, timeout=_TIMEOUT, cwd=root,
        )  # fmt: skip
    return float(done.stdout) if done.returncode == 0 else None


def main(arguments: Sequence[str]) -> float:
    """Build one engine and return the growth in MiB."""
    name, file = arguments
    data = json.loads(Path(file).read_text(encoding="utf-8"))
    constants = BM25Constants(float(data["k1"]), float(data["b"]), data["units"])
    build(name, data["documents"][:2], constants)  # its imports are not its index
    _give_back()
    before = _resident()
    engine = build(name, data["documents"], constants)
    _give_back()
    grown = _resident() - before
    del engine
    return grown


def _give_back() -> None:
    """Return freed memory to the system, so that holes left by reading the file hide nothing."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _resident() -> float:
    """Resident memory of this process in MiB."""
    for line in _STATUS.read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise OSError(f"{_STATUS}: VmRSS")


if __name__ == "__main__":
    sys.stdout.write(f"{main(sys.argv[1:]):.2f}\n")
