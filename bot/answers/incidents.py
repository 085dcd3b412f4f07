"""A live incident: the organisation's own steps in the order they are to be done, and whom to tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.corpus.contacts import named_in
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
        """The plan for a kind of incident, never one without steps; None where the document has nothing on it.

        A message that names no account is taken to speak of the body's own one. A document that says nothing for
        the account meant is followed in what it says for the other: better those steps than none.
        """
        return next((plan for plan in self._candidates(kind, account or "official") if self.steps(plan)), None)

    def _candidates(self, kind: str, account: Account) -> Iterator[IncidentPlan]:
        """The best first: for this account, of a kind near it, for the other account, the clauses on its topics."""
        known = self._kinds.get(kind)
        wanted: tuple[Scope, ...] = (account, "both")
        other: tuple[Scope, ...] = ("private" if account == "official" else "official",)
        near = (kind, *known.near) if known is not None else (kind,)
        for scopes in (wanted, other):
            for name in near:
                yield from (self._plans[name, scope] for scope in scopes if (name, scope) in self._plans)
        if known is not None:
            yield self._from_topics(known, wanted)
            yield self._from_topics(known, other)

    def _from_topics(self, kind: IncidentKind, scopes: tuple[Scope, ...]) -> IncidentPlan:
        """The clauses of one heading, all of them in order: those that speak of the kind's first topic most."""
        fitting = [
            clause
            for clause in self.tree.clauses
            if clause.text
            and set(kind.topics) & set(clause.topics)
            and clause.kind not in {"preamble", "form"}
            and (clause.scope is None or clause.scope in scopes)
            and not self.tree.children(clause.locator)
        ]
        groups: dict[str | None, float] = {}
        for clause in fitting:
            weight = 1.0 if kind.topics[0] in clause.topics else 0.4
            groups[clause.parent] = groups.get(clause.parent, 0.0) + weight
        best = max(groups, key=lambda parent: groups[parent], default=None)
        beside = self.tree.children(best) if best is not None else fitting
        steps = tuple(StepSource(clause.locator) for clause in beside if clause.text)
        told = named_in(self.organization, "\n".join(clause.text for clause in beside))
        return IncidentPlan(kind.id, scopes[0], steps, tuple(told))

    def steps(self, plan: IncidentPlan) -> tuple[Step, ...]:
        """The plan's steps, verbatim."""
        return tuple(
            Step(source.locator, source.quote or self._whole(source.locator))
            for source in plan.steps
            if source.locator in self.tree.by_locator
        )

    def _whole(self, locator: str) -> str:
        return self.tree.full_text(locator) or self.tree.by_locator[locator].heading or locator
