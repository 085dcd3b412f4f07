"""What a change does to the tables: enrolment, outbox and ledger in one transaction, in this order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Insert, bindparam, select, update

from bot.enrolment import Change
from bot.store.course_tables import enrolments, learners, outbox
from bot.store.engines import Database
from bot.store.ledger import Line, append, person_of
from bot.store.people import many, values

_FIXED = ("tenant", "id", "learner", "org", "version")
_MOVING = tuple(column.name for column in enrolments.c if column.name not in _FIXED)

UPDATE = (
    update(enrolments)
    .where(
        enrolments.c.tenant == bindparam("b_tenant"),
        enrolments.c.id == bindparam("b_id"),
        enrolments.c.version == bindparam("b_version"),
    )
    .values({name: bindparam(f"b_{name}") for name in _MOVING} | {"version": enrolments.c.version + 1})
)
"""An enrolment as `moved` says, where nobody has changed it meanwhile."""

_READY = (
    select(outbox.c.key)
    .where(
        outbox.c.tenant == bindparam("b_tenant"),
        outbox.c.enrolment == bindparam("b_enrolment"),
        outbox.c.state == "ready",
    )
    .order_by(outbox.c.key)  # messages are locked in one order everywhere
    .with_for_update()
)
CANCEL = (
    update(outbox)
    .where(outbox.c.tenant == bindparam("b_tenant"), outbox.c.key.in_(_READY), outbox.c.state == "ready")
    .values(state="cancelled", claimable=None, reason="", changed=bindparam("b_now"))
)
"""One enrolment's messages that are not begun."""


@dataclass(frozen=True, slots=True)
class Owned:
    """A change with what is known of its learner."""

    change: Change
    platform: str
    secret: bytes


def moved(change: Change) -> dict[str, Any]:
    """What `UPDATE` takes."""
    after = values(change.after)
    before = change.before
    fence = {"b_tenant": before.tenant, "b_id": before.id, "b_version": before.version}
    return {f"b_{name}": after[name] for name in _MOVING} | fence


class Changes:
    """Stores changes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def commit(self, connection: Connection, change: Change, now: float) -> bool:
        """One change, where its enrolment is still at that version."""
        if connection.execute(UPDATE, moved(change)).rowcount != 1:
            return False
        before = change.before
        owner = select(learners.c.platform, learners.c.secret).where(
            learners.c.tenant == before.tenant, learners.c.id == before.learner
        )
        row = connection.execute(owner).one()
        self._after(connection, [Owned(change, row.platform, row.secret)], now)
        return True

    def store(self, connection: Connection, changes: Sequence[Owned], now: float) -> None:
        """Changes to enrolments that are locked, so that none can be at another version."""
        many(connection, UPDATE, [moved(one.change) for one in changes])
        self._after(connection, changes, now)

    def _after(self, connection: Connection, changes: Sequence[Owned], now: float) -> None:
        cancelled = [one.change.before for one in changes if one.change.cancel]
        many(connection, CANCEL, [{"b_tenant": one.tenant, "b_enrolment": one.id, "b_now": now} for one in cancelled])
        many(connection, _planned(self._database), [row for one in changes for row in _messages(one, now)])
        record(self._database, connection, changes)


def record(database: Database, connection: Connection, changes: Iterable[Owned]) -> None:
    """The entries of changes into the ledger, one tenant after the other in a fixed order."""
    lines: defaultdict[str, list[Line]] = defaultdict(list)
    for one in changes:
        lines[one.change.before.tenant].extend(_lines(one))
    for tenant in sorted(lines):
        append(database, connection, tenant, lines[tenant])


def _lines(one: Owned) -> list[Line]:
    after = one.change.after
    person = person_of(one.secret, after.tenant)
    return [Line(person, after.org, after.round, entry) for entry in one.change.entries]


def _messages(one: Owned, now: float) -> list[dict[str, Any]]:
    enrolment = one.change.before
    fresh = {"state": "ready", "owner": None, "attempt": 0, "began": 0.0, "sent_id": None, "reason": ""}
    about = {"tenant": enrolment.tenant, "enrolment": enrolment.id, "platform": one.platform, "changed": now}
    return [values(message) | {"claimable": message.due} | fresh | about for message in one.change.messages]


def _planned(database: Database) -> Insert:
    """A new message; one of the same key stands, but where it was cancelled before anybody began to send it."""
    new = database.insert(outbox)
    anew = ("state", "due", "until", "claimable", "owner", "attempt", "began", "reason", "changed")
    planned: Insert = new.on_conflict_do_update(
        index_elements=["tenant", "key"],
        set_={name: new.excluded[name] for name in anew},
        where=outbox.c.state == "cancelled",
    )
    return planned
