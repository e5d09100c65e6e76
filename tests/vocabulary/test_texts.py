"""Input and output: which attribute, which shape, and what a person reads of it."""

import json
from typing import Any

import pytest

from .made import span

INPUT_KEYS = [
    "gen_ai.tool.call.arguments",
    "ai.toolCall.args",
    "langfuse.observation.input",
    "gen_ai.input.messages",
    "input.value",
    "traceloop.entity.input",
    "ai.prompt.messages",
    "ai.prompt",
    "mlflow.spanInputs",
    "gen_ai.prompt",
    "raw_input",
    "pydantic_ai.all_messages",
]
OUTPUT_KEYS = [
    "gen_ai.tool.call.result",
    "ai.toolCall.result",
    "langfuse.observation.output",
    "gen_ai.output.messages",
    "output.value",
    "traceloop.entity.output",
    "ai.response.text",
    "mlflow.spanOutputs",
    "gen_ai.completion",
    "response",
    "final_result",
]


@pytest.mark.parametrize("rank", range(len(INPUT_KEYS)))
def test_order_of_inputs(rank: int) -> None:
    """The first key that holds something is the input and leaves the attributes."""
    read = span({key: f"text of {key}" for key in INPUT_KEYS[rank:]})
    assert (read.input, read.input_key) == (f"text of {INPUT_KEYS[rank]}", INPUT_KEYS[rank])
    assert list(read.attributes) == INPUT_KEYS[rank + 1 :]


@pytest.mark.parametrize("rank", range(len(OUTPUT_KEYS)))
def test_order_of_outputs(rank: int) -> None:
    """The first key that holds something is the output and leaves the attributes."""
    read = span({key: f"text of {key}" for key in OUTPUT_KEYS[rank:]})
    assert (read.output, read.output_key) == (f"text of {OUTPUT_KEYS[rank]}", OUTPUT_KEYS[rank])
    assert list(read.attributes) == OUTPUT_KEYS[rank + 1 :]


def test_families_stand_in_the_order_too() -> None:
    """OpenInference's messages beat its value; OpenTelemetry's beat both."""
    family = {"llm.input_messages.0.message.role": "user", "llm.input_messages.0.message.content": "Hi"}
    assert span({"input.value": "other", **family}).input_key == "llm.input_messages."
    assert span({"gen_ai.input.messages": "[]", **family}).input_key == "gen_ai.input.messages"
    older = {"gen_ai.prompt.0.role": "user", "gen_ai.prompt.0.content": "Hi", "gen_ai.prompt": "x"}
    assert span(older).input_key == "gen_ai.prompt."


HISTORY: list[tuple[str, Any]] = [
    (
        "OpenAI chat",
        [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Hello"},
            {"role": "assistant", "content": "Hi."},
            {"role": "user", "content": "Weather?"},
        ],
    ),
    (
        "gen_ai parts",
        [
            {"role": "system", "parts": [{"type": "text", "content": "Be brief."}]},
            {"role": "user", "parts": [{"type": "text", "content": "Hello"}]},
            {"role": "assistant", "parts": [{"type": "tool_call", "name": "f", "arguments": {}}]},
            {"role": "user", "parts": [{"type": "text", "content": "Weather?"}]},
        ],
    ),
    (
        "a request",
        {
            "model": "m",
            "messages": [{"role": "user", "content": "Weather?"}],
            "tools": [{"type": "function"}],
        },
    ),
    ("the AI SDK", {"system": "Be brief.", "messages": [{"role": "user", "content": "Weather?"}]}),
    (
        "content parts",
        [
            {
                "role": "user",
                "content": [{"type": "text", "text": "Weather?"}, {"type": "image_url", "image_url": {}}],
            }
        ],
    ),
    ("Responses API", {"input": [{"role": "user", "content": [{"type": "input_text", "text": "Weather?"}]}]}),
    (
        "Responses API items",
        [
            {"type": "function_call", "name": "f", "arguments": "{}"},
            {"type": "function_call_output", "output": "7"},
            {"type": "message", "role": "user", "content": "Weather?"},
        ],
    ),
    ("Bedrock", [{"role": "user", "content": [{"text": "Weather?"}]}]),
    ("Gemini", {"contents": [{"role": "user", "parts": [{"text": "Weather?"}]}]}),
    (
        "LangChain constructors",
        {
            "messages": [
                [
                    {
                        "lc": 1,
                        "type": "constructor",
                        "id": ["langchain", "schema", "messages", "SystemMessage"],
                        "kwargs": {"content": "x", "type": "system"},
                    },
                    {
                        "lc": 1,
                        "type": "constructor",
                        "id": ["langchain", "schema", "messages", "HumanMessage"],
                        "kwargs": {"content": "Weather?", "type": "human"},
                    },
                ]
            ]
        },
    ),
    ("LangChain data", {"messages": [{"type": "human", "data": {"content": "Weather?", "type": "human"}}]}),
    (
        "LangChain state",
        {"messages": [{"type": "human", "content": "Weather?", "additional_kwargs": {}}], "turn": 3},
    ),
    (
        "Langfuse with tools among the messages",
        [
            {"role": "user", "content": "Weather?"},
            {"role": "tool", "content": {"type": "function", "function": {"name": "f"}}},
        ],
    ),
    (
        "Anthropic",
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "Weather?"}]}], "max_tokens": 5},
    ),
    (
        "event names",
        [
            {"event.name": "gen_ai.system.message", "content": "x"},
            {"event.name": "gen_ai.user.message", "content": "Weather?"},
        ],
    ),
]


