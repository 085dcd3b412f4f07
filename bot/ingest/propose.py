"""What a new organisation starts with: scopes and topics proposed from its words, offices as found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.analysis.normalize import normalize
from bot.analysis.phrases import PhraseTable
from bot.analysis.tokenizer import Tokenizer
from bot.document import ParsedDocument
from bot.model import Clause, Scope, Topic

MOST_TOPICS = 3
BEGINNING = 60
"""So many characters of a clause tell whose accounts it is about; what it mentions later need not."""
_HEADING_WEIGHT = 2.0
_PRIVATE = re.compile(
    r"私的|個人アカウント|個人の?アカウント|個人(?:として|で|による)?の?利用|プライベート|業務外|職務外"
)
_OFFICIAL = re.compile(
    r"公式|公的アカウント|業務(?:として|編|利用|上の利用)|公用|運用(?:方針|ポリシー|手順|管理|体制|責任|担当)"
)
_ROLE = re.compile(
    r"所属(?:する)?(?:課|部|課局|部署|所属)?長|(?:総括|運用|管理|運営|広報|情報)(?:管理|セキュリティ)?責任者|管理職|上司"
)


def propose_scopes(clauses: Sequence[Clause]) -> dict[str, Scope]:
    """A scope for each clause that sets one; those below inherit it.

    A heading decides before the text's beginning; where a top clause says nothing the document does: one that
    never speaks of private use is about official accounts.
    """
    whole = "\n".join(f"{clause.heading or ''}\n{clause.text}" for clause in clauses)
    usual: Scope = "official" if _OFFICIAL.search(whole) and not _PRIVATE.search(whole) else "both"
    found: dict[str, Scope] = {}
    for clause in clauses:
        said = _scope_of(clause.heading or "") or _scope_of(clause.text[:BEGINNING])
        if said is not None:
            found[clause.locator] = said
        elif clause.parent is None:
            found[clause.locator] = "official" if clause.kind == "form" else usual
    return found


def _scope_of(text: str) -> Scope | None:
    private, official = bool(_PRIVATE.search(text)), bool(_OFFICIAL.search(text))
    if private and official:
        return "both"
    if private:
        return "private"
    return "official" if official else None


class TopicProposer:
    """Finds a clause's topics by the words clauses of that topic use."""

    def __init__(self, topics: Mapping[str, Topic], tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        words = (
            (word, topic.id) for topic in topics.values() for word in dict.fromkeys((*topic.clause_words, topic.label))
        )
        self._table = PhraseTable(words, tokenizer.cut)

    def topics(self, clause: Clause) -> tuple[str, ...]:
        """Up to three topics, the most exact first; none where no word of any stands in the clause."""
        scores: dict[str, float] = {}
        self._score(clause.heading or "", _HEADING_WEIGHT, scores)
        self._score(clause.text, 1.0, scores)
        best = max(scores.values(), default=0.0)
        ranked = sorted(scores, key=lambda topic: -scores[topic])
        return tuple(topic for topic in ranked if scores[topic] >= best / 3)[:MOST_TOPICS]

    def _score(self, text: str, weight: float, scores: dict[str, float]) -> None:
        """A longer word is a surer sign; a word within a longer one of the same topic adds nothing."""
        folded = normalize(text).text
        taken: dict[str, int] = {}
        for match in self._table.find(folded, self._tokenizer.cut(folded)):
            if match.end > taken.get(match.value, 0):
                taken[match.value] = match.end
                scores[match.value] = scores.get(match.value, 0.0) + weight * (match.end - match.start)


def proposed_curation(document: ParsedDocument, proposer: TopicProposer) -> dict[str, Any]:
    """The plain value of a curation.yaml for a new document."""
    scopes = propose_scopes(document.clauses)
    clauses: dict[str, Any] = {}
    for clause in document.clauses:
        notes: dict[str, Any] = {}
        if clause.locator in scopes:
            notes["scope"] = scopes[clause.locator]
        topics = proposer.topics(clause)
        if topics:
            notes["topics"] = list(topics)
        clauses[clause.locator] = notes
    return {"moved": [], "clauses": clauses, "incidents": {}}


def proposed_organization(org: str, document: ParsedDocument, whole: str) -> dict[str, Any]:
    """The plain value of an organization.yaml for a new document; `whole` is its text."""
    departments = [
        {
            "name": office.name,
            "aliases": _aliases(office.name),
            "phone": office.phone,
            "extension": office.extension,
            "scopes": ["official", "private", "both"] if place == 0 else [],
            "cites": _naming(document.clauses, office.name),
            "why": "文書に名のある担当（取り込み時の提案）",
        }
        for place, office in enumerate(document.departments)
    ]
    return {
        "id": org,
        "name": document.organization or org,
        "document": {"title": document.title, "date": document.established, "url": None},
        "departments": departments,
        "roles": list(dict.fromkeys(_ROLE.findall(whole))),
    }


def _aliases(name: str) -> list[str]:
    """The section within 総務部広報課広報係: 広報課, which is how clauses call it."""
    found = re.search(r"(?:部|局|室|本部)([^部局室]{1,12}課)", name)
    return [found.group(1)] if found and found.group(1) != name else []


def _naming(clauses: Iterable[Clause], name: str) -> list[str]:
    return [clause.locator for clause in clauses if name in clause.text or name in (clause.heading or "")][:5]
