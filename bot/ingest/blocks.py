"""Parts that are known by their first line.

They are forms and annexes, 附則, contact blocks, endings, and Markdown headings without a number.
Each gives a candidate that the search must take.
"""

from __future__ import annotations

import re

from bot.ingest.candidates import BOLD_LEVEL, Candidate, Reading, read_prefix
from bot.ingest.front import ISSUER, is_date_line
from bot.ingest.furniture import is_rule
from bot.ingest.lines import Page, ends_open, ends_sentence
from bot.ingest.markers import Marker, half_width, is_special, read_markers, skip_separators

_N = r"[0-9０-９一二三四五六七八九十]"
_FORM = re.compile(
    rf"([（(【\[〔＜<]?\s*(?:別記|参考|別添)?\s*(?:様\s*式|別\s*表|別\s*紙|別\s*添|別\s*図|別\s*記|付\s*表|附\s*表|付\s*録|参考資料|資\s*料|参\s*考)"
    rf"\s*(?:第?\s*{_N}+\s*号?(?:\s*の\s*{_N}+)?(?:[-－‐ー]\s*{_N}+)?)?\s*[）)】\]〕＞>]?)"
    r"([（(][^（）()]*(?:条|項|関係|号|別表|章)[^（）()]*[）)])?"
)
_WEAK_FORM = re.compile(r"参\s*考|資\s*料|別\s*記|別\s*添|付\s*録")
_SUPPLEMENT = re.compile(r"[（(【]?附\s*則[】）)]?(?=$|[\s\u3000（(])")
_CONTACT_WORD = (
    r"(?:本?[^\s、。]{0,22}(?:に関する|に係る|についての|の))?(?:お?問い?合わ?せ?(?:先|窓口)?|お?問合わ?せ?(?:先|窓口)?|連絡先|照会先|相談(?:先|窓口)"
    r"|担当(?:課|部署|部局|窓口|係)?|所管(?:課|部署)?|事務局|主管課)"
)
_CONTACT = re.compile(
    rf"([【\[（(〔■□●◆◇○◎・※＜<《≪〈*]*\s*)({_CONTACT_WORD}(?:[・及びと、]{{1,2}}{_CONTACT_WORD})?)(\s*[】\])）〕＞>》≫〉*\\]*)(?:(?<=[】\]）〕＞》≫〉])|\s*(?:[:：]|$|[\s\u3000]|\*\*))"
)
_SURE_CONTACT = re.compile(r"問い?合|連絡先|照会先|相談")
_PHONE = re.compile(
    r"[0-9０-９]{2,5}[)）\-－‐–―−ー（(]+[0-9０-９]{1,4}[)）\-－‐–―−ー]+[0-9０-９]{3,4}|内線|(?i:tel|e-?mail|fax)|電話|[@＠]|ＴＥＬ"
)
_OFFICE_END = re.compile(r"(?:課|係|室|局|部|センター|担当)(?=$|[\s\u3000（(])")
_ENDING = re.compile(r"[（(]?以\s*上[）)]?")
_SIGNED = re.compile(rf"(?:{ISSUER.pattern})(?:[\s\u3000]+\S{{1,6}}(?:[\s\u3000]+\S{{1,6}})?)?")
_OFFICE_LINE = re.compile(
    r"[^\s、。:：]{0,20}[一-龥ァ-ヴー](?:課|係|室|局|部|センター|担当|事務局|本部|図書館|役場)(?:$|[\s\u3000（(:：]|電話|内線)"
)
_NUMBERED_LINE = re.compile(
    r"(?:電話|内線|ＴＥＬ|(?i:tel)|℡|☎)|[0-9０-９]{2,5}[-－‐–—−ー(（][0-9０-９]{1,4}[-－‐–—−ー)）][0-9０-９]{3,4}"
)
_CLOSING_LINES = 6


def forced_candidate(page: Page, index: int, previous: int | None) -> Candidate | None:
    """The candidate of a line that surely begins a part, or None."""
    line = page.lines[index]
    prefix = read_prefix(page.text, line.start, line.end)
    found = (
        _form(page, index, prefix.end, previous)
        or _supplement(page, index, prefix.end)
        or _contact(page, index, previous)
    )
    if found is None and prefix.level and not read_markers(page.text, prefix.end, line.end):
        found = _marker("head", prefix.end, prefix.end, prefix.end, _title_step(page.text[prefix.end : line.end]))
    level = prefix.level
    if found is None and prefix.bold and is_special(_title_step(page.text[prefix.end : line.end])):
        level = BOLD_LEVEL
        found = _marker("head", prefix.end, prefix.end, prefix.end, _title_step(page.text[prefix.end : line.end]))
    if found is None:
        return None
    reading = Reading(found, 1.0, line.indent, level)
    return Candidate(index, line.start, line.end, (reading,), forced=True)


