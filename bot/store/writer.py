"""SQLite's one writer: a thread that commits everything that waits in one transaction."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

T = TypeVar("T")

MOST = 256
"""Jobs in one commit."""


@dataclass(frozen=True, slots=True)
class _Task:
    job: Callable[[Connection], Any]
    future: Future[Any]


class Writer:
    """Runs jobs one after the other; a job's future is done only when its commit is.

    A commit costs a disk's round trip whatever it holds: under load many jobs share one, a lone job never waits.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[Connection], T]) -> Future[T]:
        """Queue a job. Raises RuntimeError after `close`."""
        future: Future[T] = Future()
        with self._closing:
            if self._closed:
                raise RuntimeError("the store is closed")
            self._tasks.put(_Task(job, future))
        return future

    def close(self) -> None:
        """Run what is queued, then end."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._tasks.put(None)
        self._thread.join()

    def _run(self) -> None:
        ending = False
        while not ending:
            batch, ending = self._waiting()
            wanted = [task for task in batch if task.future.set_running_or_notify_cancel()]
            if wanted:
                self._together(wanted)

    def _waiting(self) -> tuple[list[_Task], bool]:
        """Everything that waits, at least one; whether the end was among it."""
        batch: list[_Task] = []
        task = self._tasks.get()
        while task is not None:
            batch.append(task)
            if len(batch) == MOST:
                return batch, False
            try:
                task = self._tasks.get_nowait()
            except queue.Empty:
                return batch, False
        return batch, True

    def _together(self, tasks: list[_Task]) -> None:
        try:
            with self._engine.begin() as connection:
                values = [task.job(connection) for task in tasks]
        except BaseException as error:  # noqa: BLE001  # whoever waits for the job is told; the writer goes on
            if len(tasks) == 1:
                tasks[0].future.set_exception(error)
                return
            for task in tasks:  # nothing of the batch was kept: one job's fault must not be its neighbours'
                self._together([task])
            return
        for task, value in zip(tasks, values, strict=True):
            task.future.set_result(value)
