"""A person in a course: who it is, how far, what is to be sent, what is on record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.course import REVISED

State = Literal["active", "paused", "left", "stopped", "done"]
"""paused and left: by the person; stopped: the person or the workspace has gone; done: acknowledged."""

MessageKind = Literal["lesson", "reminder", "supervisor"]

Event = Literal[
    "enrolled", "sent", "opened", "answered", "acknowledged", "paused", "resumed", "left", "stopped", "renewed",
    "purged",
]  # fmt: skip
"""What the ledger holds."""

DeliveryState = Literal["ready", "sending", "sent", "unknown", "failed", "cancelled"]
"""unknown: it may have arrived and nobody can look; parked until a person decides."""


@dataclass(frozen=True, slots=True)
class Learner:
    """A person who takes a course. All but `tenant`, `id` and `platform` is personal data and goes at a purge.

    `user` is the platform's id, None until a roster's mail address is found to be somebody's; one of `user` and
    `mail` is there. `contract` is the kind of employment as the roster says it. `supervisor` is a user id or a mail.
    """

    tenant: str
    id: str
    platform: str
    user: str | None
    mail: str | None = None
    name: str = ""
    department: str = ""
    contract: str = ""
    supervisor: str | None = None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """How far one learner is in one organisation's course.

    `starts`: ISO date. `round` counts the times the course was begun: a revision begins another, with the `lessons`
    (ids) it touches. `position`: lessons of this round that are finished; all of them: the acknowledgement is next.
    `announced`: the present step has been sent or opened, `since` then. `reminders`: sent for it so far. `due`: when
    the planner has to look again, None for never. `edition`: of the guideline the round is about. `version` fences
    changes.
    """

    tenant: str
    id: str
    learner: str
    org: str
    starts: str
    lessons: tuple[str, ...]
    edition: str
    due: float | None
    round: int = 1
    position: int = 0
    announced: bool = False
    since: float = 0.0
    reminders: int = 0
    state: State = "active"
    version: int = 0

    @property
    def lesson(self) -> str | None:
        """The id of the present lesson, None where only the acknowledgement is left."""
        return self.lessons[self.position] if self.position < len(self.lessons) else None

    @property
    def renewing(self) -> bool:
        """Whether this round is about a revision."""
        return REVISED in self.lessons


@dataclass(frozen=True, slots=True)
class Message:
    """A direct message that is planned. `key` is the same however often it is planned (unique within the tenant).

    `lesson`: its id, empty for the acknowledgement. `due` and `until`: it is sent between them or on a later working
    day. `careful`: where nobody can tell whether a try arrived it is parked rather than sent again.
    """

    key: str
    kind: MessageKind
    lesson: str
    number: int
    due: float
    until: float
    careful: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One line for the ledger. `detail`: the option chosen (`2:right`), why somebody was stopped."""

    event: Event
    at: float
    lesson: str = ""
    detail: str = ""
    edition: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What one event does to an enrolment; stored whole or not at all, and only upon `before.version`."""

    before: Enrolment
    after: Enrolment
    entries: tuple[Entry, ...] = ()
    messages: tuple[Message, ...] = ()
    cancel: bool = False
    """Messages of this enrolment that are not begun are cancelled."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A planned message taken from the outbox to be sent; `attempt` counts from 1 and fences its marks.

    `token` is opaque and stands for the key where others can read it. `doubtful`: an earlier try may have arrived.
    `since`: when the first try began that may have arrived; else when this one did.
    """

    message: Message
    token: str
    learner: Learner
    enrolment: Enrolment
    attempt: int
    doubtful: bool
    since: float


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One line of the ledger as it stands.

    `person` is a keyed pseudonym; `learner` whom it stands for, None after a purge.
    """

    number: int
    person: str
    learner: Learner | None
    org: str
    round: int
    entry: Entry
    hash: str


@dataclass(frozen=True, slots=True)
class LedgerProof:
    """What `verify` found: how many lines hold, the hash of the last, and the first line that does not.

    `why`: `missing` (no such line: taken out, or cut off at the end), `link` (it does not follow the line before),
    `content` (its fields or its hash were changed), `head` (the chain does not end where its last line was noted),
    `noted` (the hash that was asked for is nowhere in the chain: it was written anew).
    """

    rows: int
    head: str
    wrong: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A message that did not arrive, or may not have: for status pages. `reason` is a short code."""

    learner: Learner
    message: Message
    state: DeliveryState
    reason: str
