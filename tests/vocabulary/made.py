"""Spans made for one test: attributes in, canonical span out."""

from typing import Any

from turnloom.model.span import RawSpan, Span
from turnloom.vocabulary import canonical

START_US = 1_790_000_000_000_000


def raw(attributes: dict[str, Any] | None = None, **fields: Any) -> RawSpan:
    """A raw span of one second with these attributes."""
    given: dict[str, Any] = {
        "trace_id": "0af7651916cd43dd8448eb211c80319c",
        "span_id": "b7ad6b7169203331",
        "parent_id": None,
        "name": "work",
        "otel_kind": 1,
        "start_us": START_US,
        "end_us": START_US + 1_000_000,
        "attributes": attributes or {},
        "events": [],
        "links": [],
        "status_code": 0,
        "status_message": "",
        "scope": "",
        "scope_version": "",
        "resource": {},
        "content_hash": 7,
        "received_us": START_US,
        **fields,
    }
    return RawSpan(**given)


def span(attributes: dict[str, Any] | None = None, **fields: Any) -> Span:
    """The canonical form of such a span."""
    return canonical(raw(attributes, **fields))
