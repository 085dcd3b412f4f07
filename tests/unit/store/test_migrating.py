"""An older version's database is brought to the newest schema with all that it held."""

from __future__ import annotations

from sqlalchemy import create_engine, inspect, text

from bot.store.database import open_store
from bot.store.migrating import migrate
from bot.testing import FakeClock
from tests.unit.store.courses import NOW, add, found, person

BEFORE_COURSES = "0002"
HELD = (
    "INSERT INTO answers VALUES ('T1', 'a1', 't', 'bibai', '質問', 'answered', '[]', '[]', 0.5, 1800000000.0)",
    "INSERT INTO inbox VALUES (1, 'T1', 'h', 'slack', 't', '{}', '', TRUE, 0, 1800000000.0, NULL, 1800000000.0)",
    "INSERT INTO places VALUES ('T1', 'slack', 'U1', 'D1', 1800000000.0)",
    "INSERT INTO finding_marks VALUES ('T1', 'r', 'd', 'dismissed', 'consent', 'p', 1800000000.0)",
)


def test_a_database_from_before_the_courses_keeps_its_rows(url: str, clock: FakeClock) -> None:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        migrate(connection, BEFORE_COURSES)
        assert "ledger" not in inspect(connection).get_table_names()
        for statement in HELD:
            connection.execute(text(statement))
    engine.dispose()
    store = open_store(url, clock)
    answer = store.records.answer("T1", "a1")
    assert answer is not None
    assert (answer.question, answer.at) == ("質問", NOW)
    assert store.inbox.waiting() == 1
    assert store.places.address("slack", "T1", "U1") == "D1"
    assert [one.dismissed for one in store.findings.counts()] == [1]
    assert add(store, person()) == 1
    assert found(store, person()) == person()
    store.close()
