"""Many people enrolled at once: a roster of thousands is a handful of statements."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, RowMapping, or_, select

from bot.enrolment import Enrolment, Entry, Learner
from bot.store.course_tables import enrolments, learners
from bot.store.engines import Database
from bot.store.learners import FILL, filled
from bot.store.ledger import Line, append, lock_chain, person_of
from bot.store.people import LEARNER, SECRET, learner_of, many, tidied, values

AT_ONCE = 500
"""Names in one query."""

People = Sequence[tuple[Learner, Enrolment]]


@dataclass(slots=True)
class _Person:
    """Somebody of the roster; `known` before it came."""

    learner: Learner
    secret: bytes
    known: bool
    orgs: set[str] = field(default_factory=set)
    fuller: bool = False


class Enrolling:
    """Adds people, in the caller's transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, connection: Connection, people: People, at: float) -> int:
        """Enrol those who are not enrolled yet; how many."""
        by_tenant: defaultdict[str, list[tuple[Learner, Enrolment]]] = defaultdict(list)
        for learner, enrolment in people:
            by_tenant[learner.tenant].append((tidied(learner), enrolment))
        return sum(self._enrol(connection, by_tenant[tenant], at) for tenant in sorted(by_tenant))

    def _enrol(self, connection: Connection, people: People, at: float) -> int:
        tenant = people[0][0].tenant
        lock_chain(self._database, connection, tenant)  # two rosters, or a roster and a newcomer, one after the other
        roll = _Roll(_known(connection, people))
        new = [(person, one) for learner, one in people if (person := roll.enter(learner, one.org)) is not None]
        many(connection, learners.insert(), [values(one.learner) | {"secret": one.secret} for one in roll.newcomers()])
        many(connection, FILL, [filled(one.learner) for one in roll.fuller()])
        rows = [values(replace(one, learner=person.learner.id)) for person, one in new]
        many(connection, enrolments.insert(), rows)
        lines = [
            Line(person_of(person.secret, tenant), one.org, one.round, Entry("enrolled", at, edition=one.edition))
            for person, one in new
        ]
        append(self._database, connection, tenant, lines)
        return len(new)


class _Roll:
    """Who is who: a person goes by user id, else by mail address."""

    def __init__(self, known: Sequence[_Person]) -> None:
        self._people = list(known)
        self._by_user: dict[str | None, _Person] = {one.learner.user: one for one in known if one.learner.user}
        self._by_mail: dict[str | None, _Person] = {one.learner.mail: one for one in known if one.learner.mail}

    def enter(self, told: Learner, org: str) -> _Person | None:
        """The person to be enrolled; None who is enrolled already."""
        named = [one for one in (self._by_user.get(told.user), self._by_mail.get(told.mail)) if one is not None]
        # Of two user ids the mail address makes no one person: the newcomer comes without it.
        found = [one for one in named if one.learner.user in (None, told.user) or not told.user]
        if any(org in one.orgs for one in found):
            return None
        person = next(iter(found), None)
        if person is None:
            person = _Person(replace(told, mail=self._free(told.mail)), secrets.token_bytes(32), known=False)
            self._people.append(person)
        else:
            self._fill(person, told)
        person.orgs.add(org)
        if person.learner.user:
            self._by_user[person.learner.user] = person
        if person.learner.mail:
            self._by_mail[person.learner.mail] = person
        return person

    def newcomers(self) -> Iterator[_Person]:
        """Those to be inserted."""
        return (one for one in self._people if not one.known)

    def fuller(self) -> Iterator[_Person]:
        """Those of whom more is known now."""
        return (one for one in self._people if one.known and one.fuller)

    def _free(self, mail: str | None) -> str | None:
        """A mail address that is nobody's yet."""
        return None if mail in self._by_mail else mail

    def _fill(self, person: _Person, told: Learner) -> None:
        """What was not known of the person."""
        before = person.learner
        person.learner = replace(
            before,
            user=before.user or told.user,
            mail=before.mail or self._free(told.mail),
            name=before.name or told.name,
            department=before.department or told.department,
            contract=before.contract or told.contract,
            supervisor=before.supervisor or told.supervisor,
        )
        person.fuller = person.fuller or person.learner != before


def _known(connection: Connection, people: People) -> list[_Person]:
    """Those of the people who are learners of the tenant already, in whatever course."""
    found: dict[str, _Person] = {}
    for begin in range(0, len(people), AT_ONCE):
        for row in _rows(connection, people[begin : begin + AT_ONCE]):
            learner = learner_of(row)
            person = found.setdefault(learner.id, _Person(learner, row["learner_secret"], known=True))
            if row["org"] is not None:
                person.orgs.add(row["org"])
    return list(found.values())


def _rows(connection: Connection, people: People) -> Sequence[RowMapping]:
    tenant = people[0][0].tenant
    users = [learner.user for learner, _ in people if learner.user]
    mails = [learner.mail for learner, _ in people if learner.mail]
    taken = (enrolments.c.tenant == tenant) & (enrolments.c.learner == learners.c.id)
    wanted = (
        select(*LEARNER, SECRET, enrolments.c.org)
        .select_from(learners.outerjoin(enrolments, taken))
        .where(learners.c.tenant == tenant, or_(learners.c.user.in_(users), learners.c.mail.in_(mails)))
    )
    return connection.execute(wanted).mappings().all()
