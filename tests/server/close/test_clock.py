"""The close stage, on the real engine and the real digest."""

from itertools import chain

from turnloom.model.record import Record
from turnloom.server.close.clock import CloseStage
from turnloom.server.domain.rules import SessionRules
from turnloom.server.ingest.digest import ProjectDigest
from turnloom.server.ingest.incoming import Incoming
from turnloom.server.ingest.memory import Memory
from turnloom.server.store.engine import Engine
from turnloom.server.store.event_store import EventStore, Writer

START_US = 1_790_035_200_000_000
MINUTE_US = 60_000_000


def _digest(engine: Engine, incoming: Incoming, version: int, now_us: int) -> None:
    digest = ProjectDigest(EventStore(engine), Memory(), "p", version, now_us, rules=SessionRules())
    for table, rows in chain.from_iterable(digest.run(incoming).derived()):
        Writer(engine).insert(table, rows)


def test_an_announced_turn_without_a_span_becomes_incomplete_by_the_clock(engine: Engine) -> None:
    """Nothing arrives after `turn.start`: 15 minutes later the close stage has the session read again."""
    announced = Incoming()
    announced.add_record(
        Record(
            "r",
            "turn.start",
            START_US,
            trace_id="a" * 32,
            span_id="b" * 16,
            session_id="s",
            received_us=START_US,
        )
    )
    _digest(engine, announced, 1, START_US)
    touched: list[tuple[str, str]] = []
    stage = CloseStage(engine, touched.extend, every_s=3600)

    assert engine.query("SELECT status FROM turns FINAL") == [["running"]]
    assert stage.look(START_US + 14 * MINUTE_US) == 0
    assert stage.look(START_US + 16 * MINUTE_US) == 1
    assert touched == [("p", "s")]

    due = Incoming(sessions={session_id for _, session_id in touched})
    _digest(engine, due, 2, START_US + 16 * MINUTE_US)
    assert engine.query("SELECT status FROM turns FINAL") == [["incomplete"]]
    assert stage.look(START_US + 60 * MINUTE_US) == 0
