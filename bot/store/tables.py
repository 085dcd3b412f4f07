"""The tables. Every row carries its tenant; every unique key begins with it."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

UNSTORABLE = dict.fromkeys([0, *range(0xD800, 0xE000)])
"""NUL, which PostgreSQL refuses, and halves of surrogate pairs, which no database can encode."""


class Plain(TypeDecorator[str]):
    """Text from outside without the characters that no database takes."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002  # SQLAlchemy's
        """The text without them; nearly every text is unchanged."""
        if value is None or (value.isascii() and "\0" not in value):
            return value
        return value.translate(UNSTORABLE)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

inbox = Table(
    "inbox",
    metadata,
    # The order of acceptance. A number of SQLite's own is always INTEGER.
    Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True),
    Column("tenant", Plain, nullable=False),
    Column("hash", Text, nullable=False),  # of the request's key: it outlives the key itself
    Column("platform", Text, nullable=False),
    Column("thread", Plain, nullable=False),
    Column("engages", Boolean, nullable=False),  # the bot takes part in the thread from here on
    Column("body", Text, nullable=False),  # the request as JSON; empty once answered or given up
    Column("due", Float(53)),  # when it may be taken (again); null once answered or given up
    Column("owner", Text),  # the process that has it in hand
    Column("attempt", Integer, nullable=False),
    Column("reason", Text, nullable=False),  # why the last try failed, a short code
    Column("changed", Float(53), nullable=False),
    UniqueConstraint("tenant", "hash"),
    Index(None, "tenant", "thread"),
    Index("ix_inbox_waiting", "id", sqlite_where=text("due IS NOT NULL"), postgresql_where=text("due IS NOT NULL")),
    Index(None, "changed"),
)

answers = Table(
    "answers",
    metadata,
    Column("tenant", Plain, primary_key=True),
    Column("id", Plain, primary_key=True),
    Column("thread", Plain, nullable=False),
    Column("org", Plain, nullable=False),
    Column("question", Plain, nullable=False),  # masked
    Column("status", Plain, nullable=False),
    Column("locators", Plain, nullable=False),  # a JSON list
    Column("departments", Plain, nullable=False),  # a JSON list
    Column("confidence", Float(53), nullable=False),
    Column("at", Float(53), nullable=False),
    Index(None, "tenant", "thread", "at"),
    Index(None, "at"),
)

ratings = Table(
    "ratings",
    metadata,
    Column("tenant", Plain, primary_key=True),
    Column("answer", Plain, primary_key=True),
    Column("person", Plain, primary_key=True),  # a pseudonym
    Column("good", Boolean, nullable=False),
    Column("at", Float(53), nullable=False),
    ForeignKeyConstraint(["tenant", "answer"], ["answers.tenant", "answers.id"], ondelete="CASCADE"),
)

referrals = Table(
    "referrals",
    metadata,
    Column("tenant", Plain, primary_key=True),
    Column("answer", Plain, primary_key=True),
    Column("at", Float(53), nullable=False),
    ForeignKeyConstraint(["tenant", "answer"], ["answers.tenant", "answers.id"], ondelete="CASCADE"),
)

tenant_keys = Table(  # without its key nobody can tell whom a pseudonym stood for
    "tenant_keys",
    metadata,
    Column("tenant", Plain, primary_key=True),
    Column("secret", LargeBinary, nullable=False),
)

places = Table(
    "places",
    metadata,
    Column("tenant", Plain, primary_key=True),
    Column("platform", Text, primary_key=True),
    Column("place", Plain, primary_key=True),
    Column("address", Plain, nullable=False),
    Column("changed", Float(53), nullable=False),
)

departures = Table(
    "departures",
    metadata,
    Column("tenant", Plain, primary_key=True),
    Column("platform", Text, primary_key=True),
    Column("at", Float(53), nullable=False),
)

rule_counts = Table(
    "rule_counts",
    metadata,
    Column("tenant", Plain, primary_key=True),
    Column("org", Plain, primary_key=True),
    Column("rule", Plain, primary_key=True),
    Column("shown", Integer, nullable=False),
)

finding_marks = Table(  # what people say of findings; a keyed digest stands for the draft's words
    "finding_marks",
    metadata,
    Column("tenant", Plain, primary_key=True),
    Column("rule", Plain, primary_key=True),
    Column("digest", Plain, primary_key=True),
    Column("kind", Plain, primary_key=True),  # false_alarm or dismissed
    Column("reason", Plain, nullable=False),
    Column("person", Plain, nullable=False),  # a pseudonym
    Column("at", Float(53), nullable=False),
)
