"""The front of a document: its title, and the date, number and issuer lines around it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.ingest.candidates import read_prefix
from bot.ingest.lines import Page, ends_open, ends_sentence
from bot.ingest.markers import half_width, is_special, read_markers

_D = "0-9０-９一二三四五六七八九十〇"
DATE = re.compile(
    rf"(?:(令和|平成|昭和|西暦|[RHS])\s*([{_D}]{{1,4}}|元)|([12１２][0-9０-９]{{3}}|二〇[〇一二三四五六七八九]{{2}}))"
    rf"\s*[年./．／]\s*([{_D}]{{1,3}})\s*(?:[月./．／](?:\s*([{_D}]{{1,3}})(?:\s*日|(?![一-龥ァ-ヴ{_D}])))?)(?:[（(][月火水木金土日][）)])?"
)
_DATE_WORDS = re.compile(
    r"(?:最終|一部|全部|全面|初版|第[0-9０-９一二三四五六七八九十]+[版回次]|約束)*(?:制定|改定|改訂|改正|策定|作成|施行|適用|決定|決裁|公表|発行|更新|現在|版|公布|告示|実施|制定日|通知|承認|より|から)+(?:日|[:：])?"
)
_NUMBER = re.compile(
    r"(?:[^\s、。]{0,16}?)(?:告示|訓令|訓|要綱|規則|規程|規定|条例|内規|達|通達|通知|公告|決裁|発|号外|指令)(?:乙|甲)?\s*(?:第\s*)?[0-9０-９一二三四五六七八九十]+\s*(?:号|の[0-9０-９]+)?"
)
TITLE_WORD = re.compile(
    r"ガイドライン|ｶﾞｲﾄﾞﾗｲﾝ|要綱|要領|指針|規程|規定|規則|マニュアル|手引|てびき|方針|ポリシー|Ｑ＆Ａ|Q&A|Ｑ&Ａ|Q＆A|基準|ルール|心得|綱領|条例|ハンドブック|留意事項|取扱い|取り扱い|注意事項|について|問答|質問|FAQ|ＦＡＱ|憲章|運用書|の手順|約束|計画|しおり|ブック"
)
ISSUER = re.compile(
    r"[^\s、。:：]{1,24}(?:都|道|府|県|市|区|町|村|大学|病院|組合|連合|協議会|委員会|企業団|財団|法人|公社|機構|学校|学園|団|部|局|課|室|係|センター|消防本部|会|議会|長|館|園|庁|署|院|校|社|研究所|事務所|保健所)"
)
_VERSION = re.compile(
    r"[（(【\[〔〜～~\-－―─<＜「『].*[）)】\]〕〜～~\-－―─>＞」』]"
    r"|(?:令和|平成)?\s*[0-9０-９元]{1,4}\s*年度?(?:[0-9０-９]+月)?版"
    r"|(?:第?\s*[0-9０-９一二三四五六七八九十.．]+\s*版|[Vv]er(?:sion)?[.． ]?\s*[0-9.]+).{0,8}"
)
_LIMIT = 16


@dataclass(slots=True)
class Front:
    """The title and the lines around it, as index → title or date."""

    title: str = ""
    title_lines: list[int] = field(default_factory=list)
    skipped: dict[int, str] = field(default_factory=dict)


def is_date_line(content: str) -> bool:
    """Whether a line holds a date, a number of promulgation and the words around them, nothing else."""
    if len(content) > 80 or ends_sentence(content):
        return False
    squeezed = "".join(content.strip("*_-・# ").split())
    dated = DATE.search(squeezed)
    numbered = re.search(
        r"(?:告示|訓令|要綱|規則|規程|条例|内規|通達|公告|決裁|達)(?:甲|乙)?第?[0-9０-９一二三四五六七八九十]+号",
        squeezed,
    )
    if not dated and not numbered:
        return False
    rest = DATE.sub("", squeezed)
    rest = _NUMBER.sub("", rest)
    rest = _DATE_WORDS.sub("", rest)
    rest = re.sub(r"[（()）\[\]【】〔〕:：、，,・/／\-－―~～「」]", "", rest)
    if len(rest) <= 12:
        return not re.search(r"[はをがで]", rest)
    return dated is not None and len(rest) <= 30 and ISSUER.fullmatch(rest) is not None


def read_front(page: Page, usable: list[int], starts: set[int]) -> Front:
    """Title and dates at the head of the document. `starts`: lines that surely begin a clause or table."""
    front = Front()
    zone: list[int] = []
    for index in usable[:_LIMIT]:
        if index in starts or _begins_clause(page, index) or (ends_sentence(page.content(index)) and zone):
            break
        if _is_prose(page, index):
            break
        zone.append(index)
    _take_title(page, zone, front)
    last = max(front.title_lines, default=-1)
    for index in zone:
        if index in front.skipped:
            continue
        content = page.content(index)
        if is_date_line(content):
            front.skipped[index] = "date"
        elif index < last or _belongs_to_title(page, index):
            front.skipped[index] = "title"
        else:
            break
    return front


def _begins_clause(page: Page, index: int) -> bool:
    line = page.lines[index]
    if re.fullmatch(r"[（(][^（()）]{1,40}[）)]", page.content(index)) and index + 1 < len(page.lines):
        below = page.lines[index + 1]
        if any(marker.style in ("article", "ordinal") for marker in read_markers(page.text, below.start, below.end)):
            return True
    prefix = read_prefix(page.text, line.start, line.end)
    content = page.content(index)
    if prefix.level == 1 and (TITLE_WORD.search(content) or not read_markers(page.text, prefix.end, line.end)):
        return is_special(half_width(content.lstrip("# ")))
    if is_date_line(content):
        return False
    markers = read_markers(page.text, prefix.end, line.end)
    if TITLE_WORD.search(content) and all(marker.style.startswith(("bullet", "[num]")) for marker in markers):
        return False
    return any(marker.separated or marker.style not in ("num", "path", "kanji") for marker in markers)


def _is_prose(page: Page, index: int) -> bool:
    content = page.content(index)
    return len(content) > 60 or ("、" in content and TITLE_WORD.search(content) is None) or "。" in content[:-1]


def _take_title(page: Page, zone: list[int], front: Front) -> None:
    """The first line with a title's word, with the lines it is wrapped over; else the first line."""
    names = [index for index in zone if not is_date_line(page.content(index))]
    first = next((index for index in names if read_prefix(page.text, *_span(page, index)).level == 1), None)
    if first is None:
        first = next((index for index in names[:6] if TITLE_WORD.search(_squeezed(page, index))), None)
    if first is None and names and page.lines[names[0]].number <= page.lines[zone[0]].number + 6:
        single = names[0]
        first = single if len(names) == 1 or not _looks_like_heading(page, single) else None
    if first is None:
        return
    chosen = [first]
    while chosen[0] - 1 in names and _joins(page, chosen[0] - 1, titled=True):
        chosen.insert(0, chosen[0] - 1)
    while chosen[-1] + 1 in names and _joins(page, chosen[-1]):
        chosen.append(chosen[-1] + 1)
    texts = [_plain(page, index) for index in chosen]
    front.title = "".join(texts)
    front.title_lines = chosen
    front.skipped.update(dict.fromkeys(chosen, "title"))


