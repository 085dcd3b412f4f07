"""The outbox: planned messages, leased to whoever sends them, marked by nobody else."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, bindparam, func, or_, select, update

from bot.enrolment import Change, Delivery, DeliveryState, Entry, Message, Trouble
from bot.ports import Clock
from bot.store.changing import Owned, record
from bot.store.claiming import ALL, ROW, due
from bot.store.course_tables import enrolments, learners, outbox
from bot.store.engines import Database
from bot.store.gathering import Gathering
from bot.store.people import BOTH, PERSON, enrolment_of, learner_of, many
from bot.store.records import tenant_key

LEASE = 60.0
"""Seconds for which a message is its sender's: more than a whole try can take, so that none is still under way."""

UNREACHABLE = ("not_installed", "unknown_mail", "no_direct_chat")
"""Reasons that pass when the person meets the bot."""

TOKEN_LENGTH = 32

AT_ONCE = 500
"""Keys in one query."""

_MESSAGE = ("key", "kind", "lesson", "number", "due", "until", "careful")
_THIS = (outbox.c.tenant == bindparam("b_tenant"), outbox.c.key == bindparam("b_key"))
_TAKE = (
    update(outbox)
    .where(*_THIS)
    .values(
        state="sending",
        claimable=bindparam("b_lease"),
        owner=bindparam("b_owner"),
        attempt=outbox.c.attempt + 1,
        began=bindparam("b_began"),
        changed=bindparam("b_now"),
    )
)
_HELD = (
    select(outbox.c.key, outbox.c.attempt, outbox.c.began)
    .where(
        outbox.c.tenant == bindparam("tenant"),
        outbox.c.key.in_(bindparam("keys", expanding=True)),
        outbox.c.state == "sending",
        outbox.c.owner == bindparam("owner"),
    )
    .order_by(outbox.c.key)
    .with_for_update()
)
_ARRIVED = (
    update(outbox)
    .where(*_THIS)
    .values(
        state="sent", claimable=None, owner=None, reason="", sent_id=bindparam("b_sent"), changed=bindparam("b_now")
    )
)
_OWNER = (
    select(learners.c.platform, learners.c.secret)
    .select_from(BOTH)
    .where(enrolments.c.tenant == bindparam("tenant"), enrolments.c.id == bindparam("enrolment"))
)
"""The person who has the enrolment by now."""

_DROP = (
    update(outbox)
    .where(*_THIS)
    .values(state=bindparam("b_state"), claimable=None, owner=None, reason="inactive", changed=bindparam("b_now"))
)


