"""Writes a stamp on a span that has just started.

`set_attributes` cleans each value again: nine ids cost 4 us a span, half of what a span costs at
all. A stamp holds clean values only, so it is written into the span's own mapping where that looks
as known (OpenTelemetry SDK 1.40 to 1.45); anywhere else the public way is taken.
"""

from collections.abc import Mapping

from opentelemetry.attributes import BoundedAttributes
from opentelemetry.sdk.trace import Span

from turnloom.sdk.scope import Value


def write_stamp(span: Span, stamp: Mapping[str, Value]) -> None:
    """Set attributes that need no cleaning.

    Args:
        span: A span that no other thread knows yet.
        stamp: Attribute values that are strings, numbers, booleans or tuples of strings.
    """
    held = getattr(span, "_attributes", None)
    known = getattr(held, "_dict", None)
    if type(held) is not BoundedAttributes or type(known) is not dict or held.max_value_len is not None:
        span.set_attributes(stamp)
    elif held.maxlen is not None and len(known) + len(stamp) > held.maxlen:
        span.set_attributes(stamp)
    else:
        known.update(stamp)
