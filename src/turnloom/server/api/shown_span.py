"""A span as the API shows it."""

from typing import Any

from turnloom.model.span import Span
from turnloom.server.api.values import iso, ms, usd
from turnloom.server.domain.inherit import Identity
from turnloom.vocabulary.references import is_reference, resolved


def shown_span(span: Span, identity: Identity, *, other_traffic: bool) -> dict[str, Any]:
    """The fields of a span.

    Args:
        span: As it is stored.
        identity: The ids that it has, own or inherited.
        other_traffic: Whether its trace belongs to no session.
    """
    return {
        "id": span.span_id,
        "parent_id": span.parent_id,
        "trace_id": span.trace_id,
        "name": span.name,
        "kind": span.kind,
        "started_at": iso(span.start_us),
        "ended_at": iso(span.end_us),
        "session_id": None if other_traffic else identity.session_id,
        "session_id_source": identity.session_key,
        "conversation_id": identity.conversation_id,
        "conversation_id_source": identity.conversation_key,
        "user_id": identity.user_id,
        "user_id_source": identity.user_key,
        "model": span.model,
        "provider": span.provider,
        "tool_name": span.tool_name,
        "agent_name": span.agent_name,
        "input_tokens": span.input_tokens,
        "output_tokens": span.output_tokens,
        "cached_input_tokens": span.cached_input_tokens,
        "cost_usd": usd(span.cost_usd),
        "cost_source": span.cost_source,
        "ttft_ms": ms(span.ttft_us),
        "error": span.error,
        "error_type": span.error_type,
        "error_message": span.error_message,
        "input": span.input,
        "output": span.output,
        "attributes": _attributes(span),
        "resource": span.resource,
        "events": [
            {"time": iso(time_us), "name": name, "attributes": attributes}
            for time_us, name, attributes in span.events
        ],
        "links": [
            {"trace_id": trace_id, "span_id": span_id, "attributes": attributes}
            for trace_id, span_id, attributes in span.links
        ],
        "scope": span.scope,
        "service": span.service,
        "flags": span.flags,
    }


def _attributes(span: Span) -> dict[str, Any]:
    """What became no input or output; a second copy of a text is put back."""
    return {
        key: resolved(span, value) if is_reference(value) else value for key, value in span.attributes.items()
    }
