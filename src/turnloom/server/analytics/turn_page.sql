-- One page of turns in order of time, and beside it what has no place of its own: activity, parts of turns.
SELECT $columns FROM (
    SELECT * FROM turns FINAL
    WHERE $where AND position IS NOT NULL AND $after
    ORDER BY start_us, trace_id, span_id
    LIMIT {limit:UInt32}
)
UNION ALL
SELECT $columns FROM (
    SELECT * FROM turns FINAL
    WHERE $where AND position IS NULL
    ORDER BY start_us, trace_id, span_id
    LIMIT {others:UInt32}
)
