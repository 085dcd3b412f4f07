"""Forgetting a person reaches what he or she has asked: requests that wait, and the names of threads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands import Question, Request, Sender
from bot.ports import LoggedAnswer
from bot.store.database import Store, open_store
from bot.testing import FakeClock
from tests.unit.store.courses import NOW, Person, add, announced, person, rows, sql
from tests.unit.store.test_learners import everything, holds

CANARY = "U-CANARY"


def canary(tenant: str = "T1") -> Person:
    learner, enrolment = person("a", tenant)
    return replace(learner, user=CANARY), enrolment


def asked(key: str, user: str = CANARY, thread: str = "D1", tenant: str = "T1", platform: str = "slack") -> Request:
    sender = Sender(platform, tenant, user, "D1", thread, f"<@{user}>", direct=True)
    return Request(key, sender, Question("質問です"), f'{{"user":"{user}"}}', NOW)


def accept(store: Store, *requests: Request) -> None:
    for one in requests:
        assert store.inbox.accept(one).result()


def threads_of(user: str) -> Sequence[str]:
    """How fronts name threads by a person."""
    return f"direct:{user}", f"C1:command:{user}", f"view:{user}", f"home:{user}"


def test_what_a_forgotten_person_has_asked_is_given_up(store: Store) -> None:
    add(store, canary())
    accept(store, asked("k1"), asked("k2", thread=f"direct:{CANARY}"), asked("k3", "U-b"))
    assert store.enrolments.purge("T1", "l-a")
    claimed = store.inbox.claim(["slack"])
    assert claimed is not None
    assert claimed.request.key == "k3"
    assert store.inbox.claim(["slack"]) is None
    assert rows(store, "SELECT reason FROM inbox WHERE body = '' ORDER BY id") == [("purged",)] * 2
    assert CANARY not in everything(store)


def test_what_is_in_hand_when_its_person_is_forgotten_is_nobodys_any_more(store: Store) -> None:
    add(store, canary())
    accept(store, asked("k1"))
    claimed = store.inbox.claim(["slack"])
    assert claimed is not None
    store.enrolments.purge("T1", "l-a")
    store.inbox.fail(claimed, "timeout", 5.0)
    assert store.inbox.waiting() == 0
    assert not store.inbox.finish(claimed)


def test_a_request_that_is_delivered_again_after_its_person_was_forgotten_stays_known(store: Store) -> None:
    add(store, canary())
    accept(store, asked("k1"))
    store.enrolments.purge("T1", "l-a")
    assert not store.inbox.accept(asked("k1")).result()


def test_threads_lose_the_id_of_a_forgotten_person_and_answers_stay(store: Store) -> None:
    add(store, canary())
    for number, thread in enumerate(threads_of(CANARY)):
        accept(store, asked(f"k{number}", thread=thread))
        claimed = store.inbox.claim(["slack"])
        assert claimed is not None
        store.inbox.finish(claimed)
        store.records.log(LoggedAnswer(f"a{number}", "T1", thread, "bibai", "質問", "answered", (), (), 0.5, NOW))
    store.enrolments.purge("T1", "l-a")
    assert CANARY not in everything(store)
    kept = [store.records.answer("T1", f"a{number}") for number in range(4)]
    assert [one and (one.thread, one.question) for one in kept] == [("", "質問")] * 4
    assert store.records.history("T1", "", 0.0, NOW + 1) == ()
    assert not store.records.engaged("T1", "")


@pytest.mark.parametrize("user", [f"{CANARY}2", f"X{CANARY}", CANARY.lower()])
def test_whoever_is_called_alike_keeps_what_was_asked(store: Store, user: str) -> None:
    add(store, canary())
    for number, thread in enumerate((*threads_of(user), "D1", "")):
        accept(store, asked(f"k{number}", user, thread))
        store.records.log(LoggedAnswer(f"a{number}", "T1", thread, "bibai", "質問", "answered", (), (), 0.5, NOW))
    accept(store, asked("there", tenant="T2"), asked("teams", platform="teams"))
    before = [rows(store, f"SELECT * FROM {name} ORDER BY id") for name in ("inbox", "answers")]  # noqa: S608
    store.enrolments.purge("T1", "l-a")
    assert [rows(store, f"SELECT * FROM {name} ORDER BY id") for name in ("inbox", "answers")] == before  # noqa: S608


@pytest.mark.parametrize(("body", "waits"), [(f'["{CANARY}"]', 0), ("{", 1), ("null", 1)])
def test_a_request_of_another_version_goes_where_it_may_be_the_persons(store: Store, body: str, waits: int) -> None:
    add(store, canary())
    accept(store, asked("k1", "U-b"))
    sql(store, f"UPDATE inbox SET body = '{body}'")  # noqa: S608  # the test's own
    store.enrolments.purge("T1", "l-a")
    assert store.inbox.waiting() == waits


def test_whoever_had_no_user_id_is_forgotten_with_no_request_touched(store: Store) -> None:
    learner, enrolment = canary()
    add(store, (replace(learner, user=None, mail="a@town.example"), enrolment))
    accept(store, asked("k1"))
    assert store.enrolments.purge("T1", "l-a")
    assert store.inbox.waiting() == 1


def test_right_after_forgetting_the_person_stands_in_none_of_the_files(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}", FakeClock())
    learner, enrolment = canary()
    add(store, (replace(learner, name="CANARY", mail="canary@town.example"), enrolment))
    store.enrolments.plan(NOW, announced)
    accept(store, asked("k1"), asked("k2", thread=f"direct:{CANARY}"))
    thread = f"C1:command:{CANARY}"
    store.records.log(LoggedAnswer("a1", "T1", thread, "bibai", "質問", "answered", (), (), 0.5, NOW))
    assert [word for word in ("CANARY", "canary") if holds(tmp_path, word)] == ["CANARY", "canary"]
    assert store.enrolments.purge("T1", "l-a")
    assert [word for word in ("CANARY", "canary") if holds(tmp_path, word)] == []
    store.close()
