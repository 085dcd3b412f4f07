"""The desk for drafts: the form, the report, what can be said of a finding; and nothing of a draft that is kept."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.blocks import Actions, Area, Button, Card, Choice, Clauses, Contacts, Excerpt, Form, Heading, Note, Quote, Text
from bot.bootstrap import RandomIdentities
from bot.commands import (
    Check,
    Command,
    Dismiss,
    FalseAlarm,
    OpenCheck,
    Picture,
    Request,
    Sender,
    pressed,
    submitted,
)
from bot.desk import Desk
from bot.directory import Directory, Workspace
from bot.outcome import Outcome
from bot.report_cards import REASONS
from bot.service import Service
from bot.store.codec import dump
from bot.store.database import Store, open_store
from bot.testing import FakeClock

CLERK = Sender("slack", "T1", "U1", "C1", "C1/1")
DRAFT = "申込みは bit.ly/abc12 からどうぞ"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}", FakeClock())
    yield opened
    opened.close()


@pytest.fixture
def desk(service: Service, store: Store) -> Desk:
    return Desk(service, Directory([Workspace("slack", "T1", "suzaka")]), store, FakeClock(), RandomIdentities())


def ask(desk: Desk, command: Command, sender: Sender = CLERK) -> Outcome:
    return desk.handle(Request("k", sender, command, "", 0.0))


def block(card: Card, kind: type) -> list[object]:
    return [one for one in card.blocks if isinstance(one, kind)]


def button(card: Card, verb: str) -> Button:
    items = [item for actions in card.blocks if isinstance(actions, Actions) for item in actions.items]
    return next(item for item in items if isinstance(item, Button) and item.verb == verb)


def test_the_form_asks_which_account_and_holds_the_draft(desk: Desk) -> None:
    (form,) = block(ask(desk, OpenCheck(DRAFT)).card, Form)
    assert isinstance(form, Form)
    choice, area = form.fields
    assert isinstance(choice, Choice)
    assert isinstance(area, Area)
    assert ([value for value, _ in choice.options], choice.value) == (["official", "private"], None)
    assert area.value == DRAFT


def test_without_an_account_it_is_asked_for_first_and_the_draft_stays(desk: Desk) -> None:
    outcome = ask(desk, Check(DRAFT))
    (form,) = block(outcome.card, Form)
    assert isinstance(form, Form)
    assert (form.fields[1].value, outcome.report) == (DRAFT, None)


def test_what_a_form_sends_is_a_check() -> None:
    assert submitted("check", {"account": "private", "text": "x"}) == Check("x", "private")
    assert submitted("check", {"account": "somebody", "text": "x"}) == Check("x", None)
    assert submitted("other", {}) is None


def test_a_report_shows_words_reason_advice_clause_checklist_and_department(desk: Desk) -> None:
    outcome = ask(desk, Check(DRAFT, "official"))
    (excerpt,) = block(outcome.card, Excerpt)
    (quote,) = block(outcome.card, Quote)
    assert isinstance(excerpt, Excerpt)
    assert isinstance(quote, Quote)
    assert "bit.ly/abc12" in excerpt.text
    assert quote.ref.locator == "6(7)"
    assert block(outcome.card, Clauses)
    assert block(outcome.card, Contacts)
    assert outcome.report is not None
    assert outcome.report.verdict != "ok"


def test_the_account_changes_the_answer_and_what_is_not_covered_says_so(desk: Desk) -> None:
    outcome = ask(desk, Check(DRAFT, "private"))
    assert outcome.report is not None
    assert outcome.report.findings == ()
    (heading,) = block(outcome.card, Heading)
    assert isinstance(heading, Heading)
    assert "対象にしていません" in heading.text
    assert outcome.card.tone == "unsure"


def test_the_notification_text_holds_no_word_of_the_draft(desk: Desk) -> None:
    assert "bit.ly" not in ask(desk, Check(DRAFT, "official")).card.fallback


def test_an_empty_draft_is_asked_for(desk: Desk) -> None:
    assert "空" in ask(desk, Check(" \n", "official")).card.fallback


def test_a_draft_that_is_too_long_says_so_without_its_words(desk: Desk) -> None:
    card = ask(desk, Check("ながいカナリア" * 2_000, "official")).card
    assert "10,000文字まで" in card.fallback
    assert "カナリア" not in card.fallback


def test_a_broken_picture_says_so(desk: Desk) -> None:
    card = ask(desk, Check("", "official", (Picture("a.jpg", b"no picture"),))).card
    assert block(card, Text)


def test_a_finding_is_let_pass_with_a_reason_and_not_shown_again(desk: Desk) -> None:
    first = ask(desk, Check(DRAFT, "official")).card
    reasons = ask(desk, pressed("dismiss", button(first, "dismiss").value) or OpenCheck()).card
    (actions,) = block(reasons, Actions)
    assert isinstance(actions, Actions)
    assert [item.value.rsplit("/", 1)[1] for item in actions.items if isinstance(item, Button)] == list(REASONS)
    ask(desk, pressed("dismiss", f"{button(first, 'dismiss').value}/approved") or OpenCheck())
    again = ask(desk, Check(DRAFT, "official"))
    assert again.report is not None
    assert again.report.verdict == "ok"
    assert any("決裁" in note.text for note in again.card.blocks if isinstance(note, Note))


def test_a_finding_let_pass_hides_no_other_on_the_same_words(desk: Desk) -> None:
    draft = "申込みは bit.ly/abc12 から、抽選のもれた山田花子さん 090-0000-1234 にも伝えます"
    verdicts = []
    for _ in range(6):
        outcome = ask(desk, Check(draft, "official"))
        assert outcome.report is not None
        verdicts.append({one.topic for one in outcome.report.findings})
        if not outcome.report.findings:
            break
        ask(desk, pressed("dismiss", f"{button(outcome.card, 'dismiss').value}/own") or OpenCheck())
    assert verdicts[-1] == set()
    assert {"personal_info", "short_url"} <= set().union(*verdicts)


def test_a_report_tells_the_reason_of_a_rule(desk: Desk) -> None:
    outcome = ask(desk, Check(DRAFT, "official"))
    assert outcome.report is not None
    why = outcome.report.findings[0].why
    assert why
    assert any(why in one.text for one in outcome.card.blocks if isinstance(one, Text))


def test_other_words_are_found_all_the_same(desk: Desk) -> None:
    ref = button(ask(desk, Check(DRAFT, "official")).card, "dismiss").value
    ask(desk, pressed("dismiss", f"{ref}/own") or OpenCheck())
    assert block(ask(desk, Check("応募は bit.ly/zzz99 まで", "official")).card, Excerpt)


def test_a_false_alarm_is_counted_and_typing_is_not(desk: Desk, store: Store) -> None:
    card = ask(desk, Check(DRAFT, "official")).card
    ask(desk, Check(DRAFT, "official", typing=True))
    ask(desk, pressed("false_alarm", button(card, "false_alarm").value) or OpenCheck())
    (count,) = store.findings.counts()
    assert (count.shown, count.false_alarms) == (1, 1)


@pytest.mark.parametrize("value", ["", "x", "rule/xyz", "rule/" + "0" * 31, "RULE/" + "0" * 32, "a/b/c/d"])
def test_a_made_up_button_is_no_command(value: str) -> None:
    assert pressed("dismiss", value) is None
    assert pressed("false_alarm", value) is None


def test_a_draft_can_never_be_put_into_the_inbox() -> None:
    for command in (Check("カナリア", "official"), OpenCheck("カナリア")):
        with pytest.raises(TypeError):
            dump(Request("k", CLERK, command, "", 0.0))


def test_nothing_of_a_draft_is_kept_or_logged(
    desk: Desk, store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    canary = "カナリア五五五"
    for command in (
        Check(f"{canary} bit.ly/{'a' * 8}", "official"),
        Check(canary),
        OpenCheck(canary),
        Check(canary * 3_000, "official"),
        Check(canary, "private", (Picture(f"{canary}.jpg", b"\xff\xd8\xff"),)),
    ):
        ask(desk, command)
    card = ask(desk, Check(f"{canary} bit.ly/abc", "official")).card
    ask(desk, pressed("dismiss", button(card, "dismiss").value + "/own") or OpenCheck())
    store.tidy()
    captured = capfd.readouterr()
    assert canary not in caplog.text + captured.out + captured.err
    assert all(canary.encode() not in file.read_bytes() for file in tmp_path.iterdir())


def test_somebody_from_elsewhere_is_not_served(desk: Desk) -> None:
    with pytest.raises(LookupError):
        ask(desk, Check(DRAFT, "official"), replace(CLERK, tenant="T9"))


def test_marks_of_one_tenant_say_nothing_to_another(service: Service, store: Store) -> None:
    places = [Workspace("slack", "T1", "suzaka"), Workspace("slack", "T2", "suzaka")]
    desk = Desk(service, Directory(places), store, FakeClock(), RandomIdentities())
    card = ask(desk, Check(DRAFT, "official")).card
    finding = pressed("dismiss", button(card, "dismiss").value + "/own")
    assert isinstance(finding, Dismiss | FalseAlarm)
    ask(desk, finding)
    other = ask(desk, Check(DRAFT, "official"), replace(CLERK, tenant="T2"))
    assert block(other.card, Excerpt)
