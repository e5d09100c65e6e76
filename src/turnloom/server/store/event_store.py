"""What the digest asks of the event store: lookups by key that stay flat as the store grows."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Protocol

import orjson

from turnloom.model.record import Record
from turnloom.model.span import Span
from turnloom.model.turn import Turn
from turnloom.server.store.columns import TURN_COLUMNS
from turnloom.server.store.native import NativeEncoder, Row
from turnloom.server.store.span_rows import READ_LIST, read_span


class Database(Protocol):
    """The part of `Engine` that the digest needs; a worker process has it through a pipe."""

    def query_raw(self, sql: str, parameters: dict[str, Any] | None = None) -> bytes:
        """Run a query; JSONCompactEachRow bytes."""
        ...


class WritableDatabase(Database, Protocol):
    """A database that also takes rows."""

    def insert_native(self, table: str, block: bytes) -> None:
        """Insert a block of the Native format and return when it is on disk."""
        ...


class Writer:
    """Inserts of the digest.

    Args:
        database: Where rows go.
    """

    def __init__(self, database: WritableDatabase) -> None:
        self._database = database
        self._encoder: NativeEncoder | None = None

    def insert(self, table: str, rows: Sequence[Row]) -> None:
        """Insert rows of one partition and return when they are on disk.

        Raises:
            InsertRefusedError: A value does not fit, or the engine refused the rows; none is stored.
        """
        self._database.insert_native(table, self._encoded(table, rows))

    def check(self, table: str, rows: Sequence[Row]) -> None:
        """Tell whether rows can be encoded, without an insert.

        Raises:
            InsertRefusedError: A value does not fit.
        """
        self._encoded(table, rows)

    def _encoded(self, table: str, rows: Sequence[Row]) -> bytes:
        if self._encoder is None:
            self._encoder = NativeEncoder(self._types())
        return self._encoder.encode(table, rows)

    def _types(self) -> dict[str, dict[str, str]]:
        raw = self._database.query_raw(
            "SELECT table, name, type FROM system.columns"
            " WHERE database = currentDatabase() ORDER BY table, position"
        )
        types: dict[str, dict[str, str]] = {}
        for table, name, kind in map(orjson.loads, raw.splitlines()):
            types.setdefault(table, {})[name] = kind
        return types


class EventStore:
    """Lookups of the digest, on the embedded engine or on a server.

    Each is by key, and what is asked for is in the key, which never changes: so it may be filtered
    before versions are told apart (PREWHERE), and only the columns of what is found are read.

    Args:
        database: Where queries go.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def traces(
        self, project: str, trace_ids: Collection[str]
    ) -> dict[str, tuple[list[int], list[str], list[tuple[str, str]]]]:
        """What was known of traces: (hours, session ids, links) by trace id; unknown ones are left out."""
        rows = self._rows(
            "SELECT trace_id, hours, session_ids, links FROM traces FINAL"
            " PREWHERE project = {project:String}"
            " AND trace_id IN (SELECT arrayJoin(splitByChar(',', {ids:String})))",
            {"project": project, "ids": ",".join(trace_ids)},
            empty=not trace_ids,
        )
        return {
            trace_id: (hours, sessions, [(link[0], link[1]) for link in links])
            for trace_id, hours, sessions, links in rows
        }

    def spans(self, project: str, keys: Collection[tuple[int, str]]) -> list[tuple[Span, int]]:
        """Stored spans, each with its hour, of (hour, trace id) keys; without heavy columns."""
        rows = self._rows(
            f"SELECT {READ_LIST} FROM spans FINAL PREWHERE project = {{project:String}}"  # noqa: S608 (a constant)
            " AND (hour, trace_id) IN"
            " (SELECT arrayJoin(JSONExtract({keys:String}, 'Array(Tuple(UInt32, String))')))",
            {"project": project, "keys": orjson.dumps([list(key) for key in keys]).decode()},
            empty=not keys,
        )
        return [read_span(row) for row in rows]

    def records(self, project: str, targets: Collection[str]) -> dict[str, list[Record]]:
        """Records by target (`t:<trace id>`, `s:<session id>`)."""
        rows = self._rows(
            "SELECT target, record FROM records FINAL PREWHERE project = {project:String}"
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
            " PREWHERE project = {project:String}"
            " AND session_id IN (SELECT arrayJoin(JSONExtract({ids:String}, 'Array(String)')))",
            {"project": project, "ids": orjson.dumps(list(session_ids)).decode()},
            empty=not session_ids,
        )
        found: dict[str, list[Turn]] = {}
        for row in rows:
            turn: Turn = TURN_COLUMNS.value(row)
            found.setdefault(turn.session_id, []).append(turn)
        return found

    def conversations(self, project: str, conversation_ids: Collection[str]) -> dict[str, list[str]]:
        """Sessions that hold turns of conversations, by conversation id."""
        rows = self._rows(
            "SELECT conversation_id, session_id FROM conversations FINAL PREWHERE project = {project:String}"
            " AND conversation_id IN (SELECT arrayJoin(JSONExtract({ids:String}, 'Array(String)')))",
            {"project": project, "ids": orjson.dumps(list(conversation_ids)).decode()},
            empty=not conversation_ids,
        )
        found: dict[str, list[str]] = {}
        for conversation_id, session_id in rows:
            found.setdefault(conversation_id, []).append(session_id)
        return found

    def links(self, project: str, response_ids: Collection[str]) -> list[tuple[str, str, str, str]]:
        """Links (response id, role, trace id, chain id) of responses; `gives` or `needs`."""
        rows = self._rows(
            "SELECT response_id, role, trace_id, chain_id FROM links FINAL"
            " PREWHERE project = {project:String}"
            " AND response_id IN (SELECT arrayJoin(JSONExtract({ids:String}, 'Array(String)')))",
            {"project": project, "ids": orjson.dumps(list(response_ids)).decode()},
            empty=not response_ids,
        )
        return [(row[0], row[1], row[2], row[3]) for row in rows]

    def _rows(self, sql: str, parameters: dict[str, Any], *, empty: bool) -> Iterable[list[Any]]:
        if empty:
            return []
        raw = self._database.query_raw(sql, parameters)
        return orjson.loads(b"[" + raw.rstrip(b"\n").replace(b"\n", b",") + b"]") if raw else []
