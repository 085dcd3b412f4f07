"""One signing key for the session (making one is slow), one platform for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.contract.teams.fakes import Platform, new_key, running


@pytest.fixture(scope="session")
def signing_key() -> rsa.RSAPrivateKey:
    return new_key()


@pytest.fixture
def platform(signing_key: rsa.RSAPrivateKey) -> Iterator[Platform]:
    with running(signing_key) as found:
        yield found
