"""What an administrator asks for, as it is handed to the process that has the database, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot.onboarding.roster import RosterRow


@dataclass(frozen=True, slots=True)
class Import:
    """Enrol people of a workspace in an organisation's course."""

    tenant: str
    platform: str
    org: str
    people: tuple[RosterRow, ...]


@dataclass(frozen=True, slots=True)
class Remind:
    """Remind whoever has not answered; `again`: send what did not arrive anew. `org` None: of every course."""

    tenant: str
    org: str | None
    again: bool


@dataclass(frozen=True, slots=True)
class Purge:
    """Forget the person with this user id or mail address."""

    tenant: str
    person: str


Job = Import | Remind | Purge

_KINDS: Mapping[str, type[Job]] = {"import": Import, "remind": Remind, "purge": Purge}


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a job of `kind` at `at` (seconds since 1970): counts by name, or one line that says what is wrong.

    Nobody's name is in it.
    """

    kind: str
    tenant: str
    at: float
    counts: Mapping[str, int]
    japanese: str = ""
    english: str = ""


def kind_of(job: Job) -> str:
    """`import`, `remind` or `purge`."""
    return next(name for name, kind in _KINDS.items() if isinstance(job, kind))


def dump_job(job: Job) -> str:
    """As one JSON object."""
    return json.dumps({"kind": kind_of(job), **asdict(job)})


def load_job(text: str) -> Job:
    """The reverse of `dump_job`. Raises ValueError, KeyError or TypeError for any other text."""
    fields = _object(text)
    kind = _KINDS[fields.pop("kind")]
    if kind is Import:
        fields["people"] = tuple(RosterRow(**row) for row in fields["people"])
    return kind(**fields)


def dump_done(done: Done) -> str:
    """As one JSON object."""
    return json.dumps(asdict(done))


def load_done(text: str) -> Done:
    """The reverse of `dump_done`. Raises as `load_job` does."""
    return Done(**_object(text))


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(found, dict):
        raise TypeError("no object")
    return found
