"""People come from rosters and by themselves, turn out to be one another, and are forgotten."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.enrolment import Enrolment, Learner
from bot.ports import LoggedAnswer
from bot.store.database import Store, open_store
from bot.testing import FakeClock
from tests.unit.store.courses import (
    NOW,
    Person,
    add,
    announced,
    claim,
    claimed,
    enrolment_of,
    events,
    found,
    from_roster,
    opened,
    person,
    plan,
    rows,
)

MAIL = "hanako@town.example"


def renamed(one: Person, name: str) -> Person:
    """The same person as a second roster or a second word brings him or her: with new ids."""
    learner = replace(one[0], id=f"l-{name}")
    return learner, replace(enrolment_of(learner), org=one[1].org)


def everybody(store: Store) -> list[tuple[str | None, str | None, str]]:
    return [(learner.user, learner.mail, enrolment.org) for learner, enrolment in store.enrolments.people("T1")]


def test_who_is_enrolled_already_is_left_as_he_or_she_is(store: Store) -> None:
    by_mail = from_roster("m", MAIL)
    assert add(store, person("a"), by_mail) == 2
    again = [renamed(person("a"), "a2"), renamed(by_mail, "m2"), person("b")]
    again[0] = (replace(again[0][0], name="別の名"), again[0][1])
    assert add(store, *again) == 1
    assert add(store, *again) == 0
    assert [learner.id for learner, _ in store.enrolments.people("T1")] == ["l-a", "l-b", "l-m"]
    assert events(store) == ["enrolled"] * 3


def test_a_mail_address_is_one_however_it_is_spelt(store: Store) -> None:
    assert add(store, from_roster("a", "Hanako@Town.example"), from_roster("b", " hanako@town.EXAMPLE")) == 1
    assert everybody(store) == [(None, MAIL, "bibai")]


def test_a_person_twice_in_one_roster_is_enrolled_once(store: Store) -> None:
    both = renamed(person("a", mail=MAIL), "a2")
    assert add(store, person("a"), both, renamed(both, "a3")) == 1
    assert everybody(store) == [("U-a", None, "bibai")]


def test_a_second_course_goes_to_the_same_person_who_is_better_known_then(store: Store) -> None:
    learner, enrolment = person("a")
    add(store, (replace(learner, name="", department=""), enrolment))
    again = renamed(person("a", org="suzaka", mail=MAIL), "a2")
    assert add(store, again) == 1
    first, second = store.enrolments.people("T1")
    assert first[0] == second[0] == replace(learner, mail=MAIL)
    assert {one[1].org for one in (first, second)} == {"bibai", "suzaka"}
    assert [row.learner for row in store.ledger.rows("T1", learner.id)] == [first[0]] * 2


def test_a_roster_address_that_is_somebody_elses_stays_there(store: Store) -> None:
    add(store, person("a", mail=MAIL))
    assert add(store, person("b", org="suzaka", mail=MAIL)) == 1
    assert add(store, person("c"), person("c", org="suzaka", mail=MAIL)) == 2
    assert everybody(store) == [
        ("U-a", MAIL, "bibai"),
        ("U-b", None, "suzaka"),
        ("U-c", None, "bibai"),
        ("U-c", None, "suzaka"),
    ]


def test_whoever_comes_with_an_enrolled_persons_address_but_another_id_is_not_lost(store: Store) -> None:
    add(store, person("a", mail=MAIL))
    assert add(store, person("b", mail=MAIL)) == 1
    assert add(store, renamed(person("b", mail=MAIL), "b2"), renamed(from_roster("m", MAIL), "m2")) == 0
    assert everybody(store) == [("U-a", MAIL, "bibai"), ("U-b", None, "bibai")]


def test_a_roster_is_enrolled_whole_or_not_at_all(store: Store) -> None:
    learner, enrolment = person("c")
    impossible = replace(enrolment, starts=None)  # type: ignore[arg-type]  # what no table takes
    with pytest.raises(Exception, match=r"(?i)null"):
        add(store, person("a"), person("b"), (learner, impossible))
    assert everybody(store) == []
    assert events(store) == []


def test_a_large_roster_is_enrolled_in_one_go(store: Store) -> None:
    people = [person(str(number), mail=f"p{number}@town.example") for number in range(1200)]
    assert add(store, *people) == 1200
    assert add(store, *(renamed(one, f"{one[0].id}x") for one in people)) == 0
    proof = store.ledger.verify("T1")
    assert (proof.rows, proof.wrong) == (1200, None)


def test_whose_mail_address_it_is_is_noted(store: Store) -> None:
    learner, enrolment = from_roster("m", MAIL)
    add(store, (learner, enrolment))
    known = replace(learner, user="U-7")
    assert store.enrolments.identify(learner, "U-7") == known
    assert store.enrolments.identify(learner, "U-7") == known
    assert found(store, (known, enrolment)) == (known, enrolment)


def test_a_person_who_is_enrolled_already_gets_what_the_roster_says_and_no_second_course(store: Store) -> None:
    own, enrolment = person("a")
    add(store, (replace(own, name="", department="", contract="", supervisor=None), replace(enrolment, due=None)))
    told, _ = from_roster("m", MAIL)
    plan(store, from_roster("m", MAIL))
    delivery = claim(store)
    assert store.enrolments.identify(delivery.learner, "U-a") is None
    whole = replace(told, id=own.id, user="U-a")
    assert store.enrolments.people("T1") == [(whole, replace(enrolment, due=None))]
    assert not store.outbox.sent(delivery, "m1")
    assert store.outbox.counts() == {}
    assert [(row.entry.event, row.entry.detail) for row in store.ledger.rows("T1")][-1] == ("stopped", "merged")
    assert store.enrolments.identify(told, "U-a") is None


def test_one_person_under_two_names_in_two_courses_is_one_again(store: Store) -> None:
    learner, enrolment = person("a")
    add(store, (learner, replace(enrolment, due=None)))
    told, elsewhere = from_roster("m", MAIL, org="suzaka")
    plan(store, (told, elsewhere))
    known = replace(told, id=learner.id, user="U-a")
    assert store.enrolments.identify(told, "U-a") == known
    assert [(one, two.org) for one, two in store.enrolments.people("T1")] == [(known, "bibai"), (known, "suzaka")]
    delivery = claim(store)
    assert delivery.learner == known
    assert store.outbox.sent(delivery, "m1")
    assert [row.learner for row in store.ledger.rows("T1", "l-a")] == [known] * 3
    assert [row.learner for row in store.ledger.rows("T1")] == [known] * 3
    assert store.enrolments.purge("T1", "l-a")
    assert {row.learner for row in store.ledger.rows("T1")} == {None}


def test_a_forgotten_person_is_nobody_in_the_ledger_and_the_chain_holds(store: Store) -> None:
    plan(store, person("a", mail=MAIL), person("b"))
    assert store.outbox.sent(claim(store), "m1")
    assert store.enrolments.commit(opened(found(store, person("a"))[1]))
    assert store.enrolments.purge("T1", "l-a")
    assert not store.enrolments.purge("T1", "l-a")
    assert not store.enrolments.purge("T1", "l-nobody")
    assert store.enrolments.find("T1", "U-a", "bibai") is None
    assert store.ledger.rows("T1", "l-a") == []
    told = [(row.entry.event, row.learner and row.learner.id) for row in store.ledger.rows("T1")]
    assert told[0] == ("enrolled", None)
    assert told[1] == ("enrolled", "l-b")
    assert told[-1] == ("purged", None)
    assert len({row.person for row in store.ledger.rows("T1") if row.learner is None}) == 1
    assert store.ledger.verify("T1").wrong is None
    assert claimed(store) == ["T1 U-b"]


def test_a_forgotten_person_may_come_again_as_somebody_new(store: Store) -> None:
    add(store, person("a"))
    store.enrolments.purge("T1", "l-a")
    assert add(store, person("a")) == 1
    assert [row.learner is None for row in store.ledger.rows("T1")] == [True, True, False]


def test_the_way_to_a_forgotten_person_goes_and_no_other(store: Store) -> None:
    add(store, person("a", mail=MAIL))
    for place, address in (("U-a", "D1"), ("mail:0f0f", "U-a"), ("U-b", "D2"), ("C1", "C1")):
        store.places.remember("slack", "T1", place, address)
    store.places.remember("slack", "T2", "U-a", "D3")
    store.enrolments.purge("T1", "l-a")
    kept = {place: store.places.address("slack", "T1", place) for place in ("U-a", "mail:0f0f", "U-b", "C1")}
    assert kept == {"U-a": None, "mail:0f0f": None, "U-b": "D2", "C1": "C1"}
    assert store.places.address("slack", "T2", "U-a") == "D3"


def test_a_forgotten_supervisor_is_nobodys_supervisor(store: Store) -> None:
    add(store, person("boss"), person("a"), person("a", "T2"))
    store.enrolments.purge("T1", "l-boss")
    assert found(store, person("a"))[0].supervisor is None
    assert found(store, person("a", "T2"))[0].supervisor == "U-boss"


def test_a_forgotten_person_stands_in_no_table(store: Store) -> None:
    learner, enrolment = person("a", mail="canary@town.example")
    learner = replace(learner, user="U-canary", name="カナリア花子", department="かなりあ課", contract="canary")
    plan(store, (learner, enrolment), person("b"))
    delivery = next(one for one in store.outbox.claim(("slack",), 9) if one.learner == learner)
    store.outbox.sent(delivery, "m1")
    assert "U-canary" in everything(store)
    store.enrolments.purge("T1", learner.id)
    left = everything(store).casefold()
    assert [word for word in ("canary", "カナリア", "かなりあ", learner.id, enrolment.id) if word in left] == []


def everything(store: Store) -> str:
    tables = "SELECT name FROM sqlite_master WHERE type = 'table'"
    if not store.engine.startswith("SQLite"):
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    return "\n".join(str(rows(store, f'SELECT * FROM "{name}"')) for (name,) in rows(store, tables))  # noqa: S608  # our own names


def test_a_forgotten_person_stands_in_none_of_the_files(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}", FakeClock())
    people: list[tuple[Learner, Enrolment]] = []
    for number in range(40):
        learner, enrolment = person(f"{number}-canary", mail=f"canary{number}@town.example")
        people.append((replace(learner, name=f"カナリア{number}", supervisor="canary-boss"), enrolment))
    add(store, *people)
    store.places.remember("slack", "T1", "U-0-canary", "D-canary")
    store.enrolments.plan(NOW, announced)
    while deliveries := store.outbox.claim(("slack",), 7):
        for delivery in deliveries:
            store.outbox.sent(delivery, "m1")
    assert [word for word in ("canary", "カナリア") if holds(tmp_path, word)] == ["canary", "カナリア"]
    for learner, _ in people:
        assert store.enrolments.purge("T1", learner.id)
    store.tidy()
    assert [word for word in ("canary", "カナリア", "Canary") if holds(tmp_path, word)] == []
    proof = store.ledger.verify("T1")
    assert (proof.rows, proof.wrong) == (120, None)
    store.close()


def holds(folder: Path, word: str) -> bool:
    return any(word.encode() in file.read_bytes() for file in folder.iterdir())


def test_what_was_asked_and_answered_is_not_touched_by_forgetting(store: Store) -> None:
    add(store, person("a"))
    store.records.log(LoggedAnswer("a1", "T1", "thread1", "bibai", "質問", "answered", (), (), 0.5, NOW))
    store.enrolments.purge("T1", "l-a")
    assert store.records.answer("T1", "a1") is not None
