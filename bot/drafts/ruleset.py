"""The rules made ready: every expression numbered once, every frame a set of numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.analysis.phrases import Cut
from bot.drafts.expressions import ExpressionError, Part, Recognized, parse_expression
from bot.drafts.likeness import Likeness
from bot.drafts.matcher import Matcher
from bot.drafts.recognizers import RECOGNIZERS
from bot.errors import DataError
from bot.rules import Frame, Rule, Window

HARMLESS = "harmless"
"""The lexicon's list of words that hold others by chance: ばかり holds ばか."""

_DEEPEST = 4
Numbers = frozenset[int]
Named = TypeVar("Named")


@dataclass(frozen=True, slots=True)
class ReadyFrame:
    """A frame with its expressions as numbers."""

    groups: tuple[Numbers, ...]
    within: Window
    unless: Numbers
    never: Numbers


@dataclass(frozen=True, slots=True)
class RuleSet:
    """What a checker runs. `frames` holds (place of the rule, frame); `uses` tells where an expression is wanted.

    `lists` are the expressions of names asked for beside the rules, `named` the lexicon's lists an expression is in.
    `likeness` knows the rules of kind examples by their ids.
    """

    rules: tuple[Rule, ...]
    frames: tuple[tuple[int, ReadyFrame], ...]
    uses: Mapping[int, Sequence[tuple[int, int]]]
    matcher: Matcher
    lists: Mapping[str, Numbers]
    named: Mapping[int, Sequence[str]]
    likeness: Likeness | None = None


class RuleSetBuilder:
    """Numbers expressions as they are met."""

    def __init__(self, lexicon: Mapping[str, Sequence[str]], cut: Callable[[str], Sequence[Cut]]) -> None:
        self._lexicon = lexicon
        self._cut = cut
        self._numbers: dict[str, int] = {}
        self._parsed: list[tuple[Part, ...]] = []

    def build(self, rules: Sequence[Rule], lists: Mapping[str, Sequence[str]]) -> RuleSet:
        """The rule set; `lists` are further expressions by name. Raises DataError naming rule and expression."""
        frames = [(place, self._frame(rule, frame)) for place, rule in enumerate(rules) for frame in rule.frames]
        named = {name: self._all(name, expressions) for name, expressions in lists.items()}
        uses: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for number, (_, frame) in enumerate(frames):
            for group, expressions in enumerate(frame.groups):
                for expression in expressions:
                    uses[expression].append((number, group))
        lexicon: dict[int, list[str]] = defaultdict(list)
        for name, texts in self._lexicon.items():
            for number in self._all(name, texts) if name != HARMLESS else ():
                lexicon[number].append(name)
        harmless = [self._parse(HARMLESS, text) for text in self._spread(HARMLESS, self._lexicon.get(HARMLESS, ()))]
        matcher = Matcher(self._parsed, harmless)
        return RuleSet(tuple(rules), tuple(frames), dict(uses), matcher, named, dict(lexicon))

    def _frame(self, rule: Rule, frame: Frame) -> ReadyFrame:
        return ReadyFrame(
            groups=tuple(self._all(rule.id, group) for group in frame.all),
            within=frame.within,
            unless=self._all(rule.id, frame.unless),
            never=self._all(rule.id, frame.never),
        )

    def _all(self, owner: str, expressions: Iterable[str]) -> Numbers:
        return frozenset(self._number(owner, text) for text in self._spread(owner, expressions))

    def _number(self, owner: str, text: str) -> int:
        if text not in self._numbers:
            self._numbers[text] = len(self._parsed)
            self._parsed.append(self._parse(owner, text))
        return self._numbers[text]

    def _spread(self, owner: str, expressions: Iterable[str], depth: int = 0) -> list[str]:
        """The expressions with lists of the lexicon (`@name`) written out."""
        found: list[str] = []
        for text in expressions:
            if not text.startswith("@"):
                found.append(text)
            elif depth > _DEEPEST or text[1:] not in self._lexicon:
                words = (
                    f"言葉の一覧「{text}」がないか、互いに呼び合っています",
                    f"no list '{text}', or lists in a circle",
                )
                raise _wrong(owner, words)
            else:
                found += self._spread(owner, self._lexicon[text[1:]], depth + 1)
        return found

    def _parse(self, owner: str, text: str) -> tuple[Part, ...]:
        try:
            parts = parse_expression(text, self._cut)
        except ExpressionError as error:
            raise _wrong(owner, error.args) from error
        for part in parts:
            if isinstance(part, Recognized) and part.name not in RECOGNIZERS:
                raise _wrong(owner, (f"認識器「{part.name}」はありません", f"no recogniser '{part.name}'"))
        return parts


def _wrong(owner: str, words: Sequence[str]) -> DataError:
    japanese, english = words
    return DataError("E121", f"点検ルール {owner}: {japanese}。", f"rule {owner}: {english}.")
