"""`onboard status`: how far people are, by department; what did not arrive; what came of what was handed over."""

from __future__ import annotations

import argparse
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.bootstrap import SystemClock
from bot.cli.common import print_json
from bot.cli.main import OK
from bot.cli.onboard_common import outcome, workspaces
from bot.cli.reports import harmless
from bot.corpus.knowledge import Knowledge
from bot.course import Calendar
from bot.directory import Workspace
from bot.enrolment import DeliveryState
from bot.onboarding.jobs import Done, load_done
from bot.onboarding.standing import Standing, standing
from bot.onboarding.words import STANDING_COLUMNS, STATES
from bot.settings import Settings

SHOWN_RESULTS = 5

_KINDS = {"import": "名簿の登録", "remind": "お知らせ", "purge": "個人情報の消去"}

Course = tuple[Workspace, str, Standing]
"""The people of one workspace in one organisation's course."""


def status(arguments: argparse.Namespace, settings: Settings) -> int:
    """The standing of every course that anybody is enrolled in."""
    knowledge = Knowledge(settings.knowledge)
    if arguments.org is not None:
        knowledge.folder(arguments.org)
    found = workspaces(settings, knowledge, arguments.workspace)
    tenants = {one.tenant for one in found}
    courses, messages = _kept(settings, found, arguments.org)
    waiting, results = _handed(settings, tenants)
    if arguments.json:
        print_json(
            {
                "courses": [_as_json(*one) for one in courses],
                "messages": messages,
                "waiting": waiting,
                "results": [asdict(one) for one in results],
            }
        )
        return OK
    for workspace, org, one in courses:
        name = knowledge.name(org) if org in knowledge.ids else org
        sys.stdout.write(f"{harmless(name)}（{workspace.platform} {workspace.tenant}）\n{_table(one)}\n")
    for tenant, counts in messages.items():
        said = "、".join(f"{STATES[state]} {count}" for state, count in counts.items())
        sys.stdout.write(f"個別メッセージ（{tenant}）: {said}\n" if said else "")
    if not courses:
        sys.stdout.write("研修に登録されている人は、まだいません。\n")
    if waiting:
        sys.stdout.write(
            f"まだ取り込まれていない依頼が{waiting}件あります（サーバーが動いていれば1分ほどで済みます）。\n"
        )
    for done in results[-SHOWN_RESULTS:]:
        sys.stdout.write(f"{_time(done.at)} {_KINDS.get(done.kind, '依頼')}: {outcome(done, settings.lang)}\n")
    return OK


def _kept(
    settings: Settings, found: Sequence[Workspace], org: str | None
) -> tuple[list[Course], dict[str, dict[DeliveryState, int]]]:
    """The courses, and each workspace's messages by state."""
    from bot.store.beside import open_beside  # noqa: PLC0415  # `ask` runs without the packages the store needs

    courses: list[Course] = []
    messages: dict[str, dict[DeliveryState, int]] = {}
    with open_beside(settings.database, SystemClock()) as kept:
        for workspace in found:
            people, troubles = kept.enrolments.people(workspace.tenant, org), kept.outbox.troubles(workspace.tenant)
            courses += [
                (workspace, one, standing([who for who in people if who[1].org == one], troubles))
                for one in sorted({enrolment.org for _, enrolment in people})
            ]
            counts = kept.outbox.counts(workspace.tenant)
            messages[workspace.tenant] = {state: counts[state] for state in STATES if counts.get(state)}
    return courses, messages


def _handed(settings: Settings, tenants: set[str]) -> tuple[int, list[Done]]:
    """How many jobs wait for the server, and what came of the latest."""
    from bot.store.drop import drop_beside  # noqa: PLC0415  # as above

    drop = drop_beside(settings.database)
    if drop is None:
        return 0, []
    results = []
    for text in drop.results():
        try:
            done = load_done(text)
        except (ValueError, TypeError):  # another version's
            continue
        if done.tenant in tenants or not done.tenant:
            results.append(done)
    return drop.count(), results


def _as_json(workspace: Workspace, org: str, one: Standing) -> dict[str, object]:
    return {
        "platform": workspace.platform,
        "workspace": workspace.tenant,
        "org": org,
        "rows": [asdict(row) for row in one.rows],
        "total": asdict(one.total),
        "troubles": [{"reason": reason, "people": count} for reason, count in one.troubles],
    }


def _table(one: Standing) -> str:
    """Aligned for a terminal, on which Japanese characters are two columns wide."""
    rows = [STANDING_COLUMNS, *((harmless(row.department), *map(str, row.figures)) for row in (*one.rows, one.total))]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(STANDING_COLUMNS))]
    lines = []
    for first, *rest in rows:
        cells = [first + " " * (widths[0] - _width(first))]
        cells += [" " * (width - _width(cell)) + cell for cell, width in zip(rest, widths[1:], strict=True)]
        lines.append(f"  {'  '.join(cells)}\n")
    troubles = [f"  {reason}: {count}人\n" for reason, count in one.troubles]
    return "".join([*lines, *(["  届いていないもの\n"] if troubles else ()), *(f"  {text}" for text in troubles)])


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "FWA" else 1 for one in text)


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, ZoneInfo(Calendar().zone)).strftime("%m-%d %H:%M")
