"""Calls of several threads done together: whoever comes while one is under way is served with the next."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


@dataclass(eq=False, slots=True)
class _Waiting(Generic[T, R]):
    item: T
    result: R | None = None
    error: BaseException | None = None
    done: bool = False


class Gathering(Generic[T, R]):
    """Serves single items through a function that takes many: `serve` gives a result for each, in order."""

    def __init__(self, serve: Callable[[Sequence[T]], Sequence[R]]) -> None:
        self._serve = serve
        self._turn = threading.Lock()
        self._queue = threading.Lock()
        self._waiting: list[_Waiting[T, R]] = []

    def add(self, item: T) -> R:
        """The item's result. Raises what `serve` raised for the batch that it was in."""
        mine: _Waiting[T, R] = _Waiting(item)
        with self._queue:
            self._waiting.append(mine)
        with self._turn:
            if not mine.done:  # nobody has taken it along
                self._together()
        if mine.error is not None:
            raise mine.error
        return mine.result  # type: ignore[return-value]  # it is done

    def _together(self) -> None:
        with self._queue:
            batch, self._waiting = self._waiting, []
        try:
            results = self._serve([one.item for one in batch])
        except BaseException as error:  # noqa: BLE001  # each of them hears of it
            for one in batch:
                one.error, one.done = error, True
            return
        for one, result in zip(batch, results, strict=True):
            one.result, one.done = result, True
