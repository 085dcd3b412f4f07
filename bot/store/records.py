"""The record of answers, their ratings and referrals."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence

from sqlalchemy import Boolean, Connection, Float, Select, delete, literal, select, union_all

from bot.ports import Clock, LoggedAnswer
from bot.store.engines import Database
from bot.store.tables import Plain, answers, inbox, ratings, referrals, tenant_keys

REMEMBERED = 5
"""Earlier questions of a thread that a new one may follow up on."""


class StoredRecords:
    """The record over a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._insert = database.insert(answers).on_conflict_do_nothing(index_elements=["tenant", "id"])

    def log(self, answer: LoggedAnswer) -> None:
        """See the port."""
        row = {
            "tenant": answer.tenant,
            "id": answer.id,
            "thread": answer.thread,
            "org": answer.org,
            "question": answer.question,
            "status": answer.status,
            "locators": json.dumps(answer.locators, ensure_ascii=False),
            "departments": json.dumps(answer.departments, ensure_ascii=False),
            "confidence": answer.confidence,
            "at": answer.at,
        }
        self._database.write(lambda connection: connection.execute(self._insert, row))

    def answer(self, tenant: str, answer: str) -> LoggedAnswer | None:
        """See the port."""
        one = select(answers).where(answers.c.tenant == tenant, answers.c.id == answer)
        row = self._database.read(lambda connection: connection.execute(one).first())
        if row is None:
            return None
        return LoggedAnswer(
            row.id,
            row.tenant,
            row.thread,
            row.org,
            row.question,
            row.status,
            tuple(json.loads(row.locators)),
            tuple(json.loads(row.departments)),
            row.confidence,
            row.at,
        )

    def history(self, tenant: str, thread: str, since: float, until: float) -> Sequence[str]:
        """See the port."""
        last = (
            select(answers.c.question)
            .where(
                answers.c.tenant == tenant,
                answers.c.thread == thread,
                answers.c.at >= since,
                answers.c.at < until,
                answers.c.status != "smalltalk",
            )
            .order_by(answers.c.at.desc(), answers.c.id)
            .limit(REMEMBERED)
        )
        if not thread:  # answers whose thread was forgotten are nobody's history
            return ()
        return tuple(reversed(self._database.read(lambda connection: connection.scalars(last).all())))

    def engaged(self, tenant: str, thread: str) -> bool:
        """See the port."""
        accepted = select(literal(1)).where(inbox.c.tenant == tenant, inbox.c.thread == thread, inbox.c.engages)
        answered = select(literal(1)).where(answers.c.tenant == tenant, answers.c.thread == thread)
        either = union_all(accepted, answered).limit(1)
        return bool(thread) and self._database.read(lambda connection: connection.scalar(either)) is not None

    def rate(self, tenant: str, answer: str, person: str, good: bool) -> None:  # noqa: FBT001  # the port's
        """See the port. A rating of an answer that is not there any more is dropped."""
        rated = select(
            answers.c.tenant,
            answers.c.id,
            literal(person, Plain),
            literal(good, Boolean),
            literal(self._clock.now(), Float(53)),
        )
        inserted = self._database.insert(ratings).from_select(list(ratings.c), _of(rated, tenant, answer))
        one = inserted.on_conflict_do_update(
            index_elements=["tenant", "answer", "person"],
            set_={"good": inserted.excluded.good, "at": inserted.excluded.at},
        )
        self._database.write(lambda connection: connection.execute(one))

    def refer(self, tenant: str, answer: str, at: float) -> bool:
        """See the port."""
        referred = _of(select(answers.c.tenant, answers.c.id, literal(at, Float(53))), tenant, answer)
        inserted = self._database.insert(referrals).from_select(list(referrals.c), referred)
        again = referrals.c.at == inserted.excluded.at
        one = inserted.on_conflict_do_update(
            index_elements=["tenant", "answer"], set_={"at": inserted.excluded.at}, where=again
        ).returning(referrals.c.answer)
        return self._database.write(lambda connection: connection.scalar(one) is not None)

    def unrefer(self, tenant: str, answer: str) -> None:
        """See the port."""
        one = delete(referrals).where(referrals.c.tenant == tenant, referrals.c.answer == answer)
        self._database.write(lambda connection: connection.execute(one))

    def pseudonym(self, tenant: str, user: str) -> str:
        """See the port."""
        known = select(tenant_keys.c.secret).where(tenant_keys.c.tenant == tenant)
        secret = self._database.read(lambda connection: connection.scalar(known))
        if secret is None:
            secret = self._database.write(lambda connection: tenant_key(self._database, connection, tenant))
        return hmac.new(secret, user.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def tenant_key(database: Database, connection: Connection, tenant: str) -> bytes:
    """The tenant's key, made where there is none; the one that somebody else has just made counts."""
    known = select(tenant_keys.c.secret).where(tenant_keys.c.tenant == tenant)
    secret = connection.scalar(known)
    if secret is None:
        made = database.insert(tenant_keys).values(tenant=tenant, secret=secrets.token_bytes(32))
        connection.execute(made.on_conflict_do_nothing(index_elements=["tenant"]))
        secret = connection.execute(known).scalar_one()
    return bytes(secret)


def _of(query: Select[*tuple[object, ...]], tenant: str, answer: str) -> Select[*tuple[object, ...]]:
    return query.where(answers.c.tenant == tenant, answers.c.id == answer)
