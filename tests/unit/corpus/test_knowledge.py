"""The knowledge folder: one's own, with the bundle behind it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.corpus.knowledge import SHARED, Knowledge, bundle, is_organization_id
from bot.errors import DataError, SettingsError
from bot.model import Ask
from bot.service import Service


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with one organisation and nothing shared."""
    shutil.copytree(bundle() / "organizations" / "chikugo", tmp_path / "organizations" / "chikugo")
    return tmp_path


def test_the_bundle_is_used_where_no_folder_is_named() -> None:
    assert Knowledge().root == bundle()
    assert len(Knowledge().ids) >= 5


def test_a_folder_of_ones_own_knows_only_its_own_organisations(own: Path) -> None:
    assert Knowledge(own).ids == ("chikugo",)


def test_what_the_folder_lacks_comes_from_the_bundle(own: Path) -> None:
    found, bundled = Knowledge(own), Knowledge()
    for name in SHARED:
        assert found.shared(name) == bundle() / name
    assert found.topics == bundled.topics
    assert found.thesaurus == bundled.thesaurus
    assert found.texts == bundled.texts
    assert Service(found).ask(Ask("chikugo", "問合せ先はどこですか")).status == "answered"


def test_what_the_folder_has_wins_over_the_bundle(own: Path) -> None:
    (own / "thesaurus.yaml").write_text("- say: [ばずる]\n  means: [炎上]\n", encoding="utf-8")
    found = Knowledge(own)
    assert [entry.say for entry in found.thesaurus] == [("ばずる",)]
    assert found.topics == Knowledge().topics
    assert own / "thesaurus.yaml" in found.files("chikugo")
    assert bundle() / "topics.yaml" in found.files("chikugo")


@pytest.mark.parametrize("org", ["nowhere", "", "CHIKUGO", "chikugo ", "筑後"])
def test_an_unknown_organisation_is_refused_with_the_known_ones(own: Path, org: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Knowledge(own).folder(org)
    assert caught.value.code == "E202"
    assert "使えるのは: chikugo" in str(caught.value)
    assert "known: chikugo" in caught.value.english


@pytest.mark.parametrize(
    "org",
    [
        "..",
        ".",
        "../organizations/chikugo",
        "chikugo/../chikugo",
        "/etc",
        "a/b",
        "a\\b",
        "a\0b",
        "chikugo\n",
        "-a",
        "x" * 65,
    ],
)
def test_an_id_never_leaves_the_folder(own: Path, org: str) -> None:
    assert not is_organization_id(org)
    with pytest.raises(SettingsError):
        Knowledge(own).organization(org)


def test_a_long_id_is_cut_in_the_message(own: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        Knowledge(own).folder("x" * 10_000)
    assert len(str(caught.value)) < 300


def test_a_folder_without_organisations_is_refused(tmp_path: Path) -> None:
    for root in (tmp_path, tmp_path / "none"):
        with pytest.raises(SettingsError) as caught:
            _ = Knowledge(root).ids
        assert caught.value.code == "E201"
        assert str(root) in str(caught.value)


def test_an_empty_folder_says_that_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "organizations").mkdir()
    with pytest.raises(SettingsError, match="（なし）"):
        Knowledge(tmp_path).folder("chikugo")


def test_a_folder_without_organization_yaml_is_no_organisation(own: Path) -> None:
    (own / "organizations" / "draft").mkdir()
    (own / "organizations" / "note.txt").write_text("x", encoding="utf-8")
    assert Knowledge(own).ids == ("chikugo",)


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("thesaurus.yaml", "- say: [a]\n  means: [b]\n  weight: 1.5\n", "weight は 0 より大きく 1 以下"),
        ("thesaurus.yaml", "- say: [a]\n  means: [b]\n  weight: nan\n", "数を書いてください"),
        ("thesaurus.yaml", "- say: [a]\n", "「means」がありません"),
        ("thesaurus.yaml", "- say: [a]\n  mean: [b]\n", "「mean」という項目はありません"),
        ("topics.yaml", "secret: {label: 秘密, words: [], clause_words: []}\n", "「questions」がありません"),
        ("topics.yaml", "- secret\n", "項目: 値"),
        ("intents.yaml", "smalltalk: {}\n", "「outside」がありません"),
        (
            "incidents.yaml",
            "kinds: {}\nscenes: [{kind: fire, parts: []}]\nwords: {}\ngrammar: {}\n",
            "「fire」は使えません",
        ),
    ],
)
def test_a_slip_in_a_shared_file_is_named(own: Path, file: str, text: str, said: str) -> None:
    (own / file).write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        Service(Knowledge(own)).answerer("chikugo")
    assert said in str(caught.value)
    assert str(own / file) in str(caught.value)
