"""Romaji reads back as kana; English and names stay as they are."""

import pytest

from bot.analysis.romaji import romaji_words, to_kana


@pytest.mark.parametrize(
    ("romaji", "kana"),
    [
        ("riyousha", "りようしゃ"), ("riyousya", "りようしゃ"), ("sabetsu", "さべつ"),
        ("sabetu", "さべつ"), ("toukou", "とうこう"), ("tōkō", "とうこう"),
        ("tookoo", "とおこお"), ("tôkô", "とうこう"), ("enjou", "えんじょう"),
        ("enzyou", "えんじょう"), ("kinen", "きねん"), ("kin'en", "きんえん"),
        ("kinnen", "きんねん"), ("onna", "おんな"), ("konna", "こんな"),
        ("hannou", "はんのう"), ("shinbun", "しんぶん"), ("shimbun", "しんぶん"),
        ("zasshi", "ざっし"), ("zassi", "ざっし"), ("matcha", "まっちゃ"),
        ("chosaku", "ちょさく"), ("tyosaku", "ちょさく"), ("fukushi", "ふくし"),
        ("hukusi", "ふくし"), ("jouhou", "じょうほう"), ("akaunto", "あかうんと"),
        ("media", "めでぃあ"), ("hon", "ほん"), ("kuukou", "くうこう"),
        ("ryūkō", "りゅうこう"), ("line", None), ("account", None),
        ("private", None), ("twitter", None), ("sns", None),
        ("my", None), ("the", None), ("xyz", None),
        ("", None), ("k", None),
    ],
)  # fmt: skip
def test_a_word_is_read_as_kana_or_not_at_all(romaji: str, kana: str | None) -> None:
    assert to_kana(romaji) == kana


def test_a_romaji_message_gives_its_words_with_their_places() -> None:
    text = "koukai no hani"
    assert [(text[word.start : word.end], word.kana) for word in romaji_words(text)] == [
        ("koukai", "こうかい"), ("no", "の"), ("hani", "はに"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["can i use my private account?", "snsのkojin利用", "twitter", "", "12345", "このsabetsuな書き込みを消してほしい"],
)
def test_other_messages_are_no_romaji(text: str) -> None:
    assert romaji_words(text) == []


def test_a_known_name_counts_for_neither_side() -> None:
    assert [word.kana for word in romaji_words("line no koushiki", {"line"})] == ["の", "こうしき"]
