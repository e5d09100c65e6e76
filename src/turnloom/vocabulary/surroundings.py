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


def read_resource(resource: Mapping[str, Any], table: Table) -> dict[str, str | None]:
    """Read service, environment and release of a resource.

    Args:
        resource: The resource's attributes.
        table: Field to the keys of a resource, in order.

    Returns:
        Field to its text.
    """
    read = {
        field: next((said for row in rows if (said := text(resource.get(str(row)))) is not None), None)
        for field, rows in table.items()
    }
    service = read.get("service")
    if service is not None and service.startswith(UNNAMED_SERVICE):
        read["service"] = None
    return read


def fill_surroundings(
    span: Span, found: Mapping[str, Sequence[Found]], resource: Mapping[str, str | None]
) -> None:
    """Fill service, environment and release of a span.

    Args:
        span: The span to fill.
        found: Candidates by field, best first.
        resource: What the resource says, by field.
    """
    for field, said in resource.items():
        setattr(span, field, (first_text(found[field]) if field in found else None) or said)
