"""A question that is passed on to its department: not lost, not sent twice, and the asker hears of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.slack.outbound import Rendered
from adapters.slack.sending import Poster
from bot.blocks import Card
from bot.commands import Refer, Request
from bot.outcome import Referral
from bot.service import Service
from tests.contract.slack.conftest import Story
from tests.contract.slack.fake import FakeSlack, slack
from tests.contract.slack.payloads import USER, command, press, press_alone, press_view
from tests.contract.slack.serving import OFFICE_CHANNEL, Served, serving
from tests.contract.slack.test_presses import PHOTO, PHOTO_CLAUSE, asked, buttons

Tell = Callable[[Story], None]

AWAY = (500, {"ok": False, "error": "fatal_error"}, {"Retry-After": "1"})


def _referrals(fake: FakeSlack) -> int:
    return len([post for post in fake.posts if post.body["channel"] == OFFICE_CHANNEL])


def test_a_question_is_referred_to_its_department_once_with_the_asker_named(told: Tell) -> None:
    async def story(served: Served) -> None:
        there = await asked(served)
        await served.interact(press("refer:2", there["refer"]))
        _, referral = await served.fake.wait(2)
        assert referral.body["channel"] == OFFICE_CHANNEL
        assert PHOTO in referral.text
        assert PHOTO_CLAUSE in referral.text
        assert {"type": "user", "user_id": USER} in referral.body["blocks"][-1]["elements"][0]["elements"]
        (done,) = await served.fake.wait(1, "chat.postEphemeral")
        assert "広報広聴課へ、質問と規定を送りました" in done.text
        await served.interact(press("refer:2", there["refer"]))
        _, again = await served.fake.wait(2, "chat.postEphemeral")
        assert "すでに広報広聴課へ送ってあります" in again.text
        assert len(served.fake.posts) == 2

    told(story)


def test_a_referral_that_cannot_be_sent_says_so_and_can_be_tried_again(told: Tell) -> None:
    async def story(served: Served) -> None:
        there = await asked(served)
        served.fake.failures["chat.postMessage"].append((200, {"ok": False, "error": "channel_not_found"}, {}))
        await served.interact(press("refer:2", there["refer"]))
        (failed,) = await served.fake.wait(1, "chat.postEphemeral")
        assert "送れませんでした" in failed.text
        await served.interact(press("refer:2", there["refer"]))
        await served.fake.wait(2)

    told(story)


def test_a_referral_waits_a_moment_when_slack_asks_for_it(told: Tell) -> None:
    async def story(served: Served) -> None:
        there = await asked(served)
        limited = (429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "1"})
        served.fake.failures["chat.postMessage"].append(limited)
        await served.interact(press("refer:2", there["refer"]))
        _, referral = await served.fake.wait(2)
        assert referral.body["channel"] == OFFICE_CHANNEL

    told(story)


def test_a_press_in_a_private_answer_is_confirmed_there_and_one_in_a_view_in_the_direct_chat(told: Tell) -> None:
    async def story(served: Served) -> None:
        await served.command(command(PHOTO, served.reply_to()))
        (alone,) = await served.fake.wait(1, "respond")
        await served.interact(press_alone("refer:2", buttons(alone)["refer"], served.reply_to()))
        _, done = await served.fake.wait(2, "respond")
        assert (done.body["response_type"], done.body["replace_original"]) == ("ephemeral", False)
        assert "広報広聴課へ、質問と規定を送りました" in done.text
        await served.interact(press_view("refer:2", buttons(alone)["refer"]))
        _, again = await served.fake.wait(2)
        assert again.body["channel"] == f"D0{USER}"
        assert "すでに広報広聴課へ送ってあります" in again.text

    told(story)


@pytest.mark.parametrize("noted", [False, True], ids=["not begun", "noted and not posted"])
def test_a_press_is_not_lost_when_the_process_ends(service: Service, tmp_path: Path, *, noted: bool) -> None:
    async def run() -> None:
        async with slack() as fake:
            async with serving(service, tmp_path, fake) as served:
                there = await asked(served)
            async with serving(service, tmp_path, fake, workers=False) as served:
                await served.interact(press("refer:2", there["refer"]))
                inbox = served.office.store.inbox
                assert inbox.waiting() == 1
                if noted:  # killed behind the note that it was referred, before the post
                    claimed = inbox.claim(["slack"])
                    assert claimed is not None
                    assert isinstance(claimed.request.command, Refer)
                    assert served.office.desk.handle(claimed.request).referral is not None
                    inbox.release(claimed)
            assert _referrals(fake) == 0
            async with serving(service, tmp_path, fake) as served:
                (done,) = await fake.wait(1, "chat.postEphemeral")
                assert "広報広聴課へ、質問と規定を送りました" in done.text
                await served.idle()
                assert _referrals(fake) == 1

    asyncio.run(run())


def test_a_confirmation_that_is_tried_again_does_not_send_the_referral_again(told: Tell) -> None:
    async def story(served: Served) -> None:
        there = await asked(served)
        served.fake.failures["chat.postEphemeral"].extend([AWAY, AWAY])
        await served.interact(press("refer:2", there["refer"]))
        (done,) = await served.fake.wait(1, "chat.postEphemeral")
        assert "広報広聴課へ、質問と規定を送りました" in done.text
        await served.idle()
        assert _referrals(served.fake) == 1

    told(story)


def test_a_referral_of_which_nobody_knows_whether_it_arrived_is_not_sent_again_by_itself(
    told: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.intake.PAUSE", 0.1)
    begun = []

    async def hangs(_poster: Poster, channel: str, _rendered: Rendered) -> None:
        begun.append(channel)
        await asyncio.sleep(30)

    monkeypatch.setattr("adapters.slack.sending.REFERRAL_SECONDS", 0.2)
    monkeypatch.setattr(Poster, "_patiently", hangs)

    async def story(served: Served) -> None:
        there = await asked(served)
        undelivered, failures = served.office.desk.undelivered, [OSError("the database is away")]

        def broken(request: Request, referral: Referral) -> Card:
            if failures:
                raise failures.pop()
            return undelivered(request, referral)

        monkeypatch.setattr(served.office.desk, "undelivered", broken)
        await served.interact(press("refer:2", there["refer"]))
        (failed,) = await served.fake.wait(1, "chat.postEphemeral")
        assert "送れませんでした" in failed.text
        assert begun == [OFFICE_CHANNEL]
        await served.interact(press("refer:2", there["refer"]))  # a person's own second try
        await served.fake.wait(2, "chat.postEphemeral")
        assert begun == [OFFICE_CHANNEL, OFFICE_CHANNEL]

    told(story)
