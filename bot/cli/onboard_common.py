"""What the verbs of `onboard` share: which workspace, and how a job's outcome reads."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.corpus.knowledge import Knowledge
from bot.directory import Workspace, load_workspaces
from bot.errors import SettingsError
from bot.onboarding.jobs import Done
from bot.onboarding.roster import UserId
from bot.settings import Settings, variable

_USER_IDS = {
    "slack": (str.upper, re.compile(r"[UW][A-Z0-9]{5,20}")),
    "teams": (str.lower, re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")),
}


def user_id_of(platform: str) -> UserId:
    """How a user id of the platform is read from a roster."""
    spelled, shape = _USER_IDS[platform]

    def read(text: str) -> str | None:
        return spelled(text) if shape.fullmatch(spelled(text)) else None

    return read


def workspaces(settings: Settings, knowledge: Knowledge, named: str | None) -> Sequence[Workspace]:
    """The workspace that is named, else all of them. Raises SettingsError (E223) where there is none."""
    if settings.workspaces is None:
        raise SettingsError(
            "E223",
            f"{variable('workspaces')} がありません。ワークスペースのファイルを設定してください。",
            f"{variable('workspaces')} is not set.",
        )
    found = load_workspaces(settings.workspaces, knowledge)
    chosen = [one for one in found if named in (None, one.tenant)]
    if not chosen:
        known = "、".join(one.tenant for one in found) or "（なし）"
        raise SettingsError(
            "E223",
            f"ワークスペース「{named or ''}」は {settings.workspaces} にありません（あるのは {known}）。",
            f"no such workspace; known: {', '.join(one.tenant for one in found) or '(none)'}.",
        )
    return chosen


def workspace(settings: Settings, knowledge: Knowledge, named: str | None) -> Workspace:
    """The workspace that is named, else the only one. Raises SettingsError (E223) where none of these decides."""
    found = workspaces(settings, knowledge, named)
    if len(found) > 1:
        known = "、".join(f"{one.tenant}（{one.platform} {one.org}）" for one in found)
        raise SettingsError(
            "E223",
            f"ワークスペースを --workspace で指定してください。使えるのは: {known}",
            f"name the workspace with --workspace; known: {', '.join(one.tenant for one in found)}.",
        )
    return found[0]


def outcome(done: Done, lang: str) -> str:
    """What came of a job, on one line."""
    count = done.counts
    if done.japanese:
        return done.english if lang == "en" else done.japanese
    match done.kind:
        case "import":
            mails = count.get("mails", 0)
            shared = f"メールが別の登録者のものだった{mails}人は、IDだけで登録しています。" if mails else ""
            return f"{count['new']}人を登録しました（登録済み {count['known']}人）。{shared}"
        case "remind":
            again = f"届かなかったメッセージ {count['again']}件を送り直します。" if count["again"] else ""
            if not count["reminded"]:
                return f"いま知らせる相手はいません。{again}"
            return f"{count['reminded']}人にお知らせを送ります（同じ日に2度は送りません）。{again}"
        case _:
            return "個人情報を消しました。"
