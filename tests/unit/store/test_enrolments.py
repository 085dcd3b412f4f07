"""Who takes which course: enrolled once, changed whole or not at all, planned by one planner at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.enrolment import Change, Enrolment, Entry, Learner
from bot.store.database import Store
from bot.store.enrolments import AGAIN, MOST_STOPPED
from tests.unit.store.courses import (
    EDITION,
    NOW,
    add,
    announced,
    claim,
    claimed,
    events,
    found,
    message,
    opened,
    person,
    plan,
)


def test_what_comes_out_is_what_went_in(store: Store) -> None:
    learner, enrolment = person(mail="hanako@town.example")
    odd = replace(learner, name="齋藤「花子」\n';--")
    half = replace(enrolment, due=NOW + 0.123456789, since=NOW / 3, round=2, position=1, announced=True, reminders=2)
    assert add(store, (odd, half)) == 1
    assert found(store, (odd, half)) == (odd, half)
    assert store.enrolments.people("T1") == [(odd, half)]


def test_what_no_database_takes_is_left_out_of_a_name_and_the_ledger_still_holds(store: Store) -> None:
    learner, enrolment = person()
    add(store, (replace(learner, name="山\0田\ud800"), replace(enrolment, edition="a\0b")))
    assert found(store, person())[0].name == "山田"
    assert store.ledger.verify("T1").wrong is None


def test_nobody_is_found_under_another_user_organisation_or_workspace(store: Store) -> None:
    add(store, person())
    assert store.enrolments.find("T1", "U-b", "bibai") is None
    assert store.enrolments.find("T1", "U-a", "suzaka") is None
    assert store.enrolments.find("T2", "U-a", "bibai") is None
    assert store.enrolments.people("T2") == []
    assert store.enrolments.people("T1", "suzaka") == []


def test_people_stand_by_department_and_name_in_one_order_on_every_database(store: Store) -> None:
    names = [("税務課", "い"), ("総務課", "ア"), ("税務課", "あ"), ("", "z"), ("総務課", "A"), ("総務課", "a")]
    for number, (department, name) in enumerate(names):
        learner, enrolment = person(str(number))
        add(store, (replace(learner, department=department, name=name), enrolment))
    listed = [(learner.department, learner.name) for learner, _ in store.enrolments.people("T1")]
    assert listed == sorted(names)


def test_a_change_is_stored_with_its_entries_and_messages(store: Store) -> None:
    add(store, person())
    _, before = found(store, person())
    change = opened(before)
    assert store.enrolments.commit(replace(change, messages=(message(before),)))
    assert found(store, person())[1] == replace(change.after, version=before.version + 1)
    assert events(store) == ["enrolled", "opened"]
    assert claimed(store) == ["T1 U-a"]


def test_a_change_to_what_has_changed_meanwhile_leaves_no_trace(store: Store) -> None:
    add(store, person())
    _, before = found(store, person())
    assert store.enrolments.commit(Change(before, replace(before, position=1)))
    stale = replace(opened(before), messages=(message(before),), cancel=True)
    assert not store.enrolments.commit(stale)
    assert found(store, person())[1].position == 1
    assert events(store) == ["enrolled"]
    assert store.outbox.counts() == {}


def test_a_change_to_nobodys_enrolment_is_refused(store: Store) -> None:
    _, nobody = person()
    assert not store.enrolments.commit(opened(nobody))
    assert events(store) == []


def test_a_change_that_fails_half_way_leaves_no_trace(store: Store) -> None:
    add(store, person())
    _, before = found(store, person())
    impossible = replace(message(before), due=None)  # type: ignore[arg-type]  # what no table takes
    with pytest.raises(Exception, match=r"(?i)null"):
        store.enrolments.commit(replace(opened(before), messages=(impossible,)))
    assert found(store, person())[1] == before
    assert events(store) == ["enrolled"]


def test_what_is_due_is_planned_once_the_longest_overdue_first(store: Store) -> None:
    for name, due in (("a", NOW), ("b", NOW - 60.0), ("c", NOW + 1.0), ("d", None)):
        learner, enrolment = person(name)
        add(store, (learner, replace(enrolment, due=due)))
    seen: list[str] = []

    def step(learner: Learner, enrolment: Enrolment) -> Change:
        seen.append(learner.id)
        return announced(learner, enrolment)

    assert [store.enrolments.plan(NOW, step) for _ in range(2)] == [2, 0]
    assert seen == ["l-b", "l-a"]
    assert store.outbox.counts() == {"ready": 2}


def test_no_more_are_planned_at_a_time_than_asked_for(store: Store) -> None:
    add(store, *(person(str(number)) for number in range(5)))
    assert [store.enrolments.plan(NOW, announced, most=2) for _ in range(4)] == [2, 2, 1, 0]


def test_a_planned_change_is_stored_whole(store: Store) -> None:
    add(store, *(person(name, tenant) for name in "ab" for tenant in ("T1", "T2")))
    entry = Entry("renewed", NOW, edition=EDITION)
    assert store.enrolments.plan(NOW, lambda *one: replace(announced(*one), entries=(entry,))) == 4
    for tenant in ("T1", "T2"):
        assert events(store, tenant) == ["enrolled", "enrolled", "renewed", "renewed"]
        assert store.ledger.verify(tenant).wrong is None
        assert all(one.announced and one.version == 1 for _, one in store.enrolments.people(tenant))
    assert store.outbox.counts("T1") == {"ready": 2}


@pytest.mark.parametrize("state", ["paused", "left", "stopped", "done"])
def test_only_active_people_are_planned_for(store: Store, state: str) -> None:
    learner, enrolment = person()
    add(store, (learner, replace(enrolment, state=state)))  # type: ignore[arg-type]  # one of them
    assert store.enrolments.plan(NOW, announced) == 0


def alone(_learner: Learner, _enrolment: Enrolment) -> None:
    """A step that has nothing to say."""


def broken(_learner: Learner, _enrolment: Enrolment) -> Change:
    raise KeyError("花子")


@pytest.mark.parametrize("step", [alone, broken])
def test_one_that_cannot_be_planned_holds_nobody_up_and_is_looked_at_again(
    store: Store, caplog: pytest.LogCaptureFixture, step: Callable[[Learner, Enrolment], Change | None]
) -> None:
    add(store, person("a"), person("b"))
    before = found(store, person("a"))[1]
    wanted = {"l-a": step, "l-b": announced}
    assert store.enrolments.plan(NOW, lambda learner, one: wanted[learner.id](learner, one)) == 2
    assert store.outbox.counts() == {"ready": 1}
    assert store.enrolments.plan(NOW, announced) == 0
    assert found(store, person("a"))[1] == replace(before, due=NOW + AGAIN)
    assert store.enrolments.plan(NOW + AGAIN, announced) == 1
    assert "花子" not in caplog.text
    assert ("KeyError" in caplog.text) is (step is broken)


def test_a_message_is_planned_once_however_often_it_is_planned(store: Store) -> None:
    plan(store, person())
    _, before = found(store, person())
    for _ in range(2):
        assert store.enrolments.commit(Change(before, before, messages=(message(before),)))
        _, before = found(store, person())
    delivery = claim(store)
    assert store.outbox.sent(delivery, "m1")
    assert store.enrolments.commit(Change(before, before, messages=(message(before),)))
    assert store.outbox.counts() == {"sent": 1}


def test_what_is_not_begun_is_cancelled_with_the_change_and_can_be_planned_anew(store: Store) -> None:
    plan(store, person("a"), person("b"))
    _, before = found(store, person("a"))
    assert store.enrolments.commit(Change(before, replace(before, state="paused"), cancel=True))
    assert store.outbox.counts() == {"cancelled": 1, "ready": 1}
    _, paused = found(store, person("a"))
    later = message(paused, due=NOW + 60.0)
    assert store.enrolments.commit(Change(paused, replace(paused, state="active"), messages=(later,)))
    assert claimed(store) == ["T1 U-b"]
    assert store.outbox.counts() == {"ready": 1, "sending": 1}


def test_a_message_in_hand_is_not_called_back(store: Store) -> None:
    plan(store, person())
    delivery = claim(store)
    _, before = found(store, person())
    assert store.enrolments.commit(Change(before, replace(before, state="paused"), cancel=True))
    assert store.outbox.sent(delivery, "m1")


def test_whoever_acknowledged_another_edition_is_named_in_every_workspace(store: Store) -> None:
    states = (
        ("a", "T1", "done", "old"),
        ("b", "T2", "done", "old"),
        ("c", "T1", "active", "old"),
        ("d", "T1", "done", EDITION),
    )
    for name, tenant, state, edition in states:
        learner, enrolment = person(name, tenant)
        add(store, (learner, replace(enrolment, state=state, edition=edition)))  # type: ignore[arg-type]  # one of them
    assert [learner.id for learner, _ in store.enrolments.outdated("bibai", EDITION)] == ["l-a", "l-b"]
    assert [learner.id for learner, _ in store.enrolments.outdated("bibai", EDITION, 1)] == ["l-a"]
    assert store.enrolments.outdated("suzaka", EDITION) == []


def test_an_edition_is_kept_as_it_was_first_said(store: Store) -> None:
    digests = {"第1条": "aa", "1(2)": "bb"}
    store.enrolments.keep_edition("T1", "bibai", EDITION, digests)
    store.enrolments.keep_edition("T1", "bibai", EDITION, {"第1条": "cc"})
    assert store.enrolments.edition("T1", "bibai", EDITION) == digests
    assert store.enrolments.edition("T2", "bibai", EDITION) == {}
    assert store.enrolments.edition("T1", "suzaka", EDITION) == {}


def test_who_has_gone_is_stopped_in_every_course_and_nothing_more_is_sent(store: Store) -> None:
    (learner, _), elsewhere = person("a"), person("b")
    other = replace(person("a2", org="suzaka")[0], id=learner.id, user=learner.user)
    plan(store, person("a"), elsewhere, (other, person("a", org="suzaka")[1]))
    assert store.enrolments.stop("T1", "U-a", "account_inactive") == 2
    assert store.enrolments.stop("T1", "U-a", "account_inactive") == 0
    stopped = [one for one in store.ledger.rows("T1") if one.entry.event == "stopped"]
    assert [(one.org, one.entry.detail) for one in stopped] == [
        ("bibai", "account_inactive"),
        ("suzaka", "account_inactive"),
    ]
    assert found(store, person("a"))[1].due is None
    assert claimed(store) == ["T1 U-b"]


def test_a_large_workspace_that_has_gone_stops_to_the_last(store: Store) -> None:
    plan(store, *(person(str(number)) for number in range(MOST_STOPPED + 5)))
    assert store.enrolments.stop("T1", None, "left") == MOST_STOPPED + 5
    assert store.outbox.counts() == {"cancelled": MOST_STOPPED + 5}


def test_a_workspace_that_has_gone_stops_whoever_has_not_ended(store: Store) -> None:
    for name, state in (("a", "active"), ("b", "paused"), ("c", "done"), ("d", "left")):
        learner, enrolment = person(name)
        add(store, (learner, replace(enrolment, state=state)))  # type: ignore[arg-type]  # one of them
    add(store, person("a", "T2"))
    assert store.enrolments.stop("T1", None, "left") == 2
    assert [one.state for _, one in store.enrolments.people("T1")] == ["stopped", "stopped", "done", "left"]
    assert found(store, person("a", "T2"))[1].state == "active"
