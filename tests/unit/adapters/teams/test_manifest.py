"""The app package keeps the rules of Microsoft's manifest schema 1.23, and its icons are what they must be."""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from adapters.teams.drafts import COMMAND_ID, draft_command
from adapters.teams.inbound import incoming, message_command
from adapters.teams.manifest import VERSION, manifest, package
from bot.commands import Question
from bot.errors import SettingsError
from bot.settings import Settings

SETTINGS = Settings(teams_app_id="11111111-2222-4333-8444-555555555555", url="https://guideline.example.lg.jp")
SCHEMA = Path(__file__).parents[5] / "shared" / "schemas" / "MicrosoftTeams.schema.json"
DEPLOY = Path(__file__).parents[4] / "deploy" / "teams"
GUID = re.compile(r"[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")


def files() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package(SETTINGS))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def pixels(png: bytes) -> tuple[int, int, list[bytes]]:
    """Width, height and rows of RGBA of an unfiltered PNG."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    found: dict[bytes, bytes] = {}
    at = 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        name, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length]) == (zlib.crc32(name + data),)
        found[name] = data
        at += 12 + length
    width, height, depth, kind = struct.unpack(">IIBB", found[b"IHDR"][:10])
    assert (depth, kind) == (8, 6)
    raw, line = zlib.decompress(found[b"IDAT"]), 1 + width * 4
    return width, height, [raw[row * line + 1 : (row + 1) * line] for row in range(height)]


def test_the_package_holds_the_manifest_and_both_icons_and_is_the_same_each_time() -> None:
    assert sorted(files()) == ["color.png", "manifest.json", "outline.png"]
    assert json.loads(files()["manifest.json"]) == manifest(SETTINGS)
    assert package(SETTINGS) == package(SETTINGS)


def test_the_colour_icon_is_192_pixels_square_and_full() -> None:
    width, height, rows = pixels(files()["color.png"])
    assert (width, height) == (192, 192)
    assert {row[index] for row in rows for index in range(3, len(row), 4)} == {255}


def test_the_outline_icon_is_32_pixels_square_white_on_nothing() -> None:
    width, height, rows = pixels(files()["outline.png"])
    assert (width, height) == (32, 32)
    seen = {row[index : index + 4] for row in rows for index in range(0, len(row), 4)}
    assert seen == {b"\xff\xff\xff\xff", b"\xff\xff\xff\x00"}


def test_what_the_schema_requires_is_there_and_no_longer_than_it_allows() -> None:
    found = manifest(SETTINGS)
    assert {"manifestVersion", "version", "id", "developer", "name", "description", "icons", "accentColor"} <= set(
        found
    )
    assert found["manifestVersion"] == VERSION >= "1.22"
    assert f"/v{VERSION}/" in found["$schema"]
    for guid in (found["id"], found["bots"][0]["botId"], found["composeExtensions"][0]["botId"]):
        assert GUID.fullmatch(guid)
    assert len(found["name"]["short"]) <= 30
    assert len(found["name"]["full"]) <= 100
    assert len(found["description"]["short"]) <= 80
    assert len(found["description"]["full"]) <= 4_000
    assert len(found["developer"]["name"]) <= 32
    assert re.fullmatch(r"#[0-9A-Fa-f]{6}", found["accentColor"])
    assert re.fullmatch(r"\d+\.\d+\.\d+", found["version"])
    assert all(found["developer"][f"{name}Url"].startswith("https://") for name in ("website", "privacy", "termsOfUse"))
    assert found["validDomains"] == ["guideline.example.lg.jp"]
    assert "packageName" not in found  # not allowed since 1.17


def command_of(title: str) -> object:
    """What somebody gets who chooses this entry of the command list; a question would be none of its words."""
    chosen = {"type": "message", "id": "1", "conversation": {"id": "a:1"}, "from": {"id": "29:u"}, "text": title}
    found = incoming(chosen)
    command = draft_command(found) or message_command(found)
    return None if isinstance(command, Question) else command


def test_the_bot_is_offered_alone_in_teams_and_in_group_chats() -> None:
    (bot,) = manifest(SETTINGS)["bots"]
    (commands,) = bot["commandLists"]
    assert set(bot["scopes"]) == set(commands["scopes"]) == {"personal", "team", "groupChat"}
    assert 0 < len(commands["commands"]) <= 10
    for one in commands["commands"]:
        assert len(one["title"]) <= 32
        assert len(one["description"]) <= 128
        assert command_of(one["title"]) is not None  # each of them is understood


def test_the_search_has_the_parameter_that_the_handler_reads() -> None:
    (extension,) = manifest(SETTINGS)["composeExtensions"]
    command = extension["commands"][0]
    (parameter,) = command["parameters"]
    assert (command["type"], parameter["name"]) == ("query", "words")
    assert len(command["title"]) <= 32
    assert len(command["description"]) <= 128
    assert len(parameter["title"]) <= 32


def test_the_draft_check_can_be_called_from_the_compose_box_the_command_box_and_a_message() -> None:
    (extension,) = manifest(SETTINGS)["composeExtensions"]
    command = extension["commands"][1]
    assert (command["id"], command["type"], command["fetchTask"]) == (COMMAND_ID, "action", True)
    assert command["context"] == ["compose", "commandBox", "message"]
    assert len(command["title"]) <= 32
    assert len(command["description"]) <= 128
    assert len(extension["commands"]) <= 10


@pytest.mark.skipif(not SCHEMA.exists(), reason="Microsoft's schema file is not vendored; checked by hand with 1.23")
def test_the_manifest_satisfies_microsofts_schema() -> None:
    schema: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.validators.validator_for(schema)(schema).validate(manifest(SETTINGS))


@pytest.mark.parametrize(
    "settings",
    [
        Settings(url=SETTINGS.url),
        Settings(teams_app_id="my-bot", url=SETTINGS.url),
        Settings(teams_app_id=SETTINGS.teams_app_id),
        Settings(teams_app_id=SETTINGS.teams_app_id, url="http://127.0.0.1:8080"),
    ],
)
def test_what_the_manifest_cannot_do_without_is_asked_for(settings: Settings) -> None:
    with pytest.raises(SettingsError) as caught:
        manifest(settings)
    assert caught.value.code == "E213"
    assert "GUIDELINE_BOT_" in caught.value.japanese


def test_the_example_in_deploy_is_what_the_command_makes() -> None:
    """Made anew by `guideline-bot manifest teams` with this app id and this address, and unpacked there."""
    example = Settings(teams_app_id="00000000-0000-0000-0000-000000000000", url="https://guideline.example.lg.jp")
    with zipfile.ZipFile(io.BytesIO(package(example))) as archive:
        for name in archive.namelist():
            assert (DEPLOY / name).read_bytes() == archive.read(name), name
