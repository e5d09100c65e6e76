"""Service, environment and release: what the span says, else what its resource says."""

from collections.abc import Mapping, Sequence
from typing import Any

from turnloom.model.span import Span
from turnloom.vocabulary.call import first_text
from turnloom.vocabulary.found import Found
from turnloom.vocabulary.table import Table
from turnloom.vocabulary.values import text

UNNAMED_SERVICE = "unknown_service"
"""What OpenTelemetry's SDKs write when nobody named the service."""


def fill_surroundings(
    span: Span, found: Mapping[str, Sequence[Found]], resource: Mapping[str, Any], table: Table
) -> None:
    """Fill service, environment and release of a span.

    Args:
        span: The span to fill.
        found: Candidates by field, best first.
        resource: The resource's attributes.
        table: Field to the keys of a resource, in order.
    """
    for field, rows in table.items():
        read = first_text(found[field]) if field in found else None
        for row in rows:
            if read is not None:
                break
            read = text(resource.get(str(row)))
        setattr(span, field, read)
    if span.service is not None and span.service.startswith(UNNAMED_SERVICE):
        span.service = None
