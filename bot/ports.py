"""What the core needs from outside, as Protocols: a clock, the record of answers, the durable inbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol

from bot.blocks import FindingRef
from bot.commands import Request


class Clock(Protocol):
    """The time."""

    def now(self) -> float:
        """Seconds since 1970."""


class Identities(Protocol):
    """Names for what is new."""

    def new(self) -> str:
        """16 hex digits that nobody can guess and nothing else has."""


@dataclass(frozen=True, slots=True)
class LoggedAnswer:
    """One answer as it is kept.

    `question` is masked; `locators` are the clauses shown as `org/locator`, the answer first; `departments` are the
    offices shown.
    """

    id: str
    tenant: str
    thread: str
    org: str
    question: str
    status: str
    locators: tuple[str, ...]
    departments: tuple[str, ...]
    confidence: float
    at: float


class Records(Protocol):
    """The record of answers. Every call names the tenant; nothing of another tenant is ever seen."""

    def log(self, answer: LoggedAnswer) -> None:
        """Keep an answer; a second one with the same id changes nothing."""

    def answer(self, tenant: str, answer: str) -> LoggedAnswer | None:
        """One answer, None where there is none (any more)."""

    def history(self, tenant: str, thread: str, since: float, until: float) -> Sequence[str]:
        """The last five questions of a thread, oldest first, small talk left out: from `since`, before `until`.

        `until` is the time of the question itself: answered once more after a crash, it has the same history.
        """

    def engaged(self, tenant: str, thread: str) -> bool:
        """Whether the bot has answered, or has accepted a question, in this thread."""

    def rate(self, tenant: str, answer: str, person: str, good: bool) -> None:  # noqa: FBT001  # what is recorded
        """Keep one person's rating, in place of an earlier one. `person` is a pseudonym."""

    def refer(self, tenant: str, answer: str, at: float) -> bool:
        """Note that an answer was referred to its department; False where it already was.

        True again for the same `at`: the same press, done anew after a crash.
        """

    def unrefer(self, tenant: str, answer: str) -> None:
        """Take `refer` back, where the message could not be sent."""

    def pseudonym(self, tenant: str, user: str) -> str:
        """A keyed hash that stands for a person."""


@dataclass(frozen=True, slots=True)
class RuleCount:
    """What became of one rule's findings: how often shown, called a false alarm, let pass."""

    rule: str
    shown: int
    false_alarms: int
    dismissed: int


class FindingRecords(Protocol):
    """What people say of findings. A draft's words are never kept, only a keyed digest of those somebody marked."""

    def digest(self, tenant: str, rule: str, quote: str) -> str:
        """32 hex digits that stand for these words under this rule (of an organisation), for this tenant only."""

    def shown(self, tenant: str, org: str, rules: Sequence[str]) -> None:
        """Count findings that were shown, one entry each."""

    def false_alarm(self, tenant: str, finding: FindingRef, user: str) -> None:
        """Somebody, kept as a pseudonym, calls a finding wrong; again changes nothing."""

    def dismiss(self, tenant: str, finding: FindingRef, user: str, reason: str) -> None:
        """Somebody lets a finding pass, for one of the reasons of texts.yaml; a later reason takes its place."""

    def dismissed(self, tenant: str, findings: Sequence[FindingRef]) -> Mapping[FindingRef, str]:
        """Those of the findings that were let pass, with the reason."""

    def counts(self) -> Sequence[RuleCount]:
        """Every rule's counts over all tenants, by rule id."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A request taken from the inbox to be answered; `attempt` counts from 1 and fences the finish."""

    request: Request
    attempt: int


class Inbox(Protocol):
    """Requests that were accepted and must be answered. Synchronous; safe to call from several threads."""

    def accept(self, request: Request) -> Future[bool]:
        """Store a request for good; False where its key is already known. Done only after the commit."""

    def claim(self, platforms: Sequence[str]) -> Claimed | None:
        """The oldest request of these platforms that is due, or whose worker has vanished; None where there is none."""

    def finish(self, claimed: Claimed) -> bool:
        """Mark a request answered and empty its text; False where another worker has taken it over."""

    def fail(self, claimed: Claimed, reason: str, retry_after: float | None) -> None:
        """Due again after so many seconds; None: given up, its text emptied, `reason` kept. Fenced like `finish`."""

    def release(self, claimed: Claimed) -> None:
        """Give a request back unanswered, for the next worker at once; does not count as a try."""

    def waiting(self) -> int:
        """How many requests are neither answered nor given up."""

    def cancel(self, platform: str, tenant: str) -> None:
        """Give up what waits for a tenant that has left."""


ANSWER_PLACES = "answer:"
"""How the names of places begin that stand for a message with an answer; they are forgotten with the answer."""

MAIL_PLACES = "mail:"
"""How the names of places begin that stand for a mail address, as a pseudonym; the address is the user's id."""


class Places(Protocol):
    """Where proactive messages may go: conversations that a platform has told us of, and tenants that have left."""

    def remember(self, platform: str, tenant: str, place: str, address: str) -> None:
        """Keep (or renew) the opaque address of a place: a person's direct chat, a channel."""

    def address(self, platform: str, tenant: str, place: str) -> str | None:
        """The kept address."""

    def forget(self, platform: str, tenant: str, place: str) -> None:
        """The bot was removed from this place."""

    def left(self, platform: str, tenant: str) -> None:
        """The tenant has uninstalled the bot or revoked its token: forget its places, send it nothing more."""

    def returned(self, platform: str, tenant: str) -> None:
        """The tenant has installed the bot again."""

    def gone(self, platform: str, tenant: str) -> bool:
        """Whether the tenant has left."""
