"""How far people are, by department: every person once, nobody by name, no group so small that it is a person."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.enrolment import DeliveryState, Enrolment, Learner, Message, MessageKind, State, Trouble
from bot.onboarding.standing import FEWEST, Stage, StandingRow, stage, standing
from bot.onboarding.words import OTHERS, STANDING_COLUMNS, TOTAL, UNNAMED, reason_in_words
from tests.unit.onboarding.courses import LEARNER, enrolment

Person = tuple[Learner, Enrolment]


def person(name: str, department: str = "総務課", **changes: object) -> Person:
    return replace(LEARNER, id=name, department=department), enrolment(id=f"e-{name}", learner=name, **changes)


def group(department: str, count: int, **changes: object) -> list[Person]:
    return [person(f"{department}{number}", department, **changes) for number in range(count)]


def trouble(
    who: Person, reason: str = "not_installed", state: DeliveryState = "failed", kind: MessageKind = "lesson"
) -> Trouble:
    return Trouble(who[0], Message(f"key {who[0].id}", kind, "one", 0, 0.0, 1.0, careful=True), state, reason)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "waiting"),
        ({"announced": True}, "learning"),
        ({"position": 1}, "learning"),
        ({"position": 3}, "acknowledging"),
        ({"position": 3, "announced": True}, "acknowledging"),
        ({"position": 3, "state": "done"}, "done"),
        ({"state": "paused"}, "away"),
        ({"state": "left"}, "away"),
        ({"state": "stopped"}, "away"),
    ],
)
def test_everybody_is_at_one_stage(changes: dict[str, object], expected: Stage) -> None:
    assert stage(enrolment(**changes)) == expected


def test_a_department_is_counted_by_stage() -> None:
    people = [*group("総務課", 3), *group("広報課", 2, state="done"), person("x", "広報課", position=3)]
    found = standing(people, ())
    assert [(row.department, row.figures) for row in found.rows] == [
        ("広報課", (3, 0, 0, 1, 2, 0, 0)),
        ("総務課", (3, 3, 0, 0, 0, 0, 0)),
    ]
    assert (found.total.department, found.total.figures) == (TOTAL, (6, 3, 0, 1, 2, 0, 0))
    assert len(STANDING_COLUMNS) == 1 + len(found.total.figures)


def test_departments_stand_by_name_and_never_by_success() -> None:
    people = [*group("い課", 3, state="done"), *group("あ課", 3), *group("う課", 3, state="left")]
    assert [row.department for row in standing(people, ()).rows] == ["あ課", "い課", "う課"]


def test_small_departments_are_summed() -> None:
    people = [*group("総務課", 5), *group("広報課", 2), *group("議会事務局", 1)]
    rows = standing(people, ()).rows
    assert [(row.department, row.people) for row in rows] == [("総務課", 5), (OTHERS, 3)]


def test_a_lone_small_department_takes_another_with_it() -> None:
    people = [*group("総務課", 5), *group("広報課", 3), *group("議会事務局", 1)]
    rows = standing(people, ()).rows
    assert [(row.department, row.people) for row in rows] == [("総務課", 5), (OTHERS, 4)]


def test_people_without_a_department_are_a_group_of_their_own() -> None:
    rows = standing([*group("", 3), *group("総務課", 3)], ()).rows
    assert [row.department for row in rows] == [UNNAMED, "総務課"]


def test_nobody_is_a_standing_too() -> None:
    found = standing((), ())
    assert (found.rows, found.total.people, found.troubles) == ((), 0, ())


def test_a_message_that_did_not_arrive_is_told_with_its_reason_in_words() -> None:
    people = group("総務課", 4)
    troubles = [
        trouble(people[0]),
        trouble(people[1]),
        trouble(people[2], "timeout", "unknown"),
        trouble(people[3], "http_503"),
    ]
    found = standing(people, troubles)
    assert found.total.undelivered == 4
    assert dict(found.troubles) == {
        "アプリがまだ入っていない": 2,
        "届いたか確認できない": 1,
        "届けられなかった（http_503）": 1,
    }


def test_a_person_counts_once_however_many_messages_did_not_arrive() -> None:
    people = group("総務課", 3)
    found = standing(people, [trouble(people[0]), trouble(people[0], kind="reminder")])
    assert (found.total.undelivered, found.troubles) == (1, (("アプリがまだ入っていない", 1),))


def test_what_a_supervisor_did_not_get_is_no_trouble_of_the_learner() -> None:
    people = group("総務課", 3)
    found = standing(people, [trouble(people[0], "unknown_mail", kind="supervisor")])
    assert (found.total.undelivered, found.troubles) == (0, (("上司に連絡できない", 1),))


@pytest.mark.parametrize("state", ["done", "left"])
def test_nothing_is_missing_to_somebody_who_has_finished(state: State) -> None:
    people = group("総務課", 3, state=state)
    assert standing(people, [trouble(people[0])]).troubles == ()


def test_the_troubles_of_people_in_other_courses_do_not_count() -> None:
    assert standing(group("総務課", 3), [trouble(person("somebody else"))]).troubles == ()


def test_a_code_without_words_is_shown_itself() -> None:
    assert reason_in_words("http_503") == "届けられなかった（http_503）"
    assert reason_in_words("") == "届けられなかった"


SIZES = st.lists(st.integers(1, 12), max_size=9)


@given(SIZES, st.randoms())
def test_rows_are_never_small_and_add_up_to_the_total(sizes: list[int], chance: object) -> None:
    people = [who for number, size in enumerate(sizes) for who in group(f"課{number}", size)]
    chance.shuffle(people)  # type: ignore[attr-defined]  # a Random
    found = standing(people, [trouble(who) for who in people[::3]])
    assert _sum(found.rows) == found.total.figures
    assert found.total.people == len(people)
    if len(people) >= FEWEST:
        assert all(row.people >= FEWEST for row in found.rows)
    others = [row.department for row in found.rows if row.department == OTHERS]
    assert len(others) <= 1


def _sum(rows: tuple[StandingRow, ...]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*(row.figures for row in rows), strict=True))) or (0,) * 7
