"""Normalised text finds its way back to the characters the author wrote."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analysis.normalize import hiragana, katakana, normalize


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("ＳＮＳのＡ", "snsのa"),
        ("ｱｶｳﾝﾄ", "アカウント"),
        ("ｶﾞｲﾄﾞﾗｲﾝ", "ガイドライン"),
        ("か゛き゛", "がぎ"),
        ("㈱例　㌔", "(株)例 キロ"),
        ("個人\u200b情報\ufeff", "個人情報"),
        ("葛\U000e0100城", "葛城"),
        ("❤\ufe0f", "❤"),
        ("一行\n二行\t", "一行 二行 "),
        ("ソ−シャル", "ソーシャル"),
        ("半角\x00\x1b", "半角"),
        ("壊れた\ud800文字", "壊れた文字"),
        ("", ""),
    ],
)
def test_text_is_folded_to_one_form(written: str, normal: str) -> None:
    assert normalize(written).text == normal


def test_a_composed_character_covers_both_its_originals() -> None:
    folded = normalize("ｶﾞい")
    assert folded.offsets == ((0, 2), (2, 3))


def test_an_expanded_character_maps_back_to_its_one_original() -> None:
    folded = normalize("あ㈱い")
    assert folded.offsets == ((0, 1), (1, 2), (1, 2), (1, 2), (2, 3))
    assert folded.original_span(1, 4) == (1, 2)


def test_a_span_over_an_invisible_character_includes_it() -> None:
    assert normalize("個\u200b人").original_span(0, 2) == (0, 3)


def test_an_empty_span_stays_empty_even_behind_the_end() -> None:
    assert normalize("あい").original_span(2, 2) == (2, 2)
    assert normalize("").original_span(0, 0) == (0, 0)


def test_a_dash_between_latin_letters_stays_a_dash() -> None:
    assert normalize("x-y").text == "x-y"


def test_kana_are_exchanged_without_moving_anything() -> None:
    assert hiragana("アカウント・ーヴ漢a") == "あかうんと・ーゔ漢a"
    assert katakana("あかうんとー漢a") == "アカウントー漢a"


@given(st.text(max_size=60))
def test_offsets_never_fall_and_stay_inside_the_original(text: str) -> None:
    folded = normalize(text)
    assert len(folded.starts) == len(folded.ends) == len(folded.text)
    assert all(0 <= start < end <= len(text) for start, end in folded.offsets)
    assert all(one[0] <= other[0] and one[1] <= other[1] for one, other in pairwise(folded.offsets))


@given(st.text(alphabet="アｱｶﾞﾟ゛か゚がＡa㈱①\u200b\ufe0f\u3099\u309aーｰ−-é\u0301ﷺ漢 \n", max_size=30))
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalize(text).text
    assert normalize(once).text == once


@given(st.text(alphabet="ぁアｱｶﾞＡ㈱漢字ーe\u0301", max_size=30))
def test_each_normalised_character_comes_from_the_characters_it_points_to(text: str) -> None:
    folded = normalize(text)
    for at, (start, end) in enumerate(folded.offsets):
        assert folded.text[at] in normalize(text[start:end]).text
