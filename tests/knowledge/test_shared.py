"""The files that serve every organisation: complete, without contradiction, and all of it used."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path
from string import Formatter

import pytest

from bot.analysis.normalize import normalize
from bot.corpus.knowledge import DRAFT_FILES, ONBOARDING, SHARED, Knowledge
from bot.report_cards import REASONS
from bot.retrieval.confidence import MEASURES

ROOT = Path(__file__).parents[2]
ORGS = Knowledge().ids

TOPICS = """undecided against_policy personal_info secret security political religious discrimination defamation
advertising copyright portrait location rumour false_claim obscenity public_order illegal social_issue short_url
third_party reply work_hours flame correction personal_opinion private_content conflict account impersonation
account_opening operation_policy approval form definition characteristics scope conduct contact""".split()  # noqa: SIM905  # as the design prints it

INCIDENTS = {"flame", "impersonation", "misinformation", "personal_info", "criticism", "false_post", "violation"}


def test_the_topics_are_the_closed_list(knowledge: Knowledge) -> None:
    assert sorted(knowledge.topics) == sorted(TOPICS)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_has_words_for_asking_and_for_clauses_and_questions(knowledge: Knowledge, topic: str) -> None:
    found = knowledge.topics[topic]
    assert min(len(found.words), len(found.clause_words), len(found.questions)) >= 1
    for words in (found.words, found.clause_words, found.questions):
        assert [word for word, times in Counter(words).items() if times > 1] == []


@pytest.mark.parametrize("org", ORGS)
def test_clauses_carry_topics_of_the_list_without_repeating_one(knowledge: Knowledge, org: str) -> None:
    for clause in knowledge.organization(org).guideline.clauses:
        assert set(clause.topics) <= set(TOPICS)
        assert len(set(clause.topics)) == len(clause.topics), clause.locator


@pytest.mark.parametrize("org", ORGS)
def test_every_clause_has_a_scope(knowledge: Knowledge, org: str) -> None:
    assert [one.locator for one in knowledge.organization(org).guideline.clauses if one.scope is None] == []


@pytest.mark.parametrize(
    ("org", "scopes"),
    [
        ("asahikawa", {"8": "both", "5": "official", "6": "official", "7": "official"}),
        ("urausu", {"5": "both", "6": "both", "7": "both", "8": "private"}),
        ("bibai", {"1": "both", "2": "private", "3": "official"}),
        ("chikugo", {"4": "official"}),
        ("suzaka", {"4": "official", "6": "official"}),
    ],
)
def test_the_scopes_are_those_fixed_by_design(knowledge: Knowledge, org: str, scopes: dict[str, str]) -> None:
    found = {clause.locator: clause.scope for clause in knowledge.organization(org).guideline.clauses}
    assert {locator: found[locator] for locator in scopes} == scopes


def test_no_everyday_word_stands_in_two_entries(knowledge: Knowledge) -> None:
    said = Counter(normalize(word).text for entry in knowledge.thesaurus for word in entry.say)
    assert [word for word, times in said.items() if times > 1] == []


def test_no_everyday_word_leads_to_itself(knowledge: Knowledge) -> None:
    assert [entry for entry in knowledge.thesaurus if set(entry.say) & set(entry.means)] == []


def test_every_entry_says_and_means_something(knowledge: Knowledge) -> None:
    assert [entry for entry in knowledge.thesaurus if not entry.say or not entry.means] == []


def test_smalltalk_has_no_pattern_of_two_kinds(knowledge: Knowledge) -> None:
    kinds: dict[str, str] = {}
    for kind in knowledge.intents.smalltalk:
        for pattern in kind.patterns:
            assert kinds.setdefault(normalize(pattern).text, kind.id) == kind.id, pattern


def test_no_sign_of_the_official_account_is_one_of_the_private(knowledge: Knowledge) -> None:
    signs = knowledge.intents.account_signs
    assert set(signs) == {"official", "private"}
    assert set(signs["official"]) & set(signs["private"]) == set()


def test_the_kinds_of_incident_are_the_closed_list(knowledge: Knowledge) -> None:
    assert {kind.id for kind in knowledge.incidents.kinds} == INCIDENTS
    assert {scene.kind for scene in knowledge.incidents.scenes} == INCIDENTS
    assert {topic for kind in knowledge.incidents.kinds for topic in kind.topics} <= set(TOPICS)


@pytest.mark.parametrize("org", ORGS)
def test_plans_are_of_known_kinds_and_have_steps(knowledge: Knowledge, org: str) -> None:
    plans = knowledge.organization(org).incidents
    assert {plan.kind for plan in plans} <= INCIDENTS
    assert [plan for plan in plans if not plan.steps] == []


def test_the_calibration_has_every_measure_and_its_bands_in_order(knowledge: Knowledge) -> None:
    confidence = knowledge.analysis.value["confidence"]
    assert set(confidence["weights"]) == set(MEASURES)
    assert 0 < float(confidence["suggested"]) < float(confidence["answered"]) < 1


def test_the_shared_files_are_all_there_and_no_others() -> None:
    found = {path.name for path in (ROOT / "knowledge").glob("*.yaml")}
    assert found == {*SHARED, *DRAFT_FILES, ONBOARDING}


def text_uses() -> tuple[dict[str, set[str]], set[str]]:
    """Each key of texts.yaml that code asks for with the names filled in, and the keys chosen at run time."""
    uses: dict[str, set[str]] = {}
    chosen: set[str] = set()
    for path in (*sorted((ROOT / "bot" / "answers").rglob("*.py")), ROOT / "bot" / "corpus" / "contacts.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            calls = {id(node.func.value): node for node in ast.walk(function) if _is_format(node)}  # type: ignore[attr-defined]
            for node in ast.walk(function):
                if isinstance(node, ast.Subscript) and ast.unparse(node.value).split(".")[-1] == "texts":
                    call = calls.get(id(node))
                    names = {keyword.arg or "" for keyword in call.keywords} if isinstance(call, ast.Call) else set()
                    keys = _keys(node.slice, function)
                    chosen.update(keys if not isinstance(node.slice, ast.Constant) else ())
                    for key in keys:
                        uses.setdefault(key, set()).update(names)
    return uses, chosen


def _is_format(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format"


def _keys(key: ast.expr, function: ast.FunctionDef) -> list[str]:
    """The key as written, or all that the function may choose between."""
    if isinstance(key, ast.Constant):
        return [str(key.value)]
    if isinstance(key, ast.JoinedStr):
        endings = {"scope_": ("official", "private", "both", "unknown"), "account_": ("official", "private")}
        start = str(key.values[0].value) if isinstance(key.values[0], ast.Constant) else ""
        return [start + ending for ending in endings[start]]
    strings = [node.value for node in ast.walk(function) if isinstance(node, ast.Constant)]
    return [text for text in strings if isinstance(text, str) and text in Knowledge().texts]


def test_every_text_that_code_says_exists_and_every_text_is_said(knowledge: Knowledge) -> None:
    used = set(text_uses()[0])
    assert used - set(knowledge.texts) == set()
    desks_and_cards = (f"bot/{path.name}" for path in (ROOT / "bot").glob("*.py"))
    assert set(knowledge.texts) - used - said_of_drafts() - strings(*desks_and_cards, "bot/cli", "adapters") == set()


def said_of_drafts() -> set[str]:
    """Texts whose keys are put together."""
    severities = {f"severity_{one}" for one in ("error", "warning", "info")}
    return severities | {f"dismiss_{one}" for one in REASONS} | {"check_count_error", "check_count_warning"}


def strings(*tops: str) -> set[str]:
    """Every string that stands in the code of these files and folders: cards and fronts name their texts."""
    files = [path for top in tops for path in ([ROOT / top] if top.endswith(".py") else (ROOT / top).rglob("*.py"))]
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in files)
    return {node.value for tree in trees for node in ast.walk(tree) if _is_text(node)}  # type: ignore[attr-defined]


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


FILLED_ELSEWHERE = {"contact", "contact_role", "listed_contact", "listed_contact_role"}
"""Handed on as texts and filled in by `Wording._reached`."""


def test_every_placeholder_is_filled_and_nothing_is_filled_in_vain(knowledge: Knowledge) -> None:
    uses, chosen = text_uses()
    for key, filled in uses.items():
        if key in FILLED_ELSEWHERE:
            continue
        wanted = {name for _, name, _, _ in Formatter().parse(knowledge.texts[key]) if name}
        assert wanted <= filled, key
        if key not in chosen:  # one call fills the names of all texts it may choose
            assert filled <= wanted, key
