"""The composition root: Settings → Service."""

from __future__ import annotations

from bot.corpus.knowledge import Knowledge
from bot.service import Service
from bot.settings import Settings


def build_service(settings: Settings) -> Service:
    """A service over the settings' knowledge folder. Raises SettingsError where that is no such folder."""
    return Service(Knowledge(settings.knowledge), settings.cache)
