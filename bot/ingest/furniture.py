"""What stands on the page and is no clause: page numbers, running headers, rules, contents."""

from __future__ import annotations

import re
from collections import Counter

from bot.ingest.lines import Page, ends_sentence
from bot.ingest.markers import half_width, read_markers

_RULE = re.compile(r"[-*_=~─━―—－＿‐ー=＝~〜～…・.◆◇■□●○★☆※＊]{3,}|(?:[-*_]\s){3,}[-*_]?|-{2,}|[─━―＿]{2,}")
_PAGE_DASHED = re.compile(
    r"[-－‐–—―ー~〜～(（\[<〈《]+\s*[0-9０-９ⅰ-ⅻivx]{1,4}\s*(?:[/／]\s*[0-9０-９]{1,4}\s*)?[-－‐–—―ー~〜～)）\]>〉》]+"
)
_PAGE_OF = re.compile(
    r"(?:[Pp](?:age)?[.．]?\s*)?[0-9０-９]{1,4}\s*(?:[/／]|of)\s*[0-9０-９]{1,4}(?:\s*(?:ページ|頁|[Pp]age))?"
)
_PAGE_NAMED = re.compile(
    r"(?:[Pp](?:age)?[.．]?\s*|ページ\s*|頁\s*)[0-9０-９]{1,4}|[0-9０-９]{1,4}\s*(?:ページ|頁)|[Pp][.．]?[0-9０-９]{1,4}"
)
_PAGE_BARE = re.compile(r"[0-9０-９]{1,3}")
_CONTENTS = re.compile(r"[【\[（(<＜〈《≪■□◆◇●○#*\s]*(?:目次|もくじ|内容目次|コンテンツ)[】\])）>＞〉》≫*\s]*")
_LEADER = re.compile(r"(?:[.．…‥･・·\-－ー─―_ 　]{3,}|\s)\s*[(（]?[PpＰｐ]?[.．]?\s*[0-9０-９]{1,3}[)）]?$")
_DOTTED = re.compile(r"(?:[.．…‥･・·]\s*){3,}\s*[(（]?[PpＰｐ]?[.．]?\s*[0-9０-９]{1,3}[)）]?$")
_WEB = re.compile(
    r"(?:トップ|ホーム|TOP|HOME|Home|Top)(?:ページ)?\s*[>＞›»→].{0,80}|ページ番号[\s:：]*[0-9０-９]+.{0,40}"
    r"|ページID[\s:：]*[0-9０-９]+.{0,40}|印刷(?:用ページ|する)?(?:[\s\u3000]*大きな文字で印刷)?|大きな文字で印刷"
    r"|本文(?:へ|にスキップ).{0,12}|ここから本文.{0,10}|(?:この)?ページの先頭[へに](?:戻る)?"
    r"|(?:更新日|掲載日|公開日|最終更新日)[\s:：]*[0-9０-９].{0,20}"
)
_HISTORY = re.compile(r"[【（(]?(?:改定|改訂|改正|変更|更新|版数)(?:の)?(?:履歴|経過|記録)[】）)]?|沿\s*革")
_HISTORY_ROW = re.compile(r"版|年月|日付|[0-9０-９元]\s*年|[0-9]{4}[./-][0-9]")
_RANGE = re.compile(r"[（(]第?[^（(）)]*[)）]$|[（(]第[^（(）)]*$")


def find_furniture(page: Page) -> dict[int, str]:
    """Index of each line that is furniture → rule, page_number, contents or running_header."""
    found = {index: "rule" for index in range(len(page.lines)) if is_rule(page.content(index))}
    for index in range(len(page.lines)):
        if _WEB.fullmatch(page.content(index)):
            found[index] = "date" if re.search(r"[0-9０-９]\s*[年./]", page.content(index)) else "running_header"
    found.update(_history(page))
    found.update(_page_numbers(page, found))
    found.update(_contents(page, found))
    found.update(_running_headers(page, found))
    return found


def is_rule(content: str) -> bool:
    """Whether a line is nothing but a horizontal rule (or an ornament)."""
    return _RULE.fullmatch(content) is not None and (len(content) >= 3 or content[0] in "─━―＿-")


def _history(page: Page) -> dict[int, str]:
    """A table of revisions on the front page."""
    found: dict[int, str] = {}
    for index in range(min(len(page.lines), 30)):
        if not _HISTORY.fullmatch(page.content(index)):
            continue
        found[index] = "date"
        at = index + 1
        while at < len(page.lines) and _is_history_row(page.content(at)):
            found[at] = "date"
            at += 1
    return found


def _is_history_row(content: str) -> bool:
    cells = re.split(r"\t+|[ ]{2,}|\u3000+|\|", content)
    return (
        len(content) <= 60 and len(cells) > 1 and _HISTORY_ROW.search(content[:24]) is not None and "。" not in content
    )


def _page_numbers(page: Page, taken: dict[int, str]) -> dict[int, str]:
    found: dict[int, str] = {}
    bare: list[tuple[int, int]] = []
    for index in range(len(page.lines)):
        content = page.content(index)
        if len(content) > 24 or index in taken:
            continue
        if _PAGE_OF.fullmatch(content) or _PAGE_NAMED.fullmatch(content):
            found[index] = "page_number"
        elif _PAGE_DASHED.fullmatch(content):
            if not re.fullmatch(r"[（(]\s*[0-9０-９]+\s*[)）]", content) or _at_page_end(page, index):
                found[index] = "page_number"
        elif _PAGE_BARE.fullmatch(content):
            bare.append((index, int(half_width(content))))
    for position, (index, value) in enumerate(bare):
        neighbours = bare[max(0, position - 1) : position] + bare[position + 1 : position + 2]
        in_sequence = any(other - value == (1 if at > index else -1) for at, other in neighbours)
        if (
            _at_page_end(page, index)
            or in_sequence
            or _stands_alone(page, index)
            or (value == 1 and page.lines[index].indent > 20)
        ):
            found[index] = "page_number"
    return found


