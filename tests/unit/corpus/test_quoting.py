"""Clause → citation."""

from __future__ import annotations

import pytest

from bot.corpus.knowledge import Knowledge
from bot.corpus.quoting import Quoter


@pytest.fixture(scope="session")
def asahikawa(knowledge: Knowledge) -> Quoter:
    return Quoter(knowledge.organization("asahikawa"))


def test_a_citation_carries_where_the_clause_stands(asahikawa: Quoter) -> None:
    found = asahikawa.citation(asahikawa.tree.by_locator["6(5)"], 7.123456)
    assert (found.org, found.locator, found.scope, found.kind) == ("asahikawa", "6(5)", "official", "clause")
    assert found.document == "旭川市ソーシャルメディアの利用に関するガイドライン"
    assert found.breadcrumb == ("６ 公式アカウント運用時の留意点",)
    assert (found.date, found.url, found.score) == (None, None, 7.1235)


def test_a_citation_holds_everything_below_the_clause(asahikawa: Quoter) -> None:
    text = asahikawa.citation(asahikawa.tree.by_locator["7"], 1.0).text
    for clause in asahikawa.tree.subtree("7")[1:]:
        assert clause.text in text
        assert (clause.heading or "") in text


def test_the_lead_in_is_what_the_clause_completes(asahikawa: Quoter) -> None:
    tree = asahikawa.tree
    for clause in tree.clauses:
        found = asahikawa.citation(clause, 1.0)
        assert found.lead_in == ((tree.by_locator[clause.parent].text or None) if clause.parent else None)


def test_a_rows_heading_is_its_first_cell(asahikawa: Quoter) -> None:
    found = asahikawa.citation(asahikawa.tree.by_locator["3/双方向性"], 1.0)
    assert (found.kind, found.heading) == ("row", "双方向性")
    assert found.note is not None
