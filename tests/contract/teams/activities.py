"""Activities as Teams sends them.

Shapes: Microsoft's reference of the Bot Framework Activity and of Teams' channelData (message, conversationUpdate,
installationUpdate, composeExtension/query, task/fetch); FeedbackLoopData of the Agents SDK's reference for
message/submitAction; what the Agents Playground recorded (reference/platforms.md 1.3). None comes from a real tenant.
"""

from __future__ import annotations

from typing import Any

from tests.contract.teams.fakes import APP_ID, TENANT, Platform

BOT = {"id": f"28:{APP_ID}", "name": "ガイドラインbot"}
PERSON = {"id": "29:1person", "name": "旭川 花子", "aadObjectId": "00000000-0000-4000-8000-000000000001"}
PERSONAL = "a:1personal"
GROUP = "19:group@thread.v2"
CHANNEL = "19:general@thread.tacv2"
BIBAI_CHANNEL = "19:bibai@thread.tacv2"
OFFICE_CHANNEL = "19:kouhou@thread.tacv2"


def activity(platform: Platform, kind: str, /, **fields: Any) -> dict[str, Any]:
    """What every activity has."""
    return {
        "type": kind,
        "id": "1700000000001",
        "timestamp": "2026-11-21T01:23:45.678Z",
        "channelId": "msteams",
        "serviceUrl": platform.service_url,
        "from": PERSON,
        "recipient": BOT,
        "conversation": {"conversationType": "personal", "tenantId": TENANT, "id": PERSONAL},
        "channelData": {"tenant": {"id": TENANT}},
        "locale": "ja-JP",
        **fields,
    }


def message(platform: Platform, said: str, /, **fields: Any) -> dict[str, Any]:
    """A message in the direct chat."""
    return activity(platform, "message", **{"text": said, "textFormat": "plain", **fields})


def mention() -> dict[str, Any]:
    return {"type": "mention", "mentioned": {"id": BOT["id"], "name": BOT["name"]}, "text": f"<at>{BOT['name']}</at>"}


def in_channel(platform: Platform, said: str, channel: str = CHANNEL, /, **fields: Any) -> dict[str, Any]:
    """A post in a channel that mentions the bot, in the thread of message 5."""
    return message(
        platform,
        f"<at>{BOT['name']}</at> {said}",
        **{
            "entities": [mention(), {"type": "clientInfo", "locale": "ja-JP", "country": "JP", "platform": "Windows"}],
            "conversation": {"conversationType": "channel", "tenantId": TENANT, "isGroup": True,
                             "id": f"{channel};messageid=5"},
            "channelData": {"tenant": {"id": TENANT}, "channel": {"id": channel}, "team": {"id": CHANNEL},
                            "teamsChannelId": channel},
            **fields,
        },
    )  # fmt: skip


def in_group(platform: Platform, said: str, /, **fields: Any) -> dict[str, Any]:
    """A message in a group chat that mentions the bot."""
    return message(
        platform,
        f"<at>{BOT['name']}</at>&nbsp;{said}",
        entities=[mention()],
        conversation={"conversationType": "groupChat", "tenantId": TENANT, "isGroup": True, "id": GROUP},
        **fields,
    )


def invoke(platform: Platform, name: str, value: object, **fields: Any) -> dict[str, Any]:
    return activity(platform, "invoke", id="f:1invoke", name=name, value=value, **fields)


def search(platform: Platform, words: str, parameter: str = "words") -> dict[str, Any]:
    value = {"commandId": "searchClauses", "parameters": [{"name": parameter, "value": words}],
             "queryOptions": {"skip": 0, "count": 25}}  # fmt: skip
    return invoke(platform, "composeExtension/query", value)


def fetch(platform: Platform, data: object) -> dict[str, Any]:
    return invoke(platform, "task/fetch", {"data": data, "context": {"theme": "default"}})


def feedback(platform: Platform, reaction: str, message_id: str) -> dict[str, Any]:
    value = {"actionName": "feedback", "actionValue": {"reaction": reaction, "feedback": '{"feedbackText":""}'}}
    return invoke(platform, "message/submitAction", value, replyToId=message_id)
