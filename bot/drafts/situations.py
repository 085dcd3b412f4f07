"""What holds for an organisation at a moment: election, disaster, office hours."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from bot.model import Situation
from bot.rules import DraftPolicy

JAPAN = timezone(timedelta(hours=9))
_WORKING_DAYS = 5


def situations(policy: DraftPolicy, now: datetime) -> frozenset[Situation]:
    """What drafts.yaml says of this moment; `now` knows its time zone. Public holidays are not told apart."""
    here = now.astimezone(JAPAN)
    found: set[Situation] = set()
    if any(first <= here.date().isoformat() <= last for first, last in policy.elections):
        found.add("election")
    if policy.disaster:
        found.add("disaster")
    begins, ends = policy.office_hours
    if here.weekday() < _WORKING_DAYS and begins <= here.strftime("%H:%M") < ends:
        found.add("office_hours")
    return frozenset(found)
