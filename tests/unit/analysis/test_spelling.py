"""Misspelt words find the clause's word; correctly written questions are left alone."""

import time
from itertools import pairwise

import pytest

from bot.analysis.analyzer import AnalysisConfig, Analyzer
from bot.analysis.edits import OneEdit, is_one_edit
from bot.analysis.readings import align, mixed_spellings, short_okurigana
from bot.analysis.spelling import Spelling
from bot.analysis.vocabulary import collect_vocabulary

CLAUSES = [
    "職員は、ソーシャルメディアを利用するにあたり、違法行為をあおる情報を発信してはならない。",
    "人種、思想、信条、職業等で差別する内容、他者を誹謗中傷する内容を投稿しない。",
    "公式アカウントの開設は、ガイドラインに基づき広報課の承認を得る。",
    "著作権、肖像権、個人情報を侵害する情報。",
    "炎上したときは放置せず、所属長に報告し、問い合わせには誠実に対応する。",
    "利用者の意見には原則として返信しない。不適切な書き込みは削除する。",
    "勤務時間中の私的な利用は、職務専念義務に反する。コメントに注意する。",
    "Facebook、Twitter等の規約を遵守し、規定を確認する。写真の公開に配慮する。",
    "公私の別、私的な利用、他団体への添付、担当外の業務、定期の報告。年代、単位、中傷。",
]
LIGHT = [
    "為る",
    "有る",
    "居る",
    "成る",
    "出来る",
    "事",
    "物",
    "時",
    "所",
    "為",
    "様",
    "良い",
    "無い",
    "言う",
    "何",
    "場合",
]
ANALYZER = Analyzer(AnalysisConfig(light_words=frozenset(LIGHT)))
SPELLING = Spelling(collect_vocabulary(CLAUSES, ANALYZER), ANALYZER)


@pytest.mark.parametrize(
    ("question", "typed", "word", "why"),
    [
        ("さべつはだめ？", "さべつ", "差別", "kana"),
        ("あかうんとの作り方", "あかうんと", "アカウント", "kana"),
        ("えんじょうしたらどうする", "えんじょう", "炎上", "kana"),
        ("サベツ発言を見た", "サベツ", "差別", "kana"),
        ("こうしきあかうんとの名前", "こうしきあかうんと", "公式アカウント", "kana"),
        ("とうこうしてもいい？", "とうこう", "投稿", "kana"),
        ("炎じょうした", "炎じょう", "炎上", "mazegaki"),
        ("差べつする書き方", "差べつ", "差別", "mazegaki"),
        ("ほう置したらどう思われる", "ほう置", "放置", "mazegaki"),
        ("職業の内ようを書く", "内よう", "内容", "mazegaki"),
        ("誹ぼう中傷された", "誹ぼう中傷", "誹謗中傷", "mazegaki"),
        ("違放行為をあおる", "違放行為", "違法行為", "conversion"),
        ("後式アカウント", "後式", "公式", "conversion"),
        ("著作件の侵害", "著作件", "著作権", "conversion"),
        ("故人情報を載せた", "故人情報", "個人情報", "conversion"),
        ("勤務時簡中に見る", "勤務時簡", "勤務時間", "conversion"),
        ("ソーシャルメデアの私用", "ソーシャルメデア", "ソーシャルメディア", "typo"),
        ("ソシャルメディアとは", "ソシャルメディア", "ソーシャルメディア", "typo"),
        ("ソーシャルメデイアとは", "ソーシャルメデイア", "ソーシャルメディア", "typo"),
        ("アカウトを作る", "アカウト", "アカウント", "typo"),
        ("ガイドランはどこ", "ガイドラン", "ガイドライン", "typo"),
        ("ガイドイランはどこ", "ガイドイラン", "ガイドライン", "typo"),
        ("facebokは使える？", "facebok", "facebook", "typo"),
        ("個情報を載せた", "個情報", "個人情報", "typo"),
        ("書きこみを消す", "書きこみ", "書き込み", "mazegaki"),
        ("書込を消す", "書込", "書き込み", "okurigana"),
        ("問合わせが来た", "問合わせ", "問い合わせ", "okurigana"),
        ("sakujo irai wa doko ni dasu no", "sakujo", "削除", "romaji"),
        ("sabetsu wa dame", "sabetsu", "差別", "romaji"),
        ("enzyou sitara dou suru", "enzyou", "炎上", "romaji"),
        ("kojinjōhō wo nosete ii?", "kojinjōhō", "個人情報", "romaji"),
    ],
)
def test_a_misspelt_word_is_led_to_the_word_of_the_clauses(question: str, typed: str, word: str, why: str) -> None:
    found = [(question[one.start : one.end], one.word, one.why) for one in SPELLING.corrections(question)]
    assert any(at.startswith(typed) and to.startswith(word) and because == why for at, to, because in found), found


