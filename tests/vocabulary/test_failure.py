"""Errors: whether, of what, and whether trying again may help."""

from typing import Any

import pytest

from turnloom.vocabulary.failure import category

from .made import span

EXCEPTION = (1, "exception", {"exception.type": "openai.RateLimitError", "exception.message": "Too fast"})


@pytest.mark.parametrize(
    ("attributes", "fields", "error"),
    [
        ({}, {"status_code": 2}, True),
        ({"langfuse.observation.level": "ERROR"}, {}, True),
        ({"langfuse.observation.level": "WARNING"}, {}, False),
        ({"error.type": "TimeoutError"}, {}, True),
        ({"error.type": ""}, {}, False),
        ({}, {"events": [EXCEPTION]}, True),
        ({"gen_ai.tool.status": "error"}, {}, True),
        ({"gen_ai.tool.status": "success"}, {}, False),
        ({"http.response.status_code": 404}, {}, False),
        ({}, {"status_code": 1}, False),
    ],
)
def test_whether(attributes: dict[str, Any], fields: dict[str, Any], error: bool) -> None:
    """By any of the five ways to say so."""
    assert span(attributes, **fields).error is error


def test_type_and_message() -> None:
    """The class without its module; the exception's message before the status."""
    read = span(events=[EXCEPTION], status_code=2, status_message="RateLimitError: Too fast")
    assert (read.error_type, read.error_message, read.error_category) == (
        "RateLimitError",
        "Too fast",
        "transient",
    )
    read = span({"error.type": "ValueError"}, status_code=2, status_message="bad input", events=[EXCEPTION])
    assert (read.error_type, read.error_message) == ("ValueError", "Too fast")
    read = span(
        {"langfuse.observation.level": "ERROR", "langfuse.observation.status_message": "Error code: 429"}
    )
    assert (read.error_type, read.error_message, read.error_category) == (
        None,
        "Error code: 429",
        "transient",
    )


def test_without_an_error_nothing_is_said() -> None:
    """A status message of a span that went well is no error."""
    read = span({"error.category": "transient"}, status_message="fine")
    assert (read.error_type, read.error_message, read.error_category) == (None, None, None)


@pytest.mark.parametrize(
    ("error_type", "message", "status", "expected"),
    [
        ("TimeoutError", None, None, "transient"),
        ("APIConnectionError", None, None, "transient"),
        ("LMRateLimitError", None, None, "transient"),
        ("ChatClientException", "Error code: 429 - slow down", None, "transient"),
        ("BadRequestError", "Error code: 400 - no", None, "permanent"),
        ("APIStatusError", "HTTP/1.1 503 unavailable", None, "transient"),
        ("429", None, None, "transient"),
        ("404", None, None, "permanent"),
        ("Error", None, 408, "transient"),
        ("Error", None, 409, "transient"),
        ("Error", None, 425, "transient"),
        ("Error", None, 500, "transient"),
        ("Error", None, 401, "permanent"),
        ("ValueError", "no such order", None, "permanent"),
        (None, "timeout", None, "transient"),
        (None, "no such order", None, None),
        (None, None, None, None),
    ],
)
def test_category(
    error_type: str | None, message: str | None, status: int | None, expected: str | None
) -> None:
    """By the HTTP code, else by class, else by what was said."""
    assert category(error_type, message, status) == expected


def test_a_reported_category_wins() -> None:
    """The sender knows better."""
    assert span({"error.type": "TimeoutError", "error.category": "permanent"}).error_category == "permanent"
    assert span({"error.type": "TimeoutError", "error.category": "odd"}).error_category == "transient"
