"""Which traces leave: those of a session, of a time range, or all of a project."""

from collections.abc import Iterator
from dataclasses import dataclass

from turnloom.server.store.engine import Engine

PAGE_TRACES = 500
BATCH_SPANS = 2_000
"""Spans that are read at once: what an export holds in memory."""

WHERE = """
    project = {project:String}
    AND start_us >= {from_us:Int64} AND start_us < {to_us:Int64}
    AND ({session:String} = '' OR trace_id IN (
        SELECT trace_id FROM turns FINAL WHERE project = {project:String} AND session_id = {session:String}))
"""

TIME_MAX_US = 2**62


@dataclass(frozen=True, slots=True)
class Selection:
    """What to export; times are microseconds since 1970, of the start of a trace."""

    project: str
    session: str = ""
    """Session id; "" for all."""
    from_us: int = 0
    to_us: int = TIME_MAX_US

    def parameters(self) -> dict[str, str | int]:
        """Values for `WHERE`."""
        return {
            "project": self.project,
            "session": self.session,
            "from_us": self.from_us,
            "to_us": self.to_us,
        }


@dataclass(frozen=True, slots=True)
class TracePlace:
    """A trace and where its spans lie."""

    trace_id: str
    hours: tuple[int, ...]
    spans_count: int


def count_spans(engine: Engine, selection: Selection) -> int:
    """How many spans a selection has."""
    rows = engine.query(f"SELECT sum(spans_count) FROM traces FINAL WHERE {WHERE}", selection.parameters())  # noqa: S608 (a constant)
    return int(rows[0][0])


def find_traces(engine: Engine, selection: Selection) -> Iterator[list[TracePlace]]:
    """The traces of a selection by id, in batches of few enough spans to read at once."""
    batch: list[TracePlace] = []
    for place in _walk(engine, selection):
        if batch and sum(each.spans_count for each in batch) + place.spans_count > BATCH_SPANS:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def _walk(engine: Engine, selection: Selection) -> Iterator[TracePlace]:
    after = ""
    while True:
        rows = engine.query(
            f"SELECT trace_id, hours, spans_count FROM traces FINAL WHERE {WHERE}"  # noqa: S608 (a constant)
            " AND trace_id > {after:String} ORDER BY trace_id LIMIT {limit:UInt32}",
            {**selection.parameters(), "after": after, "limit": PAGE_TRACES},
        )
        for trace_id, hours, spans_count in rows:
            yield TracePlace(trace_id, tuple(hours), spans_count)
        if len(rows) < PAGE_TRACES:
            return
        after = rows[-1][0]
