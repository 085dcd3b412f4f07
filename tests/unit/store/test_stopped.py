"""Who was stopped for which reason, so that those can go on whose reason has passed."""

from __future__ import annotations

from dataclasses import replace

from bot.enrolment import Change, Entry
from bot.store.database import Store
from tests.unit.store.courses import NOW, Person, add, found, from_roster, person


def stopped(store: Store, reason: str = "left", tenant: str = "T1") -> list[tuple[str | None, str]]:
    return [(learner.user, one.org) for learner, one in store.enrolments.stopped(tenant, reason)]


def go_on(store: Store, one: Person) -> None:
    """Active again, with a line in the ledger."""
    _, before = found(store, one)
    assert store.enrolments.commit(Change(before, replace(before, state="active"), (Entry("resumed", NOW),)))


def test_who_was_stopped_for_a_reason_is_found_and_nobody_elses(store: Store) -> None:
    add(store, person("a"), person("b"), person("c"), person("a", "T2"))
    store.enrolments.stop("T1", "U-b", "account_inactive")
    store.enrolments.stop("T1", None, "left")
    store.enrolments.stop("T2", None, "left")
    assert stopped(store) == [("U-a", "bibai"), ("U-c", "bibai")]
    assert stopped(store, "account_inactive") == [("U-b", "bibai")]
    assert stopped(store, "uninstalled") == []
    assert stopped(store, tenant="T3") == []


def test_each_course_of_a_person_is_looked_at_by_itself(store: Store) -> None:
    add(store, person("a"))
    store.enrolments.stop("T1", "U-a", "account_inactive")
    add(store, person("a", org="suzaka"))
    store.enrolments.stop("T1", "U-a", "left")
    assert stopped(store) == [("U-a", "suzaka")]


def test_the_last_stop_counts_and_whoever_goes_on_is_not_stopped(store: Store) -> None:
    add(store, person("a"), person("b"))
    store.enrolments.stop("T1", None, "left")
    go_on(store, person("a"))
    assert stopped(store) == [("U-b", "bibai")]
    store.enrolments.stop("T1", "U-a", "account_inactive")
    assert stopped(store) == [("U-b", "bibai")]
    assert stopped(store, "account_inactive") == [("U-a", "bibai")]


def test_a_person_who_was_known_under_two_names_is_found_by_what_was_said_of_either(store: Store) -> None:
    told = from_roster("m", "m@town.example", org="suzaka")
    add(store, person("a"), told, from_roster("n", "n@town.example"))
    store.enrolments.stop("T1", None, "left")
    assert store.enrolments.identify(told[0], "U-a") is not None
    assert store.enrolments.identify(from_roster("n", "n@town.example")[0], "U-a") is None  # merged: no stop of a's
    assert sorted(stopped(store), key=str) == [("U-a", "bibai"), ("U-a", "suzaka")]
