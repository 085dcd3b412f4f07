"""guideline.yaml is read back as it was written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.corpus.guideline_file import KINDS, dump_guideline, load_guideline
from bot.corpus.knowledge import Knowledge
from bot.document import Office, ParsedDocument, ParseWarning, Skipped
from bot.errors import DataError
from bot.ingest.parser import parse_document
from bot.model import Clause
from bot.testing import INVENTED_TEXT


def back(folder: Path, document: ParsedDocument) -> ParsedDocument:
    path = folder / "guideline.yaml"
    path.write_text(dump_guideline(document), encoding="utf-8")
    return load_guideline(path)


def test_a_parsed_document_is_read_back(tmp_path: Path) -> None:
    document = parse_document(INVENTED_TEXT)
    assert document.clauses
    assert back(tmp_path, document) == document


@pytest.mark.parametrize("org", Knowledge().ids)
def test_the_bundled_files_are_written_as_they_stand(knowledge: Knowledge, org: str) -> None:
    path = knowledge.folder(org) / "guideline.yaml"
    assert dump_guideline(load_guideline(path)) == path.read_text(encoding="utf-8")


# As documents are read: with visible characters, no carriage return, and texts without blanks around them.
_CHARACTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"], exclude_characters="\ufeff")
_NAME = st.text(_CHARACTERS, min_size=1, max_size=20).filter(lambda text: bool(text.strip()))
_LINES = st.tuples(st.integers(1, 50), st.integers(0, 50)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@st.composite
def documents(draw: st.DrawFn) -> ParsedDocument:
    locators = draw(st.lists(_NAME, max_size=5, unique=True))
    clauses = tuple(
        Clause(
            locator=locator,
            marker=draw(st.none() | _NAME),
            heading=draw(st.none() | _NAME),
            text=draw(st.just("") | _NAME | st.just("一行目\n二行目: # no\n- 3")),
            kind=draw(st.sampled_from(KINDS)),  # type: ignore[arg-type]
            parent=draw(st.none() | st.sampled_from(locators[:place])) if place else None,
            lines=tuple(draw(st.lists(_LINES, max_size=2))),
        )
        for place, locator in enumerate(locators)
    )
    return ParsedDocument(
        title=draw(_NAME),
        organization=draw(st.none() | _NAME),
        established=draw(st.none() | _NAME),
        departments=tuple(draw(st.lists(st.builds(Office, _NAME, st.none() | _NAME, st.none() | _NAME), max_size=2))),
        clauses=clauses,
        skipped=tuple(draw(st.lists(st.builds(Skipped, _LINES, _NAME), max_size=2))),
        warnings=tuple(draw(st.lists(st.builds(ParseWarning, st.integers(1, 99), _NAME), max_size=2))),
    )


@given(documents())
def test_any_document_is_read_back(tmp_path_factory: pytest.TempPathFactory, document: ParsedDocument) -> None:
    assert back(tmp_path_factory.getbasetemp(), document) == document


def test_texts_that_yaml_would_take_for_something_else_stay_text(tmp_path: Path) -> None:
    odd = [
        "null",
        "~",
        "no",
        "8",
        "4:30",
        "1.10",
        "- a",
        "a: b",
        "#",
        "'",
        '"',
        "!x",
        "&x",
        "*x",
        "%",
        "@",
        "`",
        "|",
        ">",
    ]
    clauses = tuple(Clause(text, text, text, text, "clause", None, ((1, 1),)) for text in odd)
    document = ParsedDocument("no", "null", "8", (Office("~", "0", "1"),), clauses)
    assert back(tmp_path, document) == document


def test_an_unknown_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "guideline.yaml"
    path.write_text(dump_guideline(parse_document(INVENTED_TEXT)) + "extra: 1\n", encoding="utf-8")
    with pytest.raises(DataError, match="「extra」という項目はありません"):
        load_guideline(path)