@pytest.mark.parametrize(
    "question",
    [
        "公式アカウントで差別的な投稿があったらどうすればいいですか",
        "個人情報を公開しようと思うのですが問題ないでしょうか",
        "カウントダウンのイベントを載せていい？",
        "この行いは違うと思います",
        "気持ちを表したいときはどうする",
        "市長の写真を使ってもいいですか",
        "スマホから投稿していいのはどんなときですか",
        "フォロワーを増やすコメントの書き方",
        "業務用のパソコンで閲覧していい？",
        "保険の案内を出したい",
        "公園のイベントを紹介する講演会",
        "内容を確認してから問い合わせに返信する",
        "ことしはないようにしてください",
        "炎上しそうなときはどうする",
        "担当がいない土日はどうする",
        "こうした書き込みを保持してきた理由",
        "発言を継承していきたい",
        "支援した団体はどこ",
        "運用ポリシーのテンプレをください",
        "七年以降の中小企業の話",
        "上司に言われたとおりにしていいか不安",
        "can I use my private account at work?",
        "please note the guideline",
        "LINE",
        "Facebook と Twitter の使い分け",
        "",
        "？！🎉",
        "   ",
    ],
)
def test_a_correct_question_is_left_alone(question: str) -> None:
    assert SPELLING.corrections(question) == []


def test_the_clauses_own_words_are_never_corrected() -> None:
    assert [one for clause in CLAUSES for one in SPELLING.corrections(clause)] == []


def test_offsets_point_into_the_question_as_typed() -> None:
    question = "㈱の ｱｶｳﾄ は？"
    (found,) = SPELLING.corrections(question)
    assert (question[found.start : found.end], found.word) == ("ｱｶｳﾄ", "アカウント")


def test_an_ambiguous_spelling_shares_its_weight() -> None:
    words = collect_vocabulary(["規定を守る", "規程を定める"], ANALYZER)
    found = Spelling(words, ANALYZER).corrections("規ていはどこ")
    assert {one.word for one in found} == {"規定", "規程"}
    assert {round(one.weight, 2) for one in found} == {0.45}


def test_places_do_not_overlap_and_stand_in_order() -> None:
    found = SPELLING.corrections("さべつする内ようの書きこみをアカウトに見た")
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert len(found) == 4


def test_without_a_vocabulary_nothing_is_corrected() -> None:
    assert Spelling([], ANALYZER).corrections("さべつする内ようのアカウト") == []


def test_a_question_is_looked_up_in_a_millisecond() -> None:
    question = "公式アカウントで利用者の意見に返信してもよいでしょうか教えて"
    SPELLING.corrections(question)
    started = time.perf_counter()
    for _ in range(100):
        SPELLING.corrections(question)
    assert (time.perf_counter() - started) / 100 < 0.001


@pytest.mark.parametrize(
    ("word", "reading", "pieces"),
    [
        ("炎上", "えんじょう", ("えん", "じょう")),
        ("違法行為", "いほうこうい", ("い", "ほう", "こう", "い")),
        ("書き込み", "かきこみ", ("か", "き", "こ", "み")),
        ("相手", "あいて", ("あい", "て")),
        ("大人", "おとな", ("おと", "な")),
        ("差別", "さ", None),
    ],
)
def test_a_reading_is_shared_among_the_characters(word: str, reading: str, pieces: tuple[str, ...] | None) -> None:
    assert align(word, reading) == pieces


def test_spellings_follow_from_the_shares() -> None:
    assert set(mixed_spellings("炎上", ("えん", "じょう"))) == {"えん上", "炎じょう"}
    assert set(short_okurigana("書き込み")) == {"書込み", "書き込", "書込"}


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [("abcd", "abd", True), ("abcd", "acbd", True), ("abcd", "abxd", True), ("abcd", "abcde", True),
     ("abcd", "abcd", False), ("abcd", "badc", False), ("abcd", "axyd", False), ("ab", "abcd", False),
     ("abcd", "xabc", False), ("", "a", True)],
)  # fmt: skip
def test_one_edit_is_one_slip_of_a_finger(one: str, other: str, near: bool) -> None:  # noqa: FBT001
    assert is_one_edit(one, other) is near
    assert is_one_edit(other, one) is near


def test_near_words_come_nearest_first() -> None:
    assert OneEdit(["abcx", "abcd", "zzzz"]).near("abcd") == ["abcd", "abcx"]
