"""Tokens of every provider's shape, in inclusive numbers."""

from types import SimpleNamespace

import pytest

from turnloom.sdk.usage import TokenUsage, token_usage, usage_attributes


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        pytest.param({}, TokenUsage(), id="nothing"),
        pytest.param(
            {
                "prompt_tokens": 10,
                "completion_tokens": 7,
                "total_tokens": 17,
                "prompt_tokens_details": {"cached_tokens": 4},
                "completion_tokens_details": {"reasoning_tokens": 5},
            },
            TokenUsage(10, 7, 4, None, 5),
            id="openai chat",
        ),
        pytest.param(
            SimpleNamespace(
                input_tokens=10,
                output_tokens=7,
                input_tokens_details=SimpleNamespace(cached_tokens=0),
                output_tokens_details=SimpleNamespace(reasoning_tokens=0),
            ),
            TokenUsage(10, 7, 0, None, 0),
            id="openai responses",
        ),
        pytest.param(
            {
                "input_tokens": 3,
                "output_tokens": 7,
                "cache_read_input_tokens": 100,
                "cache_creation_input_tokens": 20,
            },
            TokenUsage(123, 7, 100, 20),
            id="anthropic is exclusive",
        ),
        pytest.param(
            {"input_tokens": 3, "output_tokens": 7, "cache_read_input_tokens": None},
            TokenUsage(3, 7),
            id="anthropic without cache",
        ),
        pytest.param(
            SimpleNamespace(
                prompt_token_count=9,
                candidates_token_count=4,
                thoughts_token_count=2,
                cached_content_token_count=None,
            ),
            TokenUsage(9, 6, None, None, 2),
            id="gemini counts thoughts apart",
        ),
        pytest.param(
            {
                "input_tokens": 10,
                "output_tokens": 7,
                "input_token_details": {"cache_read": 4, "cache_creation": 1},
                "output_token_details": {"reasoning": 2},
            },
            TokenUsage(10, 7, 4, 1, 2),
            id="langchain",
        ),
        pytest.param(
            {"prompt_tokens": 123, "completion_tokens": 7, "cache_read_input_tokens": 100},
            TokenUsage(123, 7, 100),
            id="litellm is inclusive",
        ),
        pytest.param({"input_tokens": "10", "output_tokens": True}, TokenUsage(), id="no numbers"),
    ],
)
def test_shapes(usage: object, expected: TokenUsage):
    """Parts are contained in their whole; what is not reported is None."""
    assert token_usage(usage) == expected


def test_zero_is_known_and_missing_is_left_out():
    """0 cached tokens is a fact."""
    assert usage_attributes({"input_tokens": 0, "prompt_tokens_details": {"cached_tokens": 0}}) == {
        "gen_ai.usage.input_tokens": 0,
        "gen_ai.usage.cache_read.input_tokens": 0,
    }
