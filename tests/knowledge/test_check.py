"""The bundle proves itself, and the proof notices what is wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.corpus.knowledge import Knowledge
from bot.ingest.check import check_organization, check_shared

ORGS = Knowledge().ids


@pytest.mark.parametrize("org", ORGS)
def test_the_organisation_is_clean(knowledge: Knowledge, org: str) -> None:
    assert [str(error) for error in check_organization(knowledge, org)] == []


def test_the_shared_files_are_clean(knowledge: Knowledge) -> None:
    assert [str(error) for error in check_shared(knowledge)] == []


def test_an_ingested_organisation_is_clean(invented_root: Path) -> None:
    found = Knowledge(invented_root)
    assert [str(error) for org in found.ids for error in check_organization(found, org)] == []


@pytest.fixture
def copy(tmp_path: Path, knowledge: Knowledge) -> Path:
    """A folder with 筑後市 alone, to be spoilt."""
    shutil.copytree(knowledge.folder("chikugo"), tmp_path / "organizations" / "chikugo")
    return tmp_path / "organizations" / "chikugo"


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("guideline.yaml", "注意喚起", "注意歓喜", "原文と違います"),
        ("source.txt", "注意喚起", "注意歓喜", "原文と違います"),
        ("curation.yaml", '"4(5)"', '"4(55)"', "条項「4(55)」はこの文書にありません"),
        ("curation.yaml", "characteristics", "charakteristics", "話題「charakteristics」は topics.yaml にありません"),
        ("organization.yaml", "0942-65-7004", "0942-65-7005", "「0942-65-7005」は文書に書かれていません"),
        ("organization.yaml", "総務広報課長", "総務広報部長", "「総務広報部長」は文書に書かれていません"),
        ("organization.yaml", "id: chikugo", "id: chikugoo", "フォルダー名「chikugo」と同じ"),
        ("faq.yaml", "cites: [", "cites: [無い, ", "条項「無い」はこの文書にありません"),
    ],
)
def test_what_is_spoilt_is_named_with_its_file_and_line(copy: Path, file: str, old: str, new: str, said: str) -> None:
    path = copy / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    shown = path.with_name("guideline.yaml") if file == "source.txt" else path
    found = [error for error in check_organization(Knowledge(copy.parents[1]), "chikugo") if said in str(error)]
    assert [(error.path, error.line is not None) for error in found] == [(shown, True)]


def test_a_step_that_is_not_verbatim_is_named(copy: Path, tmp_path: Path) -> None:
    curation = copy / "curation.yaml"
    text = curation.read_text(encoding="utf-8").split("\nincidents:")[0]
    steps = 'incidents:\n  flame:\n    both:\n      steps:\n        - {locator: "1", quote: 書かれていない文}\n'
    curation.write_text(f"{text}\n{steps}", encoding="utf-8")
    found = [str(error) for error in check_organization(Knowledge(tmp_path), "chikugo")]
    (said,) = (error for error in found if "1 にこの文はありません" in error)
    assert said.startswith(f"{curation}:")
    assert "書かれていない文" in said.splitlines()[1]


def test_a_lost_file_is_an_error_and_no_crash(copy: Path, tmp_path: Path) -> None:
    (copy / "guideline.yaml").unlink()
    (error,) = check_organization(Knowledge(tmp_path), "chikugo")
    assert error.path == copy / "guideline.yaml"


def test_an_everyday_word_written_twice_is_named(tmp_path: Path) -> None:
    (tmp_path / "organizations").mkdir()
    (tmp_path / "thesaurus.yaml").write_text(
        "- say: [あ, い]\n  means: [ア]\n- say: [う, あ]\n  means: [ウ]\n", "utf-8"
    )
    (error,) = check_shared(Knowledge(tmp_path))
    assert (error.line, "「あ」は二度書かれています" in str(error)) == (3, True)
