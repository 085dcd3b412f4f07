"""Drafts that cannot be checked, that could come alive, and checks that fail: always a dialog, always in time."""

from __future__ import annotations

import json
import time

import pytest

from adapters.teams import answering
from tests.contract.teams.activities import DRAFT, HOSTILE, action, submit
from tests.contract.teams.forms import card, field, filled, words
from tests.contract.teams.serving import Play, Served
from tests.unit.adapters.teams.cards import elements


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        ("", "下書きが空です"),
        (" \n　", "下書きが空です"),
        ("あ" * 10_001, "下書きは10,000文字までです"),
    ],
)
def test_what_cannot_be_checked_is_said_above_the_form(play: Play, draft: str, said: str) -> None:
    async def scene(served: Served) -> None:
        shown = card(await served.ask(submit(served.platform, filled(draft))))
        assert said in words(shown)
        assert field(shown, "text")["value"] == draft[:10_000]

    play(scene)


@pytest.mark.parametrize("draft", HOSTILE)
def test_any_draft_gives_a_report_and_nothing_live(play: Play, draft: str) -> None:
    async def scene(served: Served) -> None:
        shown = card(await served.ask(submit(served.platform, filled(draft))))
        assert "下書きとして点検しました" in words(shown)
        kept = field(shown, "text")["value"]
        assert "\x00" not in kept
        assert "\u202e" not in kept
        # Inputs and runs know no markup; wherever markup is known, there is none of the draft's.
        marked = [one["text"] for one in elements(shown) if one["type"] == "TextBlock"] + [shown["fallbackText"]]
        assert not any(sign in text for text in marked for sign in ("<", "**", "](", "${", "{{", "\x00", "\u202e"))
        assert {one["type"] for one in elements(shown)} <= {
            "AdaptiveCard", "TextBlock", "RichTextBlock", "TextRun", "Container", "ActionSet", "Action.Submit",
            "Action.ToggleVisibility", "Action.OpenUrl", "Input.Text", "Input.ChoiceSet"}  # fmt: skip
        assert "entities" not in shown["msteams"]

    play(scene)


@pytest.mark.parametrize(
    "data",
    [None, [], "x", 3, {}, {"verb": "novelty"}, {"verb": "dismiss", "value": "x"}, {"verb": "refer", "value": "x"}],
)
def test_a_button_of_another_edition_is_answered_with_a_sentence(play: Play, data: object) -> None:
    async def scene(served: Served) -> None:
        for one in (submit(served.platform, data), action(served.platform, "submitAction", data)):
            status, body = await served.ask(one)
            assert (status, body["task"]["type"]) == (200, "message")

    play(scene)


def test_another_command_of_the_extension_is_none_of_ours(play: Play) -> None:
    async def scene(served: Served) -> None:
        asked = action(served.platform, "fetchTask")
        asked["value"]["commandId"] = "novelty"
        _, body = await served.ask(asked)
        assert body["task"]["type"] == "message"

    play(scene)


def test_a_check_that_hangs_is_answered_in_time_with_a_sentence_and_the_draft(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert answering.CHECK_SECONDS < 4
    monkeypatch.setattr(answering, "CHECK_SECONDS", 0.2)
    monkeypatch.setattr("adapters.teams.dialogs.CHECK_SECONDS", 0.2)

    async def scene(served: Served) -> None:
        monkeypatch.setattr(served.office.desk.service, "check", lambda *_: time.sleep(1.5))
        started = time.monotonic()
        shown = card(await served.ask(submit(served.platform, filled(DRAFT))))
        assert time.monotonic() - started < 1.2
        assert "時間内に点検を終えられませんでした" in words(shown)
        assert field(shown, "text")["value"] == DRAFT

    play(scene)


def test_a_check_that_breaks_is_answered_with_a_sentence_and_the_draft(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene(served: Served) -> None:
        def broken(*_: object) -> None:
            raise RuntimeError(DRAFT)

        monkeypatch.setattr(served.office.desk.service, "check", broken)
        shown = card(await served.ask(submit(served.platform, filled(DRAFT))))
        assert "問題が起きて" in words(shown)
        assert field(shown, "text")["value"] == DRAFT
        monkeypatch.setattr(served.office.desk, "handle", broken)
        monkeypatch.setattr(served.office.desk, "trouble", broken)
        status, body = await served.ask(submit(served.platform, filled(DRAFT)))
        assert (status, body["task"]["type"]) == (200, "message")
        assert DRAFT not in json.dumps(body, ensure_ascii=False)

    play(scene)


def test_whoever_checks_too_fast_is_told_so_and_keeps_the_draft(play: Play) -> None:
    async def scene(served: Served) -> None:
        for _ in range(20):
            await served.ask(submit(served.platform, filled("図書館は月曜日がお休みです。")))
        shown = card(await served.ask(submit(served.platform, filled(DRAFT))))
        assert "1分ほど待って" in words(shown)
        assert field(shown, "text")["value"] == DRAFT

    play(scene)
