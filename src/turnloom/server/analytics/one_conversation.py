"""What is one conversation? The thread and one page of its turns, over all its sessions."""

from dataclasses import dataclass

from turnloom.server.analytics.conversation import Conversation, read_conversations
from turnloom.server.analytics.source import Source
from turnloom.server.analytics.turn_page import TurnPage, TurnPosition, page_turns
from turnloom.server.analytics.where import Where


@dataclass(frozen=True, slots=True)
class Params:
    """What is asked for."""

    conversation_id: str
    limit: int
    """Turns of a page."""
    after: TurnPosition | None = None


@dataclass(frozen=True, slots=True)
class ConversationWithTurns:
    """A conversation and one page of its turns."""

    conversation: Conversation
    page: TurnPage


def read_conversation(source: Source, params: Params) -> ConversationWithTurns | None:
    """Read one conversation.

    Args:
        source: Where to ask.
        params: What is asked for.

    Returns:
        The conversation, or None when there is none with this id.
    """
    where = Where(source.bindings()).equals("conversation_id", params.conversation_id)
    rows = source.ask("conversation_rows", where.bindings, {"where": where})
    if not rows:
        return None
    conversation = read_conversations(source, rows)[0]
    turns = Where(source.bindings()).one_of("session_id", list(conversation.session_ids))
    turns.equals("conversation_id", params.conversation_id)
    return ConversationWithTurns(conversation, page_turns(source, turns, params.limit, params.after))
