"""The platform's side of a turn: botbuilder's adapter over clients that are kept, and one session that sends.

The SDK's own path builds two clients a turn (7 ms) and sends through blocking threads for up to 100 s; only its
plumbing is replaced here: credentials, transport and the cache. Turns, contexts and operations are the SDK's.
"""

from __future__ import annotations

import json
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import aiohttp
from botbuilder.core import TurnContext  # type: ignore[import-untyped]
from botbuilder.integration.aiohttp import CloudAdapter  # type: ignore[import-untyped]
from botbuilder.schema import Activity, ConversationParameters  # type: ignore[import-untyped]
from botframework.connector import AsyncBfPipeline  # type: ignore[import-untyped]
from botframework.connector.aio import ConnectorClient  # type: ignore[import-untyped]
from botframework.connector.auth import (  # type: ignore[import-untyped]
    AuthenticateRequestResult,
    BotFrameworkAuthentication,
    ClaimsIdentity,
    ConnectorFactory,
)
from msrest import Serializer
from msrest.pipeline import Request, Response, SansIOHTTPPolicy
from msrest.pipeline.async_abc import AsyncHTTPSender

from adapters.intake import DeliveryError
from adapters.teams.config import ServiceUrls
from adapters.teams.credentials import Tokens
from adapters.teams.messages import FINISHED

SEND_SECONDS = 10.0
MOST_CLIENTS = 32
LATER = {401: 60.0, 408: 5.0, 412: 2.0, 429: 5.0, 500: 10.0, 502: 2.0, 503: 10.0, 504: 2.0}
"""Answers after which another try may help, and how long to wait where the platform does not say."""
LONGEST_WAIT = 3600.0


class _Sender(AsyncHTTPSender[Any, Any]):
    """Sends through one aiohttp session with the bot's token; refusals of the platform become DeliveryError."""

    def __init__(self, session: aiohttp.ClientSession, tokens: Tokens) -> None:
        self._session = session
        self._tokens = tokens

    async def __aexit__(self, *_details: object) -> None:
        """The session belongs to the front."""

    async def send(self, request: Request[Any], **_config: Any) -> Response[Any, Any]:
        asked = request.http_request
        # The SDK writes six bytes for a Japanese character; the platform counts bytes.
        body = json.dumps(json.loads(asked.data), ensure_ascii=False).encode() if asked.data else None
        headers = {name: value for name, value in asked.headers.items() if name.lower() != "content-length"}
        token = await self._tokens.get()
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        limit = aiohttp.ClientTimeout(total=SEND_SECONDS)
        try:
            async with self._session.request(
                asked.method, asked.url, data=body, headers=headers, allow_redirects=False, timeout=limit
            ) as answer:
                text = await answer.read()
                if not 200 <= answer.status < 300:
                    raise self._refused(answer.status, answer.headers)
        except TimeoutError:
            raise DeliveryError("timeout", 5.0) from None
        except aiohttp.ClientError as error:
            raise DeliveryError(type(error).__name__, 5.0) from None
        json_there = answer.content_type == "application/json"
        return Response(request, _Reply(answer.status, answer.headers, text if json_there else b""))

    def _refused(self, status: int, headers: Mapping[str, str]) -> DeliveryError:
        if status == 401:
            self._tokens.drop()
        wait = LATER.get(status)
        if wait is not None:
            # Jitter: many answers refused at once must not come back at once.
            wait = _seconds(headers.get("Retry-After")) or wait * (1 + secrets.randbelow(1000) / 1000)
        return DeliveryError(f"http {status}", wait)


