"""`chat`: the console adapter."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import sys

from bot.bootstrap import build_service
from bot.cli.main import OK
from bot.settings import Settings


def chat(arguments: argparse.Namespace, settings: Settings) -> int:
    """Talk in the terminal until Ctrl-D."""
    from adapters.console.app import Console  # noqa: PLC0415  # adapters are imported inside functions only

    service = build_service(settings)
    org = arguments.org or settings.org
    if org is not None:
        service.knowledge.folder(org)
    Console(service, _next_line, sys.stdout).run(org)
    return OK


def _next_line(prompt: str) -> str | None:
    if sys.stdin.isatty():
        _line_editing()
    else:
        prompt = ""
    try:
        return input(prompt)
    except EOFError:
        return None


def _line_editing() -> None:
    """Line editing and history in input(), where the platform has it (not on Windows)."""
    with contextlib.suppress(ImportError):
        importlib.import_module("readline")
