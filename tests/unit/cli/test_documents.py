"""`ingest` and `clauses`: what is read, what is written, and that nothing is ever half written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.corpus.yaml_source import load_yaml
from bot.errors import UsageError
from bot.ingest.writer import write_folder
from bot.testing import INVENTED_TEXT
from tests.unit.cli.conftest import Result, Run

DOCUMENT = {"title", "organization", "established", "departments", "clauses", "skipped", "warnings"}
CLAUSE = {"locator", "marker", "heading", "text", "kind", "parent", "lines"}
CURATED = {"scope", "topics", "refers_to", "note"}
HAND_WRITTEN = ("curation.yaml", "organization.yaml", "course.yaml")


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "guideline.txt"
    path.write_text(INVENTED_TEXT, encoding="utf-8")
    return path


@pytest.fixture
def folder(run: Run, document: Path, tmp_path: Path) -> Path:
    """An organisation's folder as `ingest --into` leaves it."""
    assert run("ingest", document, "--org", "rei", "--into", tmp_path / "own").code == 0
    return tmp_path / "own" / "organizations" / "rei"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def updated(run: Run, document: Path, folder: Path, *more: str) -> Result:
    return run("ingest", document, "--org", "rei", "--into", folder.parents[1], "--update", *more)


def test_the_json_of_ingest_has_the_fixed_shape(run: Run, document: Path) -> None:
    result = run("ingest", document, "--json")
    found = result.json
    assert (result.code, set(found)) == (0, DOCUMENT)
    assert (found["title"], found["organization"], found["established"]) == (
        "霞野市ソーシャルメディア利用ガイドライン",
        "霞野市",
        "令和６年４月１日",
    )
    assert found["departments"] == [{"name": "総務部広報課", "phone": "0123-45-6789", "extension": "142"}]
    assert [clause["locator"] for clause in found["clauses"]][:5] == ["1", "2", "2(1)", "2(2)", "2(3)"]
    for clause in found["clauses"]:
        assert set(clause) == CLAUSE
        assert all(first <= last for first, last in clause["lines"])


def test_a_person_reads_an_outline(run: Run, document: Path) -> None:
    lines = run("ingest", document).out.splitlines()
    assert lines[0] == "霞野市ソーシャルメディア利用ガイドライン（霞野市、令和６年４月１日）"
    assert lines[1] == "1\t目的"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7\n\x00", "PDFは読めません"),
        (b"PK\x03\x04abc", "Word・Excel・zip"),
        (b"\x00\x01\x02\xff" * 50, "テキストとして読めません"),
        (b"", "ファイルが空です"),
        (b" \n\n", "空"),
    ],
)
def test_what_is_no_text_is_one_line_and_exit_code_2(run: Run, tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(data)
    for arguments in (("ingest", path), ("ingest", path, "--org", "rei", "--into", tmp_path / "own")):
        result = run(*arguments)
        assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)
        assert said in result.err
    assert not (tmp_path / "own").exists()


def test_a_missing_file_and_a_folder_are_refused(run: Run, tmp_path: Path) -> None:
    for path in (tmp_path / "none.txt", tmp_path):
        assert run("ingest", path, "--json").code == 2


def test_a_shift_jis_document_is_read(run: Run, document: Path) -> None:
    before = run("ingest", document, "--json").json
    document.write_bytes(INVENTED_TEXT.replace("\n", "\r\n").encode("cp932"))
    assert run("ingest", document, "--json").json == before


def test_what_is_ingested_can_be_asked_at_once(run: Run, folder: Path) -> None:
    root = folder.parents[1]
    assert {"source.txt", "guideline.yaml", *HAND_WRITTEN} <= set(contents(folder))
    found = run("ask", "--knowledge", root, "短縮URLは使っていい？", "--json")
    assert (found.code, found.json["citations"][0]["locator"], found.json["scope"]) == (0, "3(3)", "official")
    assert found.json["departments"][0]["phone"] == "0123-45-6789"
    assert run("knowledge", "check", "--knowledge", root).code == 0


