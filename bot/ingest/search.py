"""Which candidates are real markers, and how they nest: a beam search over the whole sequence.

A state is a stack of open levels. Each candidate may be rejected (it is text), may continue a level
that is open (closing those below), or may open a new level. What counts is the sum over the whole
document, so that a `６` after a nested list `1. 2.` finds its way back to `５`. The search runs twice:
the second run knows which style usually stands below which in this document.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import NamedTuple

from bot.ingest.candidates import Candidate, Reading
from bot.ingest.sequence import (
    LEAF_STYLES,
    ROOT_STYLES,
    UNNUMBERED,
    Level,
    Pairs,
    continuing,
    distance,
    is_first,
    opening,
    second_paragraph,
)

BEAMS = ((4_000, 6), (12_000, 2))
"""Below how many candidates how many states are kept; beyond the last, where no guideline reaches, one."""
MARGIN = 5.0
"""States this far behind the best are dropped."""
MAX_DEPTH = 12
MAX_TWINS = 3
"""How often one style may stand on the stack; paths and bullets twice as often."""
EXCERPT_STYLES = frozenset({"num", "path", "ordinal", "article", "chapter", "roman"})
"""Styles that the first clause may have with any number: the document may be an excerpt."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An accepted candidate: `parent` is the index of the candidate it stands below, or None."""

    candidate: int
    reading: Reading
    parent: int | None
    doubt: str | None


@dataclass(frozen=True, slots=True)
class _State:
    score: float
    stack: tuple[Level, ...]
    choices: _Chain | None
    used: frozenset[str] = frozenset()
    """Styles already opened at the top."""
    article: int = 0
    """Value of the last article: their numbers run through the chapters."""


@dataclass(frozen=True, slots=True)
class _Chain:
    choice: Choice
    before: _Chain | None


def choose_markers(candidates: list[Candidate]) -> list[Choice]:
    """The accepted candidates in document order, each with its parent."""
    first = _run(candidates, Counter())
    pairs: Pairs = Counter()
    styles = {choice.candidate: choice.reading.marker.style for choice in first}
    for choice in first:
        above = styles[choice.parent] if choice.parent is not None else ""
        pairs[(above, choice.reading.marker.style)] += 1
    return _run(candidates, pairs)


class _Step(NamedTuple):
    """A way to go on from a state, not yet taken; no reading: the candidate is text."""

    score: float
    state: _State
    depth: int
    reading: Reading | None
    doubt: str | None


def _run(candidates: list[Candidate], pairs: Pairs) -> list[Choice]:
    states = [_State(0.0, (), None)]
    beam = next((width for most, width in BEAMS if len(candidates) < most), 1)
    for index, candidate in enumerate(candidates):
        steps: list[_Step] = [] if candidate.forced else _rejected(states, candidate)
        for state in states:
            for reading in candidate.readings:
                steps.extend(_accepted(state, reading, pairs))
        states = _best(steps, index, beam) if steps else states
    chosen: list[Choice] = []
    chain = states[0].choices
    while chain is not None:
        chosen.append(chain.choice)
        chain = chain.before
    chosen.reverse()
    return chosen


def _rejected(states: list[_State], candidate: Candidate) -> list[_Step]:
    """Taking a likely marker for text costs something, so that a repeat is not explained away."""
    cost = 0.6 * min(3.0, max(0.0, *(reading.evidence for reading in candidate.readings), 0.0))
    return [_Step(state.score - cost, state, 0, None, None) for state in states]


def _best(steps: list[_Step], index: int, beam: int) -> list[_State]:
    steps.sort(key=_falling)
    least = steps[0].score - MARGIN
    kept: dict[tuple[tuple[str, int, str], ...], _State] = {}
    for step in steps:
        if step.score < least:
            break
        state = _taken(step, index)
        key = tuple((level.style, level.reading.marker.ordinal, level.reading.marker.step) for level in state.stack)
        if key not in kept:
            kept[key] = state
            if len(kept) == beam:
                break
    return list(kept.values())


def _falling(step: _Step) -> float:
    return -step.score


def _accepted(state: _State, reading: Reading, pairs: Pairs) -> list[_Step]:
    style = reading.marker.style
    known = state.score + reading.evidence
    if style in ROOT_STYLES:
        return [_Step(known + 3.0, state, 0, reading, None)]
    found: list[_Step] = []
    stack = state.stack
    twins = 0
    for depth in range(len(stack) - 1, -1, -1):
        level = stack[depth]
        if level.style == style:
            twins += 1
            gain, doubt = continuing(level.reading, reading)
            gain -= 1.5 if depth == 0 and style not in UNNUMBERED and _begins_anew(level.reading, reading) else 0.0
            if gain > -6:
                found.append(_Step(known + gain, state, depth, reading, doubt))
            if style in LEAF_STYLES:
                return found
    runs_on = style == "article" and state.article > 0 and distance(style, state.article, reading.marker.ordinal) == 1
    excerpt = state.choices is None and style in EXCERPT_STYLES and not is_first(reading)
    bonus = (3.0 if runs_on else 0.0) + (2.0 if excerpt else 0.0)
    crowded = twins >= (2 * MAX_TWINS if style == "path" or style.startswith("bullet") else MAX_TWINS)
    for depth in range(min(len(stack) - crowded, MAX_DEPTH - 1), -1, -1):
        gain = opening(stack, depth, reading, pairs) - _again(state, depth, style) + bonus
        if gain > -6:
            expected = is_first(reading) or runs_on or second_paragraph(stack, depth, reading)
            doubt = None if expected else "番号が途中から始まっています"
            found.append(_Step(known + gain, state, depth, reading, doubt))
    return found


def _taken(step: _Step, index: int) -> _State:
    """The state after a step."""
    score, state, depth, reading, doubt = step
    if reading is None:
        return state if score == state.score else replace(state, score=score)
    stack = state.stack[:depth]
    style = reading.marker.style
    choice = Choice(index, reading, stack[-1].candidate if stack else None, doubt)
    used = state.used
    if stack and style not in stack[-1].used:
        stack = (*stack[:-1], replace(stack[-1], used=stack[-1].used | {style}))
    elif not stack:
        used = used | {style}
    article = reading.marker.ordinal if style == "article" else (0 if style in ROOT_STYLES else state.article)
    before = _last_child(state.stack, depth, style)
    return _State(score, (*stack, Level(reading, index, before=before)), _Chain(choice, state.choices), used, article)


def _begins_anew(last: Reading, new: Reading) -> bool:
    marker = new.marker
    return not marker.path and not marker.style.startswith("bullet") and marker.ordinal < last.marker.ordinal


def _last_child(stack: tuple[Level, ...], depth: int, style: str) -> tuple[str, int]:
    """Style and number of the last child below the level that a new marker of the same style closes."""
    if depth >= len(stack) or stack[depth].style != style:
        return "", 0
    if depth + 1 == len(stack):
        return stack[depth].before
    child = stack[depth + 1].reading.marker
    return child.style, child.ordinal


def _again(state: _State, depth: int, style: str) -> float:
    """The cost of beginning a list anew where one of its style has already been."""
    if style in UNNUMBERED or style.startswith("bullet") or style in ("q", "path"):
        return 0.0
    used = state.stack[depth - 1].used if depth else state.used
    if style not in used:
        return 0.0
    return 1.5 if depth else 3.5
