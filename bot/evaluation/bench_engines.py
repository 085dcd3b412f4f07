"""The engines of the benchmark behind one face: build from tokens, give the best ten."""

from __future__ import annotations

import importlib.metadata
import importlib.util
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.retrieval.index import BM25Constants

TOP = 10
Tokens = Sequence[str] | Mapping[str, float]


class Engine(Protocol):
    """A built index."""

    def best(self, query: Any) -> list[int]:  # tokens or weighted terms
        """Return the numbers of up to ten documents with a score above 0, best first."""


class Ours:
    """`WeightedBM25` over weighted terms."""

    def __init__(self, documents: Sequence[Mapping[str, float]], constants: BM25Constants | None = None) -> None:
        from bot.retrieval.bm25 import WeightedBM25  # noqa: PLC0415  # numpy only where it is measured

        self._index = WeightedBM25(documents, constants=constants)

    def best(self, query: Mapping[str, float]) -> list[int]:
        """See `Engine`."""
        return [number for number, _ in self._index.top(query, TOP)]


class OursSurface:
    """`WeightedBM25` as a drop-in for rank-bm25: the same tokens, nothing else."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        from bot.retrieval.bm25 import WeightedBM25  # noqa: PLC0415

        self._index = WeightedBM25(documents)

    def best(self, query: Sequence[str]) -> list[int]:
        """See `Engine`."""
        return [number for number, _ in self._index.top(Counter(query), TOP)]


class RankBM25:
    """rank_bm25.BM25Okapi at its defaults."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        import numpy as np  # noqa: PLC0415
        from rank_bm25 import BM25Okapi  # noqa: PLC0415

        self._argsort: Callable[[Any], Any] = np.argsort
        self._index = BM25Okapi(documents)

    def best(self, query: Sequence[str]) -> list[int]:
        """See `Engine`; its own `get_top_n` does the same argsort."""
        scores = self._index.get_scores(query)
        return [int(number) for number in self._argsort(scores)[::-1][:TOP] if scores[number] > 0]


class Bm25s:
    """bm25s with its numpy backend, through `retrieve`."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        import bm25s  # noqa: PLC0415

        self._index = bm25s.BM25(backend="numpy")
        self._index.index([list(document) for document in documents], show_progress=False)
        self._k = min(TOP, len(documents))

    def best(self, query: Sequence[str]) -> list[int]:
        """See `Engine`."""
        numbers, scores = self._index.retrieve([list(query)], k=self._k, show_progress=False, n_threads=0)
        return [int(number) for number, score in zip(numbers[0], scores[0], strict=True) if score > 0]


class Tantivy:
    """tantivy in memory, the tokens joined by blanks, a query of optional terms."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        import tantivy  # noqa: PLC0415

        builder = tantivy.SchemaBuilder()
        builder.add_text_field("body", stored=False, tokenizer_name="whitespace", index_option="freq")
        builder.add_unsigned_field("number", stored=True)
        self._tantivy, self._schema = tantivy, builder.build()
        index = tantivy.Index(self._schema)
        writer = index.writer(heap_size=100_000_000, num_threads=1)
        for number, document in enumerate(documents):
            record = tantivy.Document()
            record.add_text("body", " ".join(document))
            record.add_unsigned("number", number)
            writer.add_document(record)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()

    def best(self, query: Sequence[str]) -> list[int]:
        """See `Engine`."""
        make, optional = self._tantivy.Query, self._tantivy.Occur.Should
        terms = [(optional, make.term_query(self._schema, "body", token)) for token in query]
        hits = self._searcher.search(make.boolean_query(terms), TOP).hits
        return [int(self._searcher.doc(address)["number"][0]) for _, address in hits]


ENGINES: dict[str, tuple[str, str]] = {
    "guideline-bot": ("guideline-bot", "weighted terms"),
    "guideline-bot-surface": ("guideline-bot", "surface"),
    "rank-bm25": ("rank-bm25", "surface"),
    "bm25s": ("bm25s", "surface"),
    "tantivy": ("tantivy", "surface"),
}
"""Name → (distribution, the tokens it is given)."""

_MODULES = {"rank-bm25": "rank_bm25", "bm25s": "bm25s", "tantivy": "tantivy"}


def is_installed(name: str) -> bool:
    """Whether the engine's package is there."""
    return name not in _MODULES or importlib.util.find_spec(_MODULES[name]) is not None


def version(name: str) -> str:
    """Version of the engine's distribution; empty where it is run from a plain folder."""
    try:
        return importlib.metadata.version(ENGINES[name][0])
    except importlib.metadata.PackageNotFoundError:
        return ""


def build(name: str, documents: Sequence[Any], constants: BM25Constants) -> Engine:
    """Build the index of engine `name` over `documents` (tokens, or weighted terms for ours)."""
    if name == "guideline-bot":
        return Ours(documents, constants)
    plain: dict[str, Callable[[Sequence[Any]], Engine]] = {
        "guideline-bot-surface": OursSurface,
        "rank-bm25": RankBM25,
        "bm25s": Bm25s,
        "tantivy": Tantivy,
    }
    return plain[name](documents)
