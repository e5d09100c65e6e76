-- The ids of one page of sessions, with what they are sorted by and how many there are in all.
SELECT session_id, sort_value, total FROM (
    SELECT session_id, $sort AS sort_value, count() OVER () AS total FROM sessions FINAL WHERE $where
)
WHERE $after
ORDER BY $order
LIMIT {limit:UInt32}
