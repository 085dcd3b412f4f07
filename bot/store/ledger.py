"""The ledger: append-only, chained by hashes, so that whoever kept a hash can tell whether the past was changed.

Each tenant has a chain of its own. A line's `person` is HMAC-SHA256 with the learner's secret (32 random bytes) as
key over the tenant's id, in hex: with the secret gone nobody can tell whom it stood for, and the chain still holds.
A line's `hash` is SHA-256, in hex, over the hash of the line before (64 zeros before the first) followed by the
line's own fields `at detail edition event lesson number org person round tenant` as JSON: keys sorted, no spaces,
characters beyond ASCII escaped, `at` (seconds since 1970) as the shortest decimal that gives the same 64-bit float,
all of it as ASCII bytes.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, literal, or_, select, true, update

from bot.enrolment import Entry, Learner, LedgerProof, LedgerRow
from bot.store.course_tables import learners, ledger, ledger_heads
from bot.store.engines import Database
from bot.store.people import LEARNER, SECRET, learner_of, plain, values

GENESIS = "0" * 64
"""What stands for the hash before the first line."""

PAGE = 1000
"""Lines that are verified at a time."""

_HASHED = ("tenant", "number", "person", "org", "round", "event", "lesson", "detail", "edition", "at")


@dataclass(frozen=True, slots=True)
class Line:
    """What is to be appended."""

    person: str
    org: str
    round: int
    entry: Entry


def person_of(secret: bytes, tenant: str) -> str:
    """The pseudonym of a learner in the ledger."""
    return hmac.new(secret, tenant.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def line_hash(previous: str, row: Mapping[str, Any] | RowMapping) -> str:
    """The hash of a line, as the module says."""
    told = json.dumps({name: row[name] for name in _HASHED}, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256((previous + told).encode("ascii")).hexdigest()


def lock_chain(database: Database, connection: Connection, tenant: str) -> tuple[int, str]:
    """Number and hash of the tenant's last line; nobody else appends until the transaction ends.

    Whoever locks rows of other tables too does so before, learners excepted: two transactions never wait for each
    other then.
    """
    head = select(ledger_heads.c.number, ledger_heads.c.hash).where(ledger_heads.c.tenant == tenant).with_for_update()
    found = connection.execute(head).first()
    if found is None:
        first = database.insert(ledger_heads).values(tenant=tenant, number=0, hash=GENESIS)
        connection.execute(first.on_conflict_do_nothing(index_elements=["tenant"]))
        found = connection.execute(head).one()
    return found.number, found.hash


def append(database: Database, connection: Connection, tenant: str, lines: Sequence[Line]) -> None:
    """Append lines in the transaction of what they record."""
    if not lines:
        return
    last, previous = lock_chain(database, connection, tenant)
    rows = []
    for number, line in enumerate(lines, last + 1):
        row = _row(tenant, number, line)
        row["previous"] = previous
        row["hash"] = previous = line_hash(previous, row)
        rows.append(row)
    connection.execute(ledger.insert(), rows)
    head = update(ledger_heads).where(ledger_heads.c.tenant == tenant)
    connection.execute(head.values(number=rows[-1]["number"], hash=previous))


def _row(tenant: str, number: int, line: Line) -> dict[str, Any]:
    """A line's fields exactly as the database will give them back: the hash is over these."""
    told = values(line.entry) | {"tenant": tenant, "org": line.org, "person": line.person}
    texts = {name: plain(text) for name, text in told.items() if name != "at"}
    return {**texts, "number": number, "round": line.round, "at": float(line.entry.at)}


class StoredLedger:
    """The ledger over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def rows(self, tenant: str, learner: str | None = None) -> Sequence[LedgerRow]:
        """See the port."""
        return self._database.read(lambda connection: self._rows(connection, tenant, learner))

    def verify(self, tenant: str, head: str | None = None) -> LedgerProof:
        """See the port."""
        return self._database.read(lambda connection: _verified(connection, tenant, head))

    def _rows(self, connection: Connection, tenant: str, learner: str | None) -> list[LedgerRow]:
        wanted = select(ledger).where(ledger.c.tenant == tenant).order_by(ledger.c.number)
        if learner is not None:
            wanted = wanted.where(ledger.c.person.in_(list(persons(connection, tenant, learner))))
        rows = connection.execute(wanted).mappings().all()
        known = persons(connection, tenant, learner)  # after the lines: who came meanwhile must not look forgotten
        return [_ledger_row(row, known.get(row["person"])) for row in rows]


def persons(connection: Connection, tenant: str, learner: str | None = None) -> dict[str, Learner]:
    """Whom the pseudonyms stand for; a learner who turned out to be another stands for that one."""
    wanted = select(*LEARNER, SECRET, learners.c.same).where(learners.c.tenant == tenant)
    if learner is not None:
        wanted = wanted.where(or_(learners.c.id == learner, learners.c.same == learner))
    rows = connection.execute(wanted).mappings().all()
    by_id = {row["learner_id"]: learner_of(row) for row in rows}
    return {person_of(row["learner_secret"], tenant): by_id[row["same"] or row["learner_id"]] for row in rows}


def _ledger_row(row: RowMapping, learner: Learner | None) -> LedgerRow:
    entry = Entry(row["event"], row["at"], row["lesson"], row["detail"], row["edition"])
    return LedgerRow(row["number"], row["person"], learner, row["org"], row["round"], entry, row["hash"])


def _verified(connection: Connection, tenant: str, noted: str | None) -> LedgerProof:
    count, last, known, head = 0, GENESIS, noted is None, (0, GENESIS)
    with connection.execute(_whole(tenant)) as lines:
        for row in lines.mappings():
            head = (row["head_number"] or 0, row["head_hash"] or GENESIS)
            if row["number"] is None:  # there is no line at all
                break
            why = _wrong(row, count + 1, last)
            if why:
                return LedgerProof(count, last, count + 1, why)
            count, last = row["number"], row["hash"]
            known = known or last == noted
    if head[0] > count:
        return LedgerProof(count, last, count + 1, "missing")
    if head != (count, last):
        return LedgerProof(count, last, max(count, 1), "head")
    return LedgerProof(count, last) if known else LedgerProof(count, last, count + 1, "noted")


def _wrong(row: RowMapping, number: int, previous: str) -> str:
    """Why a line does not hold; empty where it does."""
    if row["number"] != number:
        return "missing"
    if row["previous"] != previous:
        return "link"
    return "" if row["hash"] == line_hash(previous, row) else "content"


def _whole(tenant: str) -> Select[*tuple[object, ...]]:
    """The lines in order, a page at a time, each with the head; one row of nothing but the head where there is none.

    One statement, so that lines which are appended meanwhile are seen in both or in neither.
    """
    always = select(literal(1).label("one")).subquery()
    head = select(ledger_heads).where(ledger_heads.c.tenant == tenant).subquery()
    lines = select(ledger).where(ledger.c.tenant == tenant).subquery()
    columns = (*lines.c, head.c.number.label("head_number"), head.c.hash.label("head_hash"))
    joined = always.outerjoin(head, true()).outerjoin(lines, true())
    return select(*columns).select_from(joined).order_by(lines.c.number).execution_options(yield_per=PAGE)