def _title_step(title: str) -> str:
    return half_width(title.strip("# \u3000*"))


def _marker(style: str, start: int, end: int, body: int, step: str) -> Marker:
    return Marker(style, 0, step, start, end, body, separated=True, separator=" ")


def _form(page: Page, index: int, start: int, previous: int | None) -> Marker | None:
    line, text = page.lines[index], page.text
    match = _FORM.match(text, start, line.end)
    if match is None:
        return None
    printed, relation = match.group(1), match.group(2)
    tail = start + len(match.group().rstrip())
    rest = text[tail : line.end].strip("* \u3000\t")
    name = half_width(printed).strip("()[]【】〔〕<>")
    numbered = bool(re.search(r"[0-9一二三四五六七八九十]", name))
    bracketed = half_width(printed)[0] in "([【〔<" and half_width(printed)[-1] in ")]】〕>"
    closed = bracketed or bool(relation)
    spoken = numbered and text[tail : tail + 1] == "\u3000" and not _WEAK_FORM.search(name) and line.indent == 0
    spoken = spoken and (previous is None or not page.is_full(page.lines[previous]) or page.stands_apart(index))
    if rest and (
        (not spoken and (ends_sentence(rest) or len(rest) > 40))
        or not (spoken or _is_title(text[tail], rest, closed=closed))
    ):
        return None
    if (
        (_WEAK_FORM.search(name) or not numbered)
        and (rest and not relation)
        and not _names_annex(page, index, (name, rest))
    ):
        return None
    if _WEAK_FORM.search(name) and not (bracketed or numbered or line.indent == 0):
        return None
    if previous is not None and ends_open(page.content(previous)) and page.is_full(page.lines[previous]):
        return None
    end = start + len(printed.rstrip())
    titled = bool(rest) or _title_follows(page, index)
    if relation and titled:
        end = tail
    return _marker("form", start, end, skip_separators(text, end, line.end), name)


def _names_annex(page: Page, index: int, words: tuple[str, str]) -> bool:
    """Whether a line such as 別紙　確認事項 stands apart as a title does."""
    name, rest = words
    if not re.fullmatch(r"別紙|別表|別添|付録|付表|様式|参考資料", name) or not page.stands_apart(index):
        return False
    return len(rest) <= 24 and re.search(r"[。、，:：|]|[をにはが]$", rest) is None


def _is_title(between: str, rest: str, *, closed: bool) -> bool:
    """Whether what follows the name of a form on its line is its title and not a sentence."""
    if between in " \t\u3000*":
        return re.search(r"[。、]$|^[をにはがのと]", rest) is None
    return closed and re.match(r"[をにはがのとで」』、。]|及び|又は|から|により", rest) is None


def _title_follows(page: Page, index: int) -> bool:
    """Whether the line below can be the title of a form rather than a table or an item."""
    if index + 1 >= len(page.lines):
        return False
    below = page.lines[index + 1]
    content = page.content(index + 1)
    if read_markers(page.text, below.start, below.end) or content.startswith("|"):
        return False
    return below.width <= 60 and not ends_sentence(content) and not re.search(r"[ \u3000\t]{2,}", content)


def _supplement(page: Page, index: int, start: int) -> Marker | None:
    line, text = page.lines[index], page.text
    match = _SUPPLEMENT.match(text, start, line.end)
    if match is None:
        return None
    return _marker("supplement", start, match.end(), skip_separators(text, match.end(), line.end), "附則")


