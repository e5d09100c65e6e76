"""OTLP's AnyValue to plain Python values."""

import base64
from collections.abc import Iterable
from typing import Any

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue


def plain_value(value: AnyValue) -> Any:
    """Unwrap an AnyValue.

    Args:
        value: The value as it came over the wire.

    Returns:
        str, bool, int, float, list or dict, bytes as base64; None when the sender set nothing.
    """
    which = value.WhichOneof("value")
    if which == "string_value":
        return value.string_value
    if which == "array_value":
        return [plain_value(item) for item in value.array_value.values]
    if which == "kvlist_value":
        return plain_attributes(value.kvlist_value.values)
    if which == "bytes_value":  # as OTLP's own JSON has them: no row of the store holds bytes
        return base64.b64encode(value.bytes_value).decode()
    return None if which is None else getattr(value, which)


def plain_attributes(pairs: Iterable[KeyValue]) -> dict[str, Any]:
    """Unwrap a list of attributes; of a key that comes twice the last one wins.

    Args:
        pairs: The attributes as they came over the wire.

    Returns:
        Key to plain value.
    """
    return {  # most are texts or numbers: each look-up less is a microsecond a span
        pair.key: (value := pair.value).string_value or value.int_value or plain_value(value)
        for pair in pairs
    }
