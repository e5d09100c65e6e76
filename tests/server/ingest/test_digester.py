"""The digester: what ends its process, an engine in trouble, an idle process, and what is left at the end."""

import itertools
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import wait_for
from wire import request, span

from turnloom.server.ingest import process
from turnloom.server.ingest.digester import Digester
from turnloom.server.ingest.quarantine import Quarantine
from turnloom.server.ingest.segment import Entry, Segment
from turnloom.server.settings import Settings
from turnloom.server.store.engine import Engine
from turnloom.server.store.errors import EngineTroubleError

IDLE_S = 30.0
"""Patience of a busy machine."""

_numbers = itertools.count(1)


class SickEngine(Engine):
    """An engine whose disk is full for a few inserts."""

    failures = 0

    def insert_native(self, table: str, block: bytes) -> None:
        """Fail some times, then insert."""
        if self.failures:
            self.failures -= 1
            raise EngineTroubleError("Code: 243. No space left on device")
        super().insert_native(table, block)


@pytest.fixture
def sick_engine(engine: Engine) -> Iterator[SickEngine]:
    """A second door to the test's database."""
    sick = SickEngine(engine._dsn, engine.database)
    yield sick
    sick.close()


def entry(body: bytes) -> Entry:
    """An accepted request."""
    now_us = time.time_ns() // 1000
    return Entry("default", "traces", "json", "identity", now_us, "test", 1, body)


def segment(folder: Path, *bodies: bytes) -> Segment:
    """A closed segment."""
    path = folder / f"{next(_numbers):012d}.segment"
    path.write_bytes(b"".join(entry(body).frame() for body in bodies))
    return Segment(path, len(bodies))


def sessions_of(engine: Engine) -> list[str]:
    """Sessions that are stored."""
    return sorted(row[0] for row in engine.query("SELECT session_id FROM sessions FINAL"))


def test_a_request_that_ends_the_process_costs_only_itself(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its segment is tried alone and taken apart; what is accepted meanwhile does not wait for that."""
    monkeypatch.setattr(process, "WORKER", "poisoned_worker")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent), prepend=":")
    quarantine = Quarantine(tmp_path / "quarantine")
    digester = Digester(engine, Settings(data=tmp_path), quarantine)
    digester.start(0)
    digester.add(segment(tmp_path, request(span("s-1")), request(span("poison")), request(span("s-2"))))
    digester.add(segment(tmp_path, request(span("s-3"))))
    wait_for(lambda: "s-3" in sessions_of(engine), "the segment behind it", IDLE_S)
    assert digester.wait_idle(IDLE_S)
    digester.stop()
    assert sessions_of(engine) == ["s-1", "s-2", "s-3"]
    [kept] = quarantine.entries(10)
    assert "ended" in kept["reason"]
    assert (kept["project"], kept["sender"]) == ("default", "test")
    assert list(tmp_path.glob("*.segment")) == []


def test_an_engine_in_trouble_loses_nothing(sick_engine: SickEngine, tmp_path: Path) -> None:
    """A full disk is not the rows' fault: they wait, and none goes into quarantine."""
    sick_engine.failures = 3
    quarantine = Quarantine(tmp_path / "quarantine")
    digester = Digester(sick_engine, Settings(data=tmp_path), quarantine)
    digester.start(0)
    digester.add(segment(tmp_path, request(span("s-1"))))
    assert digester.wait_idle(IDLE_S)
    digester.stop()
    assert sessions_of(sick_engine) == ["s-1"]
    assert quarantine.count == 0


def test_stopping_with_an_engine_in_trouble_leaves_the_segment(
    sick_engine: SickEngine, tmp_path: Path
) -> None:
    """It does not wait for ever, and the next start digests what is left."""
    sick_engine.failures = 1_000_000
    digester = Digester(sick_engine, Settings(data=tmp_path), Quarantine(tmp_path / "quarantine"))
    digester.start(0)
    left = segment(tmp_path, request(span("s-1")))
    digester.add(left)
    digester.stop()
    assert left.path.exists()


def test_an_idle_process_ends_and_comes_back(engine: Engine, tmp_path: Path) -> None:
    """Nothing to do: no process; something to do: a new one, in time."""
    digester = Digester(
        engine, Settings(data=tmp_path, digest_idle_s=0.3), Quarantine(tmp_path / "quarantine")
    )
    digester.start(0)
    for name in ("s-1", "s-2"):
        digester.add(segment(tmp_path, request(span(name))))
        wait_for(lambda: digester._worker is not None, "a process")
        assert digester.wait_idle(IDLE_S)
        wait_for(lambda: digester._worker is None, "no process")
    digester.stop()
    assert sessions_of(engine) == ["s-1", "s-2"]
