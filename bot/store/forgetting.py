"""What is forgotten of a person beside the course: requests that wait, and threads that name the person."""

from __future__ import annotations

import json

from sqlalchemy import Connection, bindparam, or_, select, update

from bot.store.course_tables import learners
from bot.store.people import many
from bot.store.tables import answers, inbox

_GIVEN_UP = (
    update(inbox)
    .where(inbox.c.tenant == bindparam("b_tenant"), inbox.c.id == bindparam("b_id"), inbox.c.due.is_not(None))
    .values(due=None, owner=None, body="", reason="purged", changed=bindparam("b_now"))
)
_UNNAMED = (
    update(inbox).where(inbox.c.tenant == bindparam("b_tenant"), inbox.c.id == bindparam("b_id")).values(thread="")
)
_UNNAMED_ANSWER = (
    update(answers)
    .where(answers.c.tenant == bindparam("b_tenant"), answers.c.id == bindparam("b_id"))
    .values(thread="")
)


def forget_requests(connection: Connection, tenant: str, learner: str, now: float) -> None:
    """Give up what the person has asked and nobody has answered yet; blank threads that hold the user id."""
    known = select(learners.c.platform, learners.c.user).where(learners.c.tenant == tenant, learners.c.id == learner)
    person = connection.execute(known).first()
    if person is None or person.user is None:
        return
    named = inbox.c.thread.contains(person.user, autoescape=True)
    some = (
        select(inbox.c.id, inbox.c.thread, inbox.c.body)
        .where(inbox.c.tenant == tenant, inbox.c.platform == person.platform, or_(inbox.c.body != "", named))
        .order_by(inbox.c.id)
        .with_for_update()
    )
    own = [
        row.id for row in connection.execute(some) if _sent_by(row.body, person.user) or _names(row.thread, person.user)
    ]
    many(connection, _GIVEN_UP, [{"b_tenant": tenant, "b_id": one, "b_now": now} for one in own])
    many(connection, _UNNAMED, [{"b_tenant": tenant, "b_id": one} for one in own])
    told = select(answers.c.id, answers.c.thread).where(
        answers.c.tenant == tenant, answers.c.thread.contains(person.user, autoescape=True)
    )
    theirs = [row.id for row in connection.execute(told) if _names(row.thread, person.user)]
    many(connection, _UNNAMED_ANSWER, [{"b_tenant": tenant, "b_id": one} for one in theirs])


def _names(thread: str, user: str) -> bool:
    """Whether the user id is one of a thread's parts: another person's may begin with it."""
    return f":{user}:" in f":{thread}:"


def _sent_by(body: str, user: str) -> bool:
    """Whether a request that is kept came from this person; of one that another version wrote, whether it may have."""
    if not body:
        return False
    try:
        return bool(json.loads(body)["sender"]["user"] == user)
    except (ValueError, KeyError, TypeError):
        return json.dumps(user) in body
