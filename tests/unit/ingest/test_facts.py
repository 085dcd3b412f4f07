"""Title, organisation, date and departments."""

# ruff: noqa: E501 - a small document reads best on one line

from __future__ import annotations

import pytest

from bot.document import Office
from tests.unit.ingest.helpers import parsed

_BODY = "\n\n１ 目的\n定める。\n２ 対象\n全員とする。\n"


@pytest.mark.parametrize(
    ("title", "organization"),
    [
        ("霧ヶ浜市職員ソーシャルメディア利用ガイドライン", "霧ヶ浜市"),
        ("町田市ソーシャルメディア運用方針", "町田市"),
        ("四日市市ＳＮＳ利用指針", "四日市市"),
        ("東村山市職員のＳＮＳ利用ガイドライン", "東村山市"),
        ("北潮県ソーシャルメディア運用指針", "北潮県"),
        ("三ツ川広域連合職員ソーシャルメディア利用規程", "三ツ川広域連合"),
        ("桜ヶ淵大学　教職員ソーシャルメディア利用の手引き", "桜ヶ淵大学"),
        ("東雲県立大学 SNS利用に関するよくある質問", "東雲県立大学"),
        ("白峰台病院 職員のためのSNS利用ルール", "白峰台病院"),
        ("朝凪町社会福祉協議会　SNS活用の手引き", "朝凪町社会福祉協議会"),
        ("緑丘市教育委員会ＳＮＳ利用指針", "緑丘市教育委員会"),
    ],
)
def test_the_organisation_stands_in_the_title(title: str, organization: str) -> None:
    document = parsed(title + _BODY)
    assert document.title == title
    assert document.organization == organization


def test_the_organisation_stands_below_the_title() -> None:
    document = parsed("消防職員のＳＮＳ利用に関する問答集\n星見地区消防組合\n" + _BODY)
    assert (document.title, document.organization) == ("消防職員のＳＮＳ利用に関する問答集", "星見地区消防組合")


def test_a_title_over_two_lines() -> None:
    assert parsed("甲市職員の\nソーシャルメディア利用に関するガイドライン" + _BODY).title == (
        "甲市職員のソーシャルメディア利用に関するガイドライン"
    )


def test_name_hint_serves_where_there_is_no_title() -> None:
    from bot.ingest.parser import parse_document

    assert parse_document("１ 目的\n定める。\n２ 対象\n全員。\n", name_hint="guideline").title == "guideline"


@pytest.mark.parametrize(
    ("text", "established"),
    [
        ("甲市指針\n平成 24 年 12 月 1 日" + _BODY, "平成 24 年 12 月 1 日"),
        ("甲市要綱\n平成３０年３月３０日　告示第12号\n改正　令和６年４月１日　告示第21号" + _BODY, "令和６年４月１日"),
        ("甲市指針" + _BODY + "附　則\nこの指針は、令和３年７月 15 日から施行する。\n", "令和３年７月 15 日"),
        ("甲市指針" + _BODY + "\n\n　　　　　　　　　　令和 4年 4月 1日 改定\n", "令和 4年 4月 1日"),
        ("甲大学規則\n2023年4月1日" + _BODY, "2023年4月1日"),
        ("甲町規程" + _BODY + "附　則\nこの規程は、令和元年五月一日から施行する。\n", "令和元年五月一日"),
        ("甲市指針" + _BODY + "昭和25年法律第261号に従う。平成２年３月４日に生まれた者をいう。\n", None),
    ],
)
def test_the_latest_date_is_taken_as_printed(text: str, established: str | None) -> None:
    assert parsed(text).established == established


@pytest.mark.parametrize(
    ("contact", "offices"),
    [
        (
            "総務広報課総務広報係 広報・広聴担当 0942-65-7004（内線 142）",
            [Office("総務広報課総務広報係", "0942-65-7004", "142")],
        ),
        (
            "甲市総務部政策推進課広聴広報係\nTEL(026)248-9017",
            [Office("総務部政策推進課広聴広報係", "(026)248-9017", None)],
        ),
        (
            "総務部 秘書広報課\n電話：０１２３－４５－６７８９（内線２１１）\nFAX：0123-45-6780",
            [Office("総務部秘書広報課", "０１２３－４５－６７８９", "２１１")],
        ),
        (
            "広報に関すること 企画部広報室 電話 012-345-6789\n服務に関すること 総務部人事課 電話 012-345-6780（内線12）",
            [Office("企画部広報室", "012-345-6789", None), Office("総務部人事課", "012-345-6780", "12")],
        ),
        ("情報基盤センター FAX 012-345-0000 TEL 012-345-6789", [Office("情報基盤センター", "012-345-6789", None)]),
    ],
)
def test_departments_of_a_contact_block(contact: str, offices: list[Office]) -> None:
    assert list(parsed("甲市指針" + _BODY + "\nお問い合わせ先\n" + contact + "\n").departments) == offices


def test_offices_are_found_in_clauses_and_words_that_are_none_are_not() -> None:
    text = (
        "甲市指針\n\n１ 手続\n各課は、主管課を経て広報広聴課長に届け出る。担当課及び関係課は、まちづくり推進課と協議する。\n"
        "一部の職員、幹部、利害関係者、市長部局、会議室、当局及び課長は、この限りでない。課題は係が引き継ぐ。\n"
        "２ 様式\n部　　　課　　　係\n　　　　課　長\n議会事務局、教育委員会事務局も同じとする。\n"
    )
    names = [office.name for office in parsed(text).departments]
    assert names == ["広報広聴課", "まちづくり推進課", "議会事務局", "教育委員会事務局"]


def test_the_contact_comes_first_and_the_longest_form_is_kept() -> None:
    text = "甲市指針\n\n１ 報告\n人事課に報告し、広報課に伝える。\n２ 雑則\n定める。\n\n問合せ先\n総務部広報課 電話 012-345-6789\n"
    assert list(parsed(text).departments) == [Office("総務部広報課", "012-345-6789", None), Office("人事課")]
