"""YAML as text, and what is wrong with it named by file, line and column."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.corpus.yaml_source import MAX_BYTES, load_yaml, place_of, read_text, to_yaml
from bot.errors import DataError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.yaml"


def loaded(path: Path, text: str) -> Any:
    path.write_text(text, encoding="utf-8")
    return load_yaml(path)


def wrong(path: Path, text: str | bytes) -> DataError:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(DataError) as caught:
        load_yaml(path)
    assert str(caught.value).startswith(str(path))
    return caught.value


@pytest.mark.parametrize("scalar", ["8", "4:30", "no", "1.10", "yes", "0x10", "2022-04-01", "1e3", "on", ".5", "<<"])
def test_a_scalar_stays_the_text_it_is(path: Path, scalar: str) -> None:
    assert loaded(path, f"a: {scalar}\nb: [{scalar}]\n") == {"a": scalar, "b": [scalar]}


@pytest.mark.parametrize("nothing", ["", "~", "null"])
def test_a_plain_nothing_is_none_and_a_quoted_one_is_text(path: Path, nothing: str) -> None:
    assert loaded(path, f"a: {nothing}\nb: '{nothing}'\n") == {"a": None, "b": nothing}


def test_an_empty_file_is_nothing(path: Path) -> None:
    assert loaded(path, "# only a comment\n") is None


def test_a_byte_order_mark_is_no_part_of_the_first_key(path: Path) -> None:
    assert loaded(path, "\ufeffa: b\n") == {"a": "b"}


def test_a_key_written_twice_is_shown_with_line_and_column(path: Path) -> None:
    error = wrong(path, "a: 1\nb:\n  c: 2\n  c: 3\n")
    assert (error.code, error.line, error.column, error.shown) == ("E104", 4, 3, "  c: 3")
    assert str(error) == f"{path}:4:3: キー「c」が二度書かれています。\n  |   c: 3"
    assert error.message("en") == f"{path}:4:3: the key 'c' is written twice.\n  |   c: 3"


def test_a_key_that_is_no_text_is_refused(path: Path) -> None:
    assert wrong(path, "? [a, b]\n: c\n").line == 1
    assert wrong(path, "~: c\n").line == 1


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: b\n\tc: d\n", 2),
        ("a: [1, 2\nb: 3\n", 2),
        ("a: 'open\n", 2),
        ("a: b: c\n", 1),
        ("a: 1\n---\nb: 2\n", 2),
        ("a: *unknown\n", 1),
        ("a: &x [*x]\n", 1),
        ("a: @b\n", 1),
    ],
)
def test_wrong_syntax_is_shown_with_its_line(path: Path, text: str, line: int) -> None:
    error = wrong(path, text)
    assert (error.code, error.line) == ("E104", line)
    assert error.column is not None


def test_no_tag_makes_an_object(path: Path) -> None:
    assert loaded(path, "a: !!python/object/apply:os.getcwd []\nb: !!int 3\n") == {"a": [], "b": "3"}


def test_an_alias_is_the_same_value_and_many_of_them_do_not_explode(path: Path) -> None:
    assert loaded(path, "a: &x [1]\nb: *x\n") == {"a": ["1"], "b": ["1"]}
    laughs = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
    assert len(loaded(path, laughs)["a59"]) == 2


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, "{a: " * 100_000, "- " * 50_000 + "a", "".join(" " * n + "a:\n" for n in range(1_500))],
    ids=["lists", "mappings", "dashes", "indents"],
)
def test_deep_nesting_is_refused_and_does_not_end_the_process(path: Path, text: str) -> None:
    assert wrong(path, text).code == "E104"


def test_many_brackets_that_close_again_are_no_nesting(path: Path) -> None:
    assert len(loaded(path, "".join(f"- [{n}]\n" for n in range(3_000)))) == 3_000


def test_what_is_not_utf_8_is_named_with_its_line(path: Path) -> None:
    error = wrong(path, b"a: b\n" + "名: 例\n".encode("cp932"))
    assert (error.code, error.line) == ("E103", 2)


def test_a_control_character_is_an_error_and_no_crash(path: Path) -> None:
    assert wrong(path, "a: b\x00c\n").code == "E104"


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(DataError) as caught:
            load_yaml(path)
        assert (caught.value.code, caught.value.path) == ("E101", path)


def test_a_huge_file_is_refused_before_it_is_parsed(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(DataError) as caught:
        read_text(path)
    assert caught.value.code == "E102"


def test_a_long_faulty_line_is_cut(path: Path) -> None:
    error = wrong(path, "a: 1\n" + "あ" * 5_000 + ": [\n")
    assert error.shown is None or len(error.shown) <= 200


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ((), (1, 1)),
        (("a",), (1, 1)),
        (("a", 1), (1, 8)),
        (("b", "c"), (3, 3)),
        (("b", "none"), (2, 1)),
        (("a", 9), (1, 1)),
    ],
)
def test_the_place_of_a_value_is_found_and_that_of_a_missing_one_is_its_parents(
    path: Path, keys: tuple[str | int, ...], place: tuple[int, int]
) -> None:
    path.write_text("a: [x, y]\nb:\n  c: z\n", encoding="utf-8")
    assert place_of(path, keys) == place


def test_there_is_no_place_in_what_cannot_be_read(path: Path) -> None:
    path.write_text("a: [", encoding="utf-8")
    assert place_of(path, ("a",)) is None
    assert place_of(path.with_name("none.yaml"), ("a",)) is None


_PRINTED = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"], exclude_characters="\ufeff")
)
_PLAIN = st.recursive(
    st.none() | _PRINTED,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_PRINTED, inner, max_size=4),
    max_leaves=12,
)


@given(_PLAIN)
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, value: Any) -> None:
    path = tmp_path_factory.getbasetemp() / "round.yaml"
    assert loaded(path, to_yaml({"value": value}, "# head\n")) == {"value": value}


@given(st.binary(max_size=300))
def test_any_bytes_are_a_value_or_a_data_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(data)
    try:
        load_yaml(path)
    except DataError as error:
        assert error.code in {"E103", "E104"}  # noqa: PT017  # a value is right too
