"""`knowledge check` and `knowledge topics`."""

from __future__ import annotations

import argparse
import sys

from bot.cli.common import print_json
from bot.cli.main import OK, WRONG
from bot.corpus.knowledge import Knowledge
from bot.drafts.examples import check_rules
from bot.ingest.check import check_organization, check_shared
from bot.settings import Settings


def knowledge(arguments: argparse.Namespace, settings: Settings) -> int:
    """Prove the knowledge, or show which clauses carry which topic."""
    found = Knowledge(settings.knowledge)
    orgs = [arguments.org] if arguments.org else list(found.ids)
    for org in orgs:
        found.folder(org)
    return _check(arguments, settings, found, orgs) if arguments.what == "check" else _topics(arguments, found, orgs)


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


def _topics(arguments: argparse.Namespace, found: Knowledge, orgs: list[str]) -> int:
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
    return OK
