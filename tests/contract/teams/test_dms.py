"""Planned messages in Teams: to whoever has the app, as one message, once or parked, as fast as Microsoft allows."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from adapters import dispatcher as loops
from adapters import sender
from adapters.pacing import Limits
from bot.blocks import Actions, Button, Card, Text
from bot.service import Service
from bot.store.outbox import LEASE
from tests.contract.dms import OfficeClock, dispatching, enrol, learner, until
from tests.contract.limits import Enforcer
from tests.contract.teams.activities import PERSON, PERSONAL, message
from tests.contract.teams.fakes import TENANT, Platform
from tests.contract.teams.planned import Office
from tests.contract.teams.serving import FREE, serving
from tests.unit.store.courses import rows

MAIL = "hanako@example.lg.jp"
HANAKO = PERSON["aadObjectId"]
FAST = Limits(conversation=((7, 0.2), (8, 0.4)), tenant=((30, 0.2),), bulk=((15, 0.2),))
"""What Microsoft allows, five times faster."""


Tell = Callable[..., None]


@pytest.fixture
def told(service: Service, tmp_path: Path, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Tell:
    """Tells a story at a front that may call as fast as it likes, or within limits."""
    for module in (sender, loops):
        monkeypatch.setattr(module, "POLL", 0.02)
    monkeypatch.setattr(sender, "HELD_SECONDS", 0.05)

    def tell(story: Callable[[Office], Awaitable[None]], limits: Limits = FREE) -> None:
        async def run() -> None:
            clock = OfficeClock()
            async with (
                serving(service, tmp_path, platform, limits=limits, clock=clock) as served,
                dispatching(served.office, served.front) as dispatcher,
            ):
                await asyncio.wait_for(story(Office(served, clock, dispatcher)), 60)

        asyncio.run(run())

    return tell


def test_a_lesson_arrives_in_the_persons_chat_as_one_message(told: Tell) -> None:
    async def story(at: Office) -> None:
        at.met("A")
        at.enrol("A")
        await at.reach("sent")
        (sent,) = at.platform.sent
        assert sent.path == "/v3/conversations/a:A/activities"
        assert sent.body["recipient"]["id"] == "29:A"
        assert "replyToId" not in sent.body
        assert '"verb": "lesson"' in json.dumps(sent.card)
        assert at.platform.cited == []
        assert rows(at.served.office.store, "SELECT sent_id FROM outbox") == [("m1",)]

    told(story)


def test_a_card_that_is_too_long_for_one_message_is_still_one_with_its_buttons(told: Tell) -> None:
    async def story(at: Office) -> None:
        at.met("A")
        button = Actions((Button("lesson", "始める", "rules"),))
        card = Card((*(Text("長い文。" * 2000) for _ in range(5)), button), "長い")
        await at.served.front.carrier.deliver(TENANT, "A", card, "token")
        (sent,) = at.platform.sent
        assert '"verb": "lesson"' in json.dumps(sent.card)

    told(story)


def test_a_message_for_somebody_without_the_app_waits_until_it_is_installed(told: Tell) -> None:
    async def story(at: Office) -> None:
        at.enrol(HANAKO)
        await at.reach("failed not_installed")
        await at.install()
        await at.reach("sent")

    told(story)


def test_somebody_known_by_mail_is_found_when_the_bot_meets_her_and_no_mail_is_kept_with_her(told: Tell) -> None:
    async def story(at: Office) -> None:
        at.platform.members = {PERSON["id"]: {"email": "Hanako@Example.lg.jp", "userPrincipalName": "x@example.lg.jp"}}
        at.enrol("roster", mail=MAIL)
        await at.reach("failed unknown_mail")
        await at.install()
        await at.reach("sent")
        store = at.served.office.store
        assert store.enrolments.find(TENANT, HANAKO, "asahikawa") is not None
        kept = rows(store, "SELECT place, address FROM places")
        assert "example" not in str(kept).casefold()
        assert sorted(str(place).partition(":")[0] for place, _ in kept) == sorted([HANAKO, "mail"])

    told(story)


def test_a_supervisor_known_by_mail_is_told_once_the_bot_has_met_him(told: Tell) -> None:
    async def story(at: Office) -> None:
        at.platform.members = {PERSON["id"]: {"userPrincipalName": MAIL}}
        at.met("A")
        led = replace(learner("A", TENANT, "teams", "A"), supervisor=MAIL)
        assert enrol(at.served.office, [led]) == 1
        await at.reach("sent")
        found = at.served.office.store.enrolments.find(TENANT, "A", "asahikawa")
        assert found is not None
        at.skip(40 * 24 * 3600.0)
        await until(lambda: "failed unknown_mail" in at.states())
        await at.served.post(message(at.platform, "こんにちは"))
        await until(lambda: "failed unknown_mail" not in at.states())
        await until(lambda: any(one.body["conversation"]["id"] == PERSONAL and "replyToId" not in one.body
                                for one in at.platform.sent))  # fmt: skip

    told(story)


def test_nobody_is_asked_after_where_no_mail_is_looked_for(told: Tell) -> None:
    async def story(at: Office) -> None:
        at.platform.members = {PERSON["id"]: {"email": MAIL}}
        await at.install()
        await at.served.quiet()
        await at.served.front._mails.finished()
        assert not [place for (place,) in rows(at.served.office.store, "SELECT place FROM places") if "mail:" in place]

    told(story)


@pytest.mark.parametrize("status", [500, 503])
def test_a_lesson_that_may_have_arrived_is_parked(told: Tell, status: int) -> None:
    async def story(at: Office) -> None:
        at.met("A")
        at.platform.refusals = [(status, {})]
        at.enrol("A")
        await at.reach(f"sending http {status}")
        at.skip(LEASE + 1)
        await at.reach("unknown unconfirmed")
        assert at.platform.sent == []

    told(story)


def test_a_lesson_whose_answer_was_not_heard_is_not_sent_again(told: Tell) -> None:
    async def story(at: Office) -> None:
        at.met("A")
        at.platform.cut = 1
        at.enrol("A")
        await at.reach("sending ServerDisconnectedError")
        at.skip(LEASE + 1)
        await at.reach("unknown unconfirmed")
        assert len(at.platform.sent) == 1

    told(story)


@pytest.mark.parametrize("status", [412, 502, 504])
def test_a_lesson_that_surely_did_not_arrive_is_sent_later(told: Tell, status: int) -> None:
    async def story(at: Office) -> None:
        at.met("A")
        at.platform.refusals = [(status, {})]
        at.enrol("A")
        await at.reach(f"ready http {status}")
        at.skip(60.0)
        await at.reach("sent")
        assert len(at.platform.sent) == 1

    told(story)


def test_while_the_platform_cannot_be_reached_messages_wait_and_no_try_counts(
    told: Tell, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(at: Office) -> None:
        at.met("A")
        places = at.served.office.store.places
        kept = places.address("teams", TENANT, "A") or ""
        places.remember("teams", TENANT, "A", kept.replace(at.platform.url, "http://127.0.0.1:1"))
        at.enrol("A")
        await until(lambda: "ClientConnectorError" in caplog.text)
        await until(lambda: rows(at.served.office.store, "SELECT state, attempt FROM outbox") == [("ready", 0)])
        places.remember("teams", TENANT, "A", kept)
        at.skip(60.0)
        await at.reach("sent")

    told(story)


def test_while_the_platform_asks_for_a_pause_nobody_is_written_to(told: Tell) -> None:
    async def story(at: Office) -> None:
        users = [f"u{number}" for number in range(20)]
        at.met(*users)
        at.platform.limits = Enforcer(whim=5)
        at.enrol(*users)
        await until(lambda: Counter(at.states())["sent "] == 20)
        assert at.platform.limits.early == 0

    told(story)


@pytest.mark.parametrize("code", ["BotNotInConversationRoster", "ConversationBlockedByUser"])
def test_a_chat_that_the_person_has_closed_is_forgotten_until_she_writes_again(told: Tell, code: str) -> None:
    async def story(at: Office) -> None:
        await at.install()
        await at.served.sent(1)  # the greeting
        at.platform.closed_chats = {PERSONAL: code}
        at.enrol(HANAKO)
        await at.reach("failed not_installed")
        at.platform.closed_chats = {}
        await at.served.post(message(at.platform, "こんにちは"))
        await at.reach("sent")

    told(story)


def test_a_refusal_that_is_none_of_the_persons_forgets_no_chat(told: Tell) -> None:
    async def story(at: Office) -> None:
        at.met("A")
        at.platform.closed_chats = {"a:A": "BotDisabledByAdmin"}
        at.enrol("A")
        await at.reach("failed http 403")
        assert at.served.office.store.places.address("teams", TENANT, "A") is not None

    told(story)


def test_a_kept_address_outside_the_platform_is_never_written_to(told: Tell) -> None:
    async def story(at: Office) -> None:
        at.met("A")
        places = at.served.office.store.places
        kept = places.address("teams", TENANT, "A")
        assert kept is not None
        evil = kept.replace(at.platform.service_url, "https://evil.example")
        places.remember("teams", TENANT, "A", evil)
        at.enrol("A")
        await at.reach("failed service address")

    told(story)


def test_a_wave_keeps_to_microsofts_limits_loses_and_doubles_nothing_and_lets_answers_go_first(told: Tell) -> None:
    users = [f"{number:03}" for number in range(200)]

    async def story(at: Office) -> None:
        at.platform.limits = Enforcer(FAST.conversation, FAST.tenant, whim=70)
        at.met(*users)
        at.enrol(*users)
        await at.served.sent(40)
        await at.served.post(message(at.platform, "公式で写真を載せるときの注意は？"))
        await at.reach(*["sent"] * 200)
        await at.served.quiet()
        order = [sent.body["conversation"]["id"] for sent in at.platform.sent]
        assert Counter(order) == Counter([*(f"a:{user}" for user in users), PERSONAL])
        assert order.index(PERSONAL) < 150
        assert (at.platform.limits.over, at.platform.limits.early) == (0, 0)
        assert at.platform.limits.whims >= 2

    told(story, FAST)
