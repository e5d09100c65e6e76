"""One real server for all tests of a process that only send and read."""

from collections.abc import Iterator

import pytest
from serving import Serving, serving


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A running server on loopback, without keys."""
    with serving(tmp_path_factory.mktemp("server") / "data") as running:
        yield running
