"""The outbox beside a model of it: whatever is done in whatever order, nothing is lost, doubled or sent too early."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.enrolment import Change, Delivery, DeliveryState, Enrolment
from bot.store.database import open_store
from bot.store.outbox import LEASE
from bot.testing import FakeClock
from tests.unit.store.courses import NOW, SLACK, Person, message, person

PEOPLE = [(name, tenant) for tenant in ("T1", "T2") for name in "ab"]
NUMBERS = st.integers(0, 2)
ACTS = ("sent", "later", "doubtful", "unknown", "failed", "dropped", "postpone", "release")
WHO = st.sampled_from(PEOPLE)

Name = tuple[str, str]


@dataclass
class Row:
    """What the model knows of one message."""

    state: DeliveryState = "ready"
    when: float | None = NOW
    attempt: int = 0
    began: float = 0.0
    sent: int = 0


class Outbox(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = FakeClock()
        self.rows: dict[Name, Row] = {}
        self.hands: list[Delivery] = []
        self.open()
        people: list[Person] = [person(*one) for one in PEOPLE]
        self.store.enrolments.add(people, NOW)

    def open(self) -> None:
        self.store = open_store(f"sqlite:///{self.folder / 'store.sqlite3'}", self.clock)
        self.outbox = self.store.outbox

    def teardown(self) -> None:
        assert all(self.store.ledger.verify(tenant).wrong is None for tenant in ("T1", "T2"))
        self.store.close()
        shutil.rmtree(self.folder)

    def now(self, who: tuple[str, str]) -> Enrolment:
        found = self.store.enrolments.find(who[1], f"U-{who[0]}", "bibai")
        assert found is not None
        return found[1]

    def row(self, delivery: Delivery) -> Row:
        return self.rows[delivery.learner.tenant, delivery.message.key]

    def holds(self, delivery: Delivery) -> bool:
        """Whether the sender of this delivery still has the message."""
        row = self.row(delivery)
        return (row.state, row.attempt, row.began) == ("sending", delivery.attempt, delivery.since)

    def of(self, who: tuple[str, str]) -> list[Row]:
        return [row for (tenant, key), row in self.rows.items() if tenant == who[1] and key.startswith(f"e-{who[0]}-")]

    @rule(who=WHO, number=NUMBERS, wait=st.sampled_from([0.0, 30.0]))
    def plan(self, who: tuple[str, str], number: int, wait: float) -> None:
        before = self.now(who)
        planned = message(before, "reminder", number, self.clock.now() + wait)
        assert self.store.enrolments.commit(Change(before, before, messages=(planned,)))
        known = self.rows.get((who[1], planned.key))
        if known is None or known.state == "cancelled":
            sent = known.sent if known else 0
            self.rows[who[1], planned.key] = Row(when=planned.due, sent=sent)

    @rule(who=WHO, state=st.sampled_from(["active", "paused"]), cancel=st.booleans())
    def steer(self, who: tuple[str, str], state: str, cancel: bool) -> None:  # noqa: FBT001  # drawn
        before = self.now(who)
        after = replace(before, state=state)  # type: ignore[arg-type]  # one of them
        assert self.store.enrolments.commit(Change(before, after, cancel=cancel))
        for row in self.of(who) if cancel else ():
            if row.state == "ready":
                row.state, row.when = "cancelled", None

    @rule(most=st.integers(1, 5))
    def claim(self, most: int) -> None:
        now = self.clock.now()
        inactive = {one for one in PEOPLE if self.now(one).state != "active"}
        due = {name: row for name, row in self.rows.items() if row.when is not None and row.when <= now}
        alive = {
            name
            for name in due
            if not any(name[0] == who[1] and name[1].startswith(f"e-{who[0]}-") for who in inactive)
        }
        deliveries = self.outbox.claim(SLACK, most)
        given = {(one.learner.tenant, one.message.key): one for one in deliveries}
        assert len(given) == len(deliveries) <= most
        assert set(given) <= alive
        assert bool(given) is bool(alive)
        for name, delivery in given.items():
            row = self.rows[name]
            doubtful = row.state == "sending"
            row.began = row.began if doubtful else now
            row.state, row.attempt, row.when = "sending", row.attempt + 1, now + LEASE
            assert (delivery.attempt, delivery.doubtful, delivery.since) == (row.attempt, doubtful, row.began)
            self.hands.append(delivery)
        stored = self.states()
        for name in set(due) - set(alive):  # dropped as far as the claim came across them
            row = self.rows[name]
            if stored[name] != row.state:
                assert stored[name] == ("unknown" if row.state == "sending" else "cancelled")
                row.state, row.when = stored[name], None

    @rule(
        data=st.data(), act=st.sampled_from(["sent", "later", "doubtful", "unknown", "failed", "dropped", "postpone"])
    )
    def mark(self, data: st.DataObject, act: str) -> None:
        if not self.hands:
            return
        delivery = data.draw(st.sampled_from(self.hands))
        held, row, now = self.holds(delivery), self.row(delivery), self.clock.now()
        match act:
            case "sent":
                assert self.outbox.sent(delivery, "m") is held
                after: tuple[DeliveryState, float | None] = ("sent", None)
                row.sent += held
            case "later":
                self.outbox.later(delivery, "reason", 5.0)
                after = ("ready", now + 5.0)
            case "doubtful":
                self.outbox.doubtful(delivery, "reason")
                after = ("sending", row.when)
            case "postpone":
                self.outbox.postpone(delivery, now + 50.0, now + 100.0)
                after = ("ready", now + 50.0)
                row.attempt -= held
            case "release":
                self.outbox.release(delivery)
                after = ("sending" if delivery.doubtful else "ready", now)
                row.attempt -= held
            case "unknown" | "failed":
                getattr(self.outbox, act)(delivery, "reason")
                after = ("unknown" if act == "unknown" else "failed", None)
            case _:
                self.outbox.dropped(delivery)
                after = ("cancelled", None)
        if held:
            row.state, row.when = after

    @rule(tenant=st.sampled_from(["T1", "T2"]))
    def again(self, tenant: str) -> None:
        stuck = [
            row
            for who in PEOPLE
            if who[1] == tenant and self.now(who).state == "active"
            for row in self.of(who)
            if row.state in ("unknown", "failed")
        ]
        assert self.outbox.again(tenant) == len(stuck)
        for row in stuck:
            row.state, row.when, row.attempt = "ready", self.clock.now(), 0

    @rule(seconds=st.sampled_from([1.0, 10.0, LEASE + 1]))
    def wait(self, seconds: float) -> None:
        self.clock.time += seconds

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.open()
        self.hands.clear()  # that process is dead

    def states(self) -> dict[Name, DeliveryState]:
        from sqlalchemy import text

        query = text("SELECT tenant, key, state FROM outbox")
        rows = self.store._database.read(lambda connection: connection.execute(query).all())
        return {(tenant, key): state for tenant, key, state in rows}

    @invariant()
    def the_rows_are_as_the_model_says(self) -> None:
        assert self.states() == {name: row.state for name, row in self.rows.items()}

    @invariant()
    def the_ledger_holds_each_that_arrived_once(self) -> None:
        sent = [row for tenant in ("T1", "T2") for row in self.store.ledger.rows(tenant) if row.entry.event == "sent"]
        assert len(sent) == sum(row.sent for row in self.rows.values())
        assert all(row.sent <= 1 for row in self.rows.values())


TestOutbox = Outbox.TestCase
