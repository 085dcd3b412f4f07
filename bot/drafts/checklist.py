"""「自動では確認していない規定」: the clauses that only a person can judge for this draft."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.drafts.claims import Claims
from bot.drafts.frames import Places, said
from bot.drafts.ruleset import Numbers
from bot.model import Account, Finding, NotChecked
from bot.rules import CheckItem

MOST_ITEMS = 5


class Checklist:
    """Chooses from the items of checklist.yaml."""

    def __init__(self, items: Sequence[CheckItem], spoken_of: Mapping[str, Numbers], claims: Claims) -> None:
        """`spoken_of`: what a draft says that makes an item worth asking, by the item's name."""
        self._items = items
        self._spoken_of = spoken_of
        self._claims = claims

    def for_draft(self, account: Account, findings: Iterable[Finding], found: Places) -> tuple[NotChecked, ...]:
        """The items for this draft: first those it gives a reason for, then those that always hold."""
        done = {citation.locator for finding in findings for citation in finding.citations[:1]}
        chosen: dict[str, NotChecked] = {}
        fitting = [item for item in self._items if item.account in ("both", account)]
        asked = [item for item in fitting if item.when and said(self._spoken_of[item.id], found)]
        for item in (*asked, *(item for item in fitting if not item.when)):
            claim = self._claims.first(item.topics, account)
            if claim is not None and claim[1][0].locator not in done:
                locator = claim[1][0].locator
                chosen.setdefault(locator, NotChecked(locator, item.why))
        return tuple(chosen.values())[:MOST_ITEMS]
