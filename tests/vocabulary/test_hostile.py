"""No value in no key can stop a span from being stored."""

import json
from typing import Any

import pytest

from turnloom.vocabulary import TABLE, canonical, canonical_records, restore_attributes
from turnloom.vocabulary.records import RawRecord
from turnloom.vocabulary.table import METADATA_PLACES, M

from .made import raw

ODD: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    2**63 - 1,
    -(2**63),
    0.0,
    1e308,
    float("inf"),
    float("-inf"),
    "",
    " ",
    '"',
    '""',
    "null",
    "nan",
    "-0",
    "1e400",
    "9" * 400,
    "²",
    "٣",
    "\x00",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "[",
    "{}",
    "[]",
    "[[[]]]",
    '{"total": {"a": []}}',
    '{"messages": {"role": 5}}',
    '{"messages": [{"role": {}, "content": {"text": {"text": 5}}}]}',
    '[{"role": "user", "content": [[], {}, 5, null, {"type": 5, "text": []}]}]',
    '{"message": {"message": {"message": {}}}}',
    '{"id": [], "lc": 1}',
    '{"input": [], "output": {}, "args": 5, "kwargs": null}',
    '{"prompt_tokens": "x", "prompt_tokens_details": {"cached_tokens": null}}',
    '{"a": NaN, "b": Infinity}',
    "2026-13-45T99:99:99Z",
    "9999-12-31T23:59:59-23:59",
    "[[ ## ",
    "[[ ## a ## ]]\n",
    [],
    [None],
    [[["x"]]],
    [1, "a", {"b": None}],
    {},
    {"a": {"b": [1]}},
    {"turnloom.ref": "input", "path": [0, "x"]},
    {"turnloom.ref": {}, "path": 5},
]

KEYS = sorted(
    {
        str(row).replace(".*", ".0.message.content")
        for rows in TABLE.values()
        for row in rows
        if not isinstance(row, M)
    }
    | {*METADATA_PLACES, "metadata.session_id", "metadata.turn", "turnloom.flags", "turnloom.cut"}
)


@pytest.mark.parametrize("odd", ODD, ids=lambda value: repr(value)[:40])
def test_any_value_in_any_key(odd: Any) -> None:
    """Alone, in all keys at once, in an event and in a resource."""
    everything = dict.fromkeys(KEYS, odd)
    event_names = (
        "exception",
        "gen_ai.user.message",
        "gen_ai.choice",
        "gen_ai.client.inference.operation.details",
    )
    events = [(5, name, everything) for name in event_names]
    cases = [({}, events), (everything, []), (everything, events), *(({key: odd}, []) for key in KEYS)]
    for attributes, with_events in cases:
        read = canonical(raw(attributes, events=with_events, resource=everything))
        assert restore_attributes(read).keys() == attributes.keys()
        json.dumps([read.input, read.output, read.input_text, read.tags, read.session_attributes]).encode()


@pytest.mark.parametrize("odd", ODD, ids=lambda value: repr(value)[:40])
def test_any_value_in_a_log_record(odd: Any) -> None:
    """As body and as attributes."""
    names = ("gen_ai.user.message", "gen_ai.choice", "gen_ai.client.inference.operation.details",
             "gen_ai.evaluation.result", "turn.start")  # fmt: skip
    for name in names:
        attributes = dict.fromkeys([*KEYS, "content", "message", "gen_ai.evaluation.score.value"], odd)
        for record in canonical_records(RawRecord(name, 5, "a" * 32, "b" * 16, odd, attributes)):
            json.dumps(record.body).encode()
