"""`knowledge check` and `knowledge topics`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from bot.cli.common import print_json
from bot.cli.main import OK, WRONG
from bot.corpus.knowledge import Knowledge
from bot.drafts.examples import check_rules
from bot.ingest.check import check_organization, check_shared
from bot.ports import RuleCount
from bot.settings import Settings


def knowledge(arguments: argparse.Namespace, settings: Settings) -> int:
    """Prove the knowledge, or show which clauses carry which topic."""
    found = Knowledge(settings.knowledge)
    orgs = [arguments.org] if arguments.org else list(found.ids)
    for org in orgs:
        found.folder(org)
    if arguments.what == "check":
        return _check(arguments, settings, found, orgs)
    return _topics(arguments, found, orgs, _rule_counts(settings))


def _check(arguments: argparse.Namespace, settings: Settings, found: Knowledge, orgs: list[str]) -> int:
    errors = [*check_shared(found), *check_rules(found)]
    counts = {}
    for org in orgs:
        wrong = check_organization(found, org)
        errors += wrong
        counts[org] = len(found.organization(org).guideline.clauses) if not wrong else None
    if arguments.json:
        print_json({"ok": not errors, "errors": [error.message(settings.lang) for error in errors], "clauses": counts})
        return WRONG if errors else OK
    for error in errors:
        sys.stderr.write(error.message(settings.lang) + "\n")
    for org, count in counts.items():
        sys.stdout.write(f"{org}: {'直すところがあります' if count is None else f'{count} 条項、問題なし'}\n")
    return WRONG if errors else OK


def _rule_counts(settings: Settings) -> Sequence[RuleCount]:
    """What people have said of each draft rule's findings; nothing where no database is in use."""
    try:
        from bot.store.findings import counts_beside  # noqa: PLC0415  # an extra
    except ImportError:
        return ()
    return counts_beside(str(settings.database))


def _topics(arguments: argparse.Namespace, found: Knowledge, orgs: list[str], counts: Sequence[RuleCount]) -> int:
    table = {
        topic: {
            org: [clause.locator for clause in found.organization(org).guideline.clauses if topic in clause.topics]
            for org in orgs
        }
        for topic in found.topics
    }
    if arguments.json:
        print_json(table)
        return OK
    for topic, by_org in table.items():
        sys.stdout.write(f"{topic}（{found.topics[topic].label}）\n")
        for org, locators in by_org.items():
            sys.stdout.write(f"  {org}: {' '.join(locators) or '規定なし'}\n")
    if counts:
        sys.stdout.write("\n下書きの点検（規則: 示した指摘 / 誤検知 / 見送り）\n")
    for one in counts:
        fine = 1 - one.false_alarms / one.shown if one.shown else 1.0
        line = f"  {one.rule}: {one.shown} / {one.false_alarms} / {one.dismissed}（誤検知でない割合 {fine:.2f}）"
        sys.stdout.write(line + "\n")
    return OK
