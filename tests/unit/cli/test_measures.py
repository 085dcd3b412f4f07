"""`eval` and `knowledge`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.conftest import Run

LABELS = """\
- {id: q1, org: asahikawa, question: 短縮URLは使える？, style: short, gold: ["6(5)"], dept: [広報広聴課],
   must_contain: ＵＲＬ短縮}
- {id: q2, org: asahikawa, question: 短縮URLは使えるの？, style: short, gold: ["1"], dept: [誰か]}
- {id: u1, org: asahikawa, question: 住民票の取り方を教えて, kind: outside}
- {id: f1, org: asahikawa, question: それはなぜ？, first: 公式アカウントで短縮URLは使える？, gold: ["6(5)"]}
- {id: i1, org: asahikawa, question: 公式アカウントが炎上しています, incident: flame, gold: ["7(1)ア"],
   report_to: [広報広聴課], steps: [{loc: "7(1)ア", must_contain: 反論や抗弁は控える}]}
"""
ONE_RIGHT = (
    "unanswerable: refused",
    "unanswerable: refused, outside",
    "follow-ups: first",
    "incidents: 80 % of the steps",
)


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    path = tmp_path / "labels.yaml"
    path.write_text(LABELS, encoding="utf-8")
    return path


def test_the_figures_are_shares_of_counts(run: Run, labels: Path) -> None:
    found = run("eval", labels, "--json").json
    assert found["questions: first"] == {"share": 0.5, "right": 1, "of": 2}
    assert found["questions: department"] == {"share": 0.5, "right": 1, "of": 2}
    assert found["questions: quotation holds the label's words"]["of"] == 1
    for name in ONE_RIGHT:
        assert found[name] == {"share": 1.0, "right": 1, "of": 1}, name


def test_a_folder_is_measured_as_the_files_in_it(run: Run, labels: Path) -> None:
    assert run("eval", labels.parent, "--json").json == run("eval", labels, "--json").json


def test_people_read_a_table_and_with_failures_what_was_missed(run: Run, labels: Path) -> None:
    table = run("eval", labels).out
    assert " 0.500     1/2    questions: first" in table
    with_failures = run("eval", labels, "--failures").out
    assert with_failures.endswith(table)
    (failure,) = with_failures.removesuffix(table).splitlines()
    assert failure.startswith("q2 [short] 「短縮URLは使えるの？」 answered")
    assert failure.endswith("missed first,in_three,department")


def test_fitting_prints_the_constants_as_yaml(run: Run, labels: Path, tmp_path: Path) -> None:
    from bot.corpus.yaml_source import load_yaml
    from bot.retrieval.confidence import MEASURES

    fitted = tmp_path / "fitted.yaml"
    fitted.write_text(run("eval", labels, "--fit").out, encoding="utf-8")
    confidence = load_yaml(fitted)["confidence"]
    assert set(confidence["weights"]) == set(MEASURES)
    assert float(confidence["bias"])


def test_there_is_nothing_to_fit_on_incidents_alone(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "incidents.yaml"
    path.write_text(LABELS[LABELS.index("- {id: i1") :], encoding="utf-8")
    result = run("eval", path, "--fit")
    assert (result.code, "合わせるための質問がありません" in result.err) == (2, True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "正解付きの質問がありません"),
        ("- {id: q1, question: x}", "「org」がありません"),
        ("- {id: q1, org: nowhere, question: x, gold: ['1']}", "「nowhere」は登録されていません"),
        ("- {id: q1, org: suzaka, question: x, account: both}", "「both」は使えません"),
        ("[", "YAML"),
    ],
)
def test_wrong_labels_are_one_clear_error(run: Run, tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "labels.yaml"
    path.write_text(text, encoding="utf-8")
    result = run("eval", path)
    assert (result.code, result.out, said in result.err) == (2, "", True)


def test_knowledge_check_is_clean_and_counts_the_clauses(run: Run) -> None:
    result = run("knowledge", "check")
    assert (result.code, result.err) == (0, "")
    assert "asahikawa: 123 条項、問題なし" in result.out
    found = run("knowledge", "check", "--org", "suzaka", "--json").json
    assert (found["ok"], found["errors"], list(found["clauses"])) == (True, [], ["suzaka"])


def test_knowledge_check_names_what_is_wrong_and_ends_with_2(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "organizations" / "rei"
    folder.mkdir(parents=True)
    (folder / "organization.yaml").write_text("id: rei\nid: rei\n", encoding="utf-8")
    result = run("knowledge", "check", "--knowledge", tmp_path)
    assert (result.code, f"{folder / 'organization.yaml'}:2:1: キー「id」が二度書かれています" in result.err) == (
        2,
        True,
    )
    assert "rei: 直すところがあります" in result.out
    found = run("knowledge", "check", "--knowledge", tmp_path, "--json", "--lang", "en")
    assert (found.code, found.json["ok"], found.json["clauses"]) == (2, False, {"rei": None})
    assert "is written twice" in found.json["errors"][0]


def test_knowledge_topics_shows_where_each_topic_is_ruled(run: Run) -> None:
    found = run("knowledge", "topics", "--json").json
    assert "6(5)" in found["short_url"]["asahikawa"]
    assert found["short_url"]["chikugo"] == []
    table = run("knowledge", "topics", "--org", "chikugo").out
    assert "  chikugo: 規定なし\n" in table
    assert "asahikawa" not in table
