"""The composition root: Settings → Service."""

from __future__ import annotations

import time

from bot.corpus.knowledge import Knowledge
from bot.service import Service
from bot.settings import Settings


def build_service(settings: Settings) -> Service:
    """A service over the settings' knowledge folder. Raises SettingsError where that is no such folder."""
    return Service(Knowledge(settings.knowledge), settings.cache)


class SystemClock:
    """The machine's own clock."""

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time()
