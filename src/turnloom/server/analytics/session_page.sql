-- The ids of one page of sessions, with what they are sorted by.
SELECT session_id, sort_value FROM (
    SELECT session_id, $sort AS sort_value FROM sessions FINAL WHERE $where
)
WHERE $after
ORDER BY $order
LIMIT {limit:UInt32}
