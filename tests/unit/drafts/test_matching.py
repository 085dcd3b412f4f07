"""What rules write, and where it is found: literals, words in any form, gaps, lists, disguises, windows."""

from __future__ import annotations

import pytest

from bot.analysis.tokenizer import Tokenizer
from bot.drafts.expressions import ExpressionError, parse_expression, spellings
from bot.drafts.ruleset import RuleSetBuilder
from bot.errors import DataError
from tests.unit.drafts.conftest import Said, rule


def test_braces_hold_alternatives() -> None:
    assert spellings("{市,町}長{が,}") == ["市長が", "市長", "町長が", "町長"]


@pytest.mark.parametrize(
    "text", ["", "あ", "{", "<a", "[b", "x~", "{" + ",".join("あ" * 60) + "}{" + ",".join("い" * 60) + "}い"]
)
def test_an_expression_that_cannot_be_meant_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse_expression(text, Tokenizer().cut)


@pytest.mark.parametrize(
    ("expression", "text", "found"),
    [
        ("納得{が,は}いか", "私は納得がいかない", ["納得がいか"]),
        ("[消す]", "あとで消しておきます", ["消し"]),
        ("[らしい:助動詞]", "中止らしいです", ["らしい"]),
        ("[らしい:助動詞]", "かわいらしい雪だるま", []),
        ("見直し~正直", "料金の見直しは、正直なところ反対", ["見直しは、正直"]),
        ("見直し~正直", "料金を見直します。正直に申告を", []),
        ("内部情報", "ﾅｲﾌﾞ情報を少しだけ", ["ﾅｲﾌﾞ情報"]),
        ("内緒", "これはﾅｲｼｮです", ["ﾅｲｼｮ"]),
        ("内緒", "仕事はしないしよく寝る", []),
        ("バカ", "バ・カみたい", ["バ・カ"]),
        ("バカ", "こればかりは仕方ない", []),
        ("極秘", "極◆秘です", ["極◆秘"]),
        ("オフレコ", "オ○レコでお願いします", ["オ○レコ"]),
        ("sns", "newsnsa", []),
        ("<time_of_day>", "開始は17時30分です", ["17時30分"]),
    ],
)
def test_an_expression_is_found_where_it_is_meant(said: Said, expression: str, text: str, found: list[str]) -> None:
    assert said(text, rule([expression])) == found


def test_a_list_of_the_lexicon_is_called_by_name(said: Said) -> None:
    lexicon = {"boss": ["課長", "@chief"], "chief": ["市長", "町長"]}
    assert said("町長は来ません", rule(["@boss"]), lexicon) == ["町長"]


def test_lists_that_call_one_another_are_refused() -> None:
    with pytest.raises(DataError, match="一覧"):
        RuleSetBuilder({"a": ["@b"], "b": ["@a"]}, Tokenizer().cut).build([rule(["@a"])], {})


def test_an_unknown_recogniser_is_refused() -> None:
    with pytest.raises(DataError, match="認識器"):
        RuleSetBuilder({}, Tokenizer().cut).build([rule(["<nonsense>"])], {})


def test_what_lies_within_a_harmless_word_is_not_found(said: Said) -> None:
    assert said("酒粕汁です", rule(["粕汁"]), {"harmless": ["酒粕汁"]}) == []


def test_all_groups_must_be_said_in_one_sentence(said: Said) -> None:
    both = rule(["減便"], ["反対"])
    assert said("減便には反対です", both) == ["減便/反対"]
    assert said("減便します。反対側の窓口へ", both) == []


def test_neighbouring_sentences_count_where_a_frame_says_so(said: Said) -> None:
    both = rule(["減便"], ["反対"], within="near")
    assert said("減便だそうです。反対です", both) == ["減便/反対"]
    assert said("減便だそうです。明日は晴れ。次は雨。反対です", both) == []


def test_the_whole_draft_counts_where_a_frame_says_so(said: Said) -> None:
    both = rule(["減便"], ["反対"], within="post")
    assert said("減便だそうです。明日は晴れ。次は雨。反対です", both) == ["減便/反対"]


def test_what_calls_a_frame_off_does_so_in_its_window(said: Said) -> None:
    one = rule(["写真"], unless=["承諾"])
    assert said("写真は承諾を得ました。別の写真もどうぞ", one) == ["写真"]
    assert said("写真です。承諾はありません", rule(["写真"], never=["承諾"])) == []


def test_two_groups_never_share_the_same_words(said: Said) -> None:
    assert said("課長です", rule(["課長"], ["課長", "部長"])) == []
