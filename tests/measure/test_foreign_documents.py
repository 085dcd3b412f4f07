"""Documents of other bodies, asked right after they are ingested, with nothing curated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.corpus.knowledge import Knowledge
from bot.corpus.schema import Node
from bot.model import Answer, Ask
from bot.service import Service

BLIND = Path(__file__).parents[1] / "data" / "documents" / "blind"


@dataclass(frozen=True)
class Asked:
    """One labelled question with its answer."""

    gold: tuple[str, ...]
    answer: Answer

    @property
    def first(self) -> bool:
        return bool(self.answer.citations) and self.answer.citations[0].locator in self.gold

    @property
    def in_three(self) -> bool:
        return any(one.locator in self.gold for one in [*self.answer.citations, *self.answer.related][:3])


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> list[Asked]:
    return list(_ask_all(tmp_path_factory.mktemp("foreign")))


def _ask_all(into: Path) -> Iterator[Asked]:
    labels = [
        (node.need("document").text(), node.need("question").text(), node.opt_texts("gold"))
        for node in Node.load(BLIND / "questions.yaml").each()
    ]
    orgs = {}
    for name in sorted({name for name, _, _ in labels}):
        file = next(path for path in (BLIND / f"{name}.txt", BLIND / f"{name}.md") if path.exists())
        orgs[name] = f"org{name.split('-')[0]}"
        assert main(["ingest", str(file), "--org", orgs[name], "--into", str(into)]) == 0
    service = Service(Knowledge(into))
    for name, question, gold in labels:
        yield Asked(gold, service.ask(Ask(orgs[name], question)))


def test_unseen_documents_are_answered_before_anybody_curates_them(asked: list[Asked]) -> None:
    answerable = [one for one in asked if one.gold]
    first = sum(one.first for one in answerable) / len(answerable)
    in_three = sum(one.in_three for one in answerable) / len(answerable)
    assert first >= 0.68, f"first {first:.3f}"
    assert in_three >= 0.86, f"in three {in_three:.3f}"


def test_unseen_documents_mostly_claim_nothing_where_they_say_nothing(asked: list[Asked]) -> None:
    unanswerable = [one for one in asked if not one.gold]
    claimed = sum(one.answer.status in {"answered", "incident"} for one in unanswerable) / len(unanswerable)
    assert claimed <= 0.4, f"claimed {claimed:.3f}"
