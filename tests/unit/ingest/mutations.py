"""Documents changed in ways that leave their clauses as they are: other wraps, indentation, furniture."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from bot.ingest.lines import columns
from bot.ingest.parser import parse_document
from bot.model import Clause

_NO_START = "、。，．）」』】？！ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々：)]"
_NO_END = "（「『【(["
_LAID_OUT = re.compile(r"[ 　]{7}|[ 　]*\||.*(?:\t|\S[ 　]{3,}\S|\S　\s*\S+　+\S)")
_TITLE_ABOVE = re.compile(r"\s*(?:[（(【].*[）)】]|第.{1,3}条)\s*")


def rewrapped(text: str, width: int, hang: str) -> str:
    """The text hard-wrapped anew at `width` characters; `hang` is no, same or more indentation below."""
    out: list[str] = []
    for line, loose in _paragraphs(text):
        out.extend(_wrapped(line, width * 2, hang) if loose else [line])
    return "\n".join(out)


def _paragraphs(text: str) -> list[tuple[str, bool]]:
    """Lines as they were before they were wrapped, and whether they may be wrapped anew."""
    document = parse_document(text)
    fixed = {n for skipped in document.skipped for n in range(skipped.lines[0], skipped.lines[1] + 1)}
    starts = {clause.lines[0][0] for clause in document.clauses if clause.lines}
    owner: dict[int, Clause] = {}
    for clause in document.clauses:
        for number in (n for first, last in clause.lines for n in range(first, last + 1)):
            owner.setdefault(number, clause)
            if clause.kind == "row":
                fixed.add(number)
    out: list[tuple[str, bool]] = []
    above: Clause | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        clause_here = owner.get(number)
        if not line.strip() or number in fixed or _LAID_OUT.match(line):
            out.append((line, False))
            above = None
            continue
        goes_on = number not in starts and clause_here is not None and above is clause_here
        if goes_on and clause_here and not _TITLE_ABOVE.fullmatch(out[-1][0]) and not _begins(line, clause_here):
            out[-1] = (out[-1][0] + line.strip(), True)
        else:
            out.append((line, True))
        above = clause_here
    return out


def _begins(line: str, clause: Clause) -> bool:
    """Whether a paragraph of the clause begins with the line."""
    squeezed = "".join(line.split())
    paragraphs = ["".join(part.split())[:10] for part in f"{clause.heading or ''}\n{clause.text}".split("\n")]
    return any(part and (part.startswith(squeezed[:10]) or squeezed.startswith(part)) for part in paragraphs)


def _wrapped(line: str, width: int, hang: str) -> list[str]:
    lead = line[: len(line) - len(line.lstrip())]
    below = {"none": "", "same": lead, "more": lead + "　"}[hang]
    lines: list[str] = []
    current = lead
    for token in re.findall(r"[A-Za-z0-9@:/._\-]{2,}|.", line[len(lead) :]):
        over = columns(current) + columns(token) - width
        if over > 0 and not (token in _NO_START and over <= 4) and current.strip():
            kept = current.rstrip(_NO_END)
            lines.append(kept.rstrip())
            current = below + current[len(kept) :]
            if token.isspace():
                continue
        current += token
    return [*lines, current]


def unindented(text: str) -> str:
    """No indentation but that of Markdown lists, which is their syntax."""
    return "\n".join(line if line.lstrip().startswith(("-", "*")) else line.strip(" 　") for line in text.split("\n"))


def closed_up(text: str) -> str:
    """No blank lines."""
    return "\n".join(line for line in text.split("\n") if line.strip()) + "\n"


def double_spaced(text: str) -> str:
    """A blank line behind every line."""
    return "\n".join(part for line in text.split("\n") if line.strip() for part in (line, "")) + "\n"


def with_pages(text: str, number: str = "　　　　　　　　　　- {} -", header: str = "内部資料　職員限り") -> str:
    """A page number and a running header after every eleven lines."""
    out: list[str] = []
    for position, line in enumerate(text.split("\n"), start=1):
        out.append(line)
        if position % 11 == 0:
            out += ["", number.format(position // 11), "", header]
    return "\n".join(out)


def half_width_signs(text: str) -> str:
    """Digits, brackets and full stops half-width."""
    return "".join(
        unicodedata.normalize("NFKC", char) if char in "０１２３４５６７８９（）．" else char for char in text
    )


def tabbed(text: str) -> str:
    """Tabs for indentation."""
    return re.sub(r"(?m)^　+", lambda found: "\t" * ((len(found.group()) + 1) // 2), text)


MUTATIONS: dict[str, Callable[[str], str]] = {
    "no indentation": unindented,
    "no blank lines": closed_up,
    "double spacing": double_spaced,
    "pages": with_pages,
    "pages with bare numbers": lambda text: with_pages(text, "{}", ""),
    "half-width signs": half_width_signs,
    "tabs": tabbed,
    "neither indentation nor blank lines": lambda text: unindented(closed_up(text)),
    "wrapped and double-spaced": lambda text: double_spaced(rewrapped(text, 36, "none")),
    "wrapped with pages": lambda text: with_pages(rewrapped(text, 36, "same")),
    "wrapped without indentation": lambda text: unindented(rewrapped(text, 34, "none")),
}
