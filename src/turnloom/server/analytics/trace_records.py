"""Which log records and scores belong to traces?"""

from collections.abc import Iterable

import orjson

from turnloom.model.record import Record
from turnloom.server.analytics.source import Source
from turnloom.server.analytics.where import Where


def read_records(source: Source, trace_ids: Iterable[str]) -> list[Record]:
    """Read the records of traces, in any order."""
    where = Where(source.bindings()).one_of("target", [f"t:{trace_id}" for trace_id in trace_ids])
    rows = source.ask("trace_records", where.bindings, {"where": where})
    return [Record(**orjson.loads(row[0])) for row in rows]