class _Reply:
    """An answer of the platform as msrest reads it."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.status_code = status
        self.headers = headers
        self.reason = ""
        self._body = body

    def body(self) -> bytes:
        return self._body

    def text(self, encoding: str = "utf-8") -> str:
        return self._body.decode(encoding, "replace")


class Connectors(ConnectorFactory):  # type: ignore[misc]
    """One client for each service address, made once."""

    def __init__(self, session: aiohttp.ClientSession, tokens: Tokens, urls: ServiceUrls) -> None:
        self._session = session
        self._tokens = tokens
        self._urls = urls
        self._clients: OrderedDict[str, ConnectorClient] = OrderedDict()

    async def create(self, service_url: str, audience: str | None = None) -> ConnectorClient:  # noqa: ARG002  # SDK's
        """The client of a service address. Raises DeliveryError for one that is not trusted (any more)."""
        client = self._clients.get(service_url)
        if client is None:
            if not self._urls.trusted(service_url):
                raise DeliveryError("service address", None)
            client = ConnectorClient(
                SansIOHTTPPolicy(),  # in place of credentials, which the client insists on: the sender has them
                base_url=service_url,
                pipeline_type=AsyncBfPipeline,
                sender=_Sender(self._session, self._tokens),
            )
            _spare(client.conversations._serialize)  # noqa: SLF001  # the SDK has no other way to it
            self._clients[service_url] = client
            if len(self._clients) > MOST_CLIENTS:
                self._clients.popitem(last=False)
        self._clients.move_to_end(service_url)
        return client


def _spare(serializer: Serializer) -> None:
    """Let the SDK's serializer pass over what is finished, and not validate what it made itself."""
    serializer.client_side_validation = False
    serializer.serialize_type[FINISHED] = lambda data, **_options: data


class _Authentication(BotFrameworkAuthentication):  # type: ignore[misc]
    """Who is let in is decided before the adapter is called; it never decides itself."""

    def __init__(self, connectors: Connectors) -> None:
        self._connectors = connectors

    async def authenticate_request(self, activity: Activity, auth_header: str) -> AuthenticateRequestResult:  # noqa: ARG002  # SDK's
        raise PermissionError

    async def authenticate_streaming_request(self, auth_header: str, channel_id_header: str) -> None:  # noqa: ARG002  # SDK's
        raise PermissionError

    def create_connector_factory(self, claims_identity: ClaimsIdentity) -> ConnectorFactory:  # noqa: ARG002  # SDK's
        return self._connectors

    async def create_user_token_client(self, claims_identity: ClaimsIdentity) -> None:
        """Nobody signs in through this bot."""


class Adapter(CloudAdapter):  # type: ignore[misc]
    """botbuilder's adapter with our own door and our own transport."""

    def __init__(self, connectors: Connectors, app_id: str) -> None:
        super().__init__(_Authentication(connectors))
        self._connectors = connectors
        self._app_id = app_id

    def let_in(self, claims: Mapping[str, Any]) -> AuthenticateRequestResult:
        """What the turn pipeline needs to know of a caller whose token was checked."""
        result = AuthenticateRequestResult()
        result.claims_identity = ClaimsIdentity(dict(claims), is_authenticated=True)
        result.connector_factory = self._connectors
        return result

    async def send(self, towards: Activity, message: Activity) -> str:
        """Send a message into the conversation of `towards`, as a reply to it where it has an id; the message's id.

        Raises DeliveryError.
        """
        sent: list[str] = []

        async def turn(context: TurnContext) -> None:
            response = await context.send_activity(message)
            sent.append(str(response.id or "") if response else "")

        await self.process_proactive(self.create_claims_identity(self._app_id), towards, None, turn)
        return sent[0]

    async def start_thread(self, service_url: str, parameters: ConversationParameters) -> None:
        """Open a conversation with its first message in it, as a post in a channel. Raises DeliveryError."""

        async def nothing_more(_context: TurnContext) -> None:
            """The first message is in the parameters."""

        await self.create_conversation(
            self._app_id, nothing_more, parameters, channel_id="msteams", service_url=service_url
        )


def _seconds(text: str | None) -> float | None:
    """Retry-After in seconds; None where it is a date or nothing."""
    if text is None or not text.isascii() or not text.isdecimal():
        return None
    return min(float(text), LONGEST_WAIT)
