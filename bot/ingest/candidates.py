"""Where a clause might begin, each place with the local evidence for and against it.

Places are every line start (and, on one-line pages, every gap inside a line) that can be read as a
marker.
Evidence is a number: above zero speaks for a real marker. `search.py` adds what the sequence says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.ingest.lines import Line, Page, ends_open, ends_sentence
from bot.ingest.markers import Marker, half_width, read_markers, skip_separators

BOLD_LEVEL = 7
"""A line that is bold as a whole ranks below all Markdown headings."""
SHORT_LINE = 24
"""Columns below which a line holds nothing but its own start."""
LONG_LINE = 110
"""Columns from which a physical line may hold several clauses."""

_REFERENCE = re.compile(
    r"(?:に(?:掲げ|規定|定め|基づ|よ[りる]|該当|関する|関し|示[すし]|あ[たって]|係る|従|準|記載|いう|お(?:いて|ける)|つい)"
    r"|の(?!り)"
    r"|から|まで|及び|又は|若しくは|並びに|または|および|もしくは|[、，・～~]|[をはがとへも](?![りのくうじしっ])|で(?:作成|定め|示|掲げ|規定)"
    r"|[(（][0-9０-９ァ-ンｱ-ﾝ一二三四五六七八九十]{1,3}[)）](?:[のにをからまでは、]|及び|又は))"
)
_COUNTER = re.compile(
    r"(?:年(?!度計|間計|齢|次|始|末|度当初)|月(?!例|次)|日(?!常|本|程|時|誌|頃|々)|時(?!間外|期|事|系|点)|分(?!類|担|野|析|限)"
    r"|回(?!答|線|収|復|避|覧|転)|人(?!権|種|材|事|格|命|物|員|的|の|が|や)|件(?!名|数|の)|名(?!称|前|義|簿|誉|札|刺)|章|条(?!例|件)|項(?!目)|号"
    r"|円|％|%|歳|か月|ヶ月|カ月|ヵ月|か所|箇所|箇月|つ|種類|文字|字|枚|世紀|以上|以下|以内|以降|未満|倍|週|秒|[GMK]B|億|万|千|代(?!表|替|理)|番(?!号)|階|級|度(?!合)|点(?!検)|系統|通(?!知|報|信|則|常))"
)
_BREAKS = re.compile(r"[ \t\u3000]{1,}|(?<=。)|(?<=。[）」])")
_ARTICLE = re.compile(r"第\s*[0-9０-９一二三四五六七八九十百]+\s*条")
_TITLED_ARTICLE = re.compile(
    r"([（(][^（()）。、]{1,24}[）)][ \u3000]*)(?=第[ \u3000]*[0-9０-９一二三四五六七八九十百]+[ \u3000]*条)"
)
_PART = re.compile(
    r"(?P<supplement>附[ \u3000]*則)(?=[ \u3000]|$)"
    r"|(?P<form>[（(]?(?:様式|別表|別紙)(?:第?[0-9０-９一二三四五六七八九十]+号?)?[）)]?)(?=[ \u3000])"
    r"|(?P<contact>【?お?問い?合わ?せ先?】?|【?(?:連絡先|担当課)】?)(?=[:： \u3000])"
)
_LEADS = re.compile(r"次の|次に|以下|下記|左記|とおり|通り|[一二三四五六七八九0-9０-９]つの|項目|順に|手順|[:：]$")
_SIGNED_NUMBER = re.compile(
    r"[■◆◇□●○◎▼▶★☆][ \u3000]*(?=[0-9０-９]{1,2}(?:[．.、][^0-9０-９]|[ \u3000])|[（(][0-9０-９]{1,2}[)）]"
    r"|第[ \u3000]*[0-9０-９一二三四五六七八九十]+[ \u3000章節])"
)
_CUT_IN_CLAUSE = re.compile(r"[、。].*(?:[をにはがへや]|(?<!も)の)$")
_BARE_STYLES = ("num", "path", "kanji", "kana", "iroha", "ordinal")
_HEADING = re.compile(r"(#{1,6})[ \t\u3000]+|(#{1,6})(?=[^#\s])")
_KATAKANA = re.compile(r"[ァ-ヴー]")
_DASH = re.compile(r"[-*+][ \t\u3000]+(?:\[[ xX]\][ \t]+)?")
_QUOTE = re.compile(r"(?:>[ \t]?)+")
_BOLD = re.compile(r"\*\*|__")


@dataclass(frozen=True, slots=True)
class Reading:
    """A marker with the evidence around it. `level` is the Markdown heading level, 0 for none."""

    marker: Marker
    evidence: float
    indent: int
    level: int = 0
    dash: bool = False
    """Whether a Markdown list dash stands before the marker."""
    free: bool = False
    """Whether it is a title behind a finished sentence that leads to no list (次のとおり)."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place where a clause might begin: `start` is the offset of the first character that is its own."""

    line: int
    start: int
    end: int
    readings: tuple[Reading, ...]
    forced: bool = False


