"""Where people live and are: home addresses, birth dates that go with them, coordinates, one's present place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.drafts.quantities import DATE
from bot.drafts.recognizing import Surroundings
from bot.drafts.text import DraftText, Span
from bot.drafts.views import apart, digits_view, found, plain_span

_PLACE = r"[ぁ-ヺー々一-鿿]"
_BLOCK = re.compile(
    r"(?<!\d)\d{1,2} ?(?:丁目|ちょうめ|チョウメ) ?の?-? ?[\d十]{1,4}(?![\d時月年日:人名円分])"
    r"(?:-[\d十]{1,4}|の[\d十]{1,4}|番地?の?[\d十]{0,4}){0,3}号?"
    r"|(?<!\d)\d{1,5} ?番地(?:の?\d{1,4}(?![\d軒人戸件]))?(?:-\d{1,4}){0,2}"
    r"|(?<!\d)\d{1,3}番\d{1,3}号"
    r"|(?<=[町字区])の?\d{1,4}(?:の\d{1,4}|-\d{1,4}){1,2}(?![\d:年月日時人名円])"
    r"|(?<=の)\d{2,4}の\d{1,3}(?![\d一-鿿ぁ-ん])"
)
"""Block and house number, in `digits_view`."""

_FLAT = re.compile(
    r"(?:アパート|マンション|コーポ|ハイツ|ハイム|メゾン|レジデンス|荘|団地|住宅|寮|ビレッジ|棟|パレス|グランド)"
    r"[^\d。\n]{0,10}?(?:\d{1,2}号?棟)?[^\d。\n]{0,2}\d{2,4} ?(?:号室|号|室)"
)
_HOME_IS = re.compile(
    r"(?:自宅|ご自宅|実家|お?住まい|住所|お宅|家)(?:の?住所)?(?:は|が|:)[^。!?\n]{0,20}?"
    r"(?:(?<!\d)\d{1,4}(?:-|の)\d{1,3}(?!\d)|\d{1,2}丁目|\d{1,4}番|番地|条の|[町区字].{0,6}(?:角|隣|となり|裏|うら|向かい|むかい|奥))"
)
_DWELLING = re.compile(
    "自宅|実家|さん[のち宅]|様宅|様の|さん方|宅|住んで|住まい|お家|おうち|一人暮らし|ひとり暮らし|独居|アパート|マンション|号室|世帯|"
    "引っ越|新居|新婦|新郎|在住|氏の家"
)
_INSTITUTION = re.compile(
    "役場|役所|庁舎|会館|公民館|センター|[^本]館|ホール|体育|学校|小学|中学|高校|大学|保育|幼稚|公園|広場|警察|消防|病院|医院|クリニック|"
    "診療|薬局|店|会場|会社|(?:株)|支所|事務所|郵便局|所在地|工場|工事|通行止|交差|付近|停電|断水|先着|集合|駐車|神社|寺|教会|道の駅|温泉|"
    "旅館|ホテル|農園|牧場|事業所|窓口|本社|開催|〒|場所|収集|除雪|排雪|バス停|停留|宛|あて|送付|郵送|火災|地区の|地内|課|係|室(?!\\d)|組合|協会|財団|法人"
)
_BEFORE, _BEHIND = 26, 16
_LONGEST_TOWN = 9

_COORDINATES = re.compile(
    r"(?<![\d.])(?:n ?)?(?:[23]\d|4[0-6])\.\d{2,15}[°度]? ?n?[ ,、/;]{1,3}"
    r"e? ?1(?:2[2-9]|[34]\d|5[0-4])\.\d{2,15}[°度]?e?"
    r"|(?:北緯|緯度)[^\d\n]{0,4}\d{1,2}[°度.][^\n]{0,20}?(?:東経|経度)[^\d\n]{0,4}\d{2,3}(?:[°度.] ?\d{0,12})?"
    r"|(?<!\d)(?:2\d|3\d|4[0-6])[°度] ?\d{1,2}['′分][^\n]{0,16}?1[2-5]\d[°度] ?\d{1,2}['′分]"
)

_STOP = (
    r"(?:駅|市|町|村|店|園|館|湖|山|港|場|前|校|局|署|寺|神社|城|島|街|橋|海|宿|庁|ホテル|カフェ|モール|ランド|ホール|センター|ドーム"
    r"|スタジアム|スーパー|コンビニ|ジム|温泉|病院|居酒屋|ライブ|フェス|イオン|現地|役場|キャンプ|空港|ここ"
    r"|東京|札幌|大阪|福岡|京都|沖縄|名古屋|仙台|横浜|海外|実家|ハワイ|韓国|台湾)"
)
_ENDS = "(?<=[駅館園前港場湖町ムルェ])"
_NOW = re.compile(
    r"(?<=[ァ-ヺー一-鿿a-z0-9でに])(?<![行損伴賄担補償失購商])(?:なう|ナウ)(?![ぁ-んァ-ヺー])"
    rf"|(?:今|いま|イマ)(?!度|回|年|月|週|後|日は|のところ)[^。!?\n]{{0,24}}?(?:{_STOP}|[ァ-ヺー一-鿿]{{2}})[にでへ]"
    r"(?:います|いる(?![人方お皆とも場か])|おります|居ます|居る(?![人方])|来てい?ます|来てい?る(?![人方])|きてます|到着|着い"
    r"|向かって|飲んで|食べて|並んで|待って(?!お|い(?:る|ます)(?:か|方))|休憩)"
    rf"|{_STOP}[にへ](?:着きました|着いた(?![ら人方])|つきました|ついた[!~〜。]|到着(?!し(?:たら|次第|ない)|予定|時|順|す)"
    r"|来てます|来ています(?!が)|来てる(?![人方の])|きてる(?![人方])|やってきました|やって来ました|チェックイン|います[!。~〜])"
    rf"|(?:今|いま)[ 、]?(?!年|月|週|日|後|度|回|季)[一-鿿ァ-ヺーa-z]{{1,12}}{_ENDS}(?=[!〜~。\n]|$)"
    rf"|{_STOP}で(?:飲んでます|飲んでる(?![人方])|待機中|並んでます|並び中|待ってる[!~〜。])"
)

_BORN = re.compile(" ?(?:生まれ(?!変|故|つき|かわ)|うまれ|生(?![一-鿿きむみかえいごゴハビチク]))")
_YEAR_BORN = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d|(?:令和|平成|昭和|大正|明治|[rhst])\.?(?:元|[\d一二三四五六七八九十]{1,3}))年?"
    r"(?:\d{1,2}月)?(?=[ (]?(?:生|うまれ))"
)
_YEAR = re.compile(r"\d{4}|年|[rhst]")
_BIRTHDAY_CALLED = re.compile(
    r"(?:生年月日|誕生日|生まれた日|バースデー)(?:は|が|:|も|→|、| |\(){0,3}"
    r"(?:(?:19|20)\d\d[年/.-]|(?:令和|平成|昭和|大正|明治|[rhst])\.?(?:元|\d{1,2})[年/.-])?\d{1,2}[月/.-]\d{1,2}日?"
)
_COHORT = re.compile("[のにで]?(?:方|人|皆|お子|子|児|市民|町民|以降|以前|まで|から|[~〜]|が?対象)|の(?:男性|女性)")
"""Behind a birth date it makes it that of an age group: for whom a vaccination is, who may vote."""

_TOWN = re.compile(r"[一-鿿々ヶケ]{1,8}の?$")


def address(draft: DraftText, _: Surroundings) -> Iterator[Span]:
    """Homes: a block and house number, a flat, 「自宅は…」; not those that an institution's name stands beside."""
    view = digits_view(draft)
    spans = [view.span(draft, *match.span()) for match in _BLOCK.finditer(view.text)]
    homes = [_with_town(draft, span) for span in spans if _home(draft.plain, span)]
    flats = [_with_town(draft, span) for span in found(draft, _FLAT)]
    return apart([*homes, *flats, *(span for span in found(draft, _HOME_IS) if _home(draft.plain, span))])


