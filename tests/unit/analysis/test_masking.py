"""What is kept of a question points at nobody, and still tells what was asked."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analysis.masking import MAIL, NAME, NUMBER, PHONE, Masker

mask = Masker()


@pytest.mark.parametrize(
    "number",
    [
        "090-1234-5678",
        "０９０－１２３４－５６７８",
        "09012345678",
        "090ー1234ー5678",
        "090−1234−5678",
        "090 1234 5678",
        "0166-26-1111",
        "(0166)26-1111",
        "（0166）26-1111",
        "0166(26)1111",
        "0166261111",
        "03.1234.5678",
        "+81-90-1234-5678",
        "+81 (0)90 1234 5678",
        "＋１ 202 555 0123",
        "0120-123-456",
        "26-1111",
        "123-4567",
        "0\u200b90-1234-5678",
    ],
)
def test_phones_are_masked_however_they_are_written(number: str) -> None:
    assert mask(f"連絡は{number}です") == f"連絡は{PHONE}です"


@pytest.mark.parametrize(
    "address", ["taro@example.lg.jp", "Taro.Yamada+x@city.example.jp", "ＴＡＲＯ＠ｅｘａｍｐｌｅ．ｊｐ", "a_b-c@d.co"]
)
def test_mail_addresses_are_masked(address: str) -> None:
    assert mask(f"宛先は{address}に") == f"宛先は{MAIL}に"


@pytest.mark.parametrize(
    "number",
    [
        "123456789012",
        "1234 5678 9012",
        "1234-5678-9012",
        "１２３４５６７８９０１２",
        "4111 1111 1111 1111",
        "1234567890",
    ],
)
def test_twelve_digits_and_other_long_numbers_are_masked(number: str) -> None:
    assert mask(f"これは{number}です") == f"これは{NUMBER}です"


def test_a_number_that_is_called_one_is_masked() -> None:
    assert mask("職員番号は12345の人") == f"職員番号{NUMBER}の人"
    assert mask("電話番号は26-1111") == f"電話番号は{PHONE}"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("田中さんが投稿した", f"{NAME}さんが投稿した"),
        ("山田太郎課長に聞く", f"{NAME}課長に聞く"),
        ("佐藤 花子です", f"{NAME}です"),
        ("林さんと森くん", f"{NAME}さんと{NAME}くん"),
        ("ﾀﾅｶさん、はなこちゃん", f"{NAME}さん、{NAME}ちゃん"),
        ("鈴木に見られた", f"{NAME}に見られた"),
        ("千葉課長と宮崎さん", f"{NAME}課長と{NAME}さん"),
        ("髙橋さんと千葉様", f"{NAME}さんと{NAME}様"),
        ("金子議員の投稿", f"{NAME}議員の投稿"),
        ("<@U0123ABC>に聞いて", f"{NAME}に聞いて"),
        ("<at>山田 太郎</at>に聞いて", f"{NAME}に聞いて"),
    ],
)
def test_names_are_masked_and_their_titles_stay(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "旭川で撮った写真",
        "旭川市長の投稿",
        "筑後市と須坂市と美唄市と浦臼町",
        "千葉県の例は？",
        "業者に頼む",
        "お客様と市民の皆さん",
        "フォロワーさん",
        "5ちゃんみたいな掲示板",
        "方針の用紙の行",
        "6(5)と7(2)イ",
        "令和6年4月1日",
        "2024年度",
        "2024-2025年度",
        "20240401",
        "内線1234",
        "100件",
        "1-2-3",
        "10:30〜11:00",
        "@asahikawa_city",
        "様式1 その他1",
        "インフルエンサーに頼む",
        "大丈夫、了解です",
        "",
    ],
)
def test_what_points_at_nobody_stays(text: str) -> None:
    assert mask(text) == text


@given(
    st.text(
        alphabet=st.sampled_from("0123456789-ー()+. @abzｱ田中山太郎さん課長旭川〒番号は〓電話氏名\u200b\ud800\0<>"),
        max_size=40,
    )
)
def test_masking_a_masked_text_changes_nothing(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(st.text(max_size=60))
def test_any_text_can_be_masked(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(
    st.text(alphabet="写真をはがに、 ", max_size=10),
    st.integers(0, 99_999_999),
    st.text(alphabet="写真をはがに、 ", max_size=10),
)
def test_no_mobile_number_comes_through(before: str, number: int, after: str) -> None:
    digits = f"{number:08}"
    for written in (f"090{digits}", f"080-{digits[:4]}-{digits[4:]}"):
        assert digits[4:] not in mask(f"{before}{written}{after}")


def test_threads_may_share_a_masker() -> None:
    shared = Masker()
    with ThreadPoolExecutor(4) as pool:
        masked = list(pool.map(shared, ["田中さんの090-1234-5678"] * 200))
    assert set(masked) == {f"{NAME}さんの{PHONE}"}


@pytest.mark.parametrize("piece", ["a@b.c+", "090-1234-5678 ", "0", "1-", "田中", "+1", "<@", "a", "(", "番号は1-"])
def test_hostile_text_takes_no_longer(piece: str) -> None:
    text = (piece * 2_000)[:2_000]
    mask("温める")
    start = time.perf_counter()
    mask(text)
    assert time.perf_counter() - start < 1.0
