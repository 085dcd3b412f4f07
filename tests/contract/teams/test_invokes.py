"""What is answered in the response itself: the search, the dialogs, the platform's own thumbs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.service import Service
from tests.contract.teams.activities import feedback, fetch, invoke, message, search
from tests.contract.teams.fakes import TENANT, Platform
from tests.contract.teams.serving import Served, serving
from tests.unit.adapters.teams.cards import problems

Play = Callable[[Callable[[Served], Awaitable[None]]], None]


@pytest.fixture
def play(service: Service, tmp_path: Path, platform: Platform) -> Play:
    def run(scene: Callable[[Served], Awaitable[None]]) -> None:
        async def whole() -> None:
            async with serving(service, tmp_path, platform) as served:
                await scene(served)
                assert served.office.store.inbox.waiting() == 0  # nothing of an invoke is stored

        asyncio.run(whole())

    return run


def test_the_search_lists_clauses_as_cards_with_a_preview(play: Play) -> None:
    async def scene(served: Served) -> None:
        status, body = await served.ask(search(served.platform, "写真"))
        found = body["composeExtension"]
        assert (status, found["type"], found["attachmentLayout"]) == (200, "result", "list")
        assert found["attachments"]
        for one in found["attachments"]:
            assert one["contentType"] == "application/vnd.microsoft.card.adaptive"
            assert problems(one["content"]) == []
            assert "Action.Submit" not in json.dumps(one["content"])  # others read it, where the bot may not be
            assert one["preview"]["contentType"] == "application/vnd.microsoft.card.thumbnail"
            assert one["preview"]["content"]["title"]
        assert "写真" in json.dumps(found, ensure_ascii=False)

    play(scene)


@pytest.mark.parametrize(("words", "parameter"), [("true", "initialRun"), ("  ", "words"), ("ぬわゐゑ", "words")])
def test_a_search_without_words_or_result_says_so(play: Play, words: str, parameter: str) -> None:
    async def scene(served: Served) -> None:
        status, body = await served.ask(search(served.platform, words, parameter))
        assert (status, body["composeExtension"]["type"]) == (200, "message")

    play(scene)


def test_copying_opens_a_dialog_with_the_text_ready_to_copy(play: Play) -> None:
    async def scene(served: Served) -> None:
        status, body = await served.ask(fetch(served.platform, {"verb": "copy", "value": "asahikawa/6(3)"}))
        value = body["task"]["value"]
        assert (status, body["task"]["type"], value["title"]) == (200, "continue", "引用をコピー")
        (field,) = [one for one in value["card"]["content"]["body"] if one["type"] == "Input.Text"]
        assert field["value"].startswith("６ 公式アカウント運用時の留意点\n情報発信に当たっては，")
        assert field["value"].endswith("6(3)")
        assert problems(value["card"]["content"]) == []

    play(scene)


def test_reading_opens_the_whole_clause(play: Play) -> None:
    async def scene(served: Served) -> None:
        status, body = await served.ask(fetch(served.platform, {"verb": "read", "value": "bibai/2", "msteams": {}}))
        assert (status, body["task"]["value"]["title"]) == (200, "条項の全文")
        assert problems(body["task"]["value"]["card"]["content"]) == []

    play(scene)


@pytest.mark.parametrize(
    "data",
    [None, [], "copy", {}, {"verb": "copy"}, {"verb": "copy", "value": 3}, {"verb": "refer", "value": "x"},
     {"verb": "novelty", "value": "asahikawa/6"}],
)  # fmt: skip
def test_a_button_of_another_edition_opens_a_sentence(play: Play, data: object) -> None:
    async def scene(served: Served) -> None:
        status, body = await served.ask(fetch(served.platform, data))
        assert (status, body["task"]["type"]) == (200, "message")

    play(scene)


def test_a_clause_that_is_gone_is_said_to_be_gone(play: Play) -> None:
    async def scene(served: Served) -> None:
        _, body = await served.ask(fetch(served.platform, {"verb": "read", "value": "asahikawa/99"}))
        assert "ありません" in json.dumps(body, ensure_ascii=False)

    play(scene)


def test_the_platforms_thumbs_rate_the_answer_of_their_message(play: Play) -> None:
    async def scene(served: Served) -> None:
        rated: list[Any] = []
        records = served.office.store.records
        served.office.desk.records = Rating(records, rated)  # type: ignore[assignment]
        await served.post(message(served.platform, "公式で写真を載せるときの注意は？"))
        await served.sent()
        await served.quiet()
        for reaction in ("like", "dislike"):
            assert await served.ask(feedback(served.platform, reaction, "m1")) == (200, {})
        answer = rated[0][1]
        assert rated == [(TENANT, answer, True), (TENANT, answer, False)]
        assert await served.ask(feedback(served.platform, "like", "m2")) == (200, {})  # a message we do not know
        assert await served.ask(feedback(served.platform, "novelty", "m1")) == (200, {})
        assert len(rated) == 2

    play(scene)


class Rating:
    """The real records, with an eye on what is rated."""

    def __init__(self, records: Any, seen: list[Any]) -> None:
        self._records = records
        self._seen = seen

    def __getattr__(self, name: str) -> Any:
        return getattr(self._records, name)

    def rate(self, tenant: str, answer: str, person: str, good: bool) -> None:  # noqa: FBT001  # the port's
        assert self._records.answer(tenant, answer) is not None
        self._seen.append((tenant, answer, good))
        self._records.rate(tenant, answer, person, good)


@pytest.mark.parametrize("name", ["adaptiveCard/action", "signin/verifyState", "fileConsent/invoke", "novelty", ""])
def test_invokes_that_nothing_of_ours_sends_are_refused_without_an_outage(play: Play, name: str) -> None:
    async def scene(served: Served) -> None:
        for value in ({}, [], "x", None, {"action": {"type": "Action.Execute"}}):
            assert await served.post(invoke(served.platform, name, value)) == 400

    play(scene)


@pytest.mark.parametrize("value", [[], "x", None, 3, {"parameters": "x"}, {"parameters": [1, {"name": "words"}]}])
def test_a_strange_value_never_breaks_a_turn(play: Play, value: object) -> None:
    async def scene(served: Served) -> None:
        for name in ("composeExtension/query", "task/fetch", "message/submitAction"):
            status, _ = await served.ask(invoke(served.platform, name, value))
            assert status == 200

    play(scene)
