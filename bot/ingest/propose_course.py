"""A first course for a new guideline: lesson templates over the clauses that carry their topics."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from bot.corpus.digests import cited_digest
from bot.corpus.tree import ClauseTree
from bot.corpus.yaml_source import to_yaml
from bot.course import Template
from bot.model import Clause

MOST_LESSONS = 8
MOST_CITES = 3
SHORTEST = 20
"""Characters: what is shorter seldom says a whole thing."""

LONGEST = 500
"""Characters of a clause with everything below it that are still read in a few minutes beside two others."""

_TITLE = "ソーシャルメディアガイドライン研修"
_HEAD = """\
# 取り込み時の提案です。レッスンごとに引用する条項と読み合わせ、合わない所を直すか、レッスンごと消してください。
# 読み終えたら reviewed: yes にします。それまでは、だれにも配信されません。
# cites の hash は引用する条項の本文から作る値で、条項が変わると knowledge check が知らせます。
# 間隔（pace）、暦（calendar）、催促（remind）は、ここに書かなければ onboarding.yaml のとおりです。
"""
_NO_RULES = ("form", "supplement", "preamble", "ending")
_PLAIN_WORDS = re.compile(r"^(\s*(?:reviewed|right): )'(yes|no)'$", re.MULTILINE)


def proposed_course(tree: ClauseTree, templates: Sequence[Template]) -> str | None:
    """The text of a course.yaml, None where no clause carries a topic of a template.

    Nobody has reviewed it, and it says so.
    """
    lessons = [lesson for template in templates if (lesson := _lesson(tree, template)) is not None]
    if not lessons:
        return None
    text = to_yaml({"title": _TITLE, "reviewed": "no", "lessons": lessons[:MOST_LESSONS]}, _HEAD)
    return _PLAIN_WORDS.sub(r"\1\2", text)


def _lesson(tree: ClauseTree, template: Template) -> dict[str, Any] | None:
    cited = _cited(tree, template)
    if not cited:
        return None
    return {
        "id": template.id,
        "title": template.title,
        "text": template.text,
        "cites": [{"locator": locator, "hash": cited_digest(tree, locator)} for locator in cited],
        "example": template.example,
        "question": template.question,
        "options": [
            {"text": text, **({"right": "yes"} if right else {}), "reason": reason, "cites": cited[0]}
            for text, right, reason in template.options
        ],
    }


def _cited(tree: ClauseTree, template: Template) -> list[str]:
    """The best clause for each topic in turn, then the second best, no text twice."""
    fitting = [clause for clause in tree.clauses if _fits(tree, clause, template)]
    ranked = [
        sorted((clause for clause in fitting if topic in clause.topics), key=lambda one: _rank(tree, one, topic))
        for topic in template.topics
    ]
    in_turn = (clause.locator for turn in zip_longest(*ranked) for clause in turn if clause is not None)
    chosen: list[str] = []
    for locator in in_turn:
        if len(chosen) < MOST_CITES and not any(_overlap(tree, locator, other) for other in chosen):
            chosen.append(locator)
    return chosen


def _fits(tree: ClauseTree, clause: Clause, template: Template) -> bool:
    """Whether the clause says something itself, of the right accounts, and is soon read."""
    scoped = template.account is None or clause.scope in (template.account, "both", None)
    rules = bool(clause.text) and clause.kind not in _NO_RULES
    return scoped and rules and len(tree.full_text(clause.locator)) <= LONGEST


def _rank(tree: ClauseTree, clause: Clause, topic: str) -> tuple[bool, bool, bool, int, bool, int]:
    """The lower the better: about this topic first, a whole sentence, no other topic, nothing below, short."""
    length = len(tree.full_text(clause.locator))
    return (
        (clause.kind == "contact") != (topic == "contact"),
        clause.topics[0] != topic,
        length < SHORTEST,
        len(clause.topics),
        bool(tree.children(clause.locator)),
        length,
    )


def _overlap(tree: ClauseTree, one: str, other: str) -> bool:
    """Whether one of the two clauses is, or stands below, the other."""
    above = {clause.locator for locator in (one, other) for clause in tree.ancestors(locator)}
    return one == other or one in above or other in above