def _contact(page: Page, index: int, previous: int | None) -> Marker | None:
    """A contact block: its word at the line's start, and a phone, a mail or an office close by."""
    line, text = page.lines[index], page.text
    match = _CONTACT.match(text, _heading_start(page, index), line.end)
    if match is None and _CONTACT.match("".join(page.content(index).split())) and line.width <= 24:
        match = re.compile(r"()(\S+(?:[ \u3000]+\S)+)()").match(text, line.start, line.end)
    if match is None or len(page.content(index)) > 90 or ends_sentence(page.content(index)):
        return None
    if any(not marker.style.startswith(("bullet", "[num]")) for marker in read_markers(text, match.start(), line.end)):
        return None
    word = "".join(match.group(2).split())
    opened = match.group(1).strip()
    rest = text[match.end() : line.end]
    if opened in ("（", "(") and not match.group(3).strip():
        return None
    if previous is not None and not page.stands_apart(index) and _is_cut(page, previous):
        return None
    near = rest + "".join(page.content(at)[:80] for at in range(index + 1, min(index + 4, len(page.lines))))
    strong = _SURE_CONTACT.search(word) is not None
    if not (_PHONE.search(near) if not strong else _PHONE.search(near) or _OFFICE_END.search(near)):
        return None
    end = match.end(3)
    return _marker(
        "contact", match.start() + len(match.group(1)) * 0, end, skip_separators(text, end, line.end), "お問い合わせ"
    )


def _is_cut(page: Page, index: int) -> bool:
    return ends_open(page.content(index)) and page.is_full(page.lines[index])


def _heading_start(page: Page, index: int) -> int:
    line = page.lines[index]
    prefix = read_prefix(page.text, line.start, line.end)
    return prefix.end if prefix.level else line.start


def closing_candidate(page: Page, usable: list[int], barred: set[int]) -> Candidate | None:
    """The `末尾`: a date, an issuer or 以上 at the very end; `barred` lines lie in forms."""
    start: int | None = None
    for index in reversed(usable[-_CLOSING_LINES:]):
        if index in barred:
            break
        if is_date_line(page.content(index)) or _ENDING.fullmatch(page.content(index)):
            start = index
        elif _SIGNED.fullmatch(page.content(index)) is None or page.lines[index].indent < 8:
            break
    if start is None:
        start = _behind_rule(page, usable, barred)
    if start is None or start == usable[0]:
        return None
    line = page.lines[start]
    marker = _marker("ending", line.start, line.start, line.start, "末尾")
    return Candidate(start, line.start, line.end, (Reading(marker, 1.0, line.indent),), forced=True)


def unlabelled_contact(page: Page, usable: list[int], barred: set[int]) -> Candidate | None:
    """A contact block without a word that says so: an office and its phone, apart at the very end."""
    start: int | None = None
    phone = False
    for index in reversed(usable[-_CLOSING_LINES:]):
        content = page.content(index)
        if (
            index in barred
            or len(content) > 60
            or (ends_sentence(content) and index != usable[-1])
            or content[0] in "|#※（("
        ):
            break
        office = _OFFICE_LINE.match(content) or re.match(r"(?:お?問い?合わ?せ|御?連絡)は?[、\s\u3000]", content)
        number = _NUMBERED_LINE.search("".join(content.split()))
        if not office and not number and index != usable[-1] and not re.match(r"〒|[^、。]{2,40}[0-9０-９]$", content):
            break
        phone = phone or number is not None
        if office and (start is None or page.lines[index].indent <= page.lines[start].indent):
            start = index
    if start is None or not phone or start == usable[0]:
        return None
    line = page.lines[start]
    above = page.content(usable[usable.index(start) - 1])
    if read_markers(page.text, line.start, line.end) or not (page.stands_apart(start) or ends_sentence(above)):
        return None
    marker = _marker("contact", line.start, line.start, line.start, "お問い合わせ")
    return Candidate(start, line.start, line.end, (Reading(marker, 1.0, line.indent),), forced=True)


def holds_phone(lines: list[str]) -> bool:
    """Whether lines that close a document begin with an office and give its phone: a contact block."""
    return _OFFICE_LINE.match(lines[0]) is not None and any(
        _NUMBERED_LINE.search("".join(line.split())) for line in lines
    )


def _behind_rule(page: Page, usable: list[int], barred: set[int]) -> int | None:
    """First line of a short closing text that a horizontal rule sets apart from the last clause."""
    following = None
    for index in reversed(usable[-_CLOSING_LINES:]):
        line = page.lines[index]
        if index in barred or read_prefix(page.text, line.start, line.end).level:
            return None
        if read_markers(page.text, line.start, line.end) or page.content(index).startswith(("|", "**")):
            return None
        following = index
        if index > 0 and index - 1 not in usable and is_rule(page.content(index - 1)):
            return following
    return None
