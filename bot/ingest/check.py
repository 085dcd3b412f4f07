"""Proves an organisation's knowledge: the guideline is what its source says, whatever points into it points right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.corpus.digests import stale
from bot.corpus.guideline_file import load_guideline
from bot.corpus.knowledge import Knowledge
from bot.corpus.organization_file import Curation, load_curation
from bot.corpus.tree import ClauseTree
from bot.corpus.yaml_source import data_error_at
from bot.document import ParsedDocument
from bot.errors import DataError
from bot.ingest.coverage import uncovered
from bot.ingest.moves import parse_with_moves
from bot.ingest.parser import parse_document
from bot.ingest.reader import read_document
from bot.model import Organization

Keys = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class _Checked:
    """What one organisation's checks look at."""

    folder: Path
    organization: Organization
    curation: Curation
    tree: ClauseTree
    source: str
    topics: frozenset[str]
    kinds: frozenset[str]


def check_organization(knowledge: Knowledge, org: str) -> list[DataError]:
    """All that is wrong with one organisation's files; nothing when all is proved.

    Raises nothing for wrong data: an unreadable file is one of the errors returned.
    """
    try:
        folder = knowledge.folder(org)
        organization = knowledge.organization(org)
        curation = load_curation(folder / "curation.yaml")
        parsed = load_guideline(folder / "guideline.yaml")
        text = read_document(source_of(folder))
        checked = _Checked(
            folder,
            organization,
            curation,
            ClauseTree(organization.guideline),
            _squashed(text),
            frozenset(knowledge.topics),
            frozenset(kind.id for kind in knowledge.incidents.kinds),
        )
        return [
            *_same_as_source(folder, parsed, curation, text),
            *_coverage(folder, text),
            *_notes(checked),
            *_incidents(checked),
            *_offices(checked),
            *_lessons(knowledge, org, checked),
        ]
    except DataError as error:
        return [error]


def check_shared(knowledge: Knowledge) -> list[DataError]:
    """All that is wrong with the files shared by the organisations."""
    try:
        _ = knowledge.topics, knowledge.intents, knowledge.incidents, knowledge.analysis, knowledge.texts
        _ = knowledge.course_defaults
        path, seen, errors = knowledge.shared("thesaurus.yaml"), dict[str, int](), list[DataError]()
        for place, entry in enumerate(knowledge.thesaurus):
            for position, said in enumerate(entry.say):
                if said in seen:
                    words = f"「{said}」は二度書かれています。", f"'{said}' stands in two entries."
                    errors.append(data_error_at(path, (place, "say", position), words))
                seen[said] = place
    except DataError as error:
        return [error]
    return errors


def source_of(folder: Path) -> Path:
    """The organisation's document, source.txt or source.md."""
    return next(
        (folder / name for name in ("source.txt", "source.md") if (folder / name).is_file()), folder / "source.txt"
    )


def _same_as_source(folder: Path, parsed: ParsedDocument, curation: Curation, text: str) -> Iterator[DataError]:
    """guideline.yaml is what the parser reads today, clause by clause."""
    fresh = parse_with_moves(text, [(move.lines, move.to) for move in curation.moved], name_hint=folder.name)
    written = {clause.locator: clause for clause in parsed.clauses}
    for place, clause in enumerate(fresh.clauses):
        if written.get(clause.locator) != clause:
            words = (
                f"条項 {clause.locator} が原文と違います。ingest --update で作り直してください。",
                f"clause {clause.locator} differs from the source; run ingest --update.",
            )
            yield data_error_at(folder / "guideline.yaml", ("clauses", place), words)
            return
    if len(fresh.clauses) != len(parsed.clauses):
        words = ("原文にない条項があります。", "there are clauses that the source does not have.")
        yield data_error_at(folder / "guideline.yaml", ("clauses", len(fresh.clauses)), words)


