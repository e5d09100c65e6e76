"""When a turn was, how long it took, and until when it keeps its session active."""

from collections.abc import Sequence

from turnloom.model.span import Span
from turnloom.model.turn import ACTIVITY, Turn
from turnloom.server.domain.cast import Cast


def fill_times(turn: Turn, anchor: Span | None, cast: Cast) -> None:
    """Fill in start, end, reception and the ends that count as activity.

    Evaluators, background work and what starts after the turn's end do not extend activity
    (definitions, *Time*).

    Args:
        turn: The turn to fill in; its start is that of its announcement or first span.
        anchor: The span that stands for it, if it is here.
        cast: Its spans.
    """
    received = [span.received_us for span in cast.spans if span.received_us]
    if turn.received_us:
        received.append(turn.received_us)
    if received:
        turn.received_us = min(received)
    ends = [span.end_us for span in cast.spans if span.end_us is not None]
    turn.last_end_us = max(ends) if ends else turn.start_us
    if turn.source == ACTIVITY:
        turn.end_us = turn.last_end_us if ends else None
    elif anchor is not None:
        _fill_span_times(turn, anchor, cast.lasting)
    _fill_activity(turn, cast.lasting)


def _fill_span_times(turn: Turn, anchor: Span, spans: Sequence[Span]) -> None:
    """The anchor's own times if it holds everything (a client's turn, a root), else the spans' range."""
    whole = turn.source == "client" or (turn.source == "trace" and anchor.parent_id is None)
    if whole:
        turn.start_us, turn.end_us = anchor.start_us, anchor.end_us
    else:
        turn.start_us = min((span.start_us for span in spans), default=anchor.start_us)
    if turn.end_us is None:
        turn.end_us = max((span.end_us for span in spans if span.end_us is not None), default=None)


def _fill_activity(turn: Turn, spans: Sequence[Span]) -> None:
    """Event time and min(event end, reception) of the last span that extends activity."""
    if turn.background:
        return
    limit = turn.end_us
    if turn.source != ACTIVITY:
        turn.extends_us = turn.active_end_us = turn.start_us
        if turn.received_us:
            turn.active_end_us = min(turn.start_us, turn.received_us)
    for span in spans:
        if limit is not None and span.start_us > limit and turn.source != ACTIVITY:
            continue
        end_us = span.start_us if span.end_us is None else max(span.end_us, span.start_us)
        if turn.extends_us is None or end_us > turn.extends_us:
            turn.extends_us = end_us
        if span.received_us:
            end_us = min(end_us, span.received_us)
        if turn.active_end_us is None or end_us > turn.active_end_us:
            turn.active_end_us = end_us


def fill_latency(turn: Turn, anchor: Span | None, cast: Cast) -> None:
    """Fill in latency and time to first token; needs the human wait.

    Args:
        turn: The turn to fill in.
        anchor: The span that stands for it, if it is here.
        cast: Its spans.
    """
    if turn.end_us is not None:
        latency_us = turn.end_us - turn.start_us - turn.human_wait_us
        turn.latency_us = latency_us if latency_us >= 0 else None
    if anchor is not None and anchor.ttft_us is not None:
        ttft_us = anchor.start_us + anchor.ttft_us - turn.start_us
    else:
        firsts = [span.start_us + span.ttft_us for span in cast.llms if span.ttft_us is not None]
        if not firsts:
            return
        ttft_us = min(firsts) - turn.start_us
    turn.ttft_us = ttft_us if ttft_us >= 0 else None
