"""`onboard export` and `verify`: the record for an audit, read also beside a server that is running."""

from __future__ import annotations

import argparse
import os
import re
import secrets
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.bootstrap import SystemClock
from bot.cli.main import NOTHING_FOUND, OK
from bot.cli.onboard_common import workspace, workspaces
from bot.corpus.digests import edition
from bot.corpus.knowledge import Knowledge
from bot.course import REVISED, Calendar
from bot.directory import Workspace
from bot.enrolment import Enrolment, Learner, LedgerProof, LedgerRow
from bot.errors import SettingsError, UsageError
from bot.onboarding.administering import is_person, unknown_person
from bot.onboarding.exporting import MOST_ROWS, Cell, Taught, as_csv, as_xlsx, lines
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.store.beside import Beside

_WHY = {
    "missing": "記録の行が抜けています",
    "link": "前の行とつながりません",
    "content": "内容が書き換えられています",
    "head": "末尾の控えと合いません",
}
_HASH = re.compile(r"[0-9a-f]{64}")
_STATES = {"active": "受講中", "paused": "中断", "left": "離脱", "stopped": "停止", "done": "修了"}
_HOW = "guideline-bot onboard verify --head {head} を実行すると、この記録が書き換えられずに残っているかが分かります。"


def verify(arguments: argparse.Namespace, settings: Settings) -> int:
    """Recompute every chain of hashes; exit code 1 where one does not hold."""
    if arguments.head is not None and not _HASH.fullmatch(arguments.head):
        raise UsageError("E334", "--head には、控えた64桁のハッシュを書いてください。", "--head takes 64 hex digits.")
    asked = settings, Knowledge(settings.knowledge), arguments.workspace
    found = workspaces(*asked) if arguments.head is None else [workspace(*asked)]
    wrong = False
    from bot.store.beside import open_beside  # noqa: PLC0415  # `ask` runs without the packages the store needs

    with open_beside(settings.database, SystemClock()) as kept:
        for one in found:
            proof = kept.ledger.verify(one.tenant, arguments.head)
            named = f"{one.tenant}: " if len(found) > 1 else ""
            sys.stdout.write(f"{named}{_said(proof)}\n")
            wrong = wrong or proof.wrong is not None
    return NOTHING_FOUND if wrong else OK


def _said(proof: LedgerProof) -> str:
    if proof.wrong is None and not proof.rows:
        return "記録はまだ1行もありません。"
    if proof.wrong is None:
        return f"{proof.rows:,}行、すべて整合しています。末尾のハッシュ: {proof.head}"
    if proof.why == "noted":
        return "控えたハッシュが記録の中にありません。控えたあとに書き換えられたか、別のワークスペースのものです。"
    return f"{proof.wrong:,}行目が整合しません: {_WHY.get(proof.why, proof.why)}。"


