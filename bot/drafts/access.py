"""What lets others in: passwords and keys, addresses within the house."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from bot.drafts.recognizing import Surroundings
from bot.drafts.text import DraftText, Span
from bot.drafts.views import address_view, apart

_SIGN = r"[ _.・★☆*-]{0,2}"
_WORD = f"w{_SIGN}o{_SIGN}r{_SIGN}d"
_SECRET = re.compile(
    rf"p{_SIGN}a{_SIGN}s{_SIGN}s(?:{_SIGN}(?:{_WORD}|w{_SIGN}d|code|phrase))?(?![a-z])"
    rf"|(?<![a-z])p{_SIGN}wd?(?![a-z])|(?<![a-z])pin(?:こうど|番号|code)?(?![a-z])"
    r"|ぱす(?:わあど|こうど|きい|ふれいず)|(?<![ぁ-んー])ぱす(?=[はが:=→「 ]{1,3}[a-z])"
    r"|(?:暗証|あんしよう)(?:番号|ばんごう)?|(?:鍵|かぎ)の(?:番号|こうど)|合い?(?:言葉|ことば)|あいことば"
    r"|(?:わいふあい|wi-?fi|無線(?:lan)?|暗号化|せきゆりてい|ろつく|解錠|開錠|きいぼつくす|ろつかあ|金庫|書庫|通用口|裏口|玄関"
    r"|入口|扉|おうとろつく)の?(?:ぱす|きい|鍵|暗号|番号|こうど|だいやる)(?:わあど|番号|こうど)?"
    r"|(?:入る|はいる|開ける|あける|ろぐいんする|ろぐいん|認証|解除)(?:とき|時)?の?(?:番号|こうど|暗号|数字)"
)
"""What a secret is called, in folded text."""

_WATCHWORD = re.compile("[合あ]い?(?:言葉|ことば)")
"""合言葉は「火の用心」 gives nothing away."""

_ACCOUNT = re.compile(
    rf"(?<![a-z0-9])(?:user{_SIGN})?i{_SIGN}d(?![a-z])|(?:ろぐいん|ゆうざあ|利用者)(?:id|名|ねいむ)"
    r"|(?<![a-z])ssid(?![a-z])|(?<![a-z])(?:user|login)(?:name)?(?![a-z])"
)
_JOIN = r"(?:は|が|も|:|=|→|⇒|➡|「|『|\"|'|\(|\)|【|】|・|…|-| |です|、|\n){1,8}"
_VALUE = re.compile(rf"{_JOIN}(?=[!-~]{{0,20}}[a-z0-9])[!-&*-~]{{4,64}}[」』)】]?")
_NEAR_VALUE = re.compile(rf"{_JOIN}[ぁ-ん一-鿿]{{1,6}}(?:{_JOIN})?(?=[a-z]{{0,20}}[0-9])[a-z0-9!#-&*+._@-]{{4,64}}")
_QUOTED = re.compile(r"[はが:=→ ]{1,3}[「『][^「」『』\n]{3,20}[」』]")
_ID_VALUE = re.compile(
    r"(?:は|[:=→⇒「]| ){1,3}(?:\d{3,4}[ -]\d{3,4}[ -]\d{3,4}|(?=[a-z0-9])[a-z0-9._@-]{3,40})(?![a-z0-9._@-])"
)
_TOLD = re.compile(
    r"(?:は|が|も|って|:|=|→|、| ){1,3}[^。!?\n]{0,24}?"
    r"(?:誕生日|たんじよう|生年月日|郵便番号|電話番号|電話の|番地|下の?[0-9四] ?(?:けた|桁)|(?:うしろ|後ろ) ?[0-9四]"
    r"|初期|最初の|そのまま|のまま|かえてま|変えてな|かわつてな|ろうまじ|ろうま字|なまえ|の名前|と同じ|とおなじ"
    r"|付箋|ふせん|貼つてあ|はつてあ|数字は)"
)
"""A secret told in words: it is the birthday, still the first one, the last four digits of the phone."""

_WARNS = re.compile(  # folded, as the text is
    "やめ|止め|避け|さけ|しよう|しないで|ないでく|ないよう|教えない|おしえない|注意|ちゆうい|危険|危ない|だめ|駄目|(?<![a-z])ng(?![a-z])|"
    "禁止|変更して|変更を|変えてくだ|設定して|設定を|推測|見直|使い回|つかいまわ|強く|複雑|[0-9]文字以上|桁以上|忘れ|わすれた|詐欺|"
    "聞き出|聞くこと|聞かれ|求め|問い合わせ|とは|申込|お持ちの|入力して|お手元|再発行|"
    "どこから|お知らせし|届い|送付|通知し|封書|初期化|必要|いりません|不要|なし"
)
_TOKEN = re.compile(
    r"xox[abeoprs]-[a-z0-9-]{8,64}|xapp-[a-z0-9-]{8,64}|(?<![a-z0-9])akia[0-9a-z]{12,20}|gh[opsur]_[a-z0-9]{16,64}|github_pat_[a-z0-9_]{16,64}"
    r"|glpat-[a-z0-9_-]{12,64}|(?<![a-z0-9])sk-[a-z0-9_-]{16,64}|aiza[a-z0-9_-]{30,40}|(?<![a-z0-9])eyj[a-z0-9_-]{10,64}\.[a-z0-9_-]{4,64}"
    r"|-----begin [a-z ]{0,30}private key-----|bearer [a-z0-9._-]{16,64}|hooks\.[s]lack\.com/services/[a-z0-9/]{8,64}"
)

_V4 = re.compile(r"(?<![\d.v])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\d.]\d|\d)")
_V6 = re.compile(r"(?<![0-9a-z:.])(?:::[0-9a-f]{1,4}|[0-9a-f]{1,4}:[0-9a-f:]{1,40})(?![0-9a-z])")
_FEWEST_COLONS = 3
_DIGIT = re.compile(r"\d")

_TLD_WITHIN = "local|lan|lgwan|intra|intranet|internal|corp|home|localdomain|localhost|priv|private"
_INTERNAL = re.compile(
    rf"[\\¥]{{2}}[a-z0-9._-]{{1,63}}(?:[\\¥/][^\s、。「」\\¥/ぁ-ん]{{1,64}}){{0,8}}"
    rf"|(?<![a-z0-9.-])(?:[a-z0-9_-]{{1,63}}\.){{1,4}}(?:{_TLD_WITHIN})(?![a-z0-9.-]{{0,20}}[a-z0-9])"
    rf"|(?<![a-z0-9.@-])(?:intra(?:net)?|lgwan|shanai|chonai|kanai|gw|groupware|fileserver\d{{0,3}}|portal-in)\.[a-z0-9.-]{{2,63}}"
    rf"|(?<![a-z0-9.-])(?:[a-z0-9_-]{{1,63}}\.){{1,4}}lgwan\.jp"
    rf"|(?<![a-z])(?:https?|hxxps?)://(?:localhost|10\.\d{{1,3}}\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|127\.)[^\s、。「」]{{0,64}}"
    rf"|(?<![a-z])(?:https?|hxxps?)://[a-z0-9_-]{{2,40}}(?::\d{{2,5}})?(?:/[^\s、。「」ぁ-ん]{{0,64}}|(?=[\s、。]|$))"
    rf"|(?<![a-z0-9])(?:fileserver|filesv|file-sv|fs|srv|sv|nas|ad|dc|db|web|ap|proxy|mail)(?:-?sv)?-?\d{{2,3}}(?:\.[a-z]{{2,10}})?(?=の(?:共有|ふぉるだ|フォルダ|サーバ|中)|[\\/]|サーバ)"
    rf"|(?<![a-z0-9])[a-z]:[\\¥][^\s、。「」]{{2,64}}"
)


def credential(draft: DraftText, _: Surroundings) -> Iterator[Span]:
    """Passwords, ids and keys that are told, in signs or in words; not talk about how to choose them."""
    return apart([*_secrets(draft), *(match.span() for match in _TOKEN.finditer(draft.plain))])


def ip_address(draft: DraftText, _: Surroundings) -> Iterator[Span]:
    """Addresses of computers, of both versions."""
    for span in apart(match.span() for pattern in (_V4, _V6) for match in pattern.finditer(draft.plain)):
        text = draft.plain[slice(*span)]
        grouped = text.count(":") >= _FEWEST_COLONS or "." in text or ("::" in text and _DIGIT.search(text))
        if grouped and _is_address(text):
            yield span


def internal_host(draft: DraftText, _: Surroundings) -> Iterator[Span]:
    r"""Names of machines within the house: \\server\share, *.local, LGWAN, private addresses as links."""
    view = address_view(draft)
    return apart(view.span(draft, *match.span()) for match in _INTERNAL.finditer(view.text))


def _secrets(draft: DraftText) -> Iterator[Span]:
    folded = draft.folded
    for match in _SECRET.finditer(folded):
        quoted = () if _WATCHWORD.match(match[0]) else (_QUOTED,)
        for pattern in (_VALUE, _NEAR_VALUE, *quoted, _TOLD):
            told = pattern.match(folded, match.end())
            if told and not _warns(draft, match.start(), told.end()):
                yield match.start(), told.end()
                break
    for match in _ACCOUNT.finditer(folded):
        told = _ID_VALUE.match(folded, match.end())
        if told and not _warns(draft, match.start(), told.end()):
            yield match.start(), told.end()


def _warns(draft: DraftText, start: int, end: int) -> bool:
    """Whether the sentence tells others what to do with their secrets rather than the secret."""
    begin, close = draft.sentences[draft.sentence_at(start)]
    return _WARNS.search(draft.folded, max(begin, start - 40), max(end, min(close, end + 40))) is not None


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
