"""BM25 keeps rank_bm25's interface and none of its faults; both our indexes agree."""

import math
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25, BM25Okapi

from bot.retrieval.bm25 import WeightedBM25
from bot.retrieval.index import BM25Constants, ClauseIndex, lucene_idf

Index = Callable[[Sequence[Mapping[str, float]]], Any]
BOTH = pytest.mark.parametrize("build", [WeightedBM25, ClauseIndex])

DOCUMENTS = [["炎上", "報告"], ["炎上", "炎上", "削除"], ["返信", "しない"], ["公式", "返信", "報告", "承認"]]
WORDS = st.sampled_from("abcdefg")
WEIGHTS = st.floats(0.01, 10)
CORPUS = st.lists(st.dictionaries(WORDS, WEIGHTS, max_size=5), max_size=8)
QUERY = st.dictionaries(WORDS, WEIGHTS, max_size=5)


def weighted(documents: Sequence[Sequence[str]]) -> list[Mapping[str, float]]:
    return [{word: float(times) for word, times in Counter(document).items()} for document in documents]


class WithOkapiIdf(WeightedBM25):
    epsilon = 0.25

    def _calc_idf(self, nd: Mapping[str, int]) -> None:
        BM25Okapi._calc_idf(self, nd)


def test_it_is_a_rank_bm25_index() -> None:
    assert isinstance(WeightedBM25(DOCUMENTS), BM25)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=8), min_size=2, max_size=8), st.lists(WORDS, max_size=6))
def test_with_okapis_idf_and_constants_it_scores_like_okapi(documents: list[list[str]], query: list[str]) -> None:
    ours = WithOkapiIdf(documents, constants=BM25Constants(k1=1.5, b=0.75))
    theirs = BM25Okapi(documents)
    assert np.allclose(ours.get_scores(query), theirs.get_scores(query), rtol=1e-12, atol=1e-12)
    ids = [len(documents) - 1, 0]
    assert ours.get_batch_scores(query, ids) == pytest.approx(theirs.get_batch_scores(query, ids))
    assert ours.avgdl == pytest.approx(theirs.avgdl)
    assert ours.doc_len == theirs.doc_len


def test_a_tokenizer_is_applied_to_the_documents_without_other_processes() -> None:
    assert WeightedBM25(["a b", "c"], tokenizer=str.split).get_scores(["c"])[1] > 0


def test_the_score_is_the_formula() -> None:
    index = WeightedBM25([{"w:a": 1.0, "c:ab": 0.5}, {"w:b": 1.0}], constants=BM25Constants(units={"c": 0.25}))
    k = 0.3 * (1 - 0.75 + 0.75 * 1.5 / 1.25)
    expected = 0.25 * math.log(1 + 1.5 / 1.5) * 2 * 1.3 / (2 + k)
    assert index.scores({"c:ab": 0.25})[0] == pytest.approx(expected)


# --- the edges where the peers fail (retrieval.md, section 6) --------------------------------------


@BOTH
@pytest.mark.parametrize("documents", [[], [[]], [[], [], []]])
def test_no_documents_and_empty_documents_are_no_error(build: Index, documents: list[list[str]]) -> None:
    index = build(weighted(documents))
    assert index.top({"炎上": 1.0}, 5) == []
    assert list(index.scores({"炎上": 1.0})) == [0.0] * len(documents)


@BOTH
def test_the_only_document_is_found_with_a_positive_score(build: Index) -> None:
    ((number, score),) = build(weighted([["炎上", "報告"]])).top({"炎上": 1.0}, 5)
    assert number == 0
    assert score > 0


@BOTH
def test_a_word_in_half_of_the_documents_still_counts(build: Index) -> None:
    assert [number for number, _ in build(weighted([["a"], ["a", "b"], ["b"], ["c"]])).top({"a": 1.0}, 5)] == [0, 1]


@BOTH
def test_a_word_in_every_document_still_counts(build: Index) -> None:
    assert all(score > 0 for score in build(weighted([["a"], ["a", "b"], ["a", "c"]])).scores({"a": 1.0}))


@BOTH
def test_more_hits_than_documents_may_be_asked_for(build: Index) -> None:
    assert len(build(weighted(DOCUMENTS)).top({"返信": 1.0}, 100)) == 2


@BOTH
@pytest.mark.parametrize("k", [0, -1])
def test_no_hits_may_be_asked_for(build: Index, k: int) -> None:
    assert build(weighted(DOCUMENTS)).top({"返信": 1.0}, k) == []


@BOTH
@pytest.mark.parametrize("query", [{}, {"未知": 1.0}, {"未知": 1.0, "不明": 2.0}])
def test_unknown_words_find_nothing(build: Index, query: dict[str, float]) -> None:
    assert build(weighted(DOCUMENTS)).top(query, 5) == []


@BOTH
def test_a_document_without_a_matching_word_is_no_hit(build: Index) -> None:
    assert [number for number, _ in build(weighted(DOCUMENTS)).top({"削除": 1.0}, 4)] == [1]


