"""Conversations: the list, and one as a thread across its sessions."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from turnloom.server.analytics import conversation_list, one_conversation
from turnloom.server.analytics.conversation import Conversation
from turnloom.server.analytics.source import Source
from turnloom.server.api import asking
from turnloom.server.api.asking import Asking, Cursor, From, Limit, Ordering, To
from turnloom.server.api.errors import ApiError
from turnloom.server.api.ids import id_of, id_parameter
from turnloom.server.api.shapes import ConversationPage, ConversationWithTurns
from turnloom.server.api.shown_turn import shown_turn
from turnloom.server.api.values import iso, usd

PREFIX = "/api/v1/conversations"
router = APIRouter(tags=["Conversations"])

OfSession = Annotated[str | None, Query(description="Conversations of this session only.")]
Sort = Annotated[str, Query(description=f"One of {', '.join(conversation_list.FIELDS)}.")]
Id = Annotated[str | None, Query(description="Answer with this one, as the path with an id does.")]


@router.get(PREFIX, summary="List conversations", response_model=ConversationPage)
def list_conversations(
    source: Asking,
    *,
    session_id: OfSession = None,
    sort: Sort = "last_activity_at",
    order: Ordering = "desc",
    from_: From = None,
    to: To = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    id: Id = None,  # noqa: A002 (the parameter's name)
) -> Response:
    """One page of the conversations that have an id; a session without one is its own conversation."""
    if id is not None:
        return _one(source, id, limit, cursor)
    from_us, to_us = asking.time_range(source, from_, to)
    place = ("conversations", source.project, session_id, sort, order, from_, to)
    params = conversation_list.Params(
        order=asking.read_order(conversation_list.FIELDS, sort, order, "conversation_id"),
        limit=limit,
        session_id=session_id,
        from_us=from_us,
        to_us=to_us,
        after=asking.read_position(place, cursor),
    )
    page = conversation_list.list_conversations(source, params)
    data = [_shown(conversation) for conversation in page.conversations]
    return asking.page_answer(data, asking.next_cursor(place, page.end), page.total)


@router.get(
    PREFIX + "/{conversation_id:path}",
    summary="One conversation with its turns",
    response_model=ConversationWithTurns,
    openapi_extra=id_parameter("conversation_id", "Id of the conversation."),
)
def get_conversation(request: Request, source: Asking, limit: Limit = 200, cursor: Cursor = None) -> Response:
    """A conversation and its turns in order, across its sessions."""
    return _one(source, id_of(request, PREFIX + "/"), limit, cursor)


def _one(source: Source, conversation_id: str, limit: int, cursor: str | None) -> Response:
    place = ("conversation", source.project, conversation_id)
    after = asking.read_turn_position(place, cursor)
    found = one_conversation.read_conversation(source, one_conversation.Params(conversation_id, limit, after))
    if found is None:
        raise ApiError(404, f"no conversation {conversation_id[:200]!r}")
    answer = _shown(found.conversation)
    answer["turns"] = [shown_turn(turn) for turn in found.page.turns]
    answer["activity"] = [shown_turn(turn) for turn in found.page.activity]
    answer["next_cursor"] = asking.next_turn_cursor(place, found.page.end)
    return asking.json_answer(answer)


def _shown(conversation: Conversation) -> dict[str, Any]:
    return {
        "id": conversation.conversation_id,
        "session_ids": conversation.session_ids,
        "user_ids": conversation.user_ids,
        "started_at": iso(conversation.started_us),
        "last_activity_at": iso(conversation.ended_us),
        "turns_count": conversation.turns_count,
        "errors": conversation.errors,
        "input_tokens": conversation.input_tokens,
        "output_tokens": conversation.output_tokens,
        "cost_usd": usd(conversation.cost_usd),
        "models": conversation.models,
    }
