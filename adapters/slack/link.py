"""Socket Mode: Slack's WebSocket, through the town's proxy, watched."""

from __future__ import annotations

import time

from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.proxies import proxy_for

PING_SECONDS = 3
"""So that a line that died without a word is noticed, and replaced, within ten seconds."""
SILENT_SECONDS = 60.0
"""Without a pong for so long the connection counts as dead, whatever the client says of itself."""
REFUSALS = (
    "invalid_auth",
    "not_authed",
    "not_allowed_token_type",
    "account_inactive",
    "token_revoked",
    "token_expired",
)


class Link(SocketModeClient):
    """slack_sdk's client, with a proxy worked out for each address and a memory of what was refused."""

    def __init__(self, app_token: str, web: AsyncWebClient) -> None:
        super().__init__(app_token=app_token, web_client=web, logger=web.logger, ping_interval=PING_SECONDS)
        self.proxy = None  # the SDK's own choice heeds no NO_PROXY
        self.refused: str | None = None
        """Slack's code where it does not take the app token."""

    async def issue_new_wss_url(self) -> str:
        """A fresh address, and the proxy for it."""
        try:
            url = str(await super().issue_new_wss_url())
        except SlackApiError as error:
            code = str(error.response.get("error") or "") if hasattr(error.response, "get") else ""
            self.refused = code if code in REFUSALS else None
            raise
        self.refused = None
        self.proxy = proxy_for(url)
        return url

    def trouble(self) -> str | None:
        """None while the connection answers; else what is wrong with it."""
        if self.refused:
            return f"socket mode: {self.refused}"
        if self.current_session is None or self.current_session.closed:
            return "socket mode: not connected"
        if self.last_ping_pong_time is not None and time.time() - self.last_ping_pong_time > SILENT_SECONDS:
            return "socket mode: silent"
        return None
