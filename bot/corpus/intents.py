"""intents.yaml and incidents.yaml: how people talk to the bot beside plain questions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.corpus.schema import Node

LIVE_SIGNS = ("panic", "happened", "now", "help")


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


@dataclass(frozen=True, slots=True)
class IncidentKind:
    """A kind of incident; `signs` tell that it is happening now, `words` that it is spoken of."""

    id: str
    label: str
    topics: tuple[str, ...]
    signs: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IncidentSigns:
    """The whole of incidents.yaml: the kinds, and what tells a live message from a question about one.

    `live` are the signs of panic, of something having happened, of now, and of a call for help. `neutral` is
    taken out before `hypothetical` is looked for; `urgent` wins over `hypothetical`.
    """

    kinds: tuple[IncidentKind, ...]
    live: dict[str, tuple[str, ...]]
    hypothetical: tuple[str, ...]
    urgent: tuple[str, ...]
    neutral: tuple[str, ...]


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
    root = Node.load(path).only("kinds", "live_signs", "hypothetical_signs", "urgent_signs", "neutral")
    live = root.need("live_signs").only(*LIVE_SIGNS)
    return IncidentSigns(
        kinds=tuple(_kind(name, node) for name, node in root.need("kinds").items()),
        live={name: live.need(name).texts() for name in LIVE_SIGNS},
        hypothetical=root.need("hypothetical_signs").texts(),
        urgent=root.need("urgent_signs").texts(),
        neutral=root.need("neutral").texts(),
    )


def _kind(name: str, node: Node) -> IncidentKind:
    node.only("label", "topics", "signs", "words")
    return IncidentKind(
        name,
        node.need("label").text(),
        node.need("topics").texts(),
        node.need("signs").texts(),
        node.need("words").texts(),
    )
