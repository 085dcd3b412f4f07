"""The ledger: nothing is changed in it unnoticed, and an auditor can recompute it with nothing of ours."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import replace

import pytest
from sqlalchemy.exc import DBAPIError

from bot.enrolment import Change, Entry
from bot.store.database import Store
from bot.store.ledger import GENESIS
from tests.unit.store.courses import (
    NOW,
    add,
    claim,
    events,
    found,
    message,
    opened,
    person,
    plan,
    rows,
    sql,
)

LINES = 6


@pytest.fixture
def written(store: Store) -> Store:
    """A store with a chain of six lines, and another tenant's beside it."""
    add(store, person("a"), person("b"), person("a", "T2"))
    for name in "aabb":
        _, before = found(store, person(name))
        assert store.enrolments.commit(opened(before, NOW + 1 / 3))
    assert store.ledger.verify("T1").wrong is None
    return store


def unlock(store: Store) -> None:
    """What somebody with the database's password can do."""
    on = "" if store.engine.startswith("SQLite") else " ON ledger"
    sql(store, *(f"DROP TRIGGER ledger_no_{verb}{on}" for verb in ("update", "delete")))


def test_lines_are_numbered_without_gaps_for_each_workspace(written: Store) -> None:
    assert [row.number for row in written.ledger.rows("T1")] == [1, 2, 3, 4, 5, 6]
    assert [row.number for row in written.ledger.rows("T2")] == [1]
    assert events(written, learner="l-b") == ["enrolled", "opened", "opened"]
    assert events(written, learner="l-c") == []


def test_a_line_says_who_what_and_when(store: Store) -> None:
    add(store, person())
    learner, before = found(store, person())
    entry = Entry("answered", NOW + 0.1, "one", "2:right", before.edition)
    assert store.enrolments.commit(Change(before, replace(before, round=3), (entry,)))
    row = store.ledger.rows("T1")[-1]
    assert (row.learner, row.org, row.round, row.entry) == (learner, "bibai", 3, entry)


def test_what_was_sent_is_written_down_with_its_kind(store: Store) -> None:
    plan(store, person())
    delivery = claim(store)
    assert events(store) == ["enrolled"]
    assert store.outbox.sent(delivery, "m1")
    _, before = found(store, person())
    reminder = message(before, "reminder", 1)
    assert store.enrolments.commit(Change(before, before, messages=(reminder,)))
    assert store.outbox.sent(claim(store), "m2")
    sent = [row.entry for row in store.ledger.rows("T1")][1:]
    assert [(one.event, one.lesson, one.detail) for one in sent] == [("sent", "one", ""), ("sent", "one", "reminder")]


def test_an_auditor_can_recompute_the_chain_from_the_table_alone(written: Store) -> None:
    names = ("tenant", "number", "person", "org", "round", "event", "lesson", "detail", "edition", "at")
    query = f"SELECT {', '.join(names)}, previous, hash FROM ledger WHERE tenant = 'T1' ORDER BY number"  # noqa: S608  # our own names
    previous = "0" * 64
    for *values, before, noted in rows(written, query):
        fields = dict(zip(names, values, strict=True))
        told = json.dumps(fields, sort_keys=True, separators=(",", ":"))
        assert before == previous
        previous = hashlib.sha256((previous + told).encode("ascii")).hexdigest()
        assert noted == previous
    assert written.ledger.verify("T1").head == previous
    assert [row.hash for row in written.ledger.rows("T1")][-1] == previous


def test_a_pseudonym_is_keyed_with_a_secret_of_the_persons_own(written: Store) -> None:
    secrets = rows(written, "SELECT id, tenant, secret FROM learners")
    for learner, tenant, secret in secrets:
        assert isinstance(secret, bytes)
        assert len(secret) == 32
        person = hmac.new(secret, str(tenant).encode(), hashlib.sha256).hexdigest()
        assert {row.person for row in written.ledger.rows(str(tenant), str(learner))} == {person}
    assert len({secret for *_, secret in secrets}) == 3


