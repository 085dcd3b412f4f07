"""Faults of a draft's make: what no author means to post."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator

from bot.drafts.text import DraftText, Span

_SIGN = r"[○〇●◯□△×✕*]"
_BLANK = rf"{_SIGN}{{1,4}}"
_TWICE = r"([○〇●◯□△×✕■])\1{1,5}"
_THING = "本文|写真|画像|リンク|url|タイトル|見出し|日時|日付|会場名|担当者?名|図|地図|説明文?|文章|電話番号|動画"
_NAME = "イベント名|会場名|氏名|担当者名|担当課名?|団体名|部署名|課名|講師名|店名|商品名|施設名|行事名|町名|地区名"

_SURE = re.compile(
    rf"{_BLANK}月\s?(?:{_BLANK}|\d{{1,2}})日|\d{{1,2}}月\s?{_BLANK}日|{_BLANK}年\s?(?:{_BLANK}|\d{{1,2}})月"
    rf"|\({_BLANK}\)\s?{_BLANK}時|{_SIGN}{{1,2}}時(?={_SIGN}{{1,2}}分|から|より|まで|開|~|半|ごろ|頃)|{_SIGN}{{1,3}}曜日"
    rf"|(?:令和|平成|第|午前|午後)\s?{_SIGN}{{1,3}}(?=[年回時])|(?<=[は約計])\s?{_SIGN}{{1,4}}(?=[名人円分]|時間|件|枚|台|組)"
    r"|(?:令和|平成)\s{1,6}年|(?<![0-9\s])\s{1,8}月\s{1,8}日|:\s{0,8}月\s{1,8}日"
    r"|(?<![a-z])x{2,4}(?=[月日時分年:])|(?<=\d)x{2}年|(?:x{2,4}|\d{2,4})-x{2,4}-x{2,4}|\d{2,4}-[○〇●◯×*]{2,4}-[○〇●◯×*]{2,4}"
    r"|/x{3,8}(?![a-z0-9])|_{3,20}|【\s{0,5}】|「\s{0,5}」|『\s{0,5}』|\(\s{1,5}\)|\[\s{0,5}\]"
    rf"|\{{\{{.{{0,20}}\}}\}}|[\[<{{](?:{_NAME}|{_THING})[\]>}}]|\((?:{_NAME})\)"
    r"|<[^<>\n]{0,10}(?:を入力|を記入|を入れ)[^<>\n]{0,5}>"
    rf"|[ここコ]{{2}}[にへ](?:{_THING})(?:を|が)?(?:入|挿|貼|記入|追加|差|[\]>】)\n]|$)(?![^。\n]{{0,8}}(?:ください|下さい))"
    r"|[(【\[〔<※][^()【】\[\]<>\n]{0,14}(?:要確認|要修正|要調整|後で|あとで|あとから|のちほど入|差し替え|仮置き|仮の|ダミー|未記入|"
    r"を入れる|を入れて|を挿入|を入力|ここに|tbd|todo)[^()【】\[\]<>\n]{0,10}[)】\]〕>※]"
    r"|(?<![a-z])(?:todo|tbd|tba|fixme)(?![a-z])|lorem ipsum|(?:ダミー|サンプル)(?:テキスト|文章)|(?:テキスト){3,6}"
    r"|(?:後で|あとで)(?:確認して|調べて)?(?:直す|入れる|書く|差し替える|追記する|埋める)(?=\s|$|[)】。])"
)
"""Blanks of a form left open: 2013 a city sent a prepared missile notice with its ○月○日 unfilled."""

_LIKELY = re.compile(
    rf"{_TWICE}(?=町|市|区|県|丁目|番地|課|係|室|部|様(?!々)|名|円|人|会|館|公民館|センター|保育|小学|中学|"
    r"高校|体育|ホール|ま[つち]り|祭|イベント|講座|講演|教室|大会|株式会社|通り|公園|まで|から(?!の)|より|です(?!$|か)|について|の件|"
    r"を開催|のお知らせ|にて|において|へお|\(|、|。)"
    rf"|(?<=[はのをが:])\s?{_TWICE.replace('1', '2')}(?=\s|$|です)"
    r"|(?:日時|会場|場所|定員|担当|電話|電話番号|申込先|問合せ先|締切|参加費|講師)\s?:\s{0,4}(?:\Z|(?=\n[^\n:]{2,6}:))"
)
"""Signs in pairs where a name belongs, labels with nothing behind them."""

_SPEAKS_OF = re.compile(
    "詐欺|かたる|かたり|騙る|装う|装っ|名乗|不審|という(?:電話|メール|sms|名前|人|手口|言い方|意味)|伏せ字|クイズ|パズル|例えば|たとえば|記入例|書き方|"
    "みたいに|って(?:言|いう|呼)"
)
"""Who speaks of such names in general means the signs: 「〇〇課の者です」という電話は詐欺です."""


def placeholders(draft: DraftText) -> Iterator[Span]:
    """Blanks that were never filled in, found in the text with its signs."""
    text, done = draft.masked, 0
    found = [match.span() for match in _SURE.finditer(text)]
    if not _SPEAKS_OF.search(text):
        found += [match.span() for match in _LIKELY.finditer(text)]
    for start, end in sorted(found):
        span = _kept(draft, start, end)
        if span[0] >= done and span[0] < span[1]:
            done = span[1]
            yield span


def _kept(draft: DraftText, start: int, end: int) -> Span:
    """The same stretch of `plain`; its neighbours where every sign of it was taken for an inserted one."""
    first, last = bisect_left(draft.kept, start), bisect_left(draft.kept, end)
    return (first, last) if first < last else (max(0, first - 1), min(len(draft.plain), last + 1))


STRUCTURES: dict[str, Callable[[DraftText], Iterator[Span]]] = {"placeholder": placeholders}
"""Every structural check by its name."""