@pytest.mark.parametrize(("shape", "data"), HISTORY, ids=[name for name, _ in HISTORY])
def test_the_last_user_message_is_read(shape: str, data: Any) -> None:
    """In every shape, as JSON or as a list or object of its own."""
    for value in (json.dumps(data), data):
        read = span({"input.value": value, "openinference.span.kind": "LLM"})
        assert read.input_text == "Weather?"
        assert read.has_user_message is True
        assert read.messages_count is not None


@pytest.mark.parametrize(
    "last",
    [
        {"role": "assistant", "content": "Hi."},
        {"role": "tool", "content": "7 degrees"},
        {"role": "user", "content": [{"type": "tool_result", "content": "7 degrees"}]},
        {"role": "user", "content": [{"toolResult": {"content": []}}]},
    ],
)
def test_a_continued_exchange_has_no_new_user_message(last: dict[str, Any]) -> None:
    """Results of tools are no message of the user, whatever their role says."""
    read = span({"gen_ai.input.messages": json.dumps([{"role": "user", "content": "Weather?"}, last])})
    assert (read.input_text, read.has_user_message, read.messages_count) == ("Weather?", False, 2)


ANSWERS: list[tuple[str, Any, str | None]] = [
    (
        "gen_ai parts",
        [{"role": "assistant", "parts": [{"type": "text", "content": "It rains."}], "finish_reason": "stop"}],
        "It rains.",
    ),
    (
        "reasoning",
        [
            {
                "role": "assistant",
                "parts": [{"type": "reasoning", "content": "Hm."}, {"type": "text", "content": "It rains."}],
            }
        ],
        "It rains.",
    ),
    (
        "a tool call",
        [{"role": "assistant", "parts": [{"type": "tool_call", "name": "f", "arguments": {}}]}],
        None,
    ),
    (
        "a message",
        {"role": "assistant", "content": "It rains.", "additional_kwargs": {"refusal": None}},
        "It rains.",
    ),
    ("a call without text", {"role": "assistant", "content": None, "tool_calls": [{"id": "1"}]}, None),
    (
        "chat completion",
        {
            "id": "1",
            "choices": [{"finish_reason": "stop", "message": {"role": "assistant", "content": "It rains."}}],
        },
        "It rains.",
    ),
    (
        "tool completion",
        {"choices": [{"message": {"role": "assistant", "content": None, "tool_calls": []}}]},
        None,
    ),
    (
        "response",
        {
            "id": "r",
            "output": [
                {"type": "reasoning"},
                {
                    "type": "message",
                    "role": "assistant",
                    "content": [{"type": "output_text", "text": "It rains."}],
                },
            ],
        },
        "It rains.",
    ),
    ("response that calls", {"output": [{"type": "function_call", "name": "f", "arguments": "{}"}]}, None),
    (
        "Anthropic",
        {"role": "assistant", "type": "message", "content": [{"type": "text", "text": "It rains."}]},
        "It rains.",
    ),
    (
        "Bedrock",
        {"output": {"message": {"role": "assistant", "content": [{"text": "It rains."}]}}},
        "It rains.",
    ),
    (
        "Gemini",
        {"candidates": [{"content": {"parts": [{"text": "It rains."}], "role": "model"}}]},
        "It rains.",
    ),
    (
        "generations",
        {
            "generations": [
                [
                    {
                        "text": "It rains.",
                        "generation_info": {},
                        "message": {
                            "lc": 1,
                            "id": ["AIMessage"],
                            "kwargs": {"content": "It rains.", "type": "ai"},
                        },
                    }
                ]
            ]
        },
        "It rains.",
    ),
    ("completions", {"generations": [[{"text": "It rains.", "generation_info": None}]]}, "It rains."),
    (
        "state",
        {"messages": [{"type": "human", "content": "Weather?"}, {"type": "ai", "content": "It rains."}]},
        "It rains.",
    ),
    ("one field", {"reasoning": "Hm.", "answer": "It rains."}, "It rains."),
    ("list of one", [{"answer": "It rains."}], "It rains."),
    ("arbitrary", {"rows": [1, 2]}, None),
]


