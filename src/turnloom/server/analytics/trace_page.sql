-- One page of traces, other traffic included where it is asked for.
SELECT trace_id, sort_value, session_ids, name, service, start_us, end_us, spans_count, errors, other_traffic, flags
FROM (SELECT *, $sort AS sort_value FROM traces FINAL WHERE $where)
WHERE $after
ORDER BY $order
LIMIT {limit:UInt32}
