"""People, messages and steps for the tests of the course's tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlalchemy import text

from bot.enrolment import Change, Delivery, Enrolment, Entry, Learner, Message, MessageKind
from bot.store.database import Store

NOW = 1_800_000_000.0
"""The time of a FakeClock."""
EDITION = "0123456789abcdef"
SLACK = ("slack",)

Person = tuple[Learner, Enrolment]


def person(name: str = "a", tenant: str = "T1", org: str = "bibai", mail: str | None = None) -> Person:
    """Somebody with a user id who is due now."""
    learner = Learner(tenant, f"l-{name}", "slack", f"U-{name}", mail, f"{name}さん", "総務課", "正規", "U-boss")
    return learner, enrolment_of(learner, org)


def enrolment_of(learner: Learner, org: str = "bibai") -> Enrolment:
    """His or her enrolment in an organisation's course, due now."""
    name = learner.id.removeprefix("l-")
    return Enrolment(learner.tenant, f"e-{name}-{org}", learner.id, org, "2027-01-15", ("one", "two"), EDITION, NOW)


def from_roster(name: str, mail: str, org: str = "bibai") -> Person:
    """Somebody of whom only the mail address is known."""
    learner, enrolment = person(name, org=org, mail=mail)
    return replace(learner, user=None), enrolment


def message(enrolment: Enrolment, kind: MessageKind = "lesson", number: int = 0, due: float = NOW) -> Message:
    """A message about the present step."""
    key = f"{enrolment.id}:{enrolment.round}:{enrolment.lesson}:{kind}:{number}"
    return Message(key, kind, enrolment.lesson or "", number, due, due + 3600.0, careful=kind == "lesson")


def announced(_learner: Learner, enrolment: Enrolment) -> Change:
    """A step that sends the present lesson and never looks again."""
    after = replace(enrolment, announced=True, since=NOW, due=None)
    return Change(enrolment, after, messages=(message(enrolment),))


def opened(enrolment: Enrolment, at: float = NOW) -> Change:
    """The person has opened the present lesson."""
    entry = Entry("opened", at, enrolment.lesson or "", edition=enrolment.edition)
    return Change(enrolment, replace(enrolment, since=at), (entry,))


def add(store: Store, *people: Person) -> int:
    return store.enrolments.add(people, NOW)


def plan(store: Store, *people: Person) -> None:
    """Enrol people and plan a message for each."""
    assert add(store, *people) == len(people)
    assert store.enrolments.plan(NOW, announced, len(people)) == len(people)


def claim(store: Store) -> Delivery:
    (delivery,) = store.outbox.claim(SLACK, 1)
    return delivery


def claimed(store: Store, most: int = 20) -> list[str]:
    """The people for whom messages are given out, in order."""
    return [f"{one.learner.tenant} {one.learner.user}" for one in store.outbox.claim(SLACK, most)]


def found(store: Store, one: Person) -> Person:
    """The person as the store has him or her now."""
    learner, enrolment = one
    known = store.enrolments.find(learner.tenant, learner.user or "", enrolment.org)
    assert known is not None
    return known


def events(store: Store, tenant: str = "T1", learner: str | None = None) -> list[str]:
    """What the ledger holds, in order."""
    return [row.entry.event for row in store.ledger.rows(tenant, learner)]


def sql(store: Store, *statements: str) -> None:
    """Do something to the database that the program never does."""
    for statement in statements:
        store._database.write(lambda connection, one=statement: connection.execute(text(one)))  # type: ignore[misc]


def rows(store: Store, query: str) -> Sequence[tuple[object, ...]]:
    return store._database.read(lambda connection: [tuple(row) for row in connection.execute(text(query))])


Job = Callable[[], object]
