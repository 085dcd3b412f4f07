"""Labelled messages: YAML lists of questions, unanswerable messages, follow-ups and incidents with gold clauses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.corpus.schema import Node
from bot.errors import DataError
from bot.model import Account

Kind = Literal["question", "unanswerable", "followup", "incident"]


@dataclass(frozen=True, slots=True)
class StepLabel:
    """A step that must be told: any step of ours that holds `must_contain`."""

    locator: str
    must_contain: str


@dataclass(frozen=True, slots=True)
class Label:
    """One labelled message. `gold`: locators any of which is right; `departments`: names any of which is right."""

    id: str
    kind: Kind
    org: str
    question: str
    group: str
    gold: tuple[str, ...]
    departments: tuple[str, ...]
    history: tuple[str, ...] = ()
    account: Account | None = None
    must_contain: str | None = None
    steps: tuple[StepLabel, ...] = ()
    report_to: tuple[str, ...] = ()


def load_labels(paths: Iterable[Path]) -> list[Label]:
    """The labels of files and folders (all *.yaml in them), in order.

    Raises DataError for a file that cannot be read or that holds nothing of the kind.
    """
    found: list[Label] = []
    for path in paths:
        files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
        for file in files:
            root = Node.load(file)
            if isinstance(root.value, list):
                found.extend(_label(node) for node in root.each() if _is_message(node))
    if not found:
        names = "、".join(map(str, paths))
        raise DataError("E106", f"{names} に正解付きの質問がありません。", f"no labelled questions in {names}.")
    return found


def _is_message(node: Node) -> bool:
    """Labelled drafts lie beside the questions; they are measured elsewhere."""
    return isinstance(node.value, dict) and "question" in node.value


def _label(node: Node) -> Label:
    kind = _kind(node)
    steps = node.get("steps")
    group = node.opt_text("style") or node.opt_text("kind") or node.opt_text("incident") or kind
    first = node.opt_text("first")
    account = node.get("account")
    return Label(
        id=node.need("id").text(),
        kind=kind,
        org=node.need("org").text(),
        question=node.need("question").text(),
        group=group,
        gold=node.opt_texts("gold"),
        departments=node.opt_texts("dept"),
        history=() if first is None else (first,),
        account=None if account is None else account.one_of(("official", "private")),
        must_contain=node.opt_text("must_contain"),
        steps=() if steps is None else tuple(_step(step) for step in steps.each()),
        report_to=node.opt_texts("report_to"),
    )


def _kind(node: Node) -> Kind:
    if node.get("incident") is not None:
        return "incident"
    if node.get("first") is not None:
        return "followup"
    return "unanswerable" if node.get("kind") is not None else "question"


def _step(node: Node) -> StepLabel:
    return StepLabel(node.need("loc").text(), node.need("must_contain").text())
