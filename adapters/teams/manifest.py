"""The app's manifest and package for Teams, made from the settings and from what the code serves."""

from __future__ import annotations

import io
import json
import zipfile
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, UUID, uuid5

from adapters.teams.drafts import COMMAND_ID
from adapters.teams.icons import ACCENT, color, outline
from adapters.teams.texts import CHECK_COMMAND, CHECK_TITLE, CONTACTS_TITLE, HOME_TITLE
from bot.errors import SettingsError
from bot.settings import Settings, variable

VERSION = "1.23"
SCOPES = ("personal", "team", "groupChat")
SHORT = "ガイドラインbot"
FULL = "ソーシャルメディアガイドラインbot"
ABOUT = "ソーシャルメディアの利用に関するガイドラインについて、条項を原文のままお答えします。"
LONG = (
    "職員がソーシャルメディアを使うときの決まりについて質問すると、団体のガイドラインから当てはまる条項を探し、"
    "原文のまま、条番号・文書名・日付・担当課を添えて示します。答えを作文することはありません。"
    "規定が見つからないときは、そのとおりお伝えし、問い合わせ先を示します。\n\n"
    "1対1のチャット、グループチャット、チャネル（メンション）で使えます。"
    "メッセージを書く欄の検索からは、条項を選んで投稿に添えられます。\n\n"
    "投稿する前の下書きを点検することもできます。下書きは点検にだけ使い、保存しません。"
)


def manifest(settings: Settings) -> dict[str, Any]:
    """The manifest. Raises SettingsError where the app id or the https address of the page is missing."""
    app_id, url = _app_id(settings), _url(settings)
    return {
        "$schema": f"https://developer.microsoft.com/json-schemas/teams/v{VERSION}/MicrosoftTeams.schema.json",
        "manifestVersion": VERSION,
        "version": _version(),
        "id": str(uuid5(NAMESPACE_URL, f"guideline-bot:{app_id}")),
        "localizationInfo": {"defaultLanguageTag": "ja-jp"},
        "developer": {"name": FULL, "websiteUrl": url, "privacyUrl": f"{url}/about", "termsOfUseUrl": f"{url}/about"},
        "name": {"short": SHORT, "full": FULL},
        "description": {"short": ABOUT, "full": LONG},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": ACCENT,
        "bots": [
            {
                "botId": app_id,
                "scopes": list(SCOPES),
                "isNotificationOnly": False,
                "supportsCalling": False,
                "supportsVideo": False,
                "supportsFiles": False,
                "commandLists": [{"scopes": list(SCOPES), "commands": _commands()}],
            }
        ],
        "composeExtensions": [{"botId": app_id, "commands": [_search(), _check()]}],
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [urlsplit(url).netloc],
        "defaultInstallScope": "personal",
    }


def package(settings: Settings) -> bytes:
    """The app package, a zip of the manifest and its icons, the same bytes for the same settings."""
    text = json.dumps(manifest(settings), ensure_ascii=False, indent=2) + "\n"
    files = {"manifest.json": text.encode(), "color.png": color(), "outline.png": outline()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _commands() -> list[dict[str, str]]:
    return [
        {"title": HOME_TITLE, "description": "このbotでできることと、質問の例を見る"},
        {
            "title": CHECK_TITLE,
            "description": "投稿する前の下書きを、ガイドラインに照らして点検する（1対1のチャットで）",
        },
        {"title": CONTACTS_TITLE, "description": "ガイドラインの問い合わせ先を見る"},
    ]


def _search() -> dict[str, Any]:
    parameter = {
        "name": "words",
        "title": "さがすことば",
        "description": "例: 写真、個人情報、炎上",
        "inputType": "text",
    }
    return {
        "id": "searchClauses",
        "type": "query",
        "title": "条項をさがす",
        "description": "条項をさがして、投稿に添える",
        "context": ["compose", "commandBox"],
        "initialRun": True,
        "parameters": [parameter],
    }


def _check() -> dict[str, Any]:
    return {
        "id": COMMAND_ID,
        "type": "action",
        "title": CHECK_COMMAND,
        "description": "投稿する前の文章を、ガイドラインに照らして点検する",
        "context": ["compose", "commandBox", "message"],
        "fetchTask": True,
    }


def _app_id(settings: Settings) -> str:
    try:
        return str(UUID(settings.teams_app_id or ""))
    except ValueError:
        name = variable("teams_app_id")
        raise SettingsError(
            "E213", f"{name} に、Azure Bot のアプリID（GUID）を書いてください。", f"{name} must be the app id, a GUID."
        ) from None


def _url(settings: Settings) -> str:
    if settings.url is None or not settings.url.startswith("https://"):
        name = variable("url")
        raise SettingsError(
            "E213",
            f"{name} に、職員から見える https のアドレスを書いてください（マニフェストに載せる必要があります）。",
            f"{name} must be the https address that staff reach; the manifest needs it.",
        )
    return settings.url


def _version() -> str:
    try:
        return version("guideline-bot")
    except PackageNotFoundError:  # run from a folder that was never installed
        return "0.0.1"
