"""The same dialogues in the terminal, on the page, in Slack and in Teams: every front shows the same answer, whole."""

from __future__ import annotations

import asyncio
import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.directory import Workspace
from bot.model import Answer
from bot.service import Service
from bot.testing import squashed, talk
from tests.contract.slack import payloads
from tests.contract.slack import serving as slack_serving
from tests.contract.slack.fake import TEAM, FakeSlack, slack
from tests.contract.teams import serving as teams_serving
from tests.contract.teams.activities import in_channel
from tests.contract.teams.fakes import TENANT, Platform, new_key, running
from tests.contract.web.serving import post, served
from tests.scenario.test_dialogues import DIALOGUES, answers, complaints

LONG = 600
"""Slack shows about so much of a clause in the message; the rest stands behind 全文を読む."""

Dialogue = Mapping[str, Any]
Shown = list[list[str]]
"""What each front showed: one text for each turn of each dialogue, without white space."""


@cache
def expected(service: Service) -> list[list[Answer]]:
    return [answers(service, dialogue) for dialogue in DIALOGUES]


def on_the_page(service: Service, folder: Path) -> Shown:
    def turn(site: Any, org: str, said: str, history: list[str]) -> str:
        reply = post(site, "/api/ask", {"org": org, "question": said, "history": history}).json
        if reply["status"] != "smalltalk":
            history.append(said)
        return html.unescape(re.sub(r"<[^>]+>", "", reply["html"]))

    with served(service, folder) as site:
        return [
            _turns(dialogue, lambda said, d=dialogue, h=[]: turn(site, d["org"], said, h)) for dialogue in DIALOGUES
        ]


def in_the_terminal(service: Service, _folder: Path) -> Shown:
    said = ([turn["say"] for turn in dialogue["turns"]] for dialogue in DIALOGUES)
    replies = (talk(service, d["org"], lines).replies for d, lines in zip(DIALOGUES, said, strict=True))
    return [[squashed(reply) for reply in each] for each in replies]


def in_slack(service: Service, folder: Path) -> Shown:
    channels = {org: f"C0{org.upper()}" for org in service.knowledge.ids}
    workspace = Workspace("slack", TEAM, "asahikawa", {channel: org for org, channel in channels.items()})

    async def turn(serving: Any, channel: str, user: str, thread: str, said: str) -> str:
        before = len(serving.fake.posts)
        ts = payloads.new_ts()
        place = {"channel": channel, "user": user} | ({"thread_ts": thread} if thread else {})
        await serving.event(payloads.mention(said, ts, **place))
        call = (await serving.fake.wait(before + 1))[-1]
        return call.text.replace("\\n", "\n").replace('\\"', '"')

    async def tell(dialogue: Dialogue, number: int, serving: Any) -> list[str]:
        thread, found = "", []
        for one in dialogue["turns"]:
            text = await turn(serving, channels[dialogue["org"]], f"U0PERSON{number}", thread, one["say"])
            thread = thread or serving.fake.posts[-1].body["thread_ts"]
            found.append(squashed(text))
        return found

    async def run() -> Shown:
        fake: FakeSlack
        async with slack() as fake, slack_serving.serving(service, folder, fake) as serving:
            return [await tell(dialogue, number, serving) for number, dialogue in enumerate(DIALOGUES)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slack_serving, "WORKSPACE", workspace)
        return asyncio.run(run())


def in_teams(service: Service, folder: Path) -> Shown:
    channels = {org: f"19:{org}@thread.tacv2" for org in service.knowledge.ids}
    workspace = Workspace("teams", TENANT, "asahikawa", {channel: org for org, channel in channels.items()})

    async def tell(dialogue: Dialogue, number: int, serving: Any, platform: Platform) -> list[str]:
        found = []
        for place, one in enumerate(dialogue["turns"]):
            before = len(platform.sent)
            person = {"id": f"29:{number}", "name": "旭川 花子", "aadObjectId": f"00000000-0000-4000-8000-{number:012}"}
            conversation = {
                "conversationType": "channel", "tenantId": TENANT, "isGroup": True,
                "id": f"{channels[dialogue['org']]};messageid={number}",
            }  # fmt: skip
            activity = in_channel(platform, one["say"], channels[dialogue["org"]], **{"from": person})
            assert await serving.post({**activity, "conversation": conversation, "id": f"{number}-{place}"}) < 300
            found.append(_read((await serving.sent(before + 1))[-1].body))
        return found

    async def run() -> Shown:
        with running(new_key()) as platform:
            async with teams_serving.serving(service, folder, platform) as serving:
                return [await tell(d, number, serving, platform) for number, d in enumerate(DIALOGUES)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(teams_serving, "WORKSPACE", workspace)
        return asyncio.run(run())


def _read(activity: Mapping[str, Any]) -> str:
    """All texts of the card, else the message's own."""
    cards = [attachment["content"] for attachment in activity.get("attachments", [])]
    texts = list(_texts(cards)) or [str(activity.get("text", ""))]
    return squashed("".join(texts))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key in ("text", "title") and isinstance(inner, str):
                yield inner
            else:
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _turns(dialogue: Dialogue, said: Callable[[str], str]) -> list[str]:
    return [squashed(said(turn["say"])) for turn in dialogue["turns"]]


def missing(answer: Answer, text: str, *, folded: bool) -> list[str]:
    """What a front must show of an answer and does not."""
    wanted = [office.name for office in answer.departments] if answer.status != "smalltalk" else [answer.answer]
    wanted += [office.phone for office in answer.departments if office.phone and answer.status != "smalltalk"]
    wanted += [answer.remark] if answer.remark else []
    if answer.status == "answered":
        citation = answer.citations[0]
        wanted += [
            citation.text,
            citation.document,
            citation.locator,
            citation.date or "日付の記載なし",
            *citation.breadcrumb,
        ]
    if answer.status == "incident":  # what else might be read would only hold up whoever has to act now
        wanted += [step.text for step in answer.steps] + list(answer.report_to)
    else:
        wanted += [citation.locator for citation in answer.related]
    if answer.status == "not_found":
        wanted.append("該当する規定は見つかりません。")
    shortened = [one[:LONG] if folded and len(one) > LONG else one for one in wanted]
    return [one for one in shortened if squashed(one) not in text]


@pytest.mark.parametrize("front", [in_the_terminal, on_the_page, in_slack, in_teams], ids=lambda one: one.__name__)
def test_every_front_shows_every_answer_whole(
    service: Service, tmp_path: Path, front: Callable[[Service, Path], Shown]
) -> None:
    shown = front(service, tmp_path)
    wrong = []
    for dialogue, found, texts in zip(DIALOGUES, expected(service), shown, strict=True):
        for turn, answer, text in zip(dialogue["turns"], found, texts, strict=True):
            assert complaints(turn, answer) == []
            if lacking := missing(answer, text, folded=front is in_slack):
                wrong.append(f"{dialogue['org']}: {turn['say']}: {json.dumps(lacking, ensure_ascii=False)[:300]}")
    assert wrong == []
