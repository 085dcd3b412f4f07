"""Typed reading of plain YAML values; every complaint names the file, line and column of the value."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from bot.corpus.yaml_source import data_error_at, load_yaml

Key = str | int


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a YAML file together with the way to it, so that errors can say where it stands."""

    path: Path
    value: Any
    keys: tuple[Key, ...] = ()

    @classmethod
    def load(cls, path: Path) -> Node:
        """The root of a file. Raises DataError where the file cannot be read."""
        return cls(path, load_yaml(path))

    def fail(self, japanese: str, english: str) -> NoReturn:
        """Raise a DataError that points here."""
        raise data_error_at(self.path, self.keys, (japanese, english))

    def only(self, *allowed: str) -> Node:
        """The same mapping, after a check that it has no other keys than `allowed`."""
        for key in self._mapping():
            if key not in allowed:
                names = "、".join(allowed)
                self._step(key).fail(
                    f"「{key}」という項目はありません（使えるのは {names}）。", f"unknown key '{key}'."
                )
        return self

    def get(self, key: str) -> Node | None:
        """The value under `key`, None where it is absent or null."""
        value = self._mapping().get(key)
        return None if value is None else Node(self.path, value, (*self.keys, key))

    def need(self, key: str) -> Node:
        """The value under `key`, which must be there."""
        found = self.get(key)
        if found is None:
            self.fail(f"「{key}」がありません。", f"'{key}' is missing.")
        return found

    def items(self) -> Iterator[tuple[str, Node]]:
        """The pairs of a mapping in file order."""
        for key in self._mapping():
            yield key, self._step(key)

    def each(self) -> Iterator[Node]:
        """The members of a list."""
        if not isinstance(self.value, list):
            self.fail("ここには一覧（- で始まる行）を書いてください。", "a list is wanted here.")
        for position in range(len(self.value)):
            yield self._step(position)

    def text(self) -> str:
        """The scalar, which must be a non-empty text."""
        if not isinstance(self.value, str) or not self.value.strip():
            self.fail("ここには文字を書いてください。", "a text is wanted here.")
        return self.value

    def texts(self) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(node.text() for node in self.each())

    def one_of(self, allowed: tuple[str, ...]) -> Any:
        """The text, which must be one of `allowed` (typed by the caller as the Literal it is)."""
        if self.value not in allowed:
            names = "、".join(allowed)
            self.fail(f"「{self.value}」は使えません（{names} のどれかです）。", f"use one of {', '.join(allowed)}.")
        return self.value

    def number(self) -> float:
        """The text as a number."""
        try:
            value = float(self.text())
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            self.fail("ここには数を書いてください。", "a number is wanted here.")
        return value

    def opt_text(self, key: str) -> str | None:
        """The text under `key`, or None."""
        found = self.get(key)
        return None if found is None else found.text()

    def opt_texts(self, key: str) -> tuple[str, ...]:
        """The list of texts under `key`, or none."""
        found = self.get(key)
        return () if found is None else found.texts()

    def line_range(self) -> tuple[int, int]:
        """A list of two line numbers, first and last."""
        members = tuple(self.each())
        if len(members) != 2:
            self.fail("行の範囲は [最初, 最後] の形で書いてください。", "a line range is [first, last].")
        first, last = (int(member.number()) for member in members)
        if not 0 < first <= last:
            self.fail("行の範囲が逆です。", "the line range runs backwards.")
        return first, last

    def _mapping(self) -> dict[str, Any]:
        if not isinstance(self.value, dict):
            self.fail("ここには「項目: 値」の組を書いてください。", "a mapping is wanted here.")
        return self.value

    def _step(self, key: Key) -> Node:
        return Node(self.path, self.value[key], (*self.keys, key))
