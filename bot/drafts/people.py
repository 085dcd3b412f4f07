"""Names of people in a draft: private people, and those who are public by office or were announced."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from bot.analysis.tokenizer import new_tagger
from bot.drafts.recognizing import Surroundings
from bot.drafts.text import DraftText, Span

_PERSONAL = re.compile(
    "さん|さま|様|くん|君|ちゃん|氏|殿|先生|先輩|夫妻|夫婦|一家|容疑者|被告|選手|監督|博士|候補|教授|アナ|"
    "(?:副|前|元|新)?(?:[市町村区]長|知事|教育長|議長|議員|大臣|首相|総理)|[市町県道村都府]議(?!会)|"
    "課長|係長|部長|室長|次長|主任|主査|主事|補佐|参事|主幹|局長|所長|館長|園長|校長|教頭|教諭|会長|社長|専務|店長"
)
"""What stands behind a name and makes it a person's."""

_PUBLIC_ROLE = re.compile(
    "[市町村区]長|知事|教育長|議員|[市町村県道都府区]議(?!会)|議長|大臣|首相|総理|長官|監督|選手|教授|博士|アナ|騎手|力士|名人|師匠|画伯|候補"
)
_ANNOUNCED_BEFORE = re.compile(
    "(?:[市町村区]長|知事|教育長|議員|議長)(?!選|室|会|部|へ|宛|さんへ)|[市町村県道都府]議(?!会|選|補)|大臣|首相|総理|講師|ゲスト|出演|講演|登壇|パネリスト|司会|"
    "選手|監督|コーチ|作家|歌手|俳優|女優|声優|タレント|芸人|アナウンサー|画家|陶芸|写真家|音楽家|ピアニスト|バイオリニスト|"
    "指揮|演奏|ピアノ|ソプラノ|テノール|尺八|三味線|落語|ダンサー|研究家|教授|博士|学者|評論家|脚本|作曲|作詞|原作|監修|"
    "棋士|力士|漫画家|絵本|シェフ|ソムリエ|アーティスト|バンド|デザイナー|プロ(?![グジフモデ])|メダリスト|オリンピ|五輪|受賞|表彰|優勝|"
    "入賞|功労|名誉|初代|偉人|創業|開拓|大使|候補者?(?!地)|アンバサダー|小説|図書|作者|著者|史跡|旧跡|協力隊|インストラクター|ガイド|解説|講談|朗読|合唱指導|元.{0,8}(?:校)?長の?"
)
_ANNOUNCED_BEHIND = re.compile(
    "選手|監督|作(?![っりるろ])|著|展|の?(?:コンサート|ライブ|リサイタル|講演|公演|トーク|個展|作品|演奏|独演|サイン会|記念|生誕|没後|ゆかり|銅像|"
    "指揮|司会|小説|名作|絵|曲|歌|詩|俳句|短歌|映画|ドラマ|新刊|本|漫画|アルバム|[『「])|(?:さん|氏|先生)?(?:が|を|に)?(?:講師|お招き|迎え|ゲスト|来場|出演|登場|講演|登壇|演奏|優勝|受賞|入賞|表彰)"
)
_HONOURED = re.compile(
    "ゆかり|史跡|歌碑|句碑|文学碑|宿営|墓|コレクション|と走ろう|と歩こう|に学ぶ|と学ぶ|を囲む|優勝|受賞|入賞|入選|金賞|メダル|出演|講演|登壇|表敬|表彰|初段|全国大会|日本代表"
)
_NO_PERSON_BEHIND = re.compile(
    "商|酒|工務|産業|建設|農|牧|書店|薬局|医院|歯科|眼科|外科|内科|食堂|旅館|製|電|工業|家|屋|店|園|社|院|館|寺|堂|邸|町|市|村|区|駅|橋|川|"
    "山|通り?|線|地区|公園|杯|賞|記念|神社|城|組|像|号|池|沢|沼|公(?![^ぁ-ん])|流|式"
)
"""Behind family and given name it makes them the name of something else."""

_NO_NAME = re.compile("[羊鹿虎龍竜亀鶴鯨象狐狸兎牛馬豚犬猫鳥月桜梅](?:さん|くん|ちゃん|様)|[王姫神仏]様")
"""What the dictionary takes for a name: an animal, a flower, a king."""

_VARIANTS = str.maketrans("髙﨑濱邊邉齋齊澤廣德", "高崎浜辺辺斎斉沢広徳")
"""Forms of kanji that only names have and the dictionary does not know."""

_MASKED_NAME = re.compile(
    "(?<![0-9年月日])[○〇●◯×✕*] ?(?![名者方社組人皆客店国様市町村県課部係])[一-鿿]{1,2} ?(?:さん|ちゃん|くん|氏)"
)
_SPELT = re.compile(r"[ぁ-ヺー々一-鿿]{1,3}")
_ACQUAINTED = re.compile(
    "(?:同期|後輩|先輩|上司|同僚|課長|係長|部長|部下|同級生|友人|友だち|友達|近所|隣|保護者|入居者|利用者|住民|担任|患者|滞納者|容疑者)の$"
)
"""Before a family name it makes it a person's without さん."""