@pytest.mark.parametrize(("shape", "data", "text"), ANSWERS, ids=[row[0] for row in ANSWERS])
def test_the_final_answer_is_read(shape: str, data: Any, text: str | None) -> None:
    """In every shape; a call of tools alone is no answer."""
    assert span({"output.value": json.dumps(data)}).output_text == text
    assert span({"output.value": data}).output_text == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Hello", "Hello"),
        (" Hello ", " Hello "),
        ('"Hello"', "Hello"),
        ('"Hello" he said', '"Hello" he said'),
        ('{"question": "Hello"}', "Hello"),
        ('{"query": "Hello", "top_k": 4}', "Hello"),
        ('{"input": "Hello", "query": "other"}', None),
        ('{"inputs": {"question": "Hello"}}', "Hello"),
        ('{"args": ["Hello"], "kwargs": {}}', "Hello"),
        ('{"args": [], "kwargs": {"message": "Hello"}}', "Hello"),
        ('{"args": ["Hello", "World"], "kwargs": {}}', None),
        ('{"city": "Oslo"}', None),
        ('{"broken', '{"broken'),
        ("[1, 2]", None),
        ("5", 5),
    ],
)
def test_plain_input(value: str, text: Any) -> None:
    """Text, or the one key that holds it; other data is no text."""
    assert span({"input.value": value}).input_text == (str(text) if text is not None else None)


@pytest.mark.parametrize(("kind", "new"), [("LLM", True), ("AGENT", True), ("TOOL", False), ("CHAIN", False)])
def test_plain_text_may_start_an_exchange(kind: str, new: bool) -> None:
    """What agents and models are asked in plain text is the user's."""
    assert span({"input.value": "Hello", "openinference.span.kind": kind}).has_user_message is new


@pytest.mark.parametrize("missing", ["", "null", "None", '""', "[Scrubbed due to 'x']", [], {}])
def test_a_missing_input_leaves_the_place_to_the_next(missing: Any) -> None:
    """And stays among the attributes as sent."""
    read = span({"langfuse.observation.input": missing, "input.value": "Hello"})
    assert (read.input, read.input_key) == ("Hello", "input.value")
    assert read.attributes == {"langfuse.observation.input": missing}


def test_openinference_families() -> None:
    """Contents in parts, tool calls, and several messages."""
    read = span(
        {
            "llm.input_messages.0.message.role": "user",
            "llm.input_messages.0.message.contents.0.message_content.type": "text",
            "llm.input_messages.0.message.contents.0.message_content.text": "Weather?",
            "llm.output_messages.0.message.role": "assistant",
            "llm.output_messages.0.message.tool_calls.0.tool_call.function.name": "f",
        }
    )
    assert (read.input_text, read.output_text, read.messages_count) == ("Weather?", None, 1)
    assert (read.input_key, read.output_key) == ("llm.input_messages.", "llm.output_messages.")
    assert read.attributes == {}


def test_traceloop_families() -> None:
    """The convention before gen_ai.input.messages."""
    read = span(
        {
            "gen_ai.prompt.0.role": "system",
            "gen_ai.prompt.0.content": "Be brief.",
            "gen_ai.prompt.1.role": "user",
            "gen_ai.prompt.1.content": '[{"type": "text", "text": "Weather?"}]',
            "gen_ai.completion.0.role": "assistant",
            "gen_ai.completion.0.content": "It rains.",
            "gen_ai.completion.0.finish_reason": "stop",
        }
    )
    assert (read.input_text, read.output_text, read.has_user_message) == ("Weather?", "It rains.", True)


def test_messages_in_one_event_for_each() -> None:
    """Strands and others: parts as JSON in span events, between attribute and other dialects."""
    events = [
        (1, "gen_ai.system.message", {"content": "Be brief."}),
        (2, "gen_ai.user.message", {"content": '[{"text": "Weather?"}]'}),
        (3, "gen_ai.choice", {"message": '[{"text": "It rains."}]', "finish_reason": "end_turn"}),
    ]
    read = span({"gen_ai.operation.name": "chat", "input.value": "other"}, events=events)
    assert (read.input_text, read.output_text) == ("Weather?", "It rains.")
    assert (read.input_key, read.output_key) == ("event:gen_ai.user.message", "event:gen_ai.choice")
    assert (read.has_user_message, read.messages_count) == (True, 2)
    assert span({"gen_ai.input.messages": "Hello"}, events=events).input == "Hello"


