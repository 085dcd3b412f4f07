"""`serve`: the page, and the platforms whose settings are there, until Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.cli.main import OK
from bot.errors import SettingsError
from bot.settings import Settings, checked_port

if TYPE_CHECKING:
    from adapters.server import Server

_NAMES = {"web": "ページ", "slack": "Slack", "teams": "Microsoft Teams"}


def serve(arguments: argparse.Namespace, settings: Settings) -> int:
    """Serve until SIGTERM or Ctrl-C; what is in hand then is finished first."""
    try:
        import adapters.server as server  # noqa: PLC0415, PLR0402  # adapters are imported inside functions only
    except ModuleNotFoundError as error:
        raise SettingsError(
            "E215",
            f"serve に必要な部品（{error.name}）がありません。pip install '.[web]' を実行してください。",
            f"serve needs the package {error.name}: pip install '.[web]'.",
        ) from error

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    for noisy in ("alembic", "slack_sdk", "slack_bolt", "msal", "aiohttp.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    host, port = (
        arguments.host or settings.host,
        settings.port if arguments.port is None else checked_port(arguments.port),
    )
    org = arguments.org or settings.org
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(server.serve(replace(settings, host=host, port=port, org=org), _say_where))
    return OK


def _say_where(server: Server) -> None:
    """Where to look, on stdout: the one line that a person waits for."""
    fronts = "、".join(_NAMES[front.platform] for front in server.fronts)
    sys.stdout.write(f"{server.address} を開いてください（{fronts}）。終わるときは Ctrl-C。\n")
    sys.stdout.flush()