def export(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write the ledger, or one person's part of it; exit code 1 where the chain of hashes does not hold."""
    knowledge, target = Knowledge(settings.knowledge), arguments.file
    where = workspace(settings, knowledge, arguments.workspace)
    if arguments.org is not None:
        knowledge.folder(arguments.org)
    kind = target.suffix.lower()
    if kind not in (".csv", ".xlsx"):
        raise UsageError("E331", "書き出せるのは .csv と .xlsx です。", "export writes .csv and .xlsx.")
    if target.exists() and not arguments.force:
        japanese = f"{target} はすでにあります。置き換えるときは --force を付けてください。"
        raise UsageError("E332", japanese, f"{target} exists; --force replaces it.")
    from bot.store.beside import open_beside  # noqa: PLC0415  # as above

    with open_beside(settings.database, SystemClock()) as kept:
        people = _people(kept, where.tenant, arguments.person)
        proof = kept.ledger.verify(where.tenant)
        rows = _rows(kept, where.tenant, people, proof)
    rows = [row for row in rows if arguments.org in (None, row.org)]
    table = list(lines(rows, {org: _taught(knowledge, org) for org in {row.org for row in rows}}))
    about = [*_about(knowledge, where, proof, rows), *_registered(people)]
    _write(target, as_csv(table) if kind == ".csv" else _workbook(table, about))
    sys.stdout.write(f"{target} に{len(table):,}行を書き出しました。{_said(proof)}\n")
    return OK if proof.wrong is None else NOTHING_FOUND


def _people(kept: Beside, tenant: str, named: str | None) -> Sequence[tuple[Learner, Enrolment]]:
    """The enrolments of the person who is named; nobody's where none is. Raises UsageError."""
    if named is None:
        return ()
    found = [one for one in kept.enrolments.people(tenant) if is_person(one[0], named)]
    if not found:
        raise unknown_person()
    return found


def _rows(
    kept: Beside, tenant: str, people: Sequence[tuple[Learner, Enrolment]], proof: LedgerProof
) -> Sequence[LedgerRow]:
    """The lines, no further than they were verified, unless something is wrong there."""
    if people:
        learners = sorted({learner.id for learner, _ in people})
        rows = sorted((row for one in learners for row in kept.ledger.rows(tenant, one)), key=lambda row: row.number)
    else:
        rows = list(kept.ledger.rows(tenant))
    return rows if proof.wrong else [row for row in rows if row.number <= proof.rows]


def _taught(knowledge: Knowledge, org: str) -> Taught:
    if org not in knowledge.ids:
        return Taught(org)
    course = knowledge.course(org)
    if course is None:
        return Taught(knowledge.name(org))
    titles = {one.id: one.title for one in course.lessons} | {REVISED: knowledge.texts["course_revised_title"]}
    return Taught(knowledge.name(org), course.calendar.zone, titles)


def _about(
    knowledge: Knowledge, where: Workspace, proof: LedgerProof, rows: Sequence[LedgerRow]
) -> list[tuple[str, str]]:
    now = datetime.now(ZoneInfo(Calendar().zone)).isoformat(timespec="seconds")
    return [
        ("ワークスペース", f"{where.platform} {where.tenant}"),
        *(("文書", _document(knowledge, org)) for org in sorted({row.org for row in rows})),
        ("書き出した日時", now),
        ("この表の行数", str(len(rows))),
        ("記録全体の行数", str(proof.rows)),
        ("末尾のハッシュ", proof.head),
        ("整合", _said(proof)),
        ("確かめ方", _HOW.format(head=proof.head)),
    ]


def _document(knowledge: Knowledge, org: str) -> str:
    if org not in knowledge.ids:
        return org
    guideline = knowledge.organization(org).guideline
    date = guideline.date or knowledge.texts["no_date"]
    return f"{knowledge.name(org)}「{guideline.title}」（{date}、いまの版 {edition(guideline)[0]}）"


def _registered(people: Sequence[tuple[Learner, Enrolment]]) -> list[tuple[str, str]]:
    """What is kept of one person besides the lines."""
    said: list[tuple[str, str]] = []
    for learner, enrolment in people:
        facts: Mapping[str, str | None] = {
            "氏名": learner.name,
            "所属": learner.department,
            "任用": learner.contract,
            "ユーザーID": learner.user,
            "メール": learner.mail,
            "上司": learner.supervisor,
            "団体": enrolment.org,
            "開始日": enrolment.starts,
            "進み具合": f"{enrolment.position}/{len(enrolment.lessons)}（{_STATES[enrolment.state]}）",
        }
        said += [(f"登録内容: {name}", fact or "") for name, fact in facts.items()]
    return said


def _workbook(table: Sequence[Sequence[Cell]], about: Sequence[tuple[str, str]]) -> bytes:
    if len(table) > MOST_ROWS:
        raise UsageError("E331", "Excelには行が多すぎます。.csv で書き出してください。", "too many rows: use .csv.")
    try:
        return as_xlsx(table, about, "研修の記録")
    except ModuleNotFoundError as error:
        raise SettingsError(
            "E215",
            f".xlsx に必要な部品（{error.name}）がありません。pip install '.[web]' を実行してください。",
            f".xlsx needs the package {error.name}: pip install '.[web]'.",
        ) from error


def _write(target: Path, content: bytes) -> None:
    """Whole or not at all, for the owner alone: it holds names."""
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        beside.replace(target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise UsageError("E332", f"{target} に書けません（{error.strerror}）。", f"cannot write {target}.") from error
