"""Labels that only Slack's surfaces need; all else the bot says comes in cards."""

from __future__ import annotations

APP_NAME = "ガイドラインの窓口"
APP_DESCRIPTION = "ソーシャルメディア利用ガイドラインについての質問に、条項の原文と担当課でお答えします。"
AGENT_DESCRIPTION = "ガイドラインについて知りたいことを、ふだんのことばで書いてください。条項を原文のまま示します。"
COMMAND_DESCRIPTION = "ガイドラインについて質問する（答えは自分にだけ見えます）"
COMMAND_HINT = "公式で写真を載せるときの注意は？"
SHORTCUT_MESSAGE = "この投稿について聞く"
SHORTCUT_MESSAGE_DESCRIPTION = "この投稿の文をもとに、ガイドラインについて質問します"
SHORTCUT_GLOBAL = "ガイドラインについて質問"
SHORTCUT_GLOBAL_DESCRIPTION = "質問を入力する画面を開きます"

ASK_TITLE = "ガイドラインについて質問"
ASK_LABEL = "質問"
ASK_HINT = "質問の文は、この画面を閉じると残りません。個人名や電話番号は書かないでください。"
ASK_PLACEHOLDER = "例: 公式で写真を載せるときの注意は？"
ASK_SUBMIT = "質問する"
CLOSE = "閉じる"

CHECK_COMMAND_DESCRIPTION = "投稿する前の下書きを点検する（結果は自分にだけ見えます）"
CHECK_COMMAND_HINT = "公式 下書きの文章（何も書かずに送ると入力画面が開きます）"
CHECK_SHORTCUT = "下書きを点検"
CHECK_MESSAGE_DESCRIPTION = "この投稿の文と画像を、ガイドラインに照らして点検します（結果は自分にだけ見えます）"
CHECK_GLOBAL_DESCRIPTION = "下書きを入力する画面を開きます"
CHECK_TITLE = "下書きの点検"
CHECK_WAITING = "点検しています。しばらく待っても結果が出ないときは、もう一度「点検する」を押してください。"
CHECK_AGAIN = "欄の下書きを直して「点検する」を押すと、もう一度点検します。"
CHECK_CUT = (
    "下書きは全部で{length:,}文字ありますが、この画面に入るのは{most:,}文字までです。"
    "はじめの{most:,}文字だけを入れました。残りは、分けて点検してください。"
)
CHECK_CUT_PAGE = "全部をまとめて点検するときは、ウェブの画面をお使いください。"
CHECK_PAGE = "ウェブの画面で点検"
CHECK_PICTURES = "添えられた画像 {count}枚も点検の対象です。"
CHECK_PICTURES_LEFT = (
    "画像 {count}枚は点検の対象になりません（JPEG・PNG・WebP・GIF・TIFF・HEIC、1枚 25 MiB、10枚まで）。"
)
CHECK_PICTURES_MISSED = (
    "画像 {count}枚は読み込めず、点検していません。"
    "ボットがチャンネルにいないときは、招待してから、もう一度点検してください。"
)

ANSWER_TITLE = "回答"
CLAUSE_TITLE = "条項"
COPY_TITLE = "引用をコピー"
CONTACTS_TITLE = "問い合わせ先"
NOTICE_TITLE = "お知らせ"

READ_ALL = "全文を読む"
READ = "読む"
ORIGINAL = "公表元の文書を開く"
RATE_UP, RATE_DOWN = "👍", "👎"
RATE_UP_LABEL, RATE_DOWN_LABEL = "役に立った", "役に立たなかった"

ASKED = "質問: {question}"
SHARED_BY = " さんが共有しました"
SHARE_FAILED = (
    "このチャンネルには共有できませんでした。ボットがチャンネルにいないときは、招待してから、もう一度押してください。"
)
SHARE_LATER = "いまは共有できませんでした。少し待ってから、もう一度押してください。"
SHARE_UNSURE = (
    "共有できたか確かめられませんでした。チャンネルに出ていないときは、1分ほど待ってから、もう一度押してください。"
)
SHARE_AGAIN = (
    "この回答は、さきほど共有しました。チャンネルに出ていないときは、1分ほど待ってから、もう一度押してください。"
)
ASKED_BY = " さんへ、直接お返事をお願いします。"
SHORTENED = "長いため、ここまでを表示しています。"
ALARM = "⚠️ "
