"""What people say of a finding, and what becomes of forms and reports when something is slow or broken."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest

from bot.commands import Check, Request
from bot.desk import Desk
from bot.outcome import Outcome
from tests.contract.slack.conftest import Story
from tests.contract.slack.payloads import CHANNEL, USER, check_command, check_submission, press_alone, press_view
from tests.contract.slack.serving import Served
from tests.contract.slack.test_drafts import DRAFT, FINE, FOUND, fields, shown
from tests.contract.slack.test_presses import buttons

pytestmark = pytest.mark.usefixtures("_warm")

Tell = Callable[[Story], None]


async def reported(served: Served) -> dict[str, str]:
    """The buttons of a report to the sender alone."""
    await served.command(check_command(f"公式 {DRAFT}", served.reply_to()))
    (reply,) = await served.fake.wait(1, "respond")
    return buttons(reply)


def test_a_finding_is_let_pass_with_a_reason_in_the_private_report(told_both: Tell) -> None:
    async def story(served: Served) -> None:
        there = await reported(served)
        await served.interact(press_alone("dismiss:0", there["dismiss"], served.reply_to()))
        *_, reasons = await served.fake.wait(2, "respond")
        assert "見送る理由を選んでください" in reasons.text
        values = [one["value"] for one in reasons.body["blocks"][-1]["elements"]]
        await served.interact(press_alone("dismiss:2", values[2], served.reply_to()))
        *_, done = await served.fake.wait(3, "respond")
        assert "見送りました" in done.text
        assert {one.body["response_type"] for one in served.fake.of("respond")} == {"ephemeral"}
        answer = await served.interact(check_submission(DRAFT))
        assert "見送り済みの指摘があります（理由: 所属長などの決裁を得ている）" in shown(answer["view"])
        assert served.fake.posts == []

    told_both(story)


def test_in_the_view_the_reasons_are_stacked_and_the_confirmation_takes_their_place(told: Tell) -> None:
    async def story(served: Served) -> None:
        there = await reported(served)
        form_view = {"callback_id": "check", "private_metadata": '{"channel":"C0100","files":["F1"]}'}
        await served.interact(press_view("dismiss:0", there["dismiss"], **form_view))
        (pushed,) = await served.fake.wait(1, "views.push")
        assert pushed.body["view"]["private_metadata"] == CHANNEL
        value = pushed.body["view"]["blocks"][-1]["elements"][0]["value"]
        await served.interact(press_view("dismiss:0", value, private_metadata=CHANNEL))
        (updated,) = await served.fake.wait(1, "views.update")
        assert "見送りました" in updated.text

    told(story)


def test_a_false_alarm_is_thanked_for_where_it_was_pressed(told_both: Tell) -> None:
    async def story(served: Served) -> None:
        there = await reported(served)
        await served.interact(press_view("false_alarm:1", there["false_alarm"], callback_id="check"))
        (pushed,) = await served.fake.wait(1, "views.push")
        assert "誤検知として記録しました" in pushed.text
        await served.interact(press_alone("false_alarm:1", there["false_alarm"], served.reply_to()))
        *_, done = await served.fake.wait(2, "respond")
        assert "誤検知として記録しました" in done.text
        (count,) = [one for one in served.office.store.findings.counts() if one.false_alarms]
        assert (count.rule, count.false_alarms) == (there["false_alarm"].split("/")[0], 1)
        assert served.fake.posts == []

    told_both(story)


def test_when_a_confirmation_cannot_be_stacked_the_form_and_its_draft_stay(told: Tell) -> None:
    async def story(served: Served) -> None:
        there = await reported(served)
        served.fake.failures["views.push"].append((200, {"ok": False, "error": "expired_trigger_id"}, {}))
        await served.interact(press_view("false_alarm:1", there["false_alarm"], callback_id="check"))
        (post,) = await served.fake.wait()
        assert post.body["channel"] == f"D0{USER}"
        assert served.fake.of("views.update") == []

    told(story)


def test_when_the_form_comes_too_late_a_button_to_it_comes_to_the_sender_alone(told: Tell) -> None:
    async def story(served: Served) -> None:
        served.fake.failures["views.open"].append((200, {"ok": False, "error": "expired_trigger_id"}, {}))
        await served.command(check_command(DRAFT, served.reply_to()))
        (reply,) = await served.fake.wait(1, "respond")
        assert reply.body["response_type"] == "ephemeral"
        assert "open_check" in str(reply.body)
        assert DRAFT not in str(reply.body)

    told(story)


def test_an_expired_response_address_does_not_lose_the_report_and_nobody_else_reads_it(told: Tell) -> None:
    async def story(served: Served) -> None:
        served.fake.expired.add("old")
        await served.command(check_command(f"公式 {DRAFT}", served.reply_to("old")))
        (whispered,) = await served.fake.wait(1, "chat.postEphemeral")
        assert (whispered.body["channel"], whispered.body["user"]) == (CHANNEL, USER)
        assert served.fake.posts == []

    told(story)


def test_a_check_that_lasts_says_so_and_its_report_comes_into_the_same_view(
    told_both: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.checking.VIEW_SECONDS", 0)
    monkeypatch.setattr(Desk, "handle", _slow)

    async def story(served: Served) -> None:
        served.fake.failures["views.update"].append((500, {"ok": False, "error": "fatal_error"}, {"Retry-After": "0"}))
        answer = await served.interact(check_submission(DRAFT))
        assert "点検しています" in shown(answer["view"])
        assert fields(answer["view"])["text"]["initial_value"] == DRAFT
        (call,) = await served.fake.wait(1, "views.update")
        assert call.body["view_id"] == "V0003"
        assert FOUND in shown(call.body["view"])
        assert fields(call.body["view"])["text"]["initial_value"] == DRAFT

    told_both(story)


def test_a_late_report_never_takes_the_place_of_a_newer_one(told: Tell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.slack.checking.VIEW_SECONDS", 0)
    monkeypatch.setattr(Desk, "handle", _slow)

    async def story(served: Served) -> None:
        await served.interact(check_submission(DRAFT))
        monkeypatch.setattr("adapters.slack.checking.VIEW_SECONDS", 2)
        answer = await served.interact(check_submission(FINE))
        assert "指摘はありません" in shown(answer["view"])
        await asyncio.sleep(0.8)
        assert served.fake.of("views.update") == []

    told(story)


def test_a_check_that_fails_is_said_at_the_field(told: Tell, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(served: Served) -> None:
        monkeypatch.setattr(Desk, "handle", _failing)
        answer = await served.interact(check_submission(DRAFT))
        assert served.office.desk.trouble().fallback in answer["errors"]["text"]

    told(story)


_handle = Desk.handle


def _failing(desk: Desk, request: Request) -> Outcome:
    if isinstance(request.command, Check):
        raise RuntimeError("the checker's own fault")  # noqa: TRY004  # as any other fault
    return _handle(desk, request)


def _slow(desk: Desk, request: Request) -> Outcome:
    if isinstance(request.command, Check):
        time.sleep(0.3)
    return _handle(desk, request)
