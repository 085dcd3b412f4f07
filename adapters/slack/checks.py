"""What `doctor` asks about Slack: kinds of tokens, and with a connection what Slack says to them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from slack_sdk.errors import SlackApiError

from adapters.slack.surface import scopes
from adapters.slack.webapi import SDK, UNREACHED, Slack
from bot.corpus.knowledge import Knowledge
from bot.directory import load_workspaces
from bot.remarks import Remark, doubtful, fine, wrong
from bot.settings import Settings

SKEW = 30.0
"""Seconds by which the clock may differ from Slack's; at 300 every signed request is refused."""
BOT, APP = "GUIDELINE_BOT_SLACK_BOT_TOKEN", "GUIDELINE_BOT_SLACK_APP_TOKEN"
SECRET = "GUIDELINE_BOT_SLACK_SIGNING_SECRET"  # noqa: S105  # a variable's name
ABOUT = "Slack"


@dataclass(frozen=True, slots=True)
class _Said:
    """What Slack said to a token: its error code, or who it is."""

    error: str | None
    body: Mapping[str, object]
    headers: Mapping[str, str]


def tokens(settings: Settings) -> Iterator[Remark]:
    """Whether what is set can be what it should be; asks nobody."""
    kinds = ((BOT, settings.slack_bot_token, "xoxb-"), (APP, settings.slack_app_token, "xapp-"))
    for variable, token, prefix in kinds:
        if token is not None and not token.startswith(prefix):
            yield wrong(ABOUT, f"{variable} は {prefix} で始まるトークンです。別の種類のトークンが入っています。")
    if settings.slack_bot_token is None:
        yield wrong(ABOUT, f"{BOT} がありません。ワークスペースにインストールすると発行されます。")
    if settings.slack_app_token is not None:
        yield fine(ABOUT, "Socket Mode で受け取ります（外からの接続は要りません）。")
        if settings.slack_signing_secret is not None:
            yield doubtful(ABOUT, f"アプリトークンがあるので、{SECRET} は使いません。")
    elif settings.slack_signing_secret is None:
        yield wrong(ABOUT, f"{APP}（Socket Mode）か {SECRET}（HTTP）のどちらかが必要です。")
    elif settings.url is None:
        yield doubtful(
            ABOUT, "HTTPで受け取ります。Slackに登録するアドレスのために GUIDELINE_BOT_URL も設定してください。"
        )
    else:
        yield fine(ABOUT, f"{settings.url}/slack/events で受け取ります。")


def service(settings: Settings) -> Iterator[Remark]:
    """What Slack says to the tokens: whose they are, which rights are missing, how far the clock is off."""
    if settings.slack_bot_token is None:
        return
    bot, app = asyncio.run(_asked(settings))
    if bot is None:
        yield wrong(
            ABOUT, f"{settings.slack_api} に届きません。プロキシ（HTTPS_PROXY）と許可リストを確かめてください。"
        )
        return
    if bot.error:
        yield wrong(ABOUT, f"{BOT} が受け付けられません（{bot.error}）。再インストールで発行し直せます。")
    else:
        yield fine(ABOUT, f"ワークスペース「{bot.body.get('team')}」（{bot.body.get('team_id')}）につながります。")
        yield from _rights(bot.headers)
        yield from _served(settings, str(bot.body.get("team_id")))
    yield from _clock(bot.headers)
    if app is not None and app.error:
        yield wrong(ABOUT, f"{APP} が受け付けられません（{app.error}）。権限 connections:write が要ります。")
    elif app is not None:
        yield fine(ABOUT, "Socket Mode の接続先を受け取れます。")


async def _asked(settings: Settings) -> tuple[_Said | None, _Said | None]:
    logging.getLogger(SDK).setLevel(logging.CRITICAL)
    slack = Slack(settings)
    try:
        bot = await _said(slack, "auth.test", None)
        app_token = str(settings.slack_app_token) if settings.slack_app_token else None
        app = await _said(slack, "apps.connections.open", app_token) if bot and app_token else None
        return bot, app
    finally:
        await slack.close()


async def _said(slack: Slack, method: str, token: str | None) -> _Said | None:
    """None where Slack cannot be reached."""
    headers = {"Authorization": f"Bearer {token}"} if token else None
    try:
        response = await slack.client.api_call(method, headers=headers)
    except SlackApiError as error:
        found = error.response
        if not hasattr(found, "get") or not found.get("error"):
            return None
        return _Said(str(found.get("error")), {}, getattr(found, "headers", {}) or {})
    except UNREACHED:
        return None
    return _Said(None, response.data if isinstance(response.data, dict) else {}, response.headers)


def _rights(headers: Mapping[str, str]) -> Iterator[Remark]:
    given = headers.get("x-oauth-scopes") or headers.get("X-OAuth-Scopes")
    if given is None:
        return
    missing = sorted(set(scopes()) - {one.strip() for one in given.split(",")})
    if missing:
        yield wrong(
            ABOUT,
            f"権限が足りません（{'、'.join(missing)}）。"
            "guideline-bot manifest slack の内容に直し、再インストールしてください。",
        )
    else:
        yield fine(ABOUT, "必要な権限がそろっています。")


def _served(settings: Settings, tenant: str) -> Iterator[Remark]:
    if settings.workspaces is None:
        return  # said by the check of the workspaces file
    listed = load_workspaces(settings.workspaces, Knowledge(settings.knowledge))
    if not any(one.platform == "slack" and one.tenant == tenant for one in listed):
        yield wrong(ABOUT, f"ワークスペース {tenant} が {settings.workspaces} にありません。質問に答えません。")


def _clock(headers: Mapping[str, str]) -> Iterator[Remark]:
    date = headers.get("date") or headers.get("Date")
    if date is None:
        return
    try:
        off = abs(time.time() - parsedate_to_datetime(date).timestamp())
    except ValueError:
        return
    if off > SKEW:
        yield doubtful(ABOUT, f"この機械の時計が{off:.0f}秒ずれています。5分を超えると、HTTPの署名がすべて拒まれます。")
