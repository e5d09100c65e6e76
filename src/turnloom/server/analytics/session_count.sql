-- How many sessions there are.
SELECT count() FROM sessions FINAL WHERE $where
