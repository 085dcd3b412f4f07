"""Puts one organisation's checker together from its knowledge."""

from __future__ import annotations

import re
from contextlib import suppress

from bot.analysis.tokenizer import Tokenizer
from bot.corpus.contacts import ContactFinder
from bot.corpus.knowledge import SHORT_URLS, Knowledge
from bot.drafts.checker import Checker, CheckerParts, allowed
from bot.drafts.checklist import Checklist
from bot.drafts.claims import Claims
from bot.drafts.learning import learnt
from bot.drafts.recognizing import Surroundings
from bot.drafts.ruleset import RuleSet, RuleSetBuilder
from bot.drafts.short_hosts import load_short_hosts
from bot.errors import DataError
from bot.model import Organization
from bot.rules import DraftPolicy

_DIGITS = re.compile(r"\d")


def build_rules(knowledge: Knowledge, *, learn: bool = True) -> RuleSet:
    """The rule set of a knowledge folder, for all of its organisations; without `learn` those of kind examples rest.

    Raises DataError where a file is wrong.
    """
    tokenizer = Tokenizer()
    lists: dict[str, tuple[str, ...]] = {item.id: item.when for item in knowledge.checklist}
    for org in knowledge.ids:
        with suppress(DataError):  # one body's broken file is told when that body's checker is built; others are served
            lists |= {allowed(org, one): one.when for one in knowledge.draft_policy(org).exceptions}
    rules = RuleSetBuilder(knowledge.lexicon, tokenizer.cut).build(knowledge.rules, lists)
    if not learn:
        return rules
    return learnt(rules, knowledge.ordinary, tokenizer.cut, Surroundings(short_hosts=_short_hosts(knowledge)))


def build_checker(knowledge: Knowledge, org: str, rules: RuleSet) -> Checker:
    """The checker of one organisation. Raises SettingsError or DataError where its knowledge is wrong."""
    organization, policy = knowledge.organization(org), knowledge.draft_policy(org)
    claims = Claims(organization, policy)
    return Checker(
        CheckerParts(
            rules=rules,
            claims=claims,
            surroundings=surroundings(organization, policy, _short_hosts(knowledge)),
            checklist=Checklist(knowledge.checklist, rules.lists, claims),
            contacts=ContactFinder(organization, knowledge.texts),
            images=knowledge.image_rules,
        ),
        Tokenizer(),
    )


def _short_hosts(knowledge: Knowledge) -> frozenset[str]:
    return load_short_hosts(knowledge.shared(SHORT_URLS))


def surroundings(organization: Organization, policy: DraftPolicy, short_hosts: frozenset[str]) -> Surroundings:
    """What is the organisation's own."""
    phones = [*policy.phones, *(one.phone for one in organization.departments if one.phone)]
    offices = [organization.name, *(name for one in organization.departments for name in (one.name, *one.aliases))]
    return Surroundings(
        phones=frozenset("".join(_DIGITS.findall(phone)) for phone in phones),
        hosts=tuple(host.lower() for host in policy.hosts),
        accounts=frozenset(account.lower().lstrip("@") for account in policy.accounts),
        offices=tuple(offices),
        short_hosts=short_hosts,
    )
