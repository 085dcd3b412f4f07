"""The tables of the course: learners and their enrolments, the outbox, the ledger. Keys begin with the tenant."""

from __future__ import annotations

import json

from sqlalchemy import (
    Boolean,
    Column,
    Dialect,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

from bot.store.tables import Plain, metadata


class Names(TypeDecorator[tuple[str, ...]]):
    """A tuple of names as a JSON list."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str:  # noqa: ARG002  # SQLAlchemy's
        """The JSON list, in ASCII."""
        return json.dumps(list(value or ()))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:  # noqa: ARG002  # SQLAlchemy's
        """The tuple again."""
        return tuple(json.loads(value or "[]"))


learners = Table(
    "learners",
    metadata,
    Column("tenant", Plain, primary_key=True),
    Column("id", Plain, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("user", Plain),
    Column("mail", Plain),  # case folded
    Column("name", Plain, nullable=False),
    Column("department", Plain, nullable=False),
    Column("contract", Plain, nullable=False),
    Column("supervisor", Plain),
    Column("secret", LargeBinary, nullable=False),  # without it nobody can tell whom the ledger speaks of
    Column("same", Plain),  # the learner that a mail address turned out to be; only the secret is left here then
    UniqueConstraint("tenant", "user"),
    UniqueConstraint("tenant", "mail"),
    ForeignKeyConstraint(["tenant", "same"], ["learners.tenant", "learners.id"], ondelete="CASCADE"),
    Index(None, "tenant", "same"),
)

enrolments = Table(
    "enrolments",
    metadata,
    Column("tenant", Plain, primary_key=True),
    Column("id", Plain, primary_key=True),
    Column("learner", Plain, nullable=False),
    Column("org", Plain, nullable=False),
    Column("starts", Text, nullable=False),
    Column("lessons", Names, nullable=False),
    Column("edition", Plain, nullable=False),
    Column("due", Float(53)),
    Column("round", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("announced", Boolean, nullable=False),
    Column("since", Float(53), nullable=False),
    Column("reminders", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("tenant", "learner", "org"),
    ForeignKeyConstraint(["tenant", "learner"], ["learners.tenant", "learners.id"], ondelete="CASCADE"),
    Index("ix_enrolments_due", "due", sqlite_where=text("due IS NOT NULL"), postgresql_where=text("due IS NOT NULL")),
    Index(None, "org", "state"),
)

editions = Table(
    "editions",
    metadata,
    Column("tenant", Plain, primary_key=True),
    Column("org", Plain, primary_key=True),
    Column("edition", Plain, primary_key=True),
    Column("digests", Text, nullable=False),  # by locator, a JSON object
)

outbox = Table(
    "outbox",
    metadata,
    Column("tenant", Plain, primary_key=True),
    Column("key", Plain, primary_key=True),
    Column("enrolment", Plain, nullable=False),
    Column("platform", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("lesson", Plain, nullable=False),
    Column("number", Integer, nullable=False),
    Column("due", Float(53), nullable=False),
    Column("until", Float(53), nullable=False),
    Column("careful", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("claimable", Float(53)),  # ready: from then on; sending: when the lease ends; else null
    Column("owner", Text),  # the process that has it in hand
    Column("attempt", Integer, nullable=False),
    Column("began", Float(53), nullable=False),  # the first try that may have arrived
    Column("sent_id", Plain),  # the platform's
    Column("reason", Text, nullable=False),  # why the last try failed, a short code
    Column("changed", Float(53), nullable=False),
    ForeignKeyConstraint(["tenant", "enrolment"], ["enrolments.tenant", "enrolments.id"], ondelete="CASCADE"),
    Index(None, "tenant", "enrolment"),
    Index(
        "ix_outbox_claimable",
        "claimable",
        sqlite_where=text("claimable IS NOT NULL"),
        postgresql_where=text("claimable IS NOT NULL"),
    ),
    Index(None, "changed"),
)

ledger = Table(  # triggers refuse every update and deletion
    "ledger",
    metadata,
    Column("tenant", Plain, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("person", Text, nullable=False),
    Column("org", Plain, nullable=False),
    Column("round", Integer, nullable=False),
    Column("event", Text, nullable=False),
    Column("lesson", Plain, nullable=False),
    Column("detail", Plain, nullable=False),
    Column("edition", Plain, nullable=False),
    Column("at", Float(53), nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index(None, "tenant", "person"),
)

ledger_heads = Table(  # the last line of each chain: whoever appends waits for it, and a chain cut short is noticed
    "ledger_heads",
    metadata,
    Column("tenant", Plain, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("hash", Text, nullable=False),
)
