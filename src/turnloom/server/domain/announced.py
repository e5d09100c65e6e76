"""Turns that were announced and whose span is not here (definitions, *Running, waiting, crashed*)."""

from collections.abc import Sequence
from dataclasses import replace

from turnloom.model.record import Record
from turnloom.model.turn import RUNNING, Turn
from turnloom.server.domain.inherit import RECORD_KEY, Identity
from turnloom.server.domain.lifecycle import as_int, as_text, session_attributes
from turnloom.server.domain.tree import Tree


def announced(tree: Tree, trace: Identity, records: Sequence[Record]) -> list[tuple[Identity, Record]]:
    """Find the `turn.start` records whose turn has no span yet.

    Args:
        tree: All spans of the trace that are here.
        trace: The trace's ids: they stand in for what the record lacks.
        records: The trace's records.

    Returns:
        The ids and the record of each such turn, by (time, record id); one per span id and turn id.
    """
    span_ids = {span.span_id for span in tree.spans}
    turn_ids = {span.turn_id for span in tree.spans if span.is_turn}
    found: list[tuple[Identity, Record]] = []
    starts = [record for record in records if record.kind == "turn.start"]
    for record in sorted(starts, key=lambda record: (record.time_us, record.record_id)):
        key = record.span_id or record.turn_id or record.record_id
        if key in span_ids or (record.turn_id is not None and record.turn_id in turn_ids):
            continue
        span_ids.add(key)
        if record.turn_id is not None:
            turn_ids.add(record.turn_id)
        found.append((_identity(record, trace), record))
    return found


def _identity(record: Record, trace: Identity) -> Identity:
    """The record's own ids, the trace's where it has none."""
    identity = trace
    if record.session_id is not None:
        identity = replace(
            identity, session_id=record.session_id, session_key=RECORD_KEY, grouped=True, derived=False
        )
    if record.conversation_id is not None:
        identity = replace(identity, conversation_id=record.conversation_id, conversation_key=RECORD_KEY)
    if record.user_id is not None:
        identity = replace(identity, user_id=record.user_id, user_key=RECORD_KEY)
    return identity


def fill_announced(turn: Turn, record: Record) -> None:
    """Fill in what an announcement says about its turn.

    Args:
        turn: The turn to fill in.
        record: Its `turn.start`; attributes as sent.
    """
    body = record.body
    turn.status = RUNNING
    turn.reported_number = as_int(body.get("turn.number")) or turn.reported_number
    turn.input_length = (
        as_int(body.get("turn.input_length")) if turn.input_length is None else turn.input_length
    )
    turn.input_hash = as_text(body.get("turn.input_hash")) or turn.input_hash
    turn.regenerates = as_text(body.get("turn.regenerates")) or turn.regenerates
    for key, value in session_attributes(body).items():
        turn.session_attributes.setdefault(key, value)
        turn.session_attribute_times_us.setdefault(key, record.time_us)
