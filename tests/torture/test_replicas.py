"""Three replicas plan and send together: one message for each person and step."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.torture.courses import TENANT, ahead, opened
from tests.torture.replicas import wave


def test_three_replicas_send_every_person_one_message(tmp_path: Path, postgres_database: str) -> None:
    found = asyncio.run(wave(postgres_database, 300, tmp_path))
    print(f"due to sent: p50 {found.percentile(0.5):.2f} s, p99 {found.percentile(0.99):.2f} s")
    assert (found.keys, found.twice) == (300, 0)
    with opened(postgres_database, ahead()) as store:
        assert store.outbox.counts(TENANT) == {"sent": 300}
        assert store.ledger.verify(TENANT).wrong is None
