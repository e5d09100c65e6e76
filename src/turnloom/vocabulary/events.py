"""Messages in span events: OpenTelemetry's conventions before and after they became attributes."""

from collections.abc import Sequence
from typing import Any, cast

from turnloom.vocabulary.values import parsed

DETAILS = "gen_ai.client.inference.operation.details"
"""One event that holds all messages of a call."""

DETAIL_KEYS = {
    "input": ("gen_ai.input.messages", "gen_ai.prompt"),
    "output": ("gen_ai.output.messages", "gen_ai.completion"),
}
"""Where such an event, or one of the older `gen_ai.content.*`, keeps the messages."""

DETAIL_EVENTS = frozenset({DETAILS, "gen_ai.content.prompt", "gen_ai.content.completion"})

CONTENT = "gen_ai.event.content"
"""Where Azure's and Semantic Kernel's tracers keep a message inside its event, as JSON."""

MESSAGE_EVENTS = {
    "input": frozenset(
        {"gen_ai.system.message", "gen_ai.user.message", "gen_ai.assistant.message", "gen_ai.tool.message"}
    ),
    "output": frozenset({"gen_ai.choice"}),
}
"""One event for each message."""


def event_messages(field: str, events: Sequence[tuple[int, str, dict[str, Any]]]) -> tuple[str, Any] | None:
    """Collect the messages of a span's events.

    Args:
        field: `input` or `output`.
        events: (time in us, name, attributes), in order.

    Returns:
        The name of the event and the messages: as sent, or a list of objects that each name
        their event; None when there are none.
    """
    single = MESSAGE_EVENTS[field]
    messages: list[dict[str, Any]] = []
    for _, name, attributes in events:
        if name in DETAIL_EVENTS:
            for key in DETAIL_KEYS[field]:
                if attributes.get(key):
                    return name, attributes[key]
        elif name in single and attributes:
            content = parsed(attributes.get(CONTENT))
            inner = cast("dict[str, Any]", content) if isinstance(content, dict) else attributes
            messages.append({"event.name": name, **inner})
    return (messages[-1]["event.name"], messages) if messages else None
