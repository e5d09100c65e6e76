"""Read the facts of one turn from its spans."""

from turnloom.model.span import Span
from turnloom.model.turn import ACTIVITY, Turn
from turnloom.server.domain.cast import Cast, read_cast
from turnloom.server.domain.exchanges import Exchange
from turnloom.server.domain.roles import Roles
from turnloom.server.domain.spoken import Spoken
from turnloom.server.domain.status import fill_errors, fill_status
from turnloom.server.domain.texts import fill_texts
from turnloom.server.domain.timing import fill_latency, fill_times
from turnloom.server.domain.tree import Tree
from turnloom.server.domain.usage import add_up


def read_turn(exchange: Exchange, tree: Tree, roles: Roles, spoken: Spoken, trace_id: str) -> Turn:
    """Read one turn, or the activity of one session, of a trace.

    Args:
        exchange: Its spans, its anchor or announcement, and its ids.
        tree: Spans of the trace.
        roles: What each span counts as.
        spoken: The texts of the trace.
        trace_id: The trace.

    Returns:
        The turn without its place in the session.
    """
    cast = read_cast(tree, roles, exchange.members)
    turn = _begin(exchange, cast, trace_id)
    anchor = exchange.anchor
    fill_times(turn, anchor, cast)
    _count(turn, cast)
    add_up(turn, cast.usages)
    if turn.source == ACTIVITY:
        fill_errors(turn, cast)
    else:
        fill_texts(turn, anchor, cast, spoken)
        fill_status(turn, anchor, cast)
        fill_latency(turn, anchor, cast)
    return turn


def _begin(exchange: Exchange, cast: Cast, trace_id: str) -> Turn:
    """Ids, name and start."""
    identity, anchor, record = exchange.identity, exchange.anchor, exchange.announcement
    turn = Turn(
        session_id=identity.session_id,
        trace_id=trace_id,
        span_id="",
        source=exchange.source,
        start_us=cast.spans[0].start_us if cast.spans else 0,
        end_us=None,
        conversation_id=identity.conversation_id,
        conversation_key=identity.conversation_key,
        user_id=identity.user_id,
        user_key=identity.user_key,
        session_key=identity.session_key,
        grouped=identity.grouped,
        derived=identity.derived,
        spans_count=len(cast.spans),
    )
    if anchor is not None:
        _fill_from_anchor(turn, anchor)
    if record is not None:
        turn.span_id = record.span_id or record.turn_id or record.record_id
        turn.turn_id, turn.name = record.turn_id, record.name or ""
        turn.start_us, turn.received_us = record.time_us, record.received_us
    return turn


def _fill_from_anchor(turn: Turn, anchor: Span) -> None:
    turn.span_id, turn.name = anchor.span_id, anchor.name
    turn.turn_id, turn.reported_number = anchor.turn_id, anchor.turn_number
    turn.regenerates, turn.background = anchor.regenerates, anchor.background
    turn.intent, turn.input_type, turn.output_type = anchor.intent, anchor.input_type, anchor.output_type


def _count(turn: Turn, cast: Cast) -> None:
    """Calls, runs and who made them."""
    turn.llm_calls, turn.tool_calls = len(cast.llms), len(cast.tools)
    turn.agent_runs, turn.top_level_runs = len(cast.agents), cast.top_agents
    if not cast.agents and turn.source != ACTIVITY:
        turn.agent_runs = turn.top_level_runs = 1
