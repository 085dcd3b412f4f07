"""Which body a document is of: a municipality, a university, a hospital, a union, a council."""

from __future__ import annotations

import re

from bot.ingest.front import DATE
from bot.ingest.lines import Page
from bot.ingest.spans import written
from bot.ingest.tree import Node

_PLACE = r"[一-龥々ヶケノ之ァ-ヴーぁ-ん]"
_BODY = (
    "広域連合|広域組合|事務組合|一部事務組合|企業団|水道企業団|消防組合|組合|社会福祉協議会|教育委員会|選挙管理委員会|農業委員会|協議会|議会|消防本部|消防局|大学校|大学院大学|大学|短期大学|高等専門学校|専門学校"
    "|高等学校|学校|学園|医療センター|病院|医師会|公社|事業団|振興財団|財団|機構|商工会議所|商工会|観光協会|連合会|連盟|協会|法人|センター|図書館|博物館|美術館|交流館|文化館|記念館|資料館|会館|警察本部|公安委員会|公営企業|企業局|水道局|交通局"
)
_MUNICIPAL = re.compile(
    rf"(?:{_PLACE}{{1,5}}?[都道府県])?(?:{_PLACE}{{1,7}}?郡)?({_PLACE}{{1,8}}?[市区町村]|{_PLACE}{{1,4}}?[都道府県])"
)
_NAMED_BODY = re.compile(rf"[一-龥々ヶケノァ-ヴーＡ-Ｚぁ-ん]{{1,24}}?(?:{_BODY})")
_NOT_AFTER = re.compile(r"^(?:立|民|内|外|政|営|場|制|域|道|有|勢|税|史|名|債|費|葬)")
_AFTER_TOWN = re.compile(
    r"^(?:民|職|役|長|立|政|内|公|有|営|に|の|が|は|を|と|で|ソ|Ｓ|S|広|情|ホ|Ｗ|W|Ｘ|イ|ツ|フ|デ|税|\s|\u3000|（|$)"
)
_KNOWN_AS = re.compile(
    r"([^\s、。（）()「」]{2,24})[（(]以下[、，]?「(?:本)?(?:市|町|村|県|区|都|道|府|大学|学園|病院|組合|連合|広域連合|協議会|本会|法人|本学|当院|本院|局|企業団)」"
)


def find_organization(page: Page, title: str, nodes: list[Node], skipped: dict[int, str]) -> str | None:
    """The body's name from the title, the lines around it, the preamble or the contact; else None."""
    sources = [title]
    sources.extend("".join(page.content(at).split()) for at, why in sorted(skipped.items()) if why in ("date", "title"))
    for source in sources:
        name = _body_in(DATE.sub("", source))
        if name:
            return name
    texts = [written(page, node.text) for node in nodes[:8]]
    known = next((match.group(1) for text in texts if (match := _KNOWN_AS.search(text))), None)
    if known:
        return _body_in(known) or known
    for node in nodes:
        if node.style in ("contact", "ending"):
            name = _body_in(written(page, node.text))
            if name:
                return name
    return next((name for text in texts[:2] if (name := _in_running_text(text))), None)


def _in_running_text(text: str) -> str | None:
    for match in re.finditer(r"(?:^|[、。「\s])([一-龥々ヶ]{1,8}[市町村県区])(?=[のはにでが]|職員)", text):
        name = _body_in(match.group(1))
        if name and not name.endswith("市町村") and name not in ("本市", "本町", "本村", "本県", "当市", "当町"):
            return name
    return None


def _body_in(source: str) -> str | None:
    """The body a line begins with; `○○市立` and the like are no municipality of their own."""
    head = re.sub(r"^[\s\u3000（(「『【\[#*国立公立大学法人]*?(?=\S)", "", source.strip(), count=1)
    head = re.split(r"[\s\u3000「」（(『【]", head)[0] if head else ""
    municipal = _municipality(head)
    rest = head[len(municipal) :] if municipal else head
    body = _NAMED_BODY.match(head)
    if body is not None:
        name = _longest(head, body.end())
        if re.search(r"[市町村区県都道府]立(?:小|中|小中|義務教育)?学校$", name):
            return None
        if municipal is None or (len(name) > len(municipal) and _joins(head[len(municipal) : len(name)])):
            return name
    if municipal is None or (rest.startswith("立") and len(rest) > 1):
        return None
    return municipal


def _longest(head: str, end: int) -> str:
    """`○○大学` may begin `○○大学医学部附属病院`, and `…法人` the name of the body itself."""
    while head[:end].endswith(("大学", "法人", "病院", "財団", "社団")):
        more = re.compile(rf"(?:医学部)?(?:附属|付属)?[一-龥ヶ]{{0,8}}?(?:{_BODY})").match(head, end)
        if more is None or not _joins(head[end : more.end()]):
            break
        end = more.end()
    return head[:end]


def _joins(between: str) -> bool:
    """What stands between a town's name and a body's end must not cross a particle or 職員."""
    return re.search(r"職員|[のにをはがと]|利用|運用|ソーシャル|ＳＮＳ|SNS|ガイド|要綱|公式", between) is None


def _municipality(head: str) -> str | None:
    match = _MUNICIPAL.match(head)
    if match is None:
        return None
    end = match.end()
    while True:
        longer = re.compile(r"[一-龥々ヶ]{0,2}?[市区町村府県]").match(head, end)
        if longer is None or _AFTER_TOWN.match(head[end:]) or not _AFTER_TOWN.match(head[longer.end() :]):
            break
        end = longer.end()
    return (
        head[:end]
        if not _NOT_AFTER.match(head[end:])
        or head[end:].startswith(("立", "民", "内", "政", "道", "域", "有", "営", "税", "名"))
        else None
    )
