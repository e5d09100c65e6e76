-- Whole rows of sessions.
SELECT $columns FROM sessions FINAL WHERE $where
