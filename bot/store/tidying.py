"""What is kept no longer than it is needed: deleted hourly."""

from __future__ import annotations

import threading

from sqlalchemy import Connection, delete, update

from bot.ports import ANSWER_PLACES, Clock
from bot.store.course_tables import outbox
from bot.store.engines import Database
from bot.store.tables import answers, inbox, places

HOUR = 3600.0
DAY = 24 * HOUR

KEEP_THREADS = DAY
"""Seconds for which an answered request still says which thread it was in."""
KEEP_KEYS = 8 * DAY
"""Seconds for which a request's key is known: more than the seven days that are promised."""
KEEP_WAITING = 30 * DAY
"""Seconds for which a request waits that nobody takes up: its platform has been switched off."""
KEEP_ANSWERS = 90 * DAY
"""Seconds for which questions (masked) and their ratings are kept."""

KEEP_MESSAGES = 400 * DAY
"""Seconds for which a message that was sent or cancelled is known: more than a round can take. The ledger stays."""


class Tidier:
    """Deletes what is too old, for all tenants alike."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._lock = threading.Lock()
        self._next = clock.now()

    def now_and_then(self) -> None:
        """Tidy where the last time was an hour ago."""
        with self._lock:
            if self._clock.now() < self._next:
                return
            self._next = self._clock.now() + HOUR
        self.tidy()

    def tidy(self) -> None:
        """Tidy now."""
        self._database.write(self._delete)
        self._database.tidy()

    def _delete(self, connection: Connection) -> None:
        now = self._clock.now()
        done = inbox.c.due.is_(None)
        connection.execute(
            update(inbox).where(done, inbox.c.changed < now - KEEP_THREADS, inbox.c.thread != "").values(thread="")
        )
        left = inbox.c.due.is_not(None) & (inbox.c.changed < now - KEEP_WAITING)
        connection.execute(update(inbox).where(left).values(due=None, owner=None, body="", reason="left", changed=now))
        connection.execute(delete(inbox).where(done, inbox.c.changed < now - KEEP_KEYS))
        rated = places.c.place.startswith(ANSWER_PLACES, autoescape=True) & (places.c.changed < now - KEEP_ANSWERS)
        connection.execute(delete(places).where(rated))
        connection.execute(delete(answers).where(answers.c.at < now - KEEP_ANSWERS))
        over = outbox.c.state.in_(("sent", "cancelled")) & (outbox.c.changed < now - KEEP_MESSAGES)
        connection.execute(delete(outbox).where(over))
