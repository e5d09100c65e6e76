"""Log records: lifecycle events, messages, evaluations; everything else is none of ours."""

import json
from typing import Any

import pytest

from turnloom.model.record import LIFECYCLE_EVENTS
from turnloom.vocabulary import RawRecord, canonical_records

TRACE = "0af7651916cd43dd8448eb211c80319c"
SPAN = "b7ad6b7169203331"


def records(
    name: str, body: Any = None, attributes: dict[str, Any] | None = None, **fields: Any
) -> tuple[Any, ...]:
    """The canonical records of one log record."""
    given: dict[str, Any] = {"time_us": 5, "trace_id": TRACE, "span_id": SPAN, **fields}
    return canonical_records(RawRecord(name=name, body=body, attributes=attributes or {}, **given))


@pytest.mark.parametrize("name", sorted(LIFECYCLE_EVENTS))
def test_lifecycle_events(name: str) -> None:
    """With ids by the same precedence as spans, attributes as sent, with or without a trace."""
    sent = {
        "langfuse.session.id": "s",
        "session.id": "x",
        "conversation.id": "c",
        "user.id": "u",
        "turn.id": "t",
    }
    for trace in (TRACE, None):
        (record,) = records(name, attributes=sent, trace_id=trace)
        assert (record.kind, record.name, record.time_us, record.body) == (name, name, 5, sent)
        assert (record.session_id, record.conversation_id, record.user_id, record.turn_id) == (
            "s",
            "c",
            "u",
            "t",
        )


@pytest.mark.parametrize(
    ("name", "body", "role", "text", "part"),
    [
        ("gen_ai.system.message", {"content": "Be brief."}, "system", "Be brief.", "input"),
        ("gen_ai.user.message", {"content": "Hi"}, "user", "Hi", "input"),
        ("gen_ai.user.message", '{"content": "Hi"}', "user", "Hi", "input"),
        ("gen_ai.user.message", "Hi", "user", "Hi", "input"),
        ("gen_ai.assistant.message", {"tool_calls": [{"id": "1"}]}, "assistant", None, "input"),
        ("gen_ai.tool.message", {"id": "1", "content": "7 degrees"}, "tool", "7 degrees", "input"),
        ("gen_ai.choice", {"index": 0, "message": {"content": "Hi."}}, "assistant", "Hi.", "output"),
        ("gen_ai.choice", {"message": {"role": "assistant", "tool_calls": []}}, "assistant", None, "output"),
    ],
)
def test_messages(name: str, body: Any, role: str, text: str | None, part: str) -> None:
    """One record for each; calls of tools are kept as sent."""
    (record,) = records(name, body)
    assert (record.kind, record.name, record.trace_id, record.span_id) == ("message", name, TRACE, SPAN)
    assert (record.body["role"], record.body["text"], record.body["part"]) == (role, text, part)
    assert ("content" in record.body) is (text is None)


def test_details_of_a_call_are_its_messages() -> None:
    """In order, input before output."""
    attributes = {
        "gen_ai.input.messages": json.dumps(
            [{"role": "system", "parts": []}, {"role": "user", "parts": [{"type": "text", "content": "Hi"}]}]
        ),
        "gen_ai.output.messages": [
            {"role": "assistant", "parts": [{"type": "text", "content": "Hi."}], "finish_reason": "stop"}
        ],
    }
    read = records("gen_ai.client.inference.operation.details", attributes=attributes)
    assert [(r.body["role"], r.body["text"], r.body["part"], r.body["index"]) for r in read] == [
        ("system", None, "input", 0),
        ("user", "Hi", "input", 1),
        ("assistant", "Hi.", "output", 2),
    ]
    assert len({record.record_id for record in read}) == 3


def test_evaluations_are_scores() -> None:
    """By number, else by label."""
    (record,) = records(
        "gen_ai.evaluation.result",
        attributes={
            "gen_ai.evaluation.name": "relevance",
            "gen_ai.evaluation.score.value": 0.8,
            "gen_ai.evaluation.explanation": "Good.",
        },
    )
    assert (record.kind, record.name) == ("score", "relevance")
    assert record.body == {"value": 0.8, "data_type": "NUMERIC", "comment": "Good.", "source": "EVAL"}
    (record,) = records("gen_ai.evaluation.result", attributes={"gen_ai.evaluation.score.label": "pass"})
    assert (record.body["value"], record.body["data_type"]) == ("pass", "CATEGORICAL")


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("", {}),
        ("app.started", {}),
        ("gen_ai.unheard.of", {}),
        ("gen_ai.user.message", {"trace_id": None}),
        ("gen_ai.evaluation.result", {}),
        ("gen_ai.client.inference.operation.details", {}),
    ],
)
def test_everything_else_is_dropped(name: str, fields: dict[str, Any]) -> None:
    """The port is no log store."""
    assert records(name, "some text", **fields) == ()


def test_the_same_record_twice_is_one() -> None:
    """Its id is a hash of its content."""
    (one,), (same,) = (
        records("gen_ai.user.message", {"content": "Hi"}),
        records("gen_ai.user.message", {"content": "Hi"}),
    )
    (other,) = records("gen_ai.user.message", {"content": "Ho"})
    assert one.record_id == same.record_id != other.record_id
    assert len(one.record_id) == 32
