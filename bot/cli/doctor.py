"""`doctor`: says in words what is wrong with the settings; exit code 1 where something is."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict

from bot.cli.checks import ALL_LOCAL
from bot.cli.common import print_json
from bot.cli.main import NOTHING_FOUND, OK
from bot.errors import GuidelineBotError
from bot.remarks import Remark, wrong
from bot.settings import Settings

Check = Callable[[Settings], Iterator[Remark]]

ABOUT = {
    "knowledge": "ナレッジ", "workspaces": "ワークスペース", "database": "データベース", "address": "アドレス",
    "tokens": "Slack", "registration": "Teams", "service": "サービス",
}  # fmt: skip
"""What a check that could not be finished was looking at."""

_SIGNS = {"ok": "○", "warning": "△", "error": "×"}


def doctor(arguments: argparse.Namespace, settings: Settings) -> int:
    """Run every check and print one line each; warnings alone leave the exit code at 0."""
    checks = [*ALL_LOCAL, *_platforms(settings, offline=arguments.offline)]
    remarks = [remark for check in checks for remark in _run(check, settings)]
    if arguments.json:
        print_json({"ok": _sound(remarks), "remarks": [asdict(remark) for remark in remarks]})
    else:
        for remark in remarks:
            sys.stdout.write(f"{_SIGNS[remark.level]} {remark.about}: {remark.text}\n")
    return OK if _sound(remarks) else NOTHING_FOUND


def _sound(remarks: Sequence[Remark]) -> bool:
    return not any(remark.level == "error" for remark in remarks)


def _run(check: Check, settings: Settings) -> Iterator[Remark]:
    try:
        yield from check(settings)
    except GuidelineBotError as error:
        yield wrong(ABOUT.get(check.__name__, check.__name__), error.message(settings.lang))


def _platforms(settings: Settings, *, offline: bool) -> list[Check]:
    """The checks of the platforms that are set; `offline` leaves out those that ask the platform."""
    from adapters.server import configured  # noqa: PLC0415  # adapters are imported inside functions only

    found: list[Check] = []
    if "slack" in configured(settings):
        import adapters.slack.checks as slack  # noqa: PLC0415  # as above

        found += [slack.tokens] if offline else [slack.tokens, slack.service]
    if "teams" in configured(settings):
        import adapters.teams.checks as teams  # noqa: PLC0415  # as above

        found += [teams.registration] if offline else [teams.registration, teams.service]
    return found
