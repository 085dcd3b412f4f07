"""`manifest`: what is registered with a platform, made from the code that serves it."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bot.cli.main import OK
from bot.errors import SettingsError
from bot.settings import Settings

TEAMS_PACKAGE = Path("guideline-bot-teams.zip")


def manifest(arguments: argparse.Namespace, settings: Settings) -> int:
    """Slack: the manifest as JSON. Teams: the app package with its icons, a zip file."""
    if arguments.platform == "slack":
        from adapters.slack.manifest import manifest as slack_manifest  # noqa: PLC0415  # only what is asked for

        text = json.dumps(slack_manifest(settings), ensure_ascii=False, indent=2) + "\n"
        if arguments.output is None:
            sys.stdout.write(text)
        else:
            _write(arguments.output, text.encode())
        return OK
    from adapters.teams.manifest import package  # noqa: PLC0415  # as above

    _write(arguments.output or TEAMS_PACKAGE, package(settings))
    return OK


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise SettingsError("E217", f"{path} に書けません（{error.strerror}）。", f"cannot write {path}.") from error
    sys.stdout.write(f"{path} を書き出しました。\n")
