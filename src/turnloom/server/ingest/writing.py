"""What a digest writes, and in which order."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from turnloom.model.span import Span
from turnloom.server.store.columns import dump
from turnloom.server.store.errors import InsertRefusedError

Row = dict[str, Any]
Insert = Callable[[str, bytes], None]


@dataclass(slots=True)
class RefusedRow:
    """A row that the engine did not take."""

    table: str
    row: Row
    reason: str


@dataclass(slots=True)
class Writing:
    """Rows by table."""

    spans: dict[int, list[Row]] = field(default_factory=lambda: defaultdict[int, list[Row]](list))
    """By partition (year and month)."""
    records: list[Row] = field(default_factory=list[Row])
    turns: list[Row] = field(default_factory=list[Row])
    sessions: list[Row] = field(default_factory=list[Row])
    traces: list[Row] = field(default_factory=list[Row])

    def add_span(self, hour: int, span: Span, row: Row) -> None:
        """Add a span's row, or its tombstone, of an hour."""
        del span
        self.spans[_month_of(hour)].append(row)

    def write_spans(self, insert: Insert) -> list[RefusedRow]:
        """Insert spans, a month at a time, and return what the engine refused."""
        refused: list[RefusedRow] = []
        for _, rows in sorted(self.spans.items()):
            refused += insert_isolating("spans", rows, insert)
        return refused

    def write_rest(self, insert: Insert) -> list[RefusedRow]:
        """Insert the rest; a trace's row comes last (see `digest`)."""
        refused: list[RefusedRow] = []
        for table, rows in (("records", self.records), ("turns", self.turns), ("sessions", self.sessions), ("traces", self.traces)):
            refused += insert_isolating(table, rows, insert)
        return refused


def insert_isolating(table: str, rows: list[Row], insert: Insert) -> list[RefusedRow]:
    """Insert rows; when the engine refuses, halve until the rows that it refuses stand alone.

    Args:
        table: Table name.
        rows: Rows of one partition.
        insert: Inserts JSON lines into a table.

    Returns:
        The rows that were refused on their own, with the engine's words.
    """
    if not rows:
        return []
    try:
        insert(table, dump(rows))
    except (InsertRefusedError, TypeError) as error:
        if len(rows) == 1:
            return [RefusedRow(table, rows[0], str(error))]
        middle = len(rows) // 2
        return insert_isolating(table, rows[:middle], insert) + insert_isolating(table, rows[middle:], insert)
    return []


@lru_cache(maxsize=4096)
def _month_of(hour: int) -> int:
    moment = datetime.fromtimestamp(hour * 3600, UTC)
    return moment.year * 100 + moment.month
