"""Pictures of a message are checked with its draft: read from Slack alone, looked at, and forgotten."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from adapters.intake import DeliveryError
from adapters.slack.webapi import Slack
from bot.settings import Secret, Settings
from tests.contract.slack.conftest import Story
from tests.contract.slack.fake import slack
from tests.contract.slack.payloads import CHANNEL, check_message, check_submission
from tests.contract.slack.serving import Served, settings_for
from tests.contract.slack.test_drafts import DRAFT, FINE, FOUND, fields, form, shown

pytestmark = pytest.mark.usefixtures("_warm")

Tell = Callable[[Story], None]

PLACE = "撮影場所の位置情報"


def photo(*, located: bool = True) -> bytes:
    """A JPEG that says where it was taken."""
    facts = Image.Exif()
    if located:
        places = facts.get_ifd(0x8825)
        places[1], places[2], places[3], places[4] = "N", (43.0, 46.0, 15.0), "E", (142.0, 21.0, 54.0)
    out = io.BytesIO()
    Image.new("RGB", (16, 12), "white").save(out, "JPEG", exif=facts)
    return out.getvalue()


async def opened(served: Served, files: list[dict[str, Any]], text: str = FINE) -> dict[str, Any]:
    await served.interact(check_message(text, served.reply_to(), files))
    return await form(served)


async def result(served: Served, metadata: str, text: str | None = FINE) -> dict[str, Any]:
    """The view with the report, whether it comes at once or later."""
    answer = await served.interact(check_submission(text, metadata=metadata))
    if "点検しています" not in shown(answer["view"]):
        return dict(answer["view"])
    (call,) = await served.fake.wait(1, "views.update")
    return dict(call.body["view"])


def test_a_messages_picture_is_read_when_the_form_is_sent_and_checked_with_the_draft(told_both: Tell) -> None:
    async def story(served: Served) -> None:
        view = await opened(served, [served.fake.hold("F0PHOTO", photo())], DRAFT)
        assert json.loads(view["private_metadata"])["files"] == ["F0PHOTO"]
        assert "画像 1枚も点検の対象です" in shown(view)
        assert served.fake.of("file", "files.info") == []
        report = await result(served, view["private_metadata"], DRAFT)
        assert PLACE in shown(report)
        assert FOUND in shown(report)
        assert report["private_metadata"] == view["private_metadata"]  # and once more when it is sent again

    told_both(story)


def test_a_picture_may_be_checked_without_words(told: Tell) -> None:
    async def story(served: Served) -> None:
        view = await opened(served, [served.fake.hold("F0PHOTO", photo())], "")
        assert [one["optional"] for one in view["blocks"] if one["type"] == "input"] == [False, True]
        assert PLACE in shown(await result(served, view["private_metadata"], None))

    told(story)


def test_what_cannot_be_checked_is_never_read_and_is_counted(told: Tell) -> None:
    async def story(served: Served) -> None:
        hold = served.fake.hold
        files = [
            hold("F0DOC", b"", mimetype="application/pdf"),
            hold("F0SVG", b"", mimetype="image/svg+xml"),
            hold("F0HUGE", b"", size=26 << 20),
            *(hold(f"F0P{number}", photo(located=False)) for number in range(11)),
        ]
        view = await opened(served, files)
        assert len(json.loads(view["private_metadata"])["files"]) == 10
        assert "画像 3枚は点検の対象になりません" in shown(view)
        assert "画像 3枚は点検の対象になりません" in shown(await result(served, view["private_metadata"]))
        assert "F0HUGE" not in str(served.fake.of("file", "files.info"))

    told(story)


@pytest.mark.parametrize("fault", ["gone", "scope", "lies", "broken", "elsewhere", "moved", "slow"])
def test_a_picture_that_cannot_be_had_is_said_and_keeps_nothing_else_from_being_checked(
    told: Tell, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(served: Served) -> None:
        fake, size = served.fake, 26 << 20
        files = [fake.hold("F0BAD", photo()), fake.hold("F0GOOD", photo())]
        view = await opened(served, files, DRAFT)
        match fault:
            case "gone":
                del fake.files["F0BAD"]
            case "scope":
                fake.failures["files.info"].append((200, {"ok": False, "error": "missing_scope"}, {}))
            case "lies":  # about its size
                fake.hold("F0BAD", b"\xff\xd8\xff" + bytes(size), size=1000)
            case "broken":
                fake.hold("F0BAD", b"<html>")
            case "elsewhere":
                fake.hold("F0BAD", photo(), url_private=f"{fake.url.replace('127.0.0.1', 'localhost')}/files/F0BAD")
            case "moved":
                fake.hold("F0BAD", photo(), url_private=f"{fake.url}/moved/F0BAD")
            case "slow":
                monkeypatch.setattr("adapters.slack.pictures.SECONDS", 0.2)
                fake.slow.add("F0BAD")
        report = await result(served, view["private_metadata"], DRAFT)
        assert "画像 1枚は読み込めず、点検していません" in shown(report)
        assert PLACE in shown(report)
        assert FOUND in shown(report)
        assert fields(report)["text"]["initial_value"] == DRAFT
        read = [call.body["file"] for call in fake.of("file")]
        assert read == (["F0BAD", "F0GOOD"] if fault in ("lies", "broken", "slow") else ["F0GOOD"])

    told(story)


def test_all_pictures_together_have_their_time_too(told: Tell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.slack.pictures.ALL_SECONDS", 0.3)

    async def story(served: Served) -> None:
        view = await opened(served, [served.fake.hold(f"F0P{number}", photo()) for number in range(3)])
        served.fake.slow.add("F0P1")
        report = await result(served, view["private_metadata"])
        assert "画像 2枚は読み込めず" in shown(report)

    told(story)


@pytest.mark.parametrize(
    "url",
    [
        "https://files.slack.com.example/f",
        "https://files.slack.com@example/f",
        "https://example/files.slack.com",
        "https://files.slack.com:8443/f",
        "http://files.slack.com/f",
        "//files.slack.com/f",
        "",
    ],
)
def test_the_token_goes_to_slacks_own_host_alone(url: str) -> None:
    async def run() -> None:
        there = Slack(Settings(slack_bot_token=Secret("xoxb-1")))
        try:
            with pytest.raises(DeliveryError, match="file_host"):
                await there.fetch(url, 100)
        finally:
            await there.close()

    asyncio.run(run())


def test_a_file_is_read_no_further_than_its_limit() -> None:
    async def run() -> None:
        async with slack() as fake:
            said = fake.hold("F0PHOTO", bytes(200_000))
            there = Slack(settings_for(fake))
            assert len(await there.fetch(said["url_private"], 200_000)) == 200_000
            with pytest.raises(DeliveryError, match="file_size"):
                await there.fetch(said["url_private"], 199_999)
            await there.close()

    asyncio.run(run())


def test_odd_metadata_opens_nothing(told: Tell) -> None:
    async def story(served: Served) -> None:
        for odd in ('{"files":["../x","F0?"]}', "[", "[]", '{"channel":3,"files":7,"left":"x","length":-1}', CHANNEL):
            answer = await served.interact(check_submission(DRAFT, metadata=odd))
            assert FOUND in shown(answer["view"])
        assert served.fake.of("file", "files.info") == []

    told(story)
