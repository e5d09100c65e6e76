"""Session, conversation and turn tracking for LLM applications."""

from turnloom.sdk.agent import agent
from turnloom.sdk.conversation import conversation
from turnloom.sdk.errors import InvalidArgumentError, TurnloomError
from turnloom.sdk.identifiers import new_id
from turnloom.sdk.init import dropped, flush, init, shutdown
from turnloom.sdk.lifecycle import end_session, human_request, human_response
from turnloom.sdk.llm import llm
from turnloom.sdk.score import score
from turnloom.sdk.session import session
from turnloom.sdk.session_link import session_url
from turnloom.sdk.target import Otlp
from turnloom.sdk.tool import tool
from turnloom.sdk.turn import turn

__all__ = [
    "InvalidArgumentError",
    "Otlp",
    "TurnloomError",
    "agent",
    "conversation",
    "dropped",
    "end_session",
    "flush",
    "human_request",
    "human_response",
    "init",
    "llm",
    "new_id",
    "score",
    "session",
    "session_url",
    "shutdown",
    "tool",
    "turn",
]
