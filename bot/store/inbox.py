"""The durable inbox: what was accepted is there until it is answered or given up."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future

from sqlalchemy import Connection, bindparam, func, select, update

from bot.commands import Home, Request
from bot.ports import Claimed, Clock
from bot.store.codec import dump, key_hash, load
from bot.store.engines import Database
from bot.store.tables import inbox
from bot.store.tidying import Tidier

LEASE = 30.0
"""Seconds after which a worker that has said nothing has vanished."""

_NEXT = (
    select(inbox.c.id, inbox.c.tenant, inbox.c.body, inbox.c.attempt)
    .where(
        inbox.c.due.is_not(None),
        inbox.c.due <= bindparam("now"),
        inbox.c.platform.in_(bindparam("platforms", expanding=True)),
    )
    .order_by(inbox.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_WAITING = select(func.count()).where(inbox.c.due.is_not(None))
_MINE = update(inbox).where(
    inbox.c.tenant == bindparam("b_tenant"),
    inbox.c.hash == bindparam("b_hash"),
    inbox.c.owner == bindparam("b_owner"),
    inbox.c.attempt == bindparam("b_attempt"),
    inbox.c.due.is_not(None),
)
"""The row of a claimed request, as long as this process has it at this attempt."""


class StoredInbox:
    """The inbox over a database. `owner` names this process; it is never used again by another."""

    def __init__(self, database: Database, clock: Clock, owner: str, tidier: Tidier) -> None:
        self._database = database
        self._clock = clock
        self._owner = owner
        self._tidier = tidier
        new = database.insert(inbox).on_conflict_do_nothing(index_elements=["tenant", "hash"])
        self._insert = new.returning(inbox.c.id)

    def accept(self, request: Request) -> Future[bool]:
        """See the port. Raises TypeError for a command that is never stored."""
        row = {
            "tenant": request.sender.tenant,
            "hash": key_hash(request),
            "platform": request.sender.platform,
            "thread": request.sender.thread,
            "engages": not (isinstance(request.command, Home) and request.command.joined),
            "body": dump(request),
            "due": self._clock.now(),
            "attempt": 0,
            "reason": "",
            "changed": self._clock.now(),
        }
        return self._database.later(lambda connection: connection.scalar(self._insert, row) is not None)

    def claim(self, platforms: Sequence[str]) -> Claimed | None:
        """See the port."""
        self._tidier.now_and_then()
        return self._database.write(lambda connection: self._claim(connection, platforms)) if platforms else None

    def finish(self, claimed: Claimed) -> bool:
        """See the port."""
        return self._mark(claimed, {"due": None, "owner": None, "body": "", "reason": ""})

    def fail(self, claimed: Claimed, reason: str, retry_after: float | None) -> None:
        """See the port."""
        if retry_after is None:
            self._mark(claimed, {"due": None, "owner": None, "body": "", "reason": reason})
        else:
            self._mark(claimed, {"due": self._clock.now() + retry_after, "owner": None, "reason": reason})

    def release(self, claimed: Claimed) -> None:
        """See the port."""
        self._mark(claimed, {"due": self._clock.now(), "owner": None, "attempt": claimed.attempt - 1})

    def waiting(self) -> int:
        """See the port."""
        return self._database.read(lambda connection: int(connection.scalar(_WAITING) or 0))

    def cancel(self, platform: str, tenant: str) -> None:
        """See the port."""
        cancelled = (
            update(inbox)
            .where(inbox.c.tenant == tenant, inbox.c.platform == platform, inbox.c.due.is_not(None))
            .values(due=None, owner=None, body="", reason="left", changed=self._clock.now())
        )
        self._database.write(lambda connection: connection.execute(cancelled))

    def take_back(self) -> None:
        """Make ready what a process that is dead had in hand: for a database that only one process may open."""
        again = update(inbox).where(inbox.c.due.is_not(None), inbox.c.owner.is_not(None))
        self._database.write(lambda connection: connection.execute(again.values(due=self._clock.now(), owner=None)))

    def _claim(self, connection: Connection, platforms: Sequence[str]) -> Claimed | None:
        while True:
            now = self._clock.now()
            row = connection.execute(_NEXT, {"now": now, "platforms": list(platforms)}).first()
            if row is None:
                return None
            taken = update(inbox).where(inbox.c.tenant == row.tenant, inbox.c.id == row.id)
            try:
                request = load(row.body)
            except (ValueError, KeyError, TypeError):  # written by another version: it can never be served
                given_up = {"due": None, "owner": None, "body": "", "reason": "unreadable", "changed": now}
                connection.execute(taken.values(given_up))
                continue
            attempt = row.attempt + 1
            connection.execute(taken.values(due=now + LEASE, owner=self._owner, attempt=attempt, changed=now))
            return Claimed(request, attempt)

    def _mark(self, claimed: Claimed, values: dict[str, object]) -> bool:
        request = claimed.request
        mine = {
            "b_tenant": request.sender.tenant,
            "b_hash": key_hash(request),
            "b_owner": self._owner,
            "b_attempt": claimed.attempt,
        }
        marked = _MINE.values({**values, "changed": self._clock.now()})
        return self._database.write(lambda connection: connection.execute(marked, mine).rowcount == 1)
