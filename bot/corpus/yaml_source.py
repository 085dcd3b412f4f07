"""YAML files read as text: every scalar a string, a key written twice an error, errors with their place."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from bot.errors import DataError

_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_NULLS = frozenset({"", "~", "null"})
MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 200
_NESTING = re.compile(r"[\[{]|[\]}]|^(?:\s*[-?] ){8,}", re.MULTILINE)


class _StrictLoader(_Loader):  # type: ignore[misc]  # the C loader has no stubs
    """Scalars stay text, a plain `null`, `~` or nothing is None, duplicate keys are refused."""

    def construct_scalar(self, node: Any) -> str | None:
        value: str = super().construct_scalar(node)
        return None if not node.style and value in _NULLS else value

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002  # base class
        mapping: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise _at(key_node, "キーは文字列で書いてください。", "a key must be text.")
            if key in mapping:
                raise _at(key_node, f"キー「{key}」が二度書かれています。", f"the key '{key}' is written twice.")
            mapping[key] = self.construct_object(value_node, deep=deep)
        return mapping


class _PlaceError(Exception):
    def __init__(self, mark: Any, japanese: str, english: str) -> None:
        super().__init__(english)
        self.mark, self.japanese, self.english = mark, japanese, english


def _at(node: Any, japanese: str, english: str) -> _PlaceError:
    return _PlaceError(node.start_mark, japanese, english)


def _construct(loader: Any, node: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return [loader.construct_object(child, deep=True) for child in node.value]
    return loader.construct_scalar(node)


# BaseLoader builds every collection through these two generators' deferred forms; ours must recurse at once.
_StrictLoader.add_constructor("tag:yaml.org,2002:map", lambda loader, node: loader.construct_mapping(node, deep=True))
_StrictLoader.add_constructor(None, _construct)


def read_text(path: Path) -> str:
    """The file's text.

    Raises DataError where it is missing, too large, or not UTF-8.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataError(
            "E101", f"ファイルを読めません（{reason}）。", f"cannot read the file ({reason}).", path=path
        ) from error
    if len(data) > MAX_BYTES:
        raise DataError(
            "E102", "ファイルが大きすぎます（16 MiBまで）。", "the file is too large (16 MiB at most).", path=path
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise DataError("E103", "UTF-8で保存してください。", "save the file as UTF-8.", path=path, line=line) from error


def load_yaml(path: Path) -> Any:
    """The file as dict, list, str and None.

    Raises DataError naming file, line and column and showing the line.
    """
    text = read_text(path)
    _refuse_deep_nesting(path, text)
    try:
        return yaml.load(text, Loader=_StrictLoader)  # noqa: S506  # derived from BaseLoader: text only, no objects
    except _PlaceError as error:
        raise _data_error(path, text, error.mark, (error.japanese, error.english)) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or "syntax"
        words = (f"YAMLの書き方が正しくありません（{problem}）。", f"this is not valid YAML ({problem}).")
        raise _data_error(path, text, mark, words) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise DataError("E104", "YAMLとして読めません。", "this cannot be read as YAML.", path=path) from error


def _refuse_deep_nesting(path: Path, text: str) -> None:
    """The C parser recurses for each level and would crash the process on thousands of brackets."""
    depth = 0
    for found in _NESTING.finditer(text):
        bracket = found.group()
        if bracket in "[{":
            depth += 1
        elif bracket in "]}":
            depth = max(0, depth - 1)
        if depth > MAX_DEPTH or len(bracket) > MAX_DEPTH:
            line = text[: found.start()].count("\n") + 1
            words = ("入れ子が深すぎます。", "this is nested too deeply.")
            raise DataError("E104", *words, path=path, line=line)


def place_of(path: Path, keys: tuple[str | int, ...]) -> tuple[int, int] | None:
    """Line and column (from 1) of the value reached by `keys`, or of its nearest parent that exists.

    The file is composed once more for it: places are needed only for an error message.
    """
    try:
        node = yaml.compose(read_text(path), Loader=_Loader)
    except (yaml.YAMLError, DataError, RecursionError):
        return None
    if node is None:
        return None
    mark = node.start_mark
    for key in keys:
        found = _child(node, key)
        if found is None:
            break
        mark, node = found
    return mark.line + 1, mark.column + 1


def _child(node: Any, key: str | int) -> tuple[Any, Any] | None:
    if isinstance(node, yaml.MappingNode):
        for key_node, value_node in node.value:
            if key_node.value == key:
                return key_node.start_mark, value_node
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        child = node.value[key]
        return child.start_mark, child
    return None


def data_error_at(path: Path, keys: tuple[str | int, ...], words: tuple[str, str], code: str = "E105") -> DataError:
    """A DataError for the value reached by `keys`; `words` are the message in Japanese and English."""
    place = place_of(path, keys)
    if place is None:
        return DataError(code, *words, path=path)
    line, column = place
    shown = _line_of(read_text(path), line)
    return DataError(code, *words, path=path, line=line, column=column, shown=shown)


def _data_error(path: Path, text: str, mark: Any, words: tuple[str, str]) -> DataError:
    if mark is None:
        return DataError("E104", *words, path=path)
    line, column = mark.line + 1, mark.column + 1
    return DataError("E104", *words, path=path, line=line, column=column, shown=_line_of(text, line))


def _line_of(text: str, line: int) -> str | None:
    lines = text.split("\n")
    return lines[line - 1].rstrip("\r")[:200] if 0 < line <= len(lines) else None
