"""The outbox: planned messages, leased to whoever sends them, marked by nobody else."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, bindparam, func, or_, select, update

from bot.enrolment import Change, Delivery, DeliveryState, Entry, Message, Trouble
from bot.ports import Clock
from bot.store.changing import Owned, record
from bot.store.course_tables import enrolments, learners, outbox
from bot.store.engines import Database
from bot.store.people import BOTH, PERSON, SECRET, enrolment_of, learner_of, many
from bot.store.records import tenant_key

LEASE = 60.0
"""Seconds for which a message is its sender's: more than a whole try can take, so that none is still under way."""

UNREACHABLE = ("not_installed", "unknown_mail", "no_direct_chat")
"""Reasons that pass when the person meets the bot."""

TOKEN_LENGTH = 32

_MESSAGE = ("key", "kind", "lesson", "number", "due", "until", "careful")
_ROW = tuple(column.label(f"outbox_{column.name}") for column in outbox.c)
_OF = (outbox.c.tenant == enrolments.c.tenant) & (outbox.c.enrolment == enrolments.c.id)
_ALL = BOTH.join(outbox, _OF)

_IS_DUE = (
    outbox.c.claimable <= bindparam("now"),
    outbox.c.platform.in_(bindparam("platforms", expanding=True)),
)
_TENANTS = (
    select(outbox.c.tenant)
    .where(*_IS_DUE)
    .group_by(outbox.c.tenant)
    .order_by(func.min(outbox.c.claimable), outbox.c.tenant)
    .limit(bindparam("most"))
)
_NEXT = (
    select(outbox.c.key)
    .where(outbox.c.tenant == bindparam("tenant"), *_IS_DUE)
    .order_by(outbox.c.claimable, outbox.c.key)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
"""The rows alone are locked, in a query so plain that no database's guess about unseen figures can make it slow."""

_WHOLE = (
    select(*_ROW, *PERSON)
    .select_from(_ALL)
    .where(outbox.c.tenant == bindparam("tenant"), outbox.c.key.in_(bindparam("keys", expanding=True)))
    .order_by(outbox.c.claimable, outbox.c.key)
)
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

    def claim(self, platforms: Sequence[str], most: int) -> Sequence[Delivery]:
        """See the port."""
        if not platforms or most < 1:
            return ()
        return self._database.write(lambda connection: self._claim(connection, platforms, most))

    def sent(self, delivery: Delivery, message: str) -> bool:
        """See the port."""

        def job(connection: Connection) -> bool:
            if not self._marked(connection, delivery, _over("sent", "") | {"sent_id": message}):
                return False
            self._record(connection, delivery)
            return True

        return self._database.together(job)  # every one wants the end of the same chain

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
            select(*_ROW, *PERSON)
            .select_from(_ALL)
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
            due = _due(connection, {"now": now, "platforms": list(platforms)}, most)
            alive = [row for row in due if row["enrolment_state"] == "active"]
            dropped = [row for row in due if row["enrolment_state"] != "active"]
            many(connection, _DROP, [_needless(row, now) for row in dropped])
            if alive or not due:
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

    def _record(self, connection: Connection, delivery: Delivery) -> None:
        """Into the ledger, under the person who has the enrolment by now."""
        tenant, message = delivery.learner.tenant, delivery.message
        owner = (
            select(*PERSON, SECRET)
            .select_from(BOTH)
            .where(enrolments.c.tenant == tenant, enrolments.c.id == delivery.enrolment.id)
        )
        row = connection.execute(owner).mappings().one()
        detail = "" if message.kind == "lesson" else message.kind
        entry = Entry("sent", self._clock.now(), message.lesson, detail, delivery.enrolment.edition)
        told = Change(delivery.enrolment, delivery.enrolment, (entry,))
        record(self._database, connection, [Owned(told, row["learner_platform"], row["learner_secret"])])

    def _again(self, tenant: str, which: ColumnElement[bool]) -> int:
        """Messages of people who are in the course, ready again as if they had never been tried."""
        ready = _over("ready", "") | {"claimable": self._clock.now(), "attempt": 0}
        return self._database.write(
            lambda connection: self._set(connection, tenant, which & (enrolments.c.state == "active"), ready)
        )

    def _set(self, connection: Connection, tenant: str, which: ColumnElement[bool], values: Mapping[str, Any]) -> int:
        """Change some of a tenant's messages, locked in one order."""
        wanted = select(outbox.c.key).select_from(_ALL).where(outbox.c.tenant == tenant, which)
        locked = wanted.order_by(outbox.c.key).with_for_update(of=outbox)
        keys = connection.scalars(locked).all()
        changed = update(outbox).where(*_THIS).values({**values, "changed": self._clock.now()})
        many(connection, changed, [{"b_tenant": tenant, "b_key": key} for key in keys])
        return len(keys)


def _due(connection: Connection, when: Mapping[str, Any], most: int) -> list[RowMapping]:
    """What is due, locked: every tenant its share, so that one with thousands leaves the others their turn."""
    tenants = connection.scalars(_TENANTS, {**when, "most": most}).all()
    found: list[RowMapping] = []
    for place, tenant in enumerate(tenants):
        share = -(-(most - len(found)) // (len(tenants) - place))
        keys = connection.scalars(_NEXT, {**when, "tenant": tenant, "most": share}).all()
        if keys:
            found += connection.execute(_WHOLE, {"tenant": tenant, "keys": list(keys)}).mappings().all()
    return found


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
