"""Rules made on the spot, run over texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest

from bot.analysis.tokenizer import Tokenizer
from bot.drafts.frames import fired
from bot.drafts.recognizers import RECOGNIZERS
from bot.drafts.recognizing import Surroundings
from bot.drafts.ruleset import RuleSetBuilder
from bot.drafts.text import read_draft
from bot.rules import Frame, Rule, Window

Said = Callable[..., list[str]]


def rule(
    *groups: Sequence[str], within: Window = "sentence", unless: Sequence[str] = (), never: Sequence[str] = ()
) -> Rule:
    """A rule of one frame; what it is about does not matter."""
    frame = Frame(tuple(map(tuple, groups)), within, tuple(unless), tuple(never))
    return Rule("r", "frame", ("secret",), "warning", "both", "m", "w", "a", ("n",), ("o",), (frame,))


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    return Tokenizer()


@pytest.fixture
def said(tokenizer: Tokenizer) -> Said:
    """Runs one rule over a text: for each time it holds, the words of its groups joined by /."""

    def run(text: str, one: Rule, lexicon: Mapping[str, Sequence[str]] | None = None) -> list[str]:
        rules = RuleSetBuilder(lexicon or {}, tokenizer.cut).build([one], {})
        draft = read_draft(text, tokenizer.cut)
        found = rules.matcher.find(draft, RECOGNIZERS, Surroundings())
        return [
            "/".join(_words(draft.original, draft.span(*span)) for span in spans)
            for _, spans in fired(rules, draft, found)
        ]

    return run


def _words(text: str, span: tuple[int, int]) -> str:
    return text[span[0] : span[1]]
