"""A rule's own examples: each `ng` text must set it off, no `ok` text may."""

from __future__ import annotations

from collections.abc import Iterator

from bot.analysis.tokenizer import Tokenizer
from bot.corpus.knowledge import SHORT_URLS, Knowledge
from bot.corpus.yaml_source import data_error_at
from bot.drafts.assembly import build_rules
from bot.drafts.frames import fired
from bot.drafts.learning import alike
from bot.drafts.recognizers import RECOGNIZERS
from bot.drafts.recognizing import Surroundings
from bot.drafts.ruleset import RuleSet
from bot.drafts.short_hosts import load_short_hosts
from bot.drafts.structures import STRUCTURES
from bot.drafts.text import read_draft
from bot.errors import DataError


class ExampleChecker:
    """Runs rules over texts without any organisation: no claims, no exceptions."""

    def __init__(self, knowledge: Knowledge, *, learn: bool = True) -> None:
        self._tokenizer = Tokenizer()
        self._folder = knowledge.shared("rules")
        self._surroundings = Surroundings(short_hosts=load_short_hosts(knowledge.shared(SHORT_URLS)))
        self.rules: RuleSet = build_rules(knowledge, learn=learn)

    def firing(self, text: str) -> set[str]:
        """The ids of the rules a text sets off."""
        rules = self.rules
        draft = read_draft(text, self._tokenizer.cut)
        found = rules.matcher.find(draft, RECOGNIZERS, self._surroundings)
        ids = {rules.rules[place].id for place, _ in fired(rules, draft, found)}
        for _, ranking in alike(rules, draft, found):
            share, place = ranking[0] if ranking else (0.0, 0)
            if share and share >= (rules.rules[place].likeness or 1.0):
                ids.add(rules.rules[place].id)
        ids.update(
            rule.id for rule in rules.rules if rule.structure and any(True for _ in STRUCTURES[rule.structure](draft))
        )
        return ids

    def wrong(self) -> Iterator[DataError]:
        """One error for each example that does not do what it should.

        What is learnt from examples need not know every one of them again: those of kind examples are left out.
        """
        for rule in (one for one in self.rules.rules if one.kind != "examples"):
            for key, texts, wanted in (("ng", rule.ng, True), ("ok", rule.ok, False)):
                for place, text in enumerate(texts):
                    if (rule.id in self.firing(text)) is not wanted:
                        yield self._error(rule.id, key, place)

    def _error(self, rule: str, key: str, place: int) -> DataError:
        path = self._folder / f"{rule}.yaml"
        words = {
            "ng": ("この文で指摘が出ません。", "this text does not set the rule off."),
            "ok": ("この文で指摘が出てしまいます。", "this text sets the rule off."),
        }
        return data_error_at(path, (key, place), words[key], "E122")


def check_rules(knowledge: Knowledge) -> list[DataError]:
    """All that is wrong with a folder's own rules and what they call; the bundle's rules are proved by its tests."""
    try:
        _ = (knowledge.image_rules, [knowledge.draft_policy(org) for org in knowledge.ids])
        if not knowledge.shared("rules").is_relative_to(knowledge.root):
            return []
        return list(ExampleChecker(knowledge, learn=False).wrong())
    except DataError as error:
        return [error]
