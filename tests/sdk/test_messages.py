"""Messages in OpenTelemetry's shape, from the shapes that people have."""

from types import SimpleNamespace

import pytest

from turnloom.sdk.messages import input_messages, output_messages
from turnloom.sdk.text import text_of


class Model:
    """As pydantic's models."""

    def __init__(self, **fields: object):
        self._fields = fields

    def model_dump(self) -> dict[str, object]:
        """The fields."""
        return self._fields


def text(content: str) -> dict[str, str]:
    """A part that is text."""
    return {"type": "text", "content": content}


CALL = {"id": "1", "type": "function", "function": {"name": "find", "arguments": '{"a": 1}'}}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("hi", [{"role": "user", "parts": [text("hi")]}]),
        (["a", "b"], [{"role": "user", "parts": [text("a")]}, {"role": "user", "parts": [text("b")]}]),
        ({"role": "system", "content": "be kind"}, [{"role": "system", "parts": [text("be kind")]}]),
        (
            [
                {
                    "role": "user",
                    "content": [{"type": "text", "text": "look"}, {"type": "image_url", "url": "u"}],
                }
            ],
            [{"role": "user", "parts": [text("look"), {"type": "image_url", "url": "u"}]}],
        ),
        (
            Model(role="assistant", content=None, tool_calls=[CALL]),
            [
                {
                    "role": "assistant",
                    "parts": [{"type": "tool_call", "id": "1", "name": "find", "arguments": {"a": 1}}],
                }
            ],
        ),
        (
            {"role": "tool", "tool_call_id": "1", "content": "42"},
            [{"role": "tool", "parts": [{"type": "tool_call_response", "id": "1", "response": "42"}]}],
        ),
        ({"role": "user", "parts": [text("as is")]}, [{"role": "user", "parts": [text("as is")]}]),
        ({"question": 1}, [{"role": "user", "parts": [text('{"question": 1}')]}]),
    ],
)
def test_inputs(given: object, expected: list[dict[str, object]]):
    """Text is the user's; OpenAI's, Anthropic's and OpenTelemetry's messages are read."""
    assert input_messages(given) == expected


def test_broken_tool_arguments_stay_text():
    """A model does not always write JSON."""
    broken = {"tool_calls": [{"id": "1", "function": {"name": "f", "arguments": "{"}}]}
    assert output_messages(broken)[0]["parts"] == [
        {"type": "tool_call", "id": "1", "name": "f", "arguments": "{"}
    ]


def test_outputs_carry_the_finish_reason():
    """One for each message."""
    assert output_messages("hi", ["stop"]) == [
        {"role": "assistant", "parts": [text("hi")], "finish_reason": "stop"}
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("as is", "as is"),
        ({"a": (1, None)}, '{"a": [1, null]}'),
        ({1: Model(b="ü")}, '{"1": {"b": "ü"}}'),
        (b"raw", "\"b'raw'\""),
        (SimpleNamespace(a=1), '"namespace(a=1)"'),
    ],
)
def test_anything_becomes_text(value: object, expected: str):
    """Strings as they are, the rest as JSON."""
    assert text_of(value) == expected


def test_a_value_that_contains_itself_becomes_text():
    """The depth is bounded."""
    value: list[object] = []
    value.append(value)
    assert text_of(value).startswith("[[[")
