"""guideline.yaml: a parsed document on disk, written by `ingest` and read back by the loader."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

from bot.corpus.schema import Node
from bot.corpus.yaml_source import to_yaml
from bot.document import Office, ParsedDocument, ParseWarning, Skipped
from bot.model import Clause, ClauseKind

KINDS: tuple[str, ...] = get_args(ClauseKind)
_HEAD = (
    "# Written by `guideline-bot ingest` from the source beside it; do not edit: corrections go into curation.yaml.\n"
)


def dump_guideline(document: ParsedDocument) -> str:
    """The document as the text of a guideline.yaml."""
    plain = document_plain(document)
    clauses = [
        {**written, "printed": clause.printed} if clause.printed else written
        for written, clause in zip(plain["clauses"], document.clauses, strict=True)
    ]
    return to_yaml({**plain, "clauses": clauses}, _HEAD)


def document_plain(document: ParsedDocument) -> dict[str, Any]:
    """The document as plain values: the JSON of `ingest`, and all but the printed markers of guideline.yaml."""
    return {
        "title": document.title,
        "organization": document.organization,
        "established": document.established,
        "departments": [
            {"name": office.name, "phone": office.phone, "extension": office.extension}
            for office in document.departments
        ],
        "skipped": [{"lines": list(skipped.lines), "why": skipped.why} for skipped in document.skipped],
        "warnings": [{"line": warning.line, "message": warning.message} for warning in document.warnings],
        "clauses": [clause_plain(clause) for clause in document.clauses],
    }


def clause_plain(clause: Clause) -> dict[str, Any]:
    """One clause as the document has it, without what curation adds."""
    return {
        "locator": clause.locator,
        "marker": clause.marker,
        "heading": clause.heading,
        "kind": clause.kind,
        "parent": clause.parent,
        "lines": [list(lines) for lines in clause.lines],
        "text": clause.text,
    }


def load_guideline(path: Path) -> ParsedDocument:
    """Read a guideline.yaml. Raises DataError that points at what is wrong."""
    root = Node.load(path)
    root.only("title", "organization", "established", "departments", "skipped", "warnings", "clauses")
    clauses = tuple(_clause(node) for node in root.need("clauses").each())
    _check_tree(root, clauses)
    return ParsedDocument(
        title=root.need("title").text(),
        organization=root.opt_text("organization"),
        established=root.opt_text("established"),
        departments=tuple(_office(node) for node in root.need("departments").each()),
        clauses=clauses,
        skipped=tuple(
            Skipped(node.need("lines").line_range(), node.need("why").text()) for node in root.need("skipped").each()
        ),
        warnings=tuple(
            ParseWarning(int(node.need("line").number()), node.need("message").text())
            for node in root.need("warnings").each()
        ),
    )


def _office(node: Node) -> Office:
    return Office(node.need("name").text(), node.opt_text("phone"), node.opt_text("extension"))


def _clause(node: Node) -> Clause:
    node.only("locator", "marker", "printed", "heading", "kind", "parent", "lines", "text")
    text = node.value.get("text")
    return Clause(
        locator=node.need("locator").text(),
        marker=node.opt_text("marker"),
        heading=node.opt_text("heading"),
        text=text or "",
        kind=node.need("kind").one_of(KINDS),
        parent=node.opt_text("parent"),
        lines=tuple(member.line_range() for member in node.need("lines").each()),
        printed=node.opt_text("printed"),
    )


def _check_tree(root: Node, clauses: tuple[Clause, ...]) -> None:
    seen: set[str] = set()
    for place, clause in enumerate(clauses):
        node = Node(root.path, clause, ("clauses", place, "locator"))
        if clause.locator in seen:
            node.fail(f"条項番号「{clause.locator}」が二度あります。", f"the locator '{clause.locator}' stands twice.")
        if clause.parent is not None and clause.parent not in seen:
            node.fail(f"親の条項「{clause.parent}」が前にありません。", f"the parent '{clause.parent}' is not above.")
        seen.add(clause.locator)
