"""Turns in the order in which they happened, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from turnloom.model.turn import ACTIVITY, Turn
from turnloom.server.analytics.full_text import with_full_texts
from turnloom.server.analytics.shown_turn import ShownTurn
from turnloom.server.analytics.source import Source
from turnloom.server.analytics.where import Where
from turnloom.server.domain.ordinals import in_order
from turnloom.server.domain.parts import merge
from turnloom.server.domain.placing import take_place
from turnloom.server.store.columns import TURN_COLUMNS


@dataclass(frozen=True, slots=True)
class TurnPosition:
    """Where a page of turns ended."""

    start_us: int
    trace_id: str
    span_id: str


@dataclass(frozen=True, slots=True)
class TurnPage:
    """One page of turns."""

    turns: list[ShownTurn]
    activity: list[ShownTurn]
    """On the first page: what belongs to the session and is no exchange, as many as a page has turns."""
    end: TurnPosition | None
    """Where the next page begins; None when there is none."""


def page_turns(source: Source, where: Where, limit: int, after: TurnPosition | None) -> TurnPage:
    """Read turns with their whole texts.

    Args:
        source: Where to ask.
        where: Which turns.
        limit: Turns of a page.
        after: Where the page before ended; None for the first.

    Returns:
        One page, in order of (start, trace id, span id).
    """
    rows = _rows(source, where, limit, after)
    found = sorted((row for row in rows if row.position is not None), key=in_order)
    more, found = len(found) > limit, found[:limit]
    others = sorted((row for row in rows if row.position is None), key=in_order)
    activity = [row for row in others if row.source == ACTIVITY][:limit] if after is None else []
    parts = [row for row in others if row.part_of is not None]
    turns = [_whole(turn, parts) for turn in found]
    end = TurnPosition(found[-1].start_us, found[-1].trace_id, found[-1].span_id) if more else None
    shown = [ShownTurn(row, (row.trace_id,)) for row in activity]
    return TurnPage(with_full_texts(source, turns), shown, end)


def _rows(source: Source, where: Where, limit: int, after: TurnPosition | None) -> list[Turn]:
    bindings = where.bindings
    bindings.values["limit"] = limit + 1
    condition = "1"
    if after is not None:
        start = bindings.bind(after.start_us, "Int64")
        ids = f"{bindings.bind(after.trace_id, 'String')}, {bindings.bind(after.span_id, 'String')}"
        later = f"(start_us, trace_id, span_id) > ({start}, {ids})"
        condition = f"if(position IS NULL, start_us >= {start}, {later})"
    fillings = {"columns": ", ".join(TURN_COLUMNS.names), "where": where, "after": condition}
    return [TURN_COLUMNS.value(row) for row in source.ask("turn_page", bindings, fillings)]


def _whole(turn: Turn, parts: Sequence[Turn]) -> ShownTurn:
    """A turn with its parts: the same turn id twice, or one trace per LLM call."""
    own = [part for part in parts if part.part_of == turn.span_id]
    if not own:
        return ShownTurn(turn, (turn.trace_id,))
    merged = merge(turn, own)
    take_place(merged, turn)
    return ShownTurn(merged, tuple(dict.fromkeys((turn.trace_id, *(part.trace_id for part in own)))))
