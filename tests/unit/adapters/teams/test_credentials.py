"""The bot's own token: asked for in a thread, kept for a minute, and its absence delays an answer only."""

from __future__ import annotations

import asyncio
import time

import pytest
from botframework.connector.auth import AppCredentials, ManagedIdentityAppCredentials, MicrosoftAppCredentials

from adapters.intake import DeliveryError
from adapters.teams import credentials as module
from adapters.teams.config import Registration
from adapters.teams.credentials import KEPT_SECONDS, Tokens, credentials
from bot.settings import Secret


class Counting(AppCredentials):
    """Stands where MSAL would ask the login service."""

    def __init__(self, fails: BaseException | None = None, slow: float = 0.0) -> None:
        super().__init__("app")
        self.asked = 0
        self._fails = fails
        self._slow = slow

    def get_access_token(self, force_refresh: bool = False) -> str:  # noqa: FBT001, FBT002, ARG002  # the SDK's
        self.asked += 1
        time.sleep(self._slow)
        if self._fails is not None:
            raise self._fails
        return f"token{self.asked}"


def test_a_token_is_kept_for_a_minute_and_dropped_when_refused() -> None:
    moment, source = [0.0], Counting()
    tokens = Tokens(source, lambda: moment[0])

    async def scene() -> list[str | None]:
        found = [await tokens.get(), await tokens.get()]
        moment[0] += KEPT_SECONDS
        found.append(await tokens.get())
        tokens.drop()
        return [*found, await tokens.get()]

    assert asyncio.run(scene()) == ["token1", "token1", "token2", "token3"]
    tokens.close()


@pytest.mark.parametrize("fails", [PermissionError("AADSTS7000215 secret"), KeyError("access_token"), ValueError("x")])
def test_a_login_that_fails_delays_the_answer_and_tells_no_details(fails: BaseException) -> None:
    tokens = Tokens(Counting(fails))
    with pytest.raises(DeliveryError) as caught:
        asyncio.run(tokens.get())
    assert caught.value.retry_after is not None
    assert "AADSTS" not in caught.value.reason
    tokens.close()


def test_a_login_that_hangs_is_waited_for_no_longer_than_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.1)
    tokens = Tokens(Counting(slow=0.6))
    started = time.monotonic()

    async def scene() -> float:
        with pytest.raises(DeliveryError):
            await tokens.get()
        return time.monotonic()

    assert asyncio.run(scene()) - started < 0.5
    tokens.close()


def test_the_kind_of_registration_decides_who_is_asked() -> None:
    single = credentials(Registration("app", "SingleTenant", "tenant", Secret("invented")))
    assert isinstance(single, MicrosoftAppCredentials)
    assert single.oauth_endpoint.endswith("/tenant")  # the town's own tenant, never the shared one
    managed = credentials(Registration("app", "UserAssignedMSI", "tenant", None))
    assert isinstance(managed, ManagedIdentityAppCredentials)
    assert credentials(None) is None
    assert asyncio.run(Tokens(None).get()) is None


def test_the_login_service_is_asked_with_a_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, object] = {}

    class Application:
        def __init__(self, **options: object) -> None:
            seen.update(options)

        def acquire_token_silent(self, scopes: list[str], account: object) -> None:
            assert account is None
            assert scopes == ["https://api.botframework.com/.default"]

        def acquire_token_for_client(self, scopes: list[str]) -> dict[str, str]:
            assert scopes
            return {"access_token": "invented-token"}

    monkeypatch.setattr(module, "ConfidentialClientApplication", Application)
    source = credentials(Registration("app", "SingleTenant", "tenant", Secret("invented")))
    assert source is not None
    assert source.get_access_token() == "invented-token"
    assert seen["timeout"] == module.LOGIN_SECONDS
    assert seen["client_credential"] == "invented"
