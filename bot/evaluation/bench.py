"""Side-by-side benchmark: quality and speed, ours and the peers in one run on one machine.

All engines are built in this process and asked in turns, block by block, on one thread, so that a
busy neighbour slows all alike. Times are of the top ten from given tokens; cutting is timed apart.
"""

from __future__ import annotations

import math
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TextIO

from bot.analysis.analyzer import Analyzer
from bot.evaluation.bench_data import read_corpus, read_queries
from bot.evaluation.bench_engines import ENGINES, TOP, Engine, build, is_installed, version
from bot.evaluation.bench_memory import measure
from bot.retrieval.index import BM25Constants

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.evaluation.bench_data import BenchDocument, BenchQuery

_BLOCK = 50
_WARM_UP = 50
_SECONDS_EACH = 120.0


@dataclass(frozen=True, slots=True)
class BenchOptions:
    """`engines`: names to run, ours first; `seconds`: after so long an engine is asked no more."""

    engines: tuple[str, ...] = tuple(ENGINES)
    seconds: float = _SECONDS_EACH
    memory: bool = True
    progress: TextIO | None = field(default_factory=lambda: sys.stderr)


@dataclass(slots=True)
class _Run:
    """One engine's measurements so far; `hits` are document numbers, by question."""

    name: str
    engine: Engine
    build_s: float
    mib: float | None
    queries: Sequence[Any]
    hits: list[list[int]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def run_bench(
    corpus_path: Path,
    queries_path: Path,
    analyzer: Analyzer | None = None,
    constants: BM25Constants | None = None,
    options: BenchOptions | None = None,
) -> dict[str, Any]:
    """Measure every engine that is installed; raises `DataError` for a wrong line in either file.

    Quality: nDCG@10, MRR (of the first ten), R@1, R@3, R@10 with binary relevance. An engine not
    installed is listed with `installed: false`.
    """
    analyzer, options = analyzer or Analyzer(), options or BenchOptions()
    constants = constants or BM25Constants(units=analyzer.config.units)
    documents = read_corpus(corpus_path)
    queries = read_queries(queries_path, frozenset(document.id for document in documents))
    tell = _Progress(options.progress)
    cut = _Cut(documents, queries, analyzer, tell)
    runs = []
    for name in options.engines:
        if is_installed(name):
            tell.step(f"{name}: 索引を作成 / building")
            runs.append(_prepare(name, cut, constants, memory=options.memory))
    _ask(runs, options.seconds, tell)
    relevant = [frozenset(query.relevant) for query in queries]
    ids = [document.id for document in documents]
    measured = {run.name: _report(run, relevant, ids) for run in runs}
    return {
        "corpus": {"path": str(corpus_path), "documents": len(documents)},
        "queries": {"path": str(queries_path), "queries": len(queries)},
        "analysis": {"terms_us": cut.terms_us, "surface_us": cut.surface_us, "documents_s": cut.documents_s},
        "engines": [measured.get(name) or _missing(name) for name in options.engines],
    }


class _Cut:
    """All texts cut both ways, and what the cutting cost."""

    def __init__(
        self, documents: Sequence[BenchDocument], queries: Sequence[BenchQuery], analyzer: Analyzer, tell: _Progress
    ) -> None:
        texts = [f"{document.title}\n{document.text}" for document in documents]
        asked = [query.text for query in queries]
        tell.step("文書を解析 / cutting documents")
        started = time.perf_counter()
        weighted: list[Any] = [analyzer.terms(text) for text in texts]
        self.documents_s = round(time.perf_counter() - started, 3)
        surface: list[Any] = [analyzer.surfaces(text) for text in texts]
        tell.step("質問を解析 / cutting queries")
        started = time.perf_counter()
        asked_weighted: list[Any] = [analyzer.terms(text) for text in asked]
        middle = time.perf_counter()
        asked_surface: list[Any] = [analyzer.surfaces(text) for text in asked]
        ended = time.perf_counter()
        self.terms_us = round((middle - started) / len(asked) * 1e6, 1)
        self.surface_us = round((ended - middle) / len(asked) * 1e6, 1)
        self.by_kind = {"weighted terms": (weighted, asked_weighted), "surface": (surface, asked_surface)}


def _prepare(name: str, cut: _Cut, constants: BM25Constants, *, memory: bool) -> _Run:
    documents, queries = cut.by_kind[ENGINES[name][1]]
    build(name, documents[:TOP], constants)  # imports are not building
    started = time.perf_counter()
    engine = build(name, documents, constants)
    seconds = time.perf_counter() - started
    for query in queries[:_WARM_UP]:
        engine.best(query)
    return _Run(name, engine, seconds, measure(name, documents, constants) if memory else None, queries)


def _ask(runs: Sequence[_Run], limit: float, tell: _Progress) -> None:
    """Ask block by block, the engines in turns, each block begun by another one."""
    total = len(runs[0].queries) if runs else 0
    spent = dict.fromkeys((run.name for run in runs), 0.0)
    for number, start in enumerate(range(0, total, _BLOCK)):
        tell.share("質問 / asking", start, total)
        shift = number % len(runs)
        for run in [*runs[shift:], *runs[:shift]]:
            if spent[run.name] > limit:
                continue
            for query in run.queries[start : start + _BLOCK]:
                before = time.perf_counter()
                hits = run.engine.best(query)
                run.seconds.append(time.perf_counter() - before)
                run.hits.append(hits)
            spent[run.name] += sum(run.seconds[-_BLOCK:])
    tell.share("質問 / asking", total, total)


def _report(run: _Run, relevant: Sequence[frozenset[str]], ids: Sequence[str]) -> dict[str, Any]:
    rows = [
        _quality([ids[number] in wanted for number in hits], len(wanted))
        for hits, wanted in zip(run.hits, relevant, strict=False)
    ]
    means = {name: round(sum(row[name] for row in rows) / len(rows), 4) for name in rows[0]}
    times = sorted(run.seconds)
    return {
        "name": run.name,
        "installed": True,
        "version": version(run.name),
        "tokens": ENGINES[run.name][1],
        "queries": len(rows),
        **means,
        "p50_us": round(_percentile(times, 0.50) * 1e6, 1),
        "p99_us": round(_percentile(times, 0.99) * 1e6, 1),
        "build_s": round(run.build_s, 3),
        "mib": run.mib,
    }


def _missing(name: str) -> dict[str, Any]:
    return {"name": name, "installed": False, "note": f"pip install {ENGINES[name][0]}"}


def _quality(found: Sequence[bool], wanted: int) -> dict[str, float]:
    """Measures of one ranking: `found` tells rank by rank whether the document is relevant."""
    gain = sum(1 / math.log2(rank + 2) for rank, hit in enumerate(found[:TOP]) if hit)
    ideal = sum(1 / math.log2(rank + 2) for rank in range(min(wanted, TOP)))
    first = next((rank for rank, hit in enumerate(found[:TOP]) if hit), None)
    recall = {f"recall@{depth}": sum(found[:depth]) / wanted for depth in (1, 3, TOP)}
    return {"ndcg@10": gain / ideal, "mrr": 0.0 if first is None else 1 / (first + 1), **recall}


def _percentile(ordered: Sequence[float], share: float) -> float:
    """The value below which `share` of the sorted values lie (nearest rank)."""
    return ordered[min(len(ordered) - 1, max(0, math.ceil(share * len(ordered)) - 1))]


class _Progress:
    """Tells a waiting person how far it is; silent without a stream."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._last = 0.0

    def step(self, what: str) -> None:
        if self._stream is not None:
            self._stream.write(f"bench: {what}\n")
            self._stream.flush()

    def share(self, what: str, done: int, total: int) -> None:
        """Rewrite one line on a terminal, at most five times a second; elsewhere only the end is told."""
        now, ended = time.monotonic(), done >= total
        if self._stream is None or not (ended or (self._stream.isatty() and now - self._last > 0.2)):
            return
        self._last = now
        start, end = ("\r", "\n" if ended else "") if self._stream.isatty() else ("", "\n")
        self._stream.write(f"{start}bench: {what} {done}/{total}{end}")
        self._stream.flush()