_LATIN = re.compile("[!-~]{16,64}")
"""Links and the like: no names are there, and the tagger is slow with them."""

_KANJI = re.compile("[一-鿿]")
_STOP = re.compile(r"[。!?\n]")
_BEFORE, _BEHIND = 24, 14
_LONGEST_GIVEN = 3
_NOT_GIVEN = frozenset({"助詞", "助動詞", "動詞", "補助記号", "空白", "接続詞", "形容詞", "連体詞", "感動詞", "接頭辞"})


class _Word(NamedTuple):
    """`kind` is 姓, 名, 人 (foreign and other names), or nothing; `pos` unidic's first part of speech."""

    surface: str
    kind: str
    pos: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.surface)


class _Held(threading.local):
    """The tagger of a thread, and the words of a draft as long as the draft lives: several recognisers want them."""

    def __init__(self) -> None:
        self.tagger: Any = None  # fugashi has no types
        self.words: WeakKeyDictionary[DraftText, tuple[_Word, ...]] = WeakKeyDictionary()


_held = _Held()


def person(draft: DraftText, _: Surroundings) -> Iterator[Span]:
    """Natural persons: a name with さん, a title or the like, or family and given name; no public persons."""
    return (span for span, public in _names(draft) if not public)


def public_person(draft: DraftText, _: Surroundings) -> Iterator[Span]:
    """People who are public: officials and politicians by title, guests, speakers, artists, athletes, prize winners."""
    return (span for span, public in _names(draft) if public)


def _names(draft: DraftText) -> Iterator[tuple[Span, bool]]:
    """Each person named and whether they are public, in order."""
    words = _words(draft)
    ends = {word.end for word in words}
    hidden = [match.span() for match in _MASKED_NAME.finditer(draft.plain)]
    at, done = 0, 0
    while at < len(words):
        named = (
            _name(draft.plain, words, at, ends)
            if words[at].kind and not _NO_NAME.match(draft.plain, words[at].start)
            else None
        )
        if named is None:
            at += 1
            continue
        start, end = words[at].start, named
        while hidden and hidden[0][0] < end:
            hidden.pop(0)
        if start >= done:
            yield (start, end), _public(draft.plain, start, end)
        done = end
        while at < len(words) and words[at].start < end:
            at += 1
    yield from ((span, False) for span in hidden if span[0] >= done)


def _name(plain: str, words: tuple[_Word, ...], at: int, ends: set[int]) -> int | None:
    """Where the name that begins with this word ends, its title included; None where it is nobody's."""
    last = at + 1
    full = False
    while last < len(words) and words[last].kind in {"名", "人"} and last - at <= _LONGEST_GIVEN:
        full, last = full or words[at].kind == "姓", last + 1
    for more in range(_LONGEST_GIVEN + 1):
        end = words[last + more - 1].end
        title = _PERSONAL.match(plain, end)
        if title and title.end() in ends and "\n" not in plain[words[at].start : end]:
            return title.end()
        if last + more >= len(words) or not (words[at].kind == "姓" and _given(words[last + more])):
            break
        if _NO_PERSON_BEHIND.match(words[last + more].surface):
            break
    if not full:
        known = words[at].kind == "姓" and len(words[at].surface) > 1 and _acquainted(plain, words[at].start)
        return words[at].end if known and not _NO_PERSON_BEHIND.match(plain, words[at].end) else None
    if (
        last < len(words)
        and len(words[last].surface) == 1
        and words[last].pos == "名詞"
        and _KANJI.match(words[last].surface)
    ):
        last += 1  # 直寛 is cut into 直 and 寛
    end = words[last - 1].end
    return None if _NO_PERSON_BEHIND.match(plain, end) else end


def _acquainted(plain: str, at: int) -> bool:
    return _ACQUAINTED.search(plain[max(0, at - _BEFORE) : at]) is not None


def _given(word: _Word) -> bool:
    return word.pos not in _NOT_GIVEN and _SPELT.fullmatch(word.surface) is not None


def _public(plain: str, start: int, end: int) -> bool:
    if _PUBLIC_ROLE.search(plain, start, end):
        return True
    before = _STOP.split(plain[max(0, start - _BEFORE) : start])[-1]
    behind = _STOP.split(plain[end : end + _BEHIND])[0]
    return any((_ANNOUNCED_BEFORE.search(before), _ANNOUNCED_BEHIND.match(behind), _HONOURED.search(behind)))


def _words(draft: DraftText) -> tuple[_Word, ...]:
    words = _held.words.get(draft)
    if words is None:
        if _held.tagger is None:
            _held.tagger = new_tagger()
        found, at = [], 0
        for node in _held.tagger.parseToNodeList(_LATIN.sub(_blank, draft.plain.translate(_VARIANTS))):
            at += len(node.white_space)
            feature: str = node.feature_raw
            found.append(_Word(node.surface, _kind(feature), feature.partition(",")[0], at))
            at += len(node.surface)
        words = _held.words[draft] = tuple(found)
    return words


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _kind(feature: str) -> str:
    if not feature.startswith("名詞,固有名詞,人名,"):
        return ""
    fourth = feature.split(",", 4)[3]
    return "人" if fourth == "一般" else fourth
