"""What people say of findings: counted, remembered, never with a word of the draft; on both databases."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import create_engine, inspect, text

from bot.blocks import FindingRef
from bot.ports import RuleCount
from bot.store.database import Store
from bot.store.findings import counts_beside

QUOTE = "カナリア電話090-0000-1234"


def ref(store: Store, rule: str = "phones", quote: str = QUOTE, tenant: str = "T1") -> FindingRef:
    return FindingRef(rule, store.findings.digest(tenant, rule, quote))


def test_a_digest_stands_for_words_under_a_rule_for_one_tenant(store: Store) -> None:
    assert ref(store) == ref(store)
    assert len({ref(store).digest, ref(store, rule="names").digest, ref(store, tenant="T2").digest}) == 3
    assert FindingRef.parse(str(ref(store))) == (ref(store), None)


def test_a_finding_let_pass_is_remembered_with_its_reason_for_its_tenant_alone(store: Store) -> None:
    mine, other = ref(store), ref(store, quote="別の文")
    store.findings.dismiss("T1", mine, "U1", "consent")
    assert store.findings.dismissed("T1", [mine, other]) == {mine: "consent"}
    assert store.findings.dismissed("T2", [mine]) == {}
    assert store.findings.dismissed("T1", []) == {}


def test_a_later_reason_takes_the_place_of_an_earlier_one(store: Store) -> None:
    store.findings.dismiss("T1", ref(store), "U1", "consent")
    store.findings.dismiss("T1", ref(store), "U2", "approved")
    assert store.findings.dismissed("T1", [ref(store)]) == {ref(store): "approved"}


def test_what_was_shown_and_what_was_called_wrong_is_counted_by_rule(store: Store) -> None:
    store.findings.shown("T1", "suzaka", ["phones", "phones", "names"])
    store.findings.shown("T2", "bibai", ["phones"])
    store.findings.shown("T1", "suzaka", [])
    store.findings.false_alarm("T1", ref(store), "U1")
    store.findings.false_alarm("T1", ref(store), "U1")
    store.findings.dismiss("T1", ref(store, "names"), "U1", "own")
    assert list(store.findings.counts()) == [RuleCount("names", 1, 0, 1), RuleCount("phones", 3, 1, 0)]


def test_no_word_of_a_draft_reaches_the_database(store: Store, url: str) -> None:
    store.findings.shown("T1", "suzaka", ["phones"])
    store.findings.dismiss("T1", ref(store), "U-clerk", "consent")
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        rows = [str(row) for table in tables for row in connection.execute(text(f'SELECT * FROM "{table}"'))]  # noqa: S608  # our own names
    engine.dispose()
    assert any("phones" in row for row in rows)
    assert not any("カナリア" in row or "U-clerk" in row for row in rows)
    if url.startswith("sqlite:///"):
        folder = Path(url.removeprefix("sqlite:///")).parent
        assert all("カナリア".encode() not in file.read_bytes() for file in folder.iterdir())


def test_counts_are_read_beside_the_process_that_has_the_database_open(store: Store, url: str) -> None:
    store.findings.shown("T1", "suzaka", ["phones"])
    assert list(counts_beside(url)) == [RuleCount("phones", 1, 0, 0)]


def test_where_there_is_no_database_there_are_no_counts(tmp_path: Path) -> None:
    assert counts_beside(f"sqlite:///{tmp_path / 'none.sqlite3'}") == ()
    assert list(tmp_path.iterdir()) == []
