"""One session: its turns in order, whole texts, parts, activity, pages."""

import orjson

from turnloom.model.record import Record
from turnloom.server.analytics.one_session import Params, SessionWithTurns, read_session
from turnloom.server.analytics.turn_page import TurnPosition
from turnloom.server.store.engine import Engine

from .stored import (
    START_US,
    a_session,
    a_span,
    a_turn,
    put_record,
    put_sessions,
    put_trace,
    put_turns,
    source,
)

LONG = "Where is my order? " * 40
ANSWER = "It is on its way. " * 40


def read(engine: Engine, limit: int = 100, after: TurnPosition | None = None) -> SessionWithTurns:
    """Read the session `s`."""
    found = read_session(source(engine), Params("s", limit, after))
    assert found is not None
    return found


def test_an_unknown_session_is_none(engine: Engine) -> None:
    """Also when another project has it."""
    put_sessions(engine, a_session("s"), project="other")
    assert read_session(source(engine), Params("s", 10)) is None


def test_texts_are_whole(engine: Engine) -> None:
    """They are read from the spans as the digest read them: messages, plain text, the whole exchange."""
    put_sessions(engine, a_session("s"))
    messages = [{"role": "system", "content": "x" * 900}, {"role": "user", "content": LONG}]
    exchange = [*messages, {"role": "assistant", "content": ANSWER}]
    put_trace(
        engine, [a_span("1" * 32, "a" * 16, input=orjson.dumps(messages).decode(), output=ANSWER)], ["s"]
    )
    put_trace(engine, [a_span("2" * 32, "b" * 16, input=orjson.dumps(exchange).decode())], ["s"])
    cut = {"input": LONG[:400], "output": ANSWER[:400]}
    put_turns(
        engine,
        a_turn("s", 1, trace_id="1" * 32, input_span_id="a" * 16, output_span_id="a" * 16, **cut),
        a_turn("s", 2, trace_id="2" * 32, input_span_id="b" * 16, output_span_id="b" * 16, **cut),
        a_turn("s", 3, trace_id="3" * 32, input_span_id="c" * 16, output_span_id="c" * 16, **cut),
        a_turn("s", 4, input="short", output=None),
    )
    texts = [(shown.turn.input, shown.turn.output) for shown in read(engine).page.turns]
    assert texts == [(LONG, ANSWER), (LONG, ANSWER), (LONG[:400], ANSWER[:400]), ("short", None)]


def test_texts_of_log_records_are_whole(engine: Engine) -> None:
    """Where a span has no text, what came as log records is read."""
    put_sessions(engine, a_session("s"))
    put_trace(engine, [a_span("1" * 32, "a" * 16)], ["s"])
    body = {"role": "user", "text": LONG, "part": "input"}
    record = Record("r", "message", START_US, trace_id="1" * 32, span_id="a" * 16, body=body)
    put_record(engine, record, "t:" + "1" * 32)
    put_turns(engine, a_turn("s", 1, trace_id="1" * 32, input_span_id="a" * 16, input=LONG[:400]))
    assert read(engine).page.turns[0].turn.input == LONG


def test_a_text_that_is_not_the_one_that_was_cut_is_not_shown(engine: Engine) -> None:
    """A whole text begins with its preview."""
    put_sessions(engine, a_session("s"))
    put_trace(engine, [a_span("1" * 32, "a" * 16, input="something else " * 40)], ["s"])
    put_turns(engine, a_turn("s", 1, trace_id="1" * 32, input_span_id="a" * 16, input=LONG[:400]))
    assert read(engine).page.turns[0].turn.input == LONG[:400]


def test_parts_are_merged_and_activity_is_apart(engine: Engine) -> None:
    """A turn of two traces is one; activity has no number."""
    put_sessions(engine, a_session("s"))
    head = a_turn("s", 1, input_tokens=1, output="one")
    part = a_turn("s", None, start_us=head.start_us + 1, trace_id="b" * 32, input_tokens=2, output="two")
    part.part_of, part.number = head.span_id, None
    activity = a_turn("s", None, trace_id="c" * 32, span_id="")
    activity.source, activity.status = "activity", None
    put_turns(engine, head, part, activity, a_turn("s", 2))
    page = read(engine).page
    assert [(shown.turn.position, shown.turn.input_tokens, shown.turn.output) for shown in page.turns] == [
        (1, 3, "two"),
        (2, None, None),
    ]
    assert page.turns[0].trace_ids == (head.trace_id, "b" * 32)
    assert [shown.turn.trace_id for shown in page.activity] == ["c" * 32]


def test_turns_are_paged(engine: Engine) -> None:
    """In order, each once, with activity on the first page only."""
    put_sessions(engine, a_session("s"))
    activity = a_turn("s", None, trace_id="c" * 32, span_id="")
    activity.source = "activity"
    put_turns(engine, activity, *(a_turn("s", position) for position in range(1, 8)))
    positions: list[int | None] = []
    sizes: list[int] = []
    after: TurnPosition | None = None
    while True:
        page = read(engine, 3, after).page
        positions += [shown.turn.position for shown in page.turns]
        sizes.append(len(page.activity))
        if page.end is None:
            break
        after = page.end
    assert positions == list(range(1, 8))
    assert sizes == [1, 0, 0]


def test_a_turn_that_moved_is_shown_once(engine: Engine) -> None:
    """The best version wins; a tombstone buries."""
    put_sessions(engine, a_session("s"))
    put_turns(engine, a_turn("s", 1, status="error"), a_turn("s", 2), version=1)
    put_turns(engine, a_turn("s", 1, status="ok"), version=2)
    row = (
        b'{"project":"default","session_id":"s","trace_id":"%032x","span_id":"%016x","version":2,"is_deleted":1}'
        % (2, 2)
    )
    engine.insert("turns", row)
    assert [(shown.turn.position, shown.turn.status) for shown in read(engine).page.turns] == [(1, "ok")]
