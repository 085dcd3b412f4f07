"""The words of tables, exports and status pages; the same wherever a standing or a record is shown."""

from __future__ import annotations

from collections.abc import Mapping

from bot.enrolment import DeliveryState, Event, MessageKind

STANDING_COLUMNS = ("所属", "対象", "未開始", "受講中", "確認待ち", "修了", "休止・離脱", "未達")
TOTAL = "合計"
OTHERS = "その他（少人数の課）"
UNNAMED = "所属の記載なし"

REASONS: Mapping[str, str] = {
    "not_installed": "アプリがまだ入っていない",
    "no_direct_chat": "個別メッセージを開けない",
    "unknown_mail": "メールアドレスの人が見つからない",
    "users_not_found": "メールアドレスの人が見つからない",
    "user_not_found": "ユーザーIDの人が見つからない",
    "account_inactive": "アカウントが使われていない",
    "user_disabled": "アカウントが使われていない",
    "is_inactive": "アカウントが使われていない",
    "foreign": "ワークスペースのファイルにない",
    "missing_scope": "アプリの権限が足りない（doctor で確かめてください）",
    "timeout": "応答がない",
    "unconfirmed": "届いたか確認できない",
    "supervisor": "上司に連絡できない",
}
"""Why a message did not arrive, by the code that the outbox keeps."""

STATES: Mapping[DeliveryState, str] = {
    "ready": "送信待ち",
    "sending": "送信中",
    "sent": "送信済み",
    "unknown": "届いたか確認できない",
    "failed": "届かなかった",
    "cancelled": "取り消し",
}
"""What has become of the planned messages."""

EVENTS: Mapping[Event, str] = {
    "enrolled": "登録",
    "sent": "送信",
    "opened": "レッスンを開いた",
    "answered": "確認テストに回答",
    "acknowledged": "読み、理解したと確認",
    "paused": "中断",
    "resumed": "再開",
    "left": "本人が離脱",
    "stopped": "停止",
    "renewed": "改正による再受講",
    "purged": "個人情報を抹消",
}

SENT: Mapping[MessageKind, str] = {
    "lesson": "レッスンを送信",
    "reminder": "お知らせを送信",
    "supervisor": "上司への連絡を送信",
}


def reason_in_words(reason: str) -> str:
    """Why a message did not arrive; a code that has no words yet is shown itself, for whoever runs the bot."""
    return REASONS.get(reason, f"届けられなかった（{reason}）" if reason else "届けられなかった")
