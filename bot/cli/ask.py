"""`ask`: one question, or many in one process with `--batch`."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from typing import Any

from bot.bootstrap import build_service
from bot.cli.common import batch_lines, chosen_org, identity, parse_request, print_json
from bot.cli.main import NOTHING_FOUND, OK, WRONG
from bot.errors import GuidelineBotError, UsageError
from bot.model import Answer, Ask
from bot.service import Service
from bot.settings import Settings


def ask(arguments: argparse.Namespace, settings: Settings) -> int:
    """Answer the question of the command line, or every line of the batch."""
    service = build_service(settings)
    if arguments.batch is not None:
        return _batch(arguments, settings, service)
    question = sys.stdin.read() if arguments.question == "-" else arguments.question
    if question is None:
        raise UsageError("E301", "質問を書いてください。", "write a question.")
    org = chosen_org(service.knowledge, arguments.org, settings)
    answer = service.ask(Ask(org, question, arguments.account, tuple(arguments.history)))
    if arguments.json:
        print_json(answer_json(answer))
    else:
        sys.stdout.write(answer.answer + "\n")
    return NOTHING_FOUND if answer.status == "not_found" else OK


def answer_json(answer: Answer) -> dict[str, Any]:
    """The answer as the JSON that others rely on: its keys are fixed. `remark` stands in `answer` too."""
    fields = asdict(answer)
    del fields["remark"]
    return fields


def _batch(arguments: argparse.Namespace, settings: Settings, service: Service) -> int:
    """One reply a line, in order; a bad line gets an error in its place and makes the exit code 2."""
    code = OK
    for line in batch_lines(arguments.batch):
        request: dict[str, Any] = {}
        try:
            request = parse_request(line)
            reply = answer_json(service.ask(_command(request, arguments, settings, service)))
        except GuidelineBotError as error:
            code = WRONG
            reply = {"id": identity(request), "error": {"code": error.code, "message": error.message(settings.lang)}}
        print_json(reply)
    return code


def _command(request: dict[str, Any], arguments: argparse.Namespace, settings: Settings, service: Service) -> Ask:
    question, account, history = request.get("question"), request.get("account"), request.get("history") or []
    org = request.get("org") or arguments.org
    if not isinstance(question, str):
        raise UsageError("E306", "question に質問の文字列を書いてください。", "question must be a text.")
    if account not in (None, "official", "private"):
        raise UsageError("E306", "account は official か private です。", "account is official or private.")
    if not isinstance(history, list) or not all(isinstance(item, str) for item in history):
        raise UsageError("E306", "history は文字列の一覧です。", "history is a list of texts.")
    if org is not None and not isinstance(org, str):
        raise UsageError("E306", "org は文字列です。", "org is a text.")
    chosen = chosen_org(service.knowledge, org, settings)
    return Ask(chosen, question, account, tuple(history), identity(request))
