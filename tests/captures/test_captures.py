"""The vocabulary on recorded traffic of real set-ups, against what really happened."""

from collections import defaultdict

import pytest

from turnloom.model.span import Span
from turnloom.vocabulary import restore_attributes, restore_events

from .recorded import NAMES, expected, raw_spans, records, shown, spans, turns

SILENT = {"agent_framework"}  # texts come in log records only


def by_trace(name: str) -> dict[str, list[Span]]:
    """The spans of each trace, by start."""
    traces: dict[str, list[Span]] = defaultdict(list)
    for span in sorted(spans(name), key=lambda span: span.start_us):
        traces[span.trace_id].append(span)
    return traces


@pytest.mark.parametrize("name", NAMES)
def test_every_span_reads_as_reviewed(name: str) -> None:
    """Ids with their keys, texts, tokens, errors: span by span."""
    assert [shown(span) for span in spans(name)] == expected(name)


@pytest.mark.parametrize("name", NAMES)
def test_attributes_and_events_are_restored_exactly(name: str) -> None:
    """What became input or output can be put back."""
    for raw, span in zip(raw_spans(name), spans(name), strict=True):
        assert restore_attributes(span) == raw.attributes
        assert restore_events(span) == raw.events


@pytest.mark.parametrize("name", sorted(set(NAMES) - SILENT))
def test_a_turn_reads_as_what_was_said(name: str) -> None:
    """The last user message of the first call, the final answer of the last one."""
    traces = by_trace(name)
    for turn in turns(name):
        calls = [span for trace in turn.get("trace_ids", []) for span in traces[trace] if span.kind == "llm"]
        if not calls:
            continue
        said = {turn["text"]} if calls[0].input is not None else {None}  # Logfire sends none of a failed call
        assert calls[0].input_text in said
        if turn["output"]:
            assert (calls[-1].output_text or "").strip() == turn["output"].strip()


@pytest.mark.parametrize("name", NAMES)
def test_a_failed_turn_has_an_error(name: str) -> None:
    """Of the class that was raised, and worth another try: it was a rate limit."""
    traces = by_trace(name)
    for turn in turns(name):
        failed = [span for trace in turn.get("trace_ids", []) for span in traces[trace] if span.error]
        assert bool(failed) == bool(turn.get("error") and turn.get("trace_ids"))
        types = {span.error_type for span in failed} - {None}
        assert not types or types & {turn["error_type"], "AI_APICallError"}
        assert {span.error_category for span in failed} <= {"transient", None}


@pytest.mark.parametrize("name", NAMES)
def test_no_id_is_invented(name: str) -> None:
    """A session, conversation or user of a span is one of those of its turn."""
    said = {trace: turn for turn in turns(name) for trace in turn.get("trace_ids", [])}
    stray = {"сессия-1", "sess-X", "sess-Y"}  # the recorded mistakes
    for span in spans(name):
        turn = said.get(span.trace_id)
        if turn is not None:
            assert span.session_id in {turn["session"], None} | stray
            assert span.conversation_id in {turn["conv"], None}
            assert span.user_id in {turn["user"], None}


def test_messages_of_agent_framework_come_as_logs() -> None:
    """Its spans carry no text; its log records carry the trace, the span and the role."""
    said: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
    for record in records("agent_framework"):
        assert record.kind == "message"
        said[record.trace_id].append((record.body["role"], record.body["text"]))
    for turn in turns("agent_framework"):
        texts = [text for trace in turn["trace_ids"] for _, text in said[trace]]
        assert turn["text"] in texts
        assert turn["output"] is None or turn["output"] in texts


def test_a_response_links_to_the_one_before() -> None:
    """`gen_ai.conversation.id` like `resp_…` is a link and no conversation (C3)."""
    linked = [span for span in spans("agent_framework") if span.linked_response_id is not None]
    assert [(span.conversation_id, span.linked_response_id) for span in linked] == [(None, "resp_000004")]
    assert "resp_000004" in {span.response_id for span in spans("agent_framework")}
