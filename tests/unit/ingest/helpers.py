"""What the tests of this room share."""

from __future__ import annotations

from pathlib import Path

from bot.document import ParsedDocument
from bot.ingest.coverage import uncovered
from bot.ingest.parser import parse_document
from bot.model import Clause

_ROOT = Path(__file__).parents[3]


def parsed(text: str) -> ParsedDocument:
    """The document, after the proof that nothing was lost."""
    document = parse_document(text)
    assert uncovered(text, document) == []
    locators = [clause.locator for clause in document.clauses]
    assert len(set(locators)) == len(locators)
    return document


def locators(text: str) -> list[str]:
    return [clause.locator for clause in parsed(text).clauses]


def clause(document: ParsedDocument, locator: str) -> Clause:
    return next(clause for clause in document.clauses if clause.locator == locator)


def source(organization: str) -> str | None:
    for path in (
        _ROOT / "knowledge" / "organizations" / organization / "source.txt",
        _ROOT.parent / "shared" / "sources" / f"{organization}.txt",
    ):
        if path.is_file():
            return path.read_text(encoding="utf-8")
    return None
