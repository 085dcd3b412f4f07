"""`check`: one draft from a file or standard input, or many in one process with `--batch`."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from bot.bootstrap import SystemClock, build_service
from bot.cli.common import batch_lines, chosen_org, identity, parse_request, patience, print_json
from bot.cli.main import NOTHING_FOUND, OK, WRONG
from bot.cli.reports import github_report, text_report
from bot.drafts.images import LARGEST, read_image, stripped
from bot.drafts.pictures import Pictures
from bot.drafts.situations import situations
from bot.errors import GuidelineBotError, UsageError
from bot.ingest.reader import read_document, read_document_from
from bot.model import Account, CheckDraft, CheckReport
from bot.service import Service
from bot.settings import Settings

FOUND = NOTHING_FOUND
"""Exit code for findings at warning and above."""


def check(arguments: argparse.Namespace, settings: Settings) -> int:
    """Check the draft of the command line, or every line of the batch."""
    service = build_service(settings)
    if arguments.batch is not None:
        return _batch(arguments, settings, service)
    if arguments.file is None and not arguments.image:
        raise UsageError(
            "E316", "下書きのファイル（- なら標準入力）を指定してください。", "name the draft's file (or -)."
        )
    if arguments.account is None:
        raise UsageError(
            "E317",
            "どのアカウントから出す下書きか、--account official（公式）か private（個人）で指定してください。",
            "say with --account whether the draft is for an official or a private account.",
        )
    text = "" if arguments.file is None else _draft(arguments.file)
    pictures = _pictures(arguments.image, strip=arguments.strip)
    org = chosen_org(service.knowledge, arguments.org, settings)
    with patience("点検の準備をしています。はじめての点検は20秒ほどかかります…"):
        service.checker(org)
    report = service.check(_at_this_moment(service, CheckDraft(org, arguments.account, text)), pictures)
    _show(report, arguments, service, text)
    return OK if report.verdict == "ok" else FOUND


def report_json(report: CheckReport) -> dict[str, Any]:
    """The report as the JSON that others rely on; `approval` stands beside the keys that are fixed."""
    fields = asdict(report)
    del fields["covered"]
    for finding in fields["findings"]:
        del finding["why"]
    return fields


def _show(report: CheckReport, arguments: argparse.Namespace, service: Service, text: str) -> None:
    form = "json" if arguments.json else arguments.format
    if form == "json":
        print_json(report_json(report))
    elif form == "github":
        sys.stdout.write(github_report(report, text, arguments.file or "-"))
    else:
        topics = {topic.id: topic.label for topic in service.knowledge.topics.values()}
        sys.stdout.write(text_report(report, text, service.knowledge.texts, topics))


def _draft(file: str) -> str:
    """The draft; offsets point into it (of a file: with its line ends as line feeds)."""
    return read_document_from(sys.stdin.buffer.read()) if file == "-" else read_document(Path(file))


def _pictures(files: list[Path], *, strip: bool) -> Pictures:
    """What the pictures hide; with `strip` a cleaned copy of each is written beside it."""
    found = []
    for file in files:
        try:
            with file.open("rb") as opened:
                data = opened.read(LARGEST + 1)  # one byte too many is enough to be refused
        except OSError as error:
            raise UsageError(
                "E318", f"画像「{file}」を読めません（{error.strerror}）。", f"cannot read '{file}' ({error.strerror})."
            ) from error
        found.append((file.name, read_image(data)))
        if strip:
            _write_clean(file, stripped(data))
    return found


def _write_clean(file: Path, data: bytes) -> None:
    target = file.with_name(f"{file.stem}-clean{file.suffix}")
    try:
        with target.open("xb") as out:
            out.write(data)
    except OSError as error:
        why = "すでにあります" if isinstance(error, FileExistsError) else error.strerror
        raise UsageError(
            "E318", f"「{target}」に書けません（{why}）。", f"cannot write '{target}' ({error.strerror})."
        ) from error
    sys.stderr.write(f"画像情報を消した写し: {target}\n")


def _at_this_moment(service: Service, draft: CheckDraft) -> CheckDraft:
    now = datetime.fromtimestamp(SystemClock().now(), UTC)
    holding = situations(service.knowledge.draft_policy(draft.org), now)
    return CheckDraft(draft.org, draft.account, draft.text, draft.id, holding)


def _batch(arguments: argparse.Namespace, settings: Settings, service: Service) -> int:
    """One report a line, in order; a bad line gets an error in its place and makes the exit code 2."""
    code = OK
    for line in batch_lines(arguments.batch):
        request: dict[str, Any] = {}
        try:
            request = parse_request(line)
            report = service.check(_command(request, arguments, settings, service))
            reply = report_json(report)
            code = max(code, OK if report.verdict == "ok" else FOUND)
        except GuidelineBotError as error:
            code = WRONG
            reply = {"id": identity(request), "error": {"code": error.code, "message": error.message(settings.lang)}}
        print_json(reply)
    return code


def _command(
    request: dict[str, Any], arguments: argparse.Namespace, settings: Settings, service: Service
) -> CheckDraft:
    text, account = request.get("text"), request.get("account") or arguments.account
    org = request.get("org") or arguments.org
    if not isinstance(text, str):
        raise UsageError("E306", "text に下書きの文字列を書いてください。", "text must be a text.")
    if account not in ("official", "private"):
        raise UsageError("E306", "account は official か private です。", "account is official or private.")
    if org is not None and not isinstance(org, str):
        raise UsageError("E306", "org は文字列です。", "org is a text.")
    chosen = chosen_org(service.knowledge, org, settings)
    return _at_this_moment(service, CheckDraft(chosen, cast("Account", account), text, identity(request)))
