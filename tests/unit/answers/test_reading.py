"""What kind of message this is."""

from __future__ import annotations

import pytest

from bot.answers.reading import Reading, fold, states
from bot.corpus.intents import Quantity
from bot.service import Service


def read(service: Service, text: str, org: str = "asahikawa") -> Reading:
    return service.answerer(org).parts.dialogues.message(text).reading


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("こんにちは", "greeting"),
        ("こんにちは〜！！", "greeting"),
        ("お疲れ様です。", "greeting"),
        ("ありがとうございました😊", "thanks"),
        ("了解です。ありがとう！", "acknowledgement"),
        ("使い方を教えて", "self"),
        ("さようなら", "farewell"),
    ],
)
def test_smalltalk_is_the_whole_message(service: Service, text: str, kind: str) -> None:
    found = read(service, text).smalltalk
    assert found is not None
    assert found.id == kind


@pytest.mark.parametrize(
    "text", ["こんにちは、短縮URLは使えますか", "ありがとう。写真は？", "神社の写真", "終了手続は？"]
)
def test_as_soon_as_anything_else_is_said_it_is_no_smalltalk(service: Service, text: str) -> None:
    assert read(service, text).smalltalk is None


@pytest.mark.parametrize("text", ["？？？", "!?", "😊😊", "123", "…", "　", "〜〜"])
def test_a_message_without_letters_is_wordless(service: Service, text: str) -> None:
    assert read(service, text).wordless


def test_a_message_may_be_of_several_kinds_at_once(service: Service) -> None:
    found = read(service, "個人アカウントでの投稿の連絡先は？")
    assert (found.account, found.social, bool(found.aspects)) == ("private", True, True)


def test_other_offices_business_is_told(service: Service) -> None:
    found = read(service, "年末調整の書類はどこに出す？")
    assert found.outside is not None
    assert not found.social


def test_others_are_asked_for_in_so_many_words(service: Service) -> None:
    assert read(service, "他の自治体ではどうなっていますか").others
    assert not read(service, "他の人の写真を載せていい？").others


@pytest.mark.parametrize(
    ("text", "units", "found"),
    [
        ("3日以内に", ("日",), True),
        ("三日以内に", ("日",), True),
        ("１０ 文字", ("文字",), True),
        ("数日", ("日",), True),
        ("日にちを決める", ("日",), False),
        ("3日以内に", ("時間", "文字"), False),
        ("(3)", ("(",), False),
    ],
)
def test_a_clause_states_a_number_only_before_its_unit(text: str, units: tuple[str, ...], *, found: bool) -> None:
    assert states(text, Quantity((), units)) is found


@pytest.mark.parametrize(
    ("text", "folded"),
    [("こんにちはー！", "こんにちは"), ("わーーーい", "わい"), ("ｗｗｗｗ", "w"), ("", ""), ("。、", "")],
)
def test_smalltalk_is_compared_by_its_letters_only(text: str, folded: str) -> None:
    assert fold(text) == folded
