"""`ingest` and `clauses`: a document as clauses, and the clauses of an organisation."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.analysis.tokenizer import Tokenizer
from bot.cli.common import chosen_org, print_json
from bot.cli.main import OK
from bot.corpus.course_file import load_course
from bot.corpus.digests import stale
from bot.corpus.guideline_file import clause_plain, document_plain, dump_guideline, load_guideline
from bot.corpus.knowledge import Knowledge, is_organization_id
from bot.corpus.organization_file import curated, load_curation, read_curation
from bot.corpus.schema import Node
from bot.corpus.tree import ClauseTree
from bot.corpus.yaml_source import to_yaml
from bot.document import ParsedDocument
from bot.errors import SettingsError, UsageError
from bot.ingest.moves import parse_with_moves
from bot.ingest.propose import TopicProposer, proposed_curation, proposed_organization
from bot.ingest.propose_course import proposed_course
from bot.ingest.reader import read_document
from bot.ingest.writer import write_folder
from bot.model import Clause, Guideline, Organization
from bot.settings import Settings

_PROPOSED = "# 取り込み時の提案です。読んで直してください。直した内容は ingest --update でも残ります。\n"


def ingest(arguments: argparse.Namespace, settings: Settings) -> int:
    """Read a document; show it, or write it as an organisation's folder."""
    text = read_document(arguments.file)
    if arguments.org is None:
        if arguments.into is not None or arguments.update:
            raise UsageError(
                "E308", "--into と --update は --org と一緒に使います。", "--into and --update need --org."
            )
        document = parse_with_moves(text, (), name_hint=arguments.file.stem)
        _show(document, as_json=arguments.json)
        return OK
    return _write(arguments, settings, text)


def _write(arguments: argparse.Namespace, settings: Settings, text: str) -> int:
    if not is_organization_id(arguments.org):
        raise SettingsError(
            "E206",
            "--org は小文字の英数字と - _ で書いてください（例: kitami）。",
            "--org takes small letters, digits, - and _.",
        )
    into: Path | None = arguments.into or settings.knowledge
    if into is None:
        raise UsageError("E308", "--into で書き出すフォルダーを指定してください。", "name the folder with --into.")
    folder = into / "organizations" / arguments.org
    before = load_guideline(folder / "guideline.yaml") if (folder / "guideline.yaml").is_file() else None
    if folder.exists() and not arguments.update:
        raise UsageError(
            "E309",
            f"{folder} はすでにあります。新しい版に替えるときは --update を付けてください。",
            f"{folder} exists; use --update to replace the edition.",
        )
    knowledge = Knowledge(into)
    course = load_course(folder, knowledge.course_defaults)
    curation = load_curation(folder / "curation.yaml")
    document = parse_with_moves(text, [(move.lines, move.to) for move in curation.moved], name_hint=arguments.file.stem)
    if not document.clauses:
        raise UsageError("E310", "条項が一つも見つかりません。", "no clause was found.")
    proposed = _proposals(knowledge, document, text, folder)
    write_folder(folder, {**_files(arguments, document, text), **proposed})
    outdated = () if course is None else stale(course, _tree(document, document.clauses))
    _report(arguments, document, before, _Written(folder, tuple(proposed), tuple(one.words()[0] for one in outdated)))
    return OK


def _files(arguments: argparse.Namespace, document: ParsedDocument, text: str) -> dict[str, str | bytes | None]:
    """What is always written: source and guideline; a source of the other kind goes."""
    markdown = arguments.file.suffix.lower() in {".md", ".markdown"}
    return {
        "source.md": text if markdown else None,
        "source.txt": None if markdown else text,
        "guideline.yaml": dump_guideline(document),
    }


def _proposals(knowledge: Knowledge, document: ParsedDocument, text: str, folder: Path) -> dict[str, str]:
    """Files for what a person has not written yet."""
    files = {}
    if not (folder / "organization.yaml").exists():
        files["organization.yaml"] = to_yaml(proposed_organization(folder.name, document, text), _PROPOSED)
    path = folder / "curation.yaml"
    if path.exists():
        curation = load_curation(path)
    else:
        plain = proposed_curation(document, TopicProposer(knowledge.topics, Tokenizer()))
        files["curation.yaml"] = to_yaml(plain, _PROPOSED)
        curation = read_curation(Node(path, plain))
    tree = _tree(document, curated(document.clauses, curation.clauses or {}))
    course = proposed_course(tree, knowledge.course_defaults.templates)
    if course is not None and not (folder / "course.yaml").exists():
        files["course.yaml"] = course
    return files


