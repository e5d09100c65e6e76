"""Values above 1 MiB are cut and marked."""

import json

from .made import span

MIB = 1_048_576


def test_a_long_input_is_cut_after_it_was_read() -> None:
    """What a person reads is whole if it fits."""
    messages = json.dumps([{"role": "system", "content": "x" * MIB}, {"role": "user", "content": "Hi"}])
    read = span({"gen_ai.input.messages": messages, "input.value": messages})
    assert read.input is not None
    assert len(read.input) == MIB
    assert (read.input_text, read.flags) == ("Hi", ("cut",))
    assert len(read.attributes["input.value"]) == MIB
    assert read.attributes["turnloom.cut"] == {"input.value": len(messages)}


def test_what_fits_is_not_touched() -> None:
    """To the byte."""
    read = span({"other": "x" * MIB})
    assert (len(read.attributes["other"]), read.flags) == (MIB, ())


def test_bytes_count_and_no_character_is_split() -> None:
    """UTF-8."""
    read = span({"other": "€" * 400_000})
    assert len(read.attributes["other"].encode()) <= MIB
    assert set(read.attributes["other"]) == {"€"}
    assert read.attributes["turnloom.cut"] == {"other": 400_000}


def test_long_lists_events_and_messages() -> None:
    """Wherever a long value stands."""
    trace = "x" * (2 * MIB)
    events = [(1, "exception", {"exception.stacktrace": trace, "exception.type": "E"})]
    read = span({"list": [trace]}, events=events, status_message=trace, name=trace)
    assert read.flags == ("cut",)
    assert len(read.attributes["list"]) == MIB
    assert len(read.events[0][2]["exception.stacktrace"]) == MIB
    assert len(events[0][2]["exception.stacktrace"]) == 2 * MIB
    assert (len(read.status_message), len(read.name)) == (MIB, MIB)