@pytest.mark.parametrize("act", ["UPDATE ledger SET at = 0", "DELETE FROM ledger WHERE number = 6"])
def test_the_database_itself_refuses_to_change_the_past(written: Store, act: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        sql(written, act)
    assert written.ledger.verify("T1").rows == LINES


def test_a_server_refuses_to_empty_the_ledger(postgres_store: Store) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        sql(postgres_store, "TRUNCATE ledger")


@pytest.mark.parametrize(
    ("act", "wrong", "why"),
    [
        ("UPDATE ledger SET event = 'acknowledged' WHERE tenant = 'T1' AND number = 3", 3, "content"),
        ("UPDATE ledger SET at = at + 0.001 WHERE tenant = 'T1' AND number = 4", 4, "content"),
        ("UPDATE ledger SET person = 'x' WHERE tenant = 'T1' AND number = 1", 1, "content"),
        ("UPDATE ledger SET hash = 'x' WHERE tenant = 'T1' AND number = 2", 2, "content"),
        ("UPDATE ledger SET previous = 'x' WHERE tenant = 'T1' AND number = 5", 5, "link"),
        ("UPDATE ledger SET number = 7 WHERE tenant = 'T1' AND number = 6", 6, "missing"),
        ("DELETE FROM ledger WHERE tenant = 'T1' AND number = 2", 2, "missing"),
        ("DELETE FROM ledger WHERE tenant = 'T1' AND number = 1", 1, "missing"),
        ("DELETE FROM ledger WHERE tenant = 'T1' AND number >= 5", 5, "missing"),
        ("DELETE FROM ledger WHERE tenant = 'T1'", 1, "missing"),
        ("UPDATE ledger_heads SET number = 5 WHERE tenant = 'T1'", 6, "head"),
        ("UPDATE ledger_heads SET hash = 'x' WHERE tenant = 'T1'", 6, "head"),
        ("DELETE FROM ledger_heads WHERE tenant = 'T1'", 6, "head"),
    ],
)
def test_whatever_was_changed_is_named(written: Store, act: str, wrong: int, why: str) -> None:
    unlock(written)
    sql(written, act)
    proof = written.ledger.verify("T1")
    assert (proof.wrong, proof.why) == (wrong, why)
    assert written.ledger.verify("T2").wrong is None


def test_a_line_that_is_hashed_anew_is_noticed_by_the_next(written: Store) -> None:
    unlock(written)
    forged = rows(written, "SELECT hash FROM ledger WHERE tenant = 'T2'")[0][0]
    sql(written, f"UPDATE ledger SET hash = '{forged}' WHERE tenant = 'T1' AND number = 3")  # noqa: S608  # a hash
    proof = written.ledger.verify("T1")
    assert (proof.rows, proof.wrong) == (2, 3)


def test_a_chain_that_was_written_anew_lacks_the_hash_that_was_noted(written: Store) -> None:
    noted = written.ledger.verify("T1").head
    _, before = found(written, person("a"))
    assert written.enrolments.commit(opened(before))
    assert written.ledger.verify("T1", noted).wrong is None
    unlock(written)
    last = rows(written, "SELECT hash FROM ledger WHERE tenant = 'T1' AND number = 5")[0][0]
    sql(
        written,
        "DELETE FROM ledger WHERE tenant = 'T1' AND number > 5",
        f"UPDATE ledger_heads SET number = 5, hash = '{last}' WHERE tenant = 'T1'",  # noqa: S608  # a hash
    )
    assert written.ledger.verify("T1").wrong is None
    proof = written.ledger.verify("T1", noted)
    assert (proof.rows, proof.wrong, proof.why) == (5, 6, "noted")


def test_an_empty_ledger_holds(store: Store) -> None:
    proof = store.ledger.verify("T1")
    assert (proof.rows, proof.head, proof.wrong) == (0, GENESIS, None)
    assert store.ledger.verify("T1", "x" * 64).why == "noted"


def test_a_long_chain_is_verified_a_page_at_a_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.store import ledger

    monkeypatch.setattr(ledger, "PAGE", 3)
    add(store, *(person(str(number)) for number in range(20)))
    proof = store.ledger.verify("T1")
    assert (proof.rows, proof.wrong) == (20, None)
