"""What people say of findings; a draft's words never reach the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, create_engine, func, make_url, select, tuple_
from sqlalchemy.exc import DBAPIError

from bot.blocks import FindingRef
from bot.ports import Clock, RuleCount
from bot.store.engines import Database
from bot.store.records import StoredRecords
from bot.store.tables import finding_marks, rule_counts

FALSE_ALARM, DISMISSED = "false_alarm", "dismissed"
DIGEST_LENGTH = 32


class StoredFindings:
    """The record over a database; `records` has the tenants' keys."""

    def __init__(self, database: Database, records: StoredRecords, clock: Clock) -> None:
        self._database = database
        self._records = records
        self._clock = clock

    def digest(self, tenant: str, rule: str, quote: str) -> str:
        """See the port."""
        return self._records.pseudonym(tenant, f"finding\0{rule}\0{quote}")[:DIGEST_LENGTH]

    def shown(self, tenant: str, org: str, rules: Sequence[str]) -> None:
        """See the port."""
        if not rules:
            return
        rows = [
            {"tenant": tenant, "org": org, "rule": rule, "shown": count}
            for rule, count in sorted(Counter(rules).items())
        ]
        inserted = self._database.insert(rule_counts)
        one = inserted.on_conflict_do_update(
            index_elements=["tenant", "org", "rule"],
            set_={"shown": rule_counts.c.shown + inserted.excluded.shown},
        )
        self._database.write(lambda connection: connection.execute(one, rows))

    def false_alarm(self, tenant: str, finding: FindingRef, user: str) -> None:
        """See the port."""
        self._mark(tenant, finding, user, (FALSE_ALARM, ""))

    def dismiss(self, tenant: str, finding: FindingRef, user: str, reason: str) -> None:
        """See the port."""
        self._mark(tenant, finding, user, (DISMISSED, reason))

    def dismissed(self, tenant: str, findings: Sequence[FindingRef]) -> Mapping[FindingRef, str]:
        """See the port."""
        if not findings:
            return {}
        marks = finding_marks.c
        wanted = select(marks.rule, marks.digest, marks.reason).where(
            marks.tenant == tenant,
            marks.kind == DISMISSED,
            tuple_(marks.rule, marks.digest).in_([(one.rule, one.digest) for one in findings]),
        )
        rows = self._database.read(lambda connection: connection.execute(wanted).all())
        return {FindingRef(rule, digest): reason for rule, digest, reason in rows}

    def counts(self) -> Sequence[RuleCount]:
        """See the port."""
        return self._database.read(_counts)

    def _mark(self, tenant: str, finding: FindingRef, user: str, said: tuple[str, str]) -> None:
        kind, reason = said
        inserted = self._database.insert(finding_marks).values(
            tenant=tenant,
            rule=finding.rule,
            digest=finding.digest,
            kind=kind,
            reason=reason,
            person=self._records.pseudonym(tenant, user),
            at=self._clock.now(),
        )
        one = inserted.on_conflict_do_update(
            index_elements=["tenant", "rule", "digest", "kind"],
            set_={name: inserted.excluded[name] for name in ("reason", "person", "at")},
        )
        self._database.write(lambda connection: connection.execute(one))


def _counts(connection: Connection) -> list[RuleCount]:
    totals = select(rule_counts.c.rule, func.sum(rule_counts.c.shown)).group_by(rule_counts.c.rule)
    shown: dict[str, int] = {rule: int(total) for rule, total in connection.execute(totals)}
    marks = finding_marks.c
    said = select(marks.rule, marks.kind, func.count()).group_by(marks.rule, marks.kind)
    marked: dict[tuple[str, str], int] = {(rule, kind): count for rule, kind, count in connection.execute(said)}
    return [
        RuleCount(rule, shown.get(rule, 0), marked.get((rule, FALSE_ALARM), 0), marked.get((rule, DISMISSED), 0))
        for rule in sorted({*shown, *(rule for rule, _ in marked)})
    ]


def counts_beside(url: str) -> Sequence[RuleCount]:
    """The counts of a database that another process may have open: only read, nothing where there is none yet.

    `url` as `open_store` takes it.
    """
    named = make_url(url)
    if named.get_backend_name() == "sqlite":
        path = Path(named.database or "").absolute().as_posix()
        named = make_url(f"sqlite+pysqlite:///file:{quote(path)}?mode=ro&uri=true")
    else:
        named = named.set(drivername="postgresql+psycopg")
    engine = create_engine(named)
    try:
        with engine.connect() as connection:
            return _counts(connection)
    except DBAPIError:  # no file, no table: nobody has checked a draft yet
        return ()
    finally:
        engine.dispose()
