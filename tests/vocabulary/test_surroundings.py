"""Time to first token, tags, environment, session attributes, turn, context, journey."""

from typing import Any

import pytest

from .made import START_US, span


@pytest.mark.parametrize(
    ("attributes", "events", "wait_us"),
    [
        ({"langfuse.observation.completion_start_time": '"2026-09-21T14:13:20.250000Z"'}, [], 250_000),
        ({"langfuse.observation.completion_start_time": "2026-09-21T14:13:20.250000"}, [], 250_000),
        ({"langfuse.observation.completion_start_time": "2026-09-21T14:13:19Z"}, [], None),
        ({"langfuse.observation.completion_start_time": "soon"}, [], None),
        ({"gen_ai.response.time_to_first_chunk": 0.0825}, [], 82_500),
        ({"ai.response.msToFirstChunk": 55.97}, [], 55_970),
        ({"ai.response.msToFirstChunk": -1}, [], None),
        ({}, [(START_US + 40, "First Token Stream Event", {})], 40),
        ({"ai.response.msToFirstChunk": 1}, [(START_US + 40, "First Token Stream Event", {})], 1_000),
        ({}, [(START_US + 40, "other", {})], None),
        ({}, [], None),
    ],
)
def test_time_to_first_token(attributes: dict[str, Any], events: list[Any], wait_us: int | None) -> None:
    """Durations in their units, points in time minus the start."""
    assert span(attributes, events=events, start_us=START_US).ttft_us == wait_us


@pytest.mark.parametrize(
    ("value", "tags"),
    [
        (["prod", "beta"], ("prod", "beta")),
        ('["prod", "beta"]', ("prod", "beta")),
        ("prod, beta", ("prod", "beta")),
        ("['prod', \"beta\"]", ("prod", "beta")),
        ("prod", ("prod",)),
        (["prod", "prod", ""], ("prod",)),
        ([], ()),
        ("", ()),
        ("null", ()),
        ('"prod"', ("prod",)),
        (["1", 2], ("1", "2")),
    ],
)
def test_tags(value: Any, tags: tuple[str, ...]) -> None:
    """Arrays, JSON arrays, comma lists, and the repr that comes from baggage."""
    assert span({"langfuse.trace.tags": value}).tags == tags


def test_order_of_tags() -> None:
    """The first key that has any."""
    keys = [
        "langfuse.trace.tags",
        "langfuse.tags",
        "metadata.langfuse_tags",
        "tag.tags",
        "langsmith.span.tags",
        "metadata.tags",
    ]
    for rank, key in enumerate(keys):
        assert span({other: [other] for other in keys[rank:]}).tags == (key,)


@pytest.mark.parametrize(
    ("attributes", "resource", "environment", "release"),
    [
        ({"langfuse.environment": "a"}, {"langfuse.environment": "b"}, "a", None),
        ({}, {"langfuse.environment": "b", "deployment.environment.name": "c"}, "b", None),
        ({}, {"deployment.environment.name": "c", "deployment.environment": "d"}, "c", None),
        ({}, {"deployment.environment": "d"}, "d", None),
        ({"langfuse.release": "1"}, {"service.version": "2"}, None, "1"),
        ({}, {"langfuse.release": "1", "service.version": "2"}, None, "1"),
        ({}, {"service.version": "2"}, None, "2"),
        ({}, {}, None, None),
    ],
)
def test_environment_and_release(
    attributes: dict[str, Any], resource: dict[str, Any], environment: str | None, release: str | None
) -> None:
    """Of the span, else of its resource."""
    read = span(attributes, resource=resource)
    assert (read.environment, read.release) == (environment, release)


def test_an_unnamed_service_is_missing() -> None:
    """What an SDK writes when nobody named it."""
    assert span(resource={"service.name": "unknown_service:python"}).service is None
    assert span(resource={"service.name": "bot"}).service == "bot"


