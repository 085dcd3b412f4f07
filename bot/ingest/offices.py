"""The departments a document names, with the phone and extension printed beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.document import Office
from bot.ingest.lines import Page
from bot.ingest.spans import written
from bot.ingest.tree import Node

_WORDS = (
    "まちづくり|まちおこし|づくり|こども|子ども|子育て|くらし|みらい|ふるさと|いきいき|すこやか|しごと|ごみ|みどり|ひと|ふれあい|にぎわい|おもてなし|やすらぎ|きずな"
    "|ささえあい|支え合い|いのち|さくら|あんしん|あんぜん|あったか|げんき|しあわせ|ものづくり|わかもの|いじめ|がん|みんな|やさしい|まち|もの"
)
_RUN = re.compile(rf"(?:{_WORDS}|[一-龥々〆ヶァ-ヴー・＆&A-ZＡ-Ｚａ-ｚ])+")
_DIVIDE = re.compile(r"(?<=[課係室局部])・|(?<=センター)・|[及又並等]")
_NAME = re.compile(
    r"(.*?(?:課|係|室|局|センター|グループ|班|部))(?:長|次長|長補佐|員|職員|内|宛|窓口|担当|担当者|担当職員|所属|主催|主管|作成|所管|公式アカウント|ホームページ|電話|係長|広報担当|直通|代表)?$"
)
_SMALL, _SMALLER = re.compile(r"[課室]$"), re.compile(r"(?:係|班|グループ|担当)$")
_DESK = re.compile(r"(.{2,}[課室局部][^課室局部係]{2,14}(?<!公式アカウント)(?<!事務)担当)")
_UNIT = re.compile(r".*?(?:本部|公室|事務局|[部局課室係班]|センター|グループ)(?![一-龥]{0,1}[部局課室係]?長$)")
_ADVERBS = re.compile(
    r"^(?:別途|原則|適宜|随時|今後|直接|毎月|毎年度|毎年|都度|直|事前|最終的|本市|当市|本町|当町|本村|本県|本学|本院|当院|前記|上記|下記|左記|現在|他|その他|開設後|終了後|夜間|休日|平日|当日|翌日|必|速|主|特|先|元|旧|新)(?=.{2,}[課係室局部])"
)
# What stands before 課, 係, 室, 局, 部 … without making the name of an office.
_VAGUE = re.compile(
    r"各|担当|所管|主管|所属|関係|関係各|当該|同|他|全|両|自|本|貴|該当|運用|管理|開設|主務|関連|庁内|当|複数|一|二|三|内|外|上|下|幹"
    r"|学|支|学内|事務|部|課|係|室|局|次|原|我|後|前|何|実施|発信|作成|申請|依頼|提出|掲載|郵便|薬|放送|総|コール|データ|日|月|年|公"
    r"|考|賦|放|著作権|利害|人間|権利|信頼|事実|法律|国際|因果|親子|取引|対応"
)
_ROOMS = re.compile(
    r"守衛|警備|検査|処置|保健|宿直|当直|宿日直|診察|手術|会議|教|研究|待合|休憩|執務|応接|更衣|在|入|控|病|相談|図書|展示|個|温|サーバー?|仮眠"
    r"|閲覧|公|皇|和|洋|客|寝|浴|暗|地下|実験|保育|職員|別|正副|事務"
)
_VAGUE_END = re.compile(r"(?:担当|所管|主管|所属|関係|該当|各|当該|部局|課局|課室|課係|部課|等)$")
_NEVER = re.compile(
    r"(?:[ぁ-んァ-ヴ]|方|料理|体験|各)教室$|関係各?[課室局部]?$|部局$|課局$|部課$|課室$|条関係|[0-9０-９一二三四五六七八九十]+[課係室局部]$"
)
_BIG = re.compile(r"(?:部|局|公室|本部|院|所|会)$")
_PHONE = re.compile(
    r"(?:[(（][0-9０-９]{2,5}[)）]\s?|[0-9０-９]{2,5}\s?[-－‐–—―−ー(（]\s?)[0-9０-９]{1,4}\s?[-－‐–—―−ー)）]\s?[0-9０-９]{3,4}(?![0-9０-９])"
    r"|(?<=[話Ll：:℡ 　])[0-9０-９]{2,4}[-－‐–—―−ー][0-9０-９]{4}(?![-－0-9０-９])"
)
_EXTENSION = re.compile(r"内線\s*(?:番号)?\s*[:：]?\s*([0-9０-９]+(?:\s?[-－・、,～~]\s?[0-9０-９]+)*)")
_FAX = re.compile(r"(?:[Ff][Aa][Xx]|ＦＡＸ|ファ[クッ]ス|ファクシミリ)[\s:：（(]*$")
_CONTACT_HEADING = re.compile(r"問い?合|連絡先|照会|担当|事務局|所管|窓口")
_DUTY = re.compile(r"(?:記録|広報|受付|撮影|連絡|庶務|総務|会場|誘導)係")
# A duty at an event as often as an office: only behind its 課, or in a contact block.
_IN_SCOPE = re.compile(r"[、及び又は並びに・一-龥ァ-ヴ]{0,24}(?:の(?:全ての|すべての)?(?:職員|教職員)|に適用|に勤務)")
_NEAR, _FAR = 60, 160


@dataclass(slots=True)
class _Found:
    name: str
    phone: str | None
    extension: str | None
    in_contact: bool


def find_departments(page: Page, nodes: list[Node], organization: str | None) -> tuple[Office, ...]:
    """Offices in the order of the contact blocks, then of the text; each once, in its longest form."""
    found: list[_Found] = []
    for node in sorted(nodes, key=lambda node: not _is_contact(page, node)):
        contact = _is_contact(page, node)
        found.extend(_offices_in(_whole_text(page, node), organization, contact=contact))
    return tuple(Office(office.name, office.phone, office.extension) for office in _merged(found))


def _is_contact(page: Page, node: Node) -> bool:
    return node.style == "contact" or _CONTACT_HEADING.search(written(page, node.heading)) is not None


def _whole_text(page: Page, node: Node) -> str:
    marker = page.text[node.marker[0] : node.marker[1]] if node.marker and node.style in ("row", "contact") else ""
    return "\n".join((marker, written(page, node.heading), written(page, node.text, loose=True)))


def _offices_in(text: str, organization: str | None, *, contact: bool) -> list[_Found]:
    names = _names(text, organization, contact=contact)
    found: list[_Found] = []
    for position, (start, end, name) in enumerate(names):
        if not contact and _IN_SCOPE.match(text, end):
            continue
        following = names[position + 1][0] if position + 1 < len(names) else len(text)
        reach = _FAR if contact else _NEAR
        beside = text[end : min(following, end + reach)]
        if not contact:
            beside = re.split(r"[。]", beside)[0]
        phone, extension = _numbers(beside)
        if contact and phone is None and len(names) == 1:
            phone, other = _numbers(text[max(0, start - _NEAR) : start])
            extension = extension or other
        found.append(_Found(name, phone, extension, contact))
    return found


def _numbers(beside: str) -> tuple[str | None, str | None]:
    phone = next(
        (match.group().strip() for match in _PHONE.finditer(beside) if not _FAX.search(beside[: match.start()][-10:])),
        None,
    )
    extension = _EXTENSION.search(beside)
    return phone, extension.group(1) if extension else None


def _names(text: str, organization: str | None, *, contact: bool) -> list[tuple[int, int, str]]:
    """Bounds and name of every office; a 部 and its 課 with a blank between are one name."""
    found: list[tuple[int, int, str]] = []
    open_part: tuple[int, int, str] | None = None
    for run in _RUN.finditer(text):
        for start, end in _divided(text, run.start(), run.end()):
            name = _stripped(text[start:end], organization)
            if open_part is not None and not _goes_on(text[open_part[1] : start], open_part[2], name):
                open_part = None
            match = _whole_name(open_part[2] if open_part and contact else "", name)
            if match is None:
                open_part = None
                continue
            whole = (open_part[2] if open_part else "") + match.group(1)
            begin = open_part[0] if open_part else start
            larger = _BIG.search(name) or (contact and _SMALL.search(name))
            open_part = (begin, end, whole) if match.group(1) == name and larger else None
            if _is_office(whole, contact=contact):
                if found and found[-1][0] == begin:
                    found.pop()
                found.append((begin, end, whole))
    return found


def _goes_on(between: str, part: str, name: str) -> bool:
    """Whether the name behind a blank belongs to the larger office before it."""
    if between.strip(" \u3000") or not name:
        return False
    return _SMALL.search(part) is None or _SMALLER.search(name) is not None


def _whole_name(part: str, name: str) -> re.Match[str] | None:
    """The office at the start of `name`; a desk (服務担当) is one only behind its 課."""
    if part and _DESK.fullmatch(part + name):
        return re.fullmatch(r"(.+)", name)
    return _DESK.fullmatch(name) or _NAME.match(name)


def _divided(text: str, start: int, end: int) -> list[tuple[int, int]]:
    parts: list[tuple[int, int]] = []
    for match in _DIVIDE.finditer(text, start, end):
        parts.append((start, match.start()))
        start = match.end()
    parts.append((start, end))
    return [part for part in parts if part[1] > part[0]]


def _stripped(name: str, organization: str | None) -> str:
    name = name.strip("・").lstrip("ー")
    if (
        organization
        and name.startswith(organization)
        and name[len(organization) :] not in ("事務局", "本部", "局", "室")
    ):
        name = name[len(organization) :]
    return _ADVERBS.sub("", name)


def _is_office(name: str, *, contact: bool) -> bool:
    """Whether the name is an office's own, not a word such as 各課, 担当課, 関係 or 一部."""
    units = [unit for unit in re.split(r"(?<=[課係室局部])|(?<=センター)|(?<=グループ)", name) if unit]
    last = units[-1]
    if _DESK.fullmatch(name):
        return True
    core = re.sub(r"(?:課|係|室|局|センター|グループ|班|部)$", "", last)
    if _is_vague(name, last, core):
        return False
    if len(units) == 1 and (not core or len(name) > 24):
        return False
    if last.endswith("部"):
        return contact and len(core) >= 2
    if (last.endswith(("グループ", "班")) or _DUTY.fullmatch(last)) and not contact:
        return len(units) > 1
    return len(core) >= 2 or len(units) > 1


