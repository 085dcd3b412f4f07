"""The composition root: Settings → Service, and Settings → everything that stands behind the fronts."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bot.corpus.knowledge import Knowledge
from bot.desk import Desk
from bot.directory import Directory, load_workspaces, page_workspace
from bot.limits import RateLimiter
from bot.onboarding.administering import Administration
from bot.ports import Clock
from bot.service import Service
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.store.database import Store


class SystemClock:
    """The machine's own clock."""

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time()


class RandomIdentities:
    """Names by chance."""

    def new(self) -> str:
        """16 hex digits."""
        return secrets.token_hex(8)


@dataclass(frozen=True, slots=True)
class Core:
    """What the fronts of one process share. `chores` are done once a minute; with nothing to do they are quick."""

    desk: Desk
    store: Store
    limiter: RateLimiter
    chores: tuple[Callable[[], object], ...] = ()


def build_service(settings: Settings) -> Service:
    """A service over the settings' knowledge folder. Raises SettingsError where that is no such folder."""
    return Service(Knowledge(settings.knowledge), settings.cache)


def build_directory(settings: Settings, knowledge: Knowledge) -> Directory:
    """The tenants of the workspaces file, and the local page. Raises DataError where the file is wrong."""
    listed = load_workspaces(settings.workspaces, knowledge) if settings.workspaces else ()
    return Directory([*listed, page_workspace(knowledge)])


def build_core(settings: Settings, clock: Clock | None = None) -> Core:
    """The desk over an open store; close the store at the end.

    Raises SettingsError where the database cannot be opened, DataError where a file of knowledge is wrong.
    """
    from bot.store.database import open_store  # noqa: PLC0415  # `ask` runs without the packages the store needs
    from bot.store.drop import drop_beside  # noqa: PLC0415  # as above

    ticking = clock or SystemClock()
    service = build_service(settings)
    directory = build_directory(settings, service.knowledge)
    store = open_store(settings.database, ticking)
    desk = Desk(service, directory, store, ticking, RandomIdentities())
    administration = Administration(service.knowledge, store, ticking, RandomIdentities())
    drop = drop_beside(settings.database)
    chores = () if drop is None else (partial(administration.take_in, drop),)
    return Core(desk, store, RateLimiter(ticking), chores)
