"""Who takes which course, and how far they are."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, RowMapping, Select, bindparam, select, update

from bot.enrolment import Change, Enrolment, Entry, Learner
from bot.onboarding_ports import Step
from bot.ports import Clock
from bot.store.changing import Changes, Owned
from bot.store.course_tables import editions, enrolments, learners, ledger
from bot.store.engines import Database
from bot.store.enrolling import Enrolling
from bot.store.forgetting import forget_requests
from bot.store.learners import MERGED, Learners
from bot.store.ledger import persons
from bot.store.people import BOTH, PERSON, SECRET, both_of, enrolment_of, learner_of, many

AGAIN = 60.0
"""Seconds after which an enrolment is looked at again that the step has left alone."""

MOST_STOPPED = 200
"""Enrolments that stop in one transaction: a workspace of thousands that leaves must not hold up the others."""

log = logging.getLogger(__name__)

_DUE = (
    select(*PERSON, SECRET)
    .select_from(BOTH)
    .where(enrolments.c.due <= bindparam("now"), enrolments.c.state == "active")
    .order_by(enrolments.c.due, enrolments.c.id)
    .limit(bindparam("most"))
    .with_for_update(of=enrolments, skip_locked=True)
)
_LEFT_ALONE = (
    update(enrolments)
    .where(enrolments.c.tenant == bindparam("b_tenant"), enrolments.c.id == bindparam("b_id"))
    .values(due=bindparam("b_due"))
)


class StoredEnrolments:
    """Enrolments over a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._changes = Changes(database)
        self._learners = Learners(database)
        self._enrolling = Enrolling(database)

    def add(self, people: Sequence[tuple[Learner, Enrolment]], at: float) -> int:
        """See the port."""
        return self._database.write(lambda connection: self._enrolling.add(connection, people, at))

    def find(self, tenant: str, user: str, org: str) -> tuple[Learner, Enrolment] | None:
        """See the port."""
        found = self._people(_of(tenant).where(learners.c.user == user, enrolments.c.org == org))
        return found[0] if found else None

    def people(self, tenant: str, org: str | None = None) -> Sequence[tuple[Learner, Enrolment]]:
        """See the port."""
        wanted = _of(tenant) if org is None else _of(tenant).where(enrolments.c.org == org)
        # Sorted here: every database has its own idea of the order of words.
        return sorted(self._people(wanted), key=lambda one: (one[0].department, one[0].name, one[1].id))

    def commit(self, change: Change) -> bool:
        """See the port."""
        return self._database.write(lambda connection: self._changes.commit(connection, change, self._clock.now()))

    def plan(self, now: float, step: Step, most: int = 200) -> int:
        """See the port."""
        return self._database.write(lambda connection: self._plan(connection, (now, most), step))

    def outdated(self, org: str, edition: str, most: int = 200) -> Sequence[tuple[Learner, Enrolment]]:
        """See the port."""
        wanted = (
            select(*PERSON)
            .select_from(BOTH)
            .where(enrolments.c.org == org, enrolments.c.state == "done", enrolments.c.edition != edition)
            .order_by(enrolments.c.tenant, enrolments.c.id)
            .limit(most)
        )
        return self._people(wanted)

    def identify(self, learner: Learner, user: str) -> Learner | None:
        """See the port."""
        return self._database.write(
            lambda connection: self._learners.identify(connection, learner, user, self._clock.now())
        )

    def keep_edition(self, tenant: str, org: str, edition: str, digests: Mapping[str, str]) -> None:
        """See the port."""
        row = {"tenant": tenant, "org": org, "edition": edition, "digests": json.dumps(dict(digests))}
        one = self._database.insert(editions).on_conflict_do_nothing(index_elements=["tenant", "org", "edition"])
        self._database.write(lambda connection: connection.execute(one, row))

    def edition(self, tenant: str, org: str, edition: str) -> Mapping[str, str]:
        """See the port."""
        one = select(editions.c.digests).where(
            editions.c.tenant == tenant, editions.c.org == org, editions.c.edition == edition
        )
        kept = self._database.read(lambda connection: connection.scalar(one))
        return dict(json.loads(kept)) if kept else {}

    def stop(self, tenant: str, user: str | None, reason: str) -> int:
        """See the port."""
        count = 0
        while some := self._database.write(lambda connection: self._stop(connection, (tenant, user), reason)):
            count += some
        return count

    def stopped(self, tenant: str, reason: str) -> Sequence[tuple[Learner, Enrolment]]:
        """See the port."""
        return self._database.read(lambda connection: _stopped_for(connection, tenant, reason))

    def purge(self, tenant: str, learner: str) -> bool:
        """See the port."""
        now = self._clock.now()
        # By itself, and first: it locks other rows than the rest, and a purge that was cut off is done again.
        self._database.write(lambda connection: forget_requests(connection, tenant, learner, now))
        known = self._database.write(lambda connection: self._learners.purge(connection, tenant, learner, now))
        self._database.tidy()
        return known

    def _people(self, wanted: Select[*tuple[object, ...]]) -> list[tuple[Learner, Enrolment]]:
        return both_of(self._database.read(lambda connection: connection.execute(wanted).mappings().all()))

    def _plan(self, connection: Connection, which: tuple[float, int], step: Step) -> int:
        now, most = which
        due = connection.execute(_DUE, {"now": now, "most": most}).mappings().all()
        changes = []
        alone = []
        for row in due:
            change = _tried(step, row)
            if change is None:
                alone.append({"b_tenant": row["enrolment_tenant"], "b_id": row["enrolment_id"], "b_due": now + AGAIN})
            else:
                changes.append(Owned(change, row["learner_platform"], row["learner_secret"]))
        self._changes.store(connection, changes, now)
        many(connection, _LEFT_ALONE, alone)
        return len(due)

    def _stop(self, connection: Connection, who: tuple[str, str | None], reason: str) -> int:
        tenant, user = who
        wanted = select(*PERSON, SECRET).select_from(BOTH)
        wanted = wanted.where(enrolments.c.tenant == tenant, enrolments.c.state.in_(("active", "paused")))
        if user is not None:
            wanted = wanted.where(learners.c.user == user)
        wanted = wanted.order_by(enrolments.c.id).limit(MOST_STOPPED).with_for_update(of=enrolments)
        now = self._clock.now()
        stopped = [_stopped(row, reason, now) for row in connection.execute(wanted).mappings()]
        self._changes.store(connection, stopped, now)
        return len(stopped)