@dataclass(frozen=True, slots=True)
class Prefix:
    """Markdown signs before a marker: heading signs, a list dash, bold."""

    end: int
    level: int
    dash: bool
    bold: bool


def read_prefix(text: str, start: int, end: int) -> Prefix:
    """The Markdown signs at the start of a line."""
    level, dash, bold = 0, False, False
    quote = _QUOTE.match(text, start, end)
    position = quote.end() if quote else start
    heading = _HEADING.match(text, position, end)
    if heading:
        level, position = len(heading.group(1) or heading.group(2)), heading.end()
    item = _DASH.match(text, position, end)
    if item and not level:
        dash, position = True, item.end()
    mark = _BOLD.match(text, position, end)
    if mark:
        bold, position = True, mark.end()
    return Prefix(position, level, dash, bold)


def line_candidates(page: Page, index: int, previous: int | None, *, open_bracket: bool) -> list[Candidate]:
    """All candidates of a line: at its start, behind a first marker, and inside when it is very long."""
    line = page.lines[index]
    outside = _surroundings(page, index, previous, open_bracket=open_bracket)
    found: list[Candidate] = []
    prefix, markers = _markers_at_start(page.text, line)
    level = prefix.level or (BOLD_LEVEL if prefix.bold and page.content(index).endswith(("**", "__")) else 0)
    outside += (2.0 if prefix.level or prefix.dash else 0.0) + (0.5 if prefix.bold else 0.0)
    if previous is not None and not prefix.dash and _CUT_IN_CLAUSE.search(page.content(previous)):
        outside -= 2.0 if markers and markers[0].style.startswith("bullet") else 0.0
    readings = _readings(page.text, markers, outside, (line.indent, level, line.end))
    free = previous is not None and _is_free(page, index, previous)
    readings = tuple(replace(reading, dash=prefix.dash, free=free) for reading in readings)
    if readings:
        found.append(Candidate(index, line.start, line.end, readings))
        found.extend(_stacked(page, index, readings))
    if line.width >= SHORT_LINE:
        behind = max((reading.marker.body for candidate in found for reading in candidate.readings), default=line.start)
        found.extend(_inside(page, index, behind))
    return found


def _markers_at_start(text: str, line: Line) -> tuple[Prefix, list[Marker]]:
    """The readings of a line's start; behind a square or a bracketed title there may be a number."""
    prefix = read_prefix(text, line.start, line.end)
    markers = read_markers(text, prefix.end, line.end, bare=True)
    if prefix.dash:
        markers = [marker for marker in markers if marker.separated or marker.style not in _BARE_STYLES]
        if not markers:
            return Prefix(line.start, 0, dash=False, bold=False), read_markers(text, line.start, line.end)
    signed = _SIGNED_NUMBER.match(text, prefix.end, line.end)
    if signed:
        return prefix, [replace(marker, start=prefix.end) for marker in read_markers(text, signed.end(), line.end)]
    titled = None if markers else _TITLED_ARTICLE.match(text, prefix.end, line.end)
    return prefix, read_markers(text, titled.end(1), line.end) if titled else markers


def _is_free(page: Page, index: int, previous: int) -> bool:
    line = page.lines[index]
    if line.width > 60 or page.is_full(line) or ends_sentence(page.content(index)):
        return False
    return ends_sentence(page.content(previous)) and not _LEADS.search(_last_words(page, previous))


def is_signed_number(content: str) -> bool:
    """Whether a square or circle stands before a number, which then is the marker."""
    return _SIGNED_NUMBER.match(content) is not None


def _last_words(page: Page, index: int) -> str:
    """The end of the paragraph that stops at this line."""
    first = max(0, index - 2)
    return "".join(page.content(at) for at in range(first, index + 1))[-80:].rstrip("。").rpartition("。")[2]


def _readings(text: str, markers: list[Marker], outside: float, where: tuple[int, int, int]) -> tuple[Reading, ...]:
    indent, level, end = where
    return tuple(Reading(marker, outside + inside(text, marker, end), indent, level) for marker in markers)


def inside(text: str, marker: Marker, end: int) -> float:
    """Evidence in what follows the marker: a reference or a quantity speaks against it."""
    following = text[marker.body : min(end, marker.body + 12)]
    score = 0.0
    if _REFERENCE.match(following):
        score -= 2.5 if marker.separated else 5.0
    if marker.style in ("num", "path", "kanji", "ordinal"):
        score += _number_evidence(marker, following)
    if marker.style in ("kana", "iroha") and not marker.separated:
        score -= 1.5
    if marker.style == "article" and not marker.separated and following[:1] not in "（(":
        score -= 2.0
    if marker.style == "chapter" and not marker.separated:
        score -= 1.0
    if marker.style.startswith("bullet") and marker.style[6] in "○〇△□☆▲▽◎":
        score -= (
            0.5 if following and not re.search(r"[○〇△]{2}|[○△][月日時分年課市町]", text[marker.body : end]) else 3.0
        )
    if not following and marker.style in ("num", "kanji", "circled", "kana", "iroha", "letter", "small-letter"):
        score -= 1.5
    return score


