"""Dialogues as tables, run through the service and, line by line, through the console."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from adapters.console.outbound import render
from bot.corpus.yaml_source import load_yaml
from bot.model import Answer, Ask
from bot.service import Service
from bot.testing import shown_locators, squashed, talk

FOLDER = Path(__file__).parent
DIALOGUES = [dialogue for path in sorted(FOLDER.glob("*.yaml")) for dialogue in load_yaml(path)]
KNOWN = set("say status not_status cites three scope never_scope steps tells asks contains without".split())  # noqa: SIM905

every_dialogue = pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda found: f"{found['org']}: {found['name']}")


def answers(service: Service, dialogue: Mapping[str, Any]) -> list[Answer]:
    """The answers to the turns, each asked with the questions before it; small talk is not remembered."""
    history: list[str] = []
    found = []
    for turn in dialogue["turns"]:
        answer = service.ask(Ask(dialogue["org"], turn["say"], history=tuple(history)))
        if answer.status != "smalltalk":
            history.append(turn["say"])
        found.append(answer)
    return found


def complaints(turn: Mapping[str, Any], answer: Answer) -> list[str]:
    """What the answer lacks of what the turn wants."""
    shown = shown_locators(answer)
    first = answer.citations[0].locator if answer.citations else None
    text = squashed(answer.answer)
    scopes = {citation.scope for citation in (*answer.citations, *answer.related)}
    checks = {
        "status": answer.status == turn.get("status", answer.status),
        "not_status": answer.status != turn.get("not_status"),
        "cites": "cites" not in turn or first in turn["cites"],
        "three": "three" not in turn or not set(turn["three"]).isdisjoint(shown),
        "scope": "scope" not in turn or answer.scope == turn["scope"],
        "never_scope": turn.get("never_scope") not in scopes or "never_scope" not in turn,
        "steps": [step.locator for step in answer.steps][: len(turn.get("steps", []))] == turn.get("steps", []),
        "tells": set(turn.get("tells", [])) <= set(answer.report_to),
        "asks": "asks" not in turn or answer.departments[0].name == turn["asks"],
        "contains": all(squashed(words) in text for words in turn.get("contains", [])),
        "without": not any(squashed(words) in text for words in turn.get("without", [])),
    }
    missed = [name for name, met in checks.items() if not met]
    return [f"{turn['say']}: {', '.join(missed)}; got {answer.status} {shown}"] if missed else []


def test_there_are_dialogues_for_every_organisation(service: Service) -> None:
    assert {dialogue["org"] for dialogue in DIALOGUES} == set(service.knowledge.ids)
    assert len(DIALOGUES) >= 25
    assert {key for dialogue in DIALOGUES for turn in dialogue["turns"] for key in turn} <= KNOWN


@every_dialogue
def test_the_service_answers_as_the_table_says(service: Service, dialogue: Mapping[str, Any]) -> None:
    found = answers(service, dialogue)
    pairs = zip(dialogue["turns"], found, strict=True)
    assert [complaint for turn, answer in pairs for complaint in complaints(turn, answer)] == []


@every_dialogue
def test_the_console_shows_the_same(service: Service, dialogue: Mapping[str, Any]) -> None:
    transcript = talk(service, dialogue["org"], [turn["say"] for turn in dialogue["turns"]])
    shown = [f"\n{render(answer)}\n" for answer in answers(service, dialogue)]
    assert list(transcript.replies) == shown


def test_a_complaint_is_made_of_everything_that_is_missed(service: Service) -> None:
    turn = {
        "say": "短縮URLは？",
        "status": "incident",
        "not_status": "answered",
        "cites": ["1"],
        "three": ["x"],
        "scope": "private",
        "never_scope": "official",
        "steps": ["1"],
        "tells": ["誰"],
        "asks": "誰",
        "contains": ["無"],
        "without": ["短縮"],
    }
    (complaint,) = complaints(turn, service.ask(Ask("asahikawa", turn["say"])))
    for name in KNOWN - {"say"}:
        assert name in complaint