def _tree(document: ParsedDocument, clauses: tuple[Clause, ...]) -> ClauseTree:
    return ClauseTree(Guideline(document.title, document.established, None, clauses))


@dataclass(frozen=True, slots=True)
class _Written:
    """What became of a folder: the files proposed anew, what to tell of lessons whose clauses changed."""

    folder: Path
    proposed: tuple[str, ...]
    lessons: tuple[str, ...]


def _report(
    arguments: argparse.Namespace, document: ParsedDocument, before: ParsedDocument | None, written: _Written
) -> None:
    folder, changes = written.folder, _changes(before, document)
    if arguments.json:
        lessons = list(written.lessons)
        print_json({**document_plain(document), "folder": str(folder), "changes": changes, "lessons": lessons})
        return
    sys.stdout.write(f"{folder} に {len(document.clauses)} 条項を書き出しました。\n")
    for kind, locators in changes.items():
        if locators:
            sys.stdout.write(f"  {kind}: {'、'.join(locators)}\n")
    for warning in document.warnings:
        sys.stdout.write(f"  {arguments.file}:{warning.line}: {warning.message}\n")
    for lesson in written.lessons:
        sys.stdout.write(f"  {folder / 'course.yaml'}: {lesson}\n")
    if "course.yaml" in written.proposed:
        sys.stdout.write("研修のレッスンを course.yaml に提案しました。読んで直し、reviewed: yes にします。\n")
    if before is not None:
        sys.stdout.write("次: guideline-bot knowledge check で、直す所がないか確かめてください。\n")
    else:
        sys.stdout.write(f'次: guideline-bot ask --knowledge {folder.parents[1]} --org {arguments.org} "質問"\n')


def _changes(before: ParsedDocument | None, after: ParsedDocument) -> dict[str, list[str]]:
    """Locators that were added, removed, or whose words changed."""
    if before is None:
        return {}
    old = {clause.locator: (clause.heading, clause.text) for clause in before.clauses}
    new = {clause.locator: (clause.heading, clause.text) for clause in after.clauses}
    return {
        "added": [locator for locator in new if locator not in old],
        "removed": [locator for locator in old if locator not in new],
        "changed": [locator for locator in new if locator in old and new[locator] != old[locator]],
    }


def _show(document: ParsedDocument, *, as_json: bool) -> None:
    if as_json:
        print_json(document_plain(document))
        return
    sys.stdout.write(
        f"{document.title}（{document.organization or '団体名なし'}、{document.established or '日付なし'}）\n"
    )
    _outline(document.clauses)
    for warning in document.warnings:
        sys.stdout.write(f"警告 {warning.line}行: {warning.message}\n")


def _outline(clauses: tuple[Clause, ...]) -> None:
    for clause in clauses:
        first = " ".join((clause.heading or clause.text).split())
        topics = f" [{' '.join(clause.topics)}]" if clause.topics else ""
        scope = f" <{clause.scope}>" if clause.scope else ""
        sys.stdout.write(f"{clause.locator}\t{first[:50]}{scope}{topics}\n")


def clauses(arguments: argparse.Namespace, settings: Settings) -> int:
    """The clauses of an organisation with scope and topics."""
    knowledge = Knowledge(settings.knowledge)
    org = chosen_org(knowledge, arguments.org, settings)
    organization = knowledge.organization(org)
    if arguments.json:
        print_json(organization_json(organization, load_guideline(knowledge.folder(org) / "guideline.yaml")))
    else:
        sys.stdout.write(f"{organization.guideline.title}（{organization.name}）\n")
        _outline(organization.guideline.clauses)
    return OK


def organization_json(organization: Organization, parsed: ParsedDocument) -> dict[str, Any]:
    """The JSON of `clauses`: the shape of `ingest` with scope and topics; offices are the curated ones."""
    guideline = organization.guideline
    return {
        **document_plain(parsed),
        "title": guideline.title,
        "organization": organization.name,
        "established": guideline.date,
        "departments": [
            {"name": office.name, "phone": office.phone, "extension": office.extension}
            for office in organization.departments
        ],
        "clauses": [
            {
                **clause_plain(clause),
                "scope": clause.scope,
                "topics": list(clause.topics),
                "refers_to": list(clause.refers_to),
                "note": clause.note,
            }
            for clause in guideline.clauses
        ],
    }
