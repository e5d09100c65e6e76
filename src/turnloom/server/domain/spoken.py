"""What was said: the texts of spans, joined with those that came as log records.

Some frameworks send content in log records only (Microsoft agent-framework); they are joined to
the spans that lack text by (trace id, span id).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from turnloom.model.record import Record
from turnloom.model.span import Span


@dataclass(frozen=True, slots=True)
class Spoken:
    """Texts of log records by span id; a span's own text comes first."""

    inputs: dict[str, str] = field(default_factory=dict[str, str])
    """The last user message before the answer."""
    outputs: dict[str, str] = field(default_factory=dict[str, str])
    """The final assistant text."""
    asking: frozenset[str] = frozenset()
    """Spans whose last input message is the user's."""

    def input_of(self, span: Span) -> str | None:
        """What a person reads as the span's input."""
        return span.input_text if span.input_text is not None else self.inputs.get(span.span_id)

    def output_of(self, span: Span) -> str | None:
        """What a person reads as the span's output."""
        return span.output_text if span.output_text is not None else self.outputs.get(span.span_id)

    def asks(self, span: Span) -> bool:
        """Whether the span's last input message is the user's."""
        return span.has_user_message or span.span_id in self.asking


SILENCE = Spoken()
"""No message records."""


def listen(records: Iterable[Record]) -> Spoken:
    """Read message records, by event time.

    Args:
        records: Records of one trace, in any order; only `message` counts.

    Returns:
        The texts by span id.
    """
    messages = sorted(
        (record for record in records if record.kind == "message" and record.span_id),
        key=lambda record: (record.time_us, record.record_id),
    )
    if not messages:
        return SILENCE
    inputs: dict[str, str] = {}
    outputs: dict[str, str] = {}
    last_role: dict[str, str] = {}
    for record in messages:
        span_id, text = record.span_id or "", record.body.get("text")
        role, part = record.body.get("role"), record.body.get("part")
        if part != "output":
            last_role[span_id] = str(role)
        if not isinstance(text, str) or not text:
            continue
        if part == "output":
            outputs[span_id] = text
        elif role == "user":
            inputs[span_id] = text
    asking = frozenset(span_id for span_id, role in last_role.items() if role == "user")
    return Spoken(inputs, outputs, asking)
