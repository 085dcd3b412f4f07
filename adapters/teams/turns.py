"""botbuilder's turn behind our own door: who comes in was checked before, and what goes out goes through the sender."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botbuilder.integration.aiohttp import CloudAdapter  # type: ignore[import-untyped]
from botbuilder.schema import Activity  # type: ignore[import-untyped]
from botframework.connector.auth import (  # type: ignore[import-untyped]
    AuthenticateRequestResult,
    BotFrameworkAuthentication,
    ClaimsIdentity,
    ConnectorFactory,
)


class _NoClient:
    """In place of the SDK's connector client, which takes 7 ms to build. Whoever sends through it finds no method."""


class _NoClients(ConnectorFactory):  # type: ignore[misc]
    """A turn accepts a request or answers an invoke; it sends nothing, but the SDK insists on a client."""

    async def create(self, service_url: str, audience: str | None = None) -> _NoClient:  # noqa: ARG002  # SDK
        """See above."""
        return _NoClient()


class _Authentication(BotFrameworkAuthentication):  # type: ignore[misc]
    """Who is let in is decided before the adapter is called; it never decides itself."""

    async def authenticate_request(self, activity: Activity, auth_header: str) -> AuthenticateRequestResult:  # noqa: ARG002  # SDK's
        raise PermissionError

    async def authenticate_streaming_request(self, auth_header: str, channel_id_header: str) -> None:  # noqa: ARG002  # SDK's
        raise PermissionError

    def create_connector_factory(self, claims_identity: ClaimsIdentity) -> ConnectorFactory:  # noqa: ARG002  # SDK's
        return _NoClients()

    async def create_user_token_client(self, claims_identity: ClaimsIdentity) -> None:
        """Nobody signs in through this bot."""


class Adapter(CloudAdapter):  # type: ignore[misc]
    """botbuilder's adapter for callers whose token we checked."""

    def __init__(self) -> None:
        super().__init__(_Authentication())

    def let_in(self, claims: Mapping[str, Any]) -> AuthenticateRequestResult:
        """What the turn pipeline needs to know of a caller whose token was checked."""
        result = AuthenticateRequestResult()
        result.claims_identity = ClaimsIdentity(dict(claims), is_authenticated=True)
        result.connector_factory = _NoClients()
        return result