def test_an_existing_organisation_is_not_overwritten(run: Run, document: Path, folder: Path) -> None:
    before = contents(folder)
    result = run("ingest", document, "--org", "rei", "--into", folder.parents[1])
    assert (result.code, "--update" in result.err, contents(folder)) == (2, True, before)


def test_an_update_keeps_what_a_person_wrote_and_reports_what_changed(run: Run, document: Path, folder: Path) -> None:
    curation, mine = folder / "curation.yaml", "# mine\n"
    curation.write_text(mine + curation.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "faq.yaml").write_text("- cites: ['3(3)']\n  questions: [短いリンクは？]\n", encoding="utf-8")
    before = contents(folder)
    text = INVENTED_TEXT.replace("短縮URLは使用しない。", "短縮URLは原則として使用しない。")
    text = text.replace("(4) 誤った", "(4) 月に一度は見直す。\n(5) 誤った")
    text = text.replace("(3) 投稿の内容は個人の見解であり、市の見解ではないことを明記する。\n", "")
    document.write_text(text, encoding="utf-8")
    result = updated(run, document, folder, "--json")
    assert (result.code, result.json["changes"]) == (
        0,
        {"added": ["3(5)"], "removed": ["2(3)"], "changed": ["3(3)", "3(4)"]},
    )
    after = contents(folder)
    for name in (*HAND_WRITTEN, "faq.yaml"):
        assert after[name] == before[name]
    assert "原則として" in (folder / "guideline.yaml").read_text(encoding="utf-8")
    assert (folder / "source.txt").read_text(encoding="utf-8") == text
    lines = updated(run, document, folder).out
    assert "added" not in lines


def test_an_update_names_the_lessons_to_look_at(run: Run, document: Path, folder: Path) -> None:
    text = INVENTED_TEXT.replace("承諾を得る", "承諾を必ず得る").replace("届け出る", "届け\n出る")
    document.write_text(text.replace("(1) 職務上知り得た秘密を投稿してはならない。\n", ""), encoding="utf-8")
    said = updated(run, document, folder, "--json").json["lessons"]
    assert [one.split("」")[0] for one in said] == [
        "条項「2(1)",
        "3(2) の本文が変わりました。レッスン「写真と人の権利",
    ]
    checked = run("knowledge", "check", "--knowledge", folder.parents[1])
    assert checked.code != 0
    assert all(one in checked.err for one in said)
    lines = updated(run, document, folder).out.splitlines()
    assert [f"  {folder / 'course.yaml'}: {one}" for one in said] == [line for line in lines if "レッスン「" in line]


def test_a_slip_in_a_course_stops_the_update_before_anything_is_written(run: Run, document: Path, folder: Path) -> None:
    (folder / "course.yaml").write_text("title: 研修\nreviewed: perhaps\nlessons: []\n", encoding="utf-8")
    before = contents(folder)
    document.write_text(INVENTED_TEXT.replace("使用しない", "使わない"), encoding="utf-8")
    result = updated(run, document, folder)
    assert (result.code, "course.yaml:2:1: 「perhaps」" in result.err) == (2, True)
    assert contents(folder) == before


def test_a_course_is_proposed_to_be_read_and_nothing_is_said_of_one_that_stands(
    run: Run, document: Path, folder: Path
) -> None:
    (folder / "course.yaml").unlink()
    assert "course.yaml に提案しました" in updated(run, document, folder).out
    assert "course.yaml" not in updated(run, document, folder).out
    assert load_yaml(folder / "course.yaml")["reviewed"] == "no"


def test_a_document_that_speaks_of_other_things_gets_no_course(run: Run, document: Path, tmp_path: Path) -> None:
    document.write_text("霞野市庭園案内\n\n１ 桜\n三月に咲く。\n\n２ 梅\n二月に咲く。\n", encoding="utf-8")
    assert run("ingest", document, "--org", "niwa", "--into", tmp_path / "own").code == 0
    assert "course.yaml" not in contents(tmp_path / "own" / "organizations" / "niwa")


