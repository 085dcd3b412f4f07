"""What `doctor` looks at for Teams: the registration, and whether the platform can be reached with it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from urllib.parse import urlsplit
from uuid import UUID

import aiohttp

from adapters.intake import DeliveryError
from adapters.teams.app import ENDPOINT
from adapters.teams.config import MANAGED_IDENTITY, METADATA
from adapters.teams.config import registration as registered
from adapters.teams.credentials import Tokens, credentials
from adapters.teams.tokens import KeyRing
from bot.remarks import Remark, doubtful, fine, wrong
from bot.settings import Settings, variable

ABOUT = "Teams"


def registration(settings: Settings) -> Iterator[Remark]:
    """The settings make a registration, and its ids look like ids."""
    found = registered(settings)
    if found is None:
        yield doubtful(ABOUT, "アプリIDがないので、この機械からの試用だけに応じます（相手を確かめません）")
        return
    yield fine(ABOUT, f"{found.app_type}、アプリID {found.app_id}")
    for field, text in (("teams_app_id", found.app_id), ("teams_tenant_id", found.tenant)):
        if not _guid(text):
            yield wrong(ABOUT, f"{variable(field)} がGUID（8-4-4-4-12桁）の形ではありません。")
    if found.app_type == MANAGED_IDENTITY and settings.teams_app_password is not None:
        yield doubtful(
            ABOUT, f"{MANAGED_IDENTITY} では {variable('teams_app_password')} は使いません。消してください。"
        )
    if settings.url is None or not settings.url.startswith("https://"):
        yield doubtful(ABOUT, f"{variable('url')} に https のアドレスがないと、アプリのマニフェストを作れません。")
    else:
        yield fine(
            ABOUT, f"Azure Bot のメッセージング エンドポイントは {settings.url}{ENDPOINT}（公開の入口から届くように）"
        )


def service(settings: Settings) -> Iterator[Remark]:
    """The signing keys can be fetched, and the login service gives the bot a token."""
    found = registered(settings)
    if found is None:
        return
    yield from asyncio.run(_reached(settings))


async def _reached(settings: Settings) -> list[Remark]:
    metadata = settings.teams_metadata or METADATA
    host = urlsplit(metadata).hostname
    ring, tokens, remarks = KeyRing(metadata), Tokens(credentials(registered(settings))), []
    async with aiohttp.ClientSession(trust_env=True) as session:
        if await ring.refresh(session):
            remarks.append(fine(ABOUT, f"署名鍵を取得できました（{host}）"))
        else:
            remarks.append(wrong(ABOUT, f"署名鍵を取得できません。{host} への通信（443番）を許可してください。"))
    try:
        await tokens.get()
    except DeliveryError as error:
        reason = f"ログインサービスからトークンを得られません（{error.reason}）"
        remarks.append(wrong(ABOUT, f"{reason}。アプリID・シークレット・テナントIDと、外への通信を確かめてください。"))
    else:
        remarks.append(fine(ABOUT, "送信用のトークンを得られました"))
    finally:
        tokens.close()
    return remarks


def _guid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
