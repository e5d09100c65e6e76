"""The vocabulary: a dialect table, compiled once, that turns raw spans into canonical ones."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from turnloom.model.span import RawSpan, Span, span_version
from turnloom.vocabulary.bodies import Layout
from turnloom.vocabulary.call import fill_call, first_text
from turnloom.vocabulary.failure import fill_failure
from turnloom.vocabulary.first_token import first_token_us
from turnloom.vocabulary.found import Found, order_of
from turnloom.vocabulary.identity import fill_identity, first_identifier
from turnloom.vocabulary.limits import CUT, CUT_KEY, SAFE_LENGTH, cut_values
from turnloom.vocabulary.routes import Routes, spelled
from turnloom.vocabulary.session_attributes import journey, session_attributes
from turnloom.vocabulary.surroundings import fill_surroundings, read_resource
from turnloom.vocabulary.table import EVENT, METADATA_PLACES, RESOURCE, TABLE, Table
from turnloom.vocabulary.tags import first_tags
from turnloom.vocabulary.texts import cut_texts, fill_texts
from turnloom.vocabulary.usage import fill_cost, fill_usage
from turnloom.vocabulary.values import truth, whole

PLAIN_FIELDS: Mapping[str, Callable[[Any], Any]] = {
    "context_tokens": whole,
    "context_limit": whole,
    "context_pruned": truth,
    "messages_pruned": whole,
    "messages_count": whole,
    "retry_attempt": whole,
}
"""Fields that take the first candidate which reads as a number or a truth value."""

TEXT_FIELDS = frozenset(
    {"turn_status", "input_hash", "intent", "input_type", "output_type", "agent_name", "handoff_to"}
)
"""Fields that take the first candidate which holds a text."""

ID_FIELDS = frozenset({"turn_id", "regenerates", "response_id"})
"""Fields that take the first candidate which holds an id."""

FLAGS_KEY = "turnloom.flags"
"""Attribute in which ingest notes what it had to repair in a span."""


class Vocabulary:
    """A dialect table and what it does to a span.

    Args:
        table: Field to rows, in order of precedence.
        resource: The same for what a resource says.
        places: Where metadata is looked for, in order.
    """

    def __init__(
        self,
        table: Table = TABLE,
        resource: Table = RESOURCE,
        places: tuple[str, ...] = METADATA_PLACES,
    ) -> None:
        self._table = table
        self._resource = resource
        self._last_resource: tuple[dict[str, Any], dict[str, str | None]] = ({}, {})
        self._routes = Routes(table, places)
        self._layout = _layout(table)
        self._first_token_events = [str(row) for row in table.get("ttft", ()) if str(row).startswith(EVENT)]

    def describe(self) -> dict[str, tuple[str, ...]]:
        """Tell the table for people: docs, doctor and *why grouped* read this.

        Returns:
            Field to its keys in order of precedence; metadata as `M(key)`, families as `prefix.*`.
        """
        return {field: spelled(rows) for field, rows in self._table.items()}

    def find(self, attributes: Mapping[str, Any]) -> dict[str, list[Found]]:
        """Sort attributes into the fields they may fill.

        Args:
            attributes: As sent.

        Returns:
            Field to its candidates, best first.
        """
        return self._routes.find(attributes)

    def canonical(self, raw: RawSpan) -> Span:
        """Map a raw span to its canonical form.

        Args:
            raw: The span as it came; not changed.

        Returns:
            The span; what nobody said is None.
        """
        attributes = raw.attributes
        found = self._routes.find(attributes)
        span = _bare(raw)
        flags: list[str] = []
        fill_call(span, found)
        self.fill_identity(span, found, flags)
        fill_usage(span, found)
        fill_texts(span, raw, found, self._layout)
        _fill_plain(span, found, flags)
        self._fill_rare(span, raw, found)
        if raw.status_code == 2 or raw.events or _FAILURE_FIELDS & found.keys():
            fill_failure(span, raw, found)
        fill_surroundings(span, found, self._read_resource(raw.resource))
        if raw.size_bytes > SAFE_LENGTH:
            _cut(span, flags)
        noted = attributes.get(FLAGS_KEY)
        if isinstance(noted, list):
            flags += [flag for flag in cast("list[Any]", noted) if isinstance(flag, str)]
        if flags:
            span.flags = tuple(dict.fromkeys(flags))
        return span

    def fill_identity(self, span: Span, found: Mapping[str, Sequence[Found]], flags: list[str]) -> None:
        """Fill the ids of a span from candidates.

        Args:
            span: The span to fill; its scope is set.
            found: Candidates by field, best first.
            flags: Gets the flags of ids that were refused or shortened.
        """
        fill_identity(span, found, self._routes.is_metadata, flags)

    def _read_resource(self, resource: dict[str, Any]) -> Mapping[str, str | None]:
        """Spans of one resource share its dict: read it once for all of them."""
        last, read = self._last_resource
        if last is not resource:
            read = read_resource(resource, self._resource)
            self._last_resource = (resource, read)
        return read

    def _fill_rare(self, span: Span, raw: RawSpan, found: Mapping[str, Sequence[Found]]) -> None:
        if "cost" in found:
            fill_cost(span, found["cost"])
        if "tags" in found:
            span.tags = first_tags(found["tags"])
        if "ttft" in found or raw.events:
            span.ttft_us = first_token_us(raw, found.get("ttft", ()), self._first_token_events)
        if "session_attributes" in found or "reported" in found:
            span.session_attributes = session_attributes(found)
        if "journey" in found:
            span.journey = journey(found["journey"])
        if "human_wait" in found:
            wait_ms = whole(found["human_wait"][0][2])
            span.human_wait_us = None if wait_ms is None else wait_ms * 1000
        if "background" in found:
            span.background = truth(found["background"][0][2]) is True


_FAILURE_FIELDS = frozenset({"level", "tool_status", "error_type"})


def _layout(table: Table) -> Layout:
    events: dict[str, int] = {}
    families: dict[tuple[str, int], str] = {}
    for field in ("input", "output"):
        for rank, row in enumerate(table.get(field, ())):
            if isinstance(row, str) and row.startswith(EVENT):
                events[field] = order_of(rank)
            elif isinstance(row, str) and row.endswith(".*"):
                families[field, order_of(rank)] = row[:-1]
    return Layout(events, families)


def _bare(raw: RawSpan) -> Span:
    return Span(
        trace_id=raw.trace_id,
        span_id=raw.span_id,
        parent_id=raw.parent_id,
        name=raw.name,
        kind="span",
        start_us=raw.start_us,
        end_us=raw.end_us,
        scope=raw.scope,
        service=None,
        version=span_version(raw.end_us, len(raw.attributes), raw.content_hash),
        attributes=dict(raw.attributes),
        resource=raw.resource,
        events=raw.events,
        links=raw.links,
        status_code=raw.status_code,
        status_message=raw.status_message,
        otel_kind=raw.otel_kind,
        scope_version=raw.scope_version,
        received_us=raw.received_us,
    )


def _fill_plain(span: Span, found: Mapping[str, Sequence[Found]], flags: list[str]) -> None:
    for field, candidates in found.items():
        if field in TEXT_FIELDS:
            setattr(span, field, first_text(candidates) or getattr(span, field))
        elif field in ID_FIELDS:
            setattr(span, field, first_identifier(candidates, flags)[0])
        elif field in PLAIN_FIELDS:
            read = PLAIN_FIELDS[field]
            for _, _, value in candidates:
                if (result := read(value)) is not None:
                    setattr(span, field, result)
                    break
    span.is_turn = span.kind == "turn"


def _cut(span: Span, flags: list[str]) -> None:
    lengths = cut_values(span.attributes)
    if lengths:
        span.attributes[CUT_KEY] = lengths
    events_cut = _cut_events(span) if span.events else False
    if cut_texts(span) or lengths or events_cut:
        flags.append(CUT)


def _cut_events(span: Span) -> bool:
    events = [(time_us, name, dict(attributes)) for time_us, name, attributes in span.events]
    cut = [bool(cut_values(attributes)) for _, _, attributes in events]
    if any(cut):
        span.events = events
    return any(cut)


DEFAULT = Vocabulary()
"""The vocabulary of every dialect that Turnloom knows."""
