"""What goes to a model and comes back, as messages with a role and parts.

The shape is that of OpenTelemetry's conventions for generative AI (`gen_ai.input.messages`).
"""

import json
from collections.abc import Mapping, Sequence
from typing import cast

from turnloom.sdk.text import fields_of, plain, text_of

Message = dict[str, object]
Part = dict[str, object]


def input_messages(value: object) -> list[Message]:
    """Messages that a model is given.

    Args:
        value: Text, one message, or several; as OpenAI, Anthropic or OpenTelemetry write them.

    Returns:
        The messages; text is one from the user.
    """
    return [_message(item, "user") for item in _items(value)]


def output_messages(value: object, finish_reasons: Sequence[str] | None = None) -> list[Message]:
    """Messages that a model gave.

    Args:
        value: Text, one message, or several.
        finish_reasons: Why it stopped, one for each message.

    Returns:
        The messages; text is one from the assistant.
    """
    found = [_message(item, "assistant") for item in _items(value)]
    for message, reason in zip(found, finish_reasons or (), strict=False):
        message["finish_reason"] = reason
    return found


def _items(value: object) -> Sequence[object]:
    return cast("Sequence[object]", value) if isinstance(value, list | tuple) else [value]


def _message(value: object, role: str) -> Message:
    fields = fields_of(value)
    if fields is None or not ({"role", "content", "parts", "tool_calls"} & fields.keys()):
        return {"role": role, "parts": [_text(text_of(value))]}
    own_role = str(fields.get("role") or role)
    given = fields.get("parts")
    parts = plain(given) if given is not None else _parts(fields, own_role)
    message: Message = {"role": own_role, "parts": parts}
    if fields.get("name") is not None:
        message["name"] = str(fields["name"])
    return message


def _parts(fields: Mapping[str, object], role: str) -> list[Part]:
    content = fields.get("content")
    if role == "tool":
        return [{"type": "tool_call_response", "id": fields.get("tool_call_id"), "response": plain(content)}]
    parts = [] if content is None else [_part(item) for item in _items(content)]
    calls = fields.get("tool_calls")
    return parts + [_tool_call(call) for call in _items(calls)] if calls else parts


def _part(value: object) -> Part:
    fields = fields_of(value)
    if fields is None:
        return _text(text_of(value))
    text = fields.get("text")
    if isinstance(text, str):
        return _text(text)
    return cast("Part", plain(fields))


def _text(text: str) -> Part:
    return {"type": "text", "content": text}


def _tool_call(value: object) -> Part:
    fields = fields_of(value) or {}
    function = fields_of(fields.get("function")) or fields
    arguments = function.get("arguments")
    return {
        "type": "tool_call",
        "id": fields.get("id"),
        "name": function.get("name"),
        "arguments": _decoded(arguments),
    }


def _decoded(arguments: object) -> object:
    """OpenAI writes arguments as a JSON string; one that is broken stays a string."""
    if not isinstance(arguments, str):
        return plain(arguments)
    try:
        return json.loads(arguments)
    except ValueError:
        return arguments