def birth_date(draft: DraftText, _: Surroundings) -> Iterator[Span]:
    """Days or years somebody was born on; not those that tell which age groups are meant."""
    return apart([*_born(draft), *(match.span() for match in _BIRTHDAY_CALLED.finditer(draft.plain))])


def coordinates(draft: DraftText, _: Surroundings) -> Iterator[Span]:
    """Latitude and longitude of a place in Japan; not that of an earthquake."""
    for start, end in found(draft, _COORDINATES):
        if "震" not in draft.plain[max(0, start - _BEFORE) : start]:
            yield start, end


def where_now(draft: DraftText, _: Surroundings) -> Iterator[Span]:
    """Somebody's present place: 〜なう, 今〜にいます, 〜駅に着きました."""
    return found(draft, _NOW)


def _born(draft: DraftText) -> Iterator[Span]:
    for pattern in (DATE, _YEAR_BORN):
        for match in pattern.finditer(draft.plain):
            if match.end() >= len(draft.plain):
                continue
            born = _BORN.match(draft.masked, draft.kept[match.end() - 1] + 1)  # 3日生 東町: `plain` has no blank there
            end = plain_span(draft, born.start(), born.end())[1] if born else 0
            if born and _YEAR.search(match[0]) and not _COHORT.match(draft.plain, end):
                yield match.start(), end


def _home(plain: str, span: Span) -> bool:
    line = plain.rfind("\n", 0, span[0]) + 1
    before = plain[max(line, span[0] - _BEFORE) : span[0]]
    behind = plain[span[1] : span[1] + _BEHIND].partition("\n")[0]
    if any(_DWELLING.search(part) for part in (before, plain[slice(*span)], behind)):
        return True
    return not _INSTITUTION.search(before) and not _INSTITUTION.search(behind)


def _with_town(draft: DraftText, span: Span) -> Span:
    """The address with the name of the town or street before its numbers, as far as no sign stands between."""
    low = max(0, span[0] - _LONGEST_TOWN)
    for at in range(span[0] - 1, low, -1):
        if draft.kept[at] - draft.kept[at - 1] > 1:
            low = at
            break
    town = _TOWN.search(draft.plain, low, span[0])
    return (town.start(), span[1]) if town else span
