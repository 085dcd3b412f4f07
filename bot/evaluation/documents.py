"""How well documents are read: locators against a reader's own list, and characters kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.corpus.schema import Node
from bot.ingest.coverage import uncovered
from bot.ingest.parser import parse_document
from bot.ingest.reader import read_document

GOLD = ".gold.yaml"


@dataclass(frozen=True, slots=True)
class DocumentScore:
    """One document: locators right, found and wanted; characters lost of all; whether the order is the gold's."""

    name: str
    right: int
    found: int
    wanted: int
    lost: int
    characters: int
    in_order: bool
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall of the locators."""
        return 2 * self.right / (self.found + self.wanted) if self.found + self.wanted else 1.0


def score_documents(folder: Path) -> list[DocumentScore]:
    """Score every document of a folder that has a `<name>.gold.yaml` beside it."""
    return [_score(gold) for gold in sorted(folder.glob(f"*{GOLD}"))]


def mean_f1(scores: Iterable[DocumentScore]) -> float:
    """The mean of the documents' F1, each document counting the same."""
    values = [score.f1 for score in scores]
    return sum(values) / len(values) if values else 0.0


def document_of(gold: Path) -> Path:
    """The document a gold list belongs to."""
    name = gold.name.removesuffix(GOLD)
    return next(path for path in (gold.with_name(f"{name}.txt"), gold.with_name(f"{name}.md")) if path.exists())


def _score(gold: Path) -> DocumentScore:
    wanted = [node.need("locator").text() for node in Node.load(gold).need("clauses").each()]
    text = read_document(document_of(gold))
    document = parse_document(text, name_hint=gold.name.removesuffix(GOLD))
    found = [clause.locator for clause in document.clauses]
    common = Counter(wanted) & Counter(found)
    lost = sum(len("".join(stretch.text.split())) for stretch in uncovered(text, document))
    return DocumentScore(
        name=gold.name.removesuffix(GOLD),
        right=sum(common.values()),
        found=len(found),
        wanted=len(wanted),
        lost=lost,
        characters=len("".join(text.split())),
        in_order=[locator for locator in found if locator in common] == [one for one in wanted if one in common],
        missing=tuple((Counter(wanted) - Counter(found)).elements()),
        extra=tuple((Counter(found) - Counter(wanted)).elements()),
    )
