"""The benchmark measures all engines alike and says which line of its files is wrong."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from bot.errors import DataError
from bot.evaluation import bench_engines, bench_memory
from bot.evaluation.bench import BenchOptions, _percentile, _quality, run_bench
from bot.evaluation.bench_data import jsquad_to_jsonl, read_corpus, read_queries
from bot.retrieval.index import BM25Constants

DOCUMENTS = [
    {"id": "a", "title": "炎上", "text": "炎上したときは所属長に報告する。"},
    {"id": "b", "title": "返信", "text": "利用者の意見には返信しない。"},
    {"id": "c", "text": "公式アカウントの開設には承認を得る。"},
]
QUERIES = [
    {"id": "1", "text": "炎上したら誰に報告する？", "relevant": ["a"]},
    {"id": "2", "text": "意見に返信していい？", "relevant": ["b", "c"]},
]


def written(path: Path, records: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
    return path


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return written(tmp_path / "c.jsonl", DOCUMENTS), written(tmp_path / "q.jsonl", QUERIES)


def quick(**changes: Any) -> BenchOptions:
    return BenchOptions(**{"memory": False, "progress": None, **changes})


def test_every_installed_engine_is_measured_on_every_query(files: tuple[Path, Path]) -> None:
    report = run_bench(*files, options=quick())
    assert [engine["name"] for engine in report["engines"]] == list(bench_engines.ENGINES)
    assert report["corpus"]["documents"] == 3
    for engine in report["engines"]:
        if engine["installed"]:
            assert engine["queries"] == 2
            assert 0 < engine["p50_us"] <= engine["p99_us"]
            assert engine["build_s"] >= 0
    assert report["engines"][0]["recall@1"] == pytest.approx(0.75)
    assert json.loads(json.dumps(report)) == report


def test_an_engine_not_installed_is_listed_with_what_to_do(
    files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(bench_engines._MODULES, "tantivy", "no_such_module_here")
    report = run_bench(*files, options=quick(engines=("guideline-bot", "tantivy")))
    assert report["engines"][1] == {"name": "tantivy", "installed": False, "note": "pip install tantivy"}


def test_an_engine_that_takes_too_long_is_asked_no_more(files: tuple[Path, Path], tmp_path: Path) -> None:
    many = written(tmp_path / "many.jsonl", [{**QUERIES[0], "id": str(number)} for number in range(120)])
    report = run_bench(files[0], many, options=quick(engines=("guideline-bot",), seconds=0.0))
    assert report["engines"][0]["queries"] == 50


def test_progress_is_told_on_the_stream_given(files: tuple[Path, Path]) -> None:
    stream = io.StringIO()
    run_bench(*files, options=quick(engines=("guideline-bot",), progress=stream))
    assert "2/2" in stream.getvalue()


def test_memory_is_the_growth_of_a_process_of_its_own() -> None:
    documents = [{f"w:{number * 50 + at}": 1.0 for at in range(50)} for number in range(400)]
    mib = bench_memory.measure("guideline-bot", documents, BM25Constants())
    assert mib is None or 0 < mib < 200


def test_quality_is_the_textbooks() -> None:
    assert _quality([False, True, False], 1) == pytest.approx(
        {"ndcg@10": 0.63093, "mrr": 0.5, "recall@1": 0.0, "recall@3": 1.0, "recall@10": 1.0}, abs=1e-5
    )
    assert _quality([], 1)["ndcg@10"] == 0.0
    assert _quality([True, True], 2)["ndcg@10"] == pytest.approx(1.0)


def test_a_percentile_is_one_of_the_values() -> None:
    assert _percentile([1.0, 2.0, 3.0, 4.0], 0.5) == 2.0
    assert _percentile([1.0, 2.0, 3.0, 4.0], 0.99) == 4.0
    assert _percentile([1.0], 0.5) == 1.0


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{", "JSON"),
        ("[1]", "オブジェクト"),
        ('{"id": 7, "text": "x"}', "id"),
        ('{"id": "", "text": "x"}', "id"),
        ('{"id": "z"}', "text"),
        ('{"id": "a", "text": "x"}', "重複"),
        ('{"id": "z", "text": "x", "title": null}', "title"),
    ],
)
def test_a_wrong_document_is_named_by_file_and_line_and_shown(tmp_path: Path, line: str, what: str) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text(json.dumps(DOCUMENTS[0]) + "\n\n" + line + "\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_corpus(path)
    assert caught.value.line == 3
    assert str(caught.value).startswith(f"{path}:3: ")
    assert what in str(caught.value)
    assert line in str(caught.value)


@pytest.mark.parametrize("relevant", ["[]", '"a"', "[1]", '["nowhere"]', "null"])
def test_a_wrong_query_is_named_by_file_and_line(tmp_path: Path, relevant: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(f'{{"id": "1", "text": "x", "relevant": {relevant}}}\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"q\.jsonl:1: "):
        read_queries(path, frozenset({"a"}))


def test_files_that_are_missing_empty_or_not_utf8_are_data_errors(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="読めません"):
        read_corpus(tmp_path / "none.jsonl")
    empty = written(tmp_path / "empty.jsonl", [])
    with pytest.raises(DataError, match="1件も"):
        read_corpus(empty)
    with pytest.raises(DataError, match="1件も"):
        read_queries(empty, frozenset())
    (tmp_path / "sjis.jsonl").write_bytes('{"id": "あ"}'.encode("shift_jis"))
    with pytest.raises(DataError, match=r"sjis\.jsonl:1: "):
        read_corpus(tmp_path / "sjis.jsonl")


def test_jsquad_becomes_a_corpus_and_its_queries(tmp_path: Path) -> None:
    asked = {"id": "q0", "question": "どこの市？", "answers": []}
    article = {"title": "市", "paragraphs": [{"context": "市 [SEP] 北の市である。", "qas": [asked]}]}
    source = tmp_path / "jsquad.json"
    source.write_text(json.dumps({"data": [article]}), encoding="utf-8")
    corpus, queries = jsquad_to_jsonl(source, tmp_path / "out")
    (document,) = read_corpus(corpus)
    (query,) = read_queries(queries, frozenset({document.id}))
    assert (document.title, document.text) == ("市", "北の市である。")
    assert (query.text, query.relevant) == ("どこの市？", (document.id,))


@pytest.mark.parametrize("content", ["{", "[]", '{"data": [{}]}', '{"data": [{"title": "x", "paragraphs": [{}]}]}'])
def test_what_is_no_jsquad_is_a_data_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match="JSQuAD"):
        jsquad_to_jsonl(path, tmp_path / "out")


def test_a_missing_jsquad_is_a_data_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="ファイルがありません"):
        jsquad_to_jsonl(tmp_path / "none.json", tmp_path)
