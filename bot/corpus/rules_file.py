"""rules/*.yaml and lexicon/*.yaml: what drafts are checked for, each rule with its own examples."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bot.corpus.schema import Node
from bot.rules import CheckItem, Frame, ImageRule, Rule

KINDS = ("phrases", "frame", "structure", "examples")
SEVERITIES = ("error", "warning", "info")
SCOPES = ("official", "private", "both")
SITUATIONS = ("election", "disaster", "office_hours")
WINDOWS = ("sentence", "near", "post")
STRUCTURES = ("placeholder",)
IMAGE_FACTS = ("location", "thumbnail_differs", "unreadable", "author", "caption", "taken")
DEFAULT_LIKENESS = 0.62

_PARAMS = {
    "phrases": ("any", "within", "unless", "never"),
    "frame": ("frames",),
    "structure": ("check",),
    "examples": ("likeness",),
}


def load_rules(folder: Path, topics: Iterable[str]) -> tuple[Rule, ...]:
    """All rules of a folder, by id. `topics` is the closed list. Raises DataError that points at what is wrong."""
    known = tuple(topics)
    return tuple(_rule(path, known) for path in sorted(folder.glob("*.yaml")))


def load_lexicon(folder: Path) -> dict[str, tuple[str, ...]]:
    """The lists of expressions that rules call by name; a name stands in one file only."""
    lists: dict[str, tuple[str, ...]] = {}
    for path in sorted(folder.glob("*.yaml")):
        for name, node in Node.load(path).items():
            if name in lists:
                node.fail(f"「{name}」は別のファイルにもあります。", f"'{name}' stands in another file too.")
            lists[name] = node.texts()
    return lists


def load_image_rules(path: Path, topics: Iterable[str]) -> tuple[ImageRule, ...]:
    """What to say of pictures, in file order. Raises DataError that points at what is wrong."""
    known = tuple(topics)
    root = Node.load(path).only(*IMAGE_FACTS)
    return tuple(
        ImageRule(
            fact,
            _some(node.only("topics", "severity", "message", "advice"), "topics", known),
            node.need("severity").one_of(SEVERITIES),
            node.need("message").text(),
            node.need("advice").text(),
        )
        for fact, node in root.items()
    )


def load_checklist(path: Path, topics: Iterable[str]) -> tuple[CheckItem, ...]:
    """The questions only a person can answer, in file order. Raises DataError that points at what is wrong."""
    known = tuple(topics)
    return tuple(
        CheckItem(
            id=name,
            topics=_some(node.only("topics", "why", "account", "when"), "topics", known),
            why=node.need("why").text(),
            account=account.one_of(SCOPES) if (account := node.get("account")) else "both",
            when=node.opt_texts("when"),
        )
        for name, node in Node.load(path).items()
    )


def _rule(path: Path, topics: tuple[str, ...]) -> Rule:
    node = Node.load(path).only(
        "id", "kind", "topics", "severity", "account", "message", "why", "advice", "params", "ng", "ok",
        "only_in", "not_in", "prefers", "requires",
    )  # fmt: skip
    kind = node.need("kind").one_of(KINDS)
    params = node.need("params").only(*_PARAMS[kind])
    if node.need("id").text() != path.stem:
        node.need("id").fail("id はファイル名と同じにしてください。", "the id is the file's name.")
    for name in ("ng", "ok"):
        if not node.need(name).texts():
            node.need(name).fail("例文を一つ以上書いてください。", "at least one example is wanted.")
    return Rule(
        id=path.stem,
        kind=kind,
        topics=_some(node, "topics", topics),
        severity=node.need("severity").one_of(SEVERITIES),
        account=node.need("account").one_of(SCOPES),
        message=node.need("message").text(),
        why=node.need("why").text(),
        advice=node.need("advice").text(),
        ng=node.need("ng").texts(),
        ok=node.need("ok").texts(),
        frames=_frames(kind, params),
        structure=params.need("check").one_of(STRUCTURES) if kind == "structure" else None,
        likeness=_likeness(params) if kind == "examples" else None,
        only_in=_some(node, "only_in", SITUATIONS),
        not_in=_some(node, "not_in", SITUATIONS),
        prefers=node.opt_texts("prefers"),
        requires=node.opt_texts("requires"),
    )


def _some(node: Node, key: str, allowed: tuple[str, ...]) -> tuple[Any, ...]:  # typed as the caller's Literals
    found = node.get(key)
    return () if found is None else tuple(one.one_of(allowed) for one in found.each())


def _frames(kind: str, params: Node) -> tuple[Frame, ...]:
    if kind == "phrases":
        return (_frame(params, (params.need("any").texts(),)),)
    if kind == "frame":
        return tuple(
            _frame(node.only("all", "within", "unless", "never"), tuple(one.texts() for one in node.need("all").each()))
            for node in params.need("frames").each()
        )
    return ()


def _frame(node: Node, groups: tuple[tuple[str, ...], ...]) -> Frame:
    within = node.get("within")
    return Frame(
        all=groups,
        within="sentence" if within is None else within.one_of(WINDOWS),
        unless=node.opt_texts("unless"),
        never=node.opt_texts("never"),
    )


def _likeness(params: Node) -> float:
    found = params.get("likeness")
    return DEFAULT_LIKENESS if found is None else found.number()