def test_results_of_tools_in_events_are_no_message_of_the_user() -> None:
    """Strands sends them in the user's role, as JSON."""
    events = [
        (1, "gen_ai.user.message", {"content": '[{"text": "Weather?"}]'}),
        (2, "gen_ai.assistant.message", {"content": '[{"toolUse": {"name": "f"}}]'}),
        (3, "gen_ai.user.message", {"content": '[{"toolResult": {"content": [{"text": "7"}]}}]'}),
        (4, "gen_ai.choice", {"message": '[{"toolUse": {"name": "g"}}]', "finish_reason": "tool_use"}),
    ]
    read = span({"gen_ai.operation.name": "chat"}, events=events)
    assert (read.input_text, read.output_text, read.has_user_message) == ("Weather?", None, False)


def test_messages_inside_the_content_of_an_event() -> None:
    """Azure's and Semantic Kernel's tracers."""
    events = [
        (1, "gen_ai.user.message", {"gen_ai.event.content": '{"role": "user", "content": "Weather?"}'}),
        (2, "gen_ai.choice", {"gen_ai.event.content": '{"message": {"content": "It rains."}, "index": 0}'}),
    ]
    read = span({"gen_ai.operation.name": "chat"}, events=events)
    assert (read.input_text, read.output_text, read.has_user_message) == ("Weather?", "It rains.", True)


def test_a_list_that_a_user_typed_is_text() -> None:
    """Only parts of a message are taken apart."""
    messages = [{"role": "user", "content": '[{"city": "Oslo"}]'}]
    assert span({"gen_ai.input.messages": messages}).input_text == '[{"city": "Oslo"}]'


def test_messages_in_one_event() -> None:
    """The event that holds the details of a call."""
    messages = json.dumps([{"role": "user", "parts": [{"type": "text", "content": "Weather?"}]}])
    read = span(
        events=[(1, "gen_ai.client.inference.operation.details", {"gen_ai.input.messages": messages})]
    )
    assert (read.input, read.input_text) == (messages, "Weather?")


def test_dspys_markers_are_taken_off() -> None:
    """A person said the field, not the frame around it."""
    read = span(
        {
            "llm.input_messages.0.message.role": "user",
            "llm.input_messages.0.message.content": (
                "[[ ## question ## ]]\nWeather?\n\nRespond with the corresponding output fields, ..."
            ),
            "llm.output_messages.0.message.role": "assistant",
            "llm.output_messages.0.message.content": (
                "[[ ## reasoning ## ]]\nHm.\n\n[[ ## summary ## ]]\nIt rains.\n\n[[ ## completed ## ]]"
            ),
        }
    )
    assert (read.input_text, read.output_text) == ("Weather?", "It rains.")


def test_a_whole_exchange_holds_both() -> None:
    """pydantic-ai's history: the question and, without a result of its own, the answer."""
    history = [
        {"role": "user", "parts": [{"type": "text", "content": "Weather?"}]},
        {"role": "assistant", "parts": [{"type": "text", "content": "It rains."}]},
    ]
    read = span({"pydantic_ai.all_messages": json.dumps(history)})
    assert (read.input_text, read.output_text, read.has_user_message) == ("Weather?", "It rains.", True)
    assert (
        span({"pydantic_ai.all_messages": json.dumps(history), "final_result": "Rain"}).output_text == "Rain"
    )


def test_a_tools_message_is_its_answer() -> None:
    """LangChain's tools answer with a message."""
    sent = {
        "langfuse.observation.type": "tool",
        "langfuse.observation.output": '{"content": "7 degrees", "type": "tool"}',
    }
    assert span(sent).output_text == "7 degrees"


@pytest.mark.parametrize("value", ["[" * 5000, '{"a":' * 5000, "[" * 3000 + "]" * 3000])
def test_deep_nesting_is_no_trouble(value: str) -> None:
    """It is no message."""
    read = span({"input.value": value, "metadata": value, "langfuse.trace.tags": value})
    assert read.input == value


def test_deep_lists_and_objects_are_no_trouble() -> None:
    """Neither as values of their own."""
    deep: Any = "text"
    for _ in range(200):
        deep = [{"content": deep}]
    read = span({"input.value": deep, "other": deep})
    assert read.input_text is None


def test_half_a_surrogate_pair_in_a_message() -> None:
    """Every text of a span can be encoded."""
    read = span({"input.value": '{"messages": [{"role": "user", "content": "a\\ud800b \\ud83d\\ude00"}]}'})
    assert read.input_text == "a\ufffdb \U0001f600"
