"""Read the facts of one turn from its spans."""

from collections.abc import Sequence

from turnloom.model.record import Record
from turnloom.model.span import Span
from turnloom.model.turn import ACTIVITY, Turn
from turnloom.server.domain.action import fill_action
from turnloom.server.domain.announced import fill_announced
from turnloom.server.domain.cast import Cast, read_cast
from turnloom.server.domain.context import fill_context
from turnloom.server.domain.exchanges import Exchange
from turnloom.server.domain.human import REQUEST, RESPONSE, fill_human, is_escalated
from turnloom.server.domain.inherit import Inheritance
from turnloom.server.domain.roles import Roles
from turnloom.server.domain.scores import latest_scores
from turnloom.server.domain.skew import is_skewed
from turnloom.server.domain.spoken import Spoken
from turnloom.server.domain.status import fill_errors, fill_status
from turnloom.server.domain.surroundings import fill_surroundings
from turnloom.server.domain.texts import fill_texts
from turnloom.server.domain.timing import fill_latency, fill_times
from turnloom.server.domain.tree import Tree
from turnloom.server.domain.usage import add_up


class TurnReader:
    """Reads the turns of one trace.

    Args:
        tree: Spans of the trace.
        roles: What each span counts as.
        inheritance: Their ids.
        spoken: The texts of the trace.
    """

    def __init__(self, tree: Tree, roles: Roles, inheritance: Inheritance, spoken: Spoken) -> None:
        self._tree = tree
        self._roles = roles
        self._inheritance = inheritance
        self._spoken = spoken

    def read(self, exchange: Exchange, trace_id: str, records: Sequence[Record]) -> Turn:
        """Read one turn, or the activity of one session.

        Args:
            exchange: Its spans, its anchor or announcement, and its ids.
            trace_id: The trace.
            records: Scores and human events of the turn.

        Returns:
            The turn without its place in the session.
        """
        cast = read_cast(self._tree, self._roles, exchange.members)
        turn = _begin(exchange, cast, trace_id)
        anchor = exchange.anchor
        fill_times(turn, anchor, cast)
        fill_surroundings(turn, anchor, cast)
        add_up(turn, cast.usages)
        human = [record for record in records if record.kind in {REQUEST, RESPONSE}] if records else []
        fill_human(turn, anchor, cast, human)
        if turn.source == ACTIVITY:
            fill_errors(turn, cast)
        else:
            asks_back = fill_texts(turn, anchor, cast, self._spoken)
            fill_status(turn, anchor, cast)
            fill_latency(turn, anchor, cast)
            fill_context(turn, cast)
            fill_action(turn, anchor, cast, asks_back, is_escalated(human))
        if exchange.announcement is not None:
            fill_announced(turn, exchange.announcement)
        if records:
            turn.scores = latest_scores(records)
        self._fill_users_and_flags(turn, exchange, cast)
        return turn

    def _fill_users_and_flags(self, turn: Turn, exchange: Exchange, cast: Cast) -> None:
        users: set[str | None] = {turn.user_id}
        if self._inheritance.several:
            users |= {self._inheritance.identities[index].user_id for index in exchange.members}
        turn.users = tuple(sorted(user for user in users if user is not None))
        flags = {flag for span in cast.spans if span.flags for flag in span.flags}
        if self._inheritance.mixed_sessions:
            flags.add("mixed_sessions")
        if turn.derived:
            flags.add("derived")
        if is_skewed(self._tree, exchange.members):
            flags.add("clock_skew")
        if turn.context_pruned:
            flags.add("context_pruned")
        turn.flags = tuple(sorted(flags))


def _begin(exchange: Exchange, cast: Cast, trace_id: str) -> Turn:
    """Ids, name and start."""
    identity, anchor, record = exchange.identity, exchange.anchor, exchange.announcement
    start_us = record.time_us if record is not None else cast.spans[0].start_us
    turn = Turn(identity.session_id, trace_id, "", exchange.source, start_us, None)
    turn.conversation_id, turn.conversation_key = identity.conversation_id, identity.conversation_key
    turn.user_id, turn.user_key = identity.user_id, identity.user_key
    turn.session_key, turn.grouped, turn.derived = identity.session_key, identity.grouped, identity.derived
    turn.spans_count = len(cast.spans)
    if anchor is not None:
        _fill_from_anchor(turn, anchor)
    elif record is not None:
        turn.span_id = record.span_id or record.turn_id or record.record_id
        turn.turn_id, turn.received_us = record.turn_id, record.received_us
    else:
        turn.name = cast.spans[0].name
        turn.background = all(span.background or span.kind == "evaluator" for span in cast.spans)
    return turn


def _fill_from_anchor(turn: Turn, anchor: Span) -> None:
    turn.span_id, turn.name = anchor.span_id, anchor.name
    turn.turn_id, turn.reported_number = anchor.turn_id, anchor.turn_number
    turn.regenerates, turn.background = anchor.regenerates, anchor.background
    turn.intent, turn.input_type, turn.output_type = anchor.intent, anchor.input_type, anchor.output_type
