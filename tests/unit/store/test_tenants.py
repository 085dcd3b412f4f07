"""No workspace ever sees, or touches, another's rows."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Delete, Engine, Insert, Join, Select, Update, event, select, union_all
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import BinaryExpression, ColumnElement

from bot.commands import Question, Request, Sender
from bot.ports import Claimed, LoggedAnswer
from bot.store.database import Store, open_store
from bot.store.tables import answers, inbox, metadata
from bot.testing import FakeClock

ACROSS = frozenset({"claim", "waiting", "tidy", "claim and tidy"})
"""What the process does for all workspaces alike; no caller names a tenant there and none gets another's rows."""


def names_tenant(where: ColumnElement[bool] | None) -> bool:
    """Whether `tenant = something` is one of the conditions that must all hold."""
    if where is None:
        return False
    parts = where.clauses if getattr(where, "operator", None) is operators.and_ else [where]
    return any(
        isinstance(part, BinaryExpression)
        and part.operator is operators.eq
        and getattr(part.left, "name", "") == "tenant"
        for part in parts
    )


def reads_table(source: Any) -> bool:
    """Whether rows of a table come straight from here; a subquery is looked at for itself."""
    if isinstance(source, Join):
        return reads_table(source.left) or reads_table(source.right)
    return source in metadata.tables.values()


def unguarded(statement: Any) -> list[str]:
    """The parts of a statement that reach rows of any tenant."""
    found = []
    for part in visitors.iterate(statement):
        if isinstance(part, Select | Update | Delete):
            sources = [part.table] if isinstance(part, Update | Delete) else part.get_final_froms()
            if any(reads_table(source) for source in sources) and not names_tenant(part.whereclause):
                found.append(type(part).__name__)
    if isinstance(statement, Insert) and "tenant" not in statement.table.c:
        found.append("Insert")
    return found


@contextmanager
def watched(wrong: list[str], where: str) -> Iterator[None]:
    def look(_connection: Any, statement: Any, *_more: Any) -> None:
        if not isinstance(statement, str):
            wrong.extend(f"{where}: {part}" for part in unguarded(statement))

    event.listen(Engine, "before_execute", look)
    yield
    event.remove(Engine, "before_execute", look)


def test_the_check_itself_sees_a_missing_tenant() -> None:
    assert unguarded(select(answers)) == ["Select"]
    assert unguarded(select(answers.c.id).where((answers.c.tenant == "x") | (answers.c.id == "y"))) == ["Select"]
    assert unguarded(inbox.update().where(inbox.c.tenant != "x").values(body="")) == ["Update"]
    assert unguarded(answers.delete().where(answers.c.id == "y")) == ["Delete"]
    assert unguarded(answers.delete().where(answers.c.tenant == "x", answers.c.id == "y")) == []
    copied = inbox.insert().from_select(["tenant", "hash"], select(answers.c.tenant, answers.c.id))
    assert unguarded(copied) == ["Select"]
    joined = select(answers.c.id).join(inbox, inbox.c.tenant == answers.c.tenant)
    assert unguarded(joined) == ["Select"]
    assert unguarded(joined.where(answers.c.tenant == "x")) == []
    assert unguarded(union_all(select(answers.c.id), select(inbox.c.id))) == ["Select", "Select"]


