"""Planned messages into people's direct chats in Slack, each marked so that it can be found again."""

from __future__ import annotations

from typing import Any

from adapters.intake import DeliveryError
from adapters.sender import BlindError
from adapters.slack.sending import QUIET, Poster
from adapters.slack.webapi import AGAIN, Slack
from bot.blocks import Card

EVENT = "guideline_bot_delivery"
"""The type of the metadata that our messages carry. Whoever may read the chat may read it: it holds a token alone."""
GONE = ("user_disabled",)
"""What Slack says of somebody whose account was closed."""
BLIND = (
    "missing_scope",
    "no_permission",
    "not_allowed_token_type",
    "method_not_supported_for_channel_type",
    "access_denied",
    "team_access_not_granted",
    "channel_not_found",
)
"""Refusals to look that no patience mends."""
MARGIN = 300.0
"""Seconds by which Slack's clock may be behind ours."""
PAGE, PAGES = 200, 5
"""A look reads so many messages; in a chat where more were written since, it finds nothing certain."""
LOST = ("channel_not_found", "is_archived")
"""What Slack says of a chat that was kept and is there no more."""


class SlackCarrier:
    """Sends for the one workspace whose token we have; see the port. `team`: that workspace, once known and served."""

    def __init__(self, slack: Slack, poster: Poster) -> None:
        self._slack = slack
        self._poster = poster
        self.team = ""

    async def resolve(self, tenant: str, mail: str) -> str | None:
        """See the port."""
        await self._allowed(tenant)
        try:
            answer = await self._slack.bulk("users.lookupByEmail", email=mail)
        except DeliveryError as error:
            if error.reason in ("users_not_found", "user_not_found"):
                return None
            raise _before(error) from None
        return _text(answer.get("user"), "id") or None

    async def deliver(self, tenant: str, user: str, card: Card, token: str) -> str:
        """See the port. The chat is opened and kept beforehand: only one call may leave us in doubt."""
        await self._allowed(tenant)
        rendered = self._poster.rendered(card)
        channel = await self._channel(tenant, user)
        metadata = {"event_type": EVENT, "event_payload": {"key": token}}
        body = {"text": rendered.text, "blocks": rendered.blocks, "metadata": metadata, **QUIET}
        try:
            answer = await self._slack.bulk("chat.postMessage", channel=channel, **body)
        except DeliveryError as error:
            if error.reason in LOST:  # the next try opens it anew
                await self._poster.lost(tenant, user)
                raise DeliveryError(error.reason, AGAIN) from None
            raise
        return _text(answer, "ts")

    async def arrived(self, tenant: str, user: str, token: str, since: float) -> str | None:
        """See the port."""
        await self._allowed(tenant)
        wanted: dict[str, Any] = {"oldest": f"{since - MARGIN:.6f}", "include_all_metadata": 1, "limit": PAGE}
        wanted["channel"] = await self._channel(tenant, user)
        for _ in range(PAGES):
            try:
                answer = await self._slack.bulk("conversations.history", **wanted)
            except DeliveryError as error:
                if error.reason in BLIND:
                    raise BlindError from None
                raise _before(error) from None
            found = next((ts for one in _list(answer.get("messages")) if (ts := _ours(one, token))), None)
            if found or not answer.get("has_more"):
                return found
            wanted["cursor"] = _text(answer.get("response_metadata"), "next_cursor")
            if not wanted["cursor"]:
                break
        raise BlindError

    async def _allowed(self, tenant: str) -> None:
        if not self.team:
            raise DeliveryError("not_started", AGAIN, concerns="platform")
        if tenant != self.team:
            raise DeliveryError("foreign")
        await self._poster.allowed(tenant)

    async def _channel(self, tenant: str, user: str) -> str:
        """The direct chat with a person. Raises DeliveryError, of which none leaves a doubt."""
        try:
            return await self._poster.channel(tenant, user, bulk=True)
        except DeliveryError as error:
            raise _before(error) from None


def _before(error: DeliveryError) -> DeliveryError:
    """The failure of a call that posts nothing: however it ended, no message has arrived."""
    concerns = "person" if error.reason in GONE else error.concerns
    return DeliveryError(error.reason, error.retry_after, concerns=concerns)


def _ours(message: object, token: str) -> str:
    """The id of a message that carries this token, empty for another."""
    metadata = message.get("metadata") if isinstance(message, dict) else None
    payload = metadata.get("event_payload") if isinstance(metadata, dict) else None
    return _text(message, "ts") if _text(payload, "key") == token else ""


def _text(found: object, name: str) -> str:
    value = found.get(name) if isinstance(found, dict) else None
    return value if isinstance(value, str) else ""


def _list(found: object) -> list[Any]:
    return found if isinstance(found, list) else []