def _number_evidence(marker: Marker, following: str) -> float:
    """A bare number may be a quantity (10 日以内) or a decimal fraction."""
    score = 0.0
    if _COUNTER.match(following):
        score -= 2.0 if marker.separator == " " else (0.5 if marker.separated else 4.0)
    if not marker.separated:
        score -= 2.5
    if marker.separator and marker.separator in "．." and following[:1].isdigit():
        score -= 3.0
    return score


def _surroundings(page: Page, index: int, previous: int | None, *, open_bracket: bool) -> float:
    """Evidence in what precedes the line: an unfinished full line above speaks for a hard wrap."""
    if previous is None:
        return 0.5
    line, above = page.lines[index], page.lines[previous]
    content = page.content(previous)
    score = 0.0
    full = page.is_full(above)
    if ends_sentence(content):
        score += 1.0
    elif ends_open(content):
        score -= 3.0 if full else 1.5
    elif full:
        score -= 1.5
    else:
        short = page.full_width is None or above.indent + above.width < 0.7 * page.full_width
        score += 1.0 if short else 0.5
    if full and _KATAKANA.match(content[-1]) and _KATAKANA.match(page.content(index)):
        score -= 2.5
    if open_bracket:
        score -= 2.0
    if line.gap > page.usual_gap:
        score += 0.7
    if full and line.indent > above.indent:
        score += 0.5
    return score


def _stacked(page: Page, index: int, readings: tuple[Reading, ...]) -> list[Candidate]:
    """A second marker directly behind the first: `１ （１） …`."""
    line = page.lines[index]
    found: list[Candidate] = []
    body = max(reading.marker.body for reading in readings)
    if all(reading.marker.separated or reading.marker.style in ("(num)", "circled") for reading in readings):
        markers = [
            marker
            for marker in read_markers(page.text, body, line.end)
            if marker.ordinal == 1 and (marker.separated or marker.style.startswith(("(", "circled")))
        ]
        second = _readings(page.text, markers, -0.5, (line.indent + 2, 0, line.end))
        if second and body > line.start:
            found.append(Candidate(index, body, line.end, second))
    return found


def _inside(page: Page, index: int, behind: int) -> list[Candidate]:
    """Markers in the middle of a line that holds a whole page."""
    line, text = page.lines[index], page.text
    found: list[Candidate] = []
    last = behind
    for gap in _BREAKS.finditer(text, line.start, line.end):
        start = gap.end()
        if start <= last or start >= line.end:
            continue
        spaced = gap.end() > gap.start()
        before = text[max(line.start, gap.start() - 1) : gap.start()]
        titled = _TITLED_ARTICLE.match(text, start, line.end)
        markers = [
            marker
            for marker in read_markers(text, titled.end(1) if titled else start, min(line.end, start + 60))
            if (not marker.style.startswith("bullet") or spaced)
            and marker.style not in ("hiragana", "letter", "small-letter")
        ]
        outside = (0.3 if before in ("。", "）", ")", "」") else -0.3) + (0.0 if spaced else -1.0)
        outside -= 0.0 if line.width >= LONG_LINE else 1.4
        if before in ("、", "，", "第") or (line.width < LONG_LINE and not spaced):
            outside -= 3.0
        readings = _readings(text, markers, outside, (0, 0, line.end)) or _part_inside(text, start, line)
        if readings:
            found.append(Candidate(index, start, line.end, readings))
            last = readings[0].marker.end
    return found


def _part_inside(text: str, start: int, line: Line) -> tuple[Reading, ...]:
    """附則, an annex or a contact in the middle of a line that holds a whole page."""
    match = _PART.match(text, start, line.end) if line.width >= LONG_LINE else None
    before = text[line.start : start].rstrip()[-1:]
    if match is None or before not in "。）)」" or not text[start - 1].isspace() or match.end() >= line.end:
        return ()
    style = str(match.lastgroup)
    if (
        style == "contact"
        and re.search(r"[0-9０-９][-－（(][0-9０-９]|電話|内線", text[match.end() : match.end() + 60]) is None
    ):
        return ()
    step = {"supplement": "附則", "contact": "お問い合わせ"}.get(style) or half_width(match.group())
    body = skip_separators(text, match.end(), line.end)
    marker = Marker(style, 0, step.strip("()"), match.start(), match.end(), body, separated=True, separator=" ")
    return (Reading(marker, 1.0, 0),)
