"""Rules of kind examples: learnt from every rule's ng and ok texts, asked sentence by sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from bot.analysis.phrases import Cut
from bot.drafts.frames import Places
from bot.drafts.likeness import NOTHING, Likeness, features
from bot.drafts.recognizers import RECOGNIZERS
from bot.drafts.recognizing import Surroundings
from bot.drafts.ruleset import RuleSet
from bot.drafts.text import DraftText, Span, read_draft

Ranking = Sequence[tuple[float, int]]
"""(likelihood, place of the rule)."""

_LONGEST = 200
"""Characters of a sentence that are looked at."""


def learnt(
    rules: RuleSet, ordinary: Iterable[str], cut: Callable[[str], Sequence[Cut]], surroundings: Surroundings
) -> RuleSet:
    """The rule set with its `likeness`; as it is where no rule is of kind examples.

    The ng texts of the other rules on the same first topic are examples too; every ok text, and `ordinary` posts, are
    of nothing.
    """
    by_topic = {rule.topics[0]: rule.id for rule in rules.rules if rule.kind == "examples"}
    if not by_topic:
        return rules
    texts = [(text, NOTHING) for text in ordinary]
    for rule in rules.rules:
        label = by_topic.get(rule.topics[0], NOTHING)
        texts += [*((text, label) for text in rule.ng if label), *((text, NOTHING) for text in rule.ok)]
    examples: list[tuple[frozenset[str], str]] = []
    for text, label in texts:
        draft = read_draft(text, cut)
        found = rules.matcher.find(draft, RECOGNIZERS, surroundings)
        marks = {name for names in _marks(rules, draft, found).values() for name in names}
        examples.append((features(draft, (0, len(draft.plain)), marks), label))
    return replace(rules, likeness=Likeness(examples))


def alike(rules: RuleSet, draft: DraftText, found: Places) -> Iterator[tuple[Span, Ranking]]:
    """For each sentence the rules of kind examples (by their place) with the likelihood of each, the best first."""
    if rules.likeness is None:
        return
    places = {rule.id: place for place, rule in enumerate(rules.rules) if rule.kind == "examples"}
    marks = _marks(rules, draft, found)
    for number, (start, end) in enumerate(draft.sentences):
        span = (start, min(end, start + _LONGEST))
        shares = rules.likeness.shares(features(draft, span, marks.get(number, ())))
        yield span, sorted(((share, places[label]) for label, share in shares.items()), reverse=True)


def _marks(rules: RuleSet, draft: DraftText, found: Places) -> dict[int, set[str]]:
    """The names of the lexicon's lists that are called, by sentence."""
    marks: dict[int, set[str]] = defaultdict(set)
    for expression, spans in found.items():
        for name in rules.named.get(expression, ()):
            for start, _ in spans:
                marks[draft.sentence_at(start)].add(name)
    return marks
