"""What the digest asks of the event store: lookups by key that stay flat as the store grows."""

from collections.abc import Collection, Iterable
from typing import Any, Protocol

import orjson

from turnloom.model.record import Record
from turnloom.model.span import Span
from turnloom.model.turn import Turn
from turnloom.server.store.columns import TURN_COLUMNS
from turnloom.server.store.span_rows import READ_LIST, read_span


class Database(Protocol):
    """The part of `Engine` that the digest needs; a worker process has it through a pipe."""

    def query_raw(self, sql: str, parameters: dict[str, Any] | None = None) -> bytes:
        """Run a query; JSONCompactEachRow bytes."""
        ...

    def insert(self, table: str, rows: bytes) -> None:
        """Insert JSON lines and return when they are on disk."""
        ...


class EventStore:
    """Lookups of the digest, on the embedded engine or on a server.

    Args:
        database: Where queries go.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def traces(self, project: str, trace_ids: Collection[str]) -> dict[str, tuple[list[int], list[str]]]:
        """What was known of traces: (hours, session ids) by trace id; unknown ones are left out."""
        rows = self._rows(
            "SELECT trace_id, hours, session_ids FROM traces FINAL"
            " WHERE project = {project:String} AND trace_id IN (SELECT arrayJoin(splitByChar(',', {ids:String})))",
            {"project": project, "ids": ",".join(trace_ids)},
            empty=not trace_ids,
        )
        return {trace_id: (hours, sessions) for trace_id, hours, sessions in rows}

    def spans(self, project: str, keys: Collection[tuple[int, str]]) -> list[tuple[Span, int]]:
        """Stored spans, each with its hour, of (hour, trace id) keys; without heavy columns."""
        rows = self._rows(
            f"SELECT {READ_LIST} FROM spans FINAL WHERE project = {{project:String}}"  # noqa: S608 (a constant)
            " AND (hour, trace_id) IN (SELECT arrayJoin(JSONExtract({keys:String}, 'Array(Tuple(UInt32, String))')))"
            " SETTINGS output_format_json_quote_64bit_integers = 0",
            {"project": project, "keys": orjson.dumps([list(key) for key in keys]).decode()},
            empty=not keys,
        )
        return [read_span(row) for row in rows]

    def records(self, project: str, targets: Collection[str]) -> dict[str, list[Record]]:
        """Records by target (`t:<trace id>`, `s:<session id>`)."""
        rows = self._rows(
            "SELECT target, record FROM records FINAL WHERE project = {project:String}"
            " AND target IN (SELECT arrayJoin(JSONExtract({targets:String}, 'Array(String)')))",
            {"project": project, "targets": orjson.dumps(list(targets)).decode()},
            empty=not targets,
        )
        found: dict[str, list[Record]] = {}
        for target, text in rows:
            found.setdefault(target, []).append(Record(**orjson.loads(text)))
        return found

    def turns(self, project: str, session_ids: Collection[str]) -> dict[str, list[Turn]]:
        """Stored turns and activity by session id."""
        rows = self._rows(
            f"SELECT {', '.join(TURN_COLUMNS.names)} FROM turns FINAL"  # noqa: S608 (names of the model)
            " WHERE project = {project:String}"
            " AND session_id IN (SELECT arrayJoin(JSONExtract({ids:String}, 'Array(String)')))",
            {"project": project, "ids": orjson.dumps(list(session_ids)).decode()},
            empty=not session_ids,
        )
        found: dict[str, list[Turn]] = {}
        for row in rows:
            turn: Turn = TURN_COLUMNS.value(row)
            found.setdefault(turn.session_id, []).append(turn)
        return found

    def insert(self, table: str, rows: bytes) -> None:
        """Insert JSON lines and return when they are on disk."""
        self._database.insert(table, rows)

    def _rows(self, sql: str, parameters: dict[str, Any], *, empty: bool) -> Iterable[list[Any]]:
        if empty:
            return []
        raw = self._database.query_raw(sql, parameters)
        return orjson.loads(b"[" + raw.rstrip(b"\n").replace(b"\n", b",") + b"]") if raw else []
