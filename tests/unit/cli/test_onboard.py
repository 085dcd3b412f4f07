"""`onboard import`, `remind` and `purge`: at once, or through the server that has the database open."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from bot.enrolment import Change, Message
from bot.onboarding.administering import Administration
from bot.store.drop import drop_beside
from bot.testing import INVENTED_ID
from tests.unit.cli.conftest import Run
from tests.unit.cli.town import DONE, ROSTER, exported, refused, serving, town, workspaces

pytestmark = pytest.mark.usefixtures("url")


@pytest.fixture
def url(invented_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    return town(invented_root, tmp_path, monkeypatch)


def taken_in(url: str, administration: Administration) -> int:
    drop = drop_beside(url)
    assert drop is not None
    return administration.take_in(drop)


def test_a_roster_is_enrolled_once(url: str, run: Run) -> None:
    first = run("onboard", "import", "roster.csv")
    assert (first.code, first.out, first.err) == (0, DONE, "")
    again = run("onboard", "import", "roster.csv")
    assert (again.code, again.out) == (0, "0人を登録しました（登録済み 3人）。\n")
    with serving(url) as (store, _):
        assert len(store.enrolments.people("T0KASUMI", INVENTED_ID)) == 3


def test_a_roster_in_shift_jis_is_the_same(run: Run) -> None:
    Path("roster.csv").write_bytes(ROSTER.replace("\n", "\r\n").encode("cp932"))
    assert run("onboard", "import", "roster.csv").out == DONE
    assert run("onboard", "verify").out.startswith("3行、すべて整合しています。")


def test_every_fault_of_a_roster_is_named_and_nobody_enrolled(url: str, run: Run) -> None:
    Path("roster.csv").write_text(ROSTER + "誰か,x,,2026-13-01\n", encoding="utf-8")
    result = run("onboard", "import", "roster.csv")
    assert (result.code, result.out) == (2, "")
    assert [line.partition(": ")[0] for line in result.err.splitlines()[:-1]] == ["roster.csv:5"] * 2
    assert result.err.splitlines()[-1] == "直すところが2か所あります。まだ誰も登録していません。"
    english = run("onboard", "import", "roster.csv", "--lang", "en")
    assert english.err.isascii() or "2026-13-01" in english.err
    assert english.err.splitlines()[-1] == "2 faults; nobody was enrolled."
    assert not Path(url.removeprefix("sqlite:///")).exists()


def test_of_many_faults_the_first_hundred_are_shown_and_all_are_counted(run: Run) -> None:
    Path("roster.csv").write_text("ID,開始日\n" + "U0TARO123,x\n" * 300, encoding="utf-8")
    lines = run("onboard", "import", "roster.csv").err.splitlines()
    assert len(lines) == 101
    assert lines[-1] == "直すところが599か所あります（はじめの100か所を示しました）。まだ誰も登録していません。"


@pytest.mark.parametrize(("name", "words"), [("none.csv", "名簿を読めません"), (".", "名簿を読めません")])
def test_a_file_that_cannot_be_read_is_one_error(run: Run, name: str, words: str) -> None:
    refused(run("onboard", "import", name), words)


def test_beside_a_running_server_the_roster_is_handed_over_and_taken_in(url: str, run: Run) -> None:
    with serving(url) as (store, administration):
        result = run("onboard", "import", "roster.csv")
        assert (result.code, result.err) == (0, "")
        assert result.out.startswith("サーバーが動いているので、名簿（3人）を渡しました。")
        assert "まだ取り込まれていない依頼が1件" in run("onboard", "status").out
        assert taken_in(url, administration) == 1
        assert len(store.enrolments.people("T0KASUMI")) == 3
        assert f"名簿の登録: {DONE}" in run("onboard", "status").out


def test_a_wrong_roster_is_not_handed_over_at_all(url: str, run: Run) -> None:
    Path("roster.csv").write_text("ID,開始日\nU0TARO123,x\n", encoding="utf-8")
    with serving(url):
        assert run("onboard", "import", "roster.csv").code == 2
        assert run("onboard", "status", "--json").json["waiting"] == 0


def test_what_was_handed_to_a_server_that_has_ended_is_done_by_the_next_command(url: str, run: Run) -> None:
    with serving(url):
        run("onboard", "import", "roster.csv")
    assert run("onboard", "import", "roster.csv").out == "0人を登録しました（登録済み 3人）。\n"
    assert run("onboard", "status", "--json").json["waiting"] == 0


@pytest.mark.skipif(os.name == "nt", reason="other rights there")
def test_what_is_handed_over_is_for_the_owner_alone(url: str, run: Run, tmp_path: Path) -> None:
    with serving(url):
        run("onboard", "import", "roster.csv")
    folder = tmp_path / "data" / "bot.sqlite3.inbox"
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())] == [0o700, 0o600]


def test_forgetting_says_what_goes_and_what_stays(run: Run) -> None:
    run("onboard", "import", "roster.csv")
    result = run("onboard", "purge", "hanako@town.example", "--yes")
    assert result.code == 0
    assert [line.partition(":")[0] for line in result.out.splitlines()[:2]] == ["消えるもの", "残るもの"]
    assert result.out.endswith("個人情報を消しました。\n")
    rows = exported(run)
    assert [row["氏名"] for row in rows] == ["（抹消済み）", "霞野 太郎", "'=1+1", "（抹消済み）"]
    assert "hanako" not in Path("out.csv").read_text(encoding="utf-8-sig")
    assert run("onboard", "verify").code == 0


def test_forgetting_wants_a_word(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("onboard", "import", "roster.csv")
    unasked = run("onboard", "purge", "U0TARO123")
    assert (unasked.code, "--yes" in unasked.err) == (2, True)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    for said, left in (("いいえ", 3), ("", 3), ("はい", 2)):
        monkeypatch.setattr("builtins.input", lambda _prompt, said=said: said)
        assert run("onboard", "purge", "U0TARO123").code == 0
        assert run("onboard", "status", "--json").json["courses"][0]["total"]["people"] == left
    refused(run("onboard", "purge", "U0TARO123", "--yes"), "その人は登録されていません")


def test_forgetting_and_reminding_are_handed_over_too(url: str, run: Run) -> None:
    run("onboard", "import", "roster.csv")
    with serving(url) as (store, administration):
        assert "依頼を渡しました" in run("onboard", "remind").out
        assert "依頼を渡しました" in run("onboard", "purge", "U0TARO123", "--yes").out
        assert taken_in(url, administration) == 2
        assert len(store.enrolments.people("T0KASUMI")) == 2
    shown = run("onboard", "status").out
    assert "お知らせ: いま知らせる相手はいません。" in shown
    assert "個人情報の消去: 個人情報を消しました。" in shown


def test_whoever_has_not_answered_is_reminded(url: str, run: Run) -> None:
    run("onboard", "import", "roster.csv")
    with serving(url) as (store, _):
        for _, enrolment in store.enrolments.people("T0KASUMI")[:2]:
            after = replace(enrolment, announced=True, since=1.0, due=None)
            assert store.enrolments.commit(Change(enrolment, after))
    assert run("onboard", "remind").out == "2人にお知らせを送ります（同じ日に2度は送りません）。\n"
    run("onboard", "remind", "--org", INVENTED_ID)
    with serving(url) as (store, _):
        assert store.outbox.counts("T0KASUMI")["ready"] == 2


@pytest.mark.parametrize("verb", [("import", "roster.csv"), ("export", "x.csv"), ("remind",), ("purge", "U0TARO123")])
def test_of_several_workspaces_one_is_named(run: Run, tmp_path: Path, verb: tuple[str, ...]) -> None:
    workspaces(tmp_path, ("slack", "T0KASUMI"), ("teams", "11111111-2222-3333-4444-555555555555"))
    refused(run("onboard", *verb), "--workspace")
    refused(run("onboard", *verb, "--workspace", "T0OTHER"), "T0KASUMI")


def test_the_workspace_that_is_named_is_the_one(url: str, run: Run, tmp_path: Path) -> None:
    teams = "11111111-2222-3333-4444-555555555555"
    workspaces(tmp_path, ("slack", "T0KASUMI"), ("teams", teams))
    refused(run("onboard", "import", "roster.csv", "--workspace", teams), "「U0TARO123」はユーザーIDとして読めません")
    assert run("onboard", "import", "roster.csv", "--workspace", "T0KASUMI").out == DONE
    person = "AAAAAAAA-BBBB-CCCC-DDDD-EEEEEEEEEEEE"
    Path("roster.csv").write_text(f"ID,開始日\n{person},2026-04-01\n", encoding="utf-8")
    assert run("onboard", "import", "roster.csv", "--workspace", teams).code == 0
    with serving(url) as (store, _):
        ((learner, _),) = store.enrolments.people(teams)
        assert (learner.platform, learner.user) == ("teams", person.lower())
    assert len(run("onboard", "status", "--json").json["courses"]) == 2
    assert run("onboard", "verify").out.count("すべて整合しています") == 2


def test_without_a_workspace_nobody_can_be_enrolled(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspaces(tmp_path)
    refused(run("onboard", "import", "roster.csv"), "（なし）")
    monkeypatch.delenv("GUIDELINE_BOT_WORKSPACES")
    refused(run("onboard", "status"), "GUIDELINE_BOT_WORKSPACES がありません")


def test_people_are_enrolled_where_the_workspace_belongs_and_nowhere_else(run: Run) -> None:
    refused(run("onboard", "import", "roster.csv", "--org", "bibai"), f"{INVENTED_ID} のものです")
    assert run("onboard", "import", "roster.csv", "--org", INVENTED_ID).out == DONE


def test_nobody_is_enrolled_in_a_course_that_nobody_has_reviewed(run: Run, tmp_path: Path) -> None:
    course = tmp_path / "knowledge" / "organizations" / INVENTED_ID / "course.yaml"
    course.write_text(course.read_text(encoding="utf-8").replace("reviewed: yes", "reviewed: no"), encoding="utf-8")
    refused(run("onboard", "import", "roster.csv"), "提案のまま")


@pytest.mark.parametrize("part", ["", "import", "status", "export", "verify", "remind", "purge"])
def test_every_part_explains_itself(run: Run, part: str) -> None:
    found = run("onboard", *filter(None, [part]), "--help")
    assert (found.code, found.out.startswith("usage: guideline-bot onboard")) == (0, True)
    assert run("onboard", *filter(None, [part]), "--nonsense").code == 2


def test_what_became_of_planned_messages_is_shown_by_state(url: str, run: Run) -> None:
    with serving(url) as (store, administration):
        run("onboard", "import", "roster.csv")
        taken_in(url, administration)
        for number, (_, enrolment) in enumerate(store.enrolments.people("T0KASUMI")):
            message = Message(f"m{number}", "lesson", "one", 0, 0.0, 1.0, careful=True)
            assert store.enrolments.commit(Change(enrolment, enrolment, messages=(message,)))
        (first,) = store.outbox.claim(("slack",), 1)
        store.outbox.unknown(first, "unconfirmed")
        assert "個別メッセージ（T0KASUMI）: 送信待ち 2、届いたか確認できない 1\n" in run("onboard", "status").out
        assert run("onboard", "status", "--json").json["messages"] == {"T0KASUMI": {"ready": 2, "unknown": 1}}
