"""The tuning documents in other dress must give the clauses their gold lists have.

Each mutation runs over a third of the documents, each wrap over a quarter, so that the whole is quick.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from bot.corpus.schema import Node
from bot.evaluation.documents import document_of
from bot.ingest.coverage import uncovered
from bot.ingest.parser import parse_document
from bot.ingest.reader import read_document
from tests.unit.ingest.mutations import MUTATIONS, rewrapped

_FOLDER = Path(__file__).parents[2] / "data" / "documents" / "tune"
_GOLDS = sorted(_FOLDER.glob("*.gold.yaml"))
_HANGS = ("none", "same", "more")
_WRAPS = {(width, _HANGS[position % 3]): position for position, width in enumerate((26, 28, 30, 33, 36, 38, 42, 48))}


@cache
def _document(gold: Path) -> tuple[str, Counter[str]]:
    wanted = Counter(node.need("locator").text() for node in Node.load(gold).need("clauses").each())
    return read_document(document_of(gold)), wanted


def _mean_f1(golds: list[Path], change: Callable[[str], str]) -> float:
    scores: list[float] = []
    for gold in golds:
        text, wanted = _document(gold)
        changed = change(text)
        document = parse_document(changed)
        assert uncovered(changed, document) == [], gold.name
        found = Counter(clause.locator for clause in document.clauses)
        scores.append(2 * (found & wanted).total() / (found.total() + wanted.total()))
    return sum(scores) / len(scores)


@pytest.mark.parametrize("name", MUTATIONS)
def test_another_dress_changes_no_locator(name: str) -> None:
    offset = list(MUTATIONS).index(name) % 3
    assert _mean_f1(_GOLDS[offset::3], MUTATIONS[name]) >= 0.993


@pytest.mark.parametrize(("width", "hang"), _WRAPS)
def test_other_hard_wraps_change_no_locator(width: int, hang: str) -> None:
    golds = _GOLDS[_WRAPS[width, hang] % 4 :: 4]
    floor = 0.98 if width < 30 else 0.993
    assert _mean_f1(golds, lambda text: rewrapped(text, width, hang)) >= floor


@pytest.mark.parametrize(
    "piece", ["(1)\n", "(1) ", "（あ）\n", "あい  うえ\n", "ア あ\n", "目次\n", "・あ\n", "１ 目的 ", "Q1 あ\nA1 い\n"]
)
def test_degenerate_input_takes_time_in_proportion(piece: str) -> None:
    start = time.perf_counter()
    parse_document(piece * 2000)
    assert time.perf_counter() - start < 4
