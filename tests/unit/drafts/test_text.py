"""A draft in the forms that rules look at: signs dropped, kana alike, and always the way back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analysis.tokenizer import Tokenizer
from bot.drafts.text import fold, read_draft

CUT = Tokenizer().cut


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("回★覧の原本", "回覧の原本"),
        ("ﾊﾟ・ｽ・ﾜ・ｰ・ﾄﾞ", "パスワード"),
        ("当.選.者.の.名.簿", "当選者の名簿"),
        ("機＿密＿事＿項", "機密事項"),
        ("裏\u200b金", "裏金"),
        ("日 程 表", "日程表"),
        ("予＝算", "予算"),
    ],
)
def test_signs_put_into_a_word_are_dropped(written: str, meant: str) -> None:
    assert read_draft(written, CUT).plain == meant


@pytest.mark.parametrize(
    "written",
    ["たまねぎ・じゃがいも・にんじん", "広報 教育委員会", "9時~17時", "本日中止です。明日は実施します", "a.b.c"],
)
def test_signs_between_words_stay(written: str) -> None:
    assert read_draft(written, CUT).plain == written


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("シュッチョー", "しゅっちょう"),
        ("スキヤン", "スキャン"),
        ("ｺｰﾋｰ", "コーヒー"),
        ("ケーキ", "けいき"),
        ("ッ", "っ"),
    ],
)
def test_kana_that_sound_alike_are_alike(one: str, other: str) -> None:
    assert fold(read_draft(one, CUT).plain) == fold(read_draft(other, CUT).plain)


def test_a_sentence_ends_at_its_stop_at_a_line_end_and_behind_emoji() -> None:
    draft = read_draft("できました。次は来週🎉 おたのしみに\nまた明日", CUT)
    assert [draft.plain[start:end].strip() for start, end in draft.sentences] == [
        "できました。",
        "次は来週🎉",
        "おたのしみに",
        "また明日",
    ]


@given(st.text(max_size=60))
def test_every_character_points_to_where_it_stood(text: str) -> None:
    draft = read_draft(text, CUT)
    assert len(draft.plain) == len(draft.folded) == len(draft.starts) == len(draft.ends) == len(draft.kept)
    for start, end in zip(draft.starts, draft.ends, strict=True):
        assert 0 <= start < end <= len(text)
    assert list(draft.starts) == sorted(draft.starts)


@given(st.text(alphabet="あ漢カ・★ ._○\n。🎉", max_size=40))
def test_sentences_are_in_order_and_hold_the_text(text: str) -> None:
    draft = read_draft(text, CUT)
    ends = [0, *(end for _, end in draft.sentences)]
    assert all(start >= before for before, (start, _) in zip(ends, draft.sentences, strict=False))
    for at, character in enumerate(draft.plain):
        if character.strip() and any(start <= at < end for start, end in draft.sentences):
            start, end = draft.sentences[draft.sentence_at(at)]
            assert start <= at < end
