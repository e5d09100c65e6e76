"""One real server and one real engine a test process; a server for tests that only send and read."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import Serving, serving

from turnloom.server.store.engine import Engine
from turnloom.server.store.schema import migrate

_numbers = itertools.count()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A running server on loopback, without keys."""
    with serving(tmp_path_factory.mktemp("server") / "data") as running:
        yield running


@pytest.fixture(scope="session")
def engine_dsn(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The embedded engine of this test process: chDB allows one."""
    folder: Path = tmp_path_factory.mktemp("events")
    return f"chdb://{folder}"


@pytest.fixture
def engine(engine_dsn: str) -> Iterator[Engine]:
    """An empty, migrated database of its own on the embedded engine."""
    engine = Engine(engine_dsn, f"test_{next(_numbers)}")
    migrate(engine, durable=False)
    yield engine
    engine.command(f"DROP DATABASE {engine.database} SYNC")
    engine.close()
