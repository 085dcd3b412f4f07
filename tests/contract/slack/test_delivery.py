"""Stored before acknowledged, answered once, sent with patience, silent after the workspace has left."""

from __future__ import annotations

import asyncio
import copy
import random
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import pytest

from bot.commands import Request
from bot.service import Service
from tests.contract.dms import enrol, learner
from tests.contract.slack.conftest import Story
from tests.contract.slack.fake import TEAM, slack
from tests.contract.slack.payloads import command, direct, event, mention, message, new_ts, press, revoked, uninstalled
from tests.contract.slack.serving import Served, serving

Tell = Callable[[Story], None]

PHOTO = "公式で写真を載せるときの注意は？"
POSTS = 40


def test_each_post_is_answered_once_however_often_and_in_whichever_form_it_arrives(told_both: Tell) -> None:
    async def story(served: Served) -> None:
        choice = random.Random(20261121)  # noqa: S311  # a fixed order of deliveries
        threads = [new_ts() for _ in range(POSTS)]
        deliveries = []
        for number, ts in enumerate(threads):
            user = f"U0ASKER{number // 10}"
            once = mention(PHOTO, ts, user=user)
            twin = copy.deepcopy(once)
            twin["event_id"] += "M"
            twin["event"] |= {"type": "message", "channel_type": "channel"}
            deliveries += [once, *(choice.choice((once, twin)) for _ in range(choice.randrange(4)))]
        choice.shuffle(deliveries)
        retried = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
        await asyncio.gather(*(served.event(one, **retried) for one in deliveries))
        await served.fake.wait(POSTS)
        await served.idle()
        assert sorted(post.body["thread_ts"] for post in served.fake.posts) == sorted(threads)

    told_both(story)


def test_the_acknowledgement_waits_for_the_commit(told_both: Tell, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(served: Served) -> None:
        inbox, held = served.office.store.inbox, []
        accept = inbox.accept

        def slow(request: Request) -> Future[bool]:
            held.append((request, later := Future[bool]()))
            return later

        monkeypatch.setattr(served.office.intake, "_inbox", _Slow(inbox, slow))
        sending = asyncio.ensure_future(served.event(mention(PHOTO)))
        await asyncio.sleep(0.3)
        assert not sending.done()
        assert len(held) == 1
        held[0][1].set_result(await asyncio.wrap_future(accept(held[0][0])))
        await sending
        monkeypatch.undo()
        await served.fake.wait()

    told_both(story)


class _Slow:
    """The inbox, its `accept` held back."""

    def __init__(self, inbox: object, accept: Callable[[Request], Future[bool]]) -> None:
        self._inbox = inbox
        self.accept = accept

    def __getattr__(self, name: str) -> object:
        return getattr(self._inbox, name)


def test_what_cannot_be_stored_is_not_acknowledged(told: Tell, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(served: Served) -> None:
        def broken(_request: Request) -> Future[bool]:
            later = Future[bool]()
            later.set_exception(OSError("disk full"))
            return later

        monkeypatch.setattr(served.office.intake, "_inbox", _Slow(served.office.store.inbox, broken))
        with pytest.raises(AssertionError):  # not 200: Slack delivers again
            await served.event(mention(PHOTO))

    told(story)


def test_an_answer_is_sent_again_after_the_time_that_slack_names(told: Tell) -> None:
    async def story(served: Served) -> None:
        limited = (429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "1"})
        served.fake.failures["chat.postMessage"].append(limited)
        began = time.monotonic()
        await served.event(mention(PHOTO))
        await served.fake.wait()
        assert time.monotonic() - began >= 1

    told(story)


def test_a_channel_that_is_gone_ends_the_tries(told: Tell) -> None:
    async def story(served: Served) -> None:
        served.fake.failures["chat.postMessage"].append((200, {"ok": False, "error": "channel_not_found"}, {}))
        await served.event(mention(PHOTO))
        await served.idle()
        assert served.fake.posts == []

    told(story)


@pytest.mark.parametrize("gone", [[uninstalled], [revoked], [uninstalled, revoked], [revoked, uninstalled]])
def test_after_the_workspace_has_left_nothing_is_called(
    service: Service, tmp_path: Path, gone: list[Callable[[], dict[str, object]]]
) -> None:
    async def run() -> None:
        async with slack() as fake, serving(service, tmp_path, fake, workers=False) as served:
            await served.event(mention(PHOTO))
            await served.command(command(PHOTO, served.reply_to()))
            for leaving in gone:
                await served.event(leaving())
            before = len(fake.calls)
            await served.event(direct(PHOTO))
            await served.interact(press("copy", "asahikawa/6(3)"))
            working = asyncio.create_task(served.office.intake.run())
            await served.idle()
            assert len(fake.calls) == before
            assert served.office.store.places.gone("slack", TEAM)
            served.office.intake.stop()
            await working

    asyncio.run(run())


def test_a_persons_own_token_that_is_revoked_changes_nothing(told: Tell) -> None:
    async def story(served: Served) -> None:
        await served.event(event({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}}))
        await served.event(mention(PHOTO))
        await served.fake.wait()

    told(story)