def _coverage(folder: Path, text: str) -> Iterator[DataError]:
    """Every character of the source is in one clause, or on a line that is no clause: nothing lost, nothing twice."""
    for stretch in uncovered(text, parse_document(text)):
        words = ("原文のこの部分が、ちょうど一つの条項に入っていません。", "this is not in exactly one clause.")
        yield DataError("E107", *words, path=source_of(folder), line=stretch.line, shown=stretch.text)


def _notes(checked: _Checked) -> Iterator[DataError]:
    """curation.yaml speaks of clauses and topics that exist."""
    path, known = checked.folder / "curation.yaml", checked.tree.by_locator
    for place, move in enumerate(checked.curation.moved):
        if move.to not in known:
            yield _unknown(path, ("moved", place, "to"), move.to)
    for locator, notes in (checked.curation.clauses or {}).items():
        if locator not in known:
            yield _unknown(path, ("clauses", locator), locator)
        for position, topic in enumerate(notes.topics):
            if topic not in checked.topics:
                words = f"話題「{topic}」は topics.yaml にありません。", f"'{topic}' is no topic of topics.yaml."
                yield data_error_at(path, ("clauses", locator, "topics", position), words)
        for position, target in enumerate(notes.refers_to):
            if target not in known:
                yield _unknown(path, ("clauses", locator, "refers_to", position), target)


def _incidents(checked: _Checked) -> Iterator[DataError]:
    """Steps stand in the clauses they name, word for word; whoever is to be told stands in the document."""
    path = checked.folder / "curation.yaml"
    for plan in checked.organization.incidents:
        keys: Keys = ("incidents", plan.kind, plan.account)
        if plan.kind not in checked.kinds:
            words = f"「{plan.kind}」は incidents.yaml にない種類です。", f"'{plan.kind}' is no kind of incidents.yaml."
            yield data_error_at(path, keys[:2], words)
        for place, step in enumerate(plan.steps):
            if step.locator not in checked.tree.by_locator:
                yield _unknown(path, (*keys, "steps", place, "locator"), step.locator)
            elif _squashed(step.quote or "") not in _squashed(checked.tree.full_text(step.locator)):
                words = f"{step.locator} にこの文はありません。", f"{step.locator} does not say this."
                yield data_error_at(path, (*keys, "steps", place, "quote"), words)
        yield from _printed(checked, path, (*keys, "report_to"), plan.report_to)


def _offices(checked: _Checked) -> Iterator[DataError]:
    path = checked.folder / "organization.yaml"
    for place, department in enumerate(checked.organization.departments):
        keys: Keys = ("departments", place)
        yield from _printed(checked, path, (*keys, "name"), (department.name,))
        for what in ("phone", "extension"):
            value = getattr(department, what)
            yield from _printed(checked, path, (*keys, what), () if value is None else (value,))
    yield from _printed(checked, path, ("roles",), checked.organization.roles)


def _lessons(knowledge: Knowledge, org: str, checked: _Checked) -> Iterator[DataError]:
    """Every clause of a lesson is there, and still the one that the lesson was written for."""
    try:
        course = knowledge.course(org)
    except DataError as error:
        yield error
        return
    for one in () if course is None else stale(course, checked.tree):
        field = "locator" if one.digest is None else "hash"
        keys: Keys = ("lessons", one.lesson_number, "cites", one.cite_number, field)
        yield data_error_at(checked.folder / "course.yaml", keys, one.words())


def _printed(checked: _Checked, path: Path, keys: Keys, names: Iterable[str]) -> Iterator[DataError]:
    """Each name stands in the document as printed."""
    for name in names:
        if _squashed(name) not in checked.source:
            words = f"「{name}」は文書に書かれていません。", f"'{name}' does not stand in the document."
            yield data_error_at(path, keys, words)


def _unknown(path: Path, keys: Keys, locator: str) -> DataError:
    words = f"条項「{locator}」はこの文書にありません。", f"there is no clause '{locator}'."
    return data_error_at(path, keys, words)


def _squashed(text: str) -> str:
    return "".join(text.split())
