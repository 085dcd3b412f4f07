"""Small invented documents of many shapes: unusual top levels, headings without numbers, Q&A spellings, annexes."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.corpus.schema import Node
from tests.unit.ingest.helpers import locators

_SHAPES = dict(Node.load(Path(__file__).with_name("shapes.yaml")).items())


@pytest.mark.parametrize("name", _SHAPES)
def test_the_shape_gives_its_locators(name: str) -> None:
    shape = _SHAPES[name]
    assert locators(shape.need("text").text()) == shape.need("locators").text().split()
