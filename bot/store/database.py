"""The store behind the ports: one database, opened once for a process."""

from __future__ import annotations

from dataclasses import dataclass

from bot.ports import Clock, Inbox, Places, Records


@dataclass(frozen=True, slots=True)
class Store:
    """The ports over one open database."""

    records: Records
    inbox: Inbox
    places: Places

    def close(self) -> None:
        """Finish what is being written and close the database."""


def open_store(url: str, clock: Clock) -> Store:
    """The database at an SQLAlchemy URL, brought to the newest schema.

    Raises SettingsError where it cannot be opened or another process has it (SQLite).
    """
    raise NotImplementedError(url, clock)
