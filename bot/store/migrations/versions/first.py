"""The first schema: inbox, answers with ratings and referrals, places. What stands here never changes again."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    _inbox()
    _answers()
    _about_answers("ratings", _text("person"), sa.Column("good", sa.Boolean(), nullable=False))
    _about_answers("referrals")
    op.create_table(
        "tenant_keys",
        _text("tenant"),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", name="pk_tenant_keys"),
    )
    op.create_table(
        "places",
        *map(_text, ("tenant", "platform", "place", "address")),
        _number("changed"),
        sa.PrimaryKeyConstraint("tenant", "platform", "place", name="pk_places"),
    )
    op.create_table(
        "departures",
        *map(_text, ("tenant", "platform")),
        _number("at"),
        sa.PrimaryKeyConstraint("tenant", "platform", name="pk_departures"),
    )


def _inbox() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "inbox",
        sa.Column("id", number, autoincrement=True, nullable=False),
        *map(_text, ("tenant", "hash", "platform", "thread", "body", "reason")),
        sa.Column("engages", sa.Boolean(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("due", sa.Float(53)),
        sa.Column("owner", sa.Text()),
        _number("changed"),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.UniqueConstraint("tenant", "hash", name="uq_inbox_tenant_hash"),
    )
    waiting = sa.text("due IS NOT NULL")
    op.create_index("ix_inbox_changed", "inbox", ["changed"])
    op.create_index("ix_inbox_tenant_thread", "inbox", ["tenant", "thread"])
    op.create_index("ix_inbox_waiting", "inbox", ["id"], sqlite_where=waiting, postgresql_where=waiting)


def _answers() -> None:
    names = ("tenant", "id", "thread", "org", "question", "status", "locators", "departments")
    op.create_table(
        "answers",
        *map(_text, names),
        *map(_number, ("confidence", "at")),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_answers"),
    )
    op.create_index("ix_answers_at", "answers", ["at"])
    op.create_index("ix_answers_tenant_thread_at", "answers", ["tenant", "thread", "at"])


def _about_answers(name: str, *more: sa.Column[Any]) -> None:
    key = [column.name for column in more if column.name == "person"]
    op.create_table(
        name,
        *map(_text, ("tenant", "answer")),
        *more,
        _number("at"),
        sa.PrimaryKeyConstraint("tenant", "answer", *key, name=f"pk_{name}"),
        sa.ForeignKeyConstraint(
            ["tenant", "answer"], ["answers.tenant", "answers.id"], name=f"fk_{name}_answers", ondelete="CASCADE"
        ),
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _number(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Float(53), nullable=False)
