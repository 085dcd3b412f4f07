"""What is countable in the documents is what the code has: verbs, options, settings, codes, files, make targets."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli.main import build_parser
from bot.corpus.knowledge import DRAFT_FILES, ONBOARDING, SHARED
from bot.errors import SettingsError
from bot.settings import Settings, from_env

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.ja.md")
GUIDES = (*READMES, "CONTRIBUTING.md", "knowledge/README.md")
OTHERS_OPTIONS = {
    "--require-hashes", "--no-deps", "--no-index", "--find-links", "--generate-hashes", "--help",
}  # fmt: skip
"""Options of pip, uv and others that the documents name."""

_SETTING = re.compile(r"GUIDELINE_BOT_[A-Z][A-Z_]*[A-Z]")
_CODE = re.compile(r"\bE[1-9]\d{2}\b")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
_VERB = re.compile(r"guideline-bot ([a-z]+)")
_MAKE = re.compile(r"^\s*(?:\$ )?make ((?:[a-z]+ ?)+)|`make ([a-z ]+)", re.MULTILINE)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def below(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The verbs of a parser; of one that has none, none."""
    actions = (one for one in parser._actions if isinstance(one, argparse._SubParsersAction))
    return {name: choice for action in actions for name, choice in action.choices.items()}


def verbs() -> dict[str, argparse.ArgumentParser]:
    return below(build_parser())


def options() -> set[str]:
    parsers = [parser for verb in verbs().values() for parser in (verb, *below(verb).values())]
    return {name for one in parsers for action in one._actions for name in action.option_strings if name != "-h"}


def sources(*tops: str) -> Iterator[tuple[str, str]]:
    for top in tops:
        for path in sorted((ROOT / top).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def raised_codes() -> set[str]:
    return {code for _, text in sources("bot", "adapters") for code in re.findall(r'"(E[1-9]\d{2})"', text)}


def settings() -> set[str]:
    with pytest.raises(SettingsError) as caught:
        from_env({"GUIDELINE_BOT_": "x"})
    return {name for name in _SETTING.findall(caught.value.english) if not name.endswith("_FILE")}


@pytest.mark.parametrize("guide", READMES)
@pytest.mark.parametrize("verb", sorted(verbs()))
def test_every_verb_is_in_both_readmes_or_is_for_developers(guide: str, verb: str) -> None:
    assert verb in _VERB.findall(read(guide)) or verb in _VERB.findall(read("CONTRIBUTING.md"))


def test_every_verb_the_guides_name_exists() -> None:
    for guide in GUIDES:
        assert set(_VERB.findall(read(guide))) <= set(verbs()), guide


@pytest.mark.parametrize("option", sorted(options() - {"--help"}))
def test_every_option_is_explained(option: str) -> None:
    assert any(option in _OPTION.findall(read(guide)) for guide in GUIDES)


def test_every_option_the_guides_name_exists() -> None:
    for guide in GUIDES:
        assert set(_OPTION.findall(read(guide))) <= options() | OTHERS_OPTIONS, guide


@pytest.mark.parametrize("guide", READMES)
def test_the_settings_in_the_guides_are_those_of_the_code(guide: str) -> None:
    assert {name.removesuffix("_FILE") for name in _SETTING.findall(read(guide))} == settings()


def test_the_example_environment_has_every_setting_once() -> None:
    named = re.findall(r"^#?(GUIDELINE_BOT_[A-Z_]+)=", read("deploy/.env.example"), re.MULTILINE)
    assert sorted(named) == sorted(settings())
    assert len(named) == len(Settings.__slots__)


def test_every_error_code_is_in_the_table_once_and_every_one_of_the_table_exists() -> None:
    rows = re.findall(r"^\| (E\d{3}) \|", read("CONTRIBUTING.md"), re.MULTILINE)
    assert sorted(rows) == sorted(raised_codes())


@pytest.mark.parametrize("guide", GUIDES)
def test_no_guide_names_a_code_that_is_never_raised(guide: str) -> None:
    spans = re.sub(r"E\d{3}[–-]E\d{3}", "", read(guide))
    assert set(_CODE.findall(spans)) <= raised_codes()


def test_an_error_code_means_one_kind_of_error_and_stands_in_its_tree() -> None:
    trees = {"DataError": "1", "SettingsError": "2", "UsageError": "3"}
    wrong = [
        f"{file}: {kind} {code}"
        for file, text in sources("bot", "adapters")
        for kind, code in re.findall(r'(DataError|SettingsError|UsageError)\(\s*"(E\d{3})"', text)
        if code[1] != trees[kind]
    ]
    assert wrong == []


OF_AN_ORGANIZATION = ("guideline.yaml", "organization.yaml", "curation.yaml", "faq.yaml", "drafts.yaml", "course.yaml")


@pytest.mark.parametrize("name", [*SHARED, *DRAFT_FILES, ONBOARDING, *OF_AN_ORGANIZATION])
def test_every_kind_of_knowledge_file_is_described(name: str) -> None:
    assert name in read("knowledge/README.md")


def test_every_knowledge_file_the_guides_name_exists() -> None:
    known = {*SHARED, *DRAFT_FILES, ONBOARDING, *OF_AN_ORGANIZATION}
    assert set(re.findall(r"\b[a-z_]+\.yaml", read("knowledge/README.md"))) <= known


def test_every_field_of_the_hand_written_files_is_described() -> None:
    from bot.corpus.yaml_source import load_yaml

    text = read("knowledge/README.md")
    for folder in (ROOT / "knowledge" / "organizations").iterdir():
        for name in ("organization.yaml", "curation.yaml", "course.yaml"):
            assert [field for field in load_yaml(folder / name) if field not in text] == []


@pytest.mark.parametrize("guide", [*READMES, "CONTRIBUTING.md"])
def test_the_make_targets_a_guide_names_are_in_the_makefile(guide: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    named = {word for match in _MAKE.findall(read(guide)) for word in "".join(match).split()}
    assert {"run", "test"} <= named | {"run", "test"}
    assert named <= targets


def test_the_makefiles_targets_are_all_declared_and_their_commands_exist() -> None:
    makefile = read("Makefile")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert set(phony.split()) == targets
    assert set(re.findall(r"guideline-bot ([a-z]+)", makefile)) <= set(verbs())


@pytest.mark.parametrize("guide", GUIDES)
def test_links_and_paths_of_a_guide_lead_somewhere(guide: str) -> None:
    text, folder = read(guide), (ROOT / guide).parent
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text) if not link.startswith(("http", "#"))]
    assert [link for link in links if link and not (folder / link).exists()] == []
    paths = re.findall(r"`((?:bot|adapters|tests|deploy|knowledge)/[\w./-]+)`", text)
    later = {"adapters/slack/", "bot/_knowledge"}  # in the wheel, or named as still to come
    assert [path for path in paths if not (ROOT / path).exists() and path not in later and "ORG" not in path] == []


def test_both_readmes_have_the_same_commands_in_the_same_order() -> None:
    def commands(guide: str) -> list[str]:
        blocks = re.findall(r"^```[a-z]*\n(.*?)^```", read(guide), re.MULTILINE | re.DOTALL)
        return [line for block in blocks for line in block.splitlines() if re.match(r"(\$ |make |python3 )", line)]

    assert commands("README.md") == commands("README.ja.md")
