"""The clauses of one guideline as a tree: parents, children, what stands around and below a clause."""

from __future__ import annotations

from functools import cached_property

from bot.model import Clause, Guideline


class ClauseTree:
    """Look-ups over one guideline's clauses; `order` is the document's."""

    def __init__(self, guideline: Guideline) -> None:
        self.guideline = guideline
        self.clauses = guideline.clauses
        self.by_locator = {clause.locator: clause for clause in guideline.clauses}
        self.position = {clause.locator: place for place, clause in enumerate(guideline.clauses)}

    @cached_property
    def _children(self) -> dict[str, list[Clause]]:
        children: dict[str, list[Clause]] = {}
        for clause in self.clauses:
            if clause.parent is not None:
                children.setdefault(clause.parent, []).append(clause)
        return children

    def children(self, locator: str) -> list[Clause]:
        """The clauses directly below, in document order."""
        return self._children.get(locator, [])

    def ancestors(self, locator: str) -> list[Clause]:
        """The clauses above, outermost first."""
        chain: list[Clause] = []
        parent = self.by_locator[locator].parent
        while parent is not None and parent in self.by_locator:
            chain.append(self.by_locator[parent])
            parent = self.by_locator[parent].parent
        return chain[::-1]

    def subtree(self, locator: str) -> list[Clause]:
        """The clause and all below it, in document order."""
        found = [self.by_locator[locator]]
        for child in self.children(locator):
            found.extend(self.subtree(child.locator))
        return found

    def full_text(self, locator: str) -> str:
        """Verbatim text of the clause with everything below it: markers and headings as printed, one line each.

        The clause's own marker and heading are left out; `Citation` carries them beside the text.
        """
        top, *below = self.subtree(locator)
        parts = [top.text] if top.text else []
        parts.extend(printed(clause) for clause in below)
        return "\n".join(parts)

    def breadcrumb(self, locator: str) -> tuple[str, ...]:
        """The headed clauses above, outermost first, as a reader would say them: 「６ 公式アカウント…」."""
        return tuple(label(clause) for clause in self.ancestors(locator) if clause.heading)

    def lead_in(self, locator: str) -> str | None:
        """The introducing text of the clause above, which the clause completes; None where there is none."""
        above = self.ancestors(locator)
        if not above:
            return None
        parent = above[-1]
        return parent.text or None


def title(clause: Clause) -> str | None:
    """What a clause is headed with: its heading, or the first cell of a table's row."""
    return clause.marker if clause.kind == "row" and clause.heading is None else clause.heading


def label(clause: Clause) -> str:
    """Marker and heading on one line, as printed."""
    return " ".join(part for part in (clause.marker, clause.heading) if part) or clause.locator


def printed(clause: Clause) -> str:
    """The clause as it stands in its document: marker, heading and own text."""
    first = " ".join(part for part in (clause.printed or clause.marker, clause.heading) if part)
    if clause.heading and clause.text:
        return f"{first}\n{clause.text}"
    return f"{first} {clause.text}".strip()
