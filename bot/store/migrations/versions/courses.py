"""Learners, enrolments, outbox, ledger. What stands here never changes again."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables, and keep the ledger from being changed."""
    _learners()
    _enrolments()
    _outbox()
    _ledger()
    if op.get_bind().dialect.name == "postgresql":
        _append_only_postgresql()
    else:
        _append_only_sqlite()


def _learners() -> None:
    op.create_table(
        "learners",
        *map(_text, ("tenant", "id", "platform", "name", "department", "contract")),
        *(sa.Column(name, sa.Text()) for name in ("user", "mail", "supervisor", "same")),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_learners"),
        sa.UniqueConstraint("tenant", "user", name="uq_learners_tenant_user"),
        sa.UniqueConstraint("tenant", "mail", name="uq_learners_tenant_mail"),
        _of("learners", "same", "learners"),
    )
    op.create_index("ix_learners_tenant_same", "learners", ["tenant", "same"])


def _enrolments() -> None:
    op.create_table(
        "enrolments",
        *map(_text, ("tenant", "id", "learner", "org", "starts", "lessons", "edition", "state")),
        *map(_count, ("round", "position", "reminders", "version")),
        sa.Column("announced", sa.Boolean(), nullable=False),
        sa.Column("due", sa.Float(53)),
        _number("since"),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_enrolments"),
        sa.UniqueConstraint("tenant", "learner", "org", name="uq_enrolments_tenant_learner_org"),
        _of("enrolments", "learner", "learners"),
    )
    due = sa.text("due IS NOT NULL")
    op.create_index("ix_enrolments_due", "enrolments", ["due"], sqlite_where=due, postgresql_where=due)
    op.create_index("ix_enrolments_org_state", "enrolments", ["org", "state"])
    op.create_table(
        "editions",
        *map(_text, ("tenant", "org", "edition", "digests")),
        sa.PrimaryKeyConstraint("tenant", "org", "edition", name="pk_editions"),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        *map(_text, ("tenant", "key", "enrolment", "platform", "kind", "lesson", "state", "reason")),
        *(sa.Column(name, sa.Text()) for name in ("owner", "sent_id")),
        *map(_count, ("number", "attempt")),
        *map(_number, ("due", "until", "began", "changed")),
        sa.Column("claimable", sa.Float(53)),
        sa.Column("careful", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "key", name="pk_outbox"),
        _of("outbox", "enrolment", "enrolments"),
    )
    waiting = sa.text("claimable IS NOT NULL")
    op.create_index("ix_outbox_claimable", "outbox", ["claimable"], sqlite_where=waiting, postgresql_where=waiting)
    op.create_index("ix_outbox_tenant_enrolment", "outbox", ["tenant", "enrolment"])
    op.create_index("ix_outbox_changed", "outbox", ["changed"])


def _ledger() -> None:
    names = ("tenant", "person", "org", "event", "lesson", "detail", "edition", "previous", "hash")
    op.create_table(
        "ledger",
        *map(_text, names),
        *map(_count, ("number", "round")),
        _number("at"),
        sa.PrimaryKeyConstraint("tenant", "number", name="pk_ledger"),
    )
    op.create_index("ix_ledger_tenant_person", "ledger", ["tenant", "person"])
    op.create_table(
        "ledger_heads",
        *map(_text, ("tenant", "hash")),
        _count("number"),
        sa.PrimaryKeyConstraint("tenant", name="pk_ledger_heads"),
    )


def _append_only_sqlite() -> None:
    for verb in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER ledger_no_{verb} BEFORE {verb} ON ledger "
            "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        )


def _append_only_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$"
    )
    for verb, each in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER ledger_no_{verb} BEFORE {verb} ON ledger FOR EACH {each} EXECUTE FUNCTION ledger_refuse()"
        )


def _of(table: str, column: str, owner: str) -> sa.ForeignKeyConstraint:
    """What goes when its owner goes."""
    return sa.ForeignKeyConstraint(
        ["tenant", column], [f"{owner}.tenant", f"{owner}.id"], name=f"fk_{table}_{owner}", ondelete="CASCADE"
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Float(53), nullable=False)