def _of(tenant: str) -> Select[*tuple[object, ...]]:
    return select(*PERSON).select_from(BOTH).where(enrolments.c.tenant == tenant)


def _tried(step: Step, row: RowMapping) -> Change | None:
    """One enrolment whose course cannot be planned must not hold up all the others."""
    try:
        return step(learner_of(row), enrolment_of(row))
    except Exception as error:  # noqa: BLE001  # whatever it is: it is looked at again
        log.error("an enrolment could not be planned: %s", type(error).__name__)  # noqa: TRY400  # no data of people
        return None


def _stopped_for(connection: Connection, tenant: str, reason: str) -> list[tuple[Learner, Enrolment]]:
    """Those who are stopped and whose last stop had this reason; that another name of theirs was merged is none."""
    wanted = _of(tenant).where(enrolments.c.state == "stopped").order_by(enrolments.c.id)
    found = both_of(connection.execute(wanted).mappings().all())
    whose = {person: learner.id for person, learner in persons(connection, tenant).items()}
    stops = select(ledger.c.person, ledger.c.org, ledger.c.detail).where(
        ledger.c.tenant == tenant, ledger.c.event == "stopped", ledger.c.detail != MERGED
    )
    last = {(whose.get(row.person), row.org): row.detail for row in connection.execute(stops.order_by(ledger.c.number))}
    return [(learner, one) for learner, one in found if last.get((learner.id, one.org)) == reason]


def _stopped(row: RowMapping, reason: str, now: float) -> Owned:
    before = enrolment_of(row)
    after = replace(before, state="stopped", due=None)
    entry = Entry("stopped", now, detail=reason, edition=before.edition)
    return Owned(Change(before, after, (entry,), cancel=True), row["learner_platform"], row["learner_secret"])
