"""Planned messages in Slack: into the direct chat, once, found again by their mark, as fast as Slack allows."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from adapters import dispatcher as loops
from adapters import sender
from adapters.dispatcher import Dispatcher
from adapters.intake import DeliveryError
from adapters.pacing import Limits
from adapters.slack import carrier
from adapters.slack.webapi import Slack
from bot.service import Service
from bot.settings import Secret, Settings
from bot.store.outbox import LEASE
from tests.contract.dms import OfficeClock, dispatching, enrol, learner, reach, until
from tests.contract.limits import Enforcer
from tests.contract.slack.fake import TEAM, FakeSlack, slack
from tests.contract.slack.payloads import direct, uninstalled
from tests.contract.slack.serving import Served, serving
from tests.unit.store.courses import rows

NO_SCOPE = (200, {"ok": False, "error": "missing_scope"}, {})
FAST = {
    "chat.postMessage": Limits(conversation=((1, 0.2),), tenant=((40, 0.5),), bulk=((20, 0.5),)),
    "conversations.open": Limits(),
}
"""What Slack allows, five times faster."""


@dataclass
class Office:
    """The front, its dispatcher, and time that can be skipped."""

    served: Served
    fake: FakeSlack
    clock: OfficeClock
    dispatcher: Dispatcher

    def enrol(self, *names: str, mail: str | None = None) -> None:
        people = [learner(name, TEAM, "slack", None if mail else f"U0{name}", mail) for name in names]
        assert enrol(self.served.office, people) == len(people)

    async def reach(self, *wanted: str) -> None:
        await reach(self.served.office.store, *wanted)

    def skip(self, seconds: float) -> None:
        self.clock.skipped += seconds
        for one in self.dispatcher._senders:
            one.wake.set()


Tell = Callable[..., None]


@pytest.fixture
def told(service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tell:
    """Tells a story at a front that may call as fast as it likes, or within limits."""
    for module in (sender, loops):
        monkeypatch.setattr(module, "POLL", 0.02)
    monkeypatch.setattr(sender, "HELD_SECONDS", 0.05)
    monkeypatch.setattr(loops, "SEEK_SECONDS", 0.05)

    def tell(story: Callable[[Office], Awaitable[None]], limits: dict[str, Limits] | None = None) -> None:
        async def run() -> None:
            clock = OfficeClock()
            async with (
                slack() as fake,
                serving(service, tmp_path, fake, limits=limits, clock=clock) as served,
                dispatching(served.office, served.front) as dispatcher,
            ):
                await asyncio.wait_for(story(Office(served, fake, clock, dispatcher)), 60)

        asyncio.run(run())

    return tell


def test_a_lesson_arrives_in_the_direct_chat_with_its_button_and_a_mark_that_says_nothing(told: Tell) -> None:
    async def story(at: Office) -> None:
        at.enrol("HANAKO")
        (post,) = await at.fake.wait()
        assert post.body["channel"] == "D0U0HANAKO"
        assert "lesson" in json.dumps(post.body["blocks"])
        ((key,),) = rows(at.served.office.store, "SELECT key FROM outbox")
        assert set(post.body["metadata"]) == {"event_type", "event_payload"}
        token = post.body["metadata"]["event_payload"]["key"]
        assert len(token) == 32
        assert str(key) not in json.dumps(post.body)
        assert (post.body["unfurl_links"], post.body["parse"]) == (False, "none")
        await at.reach("sent")
        assert rows(at.served.office.store, "SELECT sent_id FROM outbox") == [(at.fake.chats["D0U0HANAKO"][0]["ts"],)]

    told(story)


def test_the_chat_is_opened_once_and_known_from_then_on(told: Tell) -> None:
    async def story(at: Office) -> None:
        at.enrol("A")
        await at.reach("sent")
        at.skip(7 * 24 * 3600.0)  # a reminder comes
        await at.fake.wait(2)
        assert len(at.fake.of("conversations.open")) == 1

    told(story)


def test_a_message_whose_answer_was_not_heard_is_found_by_its_mark_and_not_sent_again(told: Tell) -> None:
    async def story(at: Office) -> None:
        at.fake.cut.append("chat.postMessage")
        at.enrol("A")
        await at.reach("sending ServerDisconnectedError")
        at.skip(LEASE + 1)
        await at.reach("sent")
        assert len(at.fake.posts) == 1
        assert [row.entry.event for row in at.served.office.store.ledger.rows(TEAM)] == ["enrolled", "sent"]

    told(story)


@pytest.mark.parametrize("failure", ["internal_error", "fatal_error", "service_unavailable"])
def test_a_message_that_is_not_found_is_sent(told: Tell, failure: str) -> None:
    async def story(at: Office) -> None:
        at.fake.failures["chat.postMessage"].append((500, {"ok": False, "error": failure}, {}))
        at.enrol("A")
        await at.reach(f"sending {failure}")
        assert at.fake.of("conversations.history") == []
        at.skip(LEASE + 1)
        await at.reach("sent")
        assert (len(at.fake.of("conversations.history")), len(at.fake.posts)) == (1, 1)

    told(story)


def test_without_the_scope_to_look_a_lesson_is_parked_and_never_sent_twice(told: Tell) -> None:
    async def story(at: Office) -> None:
        at.fake.cut.append("chat.postMessage")
        at.fake.failures["conversations.history"].append(NO_SCOPE)
        at.enrol("A")
        await at.reach("sending ServerDisconnectedError")
        at.skip(LEASE + 1)
        await at.reach("unknown unconfirmed")
        assert len(at.fake.posts) == 1

    told(story)


@pytest.mark.parametrize(("pages", "found"), [(5, "sent"), (2, "unknown unconfirmed")])
def test_a_long_chat_is_read_page_by_page_and_not_without_end(
    told: Tell, pages: int, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrier, "PAGE", 3)
    monkeypatch.setattr(carrier, "PAGES", pages)

    async def story(at: Office) -> None:
        at.fake.cut.append("chat.postMessage")
        at.enrol("A")
        await at.reach("sending ServerDisconnectedError")
        later: list[dict[str, Any]] = [{"ts": f"1800000001.{number:06d}"} for number in range(10)]
        at.fake.chats["D0U0A"][:0] = later
        at.skip(LEASE + 1)
        await at.reach(found)
        assert len(at.fake.posts) == 1

    told(story)


def test_a_look_that_fails_for_now_is_done_again(told: Tell) -> None:
    async def story(at: Office) -> None:
        at.fake.cut.append("chat.postMessage")
        at.fake.failures["conversations.history"].append((500, {"ok": False, "error": "internal_error"}, {}))
        at.enrol("A")
        await at.reach("sending ServerDisconnectedError")
        at.skip(LEASE + 1)
        await at.reach("sending internal_error")
        at.skip(LEASE + 1)
        await at.reach("sent")
        assert len(at.fake.posts) == 1

    told(story)


def test_whoever_is_known_by_mail_is_asked_for_and_found_also_when_the_account_comes_later(told: Tell) -> None:
    async def story(at: Office) -> None:
        at.enrol("A", mail="hanako@example.lg.jp")
        await at.reach("failed unknown_mail")
        at.fake.people["hanako@example.lg.jp"] = "U0HANAKO"
        (post,) = await at.fake.wait()
        assert post.body["channel"] == "D0U0HANAKO"
        await at.reach("sent")

    told(story)


def test_the_course_of_somebody_whose_account_was_closed_ends(told: Tell) -> None:
    async def story(at: Office) -> None:
        at.fake.failures["conversations.open"].append((200, {"ok": False, "error": "user_disabled"}, {}))
        at.enrol("A")
        await at.reach("failed user_disabled")
        await until(lambda: at.served.office.store.ledger.rows(TEAM)[-1].entry.event == "stopped")

    told(story)


def test_a_chat_that_is_gone_is_opened_anew(told: Tell) -> None:
    async def story(at: Office) -> None:
        at.served.office.store.places.remember("slack", TEAM, "U0A", "D0STALE")
        at.fake.failures["chat.postMessage"].append((200, {"ok": False, "error": "channel_not_found"}, {}))
        at.enrol("A")
        await at.reach("ready channel_not_found")
        at.skip(60.0)
        (post,) = await at.fake.wait()
        assert post.body["channel"] == "D0U0A"

    told(story)


def test_a_refused_token_holds_the_messages_back(told: Tell) -> None:
    async def story(at: Office) -> None:
        refused = (200, {"ok": False, "error": "token_revoked"}, {})
        at.fake.failures["chat.postMessage"].extend([refused] * 3)
        at.enrol("A")
        await until(lambda: len(at.fake.failures["chat.postMessage"]) < 3)
        for _ in range(3):
            at.skip(60.0)
            await asyncio.sleep(0.1)
        await at.reach("sent")

    told(story)


def test_what_slack_could_not_have_heard_leaves_no_doubt() -> None:
    async def run() -> DeliveryError:
        nowhere = Slack(Settings(slack_bot_token=Secret("xoxb-1"), slack_api="http://127.0.0.1:1/api/"))
        with pytest.raises(DeliveryError) as caught:
            await nowhere.bulk("chat.postMessage", channel="D1", text="x")
        await nowhere.close()
        return caught.value

    error = asyncio.run(run())
    assert (error.unsure, error.concerns) == (False, "platform")


def test_after_the_workspace_has_left_nothing_is_sent_and_nothing_waits(told: Tell) -> None:
    async def story(at: Office) -> None:
        held = (429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "60"})
        at.fake.failures["chat.postMessage"].append(held)
        at.enrol("A")
        await until(lambda: not at.fake.failures["chat.postMessage"])
        await at.reach("ready")
        await at.served.event(uninstalled())
        await at.reach("cancelled left")
        before = len(at.fake.calls)
        at.skip(3600.0)
        await asyncio.sleep(0.2)
        assert len(at.fake.calls) == before
        assert {row.entry.event for row in at.served.office.store.ledger.rows(TEAM)} == {"enrolled", "stopped"}

    told(story)


def test_a_wave_keeps_to_slacks_limits_loses_and_doubles_nothing_and_lets_answers_go_first(told: Tell) -> None:
    names = [f"{number:03}" for number in range(200)]

    async def story(at: Office) -> None:
        limits = FAST["chat.postMessage"]
        at.fake.limits = Enforcer(limits.conversation, limits.tenant, whim=70)
        at.enrol(*names)
        await at.fake.wait(40)
        await at.served.event(direct("公式で写真を載せるときの注意は？"))
        await at.fake.wait(200 + 1)
        await at.reach(*["sent"] * 200)
        order = [post.body["channel"] for post in at.fake.posts]
        assert Counter(order) == Counter([*(f"D0U0{name}" for name in names), "D0ASKER"])
        assert order.index("D0ASKER") < 150
        assert (at.fake.limits.over, at.fake.limits.early) == (0, 0)
        assert at.fake.limits.whims >= 2

    told(story, FAST)