def test_every_statement_names_its_tenant(store: Store, asked: Callable[..., Request]) -> None:
    wrong: list[str] = []
    answer = LoggedAnswer("a1", "T1", "thread1", "bibai", "質問", "answered", (), (), 0.5, 1.0)
    claimed: list[Claimed | None] = []

    def taken() -> Claimed:
        assert claimed[0] is not None
        return claimed[0]

    records, stored, places = store.records, store.inbox, store.places
    calls: dict[str, Callable[[], object]] = {
        "accept": lambda: stored.accept(asked()).result(),
        "claim and tidy": lambda: claimed.append(stored.claim(("slack",))),
        "claim": lambda: stored.claim(("slack",)),
        "fail": lambda: stored.fail(taken(), "x", 0.0),
        "release": lambda: stored.release(taken()),
        "finish": lambda: stored.finish(taken()),
        "cancel": lambda: stored.cancel("slack", "T1"),
        "waiting": stored.waiting,
        "tidy": store.tidy,
        "log": lambda: records.log(answer),
        "answer": lambda: records.answer("T1", "a1"),
        "history": lambda: records.history("T1", "thread1", 0.0, 2.0),
        "engaged": lambda: records.engaged("T1", "thread1"),
        "rate": lambda: records.rate("T1", "a1", "p", True),  # noqa: FBT003  # the port's
        "refer": lambda: records.refer("T1", "a1", 1.0),
        "unrefer": lambda: records.unrefer("T1", "a1"),
        "pseudonym": lambda: records.pseudonym("T1", "U1"),
        "remember": lambda: places.remember("slack", "T1", "p", "a"),
        "address": lambda: places.address("slack", "T1", "p"),
        "forget": lambda: places.forget("slack", "T1", "p"),
        "left": lambda: places.left("slack", "T1"),
        "gone": lambda: places.gone("slack", "T1"),
        "returned": lambda: places.returned("slack", "T1"),
    }
    ports = {name for one in (records, stored, places) for name in dir(one) if not name.startswith("_")}
    assert ports - {"take_back"} <= {*calls}, "a call of a port that this test does not make"
    for name, call in calls.items():
        with watched(wrong, name):
            call()
    assert {complaint.partition(":")[0] for complaint in wrong} <= ACROSS, wrong


TENANTS = st.sampled_from(["T1", "T2", "T%", "", "T1 ", "t1"])
ACTS = st.lists(st.tuples(TENANTS, st.sampled_from("ab"), st.sampled_from("xy"), st.integers(0, 5)), max_size=20)


@given(ACTS)
def test_two_workspaces_with_the_same_ids_never_meet(acts: list[tuple[str, str, str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/store.sqlite3", FakeClock())
        own: dict[str, dict[str, set[str]]] = {}
        for tenant, name, thread, kind in acts:
            _act(store, tenant, name, (thread, kind))
            kept = own.setdefault(tenant, {"answers": set(), "threads": set(), "places": set()})
            if kind == 0 or (kind == 1 and name not in kept["answers"]):
                kept["threads"].add(thread)
            if kind == 1:
                kept["answers"].add(name)
            if kind == 2:
                kept["places"].add(name)
            if kind == 3:
                kept["places"].clear()
        for tenant in ("T1", "T2", "T%", "", "T1 ", "t1"):
            kept = own.get(tenant, {"answers": set(), "threads": set(), "places": set()})
            logged = {name: store.records.answer(tenant, name) for name in "ab"}
            assert {name for name, answer in logged.items() if answer} == kept["answers"]
            assert all(answer is None or answer.question.endswith(f"「{tenant}」") for answer in logged.values())
            assert {thread for thread in "xy" if store.records.engaged(tenant, thread)} == kept["threads"]
            assert {name for name in "ab" if store.places.address("slack", tenant, name)} == kept["places"]
            for thread in "xy":
                assert all(one.endswith(f"「{tenant}」") for one in store.records.history(tenant, thread, 0.0, 9.0))
        store.close()


def _act(store: Store, tenant: str, name: str, what: tuple[str, int]) -> None:
    thread, kind = what
    if kind == 0:
        sender = Sender("slack", tenant, "U1", "C1", thread)
        store.inbox.accept(Request(f"{name}{thread}", sender, Question("質問"), "", 0.0)).result()
    elif kind == 1:
        known = LoggedAnswer(name, tenant, thread, "bibai", f"質問「{tenant}」", "answered", (), (), 0.5, 1.0)
        store.records.log(known)
    elif kind == 2:
        store.places.remember("slack", tenant, name, "there")
    elif kind == 3:
        store.places.left("slack", tenant)
    elif kind == 4:
        store.records.unrefer(tenant, name)
        store.records.rate(tenant, name, store.records.pseudonym(tenant, "U1"), good=True)
    else:
        store.inbox.cancel("slack", tenant)
