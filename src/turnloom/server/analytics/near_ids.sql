-- Ids that begin alike; the key makes this a range.
SELECT session_id FROM sessions FINAL WHERE $where LIMIT 100
