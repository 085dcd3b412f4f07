"""A rule's own examples: each `ng` text must set it off, no `ok` text may."""

from __future__ import annotations

from collections.abc import Iterator

from bot.analysis.tokenizer import Tokenizer
from bot.corpus.knowledge import Knowledge
from bot.drafts.frames import fired
from bot.drafts.recognizers import RECOGNIZERS
from bot.drafts.recognizing import Surroundings
from bot.drafts.ruleset import RuleSet, RuleSetBuilder
from bot.drafts.structures import STRUCTURES
from bot.drafts.text import read_draft


class ExampleChecker:
    """Runs rules over texts without any organisation: no claims, no exceptions."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._tokenizer = Tokenizer()
        self._surroundings = Surroundings()
        self.rules: RuleSet = RuleSetBuilder(knowledge.lexicon, self._tokenizer.cut).build(knowledge.rules, {})

    def firing(self, text: str) -> set[str]:
        """The ids of the rules a text sets off."""
        draft = read_draft(text, self._tokenizer.cut)
        found = self.rules.matcher.find(draft, RECOGNIZERS, self._surroundings)
        ids = {self.rules.rules[place].id for place, _ in fired(self.rules, draft, found)}
        for rule in self.rules.rules:
            if rule.structure and any(True for _ in STRUCTURES[rule.structure](draft)):
                ids.add(rule.id)
        return ids

    def wrong(self) -> Iterator[tuple[str, str, str]]:
        """(rule, "ng" or "ok", text) for each example that does not do what it should."""
        for rule in self.rules.rules:
            for text in rule.ng:
                if rule.id not in self.firing(text):
                    yield rule.id, "ng", text
            for text in rule.ok:
                if rule.id in self.firing(text):
                    yield rule.id, "ok", text
