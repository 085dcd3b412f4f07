"""Nothing grows too big to be read in one go."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_LINES, LONGEST_FUNCTION, MOST_PARAMETERS = 300, 40, 5
SAYS_WHERE = ("bot/errors.py", "__init__")
"""DataError takes four optional parts of a place by name: a record in all but form."""


def _files(*tops: str) -> list[str]:
    return sorted(path.relative_to(ROOT).as_posix() for top in tops for path in (ROOT / top).rglob("*.py"))


def _functions(source: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("file", _files("bot", "adapters", "tests"))
def test_a_file_has_at_most_300_lines(file: str) -> None:
    assert len((ROOT / file).read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("file", _files("bot", "adapters"))
def test_a_function_is_short_and_takes_few_parameters(file: str) -> None:
    wrong = []
    for function in _functions((ROOT / file).read_text(encoding="utf-8")):
        lines = (function.end_lineno or 0) - function.lineno + 1
        if lines > LONGEST_FUNCTION:
            wrong.append(f"{file}:{function.lineno}: {function.name} has {lines} lines")
        arguments = function.args
        names = [one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
        count = len([name for name in names if name not in ("self", "cls")])
        if count > MOST_PARAMETERS and (file, function.name) != SAYS_WHERE:
            wrong.append(f"{file}:{function.lineno}: {function.name} takes {count} parameters")
    assert wrong == []
