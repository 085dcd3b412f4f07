"""A draft goes to the one who sent it and nowhere else: no log, no file, no screen, no other message."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.teams import answering, chats
from bot.service import Service
from tests.contract.teams.activities import DRAFT, PERSONAL, action, in_channel, message, submit
from tests.contract.teams.fakes import Platform
from tests.contract.teams.serving import Served, serving

CANARY = "カナリア七三一九"
SECRET = f"{CANARY}の件、{DRAFT} 電話090-1234-5678"
WAYS = ("opened on a message", "sent from the action", "sent from a dialog", "pressed in a dialog", "typed in the chat",
        "sent in the chat", "typed in a channel", "sent in a channel")  # fmt: skip


def activity(platform: Platform, way: str, draft: str) -> dict[str, Any]:
    """One draft on one of the ways it can take."""
    form = {"verb": "check", "account": "official", "text": draft}
    press = {"verb": "false_alarm", "value": f"flame-ignored/{'0' * 32}", "account": "official", "text": draft}
    found = (
        action(platform, "fetchTask", content=f"<p>{draft}</p>"),
        action(platform, "submitAction", form, content=f"<p>{draft}</p>"),
        submit(platform, form),
        submit(platform, press),
        message(platform, f"点検 {draft}"),
        message(platform, "", text=None, value=form),
        in_channel(platform, f"点検 {draft}"),
        {**in_channel(platform, ""), "text": None, "entities": [], "value": form},
    )
    return found[WAYS.index(way)]


def works(_: Served, __: pytest.MonkeyPatch) -> None:
    """Nothing is wrong."""


def crashes(served: Served, patch: pytest.MonkeyPatch) -> None:
    def broken(command: Any, *_: object) -> None:
        raise RuntimeError(f"cannot check {command.text}")

    patch.setattr(served.office.desk.service, "check", broken)


def breaks_the_desk(served: Served, patch: pytest.MonkeyPatch) -> None:
    def broken(request: Any) -> None:
        raise RuntimeError(f"cannot handle {request}")

    patch.setattr(served.office.desk, "handle", broken)


def hangs(served: Served, patch: pytest.MonkeyPatch) -> None:
    def hanging(command: Any, *_: object) -> None:
        time.sleep(0.6)
        raise RuntimeError(f"too late for {command.text}")  # behind the back of whoever waited

    patch.setattr(served.office.desk.service, "check", hanging)
    for place in ("adapters.teams.answering.CHECK_SECONDS", "adapters.teams.dialogs.CHECK_SECONDS"):
        patch.setattr(place, 0.2)


def refused(served: Served, _: pytest.MonkeyPatch) -> None:
    served.platform.refusals = [(403, {}), (500, {}), (413, {})]


def deaf(served: Served, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(chats, "SEND_SECONDS", 0.3)
    served.platform.hang = 1.0


def cannot_render(served: Served, patch: pytest.MonkeyPatch) -> None:
    def broken(_: object, card: object) -> None:
        raise RuntimeError(f"cannot render {card}")

    for name in ("cards", "dialog"):
        patch.setattr(f"adapters.teams.outbound.Renderer.{name}", broken)
    assert served


TROUBLES = (works, crashes, breaks_the_desk, hangs, refused, deaf, cannot_render)


@pytest.fixture
def everything(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Every logger says all it can."""
    levels = {name: logging.getLogger(name).level for name in ("asyncio", "aiohttp", "botbuilder", "sqlalchemy")}
    for name in levels:
        logging.getLogger(name).setLevel(logging.DEBUG)
    with caplog.at_level(logging.DEBUG):
        yield caplog
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def leaks(text: str) -> bool:
    """Whether a text holds the canary, also as JSON in ASCII or as a repr of bytes."""
    forms = (CANARY, json.dumps(CANARY)[1:-1], repr(CANARY.encode())[2:-1], "090-1234-5678")
    return any(form in text for form in forms)


def nothing_kept(folder: Path) -> None:
    """The database as it lies on the disk while it is open, its log with it."""
    for file in folder.iterdir():
        kept = file.read_bytes()
        assert CANARY.encode() not in kept, file.name
        assert CANARY.encode("utf-16-le") not in kept, file.name
        assert not leaks(kept.decode("latin-1")), file.name


@pytest.mark.parametrize("draft", [SECRET, SECRET + "あ" * 10_000], ids=["as it is", "too long"])
@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_draft_is_seen_by_nobody_but_its_sender(  # noqa: PLR0913, PLR0917  # what is watched
    service: Service,
    tmp_path: Path,
    platform: Platform,
    trouble: Callable[[Served, pytest.MonkeyPatch], None],
    draft: str,
    monkeypatch: pytest.MonkeyPatch,
    everything: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    async def scene() -> None:
        async with serving(service, tmp_path, platform) as served:
            with monkeypatch.context() as patch:
                trouble(served, patch)
                for number, way in enumerate(WAYS):
                    # Not 500 and not 503: the platform would send the draft again.
                    status = await served.post({**activity(platform, way, draft), "id": f"w{number}"})
                    assert status in (200, 201), way
                await asyncio.sleep(0.7 if trouble is hangs else 0.0)
            await served.quiet()
            nothing_kept(tmp_path)

    asyncio.run(scene())
    for record in everything.records:
        assert not leaks(record.getMessage()), record.name
        assert not leaks(str(record.args)), record.name
        assert not leaks(record.exc_text or ""), record.name
        assert not record.exc_info or not leaks(repr(record.exc_info[1])), record.name
    assert not leaks(everything.text)
    printed = capfd.readouterr()
    assert not leaks(printed.out + printed.err)
    for sent in (*platform.sent, *platform.cited):
        if leaks(json.dumps(sent.body, ensure_ascii=False)):
            assert sent.path.startswith(f"/v3/conversations/{PERSONAL}/")
            assert sent.body["recipient"]["id"] == "29:1person"
            assert not leaks(sent.body["summary"])


def test_where_nothing_is_wrong_the_sender_does_see_it(service: Service, tmp_path: Path, platform: Platform) -> None:
    """Else the test above would watch an empty room."""

    async def scene() -> None:
        async with serving(service, tmp_path, platform) as served:
            for way in WAYS[:3]:
                _, body = await served.ask(activity(platform, way, SECRET))
                assert leaks(json.dumps(body, ensure_ascii=False)), way
            for number, way in enumerate(WAYS[4:6]):
                await served.post({**activity(platform, way, SECRET), "id": f"w{number}"})
            assert len([one for one in platform.sent if leaks(json.dumps(one.body, ensure_ascii=False))]) == 2

    assert answering.CHECK_SECONDS > 1
    asyncio.run(scene())
