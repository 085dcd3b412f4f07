"""What a revision of the guideline changed, and which lessons it touches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.corpus.tree import ClauseTree
from bot.course import REVISED, Course


@dataclass(frozen=True, slots=True)
class Revision:
    """Locators of clauses that are new or read differently, in document order, and of those that are gone."""

    changed: tuple[str, ...]
    gone: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether there is anything to ask anew."""
        return bool(self.changed or self.gone)


def revision(old: Mapping[str, str], new: Mapping[str, str]) -> Revision:
    """The difference of two editions' digests by locator; nothing where the old one is not known."""
    if not old:
        return Revision((), ())
    changed = tuple(locator for locator, digest in new.items() if old.get(locator) != digest)
    return Revision(changed, tuple(locator for locator in old if locator not in new))


def touched(course: Course, tree: ClauseTree, found: Revision) -> tuple[str, ...]:
    """The lessons of the round after a revision: the changed clauses first, then whatever cites one of them."""
    changed = set(found.changed)

    def cited(locator: str) -> set[str]:
        below = tree.subtree(locator) if locator in tree.by_locator else []
        return {clause.locator for clause in below}

    lessons = (one.id for one in course.lessons if any(changed & cited(cite.locator) for cite in one.cites))
    return (REVISED, *lessons)
