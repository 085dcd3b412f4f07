"""A draft leaves no trace: whatever becomes of it, nobody but its sender reads it. And nothing in one is ever live."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.service import Service
from tests.contract.slack.conftest import Story
from tests.contract.slack.fake import Call
from tests.contract.slack.gate import wrong_view
from tests.contract.slack.payloads import CHANNEL, USER, check_command, check_message, check_submission, press_alone
from tests.contract.slack.serving import Served
from tests.contract.slack.test_drafts import DRAFT, FOUND, shown
from tests.contract.slack.test_presses import buttons

pytestmark = pytest.mark.usefixtures("_warm")

Tell = Callable[[Story], None]
Way = Callable[[Served, pytest.MonkeyPatch], Awaitable[None]]

CANARY = "カナリア7F3A91"
SAID = f"{CANARY}の{DRAFT}"
AWAY = (500, {"ok": False, "error": "fatal_error", "detail": CANARY}, {"Retry-After": "0"})
ODD = (200, {"ok": False, "error": f"odd {CANARY}"}, {})
HTML = (502, {"error": CANARY}, {"Retry-After": "0"})
LATE = (200, {"ok": False, "error": "expired_trigger_id"}, {})


async def _whole_round(served: Served, _patch: pytest.MonkeyPatch) -> None:
    await served.interact(check_message(SAID, served.reply_to()))
    (call,) = await served.fake.wait(1, "views.open")
    assert CANARY in str(call.body)
    answer = await served.interact(check_submission(SAID))
    assert CANARY in shown(answer["view"])
    await served.command(check_command(f"公式 {SAID}", served.reply_to()))
    (reply,) = await served.fake.wait(1, "respond")
    assert CANARY in reply.text
    assert CANARY not in reply.body["text"]
    value = buttons(reply)["dismiss"]
    for pressed in (value, f"{value}/approved"):
        await served.interact(check_press("dismiss:0", pressed, served))
    await served.interact(check_press("false_alarm:1", value, served))
    await served.fake.wait(4, "respond")
    await served.interact(check_submission(SAID))


def check_press(action: str, value: str, served: Served) -> dict[str, Any]:
    return press_alone(action, value, served.reply_to())


async def _too_long(served: Served, _patch: pytest.MonkeyPatch) -> None:
    await served.command(check_command("公式 " + SAID * 400, served.reply_to()))
    (reply,) = await served.fake.wait(1, "respond")
    assert "10,000文字まで" in reply.text
    await served.interact(check_message(SAID * 400, served.reply_to()))
    await served.fake.wait(1, "views.open")


async def _asked_too_fast(served: Served, _patch: pytest.MonkeyPatch) -> None:
    for _ in range(23):
        await served.command(check_command(f"公式 {SAID}", served.reply_to()))
    await served.fake.wait(23, "respond")
    answer = await served.interact(check_submission(SAID))
    assert answer["response_action"] == "errors"


def _crashing(error: type[Exception]) -> Way:
    async def way(served: Served, patch: pytest.MonkeyPatch) -> None:
        def crash(_service: Service, command: Any, *_pictures: object) -> None:
            raise error(command.text)

        patch.setattr(Service, "check", crash)
        answer = await served.interact(check_submission(SAID))
        assert served.office.desk.trouble().fallback in answer["errors"]["text"]
        await served.command(check_command(f"公式 {SAID}", served.reply_to()))
        (reply,) = await served.fake.wait(1, "respond")
        assert served.office.desk.trouble().fallback in reply.text

    return way


async def _hanging(served: Served, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Service, "check", lambda *_: time.sleep(1.5))
    patch.setattr("adapters.slack.checking.VIEW_SECONDS", 0.1)
    patch.setattr("adapters.slack.checking.CHECK_SECONDS", 0.4)
    answer = await served.interact(check_submission(SAID))
    assert "点検しています" in shown(answer["view"])
    (call,) = await served.fake.wait(1, "views.update")
    assert served.office.desk.trouble().fallback in shown(call.body["view"])
    await served.command(check_command(f"公式 {SAID}", served.reply_to()))
    (reply,) = await served.fake.wait(1, "respond")
    assert served.office.desk.trouble().fallback in reply.text


async def _whole_desk_hanging(served: Served, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(served.office.desk, "handle", lambda _request: time.sleep(1.5))
    patch.setattr("adapters.slack.checking.FORM_SECONDS", 0.2)
    answer = await served.interact(check_submission(SAID))
    assert answer["response_action"] == "errors"


async def _slack_away(served: Served, patch: pytest.MonkeyPatch) -> None:
    patch.setattr("adapters.slack.checking.LONGEST_PAUSE", 0.05)
    patch.setattr("adapters.slack.checking.VIEW_SECONDS", 0)
    patch.setattr(Service, "check", _slowly)
    failures = served.fake.failures
    for failure in (AWAY, ODD, HTML, LATE):
        failures["views.open"].append(failure)
        await served.interact(check_message(SAID, served.reply_to()))
        failures["views.update"].append(failure)
        await served.interact(check_submission(SAID))
    served.fake.expired.add("old")
    failures["chat.postEphemeral"] += [AWAY, ODD, (200, {"ok": False, "error": "not_in_channel"}, {})]
    await served.command(check_command(f"公式 {SAID}", served.reply_to("old")))
    (post,) = await served.fake.wait()
    assert post.body["channel"] == f"D0{USER}"
    failures["chat.postEphemeral"] += [AWAY, AWAY, AWAY]
    await served.command(check_command(f"公式 {SAID}", served.reply_to("old")))
    await served.command(check_command(f"公式 {SAID}", "http://127.0.0.1:1/response/x"))
    await served.fake.quiet(1.0)


_check = Service.check


def _slowly(service: Service, *given: Any) -> Any:
    time.sleep(0.1)
    return _check(service, *given)


async def _odd_shapes(served: Served, _patch: pytest.MonkeyPatch) -> None:
    for part in ("view", "team", "user", "trigger_id"):
        for odd in ([SAID], SAID, {"id": SAID, "state": SAID, "private_metadata": SAID}, None):
            body = {**check_submission(SAID), part: odd}
            if served.socket:
                await served.fake.deliver("interactive", body, accepts_response_payload=True)
            else:
                await served.post(f"payload={json.dumps(body)}".encode(), "application/x-www-form-urlencoded")
    for key in ("user_id", "channel_id", "trigger_id", "response_url"):
        fields = {**check_command(f"公式 {SAID}", served.reply_to()), key: SAID}
        await served.command(fields)
    await served.fake.quiet()


WAYS: dict[str, Way] = {
    "success": _whole_round,
    "too long": _too_long,
    "too fast": _asked_too_fast,
    "crash": _crashing(RuntimeError),
    "crash with a key": _crashing(KeyError),
    "hang": _hanging,
    "the whole desk hangs": _whole_desk_hanging,
    "slack is away": _slack_away,
    "odd shapes": _odd_shapes,
}


@pytest.fixture
def loud(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], None]]:
    """Makes every logger there is tell everything, SDKs' included."""
    before: dict[logging.Logger, int] = {}

    def everything() -> None:
        names = [name for name, one in logging.root.manager.loggerDict.items() if isinstance(one, logging.Logger)]
        for logger in (logging.getLogger(), *map(logging.getLogger, names)):
            before.setdefault(logger, logger.level)
            logger.setLevel(logging.DEBUG)

    caplog.handler.setLevel(logging.DEBUG)
    everything()
    yield everything
    for logger, level in before.items():
        logger.setLevel(level)


