"""Messages in every shape that instrumentation writes, read as (role, text).

Shapes: OpenAI chat and Responses, gen_ai parts, Anthropic and Bedrock content blocks, Gemini
contents, LangChain's two serialisations, OpenInference's and Traceloop's families, requests and
responses that hold one of these.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from turnloom.vocabulary.value_maps import PART_KEYS, ROLES, TEXT_PARTS
from turnloom.vocabulary.values import parsed

DEPTH_MAX = 8
"""Wrappings around a list of messages that are looked through; real ones have at most four."""

LIST_KEYS = ("messages", "choices", "generations", "candidates", "contents", "output", "input", "message")
"""Where a request or a response keeps its messages; the first that holds any wins."""

CONTENT_KEYS = ("content", "parts", "contents", "text", "kwargs", "data")
"""Where a message keeps what it says; the first that is there wins."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message.

    Args:
        role: `user`, `assistant`, `system` or `tool`.
        text: What a person reads; None when it holds tool calls, results or media only.
    """

    role: str
    text: str | None


def read_messages(data: Any, depth: int = 0) -> list[Message]:
    """Read the messages that a value holds.

    Args:
        data: Decoded JSON.
        depth: Wrappings already looked through.

    Returns:
        The messages in order; empty when the value holds none.
    """
    if depth > DEPTH_MAX:
        return []
    if isinstance(data, list):
        return _from_list(cast("list[Any]", data), depth)
    if not isinstance(data, dict):
        return []
    entries = cast("dict[str, Any]", data)
    message = read_message(entries)
    if message is not None:
        return [message]
    for key in LIST_KEYS:
        inner = entries.get(key)
        if isinstance(inner, dict | list):
            messages = read_messages(inner, depth + 1)
            if messages:
                return messages
    return []


def _from_list(items: list[Any], depth: int) -> list[Message]:
    messages: list[Message] = []
    for item in items:
        if isinstance(item, list):  # LangChain sends a batch of conversations
            messages += _from_list(cast("list[Any]", item), depth + 1) if depth < DEPTH_MAX else []
        elif isinstance(item, dict):
            message = read_message(cast("dict[str, Any]", item))
            if message is not None:
                messages.append(message)
    return messages


def read_message(item: Mapping[str, Any], role: str | None = None) -> Message | None:
    """Read one message.

    Args:
        item: An object that may be a message or hold one.
        role: Who speaks if the object does not say.

    Returns:
        The message; None when it is none, or a definition of a tool in the place of one.
    """
    inner = item.get("message")
    if isinstance(inner, dict):  # OpenInference, choices, generations
        return read_message(cast("dict[str, Any]", inner), _role(item) or "assistant")
    role = _role(item) or role
    if role is None:
        return _without_role(item)
    content = next((item[key] for key in CONTENT_KEYS if item.get(key) is not None), None)
    if isinstance(content, dict):
        content = cast("dict[str, Any]", content)
        if "function" in content and content.get("type") == "function":
            return None  # Langfuse's LangChain handler appends the tools to the messages
    elif isinstance(inner, str) and content is None:
        content = inner
    if isinstance(content, str):
        content = _parts_in(content)
    if role == "user" and _is_tool_result(content):
        role = "tool"
    return Message(role, text_of(content))


def _role(item: Mapping[str, Any]) -> str | None:
    said = item.get("role")
    if isinstance(said, str):
        return ROLES.get(said.lower())
    for key in ("type", "event.name"):
        said = item.get(key)
        if isinstance(said, str) and said.lower() in ROLES:
            return ROLES[said.lower()]
    path = item.get("id")  # LangChain's constructor: the class stands last
    if isinstance(path, list) and path and item.get("lc") is not None:
        return ROLES.get(str(cast("list[Any]", path)[-1]).lower())
    return None


def _without_role(item: Mapping[str, Any]) -> Message | None:
    content = item.get("content")
    if isinstance(content, dict) and "role" in content:  # Gemini's candidate
        return read_message(cast("dict[str, Any]", content))
    if isinstance(item.get("text"), str) and ("generation_info" in item or "finish_reason" in item):
        return Message("assistant", item["text"] or None)  # a completion without a message
    return None


def _parts_in(content: str) -> Any:
    """Strands and Traceloop write the parts of a message as JSON in the place of its text."""
    if not content.startswith("[{"):
        return content
    parts = parsed(content)
    if not isinstance(parts, list):
        return content
    items = cast("list[Any]", parts)
    return items if all(isinstance(item, dict) and PART_KEYS & item.keys() for item in items) else content


def _is_tool_result(content: Any) -> bool:
    if not isinstance(content, list) or not content:
        return False
    return all(
        isinstance(part, dict)
        and (
            cast("dict[str, Any]", part).get("type") in ("tool_result", "tool_call_response")
            or "toolResult" in part
        )
        for part in cast("list[Any]", content)
    )


def text_of(content: Any, depth: int = 0) -> str | None:
    """Read what a person reads in a message.

    Args:
        content: A text, a part, or a list of parts.
        depth: Wrappings already looked through.

    Returns:
        The text, parts joined by line breaks; None when there is none.
    """
    if isinstance(content, str):
        return content or None
    if depth > DEPTH_MAX:
        return None
    if isinstance(content, list):
        texts = [text_of(part, depth + 1) for part in cast("list[Any]", content)]
        return "\n".join([text for text in texts if text]) or None
    return _part_text(cast("dict[str, Any]", content), depth) if isinstance(content, dict) else None


def _part_text(part: Mapping[str, Any], depth: int) -> str | None:
    inner = part.get("message_content")
    if isinstance(inner, dict):  # OpenInference
        return _part_text(cast("dict[str, Any]", inner), depth + 1)
    kind = part.get("type")
    if isinstance(kind, str) and kind not in TEXT_PARTS and kind.lower() not in ROLES:
        return None
    for key in ("text", "content", "parts"):
        if part.get(key) is not None:
            return text_of(part[key], depth + 1)
    return None


def last_user(messages: list[Message]) -> str | None:
    """Find what the user said last.

    Args:
        messages: In order.

    Returns:
        The text of the user's last message; None when there is none.
    """
    return next((message.text for message in reversed(messages) if message.role == "user"), None)


def final_answer(messages: list[Message]) -> str | None:
    """Find what the assistant said last.

    Args:
        messages: In order.

    Returns:
        The text of the assistant's last message; None when that only calls tools.
    """
    return next((message.text for message in reversed(messages) if message.role == "assistant"), None)
