"""One organisation's folder → `Organization`: guideline, curation, offices and everyday questions put together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

from bot.corpus.guideline_file import load_guideline
from bot.corpus.schema import Node
from bot.model import (
    Clause,
    Department,
    FaqEntry,
    Guideline,
    IncidentPlan,
    LineRange,
    Organization,
    Scope,
    StepSource,
)

SCOPES: tuple[str, ...] = get_args(Scope)


@dataclass(frozen=True, slots=True)
class Move:
    """Lines printed inside one clause that belong to another."""

    lines: LineRange
    to: str
    why: str


@dataclass(frozen=True, slots=True)
class ClauseNotes:
    """What a reader says of one clause; an absent scope is inherited from the nearest ancestor."""

    scope: Scope | None = None
    topics: tuple[str, ...] = ()
    refers_to: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Curation:
    """The whole of a curation.yaml."""

    moved: tuple[Move, ...] = ()
    clauses: dict[str, ClauseNotes] | None = None
    incidents: tuple[IncidentPlan, ...] = ()


def load_organization(folder: Path) -> Organization:
    """Read one organisation's folder. Raises DataError that points at what is wrong."""
    root = Node.load(folder / "organization.yaml")
    root.only("id", "name", "document", "departments", "roles")
    if root.need("id").text() != folder.name:
        root.need("id").fail(
            f"id はフォルダー名「{folder.name}」と同じにしてください。", "id must equal the folder's name."
        )
    document = root.need("document").only("title", "date", "url")
    parsed = load_guideline(folder / "guideline.yaml")
    curation = load_curation(folder / "curation.yaml")
    clauses = curated(parsed.clauses, curation.clauses or {})
    guideline = Guideline(document.need("title").text(), document.opt_text("date"), document.opt_text("url"), clauses)
    known = {clause.locator for clause in clauses}
    return Organization(
        id=folder.name,
        name=root.need("name").text(),
        guideline=guideline,
        departments=tuple(_department(node, known) for node in root.need("departments").each()),
        roles=root.opt_texts("roles"),
        faq=load_faq(folder / "faq.yaml", known),
        incidents=curation.incidents,
    )


def curated(clauses: tuple[Clause, ...], notes: dict[str, ClauseNotes]) -> tuple[Clause, ...]:
    """The clauses with what a reader says of them; scopes go down to the clauses below."""
    scopes: dict[str | None, Scope | None] = {None: None}
    found = []
    for clause in clauses:
        said = notes.get(clause.locator, ClauseNotes())
        scope = said.scope or scopes.get(clause.parent)
        scopes[clause.locator] = scope
        found.append(replace(clause, scope=scope, topics=said.topics, refers_to=said.refers_to, note=said.note))
    return tuple(found)


def _department(node: Node, known: set[str]) -> Department:
    node.only("name", "aliases", "phone", "extension", "scopes", "cites", "why")
    scopes = node.get("scopes")
    return Department(
        name=node.need("name").text(),
        aliases=node.opt_texts("aliases"),
        phone=node.opt_text("phone"),
        extension=node.opt_text("extension"),
        scopes=() if scopes is None else tuple(member.one_of(SCOPES) for member in scopes.each()),
        cites=() if node.get("cites") is None else _locators(node.need("cites").each(), known),
        why=node.opt_text("why") or "",
    )


def _locators(nodes: Iterable[Node], known: set[str]) -> tuple[str, ...]:
    found = []
    for node in nodes:
        if node.text() not in known:
            node.fail(f"条項「{node.text()}」はこの文書にありません。", f"there is no clause '{node.text()}'.")
        found.append(node.text())
    return tuple(found)


def load_faq(path: Path, known: set[str]) -> tuple[FaqEntry, ...]:
    """faq.yaml, or nothing where there is none. Raises DataError for a clause that does not exist."""
    if not path.exists():
        return ()
    return tuple(
        FaqEntry(_locators(node.need("cites").each(), known), node.need("questions").texts())
        for node in Node.load(path).each()
    )


def load_curation(path: Path) -> Curation:
    """curation.yaml, or an empty one where there is none."""
    return read_curation(Node.load(path)) if path.exists() else Curation()


def read_curation(root: Node) -> Curation:
    """A curation as it stands in its file, or as it was proposed. Raises DataError that points at what is wrong."""
    root.only("moved", "clauses", "incidents")
    moved, clauses, incidents = root.get("moved"), root.get("clauses"), root.get("incidents")
    return Curation(
        moved=() if moved is None else tuple(_move(node) for node in moved.each()),
        clauses={} if clauses is None else {locator: _notes(node) for locator, node in clauses.items()},
        incidents=() if incidents is None else tuple(_plans(incidents)),
    )


def _move(node: Node) -> Move:
    node.only("lines", "to", "why")
    return Move(node.need("lines").line_range(), node.need("to").text(), node.need("why").text())


def _notes(node: Node) -> ClauseNotes:
    node.only("scope", "topics", "refers_to", "note")
    scope = node.get("scope")
    return ClauseNotes(
        scope=None if scope is None else scope.one_of(SCOPES),
        topics=node.opt_texts("topics"),
        refers_to=node.opt_texts("refers_to"),
        note=node.opt_text("note"),
    )


def _plans(incidents: Node) -> Iterable[IncidentPlan]:
    for kind, accounts in incidents.items():
        accounts.only(*SCOPES)
        for account, node in accounts.items():
            node.only("steps", "report_to")
            steps = tuple(_step(step) for step in node.need("steps").each())
            yield IncidentPlan(kind, _as_scope(account), steps, node.opt_texts("report_to"))


def _as_scope(text: str) -> Scope:
    return "both" if text == "both" else "official" if text == "official" else "private"


def _step(node: Node) -> StepSource:
    node.only("locator", "quote")
    return StepSource(node.need("locator").text(), node.opt_text("quote"))
