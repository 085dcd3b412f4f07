"""An organisation's drafts.yaml: which clause a finding cites, what its document allows, what is its own."""

from __future__ import annotations

from pathlib import Path

from bot.corpus.rules_file import SCOPES
from bot.corpus.schema import Node
from bot.model import Account
from bot.rules import DraftException, DraftPolicy

ACCOUNTS: tuple[Account, ...] = ("official", "private")


def load_draft_policy(folder: Path, locators: frozenset[str], topics: tuple[str, ...]) -> DraftPolicy:
    """Read `folder`/drafts.yaml; an organisation without one has no claims but those of curation.

    Raises DataError where a locator or topic does not exist, or the file is wrong.
    """
    path = folder / "drafts.yaml"
    if not path.is_file():
        return DraftPolicy({})
    node = Node.load(path).only(
        "claims", "exceptions", "approval", "hosts", "accounts", "phones", "elections", "disaster", "office_hours"
    )
    claims: dict[tuple[Account, str], tuple[str, ...]] = {}
    for account in ACCOUNTS:
        part = node.need("claims").get(account)
        for topic, cited in part.items() if part else ():
            if topic not in topics:
                cited.fail(f"「{topic}」という主題はありません。", f"unknown topic '{topic}'.")
            claims[account, topic] = tuple(_locator(one, locators) for one in cited.each())
    approval = node.get("approval")
    hours = node.get("office_hours")
    disaster = node.get("disaster")
    return DraftPolicy(
        claims=claims,
        exceptions=_exceptions(node, locators, topics),
        approval=None if approval is None else _approval(approval, locators),
        hosts=node.opt_texts("hosts"),
        accounts=node.opt_texts("accounts"),
        phones=node.opt_texts("phones"),
        elections=_periods(node),
        disaster=disaster is not None and disaster.one_of(("yes", "no")) == "yes",
        office_hours=("08:30", "17:15") if hours is None else _pair(hours),
    )


def _locator(node: Node, locators: frozenset[str]) -> str:
    if node.text() not in locators:
        node.fail(f"条項「{node.text()}」はありません。", f"there is no clause '{node.text()}'.")
    return node.text()


def _exceptions(node: Node, locators: frozenset[str], topics: tuple[str, ...]) -> tuple[DraftException, ...]:
    part = node.get("exceptions")
    return tuple(
        DraftException(
            topics=tuple(topic.one_of(topics) for topic in one.need("topics").each()),
            locator=_locator(one.need("locator"), locators),
            when=one.need("when").texts(),
            account=account.one_of(SCOPES) if (account := one.get("account")) else "both",
        )
        for one in (part.each() if part else ())
    )


def _approval(node: Node, locators: frozenset[str]) -> tuple[str, tuple[str, ...]]:
    return node.need("text").text(), tuple(_locator(one, locators) for one in node.need("cites").each())


def _periods(node: Node) -> tuple[tuple[str, str], ...]:
    part = node.get("elections")
    return tuple(_pair(one) for one in (part.each() if part else ()))


def _pair(node: Node) -> tuple[str, str]:
    """[from, to], compared as text: 2026-11-21, 08:30."""
    found = node.texts()
    if len(found) != 2 or not found[0] <= found[1]:
        node.fail("[始まり, 終わり] の形で書いてください。", "two values are wanted: [from, to].")
    return found
