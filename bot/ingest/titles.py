"""Lines that name something without a number: headings in plain text, and the fields of a form."""

from __future__ import annotations

import re
from itertools import pairwise

from bot.ingest.candidates import Candidate, Reading, is_signed_number
from bot.ingest.front import is_date_line
from bot.ingest.lines import Page, ends_sentence
from bot.ingest.markers import Marker, half_width, is_special, read_answer, read_markers

_NO_HEADING = re.compile(
    r"[。，,：:；;｜|＿_@＠]|https?|[0-9０-９]{3}|^[（(「『【\[※⇒→＊□☑<＜≪《]|^以\s*上$|[様殿宛]$|(?:課|室|部|局|係)?長$"
)
_FIELD_END = re.compile(
    r"[。、，,]$|[長様殿宛]$|あて$|(?:依頼|通知|申請|届出|報告|承認|承諾|計画|誓約|同意|協議|決定|確認)書$|届$|票$|印$"
)
_BLANKS = re.compile(r"[ ]{2,}|\u3000+|\t+|[ ]+(?=[年月日部課係（(□])|[:：]")
_LABEL = re.compile(r"([【＜<《≪〈〔\[])\s*([^】＞>》≫〉〕\]]{2,24})\s*[】＞>》≫〉〕\]]")
_LABEL_SIGNS = re.compile(r"[【＜《≪〈〔\[■◆◇□●○◎▼▽★☆・]")
_BOLD_LABEL = re.compile(r"(\*\*)([^*。、【（(「0-9０-９]{2,24})\*\*")
_SHORT = 50
_FIELD_WIDTH = 32


def find_headings(page: Page, usable: list[int], taken: set[int]) -> dict[int, Candidate]:
    """Unnumbered headings among the lines at `usable` that are not `taken` by tables, forms, title."""
    found: dict[int, Candidate] = {}
    numbered = any(_is_numbered(page, index) for index in usable)
    for position, index in enumerate(usable):
        if index in taken or position + 1 >= len(usable) or not _can_be_heading(page, index):
            continue
        above = usable[position - 1] if position else None
        if not _stands_above_text(page, (above, index, usable[position + 1]), taken, numbered=numbered):
            continue
        line = page.lines[index]
        marker = Marker(
            "head",
            0,
            half_width(page.content(index)),
            line.start,
            line.start,
            line.start,
            separated=True,
            separator=" ",
        )
        found[index] = Candidate(index, line.start, line.end, (Reading(marker, 0.8, line.indent),))
    return found


def _is_numbered(page: Page, index: int) -> bool:
    line = page.lines[index]
    markers = read_markers(page.text, line.start, line.end)
    return any(marker.separated and not marker.style.startswith("bullet") for marker in markers)


def _can_be_heading(page: Page, index: int) -> bool:
    line, content = page.lines[index], page.content(index)
    if line.width > _SHORT or len(content) < 2 or _NO_HEADING.search(content) or ends_sentence(content):
        return False
    if (
        read_markers(page.text, line.start, line.end)
        or read_answer(page.text, line.start, line.end)
        or is_date_line(content)
        or content.startswith(("#", "-", "*", ">"))
    ):
        return False
    parts = content.split()
    if len(parts) > 1 and any(len(part) > 1 for part in parts) and all(len(part) <= 8 for part in parts):
        return False
    return re.search(r"(?<!も)の$|[をがで、]$|及び$|又は$", content) is None


def _stands_above_text(page: Page, around: tuple[int | None, int, int], taken: set[int], *, numbered: bool) -> bool:
    above, index, below = around
    line, after = page.lines[index], page.lines[below]
    apart = above is None or line.gap > page.least_gap
    if page.is_full(line) and after.gap <= page.least_gap:
        return False
    if not numbered and above is not None and not apart and line.indent <= after.indent:
        upper_line = page.lines[above]
        bullet = read_markers(page.text, upper_line.start, upper_line.end)
        apart = ends_sentence(page.content(above)) or bool(bullet)
    content = page.content(index)
    if above is not None:
        upper = page.content(above)
        broken = line.gap > page.least_gap and above == index - 1
        if page.is_full(page.lines[above]) and not ends_sentence(upper) and above not in taken and not broken:
            return False
        if (
            not apart
            and not (ends_sentence(upper) and after.indent > line.indent)
            and not is_special(half_width(content))
        ):
            return False
    if after.gap > line.gap and not apart:
        return False
    below_text = page.content(below)
    follows = bool(read_markers(page.text, after.start, after.end)) or ends_sentence(below_text) or after.width > 60
    follows = follows or page.is_full(after)
    return follows and not _NO_HEADING.match(below_text[:1] if below_text[:1] in "（(" and not follows else " ")


def find_fields(page: Page, usable: list[int], forms: list[int], taken: set[int]) -> dict[int, Candidate]:
    """Fields of the forms that begin at the lines `forms`; a label may be wrapped over two lines."""
    found: dict[int, Candidate] = {}
    in_form = False
    label_open = False
    previous: int | None = None
    skip: set[int] = set()
    for position, index in enumerate(usable):
        if index in forms:
            in_form, label_open, previous = True, True, index
            continue
        if index in taken or index in skip or not in_form:
            label_open = label_open and index not in taken
            previous = index
            continue
        label = _label(page, usable, position)
        first_line = label_open
        label_open = False
        if label is None or (first_line and _is_title(page.content(index))) or not _separate(page, previous):
            previous = index
            continue
        last, cell = label
        skip.update(range(index + 1, last + 1))
        step = half_width(page.text[cell[0] : cell[1]])
        body = cell[1]
        while body < page.lines[last].end and page.text[body] in " \t\u3000:：":
            body += 1
        marker = Marker("field", 0, step, cell[0], cell[1], body, separated=True, separator=" ")
        found[index] = Candidate(
            index, page.lines[index].start, page.lines[index].end, (Reading(marker, 1.0, 0),), forced=True
        )
        previous = last
    return found


