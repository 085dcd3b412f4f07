"""Learners and enrolments as rows, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from sqlalchemy import Connection, Executable, Join, RowMapping

from bot.enrolment import Enrolment, Entry, Learner, Message
from bot.store.course_tables import enrolments, learners
from bot.store.tables import UNSTORABLE

BOTH: Join = enrolments.join(
    learners, (enrolments.c.tenant == learners.c.tenant) & (enrolments.c.learner == learners.c.id)
)
LEARNER = tuple(learners.c[field.name].label(f"learner_{field.name}") for field in fields(Learner))
SECRET = learners.c.secret.label("learner_secret")
ENROLMENT = tuple(enrolments.c[field.name].label(f"enrolment_{field.name}") for field in fields(Enrolment))
PERSON = (*LEARNER, *ENROLMENT)
"""Columns of both; their names in a row carry the record's."""


def learner_of(row: RowMapping) -> Learner:
    """The learner in a row that has `LEARNER`."""
    return Learner(**{field.name: row[f"learner_{field.name}"] for field in fields(Learner)})


def enrolment_of(row: RowMapping) -> Enrolment:
    """The enrolment in a row that has `ENROLMENT`."""
    return Enrolment(**{field.name: row[f"enrolment_{field.name}"] for field in fields(Enrolment)})


def both_of(rows: Sequence[RowMapping]) -> list[tuple[Learner, Enrolment]]:
    """The people in rows that have `PERSON`."""
    return [(learner_of(row), enrolment_of(row)) for row in rows]


def values(record: Learner | Enrolment | Entry | Message) -> dict[str, Any]:
    """A record as a row to write. Unlike `asdict` it copies nothing: a roster is thousands of them."""
    return {field.name: getattr(record, field.name) for field in fields(record)}


def tidied(learner: Learner) -> Learner:
    """The learner with addresses in the one spelling that they are compared in."""
    supervisor = learner.supervisor
    return replace(
        learner,
        user=plain(learner.user or "") or None,
        mail=folded(learner.mail or "") or None,
        supervisor=(folded(supervisor) if supervisor and "@" in supervisor else supervisor) or None,
    )


def folded(mail: str) -> str:
    """A mail address in the one spelling that it is kept and compared in."""
    return plain(mail).strip().casefold()


def plain(text: str) -> str:
    """The text as the database will give it back."""
    return text.translate(UNSTORABLE)


def many(connection: Connection, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
    """Run a statement once for each row; nothing for none."""
    if rows:
        connection.execute(statement, rows)
