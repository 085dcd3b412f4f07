"""What drafts are checked for, as the knowledge files say it; frozen records, the standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.model import Account, Scope, Severity, Situation

RuleKind = Literal["phrases", "frame", "structure", "examples"]
"""The closed set of ways a rule looks at a draft."""

Window = Literal["sentence", "near", "post"]
"""How far apart the groups of a frame may stand: in one sentence, in three neighbouring ones, anywhere."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What must be said together: of each group in `all` one expression, within the window.

    `unless` calls it off within the same window, `never` anywhere in the draft.
    """

    all: tuple[tuple[str, ...], ...]
    within: Window = "sentence"
    unless: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One subject and way of saying it, with its own examples.

    `topics`: the claim is the organisation's own clause for the first of them that it has one for; without any there
    is no finding. `only_in`: situations of which one must hold; `not_in`: that call it off. `prefers`: words by which
    the nearest of several clauses on the topic is known; `requires`: one of them the claimed clause must hold. `frames`
    for the kinds phrases and frame, `structure` the name of a structural check, `likeness` the least likeness (0-1)
    for examples.
    """

    id: str
    kind: RuleKind
    topics: tuple[str, ...]
    severity: Severity
    account: Scope
    message: str
    why: str
    advice: str
    ng: tuple[str, ...]
    ok: tuple[str, ...]
    frames: tuple[Frame, ...] = ()
    structure: str | None = None
    likeness: float | None = None
    only_in: tuple[Situation, ...] = ()
    not_in: tuple[Situation, ...] = ()
    prefers: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftException:
    """What a clause allows: no finding of these topics where one of the expressions of `when` is said.

    `account` limits it to one kind of account.
    """

    topics: tuple[str, ...]
    locator: str
    when: tuple[str, ...]
    account: Scope = "both"


@dataclass(frozen=True, slots=True)
class DraftPolicy:
    """What one organisation adds to the shared rules.

    `claims`: for an account and topic the clauses to cite, the best first; topics left out are found by curation.
    `own_*` are what is the organisation's own: never somebody else's phone, page or account. `approval` is the
    organisation's sign-off, None where its document asks for none.
    """

    claims: dict[tuple[Account, str], tuple[str, ...]]
    exceptions: tuple[DraftException, ...] = ()
    approval: tuple[str, tuple[str, ...]] | None = None
    hosts: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    elections: tuple[tuple[str, str], ...] = ()
    disaster: bool = False
    office_hours: tuple[str, str] = ("08:30", "17:15")


@dataclass(frozen=True, slots=True)
class CheckItem:
    """A question only a person can answer; asked where a draft says one of `when`, always where that is empty."""

    id: str
    topics: tuple[str, ...]
    why: str
    account: Scope = "both"
    when: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImageRule:
    """What to say of one fact about a picture; `message` may name {name}, {latitude}, {longitude}, {taken}."""

    fact: str
    topics: tuple[str, ...]
    severity: Severity
    message: str
    advice: str
