"""YAML files read as text: every scalar a string, a key written twice an error, errors with their place."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from bot.errors import DataError

_NULLS = frozenset({"", "~", "null"})
MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 200
_NESTING = re.compile(r"[\[{]|[\]}]|^(?:\s*[-?] ){8,}", re.MULTILINE)


class _PlaceError(Exception):
    def __init__(self, mark: Any, japanese: str, english: str) -> None:
        super().__init__(english)
        self.mark, self.japanese, self.english = mark, japanese, english


def _at(node: Any, japanese: str, english: str) -> _PlaceError:
    return _PlaceError(node.start_mark, japanese, english)


@cache
def _base() -> Any:
    """PyYAML's C loader where it was built with one. Loaded late: an answer from a snapshot reads no YAML."""
    import yaml  # noqa: PLC0415  # see above

    return getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@cache
def _strict() -> Any:
    """A loader whose scalars stay text, whose plain `null`, `~` or nothing is None, and that refuses duplicate keys."""
    import yaml  # noqa: PLC0415  # see _base

    class Strict(_base()):  # type: ignore[misc]  # the C loader has no stubs
        """Text only: no tag makes an object."""

    def construct(loader: Any, node: Any) -> Any:
        if isinstance(node, yaml.MappingNode):
            return _mapping(loader, node)
        if isinstance(node, yaml.SequenceNode):
            return [loader.construct_object(child, deep=True) for child in node.value]
        return None if not node.style and node.value in _NULLS else node.value

    Strict.yaml_constructors = {None: construct}
    return Strict


def _mapping(loader: Any, node: Any) -> dict[str, Any]:
    mapping: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise _at(key_node, "キーは文字列で書いてください。", "a key must be text.")
        if key in mapping:
            raise _at(key_node, f"キー「{key}」が二度書かれています。", f"the key '{key}' is written twice.")
        mapping[key] = loader.construct_object(value_node, deep=True)
    return mapping


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
    import yaml  # noqa: PLC0415  # see _base

    try:
        return yaml.load(text, Loader=_strict())  # noqa: S506  # derived from BaseLoader: text only, no objects
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
    import yaml  # noqa: PLC0415  # see _base

    try:
        node = yaml.compose(read_text(path), Loader=_base())
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
    if node.id == "mapping":
        for key_node, value_node in node.value:
            if key_node.value == key:
                return key_node.start_mark, value_node
    if node.id == "sequence" and isinstance(key, int) and key < len(node.value):
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


def to_yaml(value: object, head: str = "") -> str:
    """A plain value as YAML text behind `head`, keys in order, characters as they are."""
    import yaml  # noqa: PLC0415  # see _base

    dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    body: str = yaml.dump(value, Dumper=dumper, allow_unicode=True, sort_keys=False, width=10**6)
    return head + body