def _is_vague(name: str, last: str, core: str) -> bool:
    """Whether the last unit, or the name as a whole, says no more than that some office is meant."""
    if _NEVER.search(name) or (last.endswith("室") and _ROOMS.fullmatch(core)):
        return True
    return (
        _VAGUE.fullmatch(core) is not None
        or _VAGUE_END.search(core) is not None
        or name.startswith(("各", "所属", "担当", "主管", "所管", "当該", "同"))
    )


def _merged(found: list[_Found]) -> list[_Found]:
    """Each office once: the longest form, with the numbers found for any of its forms."""
    kept: list[_Found] = []
    names = {office.name for office in found}
    for office in found:
        longer = [name for name in names if name != office.name and office.name in name]
        name = max(longer, key=len) if longer and not _other_phone(office, found, longer) else office.name
        known = next((other for other in kept if other.name == name), None)
        if known is None:
            kept.append(_Found(name, office.phone, office.extension, office.in_contact))
        else:
            known.phone = known.phone or office.phone
            known.extension = known.extension or office.extension
    return kept


def _other_phone(office: _Found, found: list[_Found], longer: list[str]) -> bool:
    """Whether the shorter name has a phone of its own beside the longer one's: two offices then."""
    phones = {other.phone for other in found if other.name in longer and other.phone}
    own = {other.phone for other in found if other.name == office.name and other.phone}
    return bool(own and phones and own - phones)
