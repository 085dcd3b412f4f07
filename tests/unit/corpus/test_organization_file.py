"""One organisation's folder: put together where it is right, named where it is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.corpus.organization_file import load_curation, load_faq, load_organization
from bot.errors import DataError

ORGANIZATION = """\
id: rei
name: 例市
document: {title: 例市ガイドライン, date: null, url: null}
departments:
  - name: 広報課
    aliases: [広報]
    phone: 0123-45-6789
    extension: '142'
    scopes: [official, both]
    cites: ["2"]
    why: 問合せ先
roles: [所属長]
"""
GUIDELINE = """\
title: 例市ガイドライン
organization: 例市
established: null
departments: []
skipped: [{lines: [1, 1], why: title}]
warnings: [{line: 2, message: 疑わしい}]
clauses:
  - {locator: "1", marker: １, heading: 目的, kind: clause, parent: null, lines: [[2, 2]], text: 定める。}
  - {locator: "2", marker: ２, heading: 公式, kind: clause, parent: null, lines: [[3, 3]], text: ''}
  - {locator: "2(1)", marker: (1), heading: null, kind: clause, parent: "2", lines: [[4, 4]], text: 届け出る。}
"""
CURATION = """\
moved: [{lines: [9, 9], to: "1", why: 試し}]
clauses:
  "1": {scope: both, topics: [scope]}
  "2": {scope: official, topics: [operation_policy], note: 注}
  "2(1)": {refers_to: ["1"]}
incidents:
  flame:
    official: {steps: [{locator: "2(1)", quote: 届け出る。}, {locator: "1"}], report_to: [広報課]}
"""
FAQ = """\
- cites: ["2(1)", "1"]
  questions: [どこに届ける？]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "rei"
    folder.mkdir()
    for name, text in (("organization", ORGANIZATION), ("guideline", GUIDELINE), ("curation", CURATION), ("faq", FAQ)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_everything_is_put_together(folder: Path) -> None:
    found = load_organization(folder)
    assert (found.id, found.name, found.guideline.date, found.roles) == ("rei", "例市", None, ("所属長",))
    assert [(one.locator, one.scope, one.topics) for one in found.guideline.clauses] == [
        ("1", "both", ("scope",)),
        ("2", "official", ("operation_policy",)),
        ("2(1)", "official", ()),
    ]
    assert found.guideline.clauses[1].note == "注"
    assert found.guideline.clauses[2].refers_to == ("1",)
    assert found.departments[0].extension == "142"
    assert found.faq[0].cites == ("2(1)", "1")
    assert [(step.locator, step.quote) for step in found.incidents[0].steps] == [("2(1)", "届け出る。"), ("1", None)]


def test_curation_and_faq_may_be_absent(folder: Path) -> None:
    (folder / "curation.yaml").unlink()
    (folder / "faq.yaml").unlink()
    found = load_organization(folder)
    assert {clause.scope for clause in found.guideline.clauses} == {None}
    assert (found.faq, found.incidents) == ((), ())
    assert load_curation(folder / "curation.yaml").moved == ()
    assert load_faq(folder / "faq.yaml", set()) == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "said", "line"),
    [
        ("organization", "id: rei", "id: other", "フォルダー名「rei」と同じ", 1),
        ("organization", "name: 例市", "nmae: 例市", "「nmae」という項目はありません", 2),
        ("organization", "title: 例市ガイドライン, ", "", "「title」がありません", 3),
        ("organization", "[official, both]", "[official, all]", "「all」は使えません", 9),
        ("organization", 'cites: ["2"]', 'cites: ["2", "9"]', "条項「9」はこの文書にありません", 10),
        ("organization", "phone:", "tel:", "「tel」という項目はありません", 7),
        ("guideline", 'locator: "2(1)"', 'locator: "2"', "条項番号「2」が二度あります", 10),
        ("guideline", 'parent: "2"', 'parent: "3"', "親の条項「3」が前にありません", 10),
        ("guideline", "目的, kind: clause", "目的, kind: klause", "使えません", 8),
        ("guideline", "[[4, 4]]", "[[4, 3]]", "行の範囲が逆です", 10),
        ("guideline", "line: 2", "line: two", "数を書いてください", 6),
        ("curation", "scope: both", "scope: all", "「all」は使えません", 3),
        ("curation", "note: 注", "nota: 注", "「nota」という項目はありません", 4),
        ("curation", "to: ", "too: ", "「too」という項目はありません", 1),
        ("curation", "official: {steps", "offical: {steps", "「offical」という項目はありません", 8),
        ("curation", "report_to", "report", "「report」という項目はありません", 8),
        ("faq", '"2(1)", "1"', '"2(1)", "7"', "条項「7」はこの文書にありません", 1),
        ("faq", "[どこに届ける？]", "どこに届ける？", "一覧", 2),
        ("faq", "questions", "question", "「questions」がありません", 1),
    ],
)  # fmt: skip
def test_a_slip_is_named_with_file_and_line(  # noqa: PLR0913, PLR0917  # a row of the table
    folder: Path, file: str, old: str, new: str, said: str, line: int
) -> None:
    path = folder / f"{file}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load_organization(folder)
    assert said in str(caught.value)
    assert (caught.value.path, caught.value.line) == (path, line)


@pytest.mark.parametrize("spoil", [lambda path: path.unlink(), lambda path: path.write_text("[", "utf-8")])
@pytest.mark.parametrize("file", ["organization.yaml", "guideline.yaml"])
def test_a_file_that_is_missing_or_broken_is_named(folder: Path, file: str, spoil: Callable[[Path], None]) -> None:
    spoil(folder / file)
    with pytest.raises(DataError) as caught:
        load_organization(folder)
    assert caught.value.path == folder / file
