"""What a digest writes, and in which order."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from turnloom.server.store.errors import InsertRefusedError

Row = dict[str, Any]
Insert = Callable[[str, list[Row]], None]


@dataclass(slots=True)
class RefusedRow:
    """A row that the engine did not take."""

    table: str
    row: Row
    reason: str

    def span_key(self) -> tuple[str, str]:
        """(trace id, span id) of a span's row."""
        return self.row["trace_id"], self.row["span_id"]


PHASES = (("records", "turns", "sessions", "links"), ("conversations",), ("traces",))
"""Tables that may be written at the same time."""


@dataclass(slots=True)
class Writing:
    """Rows by table."""

    spans: dict[int, list[Row]] = field(default_factory=lambda: defaultdict[int, list[Row]](list))
    """By partition (year and month)."""
    records: list[Row] = field(default_factory=list[Row])
    turns: list[Row] = field(default_factory=list[Row])
    sessions: list[Row] = field(default_factory=list[Row])
    conversations: list[Row] = field(default_factory=list[Row])
    links: list[Row] = field(default_factory=list[Row])
    traces: list[Row] = field(default_factory=list[Row])

    def add_span(self, hour: int, row: Row) -> None:
        """Add the row of a span that starts in an hour, or the tombstone of one that no longer does."""
        self.spans[_month_of(hour)].append(row)

    def derived(self) -> Iterator[list[tuple[str, list[Row]]]]:
        """Rows by table of every table but spans, in groups to write one after the other.

        A conversation's sessions are written when its turns have their numbers, and a trace last
        of all: what a digest that was cut short has left is found again through them.
        """
        for tables in PHASES:
            yield [(table, rows) for table in tables if (rows := getattr(self, table))]


def insert_isolating(
    table: str, rows: list[Row], insert: Insert, check: Insert | None = None
) -> list[RefusedRow]:
    """Insert rows; when they are refused, halve until those that are stand alone.

    Args:
        table: Table name.
        rows: Rows of one partition.
        insert: Inserts rows into a table.
        check: Refuses what `insert` would refuse before it asks the engine: many refused rows among
            many good ones then cost no insert each.

    Returns:
        The rows that were refused on their own, with the reasons.
    """
    if not rows:
        return []
    try:
        insert(table, rows)
    except InsertRefusedError as error:
        if len(rows) == 1:
            return [RefusedRow(table, rows[0], error.reason)]
        good, refused = (rows, []) if check is None else _sift(table, rows, check)
        if refused:
            return refused + insert_isolating(table, good, insert)
        middle = len(rows) // 2
        return [
            each for half in (rows[:middle], rows[middle:]) for each in insert_isolating(table, half, insert)
        ]
    return []


def _sift(table: str, rows: list[Row], check: Insert) -> tuple[list[Row], list[RefusedRow]]:
    """Rows that pass a check, and those that do not."""
    try:
        check(table, rows)
    except InsertRefusedError as error:
        if len(rows) == 1:
            return [], [RefusedRow(table, rows[0], error.reason)]
        middle = len(rows) // 2
        good, refused = _sift(table, rows[:middle], check)
        more_good, more_refused = _sift(table, rows[middle:], check)
        return good + more_good, refused + more_refused
    return rows, []


@lru_cache(maxsize=4096)
def _month_of(hour: int) -> int:
    moment = datetime.fromtimestamp(hour * 3600, UTC)
    return moment.year * 100 + moment.month
