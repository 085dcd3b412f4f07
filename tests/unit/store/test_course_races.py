"""Several processes on one server: nothing is planned, given out, enrolled or numbered twice; none waits for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from bot.enrolment import Change, Enrolment, Learner
from bot.store.database import Store, open_store
from bot.testing import FakeClock
from tests.unit.store.courses import (
    NOW,
    SLACK,
    add,
    announced,
    enrolment_of,
    events,
    found,
    from_roster,
    message,
    opened,
    person,
    plan,
)

PEOPLE = 120


@pytest.fixture
def replicas(postgres_database: str, clock: FakeClock) -> Iterator[list[Store]]:
    opened_stores = [open_store(postgres_database, clock) for _ in range(3)]
    yield opened_stores
    for store in opened_stores:
        store.close()


def together(*jobs: Callable[[], object]) -> list[object]:
    """Run all at once; a job that fails fails the test."""
    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result(60) for future in [pool.submit(job) for job in jobs]]


def test_planners_share_the_work_without_planning_anything_twice(replicas: list[Store]) -> None:
    add(replicas[0], *(person(str(number), f"T{number % 3}") for number in range(PEOPLE)))
    seen: list[str] = []

    def step(learner: Learner, enrolment: Enrolment) -> Change:
        seen.append(learner.id)
        return announced(learner, enrolment)

    def planner(store: Store) -> int:
        count = 0
        while due := store.enrolments.plan(NOW, step, 7):
            count += due
        return count

    counts = together(*(lambda store=store: planner(store) for store in replicas))
    assert sum(counts) == PEOPLE  # type: ignore[arg-type]  # they are numbers
    assert sorted(seen) == sorted(f"l-{number}" for number in range(PEOPLE))
    assert replicas[0].outbox.counts() == {"ready": PEOPLE}


def test_senders_share_the_messages_without_sending_anything_twice(replicas: list[Store]) -> None:
    plan(replicas[0], *(person(str(number), f"T{number % 3}") for number in range(PEOPLE)))

    def sender(store: Store) -> list[str]:
        served = []
        while replicas[0].outbox.counts().get("ready"):
            for delivery in store.outbox.claim(SLACK, 7):
                assert store.outbox.sent(delivery, "m")
                served.append(delivery.learner.id)
        return served

    served = together(*(lambda store=store: sender(store) for store in replicas for _ in range(2)))
    assert sorted(one for some in served for one in some) == sorted(f"l-{number}" for number in range(PEOPLE))  # type: ignore[attr-defined]  # lists
    for tenant in ("T0", "T1", "T2"):
        assert replicas[0].ledger.verify(tenant).wrong is None
        assert events(replicas[0], tenant) == ["enrolled"] * 40 + ["sent"] * 40


def test_one_person_enrolled_by_everybody_at_once_is_enrolled_once(replicas: list[Store]) -> None:
    rosters = [
        [person(f"{number}", mail=f"p{number}@town.example") for number in range(20)],
        [from_roster(f"{number}r", f"P{number}@town.example") for number in range(20)],
        [renamed(f"{number}") for number in range(20)],
    ]
    counts = together(
        *(lambda one=one, store=store: add(store, *one) for one, store in zip(rosters, replicas, strict=True))
    )
    assert len(replicas[0].enrolments.people("T1")) == sum(counts) == len(events(replicas[0]))  # type: ignore[arg-type]  # they are numbers
    users = [learner.user for learner, _ in replicas[0].enrolments.people("T1") if learner.user]
    assert len(users) == len(set(users)) == 20
    assert replicas[0].ledger.verify("T1").wrong is None


def renamed(name: str) -> tuple[Learner, Enrolment]:
    learner = replace(person(name)[0], id=f"l-{name}-again")
    return learner, enrolment_of(learner)


def test_of_two_presses_at_once_one_counts(replicas: list[Store]) -> None:
    add(replicas[0], person())
    _, before = found(replicas[0], person())
    results = together(*(lambda store=store: store.enrolments.commit(opened(before)) for store in replicas))
    assert sorted(results) == [False, False, True]  # type: ignore[type-var]  # booleans
    assert events(replicas[0]) == ["enrolled", "opened"]


NAMES = [str(number) for number in range(30)]


def test_all_that_happens_at_once_ends_and_the_chain_holds(replicas: list[Store]) -> None:
    people = [person(name) for name in NAMES]
    mails = [from_roster(f"{name}m", f"m{name}@town.example", org="suzaka") for name in NAMES]
    plan(replicas[0], *people, *mails)
    jobs = (press, send, steer, depart, forget, send, press)
    together(*(lambda job=job, store=replicas[turn % 3]: job(store) for turn, job in enumerate(jobs)))
    proof = replicas[0].ledger.verify("T1")
    assert (proof.wrong, proof.rows) == (None, len(events(replicas[0])))
    assert events(replicas[0]).count("purged") >= len(NAMES[::4])


def press(store: Store) -> None:
    """Buttons: what waits is cancelled, something else is planned."""
    for name in NAMES * 2:
        known = store.enrolments.find("T1", f"U-{name}", "bibai")
        if known is not None:
            planned = tuple(message(known[1], "reminder", known[1].version + one) for one in range(3))
            store.enrolments.commit(replace(opened(known[1]), cancel=True, messages=planned))


def send(store: Store) -> None:
    for _ in NAMES:
        for delivery in store.outbox.claim(SLACK, 3):
            store.outbox.sent(delivery, "m")


def steer(store: Store) -> None:
    """Roster addresses turn out to be somebody's; the planner runs; an administrator has all sent again."""
    for name in NAMES[::-1]:
        store.enrolments.identify(from_roster(f"{name}m", "")[0], f"U-{name}")
        store.enrolments.plan(NOW, announced)
        store.outbox.again("T1")


def depart(store: Store) -> None:
    """People go, then everybody."""
    for name in NAMES[::3]:
        store.enrolments.stop("T1", f"U-{name}", "account_inactive")
        store.outbox.revive("T1", f"U-{name}")
    store.outbox.cancel("slack", "T1")
    store.enrolments.stop("T1", None, "left")


def forget(store: Store) -> None:
    for name in NAMES[::4]:
        assert store.enrolments.purge("T1", f"l-{name}")