def test_an_update_writes_proposals_only_for_what_is_not_there(run: Run, document: Path, folder: Path) -> None:
    (folder / "guideline.yaml").unlink()
    (folder / "organization.yaml").unlink()
    (folder / "curation.yaml").write_text("clauses:\n  '1': {scope: private}\n", encoding="utf-8")
    assert updated(run, document, folder).code == 0
    assert load_yaml(folder / "curation.yaml") == {"clauses": {"1": {"scope": "private"}}}
    assert load_yaml(folder / "organization.yaml")["id"] == "rei"


def test_a_new_edition_in_another_format_leaves_no_old_source(run: Run, document: Path, folder: Path) -> None:
    markdown = document.with_suffix(".md")
    markdown.write_text(INVENTED_TEXT.replace("使用しない", "使わない"), encoding="utf-8")
    assert updated(run, markdown, folder).code == 0
    assert (folder / "source.md").is_file()
    assert not (folder / "source.txt").exists()
    assert run("knowledge", "check", "--knowledge", folder.parents[1]).code == 0


@pytest.mark.parametrize("org", ["../rei", "..", "レイ", "Rei", "a b", "", "a/b", "x" * 65])
def test_an_id_that_is_no_folder_name_is_refused(run: Run, document: Path, tmp_path: Path, org: str) -> None:
    result = run("ingest", document, "--org", org, "--into", tmp_path / "own")
    assert (result.code, (tmp_path / "own").exists()) == (2, False)


@pytest.mark.parametrize("more", [["--into", "x"], ["--update"]])
def test_into_and_update_need_an_organisation(run: Run, document: Path, more: list[str]) -> None:
    assert "--org" in run("ingest", document, *more).err


def test_without_a_place_to_write_to_it_says_so(run: Run, document: Path) -> None:
    assert "--into" in run("ingest", document, "--org", "rei").err


def test_a_place_that_cannot_be_written_to_is_left_as_it_was(run: Run, document: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file, not a folder", encoding="utf-8")
    result = run("ingest", document, "--org", "rei", "--into", blocked)
    assert (result.code, "に書き込めません" in result.err) == (2, True)
    assert blocked.read_text(encoding="utf-8") == "a file, not a folder"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_read_only_folder_is_left_as_it_was(run: Run, document: Path, folder: Path) -> None:
    before = contents(folder)
    folder.parent.chmod(0o500)
    try:
        assert updated(run, document, folder).code == 2
        assert contents(folder) == before
    finally:
        folder.parent.chmod(0o700)


@pytest.mark.parametrize("failing", [1, 2], ids=["the old aside", "the new in its place"])
def test_a_disk_that_fails_on_the_way_leaves_the_old_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    before, calls, rename = contents(folder), [], Path.rename

    def breaking(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == failing:
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", breaking)
    with pytest.raises(UsageError) as caught:
        write_folder(folder, {"guideline.yaml": "new"})
    assert (caught.value.code, contents(folder)) == ("E307", before)
    assert [path.name for path in folder.parent.iterdir()] == ["rei"]


def test_the_json_of_clauses_is_that_of_ingest_with_what_curation_adds(run: Run, folder: Path) -> None:
    found = run("clauses", "--knowledge", folder.parents[1], "--json").json
    assert set(found) == DOCUMENT
    assert all(set(clause) == CLAUSE | CURATED for clause in found["clauses"])
    scopes = {clause["locator"]: clause["scope"] for clause in found["clauses"]}
    assert (scopes["2(1)"], scopes["3(1)"]) == ("private", "official")
    assert any("short_url" in clause["topics"] for clause in found["clauses"])


def test_a_person_reads_scope_and_topics_behind_each_clause(run: Run) -> None:
    lines = run("clauses", "--org", "asahikawa").out.splitlines()
    assert lines[0] == "旭川市ソーシャルメディアの利用に関するガイドライン（旭川市）"
    assert any(line.startswith("6(5)\t") and "<official>" in line and "short_url" in line for line in lines)
