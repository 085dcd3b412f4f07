"""Live messages are told from questions about such things; the messages stand in tests/data/incidents/."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from bot.analysis.normalize import normalize
from bot.analysis.tokenizer import Tokenizer
from bot.answers.incidents import IncidentPlans
from bot.answers.live import IncidentReader
from bot.corpus.knowledge import Knowledge
from bot.corpus.yaml_source import load_yaml
from bot.model import Account, IncidentPlan, Organization, StepSource

MESSAGES = Path(__file__).resolve().parents[2] / "data" / "incidents"
RECALL, SPECIFICITY = 0.95, 0.98


@cache
def knowledge() -> Knowledge:
    return Knowledge()


@cache
def reader() -> tuple[IncidentReader, Tokenizer]:
    tokenizer = Tokenizer()
    return IncidentReader(knowledge().incidents, tokenizer), tokenizer


def kind_of(message: str) -> str | None:
    incidents, tokenizer = reader()
    folded = normalize(message).text
    kind = incidents.kind(folded, tokenizer.cut(folded))
    return kind.id if kind else None


@pytest.mark.parametrize("half", [slice(0, 100), slice(100, None)], ids=["first hundred", "the rest"])
def test_live_messages_are_recognised_with_their_kind(half: slice) -> None:
    messages = load_yaml(MESSAGES / "live.yaml")[half]
    missed = [(kind_of(item["text"]), item) for item in messages if kind_of(item["text"]) != item["kind"]]
    assert 1 - len(missed) / len(messages) >= RECALL, missed


@pytest.mark.parametrize("half", [slice(0, 100), slice(100, None)], ids=["first hundred", "the rest"])
def test_questions_about_incidents_are_no_incidents(half: slice) -> None:
    messages = load_yaml(MESSAGES / "calm.yaml")[half]
    alarms = [(kind_of(text), text) for text in messages if kind_of(text)]
    assert 1 - len(alarms) / len(messages) >= SPECIFICITY, alarms


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("炎上してる", "flame"),
        ("炎上してる？", None),
        ("炎上したらどうする", None),
        ("炎上したんだけどどうしたらいい", "flame"),
        ("炎上した投稿を消すのはだめですか", None),
        ("投稿を消したら炎上しました", "flame"),
        ("炎上したら連絡すると聞きました", None),
        ("日付をまちがえて流しちゃった", "misinformation"),
        ("日付をまちがえて流しちゃったらどうする", None),
        ("日付を間違えて流してしまうのはなぜ", None),
        ("偽アカウントがある", "impersonation"),
        ("偽アカウントについての決まりはありますか", None),
        ("「炎上しました」と書いていいですか", None),
    ],
)
def test_the_verb_decides_whether_it_is_a_fact(message: str, kind: str | None) -> None:
    assert kind_of(message) == kind


@pytest.mark.parametrize("org", knowledge().ids)
@pytest.mark.parametrize("account", ["official", "private", None])
@pytest.mark.parametrize("kind", [kind.id for kind in knowledge().incidents.kinds])
def test_every_incident_has_steps_in_every_document(org: str, kind: str, account: Account | None) -> None:
    plans = IncidentPlans(knowledge().organization(org), knowledge().incidents.kinds)
    plan = plans.plan(kind, account)
    assert plan is not None
    assert all(step.text for step in plans.steps(plan))
    assert plans.steps(plan)


def test_the_nearest_kind_stands_in_before_the_other_account() -> None:
    plans = IncidentPlans(knowledge().organization("asahikawa"), knowledge().incidents.kinds)
    violation = plans.plan("violation", "private")
    assert violation is not None
    assert (violation.kind, violation.account) == ("false_post", "private")


def test_a_document_without_a_private_part_is_followed_in_what_it_says_of_official_accounts() -> None:
    plans = IncidentPlans(knowledge().organization("suzaka"), knowledge().incidents.kinds)
    flame = plans.plan("flame", "private")
    assert flame is not None
    assert (flame.kind, flame.account) == ("flame", "official")


def test_a_plan_whose_clauses_are_gone_is_passed_over() -> None:
    told = knowledge().organization("chikugo")
    gone = IncidentPlan("flame", "official", (StepSource("99"),))
    bare = Organization(told.id, told.name, told.guideline, told.departments, incidents=(gone,))
    plans = IncidentPlans(bare, knowledge().incidents.kinds)
    plan = plans.plan("flame", None)
    assert plan is not None
    assert plans.steps(plan)
