"""The conversation in a terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.console.inbound import HISTORY, Typed, to_command
from adapters.console.outbound import safe
from bot.model import Ask
from bot.service import Service
from bot.testing import talk


@pytest.mark.parametrize("line", ["", "  ", "\t\n", "　"])
def test_a_blank_line_is_nothing(line: str) -> None:
    assert to_command(line, "chikugo", []) is None


@pytest.mark.parametrize(
    ("line", "typed"),
    [
        ("/q", Typed("quit")),
        ("/QUIT", Typed("quit")),
        ("終了", Typed("quit")),
        (" exit ", Typed("quit")),
        ("/?", Typed("help")),
        ("/団体", Typed("organizations")),
        ("/団体 urausu", Typed("organizations", "urausu")),
        ("/org  urausu ", Typed("organizations", "urausu")),
        ("/新規", Typed("forget")),
    ],
)
def test_words_for_the_console_are_no_questions(line: str, typed: Typed) -> None:
    assert to_command(line, "chikugo", []) == typed


@pytest.mark.parametrize("line", ["終了 手続は？", "exitとは", "/unknown", "quit smoking", "団体は？"])
def test_what_only_begins_like_one_is_a_question(line: str) -> None:
    assert to_command(line, "chikugo", []) == Ask("chikugo", line)


def test_the_latest_questions_go_with_a_new_one() -> None:
    earlier = [f"質問{number}" for number in range(9)]
    command = to_command("次は？", "chikugo", earlier)
    assert isinstance(command, Ask)
    assert command.history == tuple(earlier[-HISTORY:])


def test_the_conversation_begins_with_whose_guideline_it_is(service: Service) -> None:
    assert "筑後市のガイドラインについて、どうぞ。" in talk(service, "chikugo", []).greeting


def test_the_organisation_is_chosen_by_number_or_id(service: Service) -> None:
    for answer in ("3", "chikugo", " 3 "):
        replies = talk(service, None, ["9", "", answer, "/終了"]).replies
        assert "1〜5 の番号か id" in replies[0]
        assert "筑後市のガイドライン" in replies[2]


def test_the_list_names_every_organisation(service: Service) -> None:
    greeting = talk(service, None, []).greeting
    assert "  1. 旭川市（asahikawa）" in greeting
    assert "  5. 浦臼町（urausu）" in greeting


def test_one_organisation_needs_no_choice(invented: Service) -> None:
    assert "霞野市のガイドライン" in talk(invented, None, ["/終了"]).greeting


def test_another_organisation_starts_a_new_conversation(service: Service) -> None:
    lines = ["問い合わせ先は？", "/団体 suzaka", "問い合わせ先は？", "/団体 nowhere", "/団体", "1"]
    replies = talk(service, "chikugo", lines).replies
    assert "0942-65-7004" in replies[0]
    assert "須坂市のガイドライン" in replies[1]
    assert "(026)248-9017" in replies[2]
    assert "「nowhere」は登録されていません" in replies[3]
    assert "旭川市のガイドライン" in replies[5]


def test_what_was_asked_can_be_forgotten(service: Service) -> None:
    question = "公式アカウントで短縮URLは使える？"
    asked = talk(service, "asahikawa", [question, "それはなぜ？"]).replies[1]
    forgotten = talk(service, "asahikawa", [question, "/新規", "それはなぜ？"]).replies
    assert "忘れました" in forgotten[1]
    assert forgotten[2] != asked


def test_small_talk_does_not_come_between_a_question_and_its_follow_up(service: Service) -> None:
    question = "公式アカウントで短縮URLは使える？"
    plain = talk(service, "asahikawa", [question, "それはなぜ？"]).replies[1]
    assert talk(service, "asahikawa", [question, "ありがとう", "それはなぜ？"]).replies[2] == plain


def test_an_error_is_shown_and_the_conversation_goes_on(service: Service) -> None:
    replies = talk(service, "chikugo", ["あ" * 2_001, "a\x1b[2Jb", "/?", "問い合わせ先は？"]).replies
    assert "質問が長すぎます" in replies[0]
    assert "制御文字" in replies[1]
    assert "/新規" in replies[2]
    assert "0942-65-7004" in replies[3]


def test_nothing_a_terminal_would_obey_is_shown() -> None:
    assert safe("赤\x1b[31m字\u202e\u200b\r\x07\x9b \t\n終") == "赤[31m字 \t\n終"


@given(st.text())
def test_what_is_shown_holds_no_control_or_formatting_character(text: str) -> None:
    shown = safe(text)
    assert all(sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cf", "Cs") for sign in shown)
    assert safe(shown) == shown
