"""Learners come, turn out to be somebody, and are forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Select, bindparam, delete, or_, select, update

from bot.enrolment import Enrolment, Entry, Learner
from bot.store.course_tables import enrolments, learners, outbox
from bot.store.engines import Database
from bot.store.ledger import Line, append, lock_chain, person_of
from bot.store.people import ENROLMENT, LEARNER, SECRET, enrolment_of, learner_of, tidied
from bot.store.tables import places

MERGED = "merged"
"""Why an enrolment has stopped whose person was enrolled already."""

_FILLED = ("user", "mail", "name", "department", "contract", "supervisor")

FILL = (
    update(learners)
    .where(learners.c.tenant == bindparam("b_tenant"), learners.c.id == bindparam("b_id"))
    .values({name: bindparam(f"b_{name}") for name in _FILLED})
)
"""What is known of a person, as `filled` says."""


def filled(learner: Learner) -> dict[str, str | None]:
    """What `FILL` takes."""
    told = {f"b_{name}": getattr(learner, name) for name in _FILLED}
    return told | {"b_tenant": learner.tenant, "b_id": learner.id}


@dataclass(frozen=True, slots=True)
class _Held:
    """One learner, locked with all that belongs to him or her."""

    learner: Learner
    secret: bytes
    enrolments: Sequence[Enrolment]


class Learners:
    """What concerns the person rather than the progress. Every call is part of the caller's transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def identify(self, connection: Connection, learner: Learner, user: str, now: float) -> Learner | None:
        """See the port."""
        held = self._hold(connection, learner.tenant, learner.id)
        if held is None:
            return None
        if held.learner.user is not None:
            return held.learner
        taken = _learners(learner.tenant).where(learners.c.user == user)
        other = connection.execute(taken).mappings().first()
        if other is not None:
            return self._merge(connection, held, learner_of(other), now)
        found = tidied(replace(held.learner, user=user))
        connection.execute(FILL, filled(found))
        return found

    def purge(self, connection: Connection, tenant: str, learner: str, now: float) -> bool:
        """See the port. His or her name as somebody's supervisor goes too, and the way to the direct chat."""
        held = self._hold(connection, tenant, learner)
        if held is None:
            return False
        same = select(learners.c.secret).where(learners.c.tenant == tenant, learners.c.same == learner)
        known = [held.secret, *connection.scalars(same.order_by(learners.c.id))]
        tombstones = [Line(person_of(secret, tenant), "", 0, Entry("purged", now)) for secret in known]
        append(self._database, connection, tenant, tombstones)
        connection.execute(delete(learners).where(learners.c.tenant == tenant, learners.c.id == learner))
        names = [name for name in (held.learner.user, held.learner.mail) if name]
        led = update(learners).where(learners.c.tenant == tenant, learners.c.supervisor.in_(names))
        connection.execute(led.values(supervisor=None))
        ways = delete(places).where(places.c.tenant == tenant, places.c.platform == held.learner.platform)
        connection.execute(ways.where(or_(places.c.place.in_(names), places.c.address.in_(names))))
        return True

    def _hold(self, connection: Connection, tenant: str, learner: str) -> _Held | None:
        """Lock in the order that all keep to: enrolments, messages, the chain; learners only under the chain's lock."""
        mine = select(*ENROLMENT).where(enrolments.c.tenant == tenant, enrolments.c.learner == learner)
        locked = mine.order_by(enrolments.c.id).with_for_update()
        found = [enrolment_of(row) for row in connection.execute(locked).mappings()]
        messages = select(outbox.c.key).where(
            outbox.c.tenant == tenant, outbox.c.enrolment.in_([one.id for one in found])
        )
        connection.execute(messages.order_by(outbox.c.key).with_for_update())
        lock_chain(self._database, connection, tenant)
        known = _learners(tenant).where(learners.c.id == learner, learners.c.same.is_(None))
        row = connection.execute(known).mappings().first()
        return None if row is None else _Held(learner_of(row), row["learner_secret"], found)

    def _merge(self, connection: Connection, held: _Held, other: Learner, now: float) -> Learner | None:
        """The person was known under two names: one remains, the other's secret stays for what the ledger says."""
        tenant = other.tenant
        orgs = select(enrolments.c.org).where(enrolments.c.tenant == tenant, enrolments.c.learner == other.id)
        taken = set(connection.scalars(orgs))
        twice = [one for one in held.enrolments if one.org in taken]
        person = person_of(held.secret, tenant)
        entries = [(one, Entry("stopped", now, detail=MERGED, edition=one.edition)) for one in twice]
        append(self._database, connection, tenant, [Line(person, one.org, one.round, told) for one, told in entries])
        mine = (enrolments.c.tenant == tenant, enrolments.c.learner == held.learner.id)
        connection.execute(delete(enrolments).where(*mine, enrolments.c.id.in_([one.id for one in twice])))
        connection.execute(update(enrolments).where(*mine).values(learner=other.id))
        emptied = Learner(tenant, held.learner.id, held.learner.platform, None)
        connection.execute(FILL, filled(emptied))
        former = update(learners).where(learners.c.tenant == tenant, learners.c.id == emptied.id)
        connection.execute(former.values(same=other.id))
        told = held.learner
        whole = replace(
            other,
            mail=told.mail or other.mail,
            name=told.name or other.name,
            department=told.department or other.department,
            contract=told.contract or other.contract,
            supervisor=told.supervisor or other.supervisor,
        )
        connection.execute(FILL, filled(whole))
        return None if twice else whole


def _learners(tenant: str) -> Select[*tuple[object, ...]]:
    return select(*LEARNER, SECRET).where(learners.c.tenant == tenant)