def test_session_attributes() -> None:
    """Without the prefix; aggregates as reported; users with their own."""
    read = span(
        {
            "session.id": "s",
            "session.type": "chat",
            "session.channel": "web",
            "session.locale": "de-CH",
            "session.end_reason": "logout",
            "session.previous_id": "s-0",
            "session.inactive_timeout": 600,
            "session.metadata.plan": "pro",
            "session.metadata.beta": True,
            "session.metadata.limits": {"a": 1},
            "session.total_turns": 0,
            "session.total_cost_usd": 0.5,
            "conversation.total_turns": 4,
            "user.tier": "gold",
            "user.org_id": 12,
            "session.browser": "null",
        }
    )
    assert read.session_attributes == {
        "type": "chat",
        "channel": "web",
        "locale": "de-CH",
        "end_reason": "logout",
        "previous_id": "s-0",
        "inactive_timeout": "600",
        "metadata.plan": "pro",
        "metadata.beta": "true",
        "metadata.limits": '{"a": 1}',
        "reported_total_turns": "0",
        "reported_total_cost_usd": "0.5",
        "reported_conversation_total_turns": "4",
        "user_tier": "gold",
        "user_org_id": "12",
    }


def test_journey() -> None:
    """Without the prefix; false and zero are values."""
    read = span({"journey.name": "refund", "journey.stage_number": 2, "journey.converted": False})
    assert read.journey == {"name": "refund", "stage_number": "2", "converted": "false"}


def test_turn() -> None:
    """What our client says about a turn."""
    read = span(
        {
            "turnloom.span.kind": "turn",
            "turn.id": "t-1",
            "turn.status": "cancelled",
            "turn.regenerates": "t-0",
            "turn.input_hash": "h1",
            "turn.intent": "refund",
            "turn.input_type": "question",
            "turn.output_type": "answer",
            "turnloom.background": True,
            "human.wait_time_ms": 1500,
        }
    )
    assert (read.is_turn, read.turn_id, read.turn_status, read.regenerates) == (
        True,
        "t-1",
        "cancelled",
        "t-0",
    )
    assert (read.input_hash, read.intent, read.input_type, read.output_type) == (
        "h1",
        "refund",
        "question",
        "answer",
    )
    assert (read.background, read.human_wait_us) == (True, 1_500_000)


@pytest.mark.parametrize(
    "key",
    [
        "context.current_tokens",
        "context.tokens",
        "context.tokens_used",
        "context.total_tokens",
        "conversation.context_tokens",
    ],
)
def test_context(key: str) -> None:
    """All spellings of the tokens in the window."""
    read = span(
        {key: 900, "context.max_tokens": "1000", "context.pruned": "true", "context.messages_pruned": 0}
    )
    assert (read.context_tokens, read.context_limit, read.context_pruned, read.messages_pruned) == (
        900,
        1000,
        True,
        0,
    )


def test_version_prefers_the_later_end_then_more_attributes_then_the_hash() -> None:
    """Never the arrival."""
    early, more, hashed = (
        span(end_us=START_US),
        span({"a": 1}, end_us=START_US),
        span(content_hash=8, end_us=START_US),
    )
    assert early.version < hashed.version < more.version < span(end_us=START_US + 1).version


def test_the_raw_span_is_not_changed() -> None:
    """It may be mapped again with another table."""
    from turnloom.vocabulary import canonical

    from .made import raw

    given = raw({"input.value": "x" * 100, "llm.input_messages.0.message.content": "x" * 100})
    before = dict(given.attributes)
    assert canonical(given) == canonical(given)
    assert given.attributes == before


def test_what_ingest_repaired_becomes_a_flag() -> None:
    """Noted in an attribute, shown as a flag."""
    assert span({"turnloom.flags": ["deep_value", "deep_value", 3]}).flags == ("deep_value",)
    assert span({"turnloom.flags": "odd"}).flags == ()
