"""What is due in the outbox, locked for whoever claims it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, func, select

from bot.store.course_tables import enrolments, outbox
from bot.store.people import BOTH, PERSON

ROW = tuple(column.label(f"outbox_{column.name}") for column in outbox.c)
_OF = (outbox.c.tenant == enrolments.c.tenant) & (outbox.c.enrolment == enrolments.c.id)
ALL = BOTH.join(outbox, _OF)

_IS_DUE = (
    outbox.c.claimable <= bindparam("now"),
    outbox.c.platform.in_(bindparam("platforms", expanding=True)),
)
_TENANTS = (
    select(outbox.c.tenant)
    .where(*_IS_DUE)
    .group_by(outbox.c.tenant)
    .order_by(func.min(outbox.c.claimable), outbox.c.tenant)
    .limit(bindparam("most"))
)
_NEXT = (
    select(outbox.c.key)
    .where(outbox.c.tenant == bindparam("tenant"), *_IS_DUE)
    .order_by(outbox.c.claimable, outbox.c.key)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
"""The rows alone are locked, in a query so plain that no database's guess about unseen figures can make it slow."""

_WHOLE = (
    select(*ROW, *PERSON)
    .select_from(ALL)
    .where(outbox.c.tenant == bindparam("tenant"), outbox.c.key.in_(bindparam("keys", expanding=True)))
    .order_by(outbox.c.claimable, outbox.c.key)
)


def due(connection: Connection, when: Mapping[str, Any], most: int) -> list[RowMapping]:
    """What is due, locked: every tenant its share, so that one with thousands leaves the others their turn."""
    tenants = connection.scalars(_TENANTS, {**when, "most": most}).all()
    found: list[RowMapping] = []
    for place, tenant in enumerate(tenants):
        share = -(-(most - len(found)) // (len(tenants) - place))
        keys = connection.scalars(_NEXT, {**when, "tenant": tenant, "most": share}).all()
        if keys:
            found += connection.execute(_WHOLE, {"tenant": tenant, "keys": list(keys)}).mappings().all()
    return found
