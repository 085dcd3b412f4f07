"""intents.yaml and incidents.yaml: how people talk to the bot beside plain questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.corpus.schema import Node

REGRET = "regret"
"""The one part of a scene that is no list of words but grammar: 〜てしまった, 〜ちゃった."""

GRAMMAR = (
    "ongoing",
    "regret",
    "states",
    "endless",
    "denials",
    "last_nouns",
    "tail",
    "polite",
    "particles",
    "copula",
    "linking",
    "wrappers",
    "closers",
    "quotes",
    "conditions",
    "suppositions",
    "interrogatives",
    "permission",
    "questions",
    "perhaps",
    "unreal",
    "hearsay",
    "abstract",
)


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """One kind of small talk: whole messages, and what the bot replies."""

    id: str
    patterns: tuple[str, ...]
    reply: str


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject people ask about that a guideline may not cover.

    `words` are the asker's; where none of `evidence` stands anywhere in a guideline, it is silent on it.
    """

    label: str
    words: tuple[str, ...]
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number people ask for; a clause answers only where a number stands before one of `units`."""

    ask: tuple[str, ...]
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Intents:
    """The whole of intents.yaml."""

    smalltalk: tuple[SmallTalk, ...]
    outside: tuple[Subject, ...]
    social_words: tuple[str, ...]
    account_signs: dict[str, tuple[str, ...]]
    followup_openers: tuple[str, ...]
    followup_aspects: dict[str, tuple[str, ...]]
    other_organizations: tuple[str, ...]
    unsupported: tuple[Subject, ...]
    quantities: tuple[Quantity, ...]

    def phrases(self) -> Iterator[str]:
        """All that people say by these lists, small talk aside."""
        yield from self.social_words
        for subject in (*self.outside, *self.unsupported):
            yield from subject.words
        for quantity in self.quantities:
            yield from quantity.ask


@dataclass(frozen=True, slots=True)
class IncidentKind:
    """A kind of incident. `near`: kinds whose steps help where a document has none for this one."""

    id: str
    label: str
    topics: tuple[str, ...]
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """What is said when something of a kind happens: all of `parts`, none of `without`."""

    kind: str
    parts: tuple[str, ...]
    without: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IncidentSigns:
    """The whole of incidents.yaml: the kinds, the scenes in the order they are tried, and the lists of words.

    `words` are what people say, by the name scenes call them; `grammar` tells what is said as a fact.
    """

    kinds: tuple[IncidentKind, ...]
    scenes: tuple[Scene, ...]
    words: dict[str, tuple[str, ...]]
    grammar: dict[str, tuple[str, ...]]


def load_intents(path: Path) -> Intents:
    """Read intents.yaml. Raises DataError that points at what is wrong."""
    root = Node.load(path)
    root.only(
        "smalltalk",
        "outside",
        "social_words",
        "account_signs",
        "followup_openers",
        "followup_aspects",
        "other_organizations",
        "unsupported",
        "quantities",
    )
    return Intents(
        smalltalk=tuple(
            SmallTalk(name, node.need("patterns").texts(), node.need("reply").text())
            for name, node in root.need("smalltalk").items()
        ),
        outside=tuple(_subject(node) for node in root.need("outside").each()),
        social_words=root.need("social_words").texts(),
        account_signs={account: node.texts() for account, node in root.need("account_signs").items()},
        followup_openers=root.need("followup_openers").texts(),
        followup_aspects={aspect: node.texts() for aspect, node in root.need("followup_aspects").items()},
        other_organizations=root.need("other_organizations").texts(),
        unsupported=tuple(_subject(node) for node in root.need("unsupported").each()),
        quantities=tuple(
            Quantity(node.need("ask").texts(), node.need("units").texts()) for node in root.need("quantities").each()
        ),
    )


def _subject(node: Node) -> Subject:
    node.only("label", "words", "evidence")
    return Subject(node.need("label").text(), node.need("words").texts(), node.opt_texts("evidence"))


def load_incidents(path: Path) -> IncidentSigns:
    """Read incidents.yaml. Raises DataError that points at what is wrong."""
    root = Node.load(path).only("kinds", "scenes", "words", "grammar")
    kinds = {name: node.only("label", "topics", "near") for name, node in root.need("kinds").items()}
    words = {name: node.texts() for name, node in root.need("words").items()}
    grammar = root.need("grammar").only(*GRAMMAR)
    return IncidentSigns(
        kinds=tuple(_kind(name, node, tuple(kinds)) for name, node in kinds.items()),
        scenes=tuple(_scene(node, tuple(kinds), (*words, REGRET)) for node in root.need("scenes").each()),
        words=words,
        grammar={name: grammar.need(name).texts() for name in GRAMMAR},
    )


def _kind(name: str, node: Node, kinds: tuple[str, ...]) -> IncidentKind:
    near = node.get("near")
    return IncidentKind(
        name,
        node.need("label").text(),
        node.need("topics").texts(),
        () if near is None else tuple(kind.one_of(kinds) for kind in near.each()),
    )


def _scene(node: Node, kinds: tuple[str, ...], parts: tuple[str, ...]) -> Scene:
    node.only("kind", "parts", "without")
    without = node.get("without")
    return Scene(
        node.need("kind").one_of(kinds),
        tuple(part.one_of(parts) for part in node.need("parts").each()),
        () if without is None else tuple(part.one_of(parts) for part in without.each()),
    )
