"""Each text once, and everything back exactly."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from turnloom.vocabulary import canonical, restore_attributes, restore_events

from .made import raw, span

LONG = "What does a parcel of two kilograms to Norway cost, and when does it arrive?"
ANSWER = "Eleven francs and sixty; it arrives on the third working day after you send it."


def two_dialects() -> dict[str, Any]:
    """A call that speaks OpenTelemetry's and OpenInference's conventions at once."""
    return {
        "gen_ai.input.messages": json.dumps([{"role": "user", "parts": [{"type": "text", "content": LONG}]}]),
        "gen_ai.output.messages": json.dumps(
            [{"role": "assistant", "parts": [{"type": "text", "content": ANSWER}]}]
        ),
        "llm.input_messages.0.message.role": "user",
        "llm.input_messages.0.message.content": LONG,
        "llm.output_messages.0.message.role": "assistant",
        "llm.output_messages.0.message.content": ANSWER,
        "gen_ai.request.model": "m",
    }


def test_the_second_copy_of_a_text_is_a_reference() -> None:
    """No text stands twice in what is stored."""
    read = span(two_dialects())
    assert read.attributes == {
        "llm.input_messages.0.message.role": "user",
        "llm.input_messages.0.message.content": {"turnloom.ref": "input", "path": [0, "parts", 0, "content"]},
        "llm.output_messages.0.message.role": "assistant",
        "llm.output_messages.0.message.content": {
            "turnloom.ref": "output",
            "path": [0, "parts", 0, "content"],
        },
        "gen_ai.request.model": "m",
    }
    stored = json.dumps([read.attributes, read.input, read.output])
    assert (stored.count(LONG), stored.count(ANSWER)) == (1, 1)
    assert restore_attributes(read) == two_dialects()


def test_a_whole_copy_is_a_reference() -> None:
    """The same text in two attributes."""
    sent = {"langfuse.observation.input": LONG, "input.value": LONG}
    read = span(sent)
    assert read.attributes == {"input.value": {"turnloom.ref": "input"}}
    assert restore_attributes(read) == sent


def test_texts_of_events_are_references() -> None:
    """Messages in events become the input and are not kept twice."""
    events = [
        (1, "gen_ai.user.message", {"content": LONG, "id": "1"}),
        (2, "gen_ai.choice", {"message": ANSWER}),
        (3, "exception", {"exception.message": LONG}),
    ]
    read = span(events=events)
    assert json.dumps(read.events[:2]).count(LONG) == 0
    assert read.events[2] == events[2]
    assert restore_events(read) == events


def test_an_object_of_the_sender_that_looks_like_a_reference_stays() -> None:
    """It points nowhere."""
    sent = {
        "input.value": "Hi",
        "odd": {"turnloom.ref": "input", "path": ["x"]},
        "other": {"turnloom.ref": "output"},
    }
    assert restore_attributes(span(sent)) == sent


def test_a_family_that_cannot_be_folded_stays() -> None:
    """Exactness comes first."""
    sent = {"llm.input_messages.0.message": "text", "llm.input_messages.0.message.content": LONG}
    read = span(sent)
    assert restore_attributes(read) == sent
    assert read.input_key == "llm.input_messages.*"


def test_a_deep_family_stays() -> None:
    """A key may have a thousand dots."""
    sent = {"llm.input_messages." + "a." * 1000 + "b": LONG}
    assert restore_attributes(span(sent)) == sent


LEAVES = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=60) | st.just(LONG)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
TEXTS = st.one_of(VALUES, VALUES.map(json.dumps))
KEYS = st.sampled_from(
    [
        "input.value",
        "output.value",
        "langfuse.observation.input",
        "langfuse.observation.output",
        "gen_ai.input.messages",
        "gen_ai.output.messages",
        "llm.input_messages.0.message.content",
        "llm.input_messages.0.message",
        "llm.input_messages.1.message.role",
        "llm.input_messages.01.x",
        "llm.output_messages.0.message.content",
        "gen_ai.prompt.0.content",
        "gen_ai.prompt.1",
        "mlflow.spanInputs",
        "metadata",
        "session.id",
        "langfuse.trace.tags",
        "langfuse.observation.usage_details",
        "langfuse.observation.cost_details",
        "gen_ai.response.finish_reasons",
        "turnloom.flags",
        "journey.stage",
        "human.wait_time_ms",
        "error.type",
    ]
)


@settings(deadline=None)
@given(
    st.dictionaries(KEYS, TEXTS, max_size=8), st.lists(st.dictionaries(KEYS, TEXTS, max_size=3), max_size=2)
)
def test_any_attributes_map_and_are_restored_exactly(
    sent: dict[str, Any], inner: list[dict[str, Any]]
) -> None:
    """Whatever stands in whichever key: nothing is raised, nothing is lost."""
    names = ("gen_ai.client.inference.operation.details", "gen_ai.user.message")
    events = [(1, name, attributes) for name, attributes in zip(names, inner, strict=False)]
    read = canonical(raw(sent, events=events))
    assert restore_attributes(read) == sent
    assert restore_events(read) == events
    for text in (read.input_text, read.output_text, read.session_id):
        assert text is None or isinstance(text, str)
    json.dumps([read.attributes, read.input, read.output, read.input_text, read.tags]).encode()
