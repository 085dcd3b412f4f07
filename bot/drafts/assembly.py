"""Puts one organisation's checker together from its knowledge."""

from __future__ import annotations

import re

from bot.analysis.tokenizer import Tokenizer
from bot.corpus.contacts import ContactFinder
from bot.corpus.knowledge import Knowledge
from bot.drafts.checker import Checker, CheckerParts
from bot.drafts.checklist import Checklist
from bot.drafts.claims import Claims
from bot.drafts.recognizing import Surroundings
from bot.drafts.ruleset import RuleSetBuilder
from bot.model import DraftPolicy, Organization

_DIGITS = re.compile(r"\d")


def build_checker(knowledge: Knowledge, org: str) -> Checker:
    """The checker of one organisation. Raises SettingsError or DataError where its knowledge is wrong."""
    tokenizer = Tokenizer()
    organization, policy = knowledge.organization(org), knowledge.draft_policy(org)
    claims = Claims(organization, policy)
    allowing = {one.locator: one.when for one in policy.exceptions}
    asking = {item.id: item.when for item in knowledge.checklist}
    rules = RuleSetBuilder(knowledge.lexicon, tokenizer.cut).build(knowledge.rules, {**allowing, **asking})
    return Checker(
        CheckerParts(
            rules=rules,
            claims=claims,
            surroundings=surroundings(organization, policy),
            checklist=Checklist(knowledge.checklist, rules.lists, claims),
            contacts=ContactFinder(organization, knowledge.texts),
            allowing=rules.lists,
            images=knowledge.image_rules,
        ),
        tokenizer,
    )


def surroundings(organization: Organization, policy: DraftPolicy) -> Surroundings:
    """What is the organisation's own."""
    phones = [*policy.phones, *(one.phone for one in organization.departments if one.phone)]
    offices = [organization.name, *(name for one in organization.departments for name in (one.name, *one.aliases))]
    return Surroundings(
        phones=frozenset("".join(_DIGITS.findall(phone)) for phone in phones),
        hosts=tuple(host.lower() for host in policy.hosts),
        accounts=frozenset(account.lower().lstrip("@") for account in policy.accounts),
        offices=tuple(offices),
    )
