"""A memory of what was done, bounded, for one process: a thing done again is not done twice."""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

MOST = 1_000


class Memory(Generic[K, V]):
    """The newest `MOST` things and what became of them."""

    def __init__(self) -> None:
        self._kept: OrderedDict[K, V] = OrderedDict()

    def keep(self, key: K, value: V) -> None:
        """Remember, in place of what was known."""
        self._kept[key] = value
        self._kept.move_to_end(key)
        if len(self._kept) > MOST:
            self._kept.popitem(last=False)

    def get(self, key: K) -> V | None:
        """What became of it; None where nothing is known."""
        return self._kept.get(key)

    def forget(self, key: K) -> None:
        """As if it had never been done."""
        self._kept.pop(key, None)
