"""One page for all tests of its HTTP contract, and one service that finds known words in drafts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.corpus.knowledge import Knowledge
from bot.service import Service
from tests.contract.web.drafts import PointingService
from tests.contract.web.serving import Site, served


@pytest.fixture(scope="session")
def site(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    for org in ("chikugo", "urausu"):
        service.checker(org)  # takes seconds; the page would give up waiting
    with served(service, tmp_path_factory.mktemp("page")) as found:
        yield found


@pytest.fixture(scope="session")
def pointing_service(knowledge: Knowledge, cache: Path) -> PointingService:
    service = PointingService(knowledge, cache)
    service.checker("chikugo")  # takes seconds; the page would give up waiting
    return service
