"""The record of answers: history, engagement, ratings, referrals, and how long each is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from bot.commands import Home, Question, Request
from bot.ports import LoggedAnswer
from bot.store.database import Store
from bot.store.tables import ratings, tenant_keys
from bot.testing import FakeClock

Ask = Callable[..., Request]
Log = Callable[..., LoggedAnswer]
DAY = 24 * 3600.0


@pytest.fixture
def log(store: Store, clock: FakeClock) -> Log:
    """Logs an answer a second later than the one before."""

    def make(name: str = "a1", tenant: str = "T1", thread: str = "thread1", status: str = "answered") -> LoggedAnswer:
        clock.time += 1
        answer = LoggedAnswer(
            name,
            tenant,
            thread,
            "bibai",
            f"質問{name}",
            status,
            ("bibai/2(1)", "bibai/別表"),
            ("総務課",),
            0.5,
            clock.now(),
        )
        store.records.log(answer)
        return answer

    return make


def all_ratings(store: Store) -> list[tuple[str, str, bool]]:
    rows = select(ratings.c.answer, ratings.c.person, ratings.c.good).order_by(ratings.c.person)
    return [tuple(row) for row in store._database.read(lambda connection: connection.execute(rows).all())]


def test_an_answer_is_kept_as_it_was(store: Store, log: Log) -> None:
    kept = log()
    assert store.records.answer("T1", "a1") == kept
    assert store.records.answer("T2", "a1") is None
    assert store.records.answer("T1", "a2") is None


def test_an_answer_logged_again_changes_nothing(store: Store, log: Log) -> None:
    kept = log()
    store.records.log(replace(kept, question="あとから"))
    assert store.records.answer("T1", "a1") == kept


def test_the_history_is_the_threads_last_five_questions_without_small_talk(
    store: Store, log: Log, clock: FakeClock
) -> None:
    start = clock.now()
    for number in range(8):
        log(f"a{number}", status="smalltalk" if number == 5 else "answered")
        log(f"b{number}", thread="thread2")
    names = ("a2", "a3", "a4", "a6", "a7")
    assert store.records.history("T1", "thread1", start, clock.now() + 1) == tuple(f"質問{name}" for name in names)
    assert store.records.history("T2", "thread1", start, clock.now() + 1) == ()


def test_old_questions_are_no_history(store: Store, log: Log, clock: FakeClock) -> None:
    log("old")
    since = clock.now() + 0.5
    log("new")
    assert store.records.history("T1", "thread1", since, clock.now() + 1) == ("質問new",)


def test_a_question_answered_once_more_after_a_crash_has_the_history_it_had(store: Store, log: Log) -> None:
    log("a1")
    second = log("a2")
    log("a3")  # asked meanwhile
    assert store.records.history("T1", "thread1", 0.0, second.at) == ("質問a1",)


def test_the_bot_takes_part_in_a_thread_from_the_moment_a_question_was_accepted(store: Store, asked: Ask) -> None:
    assert not store.records.engaged("T1", "thread1")
    store.inbox.accept(asked()).result()
    assert store.records.engaged("T1", "thread1")
    assert not store.records.engaged("T1", "thread2")
    assert not store.records.engaged("T2", "thread1")


def test_a_greeting_draws_the_bot_into_no_thread(store: Store, asked: Ask) -> None:
    store.inbox.accept(asked(command=Home(joined=True))).result()
    store.inbox.accept(asked("k2", thread="", command=Question("質問"))).result()
    assert not store.records.engaged("T1", "thread1")
    assert not store.records.engaged("T1", "")


def test_the_bot_still_takes_part_long_after_the_request_is_forgotten(
    store: Store, asked: Ask, log: Log, clock: FakeClock
) -> None:
    store.inbox.accept(asked()).result()
    claimed = store.inbox.claim(("slack",))
    assert claimed is not None
    log()
    store.inbox.finish(claimed)
    clock.time += 30 * DAY
    store.tidy()
    assert store.records.engaged("T1", "thread1")


def test_a_person_has_one_rating_of_an_answer_the_last(store: Store, log: Log) -> None:
    log()
    for person, good in (("p1", True), ("p2", True), ("p1", False)):
        store.records.rate("T1", "a1", person, good)
    assert all_ratings(store) == [("a1", "p1", False), ("a1", "p2", True)]


def test_a_rating_of_an_answer_that_is_not_there_is_dropped(store: Store, log: Log) -> None:
    log()
    store.records.rate("T2", "a1", "p1", good=True)
    store.records.rate("T1", "a9", "p1", good=True)
    assert all_ratings(store) == []


def test_an_answer_is_referred_once_unless_it_could_not_be_sent(store: Store, log: Log) -> None:
    log()
    assert [store.records.refer("T1", "a1", at) for at in (1.0, 1.0, 2.0)] == [True, True, False]  # 1.0: done anew
    store.records.unrefer("T2", "a1")
    assert not store.records.refer("T1", "a1", 2.0)
    store.records.unrefer("T1", "a1")
    assert store.records.refer("T1", "a1", 3.0)
    assert not store.records.refer("T2", "a1", 4.0)


def test_a_pseudonym_is_the_same_for_a_person_and_tells_nothing_without_the_workspaces_key(store: Store) -> None:
    records = store.records
    assert records.pseudonym("T1", "U1") == records.pseudonym("T1", "U1")
    everybody = [records.pseudonym("T1", "U1"), records.pseudonym("T1", "U2"), records.pseudonym("T2", "U1")]
    assert len({*everybody}) == 3
    assert all(len(one) == 64 and "U1" not in one for one in everybody)
    store._database.write(
        lambda connection: connection.execute(tenant_keys.delete().where(tenant_keys.c.tenant == "T1"))
    )
    assert records.pseudonym("T1", "U1") != everybody[0]


def test_questions_and_what_hangs_on_them_are_deleted_after_90_days(store: Store, log: Log, clock: FakeClock) -> None:
    log("old")
    store.records.rate("T1", "old", "p1", good=True)
    store.records.refer("T1", "old", clock.now())
    clock.time += 89 * DAY
    log("new")
    store.tidy()
    assert store.records.answer("T1", "old") is not None
    clock.time += 2 * DAY
    store.tidy()
    assert store.records.answer("T1", "old") is None
    assert store.records.answer("T1", "new") is not None
    left = select(func.count()).select_from(ratings)
    assert store._database.read(lambda connection: connection.scalar(left)) == 0


def test_the_inbox_tidies_by_itself(store: Store, log: Log, clock: FakeClock) -> None:
    log("old")
    store.inbox.claim(("slack",))
    clock.time += 91 * DAY
    store.inbox.claim(("slack",))
    assert store.records.answer("T1", "old") is None
