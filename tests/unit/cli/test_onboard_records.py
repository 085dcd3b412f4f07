"""`onboard status`, `export` and `verify`: what is on record, beside a running server too."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from bot.enrolment import Change, Entry
from bot.testing import INVENTED_ID
from tests.unit.cli.conftest import Run
from tests.unit.cli.town import exported, refused, serving, town

pytestmark = pytest.mark.usefixtures("url")


@pytest.fixture
def url(invented_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    return town(invented_root, tmp_path, monkeypatch)


def test_records_are_read_beside_a_running_server(url: str, run: Run) -> None:
    run("onboard", "import", "roster.csv")
    with serving(url):
        assert run("onboard", "status").code == 0
        assert run("onboard", "verify").code == 0
        assert len(exported(run)) == 3


def test_the_standing_names_departments_and_nobody(run: Run) -> None:
    run("onboard", "import", "roster.csv")
    table = run("onboard", "status").out
    assert table.startswith("霞野市（slack T0KASUMI）\n  所属  ")
    assert "総務課" in table
    for person in ("花子", "U0TARO123", "hanako"):
        assert person not in table
    found = run("onboard", "status", "--json").json["courses"]
    assert [(one["org"], one["total"]["people"]) for one in found] == [(INVENTED_ID, 3)]


def test_an_export_is_the_whole_ledger_with_names_and_no_formula(run: Run) -> None:
    run("onboard", "import", "roster.csv")
    rows = exported(run)
    assert [row["氏名"] for row in rows] == ["霞野 花子", "霞野 太郎", "'=1+1"]
    assert {row["できごと"] for row in rows} == {"登録"}
    assert rows[0]["日時"].endswith("+09:00")
    assert stat.S_IMODE(Path("out.csv").stat().st_mode) == 0o600 or os.name == "nt"


def test_a_workbook_says_how_to_verify_it(run: Run) -> None:
    run("onboard", "import", "roster.csv")
    assert run("onboard", "export", "out.xlsx").code == 0
    book = openpyxl.load_workbook("out.xlsx")
    assert book.worksheets[0].max_row == 4
    about = {row[0].value: row[1].value for row in book.worksheets[1].iter_rows()}
    book.close()
    assert "霞野市ソーシャルメディア利用ガイドライン" in about["文書"]
    assert about["記録全体の行数"] == "3"
    head = about["末尾のハッシュ"]
    assert f"verify --head {head}" in about["確かめ方"]
    run("onboard", "purge", "U0TARO123", "--yes")
    assert run("onboard", "verify", "--head", head).code == 0


@pytest.mark.parametrize("person", ["hanako@town.example", "HANAKO@town.example"])
def test_one_person_gets_what_is_kept_of_that_person(run: Run, person: str) -> None:
    run("onboard", "import", "roster.csv")
    assert [row["氏名"] for row in exported(run, "--person", person)] == ["霞野 花子"]
    run("onboard", "export", "out.xlsx", "--person", person)
    book = openpyxl.load_workbook("out.xlsx")
    about = {row[0].value: row[1].value for row in book.worksheets[1].iter_rows()}
    book.close()
    assert about["登録内容: メール"] == "hanako@town.example"
    assert about["登録内容: 上司"] == "boss@town.example"
    assert about["登録内容: 開始日"] == "2026-04-01"


def test_an_export_replaces_nothing_unasked(run: Run) -> None:
    run("onboard", "import", "roster.csv")
    Path("out.csv").write_text("mine", encoding="utf-8")
    refused(run("onboard", "export", "out.csv"), "--force")
    assert Path("out.csv").read_text(encoding="utf-8") == "mine"
    refused(run("onboard", "export", "no/such/out.csv"), "書けません")
    refused(run("onboard", "export", "out.txt"), ".csv と .xlsx")
    refused(run("onboard", "export", "x.csv", "--person", "U0NOBODY1"), "その人は登録されていません")
    assert sorted(path.name for path in Path().glob("*out*")) == ["out.csv"]


def test_a_line_that_was_changed_is_named(url: str, run: Run) -> None:
    run("onboard", "import", "roster.csv")
    with serving(url) as (store, _):
        _, enrolment = store.enrolments.people("T0KASUMI")[0]
        store.enrolments.commit(Change(enrolment, replace(enrolment, due=None), (Entry("opened", 1.0),)))
        job = "UPDATE ledger SET detail = 'x' WHERE number = 2"
        store._database.write(lambda one: (one.exec_driver_sql(_untriggered(one)), one.exec_driver_sql(job)))
    result = run("onboard", "verify")
    assert (result.code, result.out) == (1, "2行目が整合しません: 内容が書き換えられています。\n")
    assert run("onboard", "export", "out.csv").code == 1


def _untriggered(connection: object) -> str:
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger' AND name LIKE '%update%'"
    (name,) = connection.exec_driver_sql(query).scalars()  # type: ignore[attr-defined]  # a Connection
    return f'DROP TRIGGER "{name}"'


def test_a_hash_that_was_noted_elsewhere_is_not_found(run: Run) -> None:
    run("onboard", "import", "roster.csv")
    result = run("onboard", "verify", "--head", "ab" * 32)
    assert (result.code, "控えたハッシュが記録の中にありません" in result.out) == (1, True)
    refused(run("onboard", "verify", "--head", "abc"), "64桁")


@pytest.mark.parametrize("verb", [("status",), ("verify",), ("export", "x.csv"), ("purge", "U0TARO123", "--yes")])
def test_before_the_first_roster_there_are_no_records(run: Run, verb: tuple[str, ...]) -> None:
    refused(run("onboard", *verb), "研修の記録を読めません")


def test_an_empty_record_is_not_called_sound(url: str, run: Run) -> None:
    with serving(url):
        assert run("onboard", "verify").out == "記録はまだ1行もありません。\n"