def test_a_workspace_that_has_installed_the_bot_again_is_served_after_the_next_start(
    service: Service, tmp_path: Path
) -> None:
    async def run() -> None:
        async with slack() as fake:
            async with serving(service, tmp_path, fake) as served:
                await served.event(uninstalled())
            async with serving(service, tmp_path, fake) as served:
                await served.event(mention(PHOTO))
                await fake.wait()

    asyncio.run(run())


def test_people_of_a_workspace_that_has_installed_the_bot_again_go_on_with_the_course(
    service: Service, tmp_path: Path
) -> None:
    async def run() -> None:
        async with slack() as fake:
            async with serving(service, tmp_path, fake) as served:
                enrol(served.office, [learner(name, TEAM, "slack", f"U0{name}") for name in "AB"])
                served.office.store.enrolments.stop(TEAM, "U0B", "account_inactive")
                await served.event(uninstalled())
                assert states(served) == {"U0A": "stopped", "U0B": "stopped"}
            async with serving(service, tmp_path, fake) as served:
                assert states(served) == {"U0A": "active", "U0B": "stopped"}
                assert not served.office.store.places.gone("slack", TEAM)

    asyncio.run(run())


def states(served: Served) -> dict[str | None, str]:
    return {person.user: enrolment.state for person, enrolment in served.office.store.enrolments.people(TEAM)}


def test_what_was_accepted_is_answered_after_a_restart_and_the_thread_goes_on(service: Service, tmp_path: Path) -> None:
    async def run() -> None:
        ts = new_ts()
        async with slack() as fake:
            async with serving(service, tmp_path, fake, workers=False) as served:
                await served.event(mention("個人アカウントで勤務時間中に投稿してもいい？", ts))
            assert fake.posts == []
            async with serving(service, tmp_path, fake) as served:
                await fake.wait(1)
            async with serving(service, tmp_path, fake) as served:
                await served.event(message("昼休みなら？", thread_ts=ts))
                _, second = await fake.wait(2)
                assert second.body["thread_ts"] == ts
                tenant, thread = TEAM, f"C0100:{ts}"
                said = await served.office.intake.call(served.office.desk.records.history, tenant, thread, 0.0, 4e9)
                assert list(said) == ["個人アカウントで勤務時間中に投稿してもいい？", "昼休みなら？"]

    asyncio.run(run())


@pytest.mark.parametrize(
    "change",
    [
        {"bot_id": "B0OTHER"},
        {"bot_profile": {"id": "B0OTHER"}},
        {"user": "U0BOT"},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "channel_join"},
        {"hidden": True},
        {"user": None},
        {"ts": "yesterday"},
        {"user_team": "T0OTHER"},
        {"source_team": "T0OTHER"},
        {"team": "T0OTHER"},
    ],
    ids=str,
)
def test_bots_edits_strangers_and_oddities_are_acknowledged_and_not_answered(
    told: Tell, change: dict[str, object]
) -> None:
    async def story(served: Served) -> None:
        await served.event(direct(PHOTO, **change))
        await served.event(mention(PHOTO, **change))  # type: ignore[arg-type]
        await served.idle()
        assert served.fake.posts == []

    told(story)


def test_a_workspace_that_is_not_listed_is_not_served(told_both: Tell) -> None:
    async def story(served: Served) -> None:
        for other in ("T0OTHER", ""):
            body = direct(PHOTO)
            body["team_id"] = body["authorizations"][0]["team_id"] = body["event"]["team"] = other
            await served.event(body)
        await served.command(command(PHOTO, served.reply_to(), team_id="T0OTHER"))
        shared = direct(PHOTO, team=None)
        shared["is_ext_shared_channel"] = True
        await served.event(shared)
        await served.idle()
        assert {call.method for call in served.fake.calls} <= {"auth.test", "apps.connections.open"}

    told_both(story)


def test_what_nobody_listens_to_is_acknowledged(told_both: Tell) -> None:
    async def story(served: Served) -> None:
        await served.event(event({"type": "reaction_added", "user": "U1"}))
        await served.event(event({"type": "message", "subtype": "message_changed", "channel": "C1", "hidden": True}))
        await served.interact({"type": "something_new", "team": {"id": TEAM}, "user": {"id": "U1"}})
        await served.interact(
            {"type": "block_suggestion", "action_id": "a", "team": {"id": TEAM}, "user": {"id": "U1"}}
        )

    told_both(story)


def test_whoever_asks_too_fast_is_told_once(told: Tell) -> None:
    async def story(served: Served) -> None:
        await asyncio.gather(*(served.event(direct(f"写真は？ {number}")) for number in range(25)))
        await served.fake.wait(21)
        await served.idle()
        slow = [post for post in served.fake.posts if "1分ほど待ってから" in post.text]
        assert (len(served.fake.posts), len(slow)) == (21, 1)

    told(story)


def test_no_question_is_ever_in_the_log(told_both: Tell, caplog: pytest.LogCaptureFixture) -> None:
    async def story(served: Served) -> None:
        secret = "山田太郎さんの病歴について載せてよい？"  # a canary
        served.fake.failures["chat.postMessage"].append((500, {"ok": False, "error": "fatal_error"}, {}))
        await served.event(mention(secret))
        await served.interact(press("delete_all", secret))
        await served.event(event({"type": "reaction_added", "text": secret}))
        await served.fake.quiet()
        assert "山田" not in caplog.text

    with caplog.at_level(0):
        told_both(story)