@BOTH
def test_ties_stand_in_document_order(build: Index) -> None:
    documents = weighted([["x"], ["a", "b"], ["y"], ["a", "b"], ["a", "b"]])
    assert [number for number, _ in build(documents).top({"a": 1.0, "b": 1.0}, 2)] == [1, 3]
    assert [number for number, _ in build(documents).top({"a": 1.0, "b": 1.0}, 9)] == [1, 3, 4]


@BOTH
def test_a_filter_never_leaks_and_never_pushes_a_hit_out(build: Index) -> None:
    index = build(weighted([["a"], ["a", "b", "c", "d"], ["a", "b", "c"], ["e"]]))
    assert [number for number, _ in index.top({"a": 1.0}, 1, allowed={1, 3})] == [1]
    assert index.top({"a": 1.0}, 5, allowed=[]) == []
    assert index.top({"a": 1.0}, 5, allowed=[3]) == []
    assert [number for number, _ in index.top({"a": 1.0}, 5, allowed=[99, -1, 2])] == [2]


@BOTH
def test_no_idf_is_negative(build: Index) -> None:
    index = build(weighted([["a", "b"], ["a"], ["a"]]))
    assert all((index.idf(key) if isinstance(index, ClauseIndex) else index.idf[key]) > 0 for key in "ab")


def test_the_interface_of_rank_bm25_has_its_edges_mended_too() -> None:
    index = WeightedBM25(DOCUMENTS)
    names = ["一", "二", "三", "四"]
    assert index.get_top_n(["返信"], names, n=9) == ["三", "四"]
    assert index.get_top_n(["未知"], names) == []
    assert WeightedBM25([]).get_top_n(["炎上"], []) == []
    assert WeightedBM25([]).get_scores(["炎上"]).shape == (0,)
    assert index.get_batch_scores(["返信"], []) == []
    with pytest.raises(ValueError, match="3 documents given, 4 indexed"):
        index.get_top_n(["返信"], names[:3])


def test_a_word_asked_twice_counts_twice() -> None:
    index = WeightedBM25(DOCUMENTS)
    assert np.allclose(index.get_scores(["返信", "返信"]), 2 * index.get_scores(["返信"]))


@pytest.mark.parametrize(("documents", "containing"), [(1, 1), (2, 1), (100, 100), (100, 1)])
def test_lucenes_idf_is_positive(documents: int, containing: int) -> None:
    expected = math.log(1 + (documents - containing + 0.5) / (containing + 0.5))
    assert lucene_idf(documents, containing) == pytest.approx(expected)
    assert expected > 0


# --- properties ------------------------------------------------------------------------------------


@given(CORPUS, QUERY)
def test_both_indexes_give_the_same_scores_and_the_same_hits(
    corpus: list[dict[str, float]], query: dict[str, float]
) -> None:
    one, other = WeightedBM25(corpus), ClauseIndex(corpus)
    assert np.allclose(one.scores(query), other.scores(query), rtol=1e-9)
    ranked = sorted((-score, number) for number, score in enumerate(one.scores(query)) if score > 0)[:3]
    assert one.top(query, 3) == [(number, -negative) for negative, number in ranked]


@BOTH
@given(CORPUS, QUERY, QUERY, st.floats(0.1, 5))
def test_scores_are_linear_in_the_weights_of_the_query(
    build: Index, corpus: list[dict[str, float]], one: dict[str, float], other: dict[str, float], factor: float
) -> None:
    index = build(corpus)
    summed = {word: factor * one.get(word, 0.0) + other.get(word, 0.0) for word in {*one, *other}}
    expected = factor * np.asarray(index.scores(one)) + np.asarray(index.scores(other))
    assert np.allclose(index.scores(summed), expected, rtol=1e-9)


@BOTH
@given(CORPUS, CORPUS, QUERY)
def test_another_towns_index_moves_no_score(
    build: Index, corpus: list[dict[str, float]], others: list[dict[str, float]], query: dict[str, float]
) -> None:
    index = build(corpus)
    before = list(index.scores(query))
    build([*corpus, *others])
    assert list(index.scores(query)) == before
    assert list(build(corpus).scores(query)) == before


@BOTH
@given(CORPUS, QUERY, st.sets(st.integers(-2, 10)), st.integers(0, 9))
def test_a_filtered_ranking_is_the_ranking_filtered(
    build: Index, corpus: list[dict[str, float]], query: dict[str, float], allowed: set[int], k: int
) -> None:
    index = build(corpus)
    everything = index.top(query, len(corpus))
    assert index.top(query, k, allowed) == [hit for hit in everything if hit[0] in allowed][:k]


def test_the_plain_index_needs_no_numpy() -> None:
    code = "import sys, bot.retrieval.index; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("size", [5, 300])
def test_few_and_many_postings_are_summed_alike(size: int) -> None:
    corpus = weighted([["a", "b"] if number % 2 else ["a", "c", "c"] for number in range(size)])
    query = {"a": 1.0, "c": 0.5}
    assert np.allclose(WeightedBM25(corpus).scores(query), ClauseIndex(corpus).scores(query))
