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

CHECK_TITLE = "下書き点検"
CHECK_COMMAND = "下書きを点検"
CHOOSE = "どちらかを選んでください。"
WRITE = "点検する文章を入れてください。"
CHECK_LATE = "時間内に点検を終えられませんでした。少し待ってから、もう一度お試しください。"
CHECK_FAILED = "問題が起きて、点検できませんでした。少し待ってから、もう一度お試しください。"
CHECK_ELSEWHERE = (
    "下書きの点検は、ほかの人に見えないところで行います。下のボタンを押すと、あなただけに見える画面が開きます。"
    "1対1のチャットか、メッセージの「…」にある「下書きを点検」でもできます。"
)
CHECK_CUT = "長いので、先頭の{limit:,}文字だけを欄に入れています。残りは分けて点検してください。"
CHECK_PASTE = "文章が長いので、チャットの欄には入りません。下のボタンで開く画面に貼り付けてください。"
CHECK_PICTURES = "画像はここでは点検できません。投稿する元の画像ファイルを、点検ページで確かめてください。"
CHECK_PAGE = "点検ページを開く"
CHECK_PATH = "/check"
"""Where the page checks drafts and pictures."""
