"""How a canonical span is stored, and read back."""

from collections.abc import Iterable, Sequence
from dataclasses import MISSING, fields
from decimal import Decimal
from operator import attrgetter
from typing import Any

import orjson

from turnloom.model.span import Span

HOUR_US = 3_600_000_000

PREVIEW_LENGTH = 400
"""Characters of a span's texts that stand beside it for lists; the whole is in input and output."""

COLUMNS = (
    "trace_id", "span_id", "parent_id", "name", "kind", "start_us", "end_us", "scope", "service", "version",
    "session_id", "session_key", "session_rank", "conversation_id", "conversation_key", "conversation_rank",
    "user_id", "user_key", "user_rank", "turn_number", "model", "provider", "tool_name", "agent_name",
    "input_tokens", "output_tokens", "cached_input_tokens", "cost_usd", "error", "error_type",
    "environment", "release", "input_text", "output_text",
)  # fmt: skip
"""Fields with a column of their own, by which is filtered or which a recompute reads."""

HEAVY = ("input", "output", "attributes", "resource", "events", "links")
"""What only the inspector and export need."""

_JSON_HEAVY = ("attributes", "resource", "events", "links")

FACTS = tuple(each for each in fields(Span) if each.name not in COLUMNS and each.name not in HEAVY)
"""Everything else: one JSON object of what differs from its default."""

_FACT_NAMES = tuple(each.name for each in FACTS)
_FACT_DEFAULTS = tuple(
    each.default if each.default_factory is MISSING else each.default_factory() for each in FACTS
)
_KNOWN_FACTS = frozenset(_FACT_NAMES)
_read_columns, _read_facts = attrgetter(*COLUMNS), attrgetter(*_FACT_NAMES)
_TUPLE_FACTS = frozenset({"tags", "flags"})
READ_LIST = ", ".join((*COLUMNS, "hour", "facts")).replace("version", "toString(version)")
"""Select list of a recompute; `read_span` takes such a row. JSON's numbers cannot hold a version."""
READ_ALL_LIST = ", ".join((READ_LIST, *HEAVY))
"""Select list of the inspector and of export; `read_whole_span` takes such a row."""


def hour_of(start_us: int) -> int:
    """The hour since 1970 in which a span starts: part of its key."""
    return start_us // HOUR_US


def span_row(span: Span, project: str) -> dict[str, Any]:
    """The row of a span."""
    row: dict[str, Any] = dict(zip(COLUMNS, _read_columns(span), strict=True))
    row["input_text"], row["output_text"] = _preview(span.input_text), _preview(span.output_text)
    row["project"] = project
    row["hour"] = span.start_us // HOUR_US
    facts = zip(_FACT_NAMES, _read_facts(span), _FACT_DEFAULTS, strict=True)
    row["facts"] = _json({name: value for name, value, default in facts if value != default})
    row["input"] = span.input
    row["output"] = span.output
    row["attributes"], row["resource"] = _json(span.attributes), _resource_json(span.resource)
    row["events"], row["links"] = _json(span.events), _json(span.links)
    row["is_deleted"] = 0
    return row


def lighten(span: Span) -> Span:
    """Let go of what only a span's row needs, and cut its texts as the row does.

    A recompute then sees the same whether a span has just come or is read back, and holds a
    tenth of the memory.
    """
    span.input = span.output = None
    span.attributes, span.resource, span.events, span.links = {}, {}, [], []
    span.input_text, span.output_text = _preview(span.input_text), _preview(span.output_text)
    return span


def tombstone(span: Span, project: str, hour: int) -> dict[str, Any]:
    """The row that buries versions of a span in an hour that is no longer its own."""
    return {
        "project": project, "hour": hour, "trace_id": span.trace_id, "span_id": span.span_id,
        "version": span.version, "is_deleted": 1, "name": "", "kind": "", "start_us": hour * HOUR_US,
        "scope": "", "error": False, "facts": "", "attributes": "", "resource": "", "events": "", "links": "",
    }  # fmt: skip


def read_span(row: Sequence[Any]) -> tuple[Span, int]:
    """A span and its hour from a row of `READ_LIST`, without what only the inspector needs."""
    values: dict[str, Any] = dict(zip(COLUMNS, row, strict=False))
    if values["cost_usd"] is not None:
        values["cost_usd"] = Decimal(values["cost_usd"])
    values["error"] = bool(values["error"])
    values["version"] = int(values["version"])
    if facts := row[len(COLUMNS) + 1]:
        for name, value in orjson.loads(facts).items():
            if name in _KNOWN_FACTS:
                values[name] = tuple(value) if name in _TUPLE_FACTS else value
    return Span(**values), row[len(COLUMNS)]


def read_whole_span(row: Sequence[Any]) -> Span:
    """A span with everything from a row of `READ_ALL_LIST`."""
    light = len(COLUMNS) + 2
    span, _ = read_span(row[:light])
    span.input, span.output = row[light], row[light + 1]
    for name, text in zip(_JSON_HEAVY, row[light + 2 :], strict=True):
        if text:
            setattr(span, name, orjson.loads(text))
    return span


def _resource_json(resource: dict[str, Any]) -> str:
    """Spans of one request share their resource's dict: it is written once for all of them."""
    global _last_resource  # noqa: PLW0603 (a memo of one entry)
    if _last_resource[0] is not resource:
        _last_resource = (resource, _json(resource))
    return _last_resource[1]


_last_resource: tuple[dict[str, Any], str] = ({}, "")


def _preview(text: str | None) -> str | None:
    return text if text is None else text[:PREVIEW_LENGTH]


def _json(value: Any) -> str:
    return orjson.dumps(value, default=_plain).decode() if value else ""


def _plain(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()
    return str(value)


def hours_of(spans: Iterable[Span]) -> set[int]:
    """The hours in which spans start."""
    return {span.start_us // HOUR_US for span in spans}
