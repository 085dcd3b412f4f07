"""A live incident: the organisation's own steps in the order they are to be done, and whom to tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.corpus.intents import IncidentKind
from bot.corpus.tree import ClauseTree
from bot.model import Account, IncidentPlan, Organization, Scope, Step, StepSource


class IncidentPlans:
    """The plans of one organisation: those of its curation, else one made of the clauses of the kind's topics."""

    def __init__(self, organization: Organization, kinds: Sequence[IncidentKind]) -> None:
        self.organization = organization
        self.tree = ClauseTree(organization.guideline)
        self._kinds: Mapping[str, IncidentKind] = {kind.id: kind for kind in kinds}
        self._plans = {(plan.kind, plan.account): plan for plan in organization.incidents}

    def plan(self, kind: str, account: Account | None) -> IncidentPlan | None:
        """The plan for a kind of incident; None where the document has nothing on it.

        A message that names no account is taken to speak of the body's own one.
        """
        wanted: tuple[Scope, ...] = (account or "official", "both")
        for scope in wanted:
            if (kind, scope) in self._plans:
                return self._plans[kind, scope]
        return self._from_topics(kind, wanted)

    def _from_topics(self, kind: str, wanted: tuple[Scope, ...]) -> IncidentPlan | None:
        topics = set(self._kinds[kind].topics) if kind in self._kinds else set()
        found = [
            StepSource(clause.locator)
            for clause in self.tree.clauses
            if clause.text
            and topics.intersection(clause.topics)
            and clause.kind not in {"preamble", "form"}
            and (clause.scope is None or clause.scope in wanted)
            and not self.tree.children(clause.locator)
        ]
        return IncidentPlan(kind, wanted[0], tuple(found)) if found else None

    def steps(self, plan: IncidentPlan) -> tuple[Step, ...]:
        """The plan's steps, verbatim."""
        return tuple(
            Step(source.locator, source.quote or self._whole(source.locator))
            for source in plan.steps
            if source.locator in self.tree.by_locator
        )

    def _whole(self, locator: str) -> str:
        return self.tree.full_text(locator) or self.tree.by_locator[locator].heading or locator
