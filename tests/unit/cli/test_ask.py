"""`ask`: exit codes, the JSON others rely on, and standard input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.settings import Settings
from tests.unit.cli.conftest import Run

ANSWER = {
    "id": str | None,
    "status": str,
    "confidence": float,
    "scope": str | None,
    "answer": str,
    "citations": list,
    "steps": list,
    "report_to": list,
    "related": list,
    "departments": list,
    "explain": list,
}
CITATION = {
    "org": str,
    "document": str,
    "date": str | None,
    "locator": str,
    "breadcrumb": list,
    "lead_in": str | None,
    "heading": str | None,
    "text": str,
    "scope": str | None,
    "kind": str,
    "url": str | None,
    "score": float,
    "note": str | None,  # beside DESIGN section 3: curation's remark on the clause
}
DEPARTMENT = {"name": str, "phone": str | None, "extension": str | None, "why": str}
STEP = {"locator": str, "text": str}


def assert_shape(found: dict[str, Any], shape: dict[str, Any]) -> None:
    assert list(found) == list(shape)
    for name, kind in shape.items():
        assert isinstance(found[name], kind), name


@pytest.mark.parametrize(
    ("question", "status", "code"),
    [
        ("短縮URLは使える？", "answered", 0),
        ("公式アカウントが炎上しています", "incident", 0),
        ("こんにちは", "smalltalk", 0),
        ("住民票の取り方を教えて", "not_found", 1),
    ],
)
def test_the_json_has_the_fixed_shape_and_the_exit_code_tells_whether_something_was_found(
    run: Run, question: str, status: str, code: int
) -> None:
    result = run("ask", "--org", "asahikawa", question, "--json")
    assert (result.code, result.err) == (code, "")
    assert result.out.count("\n") == 1
    found = result.json
    assert found["status"] == status
    assert_shape(found, ANSWER)
    for citation in (*found["citations"], *found["related"]):
        assert_shape(citation, CITATION)
    for department in found["departments"]:
        assert_shape(department, DEPARTMENT)
    for step in found["steps"]:
        assert_shape(step, STEP)
    assert all(isinstance(name, str) for name in (*found["report_to"], *found["explain"]))
    assert found["departments"]


def test_without_json_a_person_reads_the_answer(run: Run) -> None:
    result = run("ask", "--org", "asahikawa", "短縮URLは使える？")
    assert result.out == run("ask", "--org", "asahikawa", "短縮URLは使える？", "--json").json["answer"] + "\n"
    assert "\x1b" not in result.out


def test_account_and_history_are_taken_into_account(run: Run) -> None:
    before = ("--history", "公式アカウントで短縮URLは使える？")
    found = run("ask", "--org", "urausu", *before, "それはなぜ？", "--account", "private", "--json").json
    assert any("前の質問" in reason for reason in found["explain"])
    assert any("個人アカウント" in reason for reason in found["explain"])


def test_a_dash_reads_the_question_from_standard_input(run: Run, stdin: Callable[[str], None]) -> None:
    stdin("短縮URLは\n使える？\n")
    assert run("ask", "--org", "asahikawa", "-", "--json").json["citations"][0]["locator"] == "6(5)"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ask", "短縮URLは？"), "団体を --org で指定してください"),
        (("ask", "--org", "nowhere", "短縮URLは？"), "団体「nowhere」は登録されていません"),
        (("ask", "--org", "../asahikawa", "x"), "登録されていません"),
        (("ask", "--org", "asahikawa"), "質問を書いてください"),
        (("ask", "--org", "asahikawa", ""), "質問が空です"),
        (("ask", "--org", "asahikawa", "あ" * 2_001), "質問が長すぎます"),
        (("ask", "--org", "asahikawa", "a\x1b[31mb"), "制御文字"),
        (("ask", "--org", "asahikawa", "x", "--knowledge", "/nowhere"), "organizations/ がありません"),
        (("ask", "--batch", "/nowhere.jsonl"), "/nowhere.jsonl を読めません"),
        (("ask", "--org", "asahikawa", "x", "--account", "both"), "使えない値です"),
        (("ask", "--nonsense"), "知らない指定です"),
        ((), "次の指定が必要です: コマンド"),
        (("fly",), "使えない値です"),
        (("knowledge", "burn"), "使えない値です"),
        (("ingest",), "次の指定が必要です"),
        (("eval",), "次の指定が必要です"),
        (("bench",), "--corpus と --queries"),
    ],
)
def test_wrong_use_is_one_japanese_line_and_exit_code_2(run: Run, arguments: tuple[str, ...], said: str) -> None:
    result = run(*arguments)
    assert (result.code, result.out) == (2, "")
    assert said in result.err
    assert result.err.count("\n") == 1


def test_an_unknown_or_missing_organisation_lists_the_known(run: Run) -> None:
    for arguments in (("ask", "x"), ("ask", "--org", "nowhere", "x"), ("clauses",), ("clauses", "--org", "nowhere")):
        err = run(*arguments).err
        assert all(org in err for org in ("asahikawa", "bibai", "chikugo", "suzaka", "urausu"))


def test_errors_are_english_on_demand(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("ask", "--org", "nowhere", "x", "--lang", "en").err.startswith("unknown organisation 'nowhere'; known:")
    monkeypatch.setenv("GUIDELINE_BOT_LANG", "en")
    assert run("ask", "--org", "asahikawa", "").err == "the question is empty.\n"
    assert run("ask", "--org", "asahikawa", "", "--lang", "ja").err.startswith("質問が空です")


def test_the_environment_decides_where_the_command_line_is_silent(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIDELINE_BOT_ORG", "suzaka")
    assert run("ask", "問い合わせ先は？", "--json").json["citations"][0]["org"] == "suzaka"
    assert run("ask", "問い合わせ先は？", "--org", "chikugo", "--json").json["citations"][0]["org"] == "chikugo"
    monkeypatch.setenv("GUIDELINE_BOT_KNOWLEDGE", "/nowhere")
    assert "/nowhere" in run("ask", "x").err


@pytest.mark.parametrize(
    ("name", "value", "code"), [("GUIDELINE_BOT_ROG", "suzaka", "E203"), ("GUIDELINE_BOT_LANG", "fr", "E204")]
)
def test_a_setting_that_does_not_exist_is_refused(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, code: str
) -> None:
    from bot.errors import SettingsError
    from bot.settings import from_env

    monkeypatch.setenv(name, value)
    result = run("ask", "--org", "suzaka", "写真は？")
    assert (result.code, name in result.err) == (2, True)
    with pytest.raises(SettingsError) as caught:
        from_env({name: value})
    assert caught.value.code == code


def test_settings_have_defaults_and_the_cache_can_be_switched_off() -> None:
    from bot.settings import from_env

    assert from_env({}) == Settings()
    assert from_env({"GUIDELINE_BOT_CACHE": "off", "HOME": "/h"}).cache is None
    assert str(from_env({"HOME": "/h"}).cache) == "/h/.cache/guideline-bot"
    assert str(from_env({"HOME": "/h", "XDG_CACHE_HOME": "/x"}).cache) == "/x/guideline-bot"
    assert from_env({"PATH": "/bin", "OTHER": "1"}) == Settings()
