"""Short digests of clauses: whether a text is still the one that a lesson was written for, or an edition another.

White space never counts: a source that was only wrapped anew has not changed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b

from bot.corpus.tree import ClauseTree, title
from bot.course import Course, Lesson, LessonCite
from bot.model import Clause, Guideline

_CLAUSE_BYTES = 4
_EDITION_BYTES = 8
_WRITTEN = re.compile(r"[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class StaleCite:
    """A clause that changed, or went, after a lesson was written upon it.

    `lesson_number` and `cite_number` count from 0 and say where it stands in the course. `digest`: the clause's
    present one, None where there is no such clause.
    """

    lesson: Lesson
    cite: LessonCite
    digest: str | None
    lesson_number: int
    cite_number: int

    def words(self) -> tuple[str, str]:
        """What to tell whoever keeps the course, in Japanese and English."""
        locator, named = self.cite.locator, f"レッスン「{self.lesson.title}」"
        if self.digest is None:
            return (
                f"条項「{locator}」はこの文書にありません。{named}を見直して cites を書き直してください。",
                f"there is no clause '{locator}'; review the lesson '{self.lesson.id}' and its cites.",
            )
        if not _WRITTEN.fullmatch(self.cite.digest):
            return (
                f"hash がありません。{named}と {locator} を読み合わせてから hash を {self.digest} にしてください。",
                f"no hash yet; read the lesson '{self.lesson.id}' beside {locator}, then set hash to {self.digest}.",
            )
        return (
            f"{locator} の本文が変わりました。{named}を見直してから hash を {self.digest} にしてください。",
            f"the text of {locator} changed; review the lesson '{self.lesson.id}', then set hash to {self.digest}.",
        )


def clause_digest(clause: Clause) -> str:
    """Stands for a clause alone: 8 hex digits, BLAKE2b-32 of UTF-8(marker + heading + own text) without white space."""
    return _digest(f"{clause.marker or ''}{clause.heading or ''}{clause.text}", _CLAUSE_BYTES)


def cited_digest(tree: ClauseTree, locator: str) -> str:
    """Stands for all that a citation shows: heading and full text of the clause with everything below it.

    8 hex digits: BLAKE2b-32 of UTF-8(heading + full text) without white space. Raises KeyError for no such clause.
    """
    return _digest(f"{title(tree.by_locator[locator]) or ''}{tree.full_text(locator)}", _CLAUSE_BYTES)


def edition(guideline: Guideline) -> tuple[str, dict[str, str]]:
    """Which edition of the text this is, and what its clauses are.

    16 hex digits: BLAKE2b-64 of the lines `locator TAB clause_digest LF` in document order; then the clauses' digests
    by locator.
    """
    digests = {clause.locator: clause_digest(clause) for clause in guideline.clauses}
    lines = "".join(f"{locator}\t{digest}\n" for locator, digest in digests.items())
    return blake2b(lines.encode(), digest_size=_EDITION_BYTES).hexdigest(), digests


def stale(course: Course, tree: ClauseTree) -> tuple[StaleCite, ...]:
    """What the course cites otherwise than the guideline has it now, in order; nobody may be sent a course with any."""
    return tuple(
        StaleCite(lesson, cite, present, number, place)
        for number, lesson in enumerate(course.lessons)
        for place, cite in enumerate(lesson.cites)
        if (present := _present(tree, cite.locator)) != cite.digest
    )


def _present(tree: ClauseTree, locator: str) -> str | None:
    return cited_digest(tree, locator) if locator in tree.by_locator else None


def _digest(text: str, size: int) -> str:
    return blake2b("".join(text.split()).encode(), digest_size=size).hexdigest()
