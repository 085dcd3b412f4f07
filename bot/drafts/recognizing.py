"""What a recogniser is given and gives: stretches of a draft that are of a kind no list of words can tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.drafts.text import DraftText, Span


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is the organisation's own, and so no finding.

    `phones` are digits only, `hosts` and `accounts` lower case without @; `offices` are names of departments and of
    the organisation. `short_hosts` are the services of short_urls.yaml (see `load_short_hosts`).
    """

    phones: frozenset[str] = frozenset()
    hosts: tuple[str, ...] = ()
    accounts: frozenset[str] = frozenset()
    offices: tuple[str, ...] = ()
    short_hosts: frozenset[str] = frozenset()


Recognizer = Callable[[DraftText, Surroundings], Iterable[Span]]
"""Finds its kind in `DraftText.plain`; spans in order, without overlaps."""