def _stands_alone(page: Page, index: int) -> bool:
    """Whether more blank lines than usual stand on both sides of the line."""
    return page.lines[index].gap > page.least_gap and page.lines[index + 1].gap > page.least_gap


def _at_page_end(page: Page, index: int) -> bool:
    """Whether a page break, or the end of the document, stands beside the line."""
    last = index + 1 >= len(page.lines)
    return last or page.lines[index + 1].new_page or page.lines[index].new_page


def _contents(page: Page, taken: dict[int, str]) -> dict[int, str]:
    squeezed = ["".join(page.content(index).split()) for index in range(len(page.lines))]
    starts = _later_starts(squeezed)
    found: dict[int, str] = {}
    for index in range(len(page.lines)):
        if index not in found and _CONTENTS.fullmatch(squeezed[index]):
            found[index] = "contents"
            found.update(_entries_below(page, index, starts, taken))
    dotted = [index for index in range(len(page.lines)) if _DOTTED.search(page.content(index)[-60:])]
    if len(dotted) >= 3:
        found.update(dict.fromkeys(dotted, "contents"))
    return found


def _later_starts(squeezed: list[str]) -> dict[str, list[int]]:
    """First eight characters without white space → the lines that begin so."""
    starts: dict[str, list[int]] = {}
    for index, content in enumerate(squeezed):
        for length in range(1, 9):
            starts.setdefault(content[:length], []).append(index)
    return starts


def _entries_below(page: Page, heading: int, starts: dict[str, list[int]], taken: dict[int, str]) -> dict[int, str]:
    """The lines below 目次 that end in a page number or are printed again further down."""
    found: dict[int, str] = {}
    left = [index for index in range(heading + 1, min(heading + 400, len(page.lines))) if index not in taken]
    position = 0
    while position < len(left):
        length = next((size for size in (3, 2, 1) if _is_entry(page, left[position : position + size], starts)), 0)
        if not length:
            break
        found.update(dict.fromkeys(left[position : position + length], "contents"))
        position += length
    return found


def _is_entry(page: Page, lines: list[int], starts: dict[str, list[int]]) -> bool:
    """Whether these lines together are one entry of the contents."""
    content = "".join(page.content(index) for index in lines)
    last = page.content(lines[-1])
    bare = content.lstrip("-*+・ \u3000").strip("[]")
    entry = "".join(_RANGE.sub("", _LEADER.sub("", bare)).split())
    if not entry:
        return False
    if any(other > lines[-1] and _printed_at(page, other, entry) for other in _candidates(entry, starts)):
        return True
    if len(lines) > 1:
        if any(_is_marked(page, at) for at in lines[1:]):
            return False
        return _DOTTED.search(last[-60:]) is not None and not any(ends_sentence(page.content(at)) for at in lines[:-1])
    return _DOTTED.search(last[-60:]) is not None or (_LEADER.search(last) is not None and len(content) < 60)


def _is_marked(page: Page, index: int) -> bool:
    """Whether the line begins with a marker."""
    return bool(read_markers(page.text, page.lines[index].start, page.lines[index].end))


def _printed_at(page: Page, index: int, entry: str) -> bool:
    """Whether the entry is printed at this line, and perhaps goes on in the next."""
    here = "".join(page.content(index).lstrip("#* ").split())
    if here.startswith(entry):
        return True
    if len(here) < 12 or not entry.startswith(here) or index + 1 >= len(page.lines):
        return False
    return (here + "".join(page.content(index + 1).split())).startswith(entry)


def _candidates(entry: str, starts: dict[str, list[int]]) -> list[int]:
    keys = [entry[:8], ("##" + entry)[:8], ("#" + entry)[:8], ("###" + entry)[:8]]
    return [index for key in keys for index in starts.get(key, [])[-8:]]


def _running_headers(page: Page, taken: dict[int, str]) -> dict[int, str]:
    """Short lines that return beside page breaks or page numbers, but for their page number."""
    keys = {
        index: re.sub(r"[0-9０-９]+", "0", "".join(page.content(index).split()))
        for index in range(len(page.lines))
        if index not in taken and page.lines[index].width <= 90
    }
    beside: Counter[str] = Counter(
        key for index, key in keys.items() if len(key) > 3 and _beside_break(page, index, taken)
    )
    total = Counter(keys.values())
    repeated = {key for key, count in beside.items() if count >= 2 and count >= 0.6 * (total[key] - 1)}
    found: dict[int, str] = {}
    first: set[str] = set()
    for index, key in keys.items():
        if key not in repeated or (not _beside_break(page, index, taken) and key in first):
            continue
        if key in first or (index > 0 and _beside_break(page, index, taken)):
            found[index] = "running_header"
        first.add(key)
    return found


def _beside_break(page: Page, index: int, taken: dict[int, str]) -> bool:
    if index == 0 or page.lines[index].new_page or (index + 1 < len(page.lines) and page.lines[index + 1].new_page):
        return True
    return taken.get(index - 1) == "page_number" or taken.get(index + 1) == "page_number"
