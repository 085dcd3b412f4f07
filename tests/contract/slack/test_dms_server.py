"""The whole server and a wave: it begins by itself, and an end in the middle of it loses and doubles nothing."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from adapters import sender
from adapters.server import Server
from adapters.slack.app import SlackFront
from bot.bootstrap import Core, build_core
from bot.settings import Secret, Settings
from tests.contract.dms import OfficeClock, enrol, learner, until
from tests.contract.slack.fake import TEAM, FakeSlack, slack
from tests.contract.slack.serving import settings_for

PEOPLE = 12


def core_for(fake: FakeSlack, folder: Path) -> tuple[Settings, Core]:
    workspaces = folder / "workspaces.yaml"
    workspaces.write_text(f"- {{platform: slack, tenant: {TEAM}, org: asahikawa}}\n", encoding="utf-8")
    database = Secret(f"sqlite:///{(folder / 'all.sqlite3').as_posix()}")
    settings = replace(settings_for(fake), database=database, workspaces=workspaces, port=0)
    return settings, build_core(settings, OfficeClock())


def test_an_end_in_the_middle_finishes_what_is_in_hand_and_leaves_the_rest_for_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "POLL", 0.02)

    async def run() -> None:
        async with slack() as fake:
            fake.slow.add("chat.postMessage")
            settings, core = core_for(fake, tmp_path)
            enrol(core, [learner(number, TEAM, "slack", f"U0{number}") for number in range(PEOPLE)])  # type: ignore[arg-type]
            async with Server(settings, core).running():
                await fake.wait()
            assert set(core.store.outbox.counts()) <= {"ready", "sent"}
            core.store.close()
            assert len(fake.posts) < PEOPLE

            fake.slow.clear()
            monkeypatch.setattr(SlackFront.__init__, "__defaults__", ({},))  # as fast as it likes
            settings, core = core_for(fake, tmp_path)
            server = Server(settings, core)
            async with server.running():
                await until(lambda: core.store.outbox.counts() == {"sent": PEOPLE}, 60.0)
            core.store.close()
            assert set(Counter(post.body["channel"] for post in fake.posts).values()) == {1}
            assert len(fake.posts) == PEOPLE

    asyncio.run(run())
