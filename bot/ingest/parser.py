"""A municipal guideline → its clause tree. Pure: text in, ParsedDocument out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise

from bot.document import ParsedDocument
from bot.ingest.blocks import closing_candidate, forced_candidate, holds_phone, unlabelled_contact
from bot.ingest.candidates import Candidate, line_candidates, read_prefix
from bot.ingest.dates import latest_date
from bot.ingest.front import Front, read_front, title_on_the_line
from bot.ingest.furniture import find_furniture
from bot.ingest.lines import Page, read_page
from bot.ingest.locators import name_nodes
from bot.ingest.markers import read_answer, read_markers
from bot.ingest.offices import find_departments
from bot.ingest.organizations import find_organization
from bot.ingest.output import clause_of, skipped_runs
from bot.ingest.search import Choice, choose_markers
from bot.ingest.spans import written
from bot.ingest.tables import find_headers, find_tables, is_pipe_rule
from bot.ingest.titles import find_fields, find_headings, find_labels
from bot.ingest.tree import Node, grow
from bot.ingest.warnings import find_warnings

_TITLE_LINE = re.compile(r"[（(]([^（()）]{1,40})[）)]")
_BRACKETS = {"「": 1, "『": 1, "（": 1, "(": 1, "」": -1, "』": -1, "）": -1, ")": -1}


@dataclass(slots=True)
class _Scan:
    """What the passes over the lines found, before the search."""

    front: Front
    skipped: dict[int, str]
    candidates: list[Candidate] = field(default_factory=list)
    headers: list[int] = field(default_factory=list)


def parse_document(text: str, *, name_hint: str | None = None) -> ParsedDocument:
    """Read a guideline into clauses.

    Never raises on any text. `name_hint` (a file's name, say) serves as the title of a document that
    has none. Clauses stand in document order, parents before children, locators are unique, and every
    non-blank line lies in a clause or in `skipped`; what is doubtful is in `warnings`.
    """
    page = read_page(text)
    page = replace(page, apart=frozenset(find_headers(page)))
    scan = _scan(page)
    choices = choose_markers(scan.candidates)
    nodes, skipped = _grown(page, scan, choices)
    inline = _inline_title(page, scan.front, nodes)
    name_nodes(nodes)
    clauses = tuple(clause_of(page, node) for node in nodes)
    title = (
        scan.front.title
        or (inline[0] if inline else "")
        or name_hint
        or (written(page, nodes[0].heading) if nodes else "")
    )
    organization = find_organization(page, title, nodes, skipped)
    return ParsedDocument(
        title=title,
        organization=organization,
        established=latest_date(page, nodes, skipped) or (inline[1] if inline else "") or None,
        departments=find_departments(page, nodes, organization),
        clauses=clauses,
        skipped=skipped_runs(page, skipped),
        warnings=find_warnings(page, nodes, (scan.candidates, choices), skipped),
    )


def _inline_title(page: Page, front: Front, nodes: list[Node]) -> tuple[str, str] | None:
    """The title that stands on the line of the first clause; its node is taken away."""
    if front.title or len(nodes) < 2 or nodes[0].style != "preamble" or len(nodes[0].pieces) != 1:
        return None
    index, (start, end) = nodes[0].pieces[0]
    found = title_on_the_line(page.text[start:end]) if index in nodes[1].lines else None
    if found is not None and not nodes[0].has_children:
        nodes.pop(0)
    return found


def _scan(page: Page) -> _Scan:
    skipped = find_furniture(page)
    skipped.update({at: "rule" for at in range(len(page.lines)) if is_pipe_rule(page.content(at))})
    usable = [at for at in range(len(page.lines)) if at not in skipped]
    forced = _forced(page, usable)
    closing = closing_candidate(page, usable, _form_lines(usable, forced) | set(forced))
    if closing is None:
        until = next((at for at in usable if at in forced and _style(forced[at]) == "contact"), len(page.lines))
        closing = closing_candidate(
            page, [at for at in usable if at < until], _form_lines(usable, forced) | set(forced)
        )
    if closing is not None:
        block = [page.content(at) for at in usable if at >= closing.line]
        if not (len(block) > 1 and holds_phone(block)) or _style(closing) != "ending":
            forced[closing.line] = closing
    _add_contact(page, usable, forced)
    contact = _contact_lines(page, usable, forced)
    tables = find_tables(page, [at for at in usable if at not in contact and at not in forced], frozenset(forced))
    front = read_front(page, usable, set(forced) - _top_headings(forced) | tables.masked)
    front.skipped.update(_repeated_titles(page, usable, front.title))
    usable = [at for at in usable if at not in front.skipped]
    skipped.update(front.skipped)
    for at in front.skipped:
        forced.pop(at, None)
    forms = [at for at, candidate in forced.items() if candidate.readings[0].marker.style == "form"]
    taken = tables.masked | set(forced)
    bounds = _form_lines(usable, forced)
    tables.masked.update(at for at in bounds if page.content(at)[0] in "□☐☑■")
    fields = find_fields(page, [at for at in usable if at in bounds], forms, taken)
    labels = find_labels(page, usable, taken | bounds | contact)
    headings = {**find_headings(page, usable, taken | bounds | contact | set(labels)), **labels}
    scan = _Scan(front, skipped, headers=tables.headers)
    special = {**headings, **fields, **tables.rows, **forced}
    _collect(page, usable, scan, (special, tables.masked | contact))
    return scan


def _add_contact(page: Page, usable: list[int], forced: dict[int, Candidate]) -> None:
    if any(_style(candidate) == "contact" for candidate in forced.values()):
        return
    until = next((at for at in usable if at in forced and _style(forced[at]) == "ending"), len(page.lines))
    before = [at for at in usable if at < until]
    contact = unlabelled_contact(page, before, _form_lines(usable, forced) | set(forced)) if before else None
    if contact is not None:
        forced[contact.line] = contact


def _style(candidate: Candidate) -> str:
    return candidate.readings[0].marker.style


def _repeated_titles(page: Page, usable: list[int], title: str) -> dict[int, str]:
    """The title printed again, behind a cover or the contents, is no clause."""
    squeezed = "".join(title.split())
    return {at: "title" for at in usable if squeezed and "".join(page.content(at).strip("#* ○").split()) == squeezed}


def _forced(page: Page, usable: list[int]) -> dict[int, Candidate]:
    found: dict[int, Candidate] = {}
    for position, index in enumerate(usable):
        candidate = forced_candidate(page, index, usable[position - 1] if position else None)
        if candidate is not None:
            found[index] = candidate
    return found


def _top_headings(forced: dict[int, Candidate]) -> set[int]:
    """Markdown headings of the first level: the title may be one."""
    return {
        at
        for at, candidate in forced.items()
        if candidate.readings[0].level == 1 and candidate.readings[0].marker.style == "head"
    }


def _form_lines(usable: list[int], forced: dict[int, Candidate]) -> set[int]:
    """All lines from a form's first line to the next part that is none."""
    inside: set[int] = set()
    in_form = False
    for index in usable:
        if index in forced and forced[index].readings[0].marker.style in ("form", "supplement", "contact", "ending"):
            in_form = forced[index].readings[0].marker.style == "form"
        if in_form:
            inside.add(index)
    return inside


def _contact_lines(page: Page, usable: list[int], forced: dict[int, Candidate]) -> set[int]:
    """The lines of contact blocks: up to a rule-like gap, a heading, or fifteen lines."""
    inside: set[int] = set()
    left = 0
    for index in usable:
        if index in forced:
            left = 15 if forced[index].readings[0].marker.style in ("contact", "ending") else 0
            continue
        if left and not _leaves_contact(page, index):
            inside.add(index)
            left -= 1
        else:
            left = 0
    return inside


def _leaves_contact(page: Page, index: int) -> bool:
    return re.match(r"[0-9０-９]{1,2}[．.\s\u3000]\s*\S|第[0-9０-９]|[（(]様式", page.content(index)) is not None


def _collect(page: Page, usable: list[int], scan: _Scan, known: tuple[dict[int, Candidate], set[int]]) -> None:
    """Fill `scan.candidates` in document order; an article takes the bracketed title above it along."""
    special, masked = known
    previous: int | None = None
    depth = 0
    asked = any(_is_question(page, index) for index in usable)
    titled = _titles_above_numbers(page, usable)
    for position, index in enumerate(usable):
        found: list[Candidate] = []
        if index in special:
            found = [special[index]]
        elif index not in masked and not (asked and _is_answer(page, index)):
            found = line_candidates(page, index, previous, open_bracket=depth > 0)
            if found and previous is not None and position:
                found[0] = _with_title_above(page, found[0], usable[position - 1], numbers=titled)
        if found and not found[0].forced and found[0].readings[0].evidence > 0:
            depth = 0
        scan.candidates.extend(found)
        depth = _bracket_depth(page.content(index), 0 if found and found[0].forced else depth)
        previous = index


def _is_question(page: Page, index: int) -> bool:
    markers = read_markers(page.text, _behind_signs(page, index), page.lines[index].end)
    return bool(markers) and markers[0].style == "q"


def _is_answer(page: Page, index: int) -> bool:
    return read_answer(page.text, _behind_signs(page, index), page.lines[index].end) is not None


def _behind_signs(page: Page, index: int) -> int:
    return read_prefix(page.text, page.lines[index].start, page.lines[index].end).end


def _bracket_depth(content: str, depth: int) -> int:
    for char in content:
        if char in _BRACKETS:
            depth = max(0, depth + _BRACKETS[char])
    return min(depth, 3) if not content.endswith("。") else 0


def _titles_above_numbers(page: Page, usable: list[int]) -> bool:
    """Whether the first number of the document has a bracketed title above it, as articles do."""
    for above, index in pairwise(usable):
        line = page.lines[index]
        if any(marker.style == "num" and marker.separated for marker in read_markers(page.text, line.start, line.end)):
            return _TITLE_LINE.fullmatch(page.content(above)) is not None
    return False


def _with_title_above(page: Page, candidate: Candidate, above: int, *, numbers: bool) -> Candidate:
    styles = {reading.marker.style for reading in candidate.readings}
    if (
        not styles & ({"article", "ordinal"} | ({"num"} if numbers else set()))
        or _TITLE_LINE.fullmatch(page.content(above)) is None
    ):
        return candidate
    return Candidate(candidate.line, page.lines[above].start, candidate.end, candidate.readings)


def _grown(page: Page, scan: _Scan, choices: list[Choice]) -> tuple[list[Node], dict[int, str]]:
    return grow(page, scan.candidates, choices, frozenset(scan.skipped)), scan.skipped
