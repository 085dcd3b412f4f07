"""Corpus and queries of a benchmark: JSON Lines in, checked; JSQuAD converted to them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_SHOWN = 120


@dataclass(frozen=True, slots=True)
class BenchDocument:
    """One document; title and text together are what is searched."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class BenchQuery:
    """One question with the ids of the documents that answer it, at least one."""

    id: str
    text: str
    relevant: tuple[str, ...]


def read_corpus(path: Path) -> list[BenchDocument]:
    """Read `{"id", "title", "text"}` a line (title may be missing); ids are unique."""
    found: dict[str, BenchDocument] = {}
    for number, line, record in _records(path):
        identity = _text(path, number, line, record, "id")
        if identity in found:
            raise _wrong(path, number, line, f"id が重複しています: {identity}", f"id given twice: {identity}")
        title = _text(path, number, line, record, "title") if "title" in record else ""
        found[identity] = BenchDocument(identity, title, _text(path, number, line, record, "text"))
    if not found:
        raise DataError("E141", "文書が1件もありません", "there is no document", path=path)
    return list(found.values())


def read_queries(path: Path, known: frozenset[str]) -> list[BenchQuery]:
    """Read `{"id", "text", "relevant": [ids]}` a line; `known` are the ids of the corpus."""
    found = []
    for number, line, record in _records(path):
        relevant = record.get("relevant")
        if not isinstance(relevant, list) or not relevant or not all(isinstance(one, str) for one in relevant):
            raise _wrong(path, number, line, "relevant は文書idの一覧です(1件以上)", "relevant must list document ids")
        missing = [one for one in relevant if one not in known]
        if missing:
            raise _wrong(path, number, line, f"コーパスにない id です: {missing[0]}", f"no such document: {missing[0]}")
        identity = _text(path, number, line, record, "id")
        found.append(BenchQuery(identity, _text(path, number, line, record, "text"), tuple(dict.fromkeys(relevant))))
    if not found:
        raise DataError("E141", "質問が1件もありません", "there is no query", path=path)
    return found


def jsquad_to_jsonl(path: Path, out_dir: Path) -> tuple[Path, Path]:
    """Convert a JSQuAD file (yahoojapan/JGLUE); returns the paths of corpus.jsonl and queries.jsonl.

    A paragraph is a document, its article's title the title; a question has one relevant paragraph.
    """
    corpus, queries = out_dir / "corpus.jsonl", out_dir / "queries.jsonl"
    articles = _jsquad_articles(path)
    out_dir.mkdir(parents=True, exist_ok=True)
    with corpus.open("w", encoding="utf-8") as documents, queries.open("w", encoding="utf-8") as questions:
        for article_number, article in enumerate(articles):
            for number, paragraph in enumerate(article["paragraphs"]):
                identity = f"{article_number}-{number}"
                title, mark, text = paragraph["context"].partition("[SEP]")
                body = text if mark else title
                _write(documents, {"id": identity, "title": article["title"], "text": body.strip()})
                for asked in paragraph["qas"]:
                    _write(questions, {"id": asked["id"], "text": asked["question"], "relevant": [identity]})
    return corpus, queries


def _jsquad_articles(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        raise DataError("E142", "ファイルがありません", "no such file", path=path)
    try:
        articles = json.loads(path.read_text(encoding="utf-8"))["data"]
        for article in articles:
            for paragraph in article["paragraphs"]:
                _ = paragraph["context"], [(asked["id"], asked["question"]) for asked in paragraph["qas"]]
            _ = article["title"]
    except (ValueError, KeyError, TypeError) as error:
        raise DataError("E142", f"JSQuADの形式ではありません: {error}", f"not JSQuAD: {error}", path=path) from error
    return list(articles)


def _write(file: Any, record: Mapping[str, object]) -> None:  # a text file
    file.write(json.dumps(record, ensure_ascii=False) + "\n")


def _records(path: Path) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Yield (line number from 1, line, object) of each line that is not blank."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise DataError(
            "E142", f"読めません: {error.strerror}", f"cannot be read: {error.strerror}", path=path
        ) from error
    for number, raw in enumerate(lines, start=1):
        line = raw.decode("utf-8", errors="replace").strip("\ufeff \t\r")
        if not line:
            continue
        try:
            record = json.loads(raw.decode("utf-8-sig"))
        except ValueError as error:
            raise _wrong(path, number, line, f"JSONではありません: {error}", f"not JSON: {error}") from error
        if not isinstance(record, dict):
            raise _wrong(path, number, line, "JSONのオブジェクトではありません", "not a JSON object")
        yield number, line, record


def _text(path: Path, number: int, line: str, record: Mapping[str, Any], name: str) -> str:
    value = record.get(name)
    if not isinstance(value, str) or (name == "id" and not value):
        raise _wrong(path, number, line, f"{name} は文字列です", f"{name} must be a string")
    return value


def _wrong(path: Path, number: int, line: str, japanese: str, english: str) -> DataError:
    shown = line if len(line) <= _SHOWN else line[:_SHOWN] + "…"
    return DataError("E143", japanese, english, path=path, line=number, shown=shown)
