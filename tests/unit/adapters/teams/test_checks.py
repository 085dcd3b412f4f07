"""What `doctor` says about Teams."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from adapters.teams import checks
from adapters.teams.credentials import Tokens
from bot.remarks import Remark
from bot.settings import Secret, Settings
from tests.contract.teams.fakes import Platform, new_key, running

COMPLETE: dict[str, Any] = {
    "teams_app_id": "11111111-2222-4333-8444-555555555555",
    "teams_app_type": "SingleTenant",
    "teams_tenant_id": "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee",
    "teams_app_password": Secret("invented"),
    "url": "https://guideline.example.lg.jp",
}


def said(found: Iterator[Remark] | list[Remark], level: str) -> str:
    return "".join(remark.text for remark in found if remark.level == level)


def test_a_complete_registration_is_fine_and_the_endpoint_is_named() -> None:
    found = list(checks.registration(Settings(**COMPLETE)))
    assert {remark.level for remark in found} == {"ok"}
    assert "https://guideline.example.lg.jp/api/messages" in said(found, "ok")
    assert "invented" not in str(found)


@pytest.mark.parametrize(
    ("changes", "level", "words"),
    [
        ({"teams_app_id": "my-bot"}, "error", "TEAMS_APP_ID"),
        ({"teams_tenant_id": "town.onmicrosoft.com"}, "error", "TEAMS_TENANT_ID"),
        ({"teams_app_type": "UserAssignedMSI"}, "warning", "TEAMS_APP_PASSWORD"),
        ({"url": None}, "warning", "マニフェスト"),
        ({"teams_app_id": None, "teams_app_type": None, "teams_app_password": None}, "warning", "試用だけ"),
    ],
)
def test_what_is_doubtful_is_said(changes: dict[str, Any], level: str, words: str) -> None:
    assert words in said(checks.registration(Settings(**{**COMPLETE, **changes})), level)


@pytest.fixture
def platform() -> Iterator[Platform]:
    with running(new_key()) as found:
        yield found


def test_the_service_is_reached_or_it_is_said_what_is_not(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    async def token(_self: Tokens) -> str:
        return "invented-token"

    async def none(_self: Tokens) -> str:
        from adapters.intake import DeliveryError

        raise DeliveryError("login PermissionError", 30.0)

    settings = Settings(**COMPLETE, teams_metadata=platform.metadata)
    monkeypatch.setattr(Tokens, "get", token)
    assert {remark.level for remark in checks.service(settings)} == {"ok"}
    monkeypatch.setattr(Tokens, "get", none)
    platform.keys = []
    found = list(checks.service(settings))
    assert [remark.level for remark in found] == ["error", "error"]
    assert "署名鍵" in found[0].text
    assert "PermissionError" in found[1].text
    assert list(checks.service(Settings())) == []