class StoredOutbox:
    """The outbox over a database. `owner` names this process, where it claims; it is never used again by another."""

    def __init__(self, database: Database, clock: Clock, owner: str = "") -> None:
        self._database = database
        self._clock = clock
        self._owner = owner
        self._arrivals: Gathering[tuple[Delivery, str], bool] = Gathering(
            lambda arrived: database.write(lambda connection: self._sent(connection, arrived))
        )

    def claim(self, platforms: Sequence[str], most: int) -> Sequence[Delivery]:
        """See the port."""
        if not platforms or most < 1:
            return ()
        return self._database.write(lambda connection: self._claim(connection, platforms, most))

    def sent(self, delivery: Delivery, message: str) -> bool:
        """See the port. Those that come at once are marked together: all of them want the end of the same chain."""
        return self._arrivals.add((delivery, message))

    def later(self, delivery: Delivery, reason: str, seconds: float) -> None:
        """See the port."""
        again = {"state": "ready", "claimable": self._clock.now() + seconds, "owner": None, "reason": reason}
        self._mark(delivery, again)

    def doubtful(self, delivery: Delivery, reason: str) -> None:
        """See the port."""
        self._mark(delivery, {"reason": reason})

    def unknown(self, delivery: Delivery, reason: str) -> None:
        """See the port."""
        self._mark(delivery, _over("unknown", reason))

    def failed(self, delivery: Delivery, reason: str) -> None:
        """See the port."""
        self._mark(delivery, _over("failed", reason))

    def dropped(self, delivery: Delivery) -> None:
        """See the port."""
        self._mark(delivery, _over("cancelled", ""))

    def postpone(self, delivery: Delivery, due: float, until: float) -> None:
        """See the port."""
        moved = {"state": "ready", "claimable": due, "due": due, "until": until, "owner": None}
        self._mark(delivery, moved | {"attempt": delivery.attempt - 1})

    def release(self, delivery: Delivery) -> None:
        """See the port. What may have arrived stays doubtful."""
        state = "sending" if delivery.doubtful else "ready"
        back = {"state": state, "claimable": self._clock.now(), "owner": None, "attempt": delivery.attempt - 1}
        self._mark(delivery, back)

    def cancel(self, platform: str, tenant: str) -> None:
        """See the port."""
        of_tenant = (outbox.c.tenant == tenant) & (outbox.c.platform == platform) & (outbox.c.state == "ready")
        self._database.write(lambda connection: self._set(connection, tenant, of_tenant, _over("cancelled", "left")))

    def revive(self, tenant: str, user: str) -> None:
        """See the port."""
        own = (outbox.c.kind != "supervisor") & (learners.c.user == user)
        to_supervisor = (outbox.c.kind == "supervisor") & (learners.c.supervisor == user)
        lost = (outbox.c.state == "failed") & outbox.c.reason.in_(UNREACHABLE) & or_(own, to_supervisor)
        self._again(tenant, lost)

    def planned(self, tenant: str, keys: Collection[str]) -> Collection[str]:
        """See the port."""
        return self._database.read(lambda connection: _planned(connection, tenant, sorted(keys)))

    def again(self, tenant: str, learner: str | None = None) -> int:
        """See the port."""
        stuck = outbox.c.state.in_(("unknown", "failed"))
        return self._again(tenant, stuck if learner is None else stuck & (enrolments.c.learner == learner))

    def counts(self, tenant: str | None = None) -> Mapping[DeliveryState, int]:
        """See the port."""
        wanted = select(outbox.c.state, func.count()).group_by(outbox.c.state)
        if tenant is not None:
            wanted = wanted.where(outbox.c.tenant == tenant)
        rows = self._database.read(lambda connection: connection.execute(wanted).all())
        return {state: int(count) for state, count in rows}

    def troubles(self, tenant: str) -> Sequence[Trouble]:
        """See the port."""
        wanted = (
            select(*ROW, *PERSON)
            .select_from(ALL)
            .where(
                outbox.c.tenant == tenant,
                outbox.c.state.in_(("unknown", "failed")),
                enrolments.c.state == "active",
            )
            .order_by(outbox.c.changed, outbox.c.key)
        )
        rows = self._database.read(lambda connection: connection.execute(wanted).mappings().all())
        return [Trouble(learner_of(row), _message(row), row["outbox_state"], row["outbox_reason"]) for row in rows]

    def _claim(self, connection: Connection, platforms: Sequence[str], most: int) -> list[Delivery]:
        while True:
            now = self._clock.now()
            found = due(connection, {"now": now, "platforms": list(platforms)}, most)
            alive = [row for row in found if row["enrolment_state"] == "active"]
            dropped = [row for row in found if row["enrolment_state"] != "active"]
            many(connection, _DROP, [_needless(row, now) for row in dropped])
            if alive or not found:
                return self._taken(connection, alive, now)

    def _taken(self, connection: Connection, rows: Sequence[RowMapping], now: float) -> list[Delivery]:
        keys = {
            tenant: tenant_key(self._database, connection, tenant) for tenant in {row["outbox_tenant"] for row in rows}
        }
        deliveries = [_delivery(row, keys[row["outbox_tenant"]], now) for row in rows]
        lease = {"b_lease": now + LEASE, "b_owner": self._owner, "b_now": now}
        many(connection, _TAKE, [lease | _key(one) | {"b_began": one.since} for one in deliveries])
        return deliveries

    def _mark(self, delivery: Delivery, values: Mapping[str, Any]) -> None:
        self._database.write(lambda connection: self._marked(connection, delivery, values))

    def _marked(self, connection: Connection, delivery: Delivery, values: Mapping[str, Any]) -> bool:
        """Mark a message that is still in our hands, at this try."""
        mine = update(outbox).where(
            *_THIS,
            outbox.c.state == "sending",
            outbox.c.owner == self._owner,
            outbox.c.attempt == delivery.attempt,
            outbox.c.began == delivery.since,
        )
        marked = mine.values({**values, "changed": self._clock.now()})
        return connection.execute(marked, _key(delivery)).rowcount == 1

    def _sent(self, connection: Connection, arrived: Sequence[tuple[Delivery, str]]) -> list[bool]:
        """Mark those that are still in our hands, at their try, and note them in the ledger."""
        ours: set[tuple[str, str]] = set()
        for tenant in sorted({delivery.learner.tenant for delivery, _ in arrived}):
            tries = {one.message.key: (one.attempt, one.since) for one, _ in arrived if one.learner.tenant == tenant}
            held = connection.execute(_HELD, {"tenant": tenant, "keys": sorted(tries), "owner": self._owner}).all()
            ours |= {(tenant, key) for key, attempt, began in held if tries[key] == (attempt, began)}
        marked = [(one, sent) for one, sent in arrived if (one.learner.tenant, one.message.key) in ours]
        now = self._clock.now()
        many(connection, _ARRIVED, [_key(one) | {"b_sent": sent, "b_now": now} for one, sent in marked])
        record(self._database, connection, [_noted(connection, one, now) for one, _ in marked])
        return [(one.learner.tenant, one.message.key) in ours for one, _ in arrived]

    def _again(self, tenant: str, which: ColumnElement[bool]) -> int:
        """Messages of people who are in the course, ready again as if they had never been tried."""
        ready = _over("ready", "") | {"claimable": self._clock.now(), "attempt": 0}
        return self._database.write(
            lambda connection: self._set(connection, tenant, which & (enrolments.c.state == "active"), ready)
        )

    def _set(self, connection: Connection, tenant: str, which: ColumnElement[bool], values: Mapping[str, Any]) -> int:
        """Change some of a tenant's messages, locked in one order."""
        wanted = select(outbox.c.key).select_from(ALL).where(outbox.c.tenant == tenant, which)
        locked = wanted.order_by(outbox.c.key).with_for_update(of=outbox)
        keys = connection.scalars(locked).all()
        changed = update(outbox).where(*_THIS).values({**values, "changed": self._clock.now()})
        many(connection, changed, [{"b_tenant": tenant, "b_key": key} for key in keys])
        return len(keys)


