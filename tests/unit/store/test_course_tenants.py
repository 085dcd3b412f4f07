"""No workspace ever sees, or touches, another's people, messages or records."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.enrolment import Change, Delivery
from bot.store.database import Store, open_store
from bot.testing import FakeClock
from tests.unit.store.courses import (
    EDITION,
    NOW,
    SLACK,
    add,
    announced,
    events,
    from_roster,
    message,
    opened,
    person,
    plan,
    rows,
)
from tests.unit.store.test_tenants import watched

ACROSS = {
    "plan": "one planner looks for whoever is due",
    "claim": "one sender serves all, each its turn; a delivery says whose it is",
    "outdated": "the planner asks who has another edition than the one that is in force",
    "counts": "figures of the whole process, nobody's rows",
    "tidy": "what is old goes, whosever it is",
}
"""The calls that name no tenant, and why none gets another's rows by them."""


def calls_on(store: Store) -> dict[str, Callable[[], object]]:
    """One call of everything, in an order in which each has something to do."""
    people, outbox, ledger = store.enrolments, store.outbox, store.ledger
    mail = from_roster("m", "m@town.example")
    hands: list[Delivery] = []

    def known() -> Change:
        found = people.find("T1", "U-a", "bibai")
        assert found is not None
        return replace(opened(found[1]), cancel=True, messages=(message(found[1], "reminder"),))

    named: dict[str, Callable[[], object]] = {
        "add": lambda: add(store, mail, *(person(name) for name in "abcdefghijk")),
        "find": lambda: people.find("T1", "U-a", "bibai"),
        "people": lambda: people.people("T1", "bibai"),
        "plan": lambda: people.plan(NOW, announced),
        "commit": lambda: people.commit(known()),
        "outdated": lambda: people.outdated("bibai", EDITION),
        "keep_edition": lambda: people.keep_edition("T1", "bibai", EDITION, {}),
        "edition": lambda: people.edition("T1", "bibai", EDITION),
        "claim": lambda: hands.extend(outbox.claim(SLACK, 9)),
        "sent": lambda: outbox.sent(hands.pop(), "m1"),
        "later": lambda: outbox.later(hands.pop(), "x", 9.0),
        "doubtful": lambda: outbox.doubtful(hands.pop(), "x"),
        "unknown": lambda: outbox.unknown(hands.pop(), "x"),
        "failed": lambda: outbox.failed(hands.pop(), "not_installed"),
        "dropped": lambda: outbox.dropped(hands.pop()),
        "postpone": lambda: outbox.postpone(hands.pop(), NOW + 9.0, NOW + 10.0),
        "release": lambda: outbox.release(hands.pop()),
        "troubles": lambda: outbox.troubles("T1"),
        "counts": outbox.counts,
        "counts of one": lambda: outbox.counts("T1"),
        "revive": lambda: outbox.revive("T1", "U-a"),
        "planned": lambda: outbox.planned("T1", ["k"]),
        "again": lambda: outbox.again("T1"),
        "cancel": lambda: outbox.cancel("slack", "T1"),
        "rows": lambda: ledger.rows("T1", "l-a"),
        "verify": lambda: ledger.verify("T1"),
        "merge": lambda: people.identify(mail[0], "U-b"),
        "identify": lambda: people.identify(mail[0], "U-b"),
        "stop": lambda: people.stop("T1", "U-a", "x"),
        "stopped": lambda: people.stopped("T1", "x"),
        "purge": lambda: people.purge("T1", "l-a"),
        "tidy": store.tidy,
    }
    ports = {name for one in (people, outbox, ledger) for name in dir(one) if not name.startswith("_")}
    assert ports <= {*named}, "a call of a port that this test does not make"
    return named


def test_every_statement_names_its_tenant(store: Store) -> None:
    wrong: list[str] = []
    for name, call in calls_on(store).items():
        with watched(wrong, name):
            call()
    across = {complaint.partition(":")[0] for complaint in wrong}
    assert across <= {*ACROSS}, wrong
    assert store.ledger.verify("T1").wrong is None


TENANTS = st.sampled_from(["T1", "T2", "T%", "T1 ", "t1"])
ACTS = st.lists(st.tuples(TENANTS, st.sampled_from("ab"), st.integers(0, 7)), min_size=4, max_size=12)


@given(ACTS)
def test_two_workspaces_with_the_same_ids_never_meet(acts: list[tuple[str, str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/store.sqlite3", FakeClock())
        for turn, (tenant, name, kind) in enumerate(acts):
            hands = store.outbox.claim(SLACK, 9)  # for all workspaces: what it does to others is no fault
            others = {one for one, _, _ in acts} - {tenant}
            before = {one: picture(store, one) for one in others}
            _act(store, (tenant, name), (kind, turn), hands)
            assert {one: picture(store, one) for one in others} == before
        store.close()


def picture(store: Store, tenant: str) -> list[object]:
    """All that the database holds of a workspace."""
    return [
        rows(store, f"SELECT * FROM {table} WHERE tenant = '{tenant}' ORDER BY 1, 2")  # noqa: S608  # our own names
        for table in ("learners", "enrolments", "editions", "outbox", "ledger", "ledger_heads")
    ] + [events(store, tenant), store.enrolments.people(tenant), store.outbox.troubles(tenant)]


def _act(store: Store, who: tuple[str, str], what: tuple[int, int], hands: Sequence[Delivery]) -> None:
    tenant, name = who
    kind, turn = what
    found = store.enrolments.find(tenant, f"U-{name}", "bibai")
    if found is None:
        add(store, person(name, tenant, mail=f"{name}@town.example"))
    elif kind == 0:
        told = replace(message(found[1], "reminder", turn), due=NOW)
        store.enrolments.commit(replace(opened(found[1]), messages=(told,)))
    else:
        user, people, outbox = f"U-{name}", store.enrolments, store.outbox
        mine = [delivery for delivery in hands if delivery.learner.tenant == tenant]
        acts: tuple[Callable[[], object], ...] = (
            lambda: _fail(store, mine),
            lambda: outbox.revive(tenant, user),
            lambda: outbox.again(tenant, f"l-{name}"),
            lambda: outbox.cancel("slack", tenant),
            lambda: people.stop(tenant, None if turn % 2 else user, "left"),
            lambda: people.keep_edition(tenant, "bibai", EDITION, {"1": "a"}),
            lambda: people.purge(tenant, f"l-{name}"),
        )
        acts[kind - 1]()


def _fail(store: Store, deliveries: Sequence[Delivery]) -> None:
    for delivery in deliveries:
        store.outbox.failed(delivery, "not_installed")


def test_a_delivery_of_one_workspace_marks_none_of_another(store: Store) -> None:
    plan(store, person("a"), person("a", "T2"))
    for delivery in store.outbox.claim(SLACK, 9):
        if delivery.learner.tenant == "T1":
            assert store.outbox.sent(delivery, "m1")
    assert store.outbox.counts("T1") == {"sent": 1}
    assert store.outbox.counts("T2") == {"sending": 1}
    assert events(store, "T2") == ["enrolled"]
