"""Words with their places, and the terms made of them."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.analysis.analyzer import AnalysisConfig, Analyzer
from bot.analysis.tokenizer import Tokenizer
from bot.errors import DataError

ANALYZER = Analyzer(AnalysisConfig(light_words=frozenset({"為る", "良い"})))
TOKENIZER = Tokenizer()


def test_a_token_points_at_the_characters_as_typed() -> None:
    text = "ｱｶｳﾝﾄで  炎上㈱"
    tokens = TOKENIZER.tokens(text)
    assert [text[token.start : token.end] for token in tokens][:3] == ["ｱｶｳﾝﾄ", "で", "炎上"]
    assert tokens[0].surface == "アカウント"
    assert tokens[0].reading == "あかうんと"


def test_an_inflected_word_gives_its_dictionary_form() -> None:
    assert "消す" in [token.lemma for token in TOKENIZER.tokens("投稿を消した")]


def test_the_gloss_of_unidic_is_no_part_of_a_lemma() -> None:
    assert all("-" not in token.lemma for token in TOKENIZER.tokens("私はｌｉｎｅを使う"))


def test_an_unknown_word_is_its_own_lemma() -> None:
    (token,) = TOKENIZER.tokens("ホゲラッチョ")
    assert (token.lemma, token.reading) == ("ホゲラッチョ", "ほげらっちょ")


def test_all_readings_of_a_character_are_known() -> None:
    assert {"こう", "ご", "あと"} <= TOKENIZER.readings("後")


@settings(deadline=None)
@given(st.text(alphabet="炎上あｱﾞの㈱Ａ \u200b。しﾟ", max_size=25))
def test_tokens_stand_in_order_inside_the_text(text: str) -> None:
    tokens = TOKENIZER.tokens(text)
    assert all(0 <= token.start < token.end <= len(text) for token in tokens)
    assert all(one.start <= other.start and one.end <= other.end for one, other in pairwise(tokens))


def test_function_words_and_light_words_are_no_terms() -> None:
    terms = ANALYZER.terms("炎上したらどうすればいい？")
    assert "w:炎上" in terms
    assert not {"w:た", "w:為る", "w:良い", "w:?"} & set(terms)


def test_every_kind_of_term_has_its_weight() -> None:
    terms = ANALYZER.terms("公式アカウント")
    assert terms["w:公式"] == 1.0
    assert terms["p:公式 アカウント"] == pytest.approx(0.3)
    assert terms["c:公式"] == pytest.approx(0.25)
    assert terms["k:公"] == pytest.approx(0.1)


def test_an_occurrence_more_counts_once_more() -> None:
    assert ANALYZER.terms("炎上、炎上")["w:炎上"] == 2.0


def test_character_pairs_do_not_reach_across_punctuation() -> None:
    assert "c:上投" not in ANALYZER.terms("炎上。投稿")


def test_full_and_half_width_text_have_the_same_terms() -> None:
    assert ANALYZER.terms("ＳＮＳのｱｶｳﾝﾄ") == ANALYZER.terms("snsのアカウント")


@pytest.mark.parametrize("text", ["", " ", "、。？", "\u200b", "🎉🎉"])
def test_text_without_words_has_no_word_terms(text: str) -> None:
    assert not [key for key in ANALYZER.terms(text) if key.startswith(("w:", "p:", "k:"))]


def test_a_kind_of_weight_zero_leaves_no_trace() -> None:
    analyzer = Analyzer(AnalysisConfig(kanji=0.0, characters=0.0))
    assert {key[0] for key in analyzer.terms("公式アカウント")} == {"w", "p"}


def test_threads_share_one_analyzer() -> None:
    texts = [f"公式アカウントの炎上{number}を報告する" for number in range(200)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ANALYZER.terms, texts)) == [ANALYZER.terms(text) for text in texts]


def test_the_configuration_is_read_from_plain_text() -> None:
    config = AnalysisConfig.from_mapping({"light_words": ["事"], "weights": {"pairs": "0.5"}})
    assert config.light_words == {"事"}
    assert config.units == {"w": 1.0, "c": 0.25, "p": 0.5, "k": 0.1}
    assert "助詞" in config.dropped_pos


@pytest.mark.parametrize(
    "wrong",
    [
        {"lightwords": []},
        {"light_words": "事"},
        {"light_words": [["事"]]},
        {"weights": {"word": "1"}},
        {"weights": {"words": "heavy"}},
        {"weights": {"words": "nan"}},
        {"weights": {"words": "-1"}},
        {"weights": ["1"]},
    ],
)
def test_a_wrong_configuration_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(DataError, match="analyzer"):
        AnalysisConfig.from_mapping(wrong)
