"""Clause → Citation: the clause word for word with everything that says where it stands."""

from __future__ import annotations

from bot.corpus.tree import ClauseTree, title
from bot.model import Citation, Clause, Organization


class Quoter:
    """Makes the citations of one organisation."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self.tree = ClauseTree(organization.guideline)

    def citation(self, clause: Clause, score: float) -> Citation:
        """The clause as it is quoted; `score` is the retriever's."""
        guideline = self.organization.guideline
        return Citation(
            org=self.organization.id,
            document=guideline.title,
            date=guideline.date,
            locator=clause.locator,
            breadcrumb=self.tree.breadcrumb(clause.locator),
            lead_in=self.tree.lead_in(clause.locator),
            heading=title(clause),
            text=self.tree.full_text(clause.locator),
            scope=clause.scope,
            kind=clause.kind,
            url=guideline.url,
            score=round(score, 4),
            note=clause.note,
        )
