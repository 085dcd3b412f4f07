"""Every rule, by its own examples; every list and claim in use; nothing of the shared examples copied."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.corpus.knowledge import Knowledge
from bot.drafts.examples import ExampleChecker
from bot.rules import Rule

RULES = [rule for rule in Knowledge().rules if rule.kind != "examples"]
LEARNT = [rule for rule in Knowledge().rules if rule.kind == "examples"]
SHARED = Path(__file__).parents[3] / "shared" / "examples"
LONG = 14
"""Characters that two texts share by chance at most."""


@pytest.fixture(scope="module")
def examples(knowledge: Knowledge) -> ExampleChecker:
    return ExampleChecker(knowledge)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_is_set_off_by_its_ng_texts_and_by_no_ok_text(examples: ExampleChecker, rule: Rule) -> None:
    assert [text for text in rule.ng if rule.id not in examples.firing(text)] == []
    assert [text for text in rule.ok if rule.id in examples.firing(text)] == []


@pytest.mark.parametrize("rule", LEARNT, ids=lambda rule: rule.id)
def test_what_is_learnt_from_examples_knows_most_of_them_again(examples: ExampleChecker, rule: Rule) -> None:
    found = [rule.id in examples.firing(text) for text in rule.ng[::6]]
    assert sum(found) >= 0.8 * len(found)
    assert sum(rule.id in examples.firing(text) for text in rule.ok[::6]) <= 1


@pytest.mark.parametrize("rule", [*RULES, *LEARNT], ids=lambda rule: rule.id)
def test_a_rule_has_many_and_varied_examples_and_says_what_to_do(rule: Rule) -> None:
    assert len(set(rule.ng)) >= 8
    assert len(set(rule.ok)) >= 6
    assert all(text.endswith(("。", "？")) for text in (rule.message, rule.advice))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared examples are not here")
def test_no_text_of_the_shared_examples_stands_in_a_rule(knowledge: Knowledge) -> None:
    shown = "\n".join(path.read_text(encoding="utf-8") for path in SHARED.glob("drafts_*.yaml"))
    texts = [text for rule in knowledge.rules for text in (*rule.ng, *rule.ok)]
    texts += [*knowledge.ordinary]
    texts += [expression for expressions in knowledge.lexicon.values() for expression in expressions]
    bare = [re.sub(r"https?://\S*", "", text) for text in texts]
    copied = [text for text in bare for at in range(len(text) - LONG + 1) if text[at : at + LONG] in shown]
    assert copied == []
