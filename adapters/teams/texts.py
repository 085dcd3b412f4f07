"""What only this platform says: labels of its buttons, dialogs and lists. What the core says is in texts.yaml."""

from __future__ import annotations

CITED = "根拠: "
MORE = "続きを表示・隠す"
READ = "{locator} を読む"
COPY_TITLE = "引用をコピー"
READ_TITLE = "条項の全文"
COPY_LABEL = "引用の文"
GONE = "このボタンは、いまの版では使えません。お手数ですが、もう一度質問してください。"
SEARCH_START = "調べたいことばを入れてください（例: 写真、個人情報）"
SEARCH_NONE = "当てはまる条項は見つかりません。別のことばで試してください。"

HOME_TITLE = "質問のしかた"
CONTACTS_TITLE = "連絡先"
HOME_WORDS = frozenset({HOME_TITLE, "使い方", "つかいかた", "ヘルプ", "help", "はじめる"})
CONTACT_WORDS = frozenset({CONTACTS_TITLE, "問い合わせ先", "問合せ先", "お問い合わせ先"})
"""Messages that are commands when they stand alone; the first of each is in the manifest's command list."""
