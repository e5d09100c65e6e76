"""Set-ups that are not recorded group as a person who knows them expects."""

import random
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from turnloom.model.turn import ACTIVITY, FAILED, Turn
from turnloom.server.store.engine import Engine
from turnloom.server.store.schema import migrate

from . import synthetic_frameworks, synthetic_platforms, synthetic_shapes
from .made import trace_id
from .replay import Replay
from .synthetic import UNGROUPED, Row, SetUp

SET_UPS = synthetic_frameworks.SET_UPS | synthetic_platforms.SET_UPS | synthetic_shapes.SET_UPS


@pytest.fixture(scope="module")
def replay(engine_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replay]:
    """A digest on a database for all set-ups, each a project of its name."""
    engine = Engine(engine_dsn, "synthetic")
    migrate(engine, durable=False)
    yield Replay(engine, tmp_path_factory.mktemp("segments"))
    engine.command("DROP DATABASE synthetic SYNC")
    engine.close()


@pytest.mark.parametrize("name", SET_UPS)
def test_a_set_up_groups_as_expected(name: str, replay: Replay) -> None:
    """At once, and span by span in another order, children before parents."""
    set_up = SET_UPS[name]
    requests = set_up.requests()
    replay.send(name, [requests])
    assert _found(set_up, replay.turns(name)) == _expected(set_up)
    assert _activity(set_up, replay.turns(name)) == sorted(set_up.activity)
    assert replay.other_traffic(name) == {trace_id(word).hex() for word in set_up.other}
    random.Random(name).shuffle(requests)
    replay.send(f"{name} shuffled", [requests[::2], requests[1::2]], forget=True)
    expected, found = replay.tables(name), replay.tables(f"{name} shuffled")
    assert [table for table in expected if found[table] != expected[table]] == []


def _found(set_up: SetUp, turns: list[Turn]) -> list[Row]:
    words = _words(set_up)
    return [
        Row(
            words[turn.trace_id], _session(turn), turn.conversation_id, turn.user_id, turn.number or 0,
            turn.input, turn.output, (turn.input_tokens, turn.output_tokens),
            (turn.error_type or "error") if turn.status in FAILED else None,
        )
        for turn in turns
        if turn.source != ACTIVITY
    ]  # fmt: skip


def _expected(set_up: SetUp) -> list[Row]:
    """Its turns; `<a>` stands for the id of trace a."""
    return [
        replace(row, session=_id(row.session), conversation=row.conversation and _id(row.conversation))
        for row in set_up.turns
    ]


def _id(value: str) -> str:
    return re.sub("<(.+)>", lambda match: trace_id(match[1]).hex(), value)


def _activity(set_up: SetUp, turns: list[Turn]) -> list[tuple[str, str]]:
    words = _words(set_up)
    return sorted((words[turn.trace_id], _session(turn)) for turn in turns if turn.source == ACTIVITY)


def _session(turn: Turn) -> str:
    if not turn.grouped:
        assert turn.session_id == turn.trace_id
        return UNGROUPED
    return f"~{turn.session_id}" if turn.derived else turn.session_id


def _words(set_up: SetUp) -> dict[str, str]:
    words = {row.trace for row in set_up.turns} | {trace for trace, _ in set_up.activity}
    return {trace_id(word).hex(): word for word in words}
