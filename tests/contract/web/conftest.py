"""One page for all tests of its HTTP contract."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.service import Service
from tests.contract.web.serving import Site, served


@pytest.fixture(scope="session")
def site(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(service, tmp_path_factory.mktemp("page")) as found:
        yield found
