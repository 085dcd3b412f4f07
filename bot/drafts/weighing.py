"""What may be wrong with a draft, weighed: frames that hold, sentences that are like examples, faults of make."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.drafts.frames import Places, fired
from bot.drafts.learning import Ranking, alike
from bot.drafts.ruleset import RuleSet
from bot.drafts.structures import STRUCTURES
from bot.drafts.text import DraftText, Span
from bot.rules import Rule

FRAME = 0.35
"""What a frame weighs by itself, beside the likelihood of its subject: about a likely example."""

NEARER, FAR = 0.3, 0.25
"""A frame gives way to another subject that is at least so likely while its own is less than a quarter of that."""

DOUBT = 0.25
"""A frame is left out where the likelihoods of all subjects together are below this: its words mean something else."""

DISGUISED = 0.7
"""Whoever takes words apart with signs has a reason: then less likelihood is enough."""

BESIDE = 0.15
"""How likely a sentence's neighbour must be of the same subject to belong to it: many say it in two breaths."""

Claimable = Callable[[Rule], bool]


@dataclass(frozen=True, slots=True)
class Suspect:
    """Something said at `spans` (of `plain`) that a rule is about; the heavier the surer."""

    rule: Rule
    spans: tuple[Span, ...]
    weight: float


def suspects(rules: RuleSet, draft: DraftText, found: Places, claimable: Claimable) -> Iterator[Suspect]:
    """All that the rules find in a draft; `claimable` tells whether the organisation has a clause against it."""
    learnt = {rule.topics[0] for rule in rules.rules if rule.kind == "examples"}
    against = {place for place, rule in enumerate(rules.rules) if claimable(rule)}
    rankings = {
        draft.sentence_at(span[0]): (span, [one for one in ranking if one[1] in against])
        for span, ranking in alike(rules, draft, found)
    }
    for place, spans in fired(rules, draft, found):
        rule = rules.rules[place]
        if place in against:
            sentences = {draft.sentence_at(start) for start, _ in spans}
            near = [rankings[one][1] for one in sorted(sentences) if one in rankings]
            likely = max((sum(share for share, _ in ranking) for ranking in near), default=1.0)
            if likely >= DOUBT or learnt.isdisjoint(rule.topics):
                yield _weighed(rules, rule, tuple(spans), near)
    for rule in (rules.rules[place] for place in sorted(against)):
        if rule.structure:
            yield from (Suspect(rule, (span,), 1.0) for span in STRUCTURES[rule.structure](draft))
    for number, (_, ranking) in rankings.items():
        share, place = ranking[0] if ranking else (0.0, 0)
        rule = rules.rules[place]
        if share and share >= (rule.likeness or 1.0) * (DISGUISED if draft.disguised else 1):
            yield Suspect(rule, tuple(_breaths(number, place, rankings)), share)


def _weighed(rules: RuleSet, rule: Rule, spans: tuple[Span, ...], near: Sequence[Ranking]) -> Suspect:
    """The frame, or the subject that its words are far more like."""
    share, place = max((ranking[0] for ranking in near if ranking), default=(0.0, 0))
    shares = (its for ranking in near for its, other in ranking if rules.rules[other].topics[0] in rule.topics)
    own = max(shares, default=share)
    if share >= NEARER and own < share * FAR:
        return Suspect(rules.rules[place], spans, share)
    return Suspect(rule, spans, FRAME + own)


def _breaths(number: int, place: int, rankings: Mapping[int, tuple[Span, Ranking]]) -> Iterator[Span]:
    """The sentence and those beside it that speak of the same."""
    for one in (number - 1, number, number + 1):
        if one in rankings:
            span, ranking = rankings[one]
            if one == number or next((share for share, other in ranking if other == place), 0.0) >= BESIDE:
                yield span
