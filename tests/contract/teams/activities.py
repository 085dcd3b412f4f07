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

DRAFT = "コメントが多いのでしばらく放置します。そのうち収まるでしょう"
"""The guideline of the workspace's town has something against it (flame-ignored)."""
HOSTILE = [
    "😀🎉👨‍👩‍👧",
    "あ" * 10_000,
    "😀" * 10_000,
    "\u202eabc\u2066def",
    "a\x00b\x07c",
    "<!channel> <at>all</at>",
    "**太字** [x](javascript:alert(1)) # 見出し",
    "${x} {{DATE(2026)}} #{y}",
    "<script>alert(1)</script><img src=x>",
    '{"type":"AdaptiveCard","version":"1.5","body":[{"type":"TextBlock","text":"x"}]}',
    '"\\\n' * 3_000,
    DRAFT + "<at>all</at>**太字**" + "放置します" * 500,
]
"""Drafts that could come alive or break something."""


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


def action(
    platform: Platform, step: str, /, data: object = None, content: str | None = None, **more: Any
) -> dict[str, Any]:
    """The compose extension's action, `fetchTask` or `submitAction`; with `content` called on a message of that HTML.

    After Microsoft's page on dialogs of message extensions (create-task-module) and MessagingExtensionAction.
    """
    value: dict[str, Any] = {"commandId": "checkDraft", "commandContext": "compose", "context": {"theme": "default"}}
    if data is not None:
        value["data"] = data
    if content is not None:
        value["commandContext"] = "message"
        value["messagePayload"] = {
            "id": "1611060744833",
            "body": {"contentType": "html", "content": content},
            "from": {"user": {"userIdentityType": "aadUser", "id": PERSON["aadObjectId"], "displayName": "旭川 花子"}},
            "mentions": [],
            "attachments": [],
            **more,
        }
    return invoke(platform, f"composeExtension/{step}", value)


def submit(platform: Platform, data: object) -> dict[str, Any]:
    """What a dialog that a card's button opened sends back."""
    return invoke(platform, "task/submit", {"data": data, "context": {"theme": "default"}})
