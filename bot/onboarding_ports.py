"""What the onboarding needs of the store, as Protocols: enrolments, the outbox, the ledger."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol

from bot.enrolment import (
    Change,
    Delivery,
    DeliveryState,
    Enrolment,
    Learner,
    LedgerProof,
    LedgerRow,
    Trouble,
)

Step = Callable[[Learner, Enrolment], Change | None]


class Enrolments(Protocol):
    """Who takes which course, and how far they are. Every call names the tenant but the planner's."""

    def add(self, people: Sequence[tuple[Learner, Enrolment]], at: float) -> int:
        """Enrol people, all or none; how many are new.

        A person (user or mail) of the tenant who is enrolled in the organisation's course is left as he or she is.
        Whose user id is another than that of the mail's owner is somebody else, and enrolled without the mail.
        """

    def find(self, tenant: str, user: str, org: str) -> tuple[Learner, Enrolment] | None:
        """The person with this user id in this organisation's course."""

    def people(self, tenant: str, org: str | None = None) -> Sequence[tuple[Learner, Enrolment]]:
        """Everybody of a tenant, by department and name."""

    def commit(self, change: Change) -> bool:
        """Store a change whole: enrolment, ledger, outbox. False where the enrolment has changed meanwhile."""

    def plan(self, now: float, step: Step, most: int = 200) -> int:
        """Apply `step` to enrolments that are due, each whole or not at all; how many were due.

        Two planners never disturb each other. `step` gives None to leave one alone; so is one left at which it fails.
        Either is due again a minute later. It must be quick, and write nothing.
        """

    def outdated(self, org: str, edition: str, most: int = 200) -> Sequence[tuple[Learner, Enrolment]]:
        """People of any tenant who have acknowledged another edition than this."""

    def identify(self, learner: Learner, user: str) -> Learner | None:
        """Note whose mail address it is.

        None where the person is enrolled under that id already: what the roster says of the person goes there, and
        this enrolment ends (in the ledger: stopped). Known under that id in other courses only, the person is one
        again, with all enrolments.
        """

    def keep_edition(self, tenant: str, org: str, edition: str, digests: Mapping[str, str]) -> None:
        """Remember what an edition's clauses were, by locator; again changes nothing."""

    def edition(self, tenant: str, org: str, edition: str) -> Mapping[str, str]:
        """The digests of an edition; empty where it was never kept."""

    def stop(self, tenant: str, user: str | None, reason: str) -> int:
        """A person (None: everybody) has gone: active and paused enrolments stop, what is planned is cancelled."""

    def stopped(self, tenant: str, reason: str) -> Sequence[tuple[Learner, Enrolment]]:
        """Whoever is stopped, where the last stop in the ledger was for this reason."""

    def purge(self, tenant: str, learner: str) -> bool:
        """Forget a person: key and personal columns go, a tombstone comes into the ledger. False: unknown.

        What the person has asked and nobody has answered is given up; threads that hold the user id lose it.
        """


class Outbox(Protocol):
    """Planned direct messages. Synchronous; safe to call from several threads and processes."""

    def claim(self, platforms: Sequence[str], most: int) -> Sequence[Delivery]:
        """The messages that are due, and those whose sender has vanished (`doubtful`), the oldest first; leased."""

    def sent(self, delivery: Delivery, message: str) -> bool:
        """It arrived, under the platform's id `message`; into the ledger with it. False: somebody else has it now."""

    def later(self, delivery: Delivery, reason: str, seconds: float) -> None:
        """Surely not arrived: due again in so many seconds."""

    def doubtful(self, delivery: Delivery, reason: str) -> None:
        """It may have arrived: to be looked up when the lease ends."""

    def unknown(self, delivery: Delivery, reason: str) -> None:
        """It may have arrived and nobody can look: parked."""

    def failed(self, delivery: Delivery, reason: str) -> None:
        """No try will help."""

    def dropped(self, delivery: Delivery) -> None:
        """There is nothing to say any more: cancelled."""

    def postpone(self, delivery: Delivery, due: float, until: float) -> None:
        """Not now: surely not sent; for another working day. Does not count as a try."""

    def release(self, delivery: Delivery) -> None:
        """Give it back untouched; what may have arrived stays doubtful."""

    def cancel(self, platform: str, tenant: str) -> None:
        """The tenant has left: what is not begun is cancelled."""

    def revive(self, tenant: str, user: str) -> None:
        """The person can be reached again: messages that failed for want of a way are ready."""

    def planned(self, tenant: str, keys: Collection[str]) -> Collection[str]:
        """Those of the keys whose messages are planned already, whatever has become of them but cancelled."""

    def again(self, tenant: str, learner: str | None = None) -> int:
        """An administrator's word: parked and failed messages of active people are ready again, untried; how many."""

    def counts(self, tenant: str | None = None) -> Mapping[DeliveryState, int]:
        """Messages by state."""

    def troubles(self, tenant: str) -> Sequence[Trouble]:
        """Messages that failed or are parked, of people who are active in the course; the oldest first."""


class Ledger(Protocol):
    """The record of who was sent, opened, answered, acknowledged what: append-only, chained by hashes."""

    def rows(self, tenant: str, learner: str | None = None) -> Sequence[LedgerRow]:
        """All lines in order, of one person where one is named."""

    def verify(self, tenant: str, head: str | None = None) -> LedgerProof:
        """Recompute the chain. `head`: a hash that was noted earlier and must still be in it."""
