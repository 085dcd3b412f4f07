"""Look-ups over the clauses of one guideline."""

from __future__ import annotations

import pytest

from bot.corpus.tree import ClauseTree, label, printed, title
from bot.model import Clause, Guideline


def clause(locator: str, parent: str | None = None, **more: str | None) -> Clause:
    parts = {"marker": locator, "heading": None, "text": "", "kind": "clause"} | more
    return Clause(locator=locator, parent=parent, lines=((1, 1),), **parts)  # type: ignore[arg-type]


@pytest.fixture
def tree() -> ClauseTree:
    clauses = (
        clause("1", heading="目的", text="定める。"),
        clause("2", heading="禁止", text="次をしない。"),
        clause("2(1)", "2", marker="(1)", text="秘密を書く。"),
        clause("2(1)ア", "2(1)", marker="ア", heading="例", text="人事"),
        clause("2(2)", "2", marker="(2)", text="悪口を書く。"),
        clause("3", heading="附則"),
    )
    return ClauseTree(Guideline("例", None, None, clauses))


def test_children_and_subtree_stand_in_document_order(tree: ClauseTree) -> None:
    assert [one.locator for one in tree.children("2")] == ["2(1)", "2(2)"]
    assert [one.locator for one in tree.subtree("2")] == ["2", "2(1)", "2(1)ア", "2(2)"]
    assert tree.children("3") == []


def test_ancestors_stand_outermost_first(tree: ClauseTree) -> None:
    assert [one.locator for one in tree.ancestors("2(1)ア")] == ["2", "2(1)"]
    assert tree.ancestors("1") == []


def test_the_full_text_leaves_out_only_the_clauses_own_marker_and_heading(tree: ClauseTree) -> None:
    assert tree.full_text("2") == "次をしない。\n(1) 秘密を書く。\nア 例\n人事\n(2) 悪口を書く。"
    assert tree.full_text("2(1)ア") == "人事"
    assert tree.full_text("3") == ""


def test_the_breadcrumb_holds_headed_clauses_only(tree: ClauseTree) -> None:
    assert tree.breadcrumb("2(1)ア") == ("2 禁止",)
    assert tree.breadcrumb("2") == ()


def test_the_lead_in_is_the_text_of_the_clause_above(tree: ClauseTree) -> None:
    assert tree.lead_in("2(1)") == "次をしない。"
    assert tree.lead_in("2(1)ア") == "秘密を書く。"
    assert tree.lead_in("1") is None


def test_a_parent_that_is_not_there_ends_the_way_up() -> None:
    tree = ClauseTree(Guideline("例", None, None, (clause("1(1)", "1"),)))
    assert tree.ancestors("1(1)") == []
    assert tree.lead_in("1(1)") is None


def test_a_rows_title_is_its_first_cell_and_a_nameless_clause_is_called_by_its_locator() -> None:
    assert title(clause("3/拡散性", marker="拡散性", kind="row")) == "拡散性"
    assert title(clause("1", heading=None)) is None
    assert label(clause("前文", marker=None)) == "前文"
    assert printed(clause("1", marker=None, text="本文")) == "本文"
    assert printed(clause("1", heading="目的")) == "1 目的"
