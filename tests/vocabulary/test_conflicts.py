"""The conflict rules that one span decides: C1 to C4 and C8."""

from typing import Any

import pytest

from .made import span

LANGCHAIN = "openinference.instrumentation.langchain"


@pytest.mark.parametrize(
    ("scope", "metadata", "session", "conversation", "key"),
    [
        (LANGCHAIN, {"thread_id": "c"}, None, "c", "metadata.thread_id"),
        (LANGCHAIN, {"conversation_id": "c"}, None, "c", "metadata.conversation_id"),
        (LANGCHAIN, {"thread_id": "c", "session_id": "c"}, "c", "c", "metadata.thread_id"),
        (LANGCHAIN, {"thread_id": "t"}, "c", "t", "metadata.thread_id"),
        (LANGCHAIN, {}, "c", None, None),
        ("openinference.instrumentation.openai", {"thread_id": "c"}, "c", "c", "metadata.thread_id"),
    ],
)
def test_c1_langchain_gives_out_the_conversation_as_the_session(
    scope: str, metadata: dict[str, Any], session: str | None, conversation: str | None, key: str | None
) -> None:
    """Only in that scope, only when they are the same, only without a session in the metadata."""
    read = span({"session.id": "c", "metadata": metadata}, scope=scope)
    assert (read.session_id, read.conversation_id, read.conversation_key) == (session, conversation, key)


def test_c1_leaves_the_explicit_session() -> None:
    """`langfuse.session.id` is not what the instrumentation wrote."""
    read = span(
        {"session.id": "c", "langfuse.session.id": "s", "metadata": {"thread_id": "c"}}, scope=LANGCHAIN
    )
    assert (read.session_id, read.conversation_id) == ("s", "c")


def test_c2_an_ambient_conversation_that_repeats_the_session_is_none() -> None:
    """OpenInference's dual mode copies one into the other."""
    read = span({"session.id": "s", "gen_ai.conversation.id": "s"})
    assert (read.session_id, read.conversation_id) == ("s", None)


def test_c2_an_explicit_conversation_may_repeat_the_session() -> None:
    """Our own client says so when there is a conversation and no session."""
    read = span({"session.id": "c", "conversation.id": "c", "gen_ai.conversation.id": "c"})
    assert (read.session_id, read.conversation_id, read.conversation_key) == ("c", "c", "conversation.id")


def test_c3_a_response_id_is_a_link() -> None:
    """Not a conversation."""
    read = span({"gen_ai.conversation.id": "resp_0a1b", "gen_ai.response.id": "resp_0a1c"})
    assert (read.conversation_id, read.linked_response_id, read.response_id) == (
        None,
        "resp_0a1b",
        "resp_0a1c",
    )


def test_c4_metadata_beats_the_ambient_conversation() -> None:
    """What was set on purpose beats what leaked from an earlier call."""
    read = span({"gen_ai.conversation.id": "leaked", "traceloop.association.properties.chat_id": "mine"})
    assert (read.conversation_id, read.linked_response_id) == ("mine", None)


def test_c4_an_explicit_conversation_makes_a_link_needless() -> None:
    """The chain's id would rename it."""
    read = span({"gen_ai.conversation.id": "resp_1", "conversation.id": "mine"})
    assert (read.conversation_id, read.linked_response_id) == ("mine", None)


def test_c8_two_dialects_count_once_field_by_field() -> None:
    """Tokens of one dialect are completed by the other and never added."""
    read = span(
        {
            "gen_ai.usage.input_tokens": 14,
            "gen_ai.usage.output_tokens": 13,
            "llm.token_count.prompt": 14,
            "llm.token_count.completion": 13,
            "llm.token_count.completion_details.reasoning": 5,
            "ai.usage.inputTokens": 99,
        }
    )
    assert (read.input_tokens, read.output_tokens, read.reasoning_tokens) == (14, 13, 5)
