"""Rules of kind examples: learnt from every rule's ng and ok texts, asked sentence by sentence."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bot.analysis.phrases import Cut
from bot.drafts.frames import Places
from bot.drafts.likeness import NOTHING, Likeness, features, joined
from bot.drafts.recognizers import RECOGNIZERS
from bot.drafts.recognizing import Surroundings
from bot.drafts.ruleset import RuleSet
from bot.drafts.text import DraftText, Span, read_draft

Ranking = Sequence[tuple[float, int]]
"""(likelihood, place of the rule)."""

_REACHES = (0, 1, 4)
"""Sentences to both sides that are looked at with one."""

_STRIDE = 37
"""Which ordinary post an example is learnt beside: neighbours get others."""

_MOST_SENTENCES = 150
_LONGEST = 200
"""Characters of a sentence that are looked at."""


def learnt(
    rules: RuleSet, ordinary: Sequence[str], cut: Callable[[str], Sequence[Cut]], surroundings: Surroundings
) -> RuleSet:
    """The rule set with its `likeness`; as it is where no rule is of kind examples.

    The ng texts of the other rules on the same first topic are examples too; every ok text, and `ordinary` posts, are
    of nothing. Each is learnt alone and beside an ordinary post: that is how it will be met.
    """
    by_topic = {rule.topics[0]: rule.id for rule in rules.rules if rule.kind == "examples"}
    if not by_topic:
        return rules

    def known(text: str) -> frozenset[str]:
        draft = read_draft(text, cut)
        marks = _marks(rules, draft, rules.matcher.find(draft, RECOGNIZERS, surroundings))
        names = {name for names in marks.values() for name in names}
        return features(draft, (0, len(draft.plain)), names)

    def examples() -> Iterator[tuple[frozenset[str], str]]:
        for text in ordinary:
            yield known(text), NOTHING
        for rule in rules.rules:
            label = by_topic.get(rule.topics[0], NOTHING)
            yield from ((known(text), label) for text in rule.ng if label)
            yield from ((known(text), NOTHING) for text in rule.ok)

    return replace(rules, likeness=Likeness(examples(), lambda at: at * _STRIDE % max(1, len(ordinary))))


def alike(rules: RuleSet, draft: DraftText, found: Places) -> Iterator[tuple[Span, Ranking]]:
    """For each sentence the rules of kind examples (by their place) with the likelihood of each, the best first.

    The likelihood is the geometric mean of those of the sentence, of it with its neighbours, and of the stretch around
    it: a few words may mean anything, and what stands beside them tells.
    """
    if rules.likeness is None:
        return
    places = {rule.id: place for place, rule in enumerate(rules.rules) if rule.kind == "examples"}
    marks = _marks(rules, draft, found)
    sentences = draft.sentences[:_MOST_SENTENCES]
    spans = [(start, min(end, start + _LONGEST)) for start, end in sentences]
    likeness = rules.likeness
    known = [likeness.places(features(draft, span, marks.get(number, ()))) for number, span in enumerate(spans)]
    for number, span in enumerate(spans):
        bounds = dict.fromkeys((max(0, number - reach), min(number + reach + 1, len(known))) for reach in _REACHES)
        shares = [likeness.shares(joined(known[first:after])) for first, after in bounds]
        ranking = [(math.prod(one[label] for one in shares) ** (1 / len(shares)), places[label]) for label in shares[0]]
        yield span, sorted(ranking, reverse=True)


def _marks(rules: RuleSet, draft: DraftText, found: Places) -> dict[int, set[str]]:
    """The names of the lexicon's lists that are called, by sentence."""
    marks: dict[int, set[str]] = defaultdict(set)
    for expression, spans in found.items():
        for name in rules.named.get(expression, ()):
            for start, _ in spans:
                marks[draft.sentence_at(start)].add(name)
    return marks
