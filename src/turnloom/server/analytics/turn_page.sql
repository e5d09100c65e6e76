-- One page of turns in order of time, and beside it what has no place of its own: activity, parts of turns.
SELECT $columns FROM turns FINAL
WHERE $where AND $after
ORDER BY start_us, trace_id, span_id
LIMIT {limit:UInt32} BY position IS NULL
