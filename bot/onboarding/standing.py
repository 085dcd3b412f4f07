"""How far an organisation's people are, by department: figures only, never a person, never a ranking. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.enrolment import Enrolment, Learner, Trouble
from bot.onboarding.words import OTHERS, TOTAL, UNNAMED, reason_in_words

FEWEST = 3
"""A row of fewer people would speak of persons."""

Stage = Literal["waiting", "learning", "acknowledging", "done", "away"]


@dataclass(frozen=True, slots=True)
class StandingRow:
    """One department, or the sum of several.

    Everybody of `people` is in one of the five that follow; `undelivered`: to how many of them something did not, or
    may not have, come through.
    """

    department: str
    people: int
    waiting: int
    learning: int
    acknowledging: int
    done: int
    away: int
    undelivered: int

    @property
    def figures(self) -> tuple[int, ...]:
        """The columns behind the department, as `words.STANDING_COLUMNS` names them."""
        return (
            self.people, self.waiting, self.learning, self.acknowledging, self.done, self.away, self.undelivered,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """`rows`: departments by name, the small ones in one row at the end.

    `troubles`: why messages did not arrive, in words, and how many people each concerns.
    """

    rows: tuple[StandingRow, ...]
    total: StandingRow
    troubles: tuple[tuple[str, int], ...]


def standing(people: Sequence[tuple[Learner, Enrolment]], troubles: Iterable[Trouble]) -> Standing:
    """The standing of the people of one organisation's course. Troubles of anybody else do not count."""
    reasons = _reasons(people, troubles)
    lacking = {learner for learner, reason in reasons if reason != "supervisor"}
    by_department: dict[str, list[tuple[Learner, Enrolment]]] = {}
    for one in people:
        by_department.setdefault(one[0].department, []).append(one)
    small = _small(by_department)
    rows = [_row(name or UNNAMED, who, lacking) for name, who in sorted(by_department.items()) if name not in small]
    others = [one for name in small for one in by_department[name]]
    if others:
        rows.append(_row(OTHERS, others, lacking))
    counted = Counter(reason_in_words(reason) for _, reason in reasons)
    return Standing(tuple(rows), _row(TOTAL, people, lacking), tuple(sorted(counted.items())))


def stage(enrolment: Enrolment) -> Stage:
    """Where somebody is in the present round."""
    if enrolment.state == "done":
        return "done"
    if enrolment.state != "active":
        return "away"
    if enrolment.lesson is None:
        return "acknowledging"
    return "learning" if enrolment.announced or enrolment.position else "waiting"


def _reasons(people: Iterable[tuple[Learner, Enrolment]], troubles: Iterable[Trouble]) -> set[tuple[str, str]]:
    """Learner and reason, once however many messages it concerned; of those who still have something to do."""
    concerned = {learner.id for learner, enrolment in people if enrolment.state not in ("done", "left")}
    return {(one.learner.id, _reason(one)) for one in troubles if one.learner.id in concerned}


def _reason(trouble: Trouble) -> str:
    if trouble.message.kind == "supervisor":
        return "supervisor"
    return "unconfirmed" if trouble.state == "unknown" else trouble.reason


def _small(by_department: dict[str, list[tuple[Learner, Enrolment]]]) -> list[str]:
    """The departments that are summed: so many that the sum, too, is no person's.

    A single small one takes the smallest of the others with it, for the total less the rows would tell it all the same.
    """
    by_size = sorted(by_department, key=lambda name: (len(by_department[name]), name))
    small: list[str] = []
    for name in by_size:
        together = sum(len(by_department[one]) for one in small)
        if len(by_department[name]) >= FEWEST and (not small or together >= FEWEST):
            break
        small.append(name)
    return small


def _row(department: str, people: Sequence[tuple[Learner, Enrolment]], lacking: set[str]) -> StandingRow:
    stages = Counter(stage(enrolment) for _, enrolment in people)
    return StandingRow(
        department,
        people=len(people),
        waiting=stages["waiting"],
        learning=stages["learning"],
        acknowledging=stages["acknowledging"],
        done=stages["done"],
        away=stages["away"],
        undelivered=sum(learner.id in lacking for learner, _ in people),
    )