@pytest.mark.parametrize("way", WAYS)
def test_a_draft_leaves_no_trace(  # noqa: PLR0913, PLR0917  # fixtures
    way: str,
    told_both: Tell,
    loud: Callable[[], None],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    calls: list[Call] = []

    async def story(served: Served) -> None:
        loud()
        with pytest.MonkeyPatch.context() as patch:
            await WAYS[way](served, patch)
            await served.idle()
        assert served.office.store.inbox.waiting() == 0
        calls.extend(served.fake.calls)
        await asyncio.sleep(0)

    told_both(story)
    formatter = logging.Formatter("%(message)s")
    assert [one.name for one in caplog.records if CANARY in formatter.format(one) + repr(one.__dict__)] == []
    assert CANARY not in "".join(capfd.readouterr())
    stored = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert stored
    assert [path for path in stored for spelt in _spellings() if spelt in path.read_bytes()] == []
    assert [call for call in calls if CANARY in str(call.body) and not _to_the_sender(call)] == []


def _to_the_sender(call: Call) -> bool:
    if call.method == "respond":
        return call.body["response_type"] == "ephemeral"
    if call.method == "chat.postMessage":
        return bool(call.body["channel"] == f"D0{USER}")
    return call.method in ("views.open", "views.update", "chat.postEphemeral")


def _spellings() -> tuple[bytes, ...]:
    return CANARY.encode(), CANARY.encode("utf-16-le"), json.dumps(CANARY).strip('"').encode()


HOSTILE = {
    "emoji": "😀🎉👨‍👩‍👧",
    "many emoji": "😀" * 2_990,
    "10,000": "あ" * (10_000 - len(DRAFT) - 1),
    "bidi": "\u202eabc\u2066こんにちは\u202c",
    "nul": "写真\x00です\x07",
    "channel": "<!channel> <!here> <@U0123ABCD> <#C0123|x> <!subteam^S1|@all>",
    "entities": "&lt;!channel&gt; &amp;lt;b&amp;gt;",
    "link": "<https://evil.example|市の公式ページ>",
    "teams": "<at>all</at>",
    "markdown": "*太字* ~消~ `code` [x](https://evil.example) :smile: > 引用",
    "template": "${jndi:ldap://x} {{7*7}} {0.__class__} %s %(x)s",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "card": '{"type":"AdaptiveCard","blocks":[{"type":"actions"}],"private_metadata":"C1"}',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_draft_gets_a_report_and_nothing_in_it_is_live(told: Tell, name: str) -> None:
    hostile = HOSTILE[name]

    async def story(served: Served) -> None:
        await served.interact(check_message(hostile, served.reply_to()))
        await served.fake.wait(1, "views.open")  # the fake's gate refuses what is live
        await served.command(check_command(f"公式 {hostile}。{DRAFT}", served.reply_to()))
        (reply,) = await served.fake.wait(1, "respond")
        assert FOUND in reply.text
        assert "mrkdwn" not in json.dumps(reply.body)
        answer = await served.interact(check_submission(f"{hostile[:2_900]}\n{DRAFT}", metadata=CHANNEL))
        assert wrong_view(answer["view"]) is None
        assert FOUND in shown(answer["view"])
        assert set(_kinds(answer["view"])) <= {"text", "link", "plain_text"} | SHAPES
        assert "evil.example" not in [one.get("url") for one in _all(answer["view"])]
        assert not any(sign in shown(answer["view"]) for sign in ("\u202e", "\u2066", "\x00"))

    told(story)


SHAPES = {
    *("modal", "input", "radio_buttons", "plain_text_input", "header", "context", "divider", "section", "actions"),
    *("button", "rich_text", "rich_text_section", "rich_text_quote", "rich_text_preformatted", "rich_text_list"),
}


def _all(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
        for value in part.values():
            yield from _all(value)
    elif isinstance(part, list):
        for one in part:
            yield from _all(one)


def _kinds(part: Any) -> Iterator[str]:
    return (one["type"] for one in _all(part) if "type" in one)