def _span(page: Page, index: int) -> tuple[int, int]:
    return page.lines[index].start, page.lines[index].end


def _squeezed(page: Page, index: int) -> str:
    return "".join(page.content(index).split())


def _plain(page: Page, index: int) -> str:
    return page.content(index).lstrip("#").strip().strip("*").rstrip("\\# ").lstrip("○◯〇").strip()


def _looks_like_heading(page: Page, index: int) -> bool:
    return re.fullmatch(r"はじめに|目的|趣旨|まえがき|序|前文", half_width(page.content(index))) is not None


def _joins(page: Page, index: int, *, titled: bool = False) -> bool:
    """Whether a title goes on in the line below this one."""
    content, below = page.content(index), page.content(index + 1)
    issuer = "".join(content.split())
    if re.search(r"[様殿宛長]$|各位$|御中$|号$", issuer):
        return False
    if (
        below.startswith("#")
        or _VERSION.fullmatch(below)
        or (ISSUER.fullmatch(issuer) and below.startswith(issuer[:3]))
    ):
        return False
    named, named_below = TITLE_WORD.search(_squeezed(page, index)), TITLE_WORD.search(_squeezed(page, index + 1))
    if named is None and (titled or named_below is not None) and page.lines[index + 1].gap <= page.usual_gap:
        return len(content) <= 40 and not ends_sentence(content) and not is_date_line(content)
    seam = issuer[-8:] + "".join(below.split())[:8]
    if named is None and page.lines[index + 1].gap == 0 and _crosses(seam, len(issuer[-8:])):
        return True
    if named and re.search(r"(?:ガイドライン|要綱|要領|指針|規程|手引き?)$", content):
        return False
    return ends_open(content) or (content.endswith(("における", "に関する", "に係る", "のための", "利用", "運用")))


def _crosses(seam: str, cut: int) -> bool:
    """Whether a title's word is cut in two by the line break."""
    return any(match.start() < cut < match.end() for match in TITLE_WORD.finditer(seam))


def _belongs_to_title(page: Page, index: int) -> bool:
    content = page.content(index)
    squeezed = "".join(content.split())
    if _VERSION.fullmatch(content) and len(content) <= 40:
        bare = content[0] in "（(【[" and not re.search(r"版|案|改|用$|用[）)]|向け|編|[0-9０-９]", content)
        return not bare or page.lines[index].indent >= 4
    if re.fullmatch(r"[^\s、。]{1,10}(?:決裁|訓令|告示|通知|決定|内規)", squeezed):
        return True
    apart = page.lines[index].indent >= 8 or squeezed != content or len(squeezed) <= 14
    return apart and ISSUER.fullmatch(squeezed) is not None


def title_on_the_line(content: str) -> tuple[str, str] | None:
    """Title and date of a document that is printed on one line, from what stands before its first clause."""
    date = DATE.search(content)
    title = content[: date.start()] if date else content
    behind = content[date.end() :] if date else ""
    title = title.strip(" \u3000（(")
    if not 2 <= len(title) <= 60 or "。" in title or TITLE_WORD.search("".join(title.split())) is None:
        return None
    if _DATE_WORDS.sub("", behind.strip("）) \u3000")):
        return None
    return title, date.group() if date else ""
