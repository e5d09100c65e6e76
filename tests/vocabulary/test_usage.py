"""Tokens and reported cost."""

import json
from decimal import Decimal
from typing import Any

import pytest

from .made import span


def counts(attributes: dict[str, Any]) -> tuple[int | None, ...]:
    """Input, output, cached, cache-write, reasoning."""
    read = span(attributes)
    return (
        read.input_tokens,
        read.output_tokens,
        read.cached_input_tokens,
        read.cache_write_tokens,
        read.reasoning_tokens,
    )


RAW_OPENAI = {
    "completion_tokens": 12,
    "prompt_tokens": 31,
    "total_tokens": 43,
    "completion_tokens_details": {"audio_tokens": 0, "reasoning_tokens": 5},
    "prompt_tokens_details": {"audio_tokens": 0, "cached_tokens": 16},
}


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        (RAW_OPENAI, (31, 12, 16, None, 5)),
        (
            {"input": 15, "output": 9, "total": 29, "input_cache_read": 0, "output_reasoning": 5},
            (15, 14, 0, None, 5),
        ),
        ({"input": 15, "input_cache_read": 16, "output": 9}, (31, 9, 16, None, None)),
        (
            {"input": 3, "cache_read_input_tokens": 10, "cache_creation_input_tokens": 7, "output": 4},
            (20, 4, 10, 7, None),
        ),
        ({"input_tokens": 3, "cache_read_input_tokens": 10, "output_tokens": 4}, (13, 4, 10, None, None)),
        (
            {
                "input_tokens": 15,
                "output_tokens": 14,
                "input_tokens_details": {"cached_tokens": 8},
                "output_tokens_details": {"reasoning_tokens": 5},
            },
            (15, 14, 8, None, 5),
        ),
        ({"input": 7}, (7, None, None, None, None)),
        ({"total": 7}, (None,) * 5),
        ([1], (None,) * 5),
        ("no json", (None,) * 5),
    ],
)
def test_both_shapes_of_langfuse(usage: Any, expected: tuple[int | None, ...]) -> None:
    """A provider's own object is inclusive; Langfuse's buckets are disjoint and are added."""
    assert counts({"langfuse.observation.usage_details": json.dumps(usage)}) == expected


def test_a_kvlist_counts_like_json() -> None:
    """AnyValue can hold the object itself."""
    assert counts({"langfuse.observation.usage_details": RAW_OPENAI})[:2] == (31, 12)


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        (
            {
                "mlflow.chat.tokenUsage": (
                    '{"input_tokens": 29, "output_tokens": 12, "total_tokens": 41, '
                    '"cache_read_input_tokens": 16}'
                )
            },
            (29, 12, 16, None, None),
        ),
        ({"gen_ai.usage.input_tokens": 1, "gen_ai.usage.output_tokens": 2}, (1, 2, None, None, None)),
        ({"gen_ai.usage.prompt_tokens": 1, "gen_ai.usage.completion_tokens": 2}, (1, 2, None, None, None)),
        (
            {
                "gen_ai.usage.input_tokens": 20,
                "gen_ai.usage.cache_read.input_tokens": 0,
                "gen_ai.usage.cache_creation.input_tokens": 3,
            },
            (20, None, 0, 3, None),
        ),
        (
            {"gen_ai.usage.output_tokens": 9, "gen_ai.usage.reasoning.output_tokens": 5},
            (None, 9, None, None, 5),
        ),
        ({"gen_ai.usage.output_tokens": 9, "gen_ai.usage.reasoning_tokens": 5}, (None, 9, None, None, 5)),
        (
            {
                "llm.token_count.prompt": 1,
                "llm.token_count.completion": 2,
                "llm.token_count.prompt_details.cache_read": 1,
            },
            (1, 2, 1, None, None),
        ),
        (
            {
                "ai.usage.inputTokens": 3,
                "ai.usage.outputTokens": 4,
                "ai.usage.cachedInputTokens": 1,
                "ai.usage.reasoningTokens": 2,
            },
            (3, 4, 1, None, 2),
        ),
        ({"ai.usage.promptTokens": "3", "ai.usage.completionTokens": 4.0}, (3, 4, None, None, None)),
        ({"gen_ai.usage.input_tokens": 0, "llm.token_count.prompt": 5}, (0, None, None, None, None)),
        ({"gen_ai.usage.input_tokens": -1, "llm.token_count.prompt": 5}, (5, None, None, None, None)),
        ({"gen_ai.usage.input_tokens": True, "gen_ai.usage.output_tokens": "many"}, (None,) * 5),
        ({"usage": '{"input_tokens": 15}'}, (None,) * 5),
    ],
)
def test_dialects(attributes: dict[str, Any], expected: tuple[int | None, ...]) -> None:
    """Each in its own keys; zero is a count; usage that wrappers repeat is not read."""
    assert counts(attributes) == expected


def test_the_order_of_dialects() -> None:
    """Langfuse, MLflow, OpenTelemetry, OpenInference, AI SDK."""
    ladder: list[dict[str, Any]] = [
        {"langfuse.observation.usage_details": '{"input": 1}'},
        {"mlflow.chat.tokenUsage": '{"input_tokens": 2}'},
        {"gen_ai.usage.input_tokens": 3},
        {"llm.token_count.prompt": 4},
        {"ai.usage.inputTokens": 5},
    ]
    for rank in range(len(ladder)):
        attributes = {key: value for rung in ladder[rank:] for key, value in rung.items()}
        assert counts(attributes)[0] == rank + 1


def test_parts_larger_than_their_whole_are_added() -> None:
    """A part is a subset, so what exceeds its whole was counted apart from it."""
    sent = {"gen_ai.usage.input_tokens": 4, "gen_ai.usage.cache_read.input_tokens": 100}
    assert counts(sent) == (104, None, 100, None, None)


@pytest.mark.parametrize(
    ("attributes", "cost"),
    [
        (
            {
                "langfuse.observation.cost_details": '{"input": 0.1, "output": 0.2, "total": 0.3}',
                "llm.cost.total": 9,
            },
            "0.3",
        ),
        ({"langfuse.observation.cost_details": '{"input": 0.1, "output": 0.2}'}, "0.3"),
        ({"langfuse.observation.cost_details": '{"input": 0, "output": 0, "total": 0}'}, "0"),
        ({"llm.cost.total": 0.25, "operation.cost": 9}, "0.25"),
        ({"operation.cost": 1.065e-05, "gen_ai.usage.cost": 9}, "0.00001065"),
        ({"gen_ai.usage.cost": "0.5"}, "0.5"),
        ({"mlflow.llm.cost": '{"input_cost": 0.1, "output_cost": 0.2, "total_cost": 0.3}'}, "0.3"),
    ],
)
def test_reported_cost(attributes: dict[str, Any], cost: str) -> None:
    """Exact decimals, of the total where there is one."""
    read = span(attributes)
    assert read.cost_usd == Decimal(cost)
    assert read.cost_source == "reported"


@pytest.mark.parametrize("cost", [-1, "nan", "free", float("inf"), "1e30", True, {}])
def test_what_is_no_cost(cost: Any) -> None:
    """Missing, not zero."""
    read = span({"llm.cost.total": cost})
    assert (read.cost_usd, read.cost_source) == (None, None)
