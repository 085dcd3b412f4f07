"""The inbox beside a model of it: whatever is done in whatever order, nothing is lost, doubled or taken too early."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.commands import Question, Request, Sender
from bot.ports import Claimed
from bot.store.database import open_store
from bot.store.inbox import LEASE
from bot.testing import FakeClock

TENANTS = st.sampled_from(["T1", "T2"])
KEYS = st.sampled_from("abcdef")
PLATFORMS = {"T1": "slack", "T2": "teams"}


@dataclass
class Row:
    """What the model knows of one request; `due` is None once it is over."""

    number: int
    due: float | None
    attempt: int = 0
    in_hand: bool = False


class Inbox(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = FakeClock()
        self.rows: dict[tuple[str, str], Row] = {}
        self.hands: list[Claimed] = []
        self.open()

    def open(self) -> None:
        self.store = open_store(f"sqlite:///{self.folder / 'store.sqlite3'}", self.clock)
        self.inbox = self.store.inbox

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    def row(self, claimed: Claimed) -> Row:
        return self.rows[claimed.request.sender.tenant, claimed.request.key]

    def holds(self, claimed: Claimed) -> bool:
        """Whether the worker of this claim still has the request."""
        row = self.row(claimed)
        return row.due is not None and row.in_hand and row.attempt == claimed.attempt

    @rule(tenant=TENANTS, key=KEYS)
    def accept(self, tenant: str, key: str) -> None:
        sender = Sender(PLATFORMS[tenant], tenant, "U1", "C1", "thread")
        new = self.inbox.accept(Request(key, sender, Question(f"質問{key}"), "there", self.clock.now())).result()
        assert new is ((tenant, key) not in self.rows)
        if new:
            self.rows[tenant, key] = Row(len(self.rows), self.clock.now())

    @rule(platforms=st.sampled_from([("slack",), ("teams",), ("slack", "teams")]))
    def claim(self, platforms: tuple[str, ...]) -> None:
        due = [
            (row.number, name)
            for name, row in self.rows.items()
            if row.due is not None and row.due <= self.clock.now() and PLATFORMS[name[0]] in platforms
        ]
        claimed = self.inbox.claim(platforms)
        if claimed is None:
            assert not due
            return
        name = (claimed.request.sender.tenant, claimed.request.key)
        assert name == min(due)[1]
        row = self.rows[name]
        row.attempt, row.in_hand, row.due = row.attempt + 1, True, self.clock.now() + LEASE
        assert claimed.attempt == row.attempt
        assert claimed.request.command == Question(f"質問{name[1]}")
        self.hands.append(claimed)

    @rule(data=st.data())
    def finish(self, data: st.DataObject) -> None:
        if self.hands:
            claimed = data.draw(st.sampled_from(self.hands))
            held = self.holds(claimed)
            assert self.inbox.finish(claimed) is held
            if held:
                self.row(claimed).due = None

    @rule(data=st.data(), after=st.sampled_from([None, 0.0, 5.0, 100.0]))
    def fail(self, data: st.DataObject, after: float | None) -> None:
        if self.hands:
            claimed = data.draw(st.sampled_from(self.hands))
            held = self.holds(claimed)
            self.inbox.fail(claimed, "reason", after)
            if held:
                row = self.row(claimed)
                row.in_hand, row.due = False, None if after is None else self.clock.now() + after

    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        if self.hands:
            claimed = data.draw(st.sampled_from(self.hands))
            if self.holds(claimed):
                row = self.row(claimed)
                row.in_hand, row.due, row.attempt = False, self.clock.now(), row.attempt - 1
                self.hands = [one for one in self.hands if one != claimed]  # it is in nobody's hand any more
                self.inbox.release(claimed)

    @rule(seconds=st.sampled_from([1.0, 10.0, LEASE + 1]))
    def wait(self, seconds: float) -> None:
        self.clock.time += seconds

    @rule(tenant=TENANTS)
    def cancel(self, tenant: str) -> None:
        self.inbox.cancel(PLATFORMS[tenant], tenant)
        for name, row in self.rows.items():
            if name[0] == tenant:
                row.due = None

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.open()
        for row in self.rows.values():
            if row.due is not None and row.in_hand:
                row.in_hand, row.due = False, self.clock.now()

    @rule()
    def tidy(self) -> None:
        self.store.tidy()

    @invariant()
    def as_many_wait_as_the_model_says(self) -> None:
        assert self.inbox.waiting() == sum(row.due is not None for row in self.rows.values())


TestInbox = Inbox.TestCase
