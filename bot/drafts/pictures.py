"""Findings about picture files: what is hidden in them, and the clause it touches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.drafts.claims import Claims
from bot.drafts.images import ImageFacts
from bot.model import Account, Finding
from bot.rules import ImageRule

Pictures = Sequence[tuple[str, ImageFacts]]
"""Pictures with the names people know them by."""


def picture_findings(
    rules: Sequence[ImageRule], pictures: Pictures, claims: Claims, account: Account
) -> Iterator[Finding]:
    """One finding for each fact of each picture; facts the organisation has no clause for are left out."""
    for name, facts in pictures:
        for rule in rules:
            claim = claims.first(rule.topics, account)
            if claim is not None and getattr(facts, rule.fact):
                topic, citations = claim
                message = rule.message.format(name=name, **_named(facts))
                id_ = f"image-{rule.fact.replace('_', '-')}"
                yield Finding(id_, topic, rule.severity, None, None, None, message, rule.advice, citations)


def _named(facts: ImageFacts) -> dict[str, str]:
    latitude, longitude = facts.location or (0.0, 0.0)
    return {
        "latitude": f"{latitude:.4f}",
        "longitude": f"{longitude:.4f}",
        "taken": facts.taken or "",
    }
