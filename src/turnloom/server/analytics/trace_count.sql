-- How many traces there are.
SELECT count() FROM traces FINAL WHERE $where
