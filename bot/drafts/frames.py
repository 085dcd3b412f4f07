"""Frames over a draft: where everything a frame wants is said close together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from bot.drafts.ruleset import Numbers, ReadyFrame, RuleSet
from bot.drafts.text import DraftText, Span

MOST_FINDINGS = 20
"""Of one frame in one draft: whoever says it twenty times knows by then."""

_MOST_TRIES = 4
"""Places of the first group tried in a sentence, where its first covers the only place of another."""

_MOST_SENTENCES = 12
"""Of a group's sentences looked at for a frame that spans the whole draft."""

Places = Mapping[int, Sequence[Span]]


def fired(rules: RuleSet, draft: DraftText, found: Places) -> Iterator[tuple[int, list[Span]]]:
    """(place of the rule, what was said) for each time a frame holds; `found` are the places of the expressions."""
    groups: dict[int, dict[int, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for expression, spans in found.items():
        for used_by, group in rules.uses.get(expression, ()):
            groups[used_by][group] += spans
    for number in sorted(groups):
        rule, frame = rules.frames[number]
        if len(groups[number]) < len(frame.groups) or said(frame.never, found):
            continue
        hits = [_by_sentence(draft, groups[number][group]) for group in range(len(frame.groups))]
        unless = set(_by_sentence(draft, (span for one in frame.unless for span in found.get(one, ()))))
        for count, spans in enumerate(_holding(frame, hits, unless)):
            if count >= MOST_FINDINGS:
                break
            yield rule, spans


def said(expressions: Numbers, found: Places) -> bool:
    """Whether one of the expressions stands anywhere in the draft."""
    return not expressions.isdisjoint(found)


def _by_sentence(draft: DraftText, spans: Iterable[Span]) -> dict[int, list[Span]]:
    by_sentence: dict[int, list[Span]] = defaultdict(list)
    for span in sorted(spans):
        by_sentence[draft.sentence_at(span[0])].append(span)
    return by_sentence


def _holding(frame: ReadyFrame, hits: Sequence[Mapping[int, list[Span]]], unless: set[int]) -> Iterator[list[Span]]:
    """One expression of each group, for each sentence in which the first group is said."""
    for sentence in islice(sorted(hits[0]), None if frame.within != "post" else _MOST_SENTENCES):
        window = _window(frame, sentence, hits)
        if not unless.isdisjoint(window) or (frame.within == "post" and unless):
            continue
        for first in hits[0][sentence][:_MOST_TRIES]:
            chosen = _chosen(first, hits[1:], window)
            if chosen:
                yield chosen
                break
        else:
            continue
        if frame.within == "post":
            return  # it is one and the same finding wherever it begins


def _chosen(first: Span, groups: Sequence[Mapping[int, list[Span]]], window: Sequence[int]) -> list[Span] | None:
    """One expression of each further group beside the first, none upon another."""
    chosen = [first]
    for group in groups:
        places = (span for one in window if one in group for span in group[one])
        fitting = next((span for span in places if not any(_overlap(span, other) for other in chosen)), None)
        if fitting is None:
            return None
        chosen.append(fitting)
    return chosen


def _window(frame: ReadyFrame, sentence: int, hits: Sequence[Mapping[int, object]]) -> Sequence[int]:
    """The sentences looked at, the nearest first."""
    if frame.within == "sentence":
        return (sentence,)
    if frame.within == "near":
        return (sentence, sentence + 1, sentence - 1)
    return sorted({sentence, *(one for group in hits[1:] for one in islice(group, _MOST_SENTENCES))})


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
