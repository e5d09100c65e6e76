"""Langfuse's newest Python SDK as sender: only its address is changed."""

import uuid
from typing import Any

import pytest
from serving import Serving, wait_for

from contract.reading import listed, session, spans_by_name, trace
from contract.senders import send

SUPPORT_SPANS = 4 + 3 + 1
ASYNC_SPANS = 3 * 2


@pytest.fixture(scope="module")
def sent(server: Serving) -> dict[str, Any]:
    """What the application did."""
    variables = {"LANGFUSE_PUBLIC_KEY": "pk-lf-any", "LANGFUSE_SECRET_KEY": "sk-lf-any"}
    return send("langfuse", LANGFUSE_BASE_URL=server.url, RUN=uuid.uuid4().hex[:8], **variables)


def test_credentials_are_checked(sent: dict[str, Any]):
    """While the server has no keys, any are taken: auth_check says yes."""
    assert sent["auth"] is True


def test_a_session_has_its_turns_user_and_tags(sent: dict[str, Any], server: Serving):
    """What propagate_attributes gave is the session's."""
    found = session(server, sent["support"]["id"], SUPPORT_SPANS)
    assert found["spans_count"] == SUPPORT_SPANS
    assert (found["turns_count"], found["traces_count"]) == (3, 3)
    assert found["user_ids"] == ["ada@example.org"]
    assert sorted(found["tags"]) == ["beta", "prod"]
    assert (found["llm_calls"], found["tool_calls"], found["agent_runs"]) == (2, 2, 1 + 2)
    assert (found["input_tokens"], found["output_tokens"]) == (2_000, 200)
    assert found["cost_usd"] == "0.00042"
    assert found["models"] == ["gpt-4o-mini"]
    assert [each["name"] for each in found["turns"]] == ["chat-turn", "failing-turn", "streamed-turn"]
    assert [each["errors"] for each in found["turns"]] == [0, 1, 0]
    assert [each["number"] for each in found["turns"]] == [1, 2, 3]


def test_metadata_is_decoded(sent: dict[str, Any], server: Serving):
    """The SDK writes every value as JSON: a conversation id in it is read without its quotes."""
    found = session(server, sent["support"]["id"], SUPPORT_SPANS)
    assert found["conversation_ids"] == [sent["support"]["thread"]]
    assert {each["conversation_id"] for each in found["turns"]} == {sent["support"]["thread"]}


def test_a_trace_has_its_observations(sent: dict[str, Any], server: Serving):
    """Kinds, parents, texts, usage and errors of the observe decorator."""
    session(server, sent["support"]["id"], SUPPORT_SPANS)
    found = trace(server, sent["support"]["rated"])
    spans = spans_by_name(found)
    assert (found["session_id"], found["user_id"]) == (sent["support"]["id"], "ada@example.org")
    assert {name: spans[name]["kind"] for name in ("billing", "find_invoice", "answer")} == {
        "billing": "agent",
        "find_invoice": "tool",
        "answer": "llm",
    }
    assert spans["billing"]["parent_id"] == spans["chat-turn"]["id"]
    assert spans["answer"]["parent_id"] == spans["find_invoice"]["parent_id"] == spans["billing"]["id"]
    assert (spans["answer"]["input_tokens"], spans["answer"]["output_tokens"]) == (1_000, 100)
    assert "Where is my invoice?" in spans["answer"]["input"]
    assert "Reply to: Where is my invoice?" in spans["answer"]["output"]
    failed = spans_by_name(trace(server, sent["support"]["failed"]))["find_invoice"]
    assert (failed["error"], failed["error_message"]) == (True, "no month given")


def test_scores_stand_at_their_turns(sent: dict[str, Any], server: Serving):
    """Those of the current trace, those made by id, and those of the session."""
    session_id = sent["support"]["id"]

    def scores() -> set[tuple[str, object]]:
        turns = session(server, session_id, SUPPORT_SPANS)["turns"]
        return {(score["name"], score["value"]) for each in turns for score in each["scores"]}

    wait_for(lambda: len(scores()) >= 3, f"the scores of the turns of {session_id}")
    turns = session(server, session_id, SUPPORT_SPANS)["turns"]
    by_turn = [{score["name"]: score["value"] for score in each["scores"]} for each in turns]
    assert by_turn == [{"helpful": 1}, {"accuracy": 0.75, "mood": "calm"}, {}]
    wait_for(
        lambda: "csat" in session(server, session_id, SUPPORT_SPANS)["scores"], "the score of the session"
    )
    assert session(server, session_id, SUPPORT_SPANS)["scores"]["csat"] == 4


@pytest.mark.parametrize(("which", "user_id"), [("first", "u1"), ("second", "u2")])
def test_sessions_of_one_event_loop_stay_apart(
    sent: dict[str, Any], server: Serving, which: str, user_id: str
):
    """Turns of two sessions that ran at the same time are each in their own."""
    found = session(server, sent[which]["id"], ASYNC_SPANS)
    assert (found["spans_count"], found["turns_count"]) == (ASYNC_SPANS, 3)
    assert found["user_ids"] == [user_id]
    assert [each["trace_ids"] for each in found["turns"]] == [[each] for each in sent[which]["traces"]]


def test_a_trace_without_a_session_is_shown_ungrouped(sent: dict[str, Any], server: Serving):
    """It is a session of its own."""
    wait_for(
        lambda: server.get(f"/api/v1/traces/{sent['alone']}").status == 200, "the trace without a session"
    )
    alone = [each for each in listed(server, filter="ungrouped", limit="200") if sent["alone"] in each["id"]]
    assert [(each["grouped"], each["turns_count"], each["spans_count"]) for each in alone] == [(False, 1, 4)]
