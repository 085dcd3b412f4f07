"""Which question a message hangs on, and which account it speaks of."""

from __future__ import annotations

import pytest

from bot.answers.history import DialogueReader
from bot.model import Account
from bot.service import Service


@pytest.fixture(scope="session")
def reader(service: Service) -> DialogueReader:
    return service.answerer("asahikawa").parts.dialogues


@pytest.mark.parametrize(
    "question", ["じゃあ個人なら？", "それはなぜ？", "連絡先は？", "個人アカウントは？", "ちなみに公式は？"]
)
def test_a_short_follow_up_hangs_on_the_question_before(reader: DialogueReader, question: str) -> None:
    dialogue = reader.read(question, ["公式アカウントで写真を載せるときの注意は？"], None)
    assert dialogue.context is not None
    assert dialogue.context.text == "公式アカウントで写真を載せるときの注意は？"


@pytest.mark.parametrize(
    "question", ["公式アカウントの運用方針には何を書けばいいですか", "ソーシャルメディアの定義を教えてください"]
)
def test_a_whole_question_stands_alone(reader: DialogueReader, question: str) -> None:
    assert reader.read(question, ["公式アカウントで写真を載せるときの注意は？"], None).context is None


def test_nothing_hangs_on_nothing(reader: DialogueReader) -> None:
    assert reader.read("じゃあ個人なら？", [], None).context is None


def test_a_chain_of_follow_ups_leads_to_the_question_that_stands_alone(reader: DialogueReader) -> None:
    history = [
        "ソーシャルメディアの定義は何ですか",
        "公式アカウントで短縮URLを使ってもいいですか",
        "じゃあ個人アカウントなら？",
    ]
    dialogue = reader.read("それはなぜ？", history, None)
    assert dialogue.context is not None
    assert dialogue.context.text == history[1]
    assert dialogue.account == "private"


@pytest.mark.parametrize(
    ("question", "account", "meant"),
    [
        ("個人アカウントで政治の話をしていい？", None, "private"),
        ("公式アカウントで政治の話をしていい？", None, "official"),
        ("政治の話をしていい？", None, None),
        ("政治の話をしていい？", "private", "private"),
        ("公式アカウントで政治の話をしていい？", "private", "private"),
        ("公式アカウントと個人アカウントの違いは？", None, None),
    ],
)
def test_the_account_is_the_one_named(
    reader: DialogueReader, question: str, account: Account | None, meant: Account | None
) -> None:
    assert reader.read(question, [], account).account == meant


def test_the_account_of_the_message_wins_over_that_of_earlier_ones(reader: DialogueReader) -> None:
    assert reader.read("じゃあ個人アカウントなら？", ["公式アカウントで短縮URLを使える？"], None).account == "private"
    assert reader.read("それはなぜ？", ["公式アカウントで短縮URLを使える？"], None).account == "official"
