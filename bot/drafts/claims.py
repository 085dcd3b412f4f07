"""Which clause of its own an organisation holds against a draft, and what its document allows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.corpus.quoting import Quoter
from bot.model import Account, Citation, Clause, Organization
from bot.rules import DraftException, DraftPolicy

MOST_CITED = 3
_CITED_KINDS = frozenset({"clause", "qa", "row"})
_FORBIDS = ("禁止", "してはならない", "してはなりません", "しないこと", "ないこととする", "控え", "慎む", "次に掲げる")


class Claims:
    """The claims of one organisation."""

    def __init__(self, organization: Organization, policy: DraftPolicy) -> None:
        self.organization = organization
        self.policy = policy
        self.quoter = Quoter(organization)
        self._clauses = {clause.locator: clause for clause in organization.guideline.clauses}
        self._found: dict[tuple[Account, str], tuple[Citation, ...]] = {}

    def first(
        self, topics: Iterable[str], account: Account, prefers: Sequence[str] = ()
    ) -> tuple[str, tuple[Citation, ...]] | None:
        """The first of `topics` the organisation has a clause for, with its clauses, the claim first.

        Of several on that topic those come first that hold one of the words of `prefers`.
        """
        for topic in topics:
            if cited := self.of(topic, account):
                near = (
                    sorted(cited, key=lambda one: not any(word in one.text for word in prefers)) if prefers else cited
                )
                return topic, tuple(near)
        return None

    def of(self, topic: str, account: Account) -> tuple[Citation, ...]:
        """The clauses on a topic for an account, the claim first; none where the document is silent."""
        key = account, topic
        if key not in self._found:
            locators = self.policy.claims.get(key)
            if locators is None:
                locators = tuple(clause.locator for clause in self._curated(topic, account))
            cited = (self._clauses[locator] for locator in locators[:MOST_CITED])
            self._found[key] = tuple(self.quoter.citation(clause, 0.0) for clause in cited)
        return self._found[key]

    def covers(self, account: Account) -> bool:
        """Whether the document speaks of this kind of account: by its claims, or without any by its clauses."""
        accounts = {named for named, _ in self.policy.claims}
        clauses = self.organization.guideline.clauses
        return account in accounts if accounts else any(one.scope in (None, "both", account) for one in clauses)

    def cite(self, locators: Iterable[str]) -> tuple[Citation, ...]:
        """These clauses as they are quoted."""
        return tuple(self.quoter.citation(self._clauses[locator], 0.0) for locator in locators)

    def allowing(self, topic: str, account: Account) -> list[DraftException]:
        """The exceptions that may call off a finding on this topic."""
        return [one for one in self.policy.exceptions if topic in one.topics and one.account in ("both", account)]

    def _curated(self, topic: str, account: Account) -> list[Clause]:
        """By curation: the exact before the broad, prohibitions before remarks, else as the document has them.

        A topic that `claims` names for the other account alone is left to that account: somebody has looked.
        """
        if any(named == topic for _, named in self.policy.claims):
            return []
        fitting = [
            clause
            for clause in self.organization.guideline.clauses
            if topic in clause.topics and clause.kind in _CITED_KINDS and clause.scope in (None, "both", account)
        ]
        return sorted(fitting, key=lambda clause: (not self._forbids(clause), len(clause.topics)))

    def _forbids(self, clause: Clause) -> bool:
        lead_in = self.quoter.tree.lead_in(clause.locator) or ""
        return any(word in clause.text or word in lead_in for word in _FORBIDS)