def _separate(page: Page, previous: int | None) -> bool:
    """A label does not go on with the sentence above it."""
    if previous is None:
        return True
    content = page.content(previous)
    return not (page.is_full(page.lines[previous]) and not ends_sentence(content))


def _is_title(content: str) -> bool:
    return _BLANKS.search(content) is None


def _label(page: Page, usable: list[int], position: int) -> tuple[int, tuple[int, int]] | None:
    """Last line and bounds of the label that begins at this line."""
    index = usable[position]
    line, content = page.lines[index], page.content(index)
    if read_markers(page.text, line.start, line.end) or content.startswith(
        ("（", "(", "□", "※", "【", "○", "|", "年", "#")
    ):
        return None
    if ends_sentence(content) or is_date_line(content) or "。" in content:
        return None
    blank = _BLANKS.search(page.text, line.start, line.end)
    end = blank.start() if blank and blank.start() > line.start else line.end
    label = page.text[line.start : end]
    if len(label) < 2 or len(label) * 2 > _FIELD_WIDTH or _FIELD_END.search(label) or re.search(r"[、。，]", label):
        return None
    wrapped = _wrapped_label(page, usable, position)
    if end == line.end and wrapped is not None:
        return wrapped, (line.start, page.lines[wrapped].end)
    if (
        page.text[end : end + 1] in ":："
        and page.text[end : end + 1]
        and re.search(r"[）)]$|○", page.text[line.start : line.end])
    ):
        return None
    return index, (line.start, end)


def _wrapped_label(page: Page, usable: list[int], position: int) -> int | None:
    """The next line when it ends this label: cut in a word, or begun with a particle."""
    if position + 1 >= len(usable):
        return None
    below = usable[position + 1]
    upper, lower = page.content(usable[position]), page.content(below)
    if (
        len(lower) > 12
        or ends_sentence(lower)
        or read_markers(page.text, page.lines[below].start, page.lines[below].end)
    ):
        return None
    goes_on = lower[0] in "のをにはがと及又" or (_katakana(upper[-1]) and _katakana(lower[0]) and len(upper) >= 6)
    return below if goes_on and _BLANKS.search(lower) is None else None


def _katakana(char: str) -> bool:
    return "ァ" <= char <= "ー"


def find_labels(page: Page, usable: list[int], taken: set[int]) -> dict[int, Candidate]:
    """Headings in brackets (【目的】) or behind a square (■目的), where they are what divides the document.

    They are only where they come before any number and stand at least twice, never as a sentence; else
    a bracketed label is text and a square is a bullet.
    """
    first: str | None = None
    marked: dict[str, list[int]] = {}
    levels = any(page.content(index).startswith("##") for index in usable)
    for index in usable:
        if index in taken or (levels and page.content(index).startswith("**")):
            continue
        kind = _label_kind(page, index)
        if kind is None and _is_numbered(page, index) and first is None:
            return {}
        if kind is not None:
            first = first or kind
            marked.setdefault(kind, []).append(index)
    if first is None or len(marked[first]) < 2 or not _divide(page, usable, marked[first]):
        return {}
    return {index: _label_candidate(page, index) for index in marked[first]}


def _label_kind(page: Page, index: int) -> str | None:
    content = page.content(index)
    if page.lines[index].width > _SHORT:
        return None
    match = _LABEL.fullmatch(content)
    if match is not None:
        return match.group(1)
    if _BOLD_LABEL.fullmatch(content):
        return "**"
    if is_signed_number(content):
        return None
    return content[0] if content[0] in "■◆◇□●○◎▼▽★☆" else None


def _divide(page: Page, usable: list[int], lines: list[int]) -> bool:
    """Whether these lines are all titles, most of them with a sentence below."""
    follower = dict(pairwise(usable))
    for index in lines:
        content = page.content(index)
        if ends_sentence(content) or re.search(r"[、。，]|[ \u3000].*[ \u3000]", content[1:].strip()):
            return False
    below = [page.content(follower[index]) for index in lines if index in follower]
    prose = [text for text in below if _is_prose(text)]
    if len(prose) * 2 >= len(lines):
        return True
    own = set(lines)
    led = [index for index in lines if index in follower and follower[index] not in own]
    return len(led) == len(lines) and all(
        _is_prose(page.content(follower[index])) or _begins_list(page, follower[index]) for index in lines
    )


def _is_prose(text: str) -> bool:
    return (len(text) >= 18 or ends_sentence(text)) and _LABEL_SIGNS.match(text) is None


def _begins_list(page: Page, index: int) -> bool:
    line = page.lines[index]
    return any(
        marker.separated or marker.style.startswith("bullet")
        for marker in read_markers(page.text, line.start, line.end)
    )


def _label_candidate(page: Page, index: int) -> Candidate:
    line, content = page.lines[index], page.content(index)
    match = _LABEL.fullmatch(content) or _BOLD_LABEL.fullmatch(content)
    if match is not None:
        start, end = line.start + match.start(2), line.start + match.end(2)
    else:
        start, end = line.start + 1, line.end
        while start < end and page.text[start] in " \t\u3000":
            start += 1
    sign = (line.start, line.start + 1) if match is None else (start, start)
    marker = Marker("head", 0, half_width(page.text[start:end]), *sign, start, separated=True, separator=" ")
    return Candidate(index, line.start, line.end, (Reading(marker, 1.0, 0, 7),), forced=True)
