"""Rows of the derived tables, and the tombstones of what is gone."""

from dataclasses import asdict
from typing import Any

import orjson

from turnloom.model.record import Record
from turnloom.model.session import Session
from turnloom.model.turn import Turn
from turnloom.server.domain.trace import TraceReading
from turnloom.server.store.columns import SESSION_COLUMNS, TURN_COLUMNS

Row = dict[str, Any]


def record_row(record: Record, project: str, target: str) -> Row:
    """The row of a record. Its version is its event time, so that the order of arrival does not matter."""
    return {
        "project": project,
        "target": target,
        "record_id": record.record_id,
        "version": max(record.time_us, 0),
        "record": orjson.dumps(asdict(record), default=str).decode(),
    }


def trace_row(trace_id: str, reading: TraceReading, hours: list[int], project: str, version: int) -> Row:
    """The row of a trace."""
    return {
        "project": project,
        "trace_id": trace_id,
        "version": version,
        "hours": hours,
        "session_ids": sorted({turn.session_id for turn in reading.turns}),
        "start_us": reading.start_us,
        "end_us": reading.end_us,
        "name": reading.name,
        "service": reading.service,
        "spans_count": reading.spans_count,
        "errors": reading.errors,
        "other_traffic": reading.other_traffic,
        "flags": reading.flags,
    }


def session_row(session: Session, project: str, version: int) -> Row:
    """The row of a session."""
    return SESSION_COLUMNS.row(session, project, version)


def turn_row(turn: Turn, project: str, version: int) -> Row:
    """The row of a turn."""
    return TURN_COLUMNS.row(turn, project, version)


def session_tombstone(session_id: str, project: str, version: int) -> Row:
    """The row of a session that has lost its last turn."""
    return {"project": project, "session_id": session_id, "version": version, "is_deleted": 1}


def turn_tombstone(turn: Turn, project: str, version: int) -> Row:
    """The row of a turn that is no longer part of its session."""
    return {
        "project": project, "session_id": turn.session_id, "trace_id": turn.trace_id, "span_id": turn.span_id,
        "version": version, "is_deleted": 1,
    }  # fmt: skip