def _planned(connection: Connection, tenant: str, keys: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for begin in range(0, len(keys), AT_ONCE):
        some = outbox.c.key.in_(keys[begin : begin + AT_ONCE])
        wanted = select(outbox.c.key).where(outbox.c.tenant == tenant, some, outbox.c.state != "cancelled")
        found.update(connection.scalars(wanted))
    return found


def _noted(connection: Connection, delivery: Delivery, now: float) -> Owned:
    """A message that arrived, as the ledger has it."""
    message, enrolment = delivery.message, delivery.enrolment
    owner = connection.execute(_OWNER, {"tenant": enrolment.tenant, "enrolment": enrolment.id}).one()
    detail = "" if message.kind == "lesson" else message.kind
    entry = Entry("sent", now, message.lesson, detail, enrolment.edition)
    return Owned(Change(enrolment, enrolment, (entry,)), owner.platform, owner.secret)


def _over(state: DeliveryState, reason: str) -> dict[str, Any]:
    return {"state": state, "claimable": None, "owner": None, "reason": reason}


def _key(delivery: Delivery) -> dict[str, str]:
    return {"b_tenant": delivery.learner.tenant, "b_key": delivery.message.key}


def _message(row: RowMapping) -> Message:
    return Message(**{name: row[f"outbox_{name}"] for name in _MESSAGE})


def _delivery(row: RowMapping, key: bytes, now: float) -> Delivery:
    message = _message(row)
    token = hmac.new(key, f"delivery\0{message.key}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
    doubtful = row["outbox_state"] == "sending"
    return Delivery(
        message,
        token[:TOKEN_LENGTH],
        learner_of(row),
        enrolment_of(row),
        row["outbox_attempt"] + 1,
        doubtful,
        row["outbox_began"] if doubtful else now,
    )


def _needless(row: RowMapping, now: float) -> dict[str, Any]:
    """Nobody waits for it any more; where it may have arrived it is not called cancelled."""
    state = "unknown" if row["outbox_state"] == "sending" else "cancelled"
    return {"b_tenant": row["outbox_tenant"], "b_key": row["outbox_key"], "b_state": state, "b_now": now}
